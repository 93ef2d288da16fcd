//! At the desk, before reception and at it: rows 10 to 18 and 20, with the answer to a letter of any stage (rows 16, 30).

use super::{Actor, Refused, apply, ground, open_letter, procedure_of, tell};
use crate::base::time::{self, Moment};
use crate::catalogue::Catalogue;
use crate::catalogue::form::Answers;
use crate::catalogue::model::Channel;
use crate::dossier::model::{Dossier, Stage, Supplement, SupplementItem};
use crate::dossier::state::{Action, State};
use crate::dossier::store;
use crate::payment;
use crate::platform::db::Tx;
use crate::web::session::{Citizen, Staff};
use chrono::{NaiveTime, TimeDelta};
use serde_json::json;

/// Days a person has to answer a letter (setting of the rule book).
const SUPPLEMENT_DAYS: i64 = 30;

/// Row 10: the desk receives; the resolution clock starts and the date is frozen. Before 15:00 it also goes to the unit at once (row 20).
pub async fn accept(tx: &mut Tx, c: &Catalogue, d: &Dossier, s: &Staff, unpaid_reason: &str, exemption_fine: Option<bool>, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::Accept)?;
    match exemption_fine {
        Some(false) if d.exemption.is_some() => refuse_exemption(tx, d, now).await?,
        Some(true) if d.exemption.is_some() => {
            payment::confirm_exemption(tx, d.id.0).await?;
            store::set_exemption_confirmed(tx, d.id, true).await?;
        }
        _ => {}
    }
    let due_fee = payment::obligations_of_subject(tx, d.id.0).await?.iter().any(|o| o.is_due() && o.collect_at <= 1);
    if due_fee && unpaid_reason.trim().is_empty() {
        return Err(Refused::FeeOpen);
    }
    let p = procedure_of(tx, d).await?;
    let channel = d.channel.parse().unwrap_or(Channel::Online);
    let limit = p.limit(channel, d.procedure_case.as_deref()).ok_or_else(|| anyhow::anyhow!("{} has no way {channel}", p.code))?;
    let due = c.due(&d.reception_unit, time::local(now), limit.limit(), &[])?;
    let at = due.at.map(time::from_local);
    let row = serde_json::to_value(limit).map_err(anyhow::Error::new)?;
    // the facts come first: the state insists on them
    store::accept(tx, d.id, &row, at, due.provisional, c.calendar.version, now).await?;
    let mut d = apply(tx, d, Action::Accept, &actor, at, unpaid_reason.trim(), now).await?;
    let cutoff = NaiveTime::from_hms_opt(15, 1, 0).unwrap_or_default();
    let local = time::local(now);
    if local.time() < cutoff && c.calendar.is_working(local.date())? {
        d = apply(tx, &d, Action::Transfer, &actor, at, "", now).await?;
    }
    tell(tx, &d, "accepted", json!({ "due": at.map(time::dmy_hm) }), now).await?;
    Ok(d)
}

async fn refuse_exemption(tx: &mut Tx, d: &Dossier, now: Moment) -> Result<(), Refused> {
    for o in payment::obligations_of_subject(tx, d.id.0).await?.iter().filter(|o| o.exemption.is_some()) {
        payment::refuse_exemption(tx, o.id, now).await?;
    }
    store::set_exemption_confirmed(tx, d.id, false).await?;
    Ok(())
}

/// Row 20: to the competent unit.
pub async fn transfer(tx: &mut Tx, d: &Dossier, s: &Staff, now: Moment) -> Result<Dossier, Refused> {
    apply(tx, d, Action::Transfer, &Actor::Staff(s), d.due_at, "", now).await
}

/// The last day for an answer: thirty days, moved on to a working day where the office is shut (Civil Code, Article 148.5).
pub(super) fn supplement_due(c: &Catalogue, now: Moment) -> Result<Moment, Refused> {
    let mut due = now + TimeDelta::days(SUPPLEMENT_DAYS);
    while !c.calendar.is_working(time::day(due)).map_err(|m| Refused::NoCalendar(m.0))? {
        due += TimeDelta::days(1);
    }
    Ok(due)
}

/// Row 11: one letter with everything that is missing.
pub async fn request_supplement(tx: &mut Tx, c: &Catalogue, d: &Dossier, s: &Staff, items: &[SupplementItem], note: &str, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::RequestSupplement)?;
    sound(items)?;
    // one request a stage (TT 01/2018/TT-VPCP): a second one needs a leader's override, which is not open yet
    if !store::supplements_of(tx, d.id).await?.is_empty() {
        return Err(Refused::SupplementUsed);
    }
    let due = supplement_due(c, now)?;
    store::insert_supplement(tx, d.id, Stage::Intake, items, note, s.id, now, due).await?;
    let d = apply(tx, d, Action::RequestSupplement, &actor, Some(due), note, now).await?;
    tell(tx, &d, "supplement", json!({ "n": items.len(), "due": time::dmy(due) }), now).await?;
    Ok(d)
}

/// A letter asks for something, and says of each thing what is wrong with it.
pub(super) fn sound(items: &[SupplementItem]) -> Result<(), Refused> {
    if items.is_empty() {
        return Err(Refused::NothingAsked);
    }
    if items.iter().any(|i| i.words.trim().is_empty()) {
        return Err(Refused::ReasonNeeded);
    }
    Ok(())
}

/// Row 12: the desk refuses, with the reason in law.
pub async fn refuse(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    end_before_acceptance(tx, d, Action::Refuse, s, reason, now).await
}

/// Row 17: nobody answered the letter in time; a person confirms, never a timer alone.
pub async fn expire_supplement(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    if open_letter(tx, d).await?.is_none_or(|x| x.due_at > now) {
        return Err(Refused::NotYetExpired);
    }
    end_before_acceptance(tx, d, Action::ExpireSupplement, s, reason, now).await
}

async fn end_before_acceptance(tx: &mut Tx, d: &Dossier, action: Action, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, action)?;
    let reason = ground(reason)?;
    let d = apply(tx, d, action, &actor, None, reason, now).await?;
    payment::close_subject(tx, d.id.0, "refused", &s.name, true, now).await?;
    tell(tx, &d, "refused", json!({ "reason": reason }), now).await?;
    Ok(d)
}

/// Rows 14, 18: the person takes it back before reception.
pub async fn cancel(tx: &mut Tx, d: &Dossier, citizen: &Citizen, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let d = apply(tx, d, Action::Cancel, &Actor::Citizen(citizen), None, reason.trim(), now).await?;
    payment::close_subject(tx, d.id.0, "cancelled", &citizen.name, true, now).await?;
    tell(tx, &d, "cancelled", json!({}), now).await?;
    Ok(d)
}

/// Rows 16, 30: the answer to a letter, everything that was asked. At the desk a new intake clock of 8 working hours begins;
/// while processing the state stays, and the desk confirms within 8 working hours.
pub async fn supplement(tx: &mut Tx, c: &Catalogue, d: &Dossier, citizen: &Citizen, changed: &Answers, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Citizen(citizen);
    actor.by(d, Action::Supplement)?;
    let letter = open_letter(tx, d).await?.filter(Supplement::waits_for_person).ok_or(Refused::NothingAsked)?;
    let papers = store::papers_of_dossier(tx, d.id).await?;
    let mut left = Vec::new();
    for item in &letter.items.0 {
        match item.item.split_once(':') {
            Some(("p", component)) if !papers.iter().any(|p| p.component == component && p.at > letter.since) => {
                left.push(item.item.clone());
            }
            Some(("q", question)) if !changed.contains_key(question) => {
                left.push(item.item.clone());
            }
            _ => {}
        }
    }
    if !left.is_empty() {
        return Err(Refused::Unanswered(left));
    }
    for item in &letter.items.0 {
        if let Some(component) = item.item.strip_prefix("p:") {
            store::replace_papers(tx, d.id, component, letter.since, now).await?;
        }
    }
    if !changed.is_empty() {
        let mut answers = d.answers.0.clone();
        answers.extend(changed.clone());
        store::set_answers(tx, d.id, &answers).await?;
    }
    store::forget_faults(tx, d.id).await?;
    let by = c.intake_due(&d.reception_unit, now)?;
    if d.state == State::SupplementRequested {
        store::set_supplied(tx, letter.id, Some(now)).await?;
    } else {
        store::answer_supplement(tx, letter.id, now).await?;
        store::set_intake_due(tx, d.id, by).await?;
    }
    let d = apply(tx, d, Action::Supplement, &actor, Some(by), "", now).await?;
    tell(tx, &d, "supplemented", json!({ "by": time::dmy_hm(by) }), now).await?;
    Ok(d)
}
