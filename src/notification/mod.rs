//! Words sent out: what happened to a dossier, by mail, where its owner has a confirmed address.
//!
//! A message is kind and facts (`dossier::text::message` puts it into words, on the site and here). Each letter asks again
//! at sending whether it still holds: the state as of now stands beside what is told. One person gets one letter about one
//! dossier an hour at most; what happens meanwhile waits and stands in the next one. To add a kind: its words there, and
//! what ends it in [`still_holds`].

mod store;

use crate::base::lang::{Lang, Text, Words, render};
use crate::base::time::Moment;
use crate::dossier::state::State;
use crate::dossier::{Tell, text as dt};
use crate::platform::Portal;
use crate::platform::jobs::Outcome;
use crate::platform::mailer::{Letter, Mailer};
use crate::web::urls;
use askama::Template;
use chrono::TimeDelta;
use store::{Addressee, Waiting};

/// One thing that is told; what an office wrote stands as a quotation, never as a sentence of ours.
struct Told {
    words: Words,
    quoted: Option<String>,
}

#[derive(Template)]
#[template(path = "mail/dossier.txt", escape = "none")]
struct Plain<'a> {
    told: &'a [Told],
    code: &'a str,
    key: Option<&'a str>,
    state: Text,
    url: &'a str,
}

#[derive(Template)]
#[template(path = "mail/dossier.html")]
struct Html<'a> {
    told: &'a [Told],
    code: &'a str,
    key: Option<&'a str>,
    state: Text,
    url: &'a str,
}

/// Between two letters to one person about one dossier.
const QUIET: TimeDelta = TimeDelta::hours(1);
/// Longer than any mail server is waited for.
const CLAIM: TimeDelta = TimeDelta::minutes(2);

pub async fn tell(portal: Portal, mailer: Mailer, job: Tell) -> Outcome {
    match try_tell(&portal, &mailer, &job, portal.clock.now()).await {
        Ok(outcome) => outcome,
        Err(e) => e.into(),
    }
}

async fn try_tell(portal: &Portal, mailer: &Mailer, job: &Tell, now: Moment) -> anyhow::Result<Outcome> {
    // the dossier is locked while it is decided who writes; no lock and no connection waits for the mail server
    let mut tx = portal.db.begin().await?;
    let Some(to) = store::lock_addressee(&mut tx, job.message).await? else { return Ok(Outcome::Done) };
    let (sent, claimed) = store::last_letter(&mut tx, to.dossier_id, to.account_id).await?;
    if let Some(until) = sent.map(|at| at + QUIET).max(claimed.map(|at| at + CLAIM)).filter(|until| *until > now) {
        return Ok(Outcome::Again(until));
    }
    let waiting = store::waiting(&mut tx, to.dossier_id, to.account_id).await?;
    let (holding, over): (Vec<Waiting>, Vec<Waiting>) = waiting.into_iter().partition(|w| still_holds(&w.kind, to.state));
    let ids = |all: &[Waiting]| all.iter().map(|w| w.id).collect::<Vec<_>>();
    store::mark(&mut tx, &ids(&over), now, "no longer holds").await?;
    let holding_ids = ids(&holding);
    let email = to.email.as_deref().filter(|_| to.email_confirmed_at.is_some());
    let letter = match email {
        None => {
            store::mark(&mut tx, &holding_ids, now, "no confirmed address").await?;
            None
        }
        Some(_) if holding.is_empty() => None,
        Some(email) => {
            store::claim(&mut tx, &holding_ids, Some(now)).await?;
            Some(letter(portal, &to, email, &holding)?)
        }
    };
    tx.commit().await?;
    let Some(letter) = letter else { return Ok(Outcome::Done) };
    let sent = mailer.send(letter).await;
    let mut conn = portal.db.read().await?;
    match sent {
        Ok(()) => store::mark(&mut conn, &holding_ids, now, "sent").await?,
        Err(e) => {
            store::claim(&mut conn, &holding_ids, None).await?;
            return Err(e);
        }
    }
    Ok(Outcome::Done)
}

fn letter(portal: &Portal, to: &Addressee, email: &str, holding: &[Waiting]) -> anyhow::Result<Letter> {
    let lang = if to.lang.as_deref() == Some("en") { Lang::En } else { Lang::Vi };
    let state = dt::state(to.state);
    let told: Vec<Told> = holding
        .iter()
        .map(|w| match w.facts.get("reason").and_then(serde_json::Value::as_str) {
            Some(reason) => Told { words: state.into(), quoted: Some(unlinked(reason)) },
            None => Told { words: dt::message(&w.kind, &w.facts), quoted: None },
        })
        .collect();
    let url = format!("{}{}", portal.config.public_url, urls::dossier(&to.code).in_lang(lang));
    let code = to.code.to_string();
    let key = holding.iter().any(|w| w.kind == "submitted").then_some(to.lookup_key.as_str());
    let subject = crate::words!("Hồ sơ {code}", "Dossier {code}");
    Ok(Letter {
        to: email.to_owned(),
        subject: subject.get(lang).to_owned(),
        text: render(&Plain { told: &told, code: &code, key, state, url: &url }, lang)?,
        html: render(&Html { told: &told, code: &code, key, state, url: &url }, lang)?,
    })
}

/// A letter that asks for something goes out only while it is still asked for.
fn still_holds(kind: &str, state: State) -> bool {
    match kind {
        "supplement" => state == State::IntakeSupplement,
        "supplement_processing" => state == State::SupplementRequested,
        "supplement_due" => matches!(state, State::IntakeSupplement | State::SupplementRequested),
        "supplemented" => matches!(state, State::Submitted | State::SupplementRequested),
        "fee_assessed" => state == State::PaymentRequested,
        "withdrawal_requested" => state == State::WithdrawalRequested,
        "ready" | "waiting" => matches!(state, State::ResultReady | State::Returned) && (kind == "ready" || state == State::ResultReady),
        _ => true,
    }
}

/// Free text in a letter: no address in it is clickable, also not by the mail program's own habit.
fn unlinked(s: &str) -> String {
    s.replace("://", ":\u{200b}//").replace("www.", "www\u{200b}.").replace('@', "@\u{200b}").replace('.', ".\u{200b}")
}
