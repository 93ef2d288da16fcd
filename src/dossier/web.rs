//! Pages of filing and following.

mod begin;
mod check;
mod files;
mod follow;
mod form;
mod list;
mod lookup;
mod papers;
mod print;
mod question;
mod similar;
mod supplement;
mod withdraw;

use crate::account::model::Account;
use crate::base::id::AccountId;
use crate::catalogue::form::Env;
use crate::catalogue::{Catalogue, OfferedProcedure};
use crate::dossier::filing::slots::Exchanges;
use crate::dossier::filing::submit::{Whole, whole};
use crate::dossier::filing::{self};
use crate::dossier::model::Draft;
use crate::platform::Portal;
use crate::platform::store::find_setting;
use crate::web::session::Citizen;
use crate::web::urls;
use crate::web::{Error, Result};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use sqlx::PgConnection;
use std::collections::HashMap;

pub use files::{Arrived, keep_row, receive, serve};
pub use follow::{item_words, refused, why_page};
pub use question::{AnswerLine, answer_lines};

pub fn routes() -> Router<Portal> {
    // a body of papers is ended by its files' own limits, counted while it streams
    let uploads = Router::new().route(urls::DRAFT_UPLOAD, post(papers::upload)).route(urls::DOSSIER_SUPPLEMENT_UPLOAD, post(supplement::upload)).layer(DefaultBodyLimit::disable());
    Router::new()
        .route(urls::FILE, get(begin::new).post(begin::create))
        .route(urls::DRAFT, get(begin::go_on))
        .route(urls::DRAFT_WHERE, get(begin::edit).post(begin::update))
        .route(urls::DRAFT_FORM, get(form::show).post(form::save))
        .route(urls::DRAFT_SAVE, post(form::autosave))
        .route(urls::DRAFT_PAPERS, get(papers::show))
        .route(urls::DRAFT_REMOVE, post(papers::remove))
        .route(urls::DRAFT_DECLARE, post(papers::declare))
        .route(urls::DRAFT_CHECK, get(check::show))
        .route(urls::DRAFT_SUBMIT, post(check::submit))
        .route(urls::DRAFT_DISCARD, post(list::discard))
        .route(urls::PAPER, get(files::open))
        .route(urls::DOSSIERS, get(list::list))
        .route(urls::DOSSIER, get(follow::show))
        .route(urls::DOSSIER_CONFIRMATION, get(check::confirmation))
        .route(urls::DOSSIER_SUPPLEMENT, get(supplement::show).post(supplement::send))
        .route(urls::DOSSIER_CANCEL, get(withdraw::ask).post(withdraw::send))
        .route(urls::DOSSIER_RESULT, get(follow::result))
        .route(urls::DOSSIER_WHY, get(follow::why))
        .route(urls::DOSSIER_SLIP, get(print::slip))
        .route(urls::DOSSIER_LETTER, get(print::letter))
        .route(urls::DOSSIER_REFUSAL, get(print::refusal))
        .route(urls::DOSSIER_STOP, get(print::stop))
        .route(urls::DOSSIER_CONTROL, get(print::control))
        .route(urls::DOSSIER_SIMILAR, post(similar::open))
        .route(urls::LOOKUP, get(lookup::ask).post(lookup::show))
        .merge(uploads)
}

/// Databases whose exchange is switched on (setting `exchanges`).
pub async fn exchanges(conn: &mut PgConnection) -> sqlx::Result<Exchanges> {
    Ok(Exchanges(find_setting(conn, "exchanges").await?.unwrap_or_default()))
}

/// A draft of this citizen, as it stands.
pub struct Open<'a> {
    pub draft: Draft,
    pub account: Account,
    pub sources: HashMap<String, String>,
    pub whole: Whole<'a>,
}

pub async fn account(conn: &mut PgConnection, id: AccountId) -> Result<Account> {
    Ok(crate::account::load_account(conn, id).await?)
}

/// Loads a draft for its owner; another person's doesn't exist, a filed one leads to its dossier.
pub async fn open_draft<'a>(portal: &Portal, conn: &mut PgConnection, c: &'a Catalogue, citizen: &Citizen, token: &str) -> Result<Open<'a>> {
    let draft = filing::find_draft(conn, token).await?.filter(|d| d.is_of(citizen)).ok_or(Error::NotFound)?;
    put_together(portal, conn, c, citizen, draft).await
}

pub async fn put_together<'a>(portal: &Portal, conn: &mut PgConnection, c: &'a Catalogue, citizen: &Citizen, draft: Draft) -> Result<Open<'a>> {
    let offered: &'a OfferedProcedure = c.find(&draft.procedure_code).ok_or(Error::NotFound)?;
    let account = account(conn, citizen.account).await?;
    let form = offered.form.as_ref().map(|f| &f.form);
    let (answers, sources) = filing::standing(conn, &draft, form, &account).await?;
    let papers = filing::papers_of_draft(conn, draft.id).await?;
    let env = Env::new(&c.places, portal.clock.today(), portal.demo);
    let on = exchanges(conn).await?;
    let whole = whole(c, offered, &draft, answers, papers, &env, &on);
    Ok(Open { draft, account, sources, whole })
}
