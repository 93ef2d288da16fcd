//! From the officer to the hand of the person: rows 23, 40 to 43, 53 to 55.

use super::{Actor, Refused, apply, handles, has_done, is_signed, tell};
use crate::base::id::StaffId;
use crate::base::time::{self, Moment};
use crate::dossier::model::{Dossier, ResultChannel};
use crate::dossier::state::Action;
use crate::dossier::store;
use crate::payment::{self, model::ObligationState};
use crate::platform::db::Tx;
use crate::web::session::{Role, Staff};
use serde_json::json;

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
    handles(d, s)?;
    if summary.trim().is_empty() {
        return Err(Refused::ReasonNeeded);
    }
    if file.is_none() {
        return Err(Refused::DraftNeeded);
    }
    store::end_proposal(tx, d.id).await?;
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
    if is_signed(tx, d).await? {
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
    if d.result_channel == ResultChannel::Electronic && issued.bears_signature && !owes {
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
