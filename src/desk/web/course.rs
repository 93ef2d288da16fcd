//! Acts of the course between reception and signature: a supplement while processing, an assessed fee, the ends that are no result.

use crate::base::money::Vnd;
use crate::base::time::Moment;
use crate::base::typed;
use crate::catalogue::Catalogue;
use crate::dossier::acts::{self, Assessment, Refused};
use crate::dossier::model::{Dossier, SupplementItem};
use crate::dossier::{self};
use crate::platform::db::Tx;
use crate::web::Result;
use crate::web::form::Posted;
use crate::web::session::Staff;

/// What the ticks say is to be mended: the items of a letter.
pub async fn marked(tx: &mut Tx, d: &Dossier) -> Result<Vec<SupplementItem>> {
    let checks = dossier::checks_of(tx, d.id).await?;
    Ok(checks.into_iter().filter(|k| !k.fine).map(|k| SupplementItem { item: k.item, words: k.note }).collect())
}

/// Does the act of this address; none: there is no such act.
pub async fn act(tx: &mut Tx, c: &Catalogue, d: &Dossier, staff: &Staff, action: &str, posted: &Posted, now: Moment) -> Result<Option<std::result::Result<Dossier, Refused>>> {
    let refund = posted.text("hoan") == "1";
    let stop_reason = posted.text("ly-do-dung");
    Ok(Some(match action {
        "de-nghi-bo-sung" => {
            let items = marked(tx, d).await?;
            acts::propose_supplement(tx, d, staff, &items, now).await
        }
        "duyet-bo-sung" => acts::approve_supplement(tx, c, d, staff, now).await,
        "khong-duyet" => acts::decline_proposal(tx, d, staff, posted.text("ly-do-duyet"), now).await,
        "nhan-bo-sung" => acts::confirm_supplement(tx, c, d, staff, now).await,
        "con-thieu" => {
            let items = marked(tx, d).await?;
            acts::still_missing(tx, d, staff, &items, now).await
        }
        "tinh-phi" => match typed::money(posted.text("so-tien")).filter(|n| *n > 0) {
            Some(sum) => acts::assess_fee(tx, c, d, staff, &Assessment { fee: posted.text("khoan-tinh"), amount: Vnd::dong(sum), basis: posted.text("can-cu") }, now).await,
            None => Err(Refused::FeeWrong),
        },
        "mien-phi" => acts::waive(tx, c, d, staff, posted.text("ly-do-mien"), now).await,
        "cho-rut" => acts::confirm_withdrawal(tx, d, staff, refund, now).await,
        "khong-cho-rut" => acts::decline_withdrawal(tx, d, staff, posted.text("ly-do-rut"), now).await,
        "dung" => acts::stop(tx, d, staff, stop_reason, refund, now).await,
        "dung-khong-bo-sung" => acts::stop_unsupplied(tx, d, staff, stop_reason, refund, now).await,
        "dung-khong-nop" => acts::stop_unpaid(tx, d, staff, stop_reason, refund, now).await,
        _ => return Ok(None),
    }))
}
