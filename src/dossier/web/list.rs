//! *Hồ sơ của tôi*: drafts, your turn, under way, done.

use super::begin::step_path;
use crate::base::lang::{Text, Words};
use crate::base::time;
use crate::catalogue::Offered;
use crate::dossier::filing;
use crate::dossier::state::State;
use crate::dossier::{store, text as t};
use crate::platform::Portal;
use crate::web::extract::{Path, Query, Read};
use crate::web::form::Posted;
use crate::web::session::Citizen;
use crate::web::tabs::{Tab, asked, of_party, tabs};
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State as Held;
use axum::response::Response;

struct DraftRow {
    link: Link,
    discard: Link,
    title: Words,
    saved: String,
}

struct Row {
    link: Link,
    code: String,
    title: Words,
    owner: String,
    state: Text,
    class: &'static str,
    due: Option<String>,
    late: bool,
}

#[derive(Template)]
#[template(path = "dossier/list.html")]
struct List {
    page: Page,
    drafts: Vec<DraftRow>,
    groups: Vec<(Text, Vec<Row>)>,
    older: Option<Link>,
    empty: bool,
    /// One's own and each organisation's, never mixed.
    tabs: Vec<Tab>,
}

pub async fn list(page: Page, citizen: Citizen, Offered(c): Offered, mut read: Read, query: Query) -> Result<Response> {
    let before = query.get("truoc").and_then(|b| {
        let (at, id) = b.split_once('_')?;
        let at = chrono::DateTime::from_timestamp_micros(at.parse().ok()?).filter(|t| (2000..3000).contains(&chrono::Datelike::year(t)))?;
        Some((at, id.parse().ok()?))
    });
    let party = asked(&query, &citizen);
    let sight = citizen.sight(party).ok_or(Error::NotFound)?;
    let drafts = if before.is_none() && citizen.files_for(party) { filing::drafts_in(&mut read.0, sight).await? } else { Vec::new() };
    let mut all = store::dossiers_in(&mut read.0, sight, before).await?;
    let more = all.len() > 50;
    all.truncate(50);
    let here = of_party(urls::DOSSIERS, &citizen, party);
    let older = all.last().filter(|_| more).map(|d| here.with("truoc", &format!("{}_{}", d.submitted_at.timestamp_micros(), d.id)));
    let title = |code: &str| c.find(code).map_or_else(|| Words::same(code), |o| o.procedure.short());
    let mut groups: Vec<(Text, Vec<Row>)> = vec![(t::YOUR_TURN, Vec::new()), (t::UNDER_WAY, Vec::new()), (t::FINISHED, Vec::new())];
    for d in all {
        let group = match d.state {
            State::IntakeSupplement | State::SupplementRequested | State::PaymentRequested => 0,
            State::ResultReady => 0,
            s if s.is_ended() => 2,
            _ => 1,
        };
        groups[group].1.push(Row {
            link: urls::dossier(&d.code),
            code: d.code.to_string(),
            title: title(&d.procedure_code),
            owner: d.owner_name,
            state: t::state(d.state),
            class: t::state_class(d.state),
            due: d.due_at.filter(|_| d.state.is_running()).map(time::dmy_hm),
            late: d.state.is_running() && d.due_at.is_some_and(|x| x < page.now),
        });
    }
    let drafts: Vec<DraftRow> = drafts
        .into_iter()
        .map(|d| DraftRow {
            link: urls::of_draft(step_path(d.step), &d.token),
            discard: urls::of_draft(urls::DRAFT_DISCARD, &d.token),
            title: title(&d.procedure_code),
            saved: time::dmy_hm(d.saved_at),
        })
        .collect();
    let empty = drafts.is_empty() && groups.iter().all(|g| g.1.is_empty());
    let tabs = tabs(urls::DOSSIERS, &citizen, party, |p| citizen.sight(p).is_some());
    let view = List { page, drafts, groups, older, empty, tabs };
    view.page.show(&view)
}

pub async fn discard(Held(portal): Held<Portal>, page: Page, citizen: Citizen, Path(token): Path<String>, _posted: Posted) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| d.is_of(&citizen) && d.submitted_as.is_none()).ok_or(Error::NotFound)?;
    filing::delete_draft(&mut tx, draft.id).await?;
    tx.commit().await?;
    Ok(page.go(&urls::page(urls::DOSSIERS)))
}
