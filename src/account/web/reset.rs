//! The desk's page of new passwords: one asks, another gives the code.

use super::shown_birth;
use crate::account::reset;
use crate::account::store;
use crate::account::text::{self as at, reset as t};
use crate::base::id::ResetId;
use crate::base::{person, time, typed};
use crate::platform::Portal;
use crate::web::extract::{Path, Read};
use crate::web::field::{Field, Summary};
use crate::web::form::{Faults, Posted};
use crate::web::session::{Role, Staff};
use crate::web::urls;
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

struct Waiting {
    id: ResetId,
    name: String,
    number: String,
    birth: String,
    asked: String,
    /// Asked by the one who looks: another gives.
    own: bool,
}

#[derive(Template)]
#[template(path = "account/reset.html")]
struct Show {
    page: Page,
    /// Desk clerks ask; the others of the list only give.
    asks: bool,
    fields: Vec<Field>,
    waiting: Vec<Waiting>,
    /// Whose, and the code: shown once.
    given: Option<(String, String)>,
    summary: Summary,
}

async fn view(conn: &mut sqlx::PgConnection, page: Page, s: &Staff, posted: &Posted, faults: &Faults, given: Option<(String, String)>) -> Result<Show> {
    let waiting = store::open_resets(conn, &s.unit, page.now).await?;
    Ok(Show {
        asks: s.is(Role::DeskClerk),
        fields: vec![Field::text("number", at::NUMBER).width("number").typed(posted, faults), Field::check("doi-chieu", t::SEEN).typed(posted, faults)],
        waiting: waiting
            .into_iter()
            .map(|w| Waiting {
                own: w.asked_by == s.id,
                id: w.id,
                name: w.name,
                number: person::grouped(&w.number),
                birth: shown_birth(&w.birth_date),
                asked: format!("{}, {}", w.asked_by_name, time::hm(w.asked_at)),
            })
            .collect(),
        given,
        summary: faults.into(),
        page,
    })
}

pub async fn show(page: Page, staff: Staff, mut read: Read) -> Result<Response> {
    let v = view(&mut read.0, page, &staff, &Posted::default(), &Faults::default(), None).await?;
    v.page.show(&v)
}

pub async fn ask(State(portal): State<Portal>, page: Page, staff: Staff, posted: Posted) -> Result<Response> {
    posted.only(&["number", "doi-chieu"])?;
    if !staff.is(Role::DeskClerk) {
        return Err(Error::NotFound);
    }
    let mut tx = portal.db.begin().await?;
    if !posted.has("doi-chieu") {
        let mut faults = Faults::default();
        faults.add("doi-chieu", t::SEEN, t::SEEN_FIRST);
        let v = view(&mut tx, page, &staff, &posted, &faults, None).await?;
        return v.page.show_faults(&v);
    }
    reset::ask(&mut tx, &typed::digits(posted.text("number")).to_uppercase(), &staff, portal.clock.now()).await.map_err(t::refused)?;
    tx.commit().await?;
    Ok(page.go(&urls::page(urls::DESK_PASSWORD)))
}

pub async fn give(State(portal): State<Portal>, page: Page, staff: Staff, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&[])?;
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let mut tx = portal.db.begin().await?;
    let (a, code) = reset::give(&mut tx, id, &staff, portal.clock.now()).await.map_err(t::refused)?;
    tx.commit().await?;
    let v = view(&mut *portal.db.read().await?, page, &staff, &Posted::default(), &Faults::default(), Some((a.full_name, code))).await?;
    v.page.show(&v)
}
