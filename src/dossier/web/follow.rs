//! A dossier for its owner: the one next act first, then what happened, papers, messages, money; why a date; the result.

use super::files::serve;
use super::papers::{FileRow, file_row};
use super::question::{AnswerLine, answer_lines};
use super::withdraw;
use crate::base::code::DossierCode;
use crate::base::lang::{Text, Words};
use crate::base::money::Vnd;
use crate::base::time;
use crate::catalogue::form::Form;
use crate::catalogue::model::{Channel, LimitRow, Procedure};
use crate::catalogue::{self, Catalogue, Offered};
use crate::dossier::model::{Dossier, Supplement};
use crate::dossier::state::{Action, State};
use crate::dossier::store::History;
use crate::dossier::{acts, store, text as t, visible};
use crate::payment::{self, model::ObligationState, text as pt};
use crate::platform::Portal;
use crate::web::extract::{Path, Query, Read};
use crate::web::session::Citizen;
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State as Held;
use axum::response::Response;
use sqlx::PgConnection;
use std::sync::Arc;

struct Step {
    at: String,
    words: Text,
    by: Words,
    note: String,
    class: &'static str,
}

struct Fee {
    amount: String,
    name: Words,
    arithmetic: Words,
    state: Text,
    when: Option<String>,
    pending: bool,
    id: String,
    due: bool,
    /// The payment that waits for its result, or that met it, with its reference.
    basket: Option<(Link, String)>,
}

struct PaperLine {
    name: Words,
    file: FileRow,
    old: bool,
}

#[derive(Template)]
#[template(path = "dossier/show.html")]
struct Show {
    page: Page,
    code: DossierCode,
    key: String,
    title: Words,
    /// The list it stands on.
    list: Link,
    owner: String,
    /// The organisation it was filed for, and who did it.
    behalf: Option<(String, String)>,
    /// This visitor may act on it, and pay for it.
    acts: bool,
    pays: bool,
    similar: Option<Link>,
    state: Text,
    class: &'static str,
    asked: Option<(String, Vec<(Words, String)>, Link)>,
    /// The supplement lies at the desk.
    supplied: bool,
    withdrawing: bool,
    /// The way to take it back, while there is one.
    withdraw: Option<(Link, Text)>,
    pauses: Vec<Words>,
    /// Who of the office opened what, and when.
    openings: Vec<(String, Words, Words)>,
    stopped: bool,
    result: Option<(Link, Text, bool)>,
    reason: Option<String>,
    timeline: Vec<Step>,
    ahead: Vec<Words>,
    papers: Vec<PaperLine>,
    messages: Vec<(String, Words)>,
    due: Option<String>,
    provisional: bool,
    before_acceptance: bool,
    fees: Vec<Fee>,
    fee_total: String,
    any_due: bool,
    /// A try to pay still waits for its result.
    waits: bool,
    refunds: Vec<(String, Words)>,
    channel: Text,
    unit: Words,
    unit_address: String,
    accepted: bool,
    letter_sent: bool,
    answers: Vec<AnswerLine>,
    /// Ended without a result: the way to begin again.
    again: Option<Link>,
}

/// Procedure and form as they were when it was filed.
pub async fn versions(conn: &mut PgConnection, d: &Dossier) -> Result<(Arc<Procedure>, Option<Arc<Form>>)> {
    catalogue::find_versions(conn, d.procedure_version, d.form_version).await?.ok_or(Error::NotFound)
}

/// What an item of a letter is called: a component or a question.
pub fn item_words(p: &Procedure, form: Option<&crate::catalogue::form::Form>, item: &str) -> Words {
    match item.split_once(':') {
        Some(("p", super::super::filing::slots::PROOF)) => t::EXEMPTION_PROOF.into(),
        Some(("p", id)) => p.components.iter().find(|c| c.id == id).map_or_else(|| Words::same(id), crate::catalogue::model::Component::words),
        Some(("q", id)) => form.and_then(|f| f.question(id)).map_or_else(|| Words::same(id), crate::catalogue::form::Question::words),
        _ => Words::same(item),
    }
}

/// States in which a letter waits for the person.
pub const fn asks(s: State) -> bool {
    matches!(s, State::IntakeSupplement | State::SupplementRequested)
}

pub async fn show(page: Page, citizen: Citizen, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let conn = &mut *read.0;
    let d = visible(conn, &code, &page.presence.visitor).await?;
    let (p, form) = versions(conn, &d).await?;
    let owed = payment::obligations_of_subject(conn, d.id.0).await?;
    // what was never owed is never paid back
    let refunds = if owed.is_empty() { Vec::new() } else { payment::refunds_of_subject(conn, d.id.0).await? };
    let ids: Vec<_> = owed.iter().map(|o| o.id).collect();
    let tries = if ids.is_empty() { Vec::new() } else { payment::baskets_of(conn, &ids).await? };
    let refunds = refunds.into_iter().map(|r| (r.amount.to_string(), payment::text::reason(&r.reason))).collect();
    let History { events, papers, messages, supplements, pauses, openings, result } = store::history_of(conn, d.id).await?;
    let (events, letters) = (events.0, supplements.0);
    let letter_sent = !letters.is_empty();
    let letter = letters.iter().find(|l| l.is_open());
    let result = result.filter(|r| r.issued_at.is_some());
    let due_total: Vnd = owed.iter().filter(|o| o.is_due()).map(|o| o.amount).sum();
    let unit = c.unit(&d.reception_unit);
    let behalf = citizen.membership(d.party_id).map(|m| (m.name.clone(), d.filer_name.clone()));
    let ahead = p
        .steps
        .iter()
        .filter(|s| match d.state {
            State::Submitted | State::IntakeSupplement => true,
            State::Accepted | State::Processing => s.kind != catalogue::model::StepKind::Receive,
            State::AwaitingSignature => matches!(s.kind, catalogue::model::StepKind::Sign | catalogue::model::StepKind::Return),
            _ => false,
        })
        .map(catalogue::model::InternalStep::words)
        .collect();
    let last = events.len();
    let view = Show {
        key: d.lookup_key.clone(),
        title: p.short(),
        owner: d.owner_name.clone(),
        list: crate::web::tabs::of_party(urls::DOSSIERS, &citizen, d.party_id),
        acts: citizen.files_for(d.party_id),
        pays: citizen.pays_for(d.party_id),
        similar: c.find(&d.procedure_code).filter(|o| o.procedure.files_online() && citizen.files_for(d.party_id)).map(|_| urls::of_dossier(urls::DOSSIER_SIMILAR, &d.code)),
        state: t::state(d.state),
        class: t::state_class(d.state),
        supplied: d.state == State::SupplementRequested && letter.is_some_and(Supplement::waits_for_desk),
        asked: letter.filter(|l| l.waits_for_person() && asks(d.state)).map(|l| {
            let items = l.items.0.iter().map(|i| (item_words(&p, form.as_deref(), &i.item), i.words.clone())).collect();
            (time::dmy(l.due_at), items, urls::of_dossier(urls::DOSSIER_SUPPLEMENT, &d.code))
        }),
        result: result.as_ref().map(|r| {
            let signed = r.bears_signature == Some(true);
            (urls::of_dossier(urls::DOSSIER_RESULT, &d.code), if signed { t::RESULT_SIGNED } else { t::RESULT_COPY }, r.kind == "deny")
        }),
        withdrawing: d.state == State::WithdrawalRequested,
        withdraw: withdraw::way(d.state).filter(|_| citizen.files_for(d.party_id)).map(|words| (urls::of_dossier(urls::DOSSIER_CANCEL, &d.code), words)),
        pauses: pauses.iter().map(t::pause).collect(),
        openings: openings
            .0
            .into_iter()
            .map(|o| {
                let what = match o.paper {
                    Some(name) => Words::new(format!("{}: {name}", t::OPENED_PAPER.vi), format!("{}: {name}", t::OPENED_PAPER.en)),
                    None => t::OPENED_DOSSIER.into(),
                };
                (time::dmy_hm(o.at), c.unit_words(&o.unit), what)
            })
            .collect(),
        stopped: matches!(d.state, State::Stopped | State::Withdrawn),
        reason: events.iter().rev().find(|e| matches!(d.state, State::Refused | State::Stopped) && e.to_state == d.state).map(|e| e.note.clone()),
        timeline: events
            .iter()
            .enumerate()
            .filter_map(|(i, e)| {
                let action: Action = e.action.parse().ok()?;
                // what passes inside the office before a decision is the office's
                let inner = action.is_inner();
                let by = match (&behalf, e.actor_unit.as_deref()) {
                    (_, Some(u)) => c.unit_words(u),
                    (Some((name, _)), None) if e.actor_kind == "citizen" => t::on_behalf(&e.actor_name, name),
                    _ => Words::default(),
                };
                let note = if inner { String::new() } else { e.note.clone() };
                Some(Step { at: time::dmy_hm(e.at), words: t::event(action), by, note, class: if i + 1 == last && !d.state.is_ended() { "now" } else { "done" } })
            })
            .collect(),
        ahead,
        papers: papers.iter().map(|x| PaperLine { name: item_words(&p, None, &format!("p:{}", x.component)), old: x.replaced_at.is_some(), file: file_row(x) }).collect(),
        messages: messages.iter().map(|m| (time::dmy_hm(m.at), t::message(&m.kind, &m.facts))).collect(),
        due: d.due_at.map(time::dmy_hm),
        provisional: d.due_provisional,
        before_acceptance: d.state.is_before_acceptance(),
        fees: owed
            .iter()
            .map(|o| Fee {
                amount: o.amount.to_string(),
                name: o.fee_words(),
                arithmetic: o.arithmetic_words(),
                state: pt::obligation_state(o.state),
                when: o.paid_at.map(time::dmy_hm),
                pending: o.exemption_pending,
                id: o.id.to_string(),
                due: o.state == ObligationState::Due,
                basket: tries.iter().find(|t| t.obligation_id == o.id && citizen.pays_for(d.party_id)).map(|t| (urls::basket(urls::BASKET, &t.token), t.reference.clone())),
            })
            .collect(),
        fee_total: due_total.to_string(),
        any_due: !due_total.is_zero(),
        waits: owed.iter().any(|o| o.is_due() && tries.iter().any(|t| t.obligation_id == o.id)),
        refunds,
        channel: t::channel(d.result_channel),
        unit: unit.map(|u| u.words.clone()).unwrap_or_default(),
        unit_address: unit.map(|u| u.address.clone()).unwrap_or_default(),
        accepted: d.accepted_at.is_some(),
        letter_sent,
        answers: form.as_ref().map(|f| answer_lines(&c, f, &d.answers.0)).unwrap_or_default(),
        again: matches!(d.state, State::Refused | State::Cancelled | State::Withdrawn | State::Stopped).then(|| urls::of_procedure(urls::FILE, &d.procedure_code)),
        behalf,
        code: d.code,
        page,
    };
    view.page.show(&view)
}

#[derive(Template)]
#[template(path = "dossier/why.html")]
struct Why {
    page: Page,
    title: Words,
    back: Link,
    sentence: Vec<Words>,
    provisional: bool,
    days: Vec<catalogue::DayRow>,
}

/// The arithmetic of a dossier's date, day by day; for its owner and for staff.
pub async fn why_page(page: Page, c: &Catalogue, conn: &mut PgConnection, d: &Dossier, back: Link) -> Result<Response> {
    let (p, _) = versions(conn, d).await?;
    let accepted = d.accepted_at.ok_or(Error::NotFound)?;
    let channel = d.channel.parse().unwrap_or(Channel::Online);
    let limit: &LimitRow = p.limit(channel, d.procedure_case.as_deref()).ok_or(Error::NotFound)?;
    let pauses = acts::intervals(&store::pauses_of(conn, d.id).await?, page.now);
    let due = c.due(&d.reception_unit, time::local(accepted), limit.limit(), &pauses).map_err(anyhow::Error::new)?;
    let view = Why { title: p.short(), back, sentence: catalogue::sentences(&due, limit.limit(), &limit.words(), false), provisional: due.provisional, days: catalogue::day_rows(&due), page };
    view.page.show(&view)
}

pub async fn why(page: Page, _: Citizen, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    let back = urls::dossier(&d.code);
    why_page(page, &c, &mut read.0, &d, back).await
}

/// "Đã thay đổi": who did what meanwhile, nothing typed lost.
pub async fn moved(conn: &mut PgConnection, d: &Dossier, kept: Vec<(Words, String)>, back: Link) -> Error {
    let events = store::events_of(conn, d.id).await.unwrap_or_default();
    let mut words = match events.last() {
        Some(e) => {
            let what = e.action.parse::<Action>().map_or(t::state(d.state), t::event);
            let (who, when) = (if e.actor_name.is_empty() { "—" } else { &e.actor_name }, time::dmy_hm(e.at));
            Words::new(format!("{who}: {}, lúc {when}.", what.vi), format!("{who}: {}, at {when}.", what.en))
        }
        None => t::refused(&acts::Refused::Moved),
    };
    // a supplement brings papers that the older page never showed: they are named
    if let [.., before, last] = &events[..]
        && last.action == Action::Supplement.as_str()
    {
        let papers = store::papers_of_dossier(conn, d.id).await.unwrap_or_default();
        let names: Vec<&str> = papers.iter().filter(|p| p.at > before.at && p.replaced_at.is_none()).map(|p| p.name.as_str()).collect();
        if !names.is_empty() {
            let names = names.join(", ");
            words = Words::new(format!("{} Giấy tờ mới: {names}.", words.vi), format!("{} New papers: {names}.", words.en));
        }
    }
    Error::Moved { words, kept: kept.into_iter().filter(|k| !k.1.trim().is_empty()).collect(), back }
}

/// An act that was refused, as a page: changed meanwhile, or the rule that was broken.
pub async fn refused(conn: &mut PgConnection, d: &Dossier, r: acts::Refused, kept: Vec<(Words, String)>, back: Link) -> Error {
    match r {
        acts::Refused::Moved | acts::Refused::Impossible(_) => moved(conn, d, kept, back).await,
        acts::Refused::Broken(e) => e.into(),
        other => {
            let words = t::refused(&other);
            Error::Refused { words, back: Some(back), kept: kept.into_iter().filter(|k| !k.1.trim().is_empty()).collect() }
        }
    }
}

pub async fn result(Held(portal): Held<Portal>, page: Page, _: Citizen, Path(code): Path<String>, mut read: Read, query: Query) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    let r = store::find_result(&mut read.0, d.id).await?.filter(|r| r.issued_at.is_some()).ok_or(Error::NotFound)?;
    drop(read);
    match (&r.digest, &r.name, &r.media) {
        (Some(digest), Some(name), Some(media)) => serve(&portal, digest, name, media, query.get("xem").is_none()).await,
        _ => Err(Error::NotFound),
    }
}
