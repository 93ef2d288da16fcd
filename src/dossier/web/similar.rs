//! "Nộp hồ sơ tương tự": a new draft from an earlier dossier of one's own or of one's organisation.

use super::account;
use crate::base::code::DossierCode;
use crate::catalogue::Offered;
use crate::dossier::filing::copy;
use crate::dossier::lock_own;
use crate::dossier::text as t;
use crate::platform::Portal;
use crate::web::extract::Path;
use crate::web::form::Posted;
use crate::web::session::Citizen;
use crate::web::urls;
use crate::web::{Error, Page, Result};
use axum::extract::State;
use axum::response::Response;

pub async fn open(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&[])?;
    let code = DossierCode::parse(&code).ok_or(Error::NotFound)?;
    let mut tx = portal.db.begin().await?;
    let d = lock_own(&mut tx, &code, &citizen).await?;
    let o = c.find(&d.procedure_code).filter(|o| o.procedure.files_online()).ok_or_else(|| Error::refused(t::NOT_OFFERED))?;
    let a = account(&mut tx, citizen.account).await?;
    let token = copy::open_like(&mut tx, o, &a, &d, portal.clock.now()).await?;
    tx.commit().await?;
    Ok(page.go(&urls::of_draft(urls::DRAFT_WHERE, &token)))
}
