//! The papers step: one card a component, one row a file; stating a paper that the State already has.

use super::begin::{DraftCard, Steps, card, steps};
use super::files::{MOST_TOTAL, before_files, keep_row, receive, size_words};
use super::{Open, open_draft};
use crate::base::fold;
use crate::base::id::PaperId;
use crate::base::lang::Words;
use crate::base::partial_date::PartialDate;
use crate::base::time;
use crate::catalogue::{Catalogue, Offered};
use crate::dossier::filing::content::{self, Fault};
use crate::dossier::filing::slots::Slot;
use crate::dossier::filing::{self};
use crate::dossier::model::{Declared, Paper};
use crate::dossier::store::{self, Holder, NewPaper};
use crate::dossier::text as t;
use crate::platform::Portal;
use crate::web::extract::{Multipart, Path, Query, Read};
use crate::web::form::Posted;
use crate::web::session::{self, Citizen, Presence, Visitor};
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

pub struct FileRow {
    pub id: PaperId,
    pub name: String,
    pub link: Link,
    pub at: String,
    pub size: String,
    pub declared: Option<String>,
}

pub fn file_row(p: &Paper) -> FileRow {
    FileRow {
        id: p.id,
        link: urls::paper(&p.id),
        at: time::hm(p.at),
        size: size_words(p.size),
        declared: p.declared.as_ref().map(|d| {
            let date = PartialDate::parse(&d.0.date).map(|d| d.to_string()).unwrap_or_default();
            [d.0.number.as_str(), &d.0.issuer, &date].into_iter().filter(|x| !x.is_empty()).collect::<Vec<_>>().join(", ")
        }),
        name: p.name.clone(),
    }
}

pub struct SlotCard {
    pub n: usize,
    pub key: String,
    pub name: Words,
    pub help: Option<Words>,
    pub required: bool,
    pub kinds: String,
    pub accept: String,
    pub max_mb: u64,
    pub files: Vec<FileRow>,
    pub failed: Vec<(String, Words)>,
    pub declarable: Option<Words>,
    /// A declaration that wasn't taken, as typed, and why.
    pub typed: Option<(Declared, Words)>,
}

impl SlotCard {
    /// What was typed of a declaration that wasn't taken.
    fn was(&self) -> Declared {
        self.typed.as_ref().map(|t| t.0.clone()).unwrap_or_default()
    }
}

pub fn slot_cards(c: &Catalogue, slots: &[Slot], papers: &[Paper], failures: &[(String, String, Fault)]) -> Vec<SlotCard> {
    slots
        .iter()
        .enumerate()
        .map(|(i, s)| SlotCard {
            n: i + 1,
            key: s.key(),
            name: s.name.clone(),
            help: s.help.clone(),
            required: s.required,
            kinds: s.accept.iter().filter(|a| *a != "jpeg").map(|a| a.to_uppercase()).collect::<Vec<_>>().join(", "),
            accept: s.accept.iter().map(|a| format!(".{a}")).collect::<Vec<_>>().join(","),
            max_mb: s.max_mb,
            files: papers.iter().filter(|p| s.holds(p)).map(file_row).collect(),
            failed: failures.iter().filter(|f| f.0 == s.key()).map(|f| (f.1.clone(), t::file_fault(&f.2))).collect(),
            declarable: s.declarable.as_deref().map(|d| c.database_words(d)),
            typed: None,
        })
        .collect()
}

#[derive(Template)]
#[template(path = "dossier/papers.html")]
struct Show {
    page: Page,
    steps: Steps,
    card: DraftCard,
    token: String,
    slots: Vec<SlotCard>,
    failures: Vec<(String, Words)>,
    missing: Vec<(String, Words)>,
    shown_only: Vec<Words>,
    has_form: bool,
}

impl Show {
    /// A declaration that can't be taken: its form stays open with what was typed.
    fn declaring(&mut self, slot: &Slot, typed: Declared, words: Words) {
        self.failures.push((slot.name.get(self.page.lang).to_owned(), words.clone()));
        if let Some(s) = self.slots.iter_mut().find(|s| s.key == slot.key()) {
            s.typed = Some((typed, words));
        }
    }
}

fn view(page: Page, c: &Catalogue, open: &Open<'_>, failures: &[(String, String, Fault)], show_missing: bool) -> Show {
    let p = &open.whole.offered.procedure;
    let case = open.draft.procedure_case.as_deref();
    let missing = if show_missing { open.whole.missing().iter().map(|s| (s.key(), s.name.clone())).collect() } else { Vec::new() };
    Show {
        steps: steps(p.short(), Some(&open.draft.token), 3, open.draft.step.max(3), Some(time::hm(open.draft.saved_at))),
        card: card(c, &page, &open.whole, case),
        token: open.draft.token.clone(),
        slots: slot_cards(c, &open.whole.slots, &open.whole.papers, failures),
        failures: failures
            .iter()
            .map(|f| {
                let slot = || open.whole.slots.iter().find(|s| s.key() == f.0).map(|s| s.name.get(page.lang).to_owned());
                (if f.1.is_empty() { slot().unwrap_or_default() } else { f.1.clone() }, t::file_fault(&f.2))
            })
            .collect(),
        missing,
        shown_only: p.components.iter().filter(|x| !x.is_filed() && x.in_case(case)).map(crate::catalogue::model::Component::words).collect(),
        has_form: open.whole.form().is_some(),
        page,
    }
}

pub async fn show(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(token): Path<String>, mut read: Read, query: Query) -> Result<Response> {
    let open = open_draft(&portal, &mut read.0, &c, &citizen, &token).await?;
    if open.draft.submitted_as.is_some() {
        return Ok(page.go(&urls::page(urls::DOSSIERS)));
    }
    let v = view(page, &c, &open, &[], query.get("thieu").is_some());
    v.page.show(&v)
}

#[expect(clippy::too_many_arguments, reason = "what the request carries")]
pub async fn upload(
    State(portal): State<Portal>,
    page: Page,
    citizen: Citizen,
    presence: Presence,
    Offered(c): Offered,
    Path(token): Path<String>,
    headers: HeaderMap,
    mut multipart: Multipart,
) -> Result<Response> {
    let before = before_files(&portal, &presence, &headers, &mut multipart).await?;
    let mut conn = portal.db.read().await?;
    let open = open_draft(&portal, &mut conn, &c, &citizen, &token).await?;
    drop(conn);
    let slot = open.whole.slots.iter().find(|s| s.key() == before.slot).ok_or(Error::NotFound)?.clone();
    let mut failures: Vec<(String, String, Fault)> = Vec::new();
    let mut chosen = false;
    let mut total: i64 = open.whole.papers.iter().map(|p| p.size).sum();
    while let Ok(Some(mut field)) = multipart.next_field().await {
        let sent_name = field.file_name().unwrap_or("").to_owned();
        if field.file_name().is_none_or(str::is_empty) {
            // an unfilled slot of a browser without script says nothing
            continue;
        }
        chosen = true;
        match receive(&portal, &mut field, &slot.accept, slot.max_mb).await? {
            Err(f) => failures.push((slot.key(), content::name(&sent_name), f)),
            Ok(a) if total + a.size > MOST_TOTAL => failures.push((slot.key(), a.name, Fault::Total)),
            Ok(a) => {
                total += a.size;
                let now = portal.clock.now();
                let mut tx = portal.db.begin().await?;
                // a file may be long on its way: who has left meanwhile, or signed out, leaves nothing
                let held = session::now_held_by(&mut tx, &presence, now).await?;
                let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| matches!(&held, Some(Visitor::Citizen(c)) if d.is_of(c))).ok_or(Error::NotFound)?;
                if let Some(id) = draft.submitted_as {
                    // filed while the file was on its way: said, with the way to the dossier
                    let d = store::load_dossier(&mut tx, id).await?;
                    return Err(Error::Refused { words: t::too_late_for(&a.name), back: Some(urls::dossier(&d.code)), kept: Vec::new() });
                }
                // sent again after a broken line: the one that had arrived is no double
                let there = filing::papers_of_draft(&mut tx, draft.id).await?;
                if !there.iter().any(|p| slot.holds(p) && p.digest.as_ref() == Some(&a.digest) && p.name == a.name) {
                    keep_row(&mut tx, Holder::Draft(draft.id), &slot.component, slot.question.as_deref(), &a, now).await?;
                }
                filing::reach_step(&mut tx, draft.id, 3, now).await?;
                tx.commit().await?;
            }
        }
    }
    if !chosen {
        failures.push((slot.key(), String::new(), Fault::NotChosen));
    }
    if failures.is_empty() {
        return Ok(page.go(&urls::of_draft(urls::DRAFT_PAPERS, &token).at(&format!("slot-{}", slot.key()))));
    }
    let mut conn = portal.db.read().await?;
    let open = open_draft(&portal, &mut conn, &c, &citizen, &token).await?;
    let v = view(page, &c, &open, &failures, false);
    v.page.show_faults(&v)
}

pub async fn remove(State(portal): State<Portal>, page: Page, citizen: Citizen, Path(token): Path<String>, posted: Posted) -> Result<Response> {
    let id: PaperId = posted.text("giay").parse().map_err(|_| Error::NotFound)?;
    let mut tx = portal.db.begin().await?;
    let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| d.is_of(&citizen) && d.submitted_as.is_none()).ok_or(Error::NotFound)?;
    store::remove_paper(&mut tx, draft.id, id).await?;
    tx.commit().await?;
    Ok(page.go(&urls::of_draft(urls::DRAFT_PAPERS, &token)))
}

/// States a paper the State holds by its number; nothing is looked up here.
pub async fn declare(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(token): Path<String>, posted: Posted) -> Result<Response> {
    let mut conn = portal.db.read().await?;
    let open = open_draft(&portal, &mut conn, &c, &citizen, &token).await?;
    drop(conn);
    let slot = open.whole.slots.iter().find(|s| s.key() == posted.text("slot") && s.declarable.is_some()).ok_or(Error::NotFound)?;
    let get = |k: &str| fold::text(posted.text(k)).trim().to_owned();
    let typed = Declared { number: get("so"), issuer: get("noi-cap"), date: get("ngay-cap") };
    let date = crate::base::typed::date(&typed.date, true).filter(|d| d.first() <= portal.clock.today());
    let fault = if typed.number.is_empty() || typed.issuer.is_empty() {
        Some(crate::words!("Ghi số giấy và nơi cấp.", "Give the number and who issued it."))
    } else if !typed.date.is_empty() && date.is_none() {
        Some(crate::words!("Không có ngày cấp này. Ghi ngày/tháng/năm, ví dụ 16/11/2024.", "No such day. Give day/month/year, for example 16/11/2024."))
    } else {
        [&typed.number, &typed.issuer].iter().find_map(|x| crate::web::text::longer(x, 120))
    };
    if let Some(words) = fault {
        let mut v = view(page, &c, &open, &[], false);
        v.declaring(slot, typed, words);
        return v.page.show_faults(&v);
    }
    let declared = Declared { date: date.map(PartialDate::iso).unwrap_or_default(), ..typed };
    let back = urls::of_draft(urls::DRAFT_PAPERS, &token);
    let now = portal.clock.now();
    let mut tx = portal.db.begin().await?;
    let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| d.is_of(&citizen) && d.submitted_as.is_none()).ok_or(Error::NotFound)?;
    // declared again, it is corrected: one declaration a slot
    for p in open.whole.papers.iter().filter(|p| p.declared.is_some() && slot.holds(p)) {
        store::remove_paper(&mut tx, draft.id, p.id).await?;
    }
    let new = NewPaper { component: &slot.component, question: slot.question.as_deref(), name: &slot.name.vi, media: "", size: 0, digest: None, sent_digest: None, declared: Some(&declared) };
    store::insert_paper(&mut tx, Holder::Draft(draft.id), &new, now).await?;
    tx.commit().await?;
    Ok(page.go(&back.at(&format!("slot-{}", slot.key()))))
}
