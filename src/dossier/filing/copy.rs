//! "Nộp hồ sơ tương tự": a new draft with the answers of an earlier dossier.
//!
//! Copied is what was said of the matter. Not copied: the place (units end and change), papers, declarations, the claimed
//! exemption, whatever the account knows better, and of a dossier that a colleague filed what he said of himself. Today's
//! form judges every value: what no longer holds stands at the head of the form.

use super::{DRAFT_DAYS, fill_organisation};
use crate::account::model::Account;
use crate::base::id::DraftId;
use crate::base::random;
use crate::base::time::Moment;
use crate::catalogue::OfferedProcedure;
use crate::catalogue::form::{self, Kind};
use crate::dossier::model::{Dossier, ForWhom};
use crate::dossier::store;
use crate::platform::db::Tx;
use chrono::TimeDelta;
use serde_json::json;

/// Opens a draft like this dossier; gives its token. Its first step is still to be answered.
pub async fn open_like(tx: &mut Tx, o: &OfferedProcedure, account: &Account, d: &Dossier, now: Moment) -> sqlx::Result<String> {
    let (id, token) = (DraftId::fresh(), random::token());
    let version = o.form.as_ref().map(|f| f.version);
    store::insert_draft(tx, id, &token, d.party_id, account.id, (o.version, &o.procedure.code), version, &random::token(), now, now + TimeDelta::days(DRAFT_DAYS)).await?;
    let case = o.procedure.case(d.procedure_case.as_deref()).map(|c| c.id.as_str());
    store::begin_like(tx, id, case, (d.party_id != account.party_id).then_some(ForWhom::Organisation)).await?;
    let Some(form) = &o.form else { return Ok(token) };
    let own = d.filer_account == Some(account.id);
    let mut revision = 0;
    for q in form.form.questions().filter(|q| !q.is_identity() && q.answered_by.is_none() && !matches!(q.kind, Kind::File | Kind::Declaration)) {
        let known = match q.prefill.as_deref() {
            Some("account.phone") => Some(json!(account.phone)),
            Some("account.email") => account.email.as_ref().map(|e| json!(e)),
            Some("account.address") if !q.coded => account.address.clone(),
            _ => None,
        };
        let before = d.answers.0.get(&q.id).filter(|v| !v.is_null() && (own || !q.id.starts_with("applicant_")));
        let (value, source) = match (known, before) {
            (Some(v), _) => (v, "account"),
            (None, Some(v)) => (form::clean(Some(q), v), "copied"),
            (None, None) => continue,
        };
        revision += 1;
        store::insert_answer(tx, id, &q.id, revision, Some(&value), "opened", 0, source, now).await?;
    }
    store::set_revision(tx, id, revision, now).await?;
    fill_organisation(tx, id, d.party_id, &form.form, revision, now).await?;
    Ok(token)
}
