//! What is done to a dossier after filing. Each act: the dossier locked, the table asked, guards, state, one event, one message.
//!
//! By when in a dossier's life: [`intake`], [`course`] (the clock waits), [`ending`] (withdrawn, stopped), [`result`]. Here is
//! what they share: who acts, for which unit, and the one way in which a state moves.

mod course;
mod ending;
mod intake;
mod result;

pub use course::{Assessment, approve_supplement, assess_fee, assessable, assessed_due, confirm_supplement, decline_proposal, intervals, money_came, propose_supplement, still_missing, waive};
pub use ending::{confirm_withdrawal, decline_withdrawal, request_withdrawal, stop, stop_unpaid, stop_unsupplied, take_back};
pub use intake::{accept, cancel, expire_supplement, refuse, request_supplement, supplement, transfer};
pub use result::{Issued, assign, hand_over, issue, propose_result, return_draft, sign};

use super::model::{Dossier, Supplement};
use super::state::{self, Action, By, State, To};
use super::store;
use crate::base::id::{DossierId, StaffId};
use crate::base::time::Moment;
use crate::catalogue;
use crate::catalogue::model::Procedure;
use crate::payment;
use crate::platform::db::Tx;
use crate::web::session::{Citizen, Role, Staff};
use chrono::TimeDelta;
use serde_json::json;
use sqlx::PgConnection;
use std::sync::Arc;

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
    /// The act is another role's work, in whatever state.
    OtherRole(Action),
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
    /// The head or leader decides on a proposal that isn't there (any more).
    NothingProposed,
    /// A letter while processing goes out before the promised date, never to cure a delay.
    PastDue,
    /// An assessed fee: of this procedure, above nought.
    FeeWrong,
    /// The result is signed: it is not withdrawn any more.
    AlreadyDecided,
    /// Nothing is signed: there is no ground to decline.
    NotDecided,
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
    fn by(&self, d: &Dossier, action: Action) -> Result<To, Refused> {
        let tried = match self {
            Self::System => state::next(d.state, action, By::System),
            Self::Citizen(_) => state::next(d.state, action, By::Citizen),
            Self::Staff(s) => {
                if !state::is_work_of(action, &s.roles) {
                    return Err(Refused::OtherRole(action));
                }
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
        Action::Assign | Action::ProposeResult | Action::ProposeSupplement | Action::AssessFee => s.unit == d.handler_unit,
        Action::Sign | Action::ReturnDraft | Action::Issue | Action::StopUnsupplied | Action::StopUnpaid | Action::Waive | Action::DeclineWithdrawal | Action::Stop => s.unit == d.competent_unit,
        Action::ApproveSupplement | Action::DeclineProposal | Action::ConfirmWithdrawal => s.unit == d.competent_unit || s.unit == d.handler_unit,
        Action::CancelCharge => s.unit == d.reception_unit || s.unit == d.competent_unit,
        _ => s.unit == d.reception_unit,
    }
}

/// Ticks are the desk's before reception and when a supplement has come, the officer's while processing.
pub fn may_tick(d: &Dossier, s: &Staff) -> bool {
    let desk = d.state.is_before_acceptance() || d.state == State::SupplementRequested;
    let officer = d.state == State::Processing && s.is(Role::Officer) && s.unit == d.handler_unit;
    officer || desk && s.is(Role::DeskClerk) && s.unit == d.reception_unit
}

/// A ground in words that its reader can act on: a word alone is no reason.
fn ground(reason: &str) -> Result<&str, Refused> {
    let reason = reason.trim();
    if reason.chars().count() < 10 { Err(Refused::ReasonNeeded) } else { Ok(reason) }
}

/// Moves a locked dossier and writes its one event; gives the dossier as it is now. Every act of staff passes here, so what
/// holds for all of them stands here: role, unit, and that nobody handles their own dossier.
async fn apply(tx: &mut Tx, d: &Dossier, action: Action, actor: &Actor<'_>, act_by: Option<Moment>, note: &str, now: Moment) -> Result<Dossier, Refused> {
    let to = match actor.by(d, action)? {
        To::Same => d.state,
        To::Goes(to) => to,
        To::Before => d.state_before.ok_or(Refused::Moved)?,
    };
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
    Ok(super::tell(tx, d, kind, &facts, now).await?)
}

/// Nobody handles a dossier they filed or own (Luật Phòng, chống tham nhũng 2018, Điều 23: conflict of interest): by the personal number of the staff account, where it is known.
async fn not_own(conn: &mut PgConnection, d: &Dossier, s: &Staff) -> Result<(), Refused> {
    let number = crate::account::personal_number_of_staff(conn, s.id).await?;
    let own = number.is_some_and(|n| n == d.filer_number || Some(&n) == d.owner_number.as_ref());
    if own { Err(Refused::OwnDossier) } else { Ok(()) }
}

/// The letter that waits for the person, or for the desk to confirm what came.
async fn open_letter(conn: &mut PgConnection, d: &Dossier) -> sqlx::Result<Option<Supplement>> {
    Ok(store::supplements_of(conn, d.id).await?.into_iter().find(Supplement::is_open))
}

/// Whether the leader has signed a result.
async fn is_signed(conn: &mut PgConnection, d: &Dossier) -> sqlx::Result<bool> {
    Ok(store::find_result(conn, d.id).await?.is_some_and(|r| r.signed_at.is_some()))
}

/// The officer in charge acts, or any of the unit while nobody is.
fn handles(d: &Dossier, s: &Staff) -> Result<(), Refused> {
    if d.handler.is_some_and(|h| h != s.id) { Err(Refused::NotHandler) } else { Ok(()) }
}

/// Whether a member of staff did one of these acts on this dossier.
async fn has_done(conn: &mut PgConnection, d: &Dossier, s: StaffId, acts: &[Action]) -> sqlx::Result<bool> {
    let events = store::events_of(conn, d.id).await?;
    Ok(events.iter().any(|e| e.actor == Some(s.0) && acts.iter().any(|a| a.as_str() == e.action)))
}

async fn procedure_of(conn: &mut PgConnection, d: &Dossier) -> Result<Arc<Procedure>, Refused> {
    let found = catalogue::find_versions(conn, d.procedure_version, d.form_version).await?;
    found.map(|f| f.0).ok_or_else(|| Refused::Broken(anyhow::anyhow!("procedure_version {} is gone", d.procedure_version)))
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
    let d = apply(tx, d, Action::CancelCharge, &actor, d.act_by, reason.trim(), now).await?;
    tell(tx, &d, "charge_cancelled", json!({ "reason": reason.trim() }), now).await?;
    Ok(d)
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

/// Takes a mark away, as if the desk had not looked yet.
pub async fn forget_check(tx: &mut Tx, d: &Dossier, item: &str) -> sqlx::Result<()> {
    store::remove_check(tx, d.id, item).await
}

/// Ticks of the check page: kept as they are made.
pub async fn note_check(tx: &mut Tx, d: &Dossier, s: &Staff, item: &str, fine: bool, note: &str, now: Moment) -> sqlx::Result<()> {
    store::put_check(tx, d.id, item, fine, note, s.id, now).await
}
