//! Answering a letter: exactly what was asked is open, quoted in the office's own words.

use super::exchanges;
use super::files::{MOST_TOTAL, before_files, keep_row, receive};
use super::follow::{asks, item_words, refused, versions};
use super::papers::{FileRow, file_row};
use super::question::{Around, Control, communes};
use crate::base::code::DossierCode;
use crate::base::lang::Words;
use crate::base::time;
use crate::catalogue::form::{Answers, Env, Kind, Reason};
use crate::catalogue::{self, Offered};
use crate::dossier::filing::content::{self, Fault};
use crate::dossier::filing::slots;
use crate::dossier::model::{Dossier, Supplement};
use crate::dossier::store::Holder;
use crate::dossier::{acts, filing, lock_own, store, text as t, visible};
use crate::platform::Portal;
use crate::web::extract::{Multipart, Path};
use crate::web::field::Summary;
use crate::web::form::{Faults, Posted};
use crate::web::session::{self, Citizen, Presence, Visitor};
use crate::web::urls;
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State as Held;
use axum::http::HeaderMap;
use axum::response::Response;
use sqlx::PgConnection;
use std::collections::BTreeMap;

struct Item {
    id: String,
    name: Words,
    words: String,
    control: Option<Control>,
    component: Option<String>,
    accept: String,
    files: Vec<FileRow>,
    failed: Vec<(String, Words)>,
}

#[derive(Template)]
#[template(path = "dossier/supplement.html")]
struct Show {
    page: Page,
    code: DossierCode,
    title: Words,
    due: String,
    items: Vec<Item>,
    summary: Summary,
}

async fn letter(conn: &mut PgConnection, d: &Dossier) -> Result<Supplement> {
    let open = store::supplements_of(conn, d.id).await?.into_iter().find(Supplement::waits_for_person);
    open.filter(|_| asks(d.state)).ok_or(Error::NotFound)
}

/// The endings a component of this dossier takes.
fn accepts(p: &catalogue::model::Procedure, form: Option<&catalogue::form::Form>, d: &Dossier, component: &str, on: &slots::Exchanges) -> (Vec<String>, u64) {
    let all = slots::slots(p, form, d.procedure_case.as_deref(), &d.answers.0, None, on);
    all.into_iter().find(|s| s.component == component).map_or_else(|| (["pdf", "jpg", "jpeg", "png"].map(str::to_owned).to_vec(), 20), |s| (s.accept, s.max_mb))
}

#[expect(clippy::too_many_arguments, reason = "one page in all its faces")]
async fn view(
    page: Page,
    c: &catalogue::Catalogue,
    conn: &mut PgConnection,
    d: &Dossier,
    posted: Option<&Posted>,
    errors: &BTreeMap<String, Reason>,
    failures: &[(String, String, Fault)],
    unanswered: &[String],
) -> Result<Show> {
    let (p, form) = versions(conn, d).await?;
    let l = letter(conn, d).await?;
    let papers = store::papers_of_dossier(conn, d.id).await?;
    let on = exchanges(conn).await?;
    let mut faults = Faults::default();
    let mut items = Vec::new();
    for (i, item) in l.items.0.iter().enumerate() {
        let name = item_words(&p, form.as_deref(), &item.item);
        let id = format!("cho-{}", i + 1);
        if unanswered.contains(&item.item) {
            faults.add(&id, name.clone(), t::STILL_OPEN);
        }
        let component = item.item.strip_prefix("p:").map(str::to_owned);
        let question = item.item.strip_prefix("q:").and_then(|q| form.as_ref().and_then(|f| f.question(q)));
        let control = match (&form, question) {
            (Some(f), Some(q)) => {
                let around = Around { catalogue: c, communes: communes(c), errors, show_faults: true, form: f };
                let given = posted.and_then(|x| filing::answers::read(q, x));
                if let Some(words) = around.fault(q, &q.id, given.as_ref()) {
                    faults.add(&q.id, q.words(), words);
                }
                Some(around.control(q, &q.id, given.as_ref().or_else(|| d.answers.0.get(&q.id)), None, None))
            }
            _ => None,
        };
        items.push(Item {
            name,
            words: item.words.clone(),
            control,
            accept: component.as_deref().map(|x| accepts(&p, form.as_deref(), d, x, &on).0.iter().map(|a| format!(".{a}")).collect::<Vec<_>>().join(",")).unwrap_or_default(),
            files: papers.iter().filter(|x| Some(&x.component) == component.as_ref() && x.at > l.since).map(file_row).collect(),
            failed: failures.iter().filter(|f| Some(&f.0) == component.as_ref()).map(|f| (f.1.clone(), t::file_fault(&f.2))).collect(),
            component,
            id,
        });
    }
    Ok(Show { code: d.code.clone(), title: p.short(), due: time::dmy(l.due_at), items, summary: (&faults).into(), page })
}

pub async fn show(Held(portal): Held<Portal>, page: Page, _: Citizen, Offered(c): Offered, Path(code): Path<String>) -> Result<Response> {
    let mut conn = portal.db.read().await?;
    let d = visible(&mut conn, &code, &page.presence.visitor).await?;
    // sent already, or nothing asked: the dossier's page says so
    if letter(&mut conn, &d).await.is_err() {
        return Ok(page.go(&urls::dossier(&d.code)));
    }
    let v = view(page, &c, &mut conn, &d, None, &BTreeMap::new(), &[], &[]).await?;
    v.page.show(&v)
}

#[expect(clippy::too_many_arguments, reason = "what the request carries")]
pub async fn upload(
    Held(portal): Held<Portal>,
    page: Page,
    _: Citizen,
    presence: Presence,
    Offered(c): Offered,
    Path(code): Path<String>,
    headers: HeaderMap,
    mut multipart: Multipart,
) -> Result<Response> {
    let before = before_files(&portal, &presence, &headers, &mut multipart).await?;
    let mut conn = portal.db.read().await?;
    let d = visible(&mut conn, &code, &page.presence.visitor).await?;
    let l = letter(&mut conn, &d).await?;
    if !l.items.0.iter().any(|i| i.item.strip_prefix("p:") == Some(&before.slot)) {
        return Err(Error::NotFound);
    }
    let (p, form) = versions(&mut conn, &d).await?;
    let on = exchanges(&mut conn).await?;
    let (accept, max_mb) = accepts(&p, form.as_deref(), &d, &before.slot, &on);
    let there = store::papers_of_dossier(&mut conn, d.id).await?;
    let mut total: i64 = there.iter().map(|p| p.size).sum();
    let question = there.into_iter().find(|x| x.component == before.slot).and_then(|x| x.question);
    drop(conn);
    let mut failures = Vec::new();
    while let Ok(Some(mut field)) = multipart.next_field().await {
        let sent = field.file_name().unwrap_or("").to_owned();
        if sent.is_empty() {
            continue;
        }
        match receive(&portal, &mut field, &accept, max_mb).await? {
            Err(f) => failures.push((before.slot.clone(), content::name(&sent), f)),
            Ok(a) if total + a.size > MOST_TOTAL => failures.push((before.slot.clone(), a.name, content::Fault::Total)),
            Ok(a) => {
                total += a.size;
                let now = portal.clock.now();
                let mut tx = portal.db.begin().await?;
                // a file may be long on its way: who has left meanwhile, or signed out, leaves nothing
                let Some(Visitor::Citizen(citizen)) = session::now_held_by(&mut tx, &presence, now).await? else { return Err(Error::NotFound) };
                let locked = lock_own(&mut tx, &d.code, &citizen).await?;
                letter(&mut tx, &locked).await?;
                keep_row(&mut tx, Holder::Dossier(d.id), &before.slot, question.as_deref(), &a, now).await?;
                tx.commit().await?;
            }
        }
    }
    if failures.is_empty() {
        return Ok(page.go(&urls::of_dossier(urls::DOSSIER_SUPPLEMENT, &d.code)));
    }
    let mut conn = portal.db.read().await?;
    let v = view(page, &c, &mut conn, &d, None, &BTreeMap::new(), &failures, &[]).await?;
    v.page.show_faults(&v)
}

pub async fn send(Held(portal): Held<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    let now = portal.clock.now();
    let code = DossierCode::parse(&code).ok_or(Error::NotFound)?;
    let mut tx = portal.db.begin().await?;
    let d = lock_own(&mut tx, &code, &citizen).await?;
    if let Some(paper) = posted.get("xoa").and_then(|x| x.parse().ok()) {
        let l = letter(&mut tx, &d).await?;
        store::remove_dossier_paper(&mut tx, d.id, paper, l.since).await?;
        tx.commit().await?;
        return Ok(page.go(&urls::of_dossier(urls::DOSSIER_SUPPLEMENT, &d.code)));
    }
    let Ok(l) = letter(&mut tx, &d).await else { return Ok(page.go(&urls::dossier(&d.code))) };
    let (_, form) = versions(&mut tx, &d).await?;
    let mut changed = Answers::new();
    let mut errors = BTreeMap::new();
    if let Some(f) = &form {
        let env = Env::new(&c.places, portal.clock.today(), portal.demo);
        for item in l.items.0.iter().filter_map(|i| i.item.strip_prefix("q:")) {
            if let Some(q) = f.question(item).filter(|q| q.kind != Kind::File)
                && let Some(v) = filing::answers::read(q, &posted)
            {
                changed.insert(q.id.clone(), v);
            }
        }
        let mut all = d.answers.0.clone();
        all.extend(changed.clone());
        let of_letter = |k: &str| l.items.0.iter().any(|i| i.item.strip_prefix("q:").is_some_and(|q| k == q || k.starts_with(&format!("{q}["))));
        errors = f.errors(&all, &env).into_iter().filter(|(k, _)| of_letter(k)).collect();
    }
    if errors.is_empty() {
        match acts::supplement(&mut tx, &c, &d, &citizen, &changed, now).await {
            Ok(d) => {
                tx.commit().await?;
                return Ok(page.go(&urls::dossier(&d.code)));
            }
            Err(acts::Refused::Unanswered(left)) => {
                let v = view(page, &c, &mut tx, &d, Some(&posted), &errors, &[], &left).await?;
                return v.page.show_faults(&v);
            }
            Err(r) => {
                drop(tx);
                let mut conn = portal.db.read().await?;
                let d = store::load_dossier(&mut conn, d.id).await?;
                let back = urls::dossier(&d.code);
                return Err(refused(&mut conn, &d, r, Vec::new(), back).await);
            }
        }
    }
    let v = view(page, &c, &mut tx, &d, Some(&posted), &errors, &[], &[]).await?;
    v.page.show_faults(&v)
}
