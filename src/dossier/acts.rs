//! What is done to a dossier after filing. Each act: the dossier locked, the table asked, guards, state, one event, one message.

use super::model::{Dossier, SupplementItem};
use super::state::{self, Action, By, State};
use super::{Tell, store};
use crate::base::id::{DossierId, StaffId};
use crate::base::time::{self, Moment};
use crate::catalogue::form::Answers;
use crate::catalogue::model::{Channel, Procedure};
use crate::catalogue::{self, Catalogue};
use crate::payment::{self, model::ObligationState};
use crate::platform::db::Tx;
use crate::platform::jobs::enqueue;
use crate::web::session::{Citizen, Role, Staff};
use chrono::{NaiveTime, TimeDelta};
use serde_json::json;
use sqlx::PgConnection;

/// Why an act is not done. Words in `text`.
#[derive(Debug)]
pub enum Refused {
    Impossible(state::Impossible),
    /// The page was older than the dossier.
    Moved,
    /// The same person may not do both (duties apart: who drafts does not sign, who receives does not sign).
    SameHands(Role),
    OwnDossier,
    /// What was asked needs words.
    ReasonNeeded,
    NothingAsked,
    /// The fee is open: receive with a reason, or ask for it in the letter.
    FeeOpen,
    FeeBeforeReturn,
    NotSigned,
    AlreadySigned,
    NumberTaken,
    NotYetExpired,
    SupplementUsed,
    /// The act belongs to another unit of this dossier.
    OtherUnit,
    /// A result is proposed with what is to be signed.
    DraftNeeded,
    TooLong,
    /// The desk's own marks say that something is to be mended.
    MarksOpen,
    /// Who appraises is not named, or somebody else does.
    NotHandler,
    Unanswered(Vec<String>),
    NoCalendar(i32),
    WaybillNeeded,
    /// At the counter: who collected it.
    ReceiverNeeded,
    Broken(anyhow::Error),
}

impl From<sqlx::Error> for Refused {
    fn from(e: sqlx::Error) -> Self {
        if e.as_database_error().and_then(sqlx::error::DatabaseError::constraint) == Some("result_number_once") {
            return Self::NumberTaken;
        }
        Self::Broken(e.into())
    }
}
impl From<anyhow::Error> for Refused {
    fn from(e: anyhow::Error) -> Self {
        Self::Broken(e)
    }
}
impl From<payment::Refused> for Refused {
    fn from(e: payment::Refused) -> Self {
        Self::Broken(e.into())
    }
}
impl From<crate::base::calendar::MissingYear> for Refused {
    fn from(e: crate::base::calendar::MissingYear) -> Self {
        Self::NoCalendar(e.0)
    }
}

/// Who acts.
pub enum Actor<'a> {
    Staff(&'a Staff),
    Citizen(&'a Citizen),
    System,
}

impl Actor<'_> {
    fn row(&self) -> (&'static str, Option<uuid::Uuid>, &str, Option<&str>) {
        match self {
            Self::Staff(s) => ("staff", Some(s.id.0), &s.name, Some(&s.unit)),
            Self::Citizen(c) => ("citizen", Some(c.account.0), &c.name, None),
            Self::System => ("system", None, "", None),
        }
    }

    /// The role by which the table allows it.
    fn by(&self, d: &Dossier, action: Action) -> Result<State, Refused> {
        let tried = match self {
            Self::System => state::next(d.state, action, By::System),
            Self::Citizen(_) => state::next(d.state, action, By::Citizen),
            Self::Staff(s) => {
                let mut last = Err(state::Impossible { from: d.state, action });
                for role in &s.roles {
                    last = state::next(d.state, action, By::Staff(*role));
                    if last.is_ok() {
                        break;
                    }
                }
                if last.is_ok() && !is_of_unit(d, s, action) {
                    return Err(Refused::OtherUnit);
                }
                last
            }
        };
        tried.map_err(Refused::Impossible)
    }
}

/// Whose unit does an act: a dossier is open to several units, each step belongs to one.
pub fn is_of_unit(d: &Dossier, s: &Staff, action: Action) -> bool {
    match action {
        Action::Assign | Action::ProposeResult => s.unit == d.handler_unit,
        Action::Sign | Action::ReturnDraft | Action::Issue => s.unit == d.competent_unit,
        Action::CancelCharge => s.unit == d.reception_unit || s.unit == d.competent_unit,
        _ => s.unit == d.reception_unit,
    }
}

/// Ticks are the desk's: the reception unit's clerks, before acceptance.
pub fn may_tick(d: &Dossier, s: &Staff) -> bool {
    d.state.is_before_acceptance() && s.is(Role::DeskClerk) && s.unit == d.reception_unit
}

/// Moves a locked dossier and writes its one event; gives the dossier as it is now. Every act of staff passes here, so what
/// holds for all of them stands here: role, unit, and that nobody handles their own dossier.
async fn apply(tx: &mut Tx, d: &Dossier, action: Action, actor: &Actor<'_>, act_by: Option<Moment>, note: &str, now: Moment) -> Result<Dossier, Refused> {
    let to = actor.by(d, action)?;
    if let Actor::Staff(s) = actor {
        not_own(tx, d, s).await?;
    }
    if !store::move_dossier(tx, d, to, act_by, now).await? {
        return Err(Refused::Moved);
    }
    store::insert_event(tx, d.id, action.as_str(), Some(d.state), to, actor.row(), note, &json!({}), now).await?;
    Ok(store::load_dossier(tx, d.id).await?)
}

async fn tell(tx: &mut Tx, d: &Dossier, kind: &str, facts: serde_json::Value, now: Moment) -> Result<(), Refused> {
    let message = store::insert_message(tx, d, kind, &facts, now).await?;
    enqueue(tx, &Tell { message }, now).await?;
    Ok(())
}

/// Nobody handles a dossier they filed or own (Luật Phòng, chống tham nhũng 2018, Điều 23: conflict of interest): by the personal number of the staff account, where it is known.
async fn not_own(conn: &mut PgConnection, d: &Dossier, s: &Staff) -> Result<(), Refused> {
    let number = crate::account::personal_number_of_staff(conn, s.id).await?;
    let own = number.is_some_and(|n| n == d.filer_number || Some(&n) == d.owner_number.as_ref());
    if own { Err(Refused::OwnDossier) } else { Ok(()) }
}

/// Whether a member of staff did one of these acts on this dossier.
async fn has_done(conn: &mut PgConnection, d: &Dossier, s: StaffId, acts: &[Action]) -> sqlx::Result<bool> {
    let events = store::events_of(conn, d.id).await?;
    Ok(events.iter().any(|e| e.actor == Some(s.0) && acts.iter().any(|a| a.as_str() == e.action)))
}

async fn procedure_of(conn: &mut PgConnection, d: &Dossier) -> Result<Procedure, Refused> {
    let found = catalogue::find_procedure(conn, d.procedure_version).await?;
    found.ok_or_else(|| Refused::Broken(anyhow::anyhow!("procedure_version {} is gone", d.procedure_version)))
}

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

/// Row 11: one letter with everything that is missing.
pub async fn request_supplement(tx: &mut Tx, d: &Dossier, s: &Staff, items: &[SupplementItem], note: &str, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::RequestSupplement)?;
    if items.is_empty() {
        return Err(Refused::NothingAsked);
    }
    if items.iter().any(|i| i.words.trim().is_empty()) {
        return Err(Refused::ReasonNeeded);
    }
    // one request a stage: a second one needs a leader's override, which is not open yet
    if !store::supplements_of(tx, d.id).await?.is_empty() {
        return Err(Refused::SupplementUsed);
    }
    let due = now + TimeDelta::days(30);
    store::insert_supplement(tx, d.id, items, note, s.id, now, due).await?;
    let d = apply(tx, d, Action::RequestSupplement, &actor, Some(due), note, now).await?;
    tell(tx, &d, "supplement", json!({ "n": items.len(), "due": time::dmy(due) }), now).await?;
    Ok(d)
}

/// Row 12: the desk refuses, with the reason in law.
pub async fn refuse(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    end_before_acceptance(tx, d, Action::Refuse, s, reason, now).await
}

/// Row 17: nobody answered the letter in time; a person confirms, never a timer alone.
pub async fn expire_supplement(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let open = store::supplements_of(tx, d.id).await?.into_iter().find(|x| x.answered_at.is_none());
    if open.is_none_or(|x| x.due_at > now) {
        return Err(Refused::NotYetExpired);
    }
    end_before_acceptance(tx, d, Action::ExpireSupplement, s, reason, now).await
}

async fn end_before_acceptance(tx: &mut Tx, d: &Dossier, action: Action, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, action)?;
    // the person must be able to act on it: a word alone is no reason
    if reason.trim().chars().count() < 10 {
        return Err(Refused::ReasonNeeded);
    }
    let d = apply(tx, d, action, &actor, None, reason.trim(), now).await?;
    payment::close_subject(tx, d.id.0, "refused", &s.name, now).await?;
    tell(tx, &d, "refused", json!({ "reason": reason.trim() }), now).await?;
    Ok(d)
}

/// Rows 14, 18: the person takes it back before reception.
pub async fn cancel(tx: &mut Tx, d: &Dossier, citizen: &Citizen, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let d = apply(tx, d, Action::Cancel, &Actor::Citizen(citizen), None, reason.trim(), now).await?;
    payment::close_subject(tx, d.id.0, "cancelled", &citizen.name, now).await?;
    tell(tx, &d, "cancelled", json!({}), now).await?;
    Ok(d)
}

/// Row 16: the answer to a letter; a new intake clock of 8 working hours.
pub async fn supplement(tx: &mut Tx, c: &Catalogue, d: &Dossier, citizen: &Citizen, changed: &Answers, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Citizen(citizen);
    actor.by(d, Action::Supplement)?;
    let letter = store::supplements_of(tx, d.id).await?.into_iter().find(|x| x.answered_at.is_none()).ok_or(Refused::NothingAsked)?;
    let papers = store::papers_of_dossier(tx, d.id).await?;
    let mut left = Vec::new();
    for item in &letter.items.0 {
        match item.item.split_once(':') {
            Some(("p", component)) if !papers.iter().any(|p| p.component == component && p.at > letter.asked_at) => {
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
            store::replace_papers(tx, d.id, component, letter.asked_at, now).await?;
        }
    }
    if !changed.is_empty() {
        let mut answers = d.answers.0.clone();
        answers.extend(changed.clone());
        store::set_answers(tx, d.id, &answers).await?;
    }
    store::answer_supplement(tx, letter.id, now).await?;
    store::forget_faults(tx, d.id).await?;
    let intake_due = c.intake_due(&d.reception_unit, now)?;
    store::set_intake_due(tx, d.id, intake_due).await?;
    let d = apply(tx, d, Action::Supplement, &actor, Some(intake_due), "", now).await?;
    tell(tx, &d, "supplemented", json!({ "by": time::dmy_hm(intake_due) }), now).await?;
    Ok(d)
}

/// Row 23: the head assigns, or an officer takes it where a unit has no head.
pub async fn assign(tx: &mut Tx, d: &Dossier, s: &Staff, to: StaffId, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::Assign)?;
    let officer = crate::account::load_staff(tx, to).await?;
    let fits = officer.disabled_at.is_none() && officer.unit == d.handler_unit && officer.roles.iter().any(|r| r == Role::Officer.as_str());
    if !fits {
        return Err(Refused::NotHandler);
    }
    let heads = crate::account::staff_of_unit(tx, &d.handler_unit).await?;
    let has_head = heads.iter().any(|h| h.roles.iter().any(|r| r == Role::SectionHead.as_str()));
    if !s.is(Role::SectionHead) && (to != s.id || has_head && d.handler.is_some()) {
        return Err(Refused::NotHandler);
    }
    store::set_handler(tx, d.id, to).await?;
    let note = officer.full_name.clone();
    apply(tx, d, Action::Assign, &actor, d.due_at, &note, now).await
}

/// Row 40: the officer drafts what is to be signed: grant or denial.
pub async fn propose_result(tx: &mut Tx, d: &Dossier, s: &Staff, kind: &str, summary: &str, file: Option<(&str, &str)>, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::ProposeResult)?;
    if d.handler.is_some_and(|h| h != s.id) {
        return Err(Refused::NotHandler);
    }
    if summary.trim().is_empty() {
        return Err(Refused::ReasonNeeded);
    }
    if file.is_none() {
        return Err(Refused::DraftNeeded);
    }
    store::insert_result(tx, d.id, if kind == "deny" { "deny" } else { "grant" }, summary.trim(), file, s.id, now).await?;
    apply(tx, d, Action::ProposeResult, &actor, d.due_at, "", now).await
}

/// Row 41: back to the officer, with the reason.
pub async fn return_draft(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::ReturnDraft)?;
    if reason.trim().is_empty() {
        return Err(Refused::ReasonNeeded);
    }
    if store::find_result(tx, d.id).await?.is_some_and(|r| r.signed_at.is_some()) {
        return Err(Refused::AlreadySigned);
    }
    store::drop_result(tx, d.id, now).await?;
    apply(tx, d, Action::ReturnDraft, &actor, d.due_at, reason.trim(), now).await
}

/// Row 42: the leader signs: neither who received it nor who drafted it.
pub async fn sign(tx: &mut Tx, d: &Dossier, s: &Staff, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::Sign)?;
    let r = store::find_result(tx, d.id).await?.ok_or(Refused::NotSigned)?;
    if r.signed_at.is_some() {
        return Err(Refused::AlreadySigned);
    }
    if r.drafted_by == s.id {
        return Err(Refused::SameHands(Role::Officer));
    }
    if has_done(tx, d, s.id, &[Action::Accept]).await? {
        return Err(Refused::SameHands(Role::DeskClerk));
    }
    store::sign_result(tx, r.id, s.id, now).await?;
    apply(tx, d, Action::Sign, &actor, d.due_at, "", now).await
}

/// What the records clerk issues.
pub struct Issued<'a> {
    pub number: i32,
    pub symbol: &'a str,
    pub digest: &'a str,
    pub name: &'a str,
    pub media: &'a str,
    /// The clerk's recorded word: the file bears a digital signature.
    pub bears_signature: bool,
}

/// Row 43: numbered and issued; the processing time ends here. Chosen electronically and signed, it is returned at once (row 54).
pub async fn issue(tx: &mut Tx, d: &Dossier, s: &Staff, issued: &Issued<'_>, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::Issue)?;
    let r = store::find_result(tx, d.id).await?.filter(|r| r.signed_at.is_some()).ok_or(Refused::NotSigned)?;
    if r.signed_by == Some(s.id) {
        return Err(Refused::SameHands(Role::Leader));
    }
    let row = store::Issue {
        number: issued.number,
        symbol: issued.symbol,
        unit: &d.competent_unit,
        year: chrono::Datelike::year(&time::day(now)),
        digest: issued.digest,
        name: issued.name,
        media: issued.media,
        bears_signature: issued.bears_signature,
    };
    store::issue_result(tx, r.id, &row, s.id, now).await?;
    let mut d = apply(tx, d, Action::Issue, &actor, None, "", now).await?;
    tell(tx, &d, "ready", json!({}), now).await?;
    let owes = payment::obligations_of_subject(tx, d.id.0).await?.iter().any(payment::model::Obligation::is_due);
    if d.result_channel == super::model::ResultChannel::Electronic && issued.bears_signature && !owes {
        d = apply(tx, &d, Action::ReturnElectronic, &Actor::System, None, "", now).await?;
    }
    Ok(d)
}

/// Rows 53, 55: handed over at the counter, or to the post with its waybill.
pub async fn hand_over(tx: &mut Tx, d: &Dossier, s: &Staff, waybill: Option<&str>, note: &str, now: Moment) -> Result<Dossier, Refused> {
    let action = if waybill.is_some() { Action::ReturnPost } else { Action::ReturnCounter };
    let actor = Actor::Staff(s);
    actor.by(d, action)?;
    let owes = payment::obligations_of_subject(tx, d.id.0).await?.iter().any(|o| o.state == ObligationState::Due);
    if owes {
        return Err(Refused::FeeBeforeReturn);
    }
    match waybill.map(str::trim) {
        Some("") => return Err(Refused::WaybillNeeded),
        Some(w) => store::set_waybill(tx, d.id, w).await?,
        None if note.trim().is_empty() => return Err(Refused::ReceiverNeeded),
        None => {}
    }
    let d = apply(tx, d, action, &actor, None, note.trim(), now).await?;
    tell(tx, &d, "returned", json!({ "waybill": waybill }), now).await?;
    Ok(d)
}

/// Row 34b: a charge whose condition is not met.
pub async fn cancel_charge(tx: &mut Tx, d: &Dossier, s: &Staff, charge: crate::base::id::ObligationId, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::CancelCharge)?;
    if reason.trim().is_empty() {
        return Err(Refused::ReasonNeeded);
    }
    if !payment::obligations_of_subject(tx, d.id.0).await?.iter().any(|o| o.id == charge) {
        return Err(Refused::NothingAsked);
    }
    payment::cancel(tx, charge, reason.trim(), &s.name, now).await?;
    let d = apply(tx, d, Action::CancelCharge, &actor, act_by(d), reason.trim(), now).await?;
    tell(tx, &d, "charge_cancelled", json!({ "reason": reason.trim() }), now).await?;
    Ok(d)
}

/// The moment by which something must be done in the dossier's state.
pub fn act_by(d: &Dossier) -> Option<Moment> {
    match d.state {
        State::Submitted => Some(d.intake_due_at),
        s if s.is_running() => d.due_at,
        _ => None,
    }
}

/// Rows 36, 39: what was owed came; recorded in the history, whoever told us.
pub async fn money_came(tx: &mut Tx, subject: uuid::Uuid, now: Moment) -> anyhow::Result<()> {
    let Some(d) = store::lock_dossier_by_id(tx, DossierId(subject)).await? else { return Ok(()) };
    if d.state.is_ended() {
        return Ok(());
    }
    // money moves no state here: a plain event beside the state
    store::insert_event(tx, d.id, Action::Paid.as_str(), Some(d.state), d.state, Actor::System.row(), "", &json!({}), now).await?;
    let message = store::insert_message(tx, &d, "paid", &json!({}), now).await?;
    enqueue(tx, &Tell { message }, now).await?;
    Ok(())
}

/// Rows 15, 50: a promised moment went by; recorded in the history, without moving state or version.
pub async fn mark_late(tx: &mut Tx, id: DossierId, action: Action, now: Moment) -> anyhow::Result<()> {
    let Some(d) = store::lock_dossier_by_id(tx, id).await? else { return Ok(()) };
    let passed = match action {
        Action::IntakeOverdue => Some(d.intake_due_at),
        _ => d.due_at,
    };
    if passed.is_some_and(|p| p < now) && state::next(d.state, action, By::System).is_ok() {
        store::insert_event(tx, d.id, action.as_str(), Some(d.state), d.state, Actor::System.row(), "", &json!({}), now).await?;
    }
    Ok(())
}

/// A lease on a dossier, shown to others: 30 minutes, renewed by opening it again.
pub async fn take(tx: &mut Tx, d: &Dossier, s: &Staff, now: Moment) -> sqlx::Result<bool> {
    store::take_lease(tx, d.id, s.id, now, now + TimeDelta::minutes(30)).await
}

/// Ticks of the check page: kept as they are made.
pub async fn note_check(tx: &mut Tx, d: &Dossier, s: &Staff, item: &str, fine: bool, note: &str, now: Moment) -> sqlx::Result<()> {
    store::put_check(tx, d.id, item, fine, note, s.id, now).await
}
