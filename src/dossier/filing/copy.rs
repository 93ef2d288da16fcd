//! "Nộp hồ sơ tương tự": a new draft with the answers of an earlier dossier.
//!
//! Copied is what was said of the matter. Not copied: the place (units end and change), papers, declarations, the claimed
//! exemption, whatever the account knows better, and of a dossier that a colleague filed what he said of himself. Today's
//! form judges every value: what no longer holds stands at the head of the form.

use super::{DRAFT_DAYS, fill, of_account, of_organisation};
use crate::account::{self, model::Account};
use crate::base::id::DraftId;
use crate::base::random;
use crate::base::time::Moment;
use crate::catalogue::OfferedProcedure;
use crate::catalogue::form::{self, Kind};
use crate::dossier::model::{Dossier, ForWhom};
use crate::dossier::store;
use crate::platform::db::Tx;
use chrono::TimeDelta;

/// Opens a draft like this dossier; gives its token. Its first step is still to be answered.
pub async fn open_like(tx: &mut Tx, o: &OfferedProcedure, account: &Account, d: &Dossier, now: Moment) -> sqlx::Result<String> {
    let (id, token) = (DraftId::fresh(), random::token());
    let version = o.form.as_ref().map(|f| f.version);
    store::insert_draft(tx, id, &token, d.party_id, account.id, (o.version, &o.procedure.code), version, &random::token(), now, now + TimeDelta::days(DRAFT_DAYS)).await?;
    let case = o.procedure.case(d.procedure_case.as_deref()).map(|c| c.id.as_str());
    store::begin_like(tx, id, case, (d.party_id != account.party_id).then_some(ForWhom::Organisation)).await?;
    let Some(form) = &o.form else { return Ok(token) };
    let own = d.filer_account == Some(account.id);
    let organisation = account::organisation_for(tx, account, d.party_id).await?;
    fill(tx, id, &form.form, 0, now, |q| {
        if q.answered_by.is_some() || matches!(q.kind, Kind::File | Kind::Declaration) {
            return None;
        }
        let before = || d.answers.0.get(&q.id).filter(|v| !v.is_null() && (own || !q.id.starts_with("applicant_"))).map(|v| (form::clean(Some(q), v), "copied"));
        of_account(q, account).or_else(before).or_else(|| of_organisation(q, organisation.as_ref()?))
    })
    .await?;
    Ok(token)
}
