//! Words sent out: what happened to a dossier, by mail, where its owner has a confirmed address.
//!
//! A message is kind and facts (`dossier::text::message` puts it into words, on the site and here). Each letter asks again
//! at sending whether it still holds: the state as of now stands beside what is told. To add a kind: its words there.

mod store;

use crate::base::lang::{Lang, Words, render};
use crate::base::time::Moment;
use crate::dossier::state::State;
use crate::dossier::{Tell, text as dt};
use crate::platform::Portal;
use crate::platform::jobs::Outcome;
use crate::platform::mailer::{Letter, Mailer};
use crate::web::urls;
use askama::Template;

#[derive(Template)]
#[template(path = "mail/dossier.txt", escape = "none")]
struct Text<'a> {
    words: Words,
    quoted: Option<&'a str>,
    code: &'a str,
    key: Option<&'a str>,
    state: crate::base::lang::Text,
    url: &'a str,
}

#[derive(Template)]
#[template(path = "mail/dossier.html")]
struct Html<'a> {
    words: Words,
    quoted: Option<&'a str>,
    code: &'a str,
    key: Option<&'a str>,
    state: crate::base::lang::Text,
    url: &'a str,
}

pub async fn tell(portal: Portal, mailer: Mailer, job: Tell) -> Outcome {
    match try_tell(&portal, &mailer, &job, portal.clock.now()).await {
        Ok(()) => Outcome::Done,
        Err(e) => e.into(),
    }
}

async fn try_tell(portal: &Portal, mailer: &Mailer, job: &Tell, now: Moment) -> anyhow::Result<()> {
    let mut conn = portal.db.read().await?;
    let m = store::find_message(&mut conn, job.message).await?;
    let Some(m) = m.filter(|m| m.mailed_at.is_none()) else { return Ok(()) };
    let Some(email) = m.email.filter(|_| m.email_confirmed_at.is_some()) else {
        store::mark(&mut conn, job.message, now, "no confirmed address").await?;
        return Ok(());
    };
    if !still_holds(&m.kind, m.state) {
        store::mark(&mut conn, job.message, now, "no longer holds").await?;
        return Ok(());
    }
    // the job's lease keeps a second worker away; no connection waits for the mail server
    drop(conn);
    let lang = if m.lang.as_deref() == Some("en") { Lang::En } else { Lang::Vi };
    // what an office wrote stands as a quotation, never as a sentence of ours
    let reason = m.facts.get("reason").and_then(serde_json::Value::as_str).map(unlinked);
    let words = if reason.is_some() { dt::state(m.state).into() } else { dt::message(&m.kind, &m.facts) };
    let url = format!("{}{}", portal.config.public_url, urls::dossier(&m.code).in_lang(lang));
    let code = m.code.to_string();
    let key = (m.kind == "submitted").then_some(m.lookup_key.as_str());
    let state = dt::state(m.state);
    let subject = crate::words!("Hồ sơ {code}", "Dossier {code}");
    let letter = Letter {
        to: email,
        subject: subject.get(lang).to_owned(),
        text: render(&Text { words: words.clone(), quoted: reason.as_deref(), code: &code, key, state, url: &url }, lang)?,
        html: render(&Html { words, quoted: reason.as_deref(), code: &code, key, state, url: &url }, lang)?,
    };
    mailer.send(letter).await?;
    let mut conn = portal.db.read().await?;
    store::mark(&mut conn, job.message, now, "sent").await?;
    Ok(())
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
