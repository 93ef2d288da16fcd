//! While it is processed: the clock waits for what the person must send (rows 28 to 32) or pay (rows 34, 36, 37).
//!
//! A pause is a row. Ending one moves the promised date by the working days in between (never by waiting inside the
//! office), and the row keeps the date before and after: that is the reason the owner reads. A pause that opens after the
//! promised date cures nothing.

use super::intake::{sound, supplement_due};
use super::{Actor, Refused, apply, ground, handles, open_letter, procedure_of, tell};
use crate::base::id::DossierId;
use crate::base::lang::Words;
use crate::base::money::Vnd;
use crate::base::time::{self, Moment};
use crate::catalogue::model::{Channel, Fee};
use crate::catalogue::{self, Catalogue};
use crate::dossier::model::{Dossier, Pause, PauseKind, Stage, Supplement, SupplementItem};
use crate::dossier::state::{Action, State};
use crate::dossier::store;
use crate::payment;
use crate::payment::model::{NewObligation, Obligation};
use crate::platform::db::Tx;
use crate::web::session::Staff;
use serde_json::json;

/// Row 28: the officer proposes what to ask for. One letter while processing, as one at the desk.
pub async fn propose_supplement(tx: &mut Tx, d: &Dossier, s: &Staff, items: &[SupplementItem], now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::ProposeSupplement)?;
    handles(d, s)?;
    sound(items)?;
    if store::supplements_of(tx, d.id).await?.iter().any(|l| l.stage == Stage::Processing) {
        return Err(Refused::SupplementUsed);
    }
    store::put_proposal(tx, d.id, items, s.id, now).await?;
    apply(tx, d, Action::ProposeSupplement, &actor, d.act_by, "", now).await
}

/// Row 29b: not approved, with the reason for the officer.
pub async fn decline_proposal(tx: &mut Tx, d: &Dossier, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::DeclineProposal)?;
    if reason.trim().is_empty() {
        return Err(Refused::ReasonNeeded);
    }
    store::find_proposal(tx, d.id).await?.ok_or(Refused::NothingProposed)?;
    store::end_proposal(tx, d.id).await?;
    apply(tx, d, Action::DeclineProposal, &actor, d.act_by, reason.trim(), now).await
}

/// Row 29: head or leader approve; the letter goes out and the clock waits. Not after the promised date.
pub async fn approve_supplement(tx: &mut Tx, c: &Catalogue, d: &Dossier, s: &Staff, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::ApproveSupplement)?;
    let proposal = store::find_proposal(tx, d.id).await?.ok_or(Refused::NothingProposed)?;
    if d.due_at.is_some_and(|due| due < now) {
        return Err(Refused::PastDue);
    }
    let due = supplement_due(c, now)?;
    store::insert_supplement(tx, d.id, Stage::Processing, &proposal.items.0, "", proposal.proposed_by, now, due).await?;
    store::end_proposal(tx, d.id).await?;
    store::open_pause(tx, d.id, PauseKind::Supplement, now).await?;
    let d = apply(tx, d, Action::ApproveSupplement, &actor, Some(due), "", now).await?;
    tell(tx, &d, "supplement_processing", json!({ "n": proposal.items.0.len(), "due": time::dmy(due) }), now).await?;
    Ok(d)
}

/// The letter whose answer lies at the desk.
async fn supplied(tx: &mut Tx, d: &Dossier) -> Result<(Supplement, Moment), Refused> {
    open_letter(tx, d).await?.and_then(|l| l.supplied_at.map(|at| (l, at))).ok_or(Refused::NothingAsked)
}

/// Row 31: complete. The pause ends at the moment the person sent it, not when the desk looked.
pub async fn confirm_supplement(tx: &mut Tx, c: &Catalogue, d: &Dossier, s: &Staff, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::ConfirmSupplement)?;
    let (letter, at) = supplied(tx, d).await?;
    store::answer_supplement(tx, letter.id, now).await?;
    let due = resume(tx, c, d, at).await?;
    let d = apply(tx, d, Action::ConfirmSupplement, &actor, due, "", now).await?;
    tell(tx, &d, "supplement_confirmed", json!({ "due": due.map(time::dmy_hm) }), now).await?;
    Ok(d)
}

/// Row 32: something is still missing. The same letter with the rest of it, not a second one; the clock goes on waiting.
pub async fn still_missing(tx: &mut Tx, d: &Dossier, s: &Staff, items: &[SupplementItem], now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::StillMissing)?;
    let (letter, _) = supplied(tx, d).await?;
    // nothing new may be asked under the name of the old letter
    let rest: Vec<SupplementItem> = items.iter().filter(|i| letter.items.0.iter().any(|l| l.item == i.item)).cloned().collect();
    sound(&rest)?;
    store::ask_the_rest(tx, letter.id, &rest, now).await?;
    let d = apply(tx, d, Action::StillMissing, &actor, Some(letter.due_at), "", now).await?;
    tell(tx, &d, "supplement_processing", json!({ "n": rest.len(), "due": time::dmy(letter.due_at) }), now).await?;
    Ok(d)
}

/// Fees of a procedure that an officer assesses, or that fall due while it is processed.
pub fn assessable(fees: &[Fee]) -> impl Iterator<Item = &Fee> {
    fees.iter().filter(|f| f.assessed || f.collect_at == 2)
}

/// What an officer has assessed.
pub struct Assessment<'a> {
    pub fee: &'a str,
    pub amount: Vnd,
    /// How the sum was found, in words the payer reads.
    pub basis: &'a str,
}

/// Working days to pay what was assessed (setting of the rule book).
const PAY_DAYS: u32 = 5;

/// Row 34: the officer assesses a fee; the clock waits for its payment.
pub async fn assess_fee(tx: &mut Tx, c: &Catalogue, d: &Dossier, s: &Staff, what: &Assessment<'_>, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::AssessFee)?;
    handles(d, s)?;
    let basis = ground(what.basis)?;
    let p = procedure_of(tx, d).await?;
    let fee = assessable(&p.fees).find(|f| f.id == what.fee).filter(|_| !what.amount.is_zero()).ok_or(Refused::FeeWrong)?;
    let pay_due = c.due(&d.reception_unit, time::local(now), crate::base::calendar::Limit::WorkingDays(PAY_DAYS), &[])?.at.map(time::from_local);
    let new = NewObligation {
        subject: d.id.0,
        party: d.party_id,
        payer: d.filer_account,
        unit: d.competent_unit.clone(),
        counter: d.reception_unit.clone(),
        code: d.code.as_str().to_owned(),
        title: p.short(),
        about: d.owner_name.clone(),
        fee: fee.id.clone(),
        fee_name: fee.words(),
        kind: fee.kind.clone(),
        gross: what.amount,
        amount: what.amount,
        arithmetic: Words::same(basis),
        exemption: None,
        exemption_pending: false,
        collect_at: 2,
        pay_due,
        replaces: None,
    };
    payment::open(tx, &new, now).await?;
    store::end_proposal(tx, d.id).await?;
    store::open_pause(tx, d.id, PauseKind::Financial, now).await?;
    let d = apply(tx, d, Action::AssessFee, &actor, pay_due, basis, now).await?;
    tell(tx, &d, "fee_assessed", json!({ "sum": what.amount.to_string(), "due": pay_due.map(time::dmy) }), now).await?;
    Ok(d)
}

/// Row 37: the leader waives what was assessed, with its ground.
pub async fn waive(tx: &mut Tx, c: &Catalogue, d: &Dossier, s: &Staff, reason: &str, now: Moment) -> Result<Dossier, Refused> {
    let actor = Actor::Staff(s);
    actor.by(d, Action::Waive)?;
    let reason = ground(reason)?;
    for o in assessed_due(&payment::obligations_of_subject(tx, d.id.0).await?) {
        payment::waive(tx, o.id, reason, now).await?;
    }
    let due = resume(tx, c, d, now).await?;
    let d = apply(tx, d, Action::Waive, &actor, due, reason, now).await?;
    tell(tx, &d, "fee_waived", json!({ "due": due.map(time::dmy_hm) }), now).await?;
    Ok(d)
}

/// What was assessed and is still open.
pub fn assessed_due(owed: &[Obligation]) -> impl Iterator<Item = &Obligation> {
    owed.iter().filter(|o| o.is_due() && o.collect_at == 2)
}

/// Rows 36, 39: what was owed came; recorded in the history, whoever told us. What was assessed moves the dossier on.
pub async fn money_came(tx: &mut Tx, subject: uuid::Uuid, now: Moment) -> anyhow::Result<()> {
    let Some(d) = store::lock_dossier_by_id(tx, DossierId(subject)).await? else { return Ok(()) };
    if d.state.is_ended() {
        return Ok(());
    }
    let met = assessed_due(&payment::obligations_of_subject(tx, subject).await?).next().is_none();
    let waits = d.state == State::PaymentRequested || d.state_before == Some(State::PaymentRequested);
    let mut facts = json!({});
    let mut act_by = d.act_by;
    if met && waits {
        // rare, and inside the payer's transaction: the calendar as of now
        let c = catalogue::load(tx).await?;
        let due = resume(tx, &c, &d, now).await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
        facts = json!({ "due": due.map(time::dmy_hm) });
        act_by = due;
    }
    if met && d.state == State::PaymentRequested {
        apply(tx, &d, Action::Paid, &Actor::System, act_by, "", now).await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
    } else {
        if met && waits {
            store::set_state_before(tx, d.id, State::Processing).await?;
        }
        // money moves no state here: a plain event beside the state
        store::insert_event(tx, d.id, Action::Paid.as_str(), Some(d.state), d.state, Actor::System.row(), "", &json!({}), now).await?;
    }
    Ok(crate::dossier::tell(tx, &d, "paid", &facts, now).await?)
}

/// Ends the open pause at a moment; gives the promised date as it is now.
async fn resume(tx: &mut Tx, c: &Catalogue, d: &Dossier, at: Moment) -> Result<Option<Moment>, Refused> {
    let pauses = store::pauses_of(tx, d.id).await?;
    let (Some(open), Some(accepted)) = (pauses.iter().find(|p| p.until_at.is_none()), d.accepted_at) else { return Ok(d.due_at) };
    let p = procedure_of(tx, d).await?;
    let channel = d.channel.parse().unwrap_or(Channel::Online);
    let limit = p.limit(channel, d.procedure_case.as_deref()).ok_or_else(|| anyhow::anyhow!("{} has no way {channel}", p.code))?;
    let at = at.max(open.from_at);
    let due = c.due(&d.reception_unit, time::local(accepted), limit.limit(), &intervals(&pauses, at))?;
    let moved = due.at.map(time::from_local);
    store::end_pause(tx, open.id, at, d.due_at, moved).await?;
    store::move_due(tx, d.id, moved, due.provisional).await?;
    Ok(moved)
}

/// Pauses as the calendar takes them; an open one runs until `now`.
pub fn intervals(pauses: &[Pause], now: Moment) -> Vec<(chrono::NaiveDateTime, chrono::NaiveDateTime)> {
    pauses.iter().map(|p| (time::local(p.from_at), time::local(p.until_at.unwrap_or(now).max(p.from_at)))).collect()
}
