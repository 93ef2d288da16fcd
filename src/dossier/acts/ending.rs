//! The ends after acceptance that are no result: withdrawn by the person (rows 46 to 48), stopped by the office (rows 33, 38, 49).
//!
//! Nothing ends by a timer: a person asks, or a leader confirms with a ground. The office's printed notice is Mẫu 05 of
//! TT 03/2025/TT-VPCP. What was paid is given back only where whoever decides says so: a charge for work done stays.

use super::course::assessed_due;
use super::{Actor, Refused, apply, ground, is_signed, open_letter, tell};
use crate::base::time::Moment;
use crate::dossier::model::{Dossier, Supplement};
use crate::dossier::state::Action;
use crate::dossier::store;
use crate::payment;
use crate::platform::db::Tx;
use crate::web::session::{Citizen, Staff};
use serde_json::json;

/// Row 46: the person asks to have it back; the clock runs on until the office answers.
pub async fn request_withdrawal(tx: &mut Tx, d: &Dossier, citizen: &Citizen, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let d = apply(tx, d, Action::RequestWithdrawal, &Actor::Citizen(citizen), d.due_at, reason.trim(), now).await?;
    tell(tx, &d, "withdrawal_requested", json!({}), now).await?;
    Ok(d)
}

/// Row 48: the person has thought better of it.
pub async fn take_back(tx: &mut Tx, d: &Dossier, citizen: &Citizen, now: Moment) -> Result<Dossier, Refused> {
    let waits = open_letter(tx, d).await?.map(|l| l.due_at);
    apply(tx, d, Action::TakeBack, &Actor::Citizen(citizen), waits.or(d.due_at), "", now).await
}

/// Row 47: officer or leader confirm; papers go back, what was paid only if they say so.
pub async fn confirm_withdrawal(tx: &mut Tx, d: &Dossier, s: &Staff, refund: bool, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::ConfirmWithdrawal)?;
    if is_signed(tx, d).await? {
        return Err(Refused::AlreadyDecided);
    }
    store::drop_result(tx, d.id, now).await?;
    let d = apply(tx, d, Action::ConfirmWithdrawal, &actor, None, "", now).await?;
    payment::close_subject(tx, d.id.0, "cancelled", &s.name, refund, now).await?;
    tell(tx, &d, "withdrawn", json!({}), now).await?;
    Ok(d)
}

/// Row 48: the leader declines, because the result is signed.
pub async fn decline_withdrawal(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::DeclineWithdrawal)?;
    let reason = ground(reason)?;
    if !is_signed(tx, d).await? {
        return Err(Refused::NotDecided);
    }
    let d = apply(tx, d, Action::DeclineWithdrawal, &actor, d.due_at, reason, now).await?;
    tell(tx, &d, "withdrawal_declined", json!({ "reason": reason }), now).await?;
    Ok(d)
}

/// Row 49: the leader stops it, on a ground in law.
pub async fn stop(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, refund: bool, now: Moment) -> Result<Dossier, Refused> {
    end(tx, d, Action::Stop, s, reason, refund, now).await
}

/// Row 33: what was asked for while processing never came; the leader confirms.
pub async fn stop_unsupplied(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, refund: bool, now: Moment) -> Result<Dossier, Refused> {
    if open_letter(tx, d).await?.filter(Supplement::waits_for_person).is_none_or(|l| l.due_at > now) {
        return Err(Refused::NotYetExpired);
    }
    end(tx, d, Action::StopUnsupplied, s, reason, refund, now).await
}

/// Row 38: what was assessed was not paid in time; the leader confirms.
pub async fn stop_unpaid(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, refund: bool, now: Moment) -> Result<Dossier, Refused> {
    let owed = payment::obligations_of_subject(tx, d.id.0).await?;
    if !assessed_due(&owed).any(|o| o.pay_due.is_some_and(|due| due <= now)) {
        return Err(Refused::NotYetExpired);
    }
    end(tx, d, Action::StopUnpaid, s, reason, refund, now).await
}

async fn end(tx: &mut Tx, d: &Dossier, action: Action, s: &Staff, reason: &str, refund: bool, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, action)?;
    let reason = ground(reason)?;
    store::end_proposal(tx, d.id).await?;
    let d = apply(tx, d, action, &actor, None, reason, now).await?;
    payment::close_subject(tx, d.id.0, "stopped", &s.name, refund, now).await?;
    tell(tx, &d, "stopped", json!({ "reason": reason }), now).await?;
    Ok(d)
}
