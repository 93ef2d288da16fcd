//! The e-form: one page of numbered sections, saved at every step, never losing what was typed.

use super::begin::{DraftCard, Steps, card, steps};
use super::question::{Around, Control, communes};
use super::{Open, put_together};
use crate::base::id::DossierId;
use crate::base::lang::{Text, Words};
use crate::base::{random, time};
use crate::catalogue::form::{Answers, Form, Kind, Question};
use crate::catalogue::{Catalogue, Offered};
use crate::dossier::filing::answers::{self, ASKED, shown};
use crate::dossier::filing::{self, Field};
use crate::dossier::model::Draft;
use crate::dossier::{store, text as t};
use crate::platform::Portal;
use crate::web::extract::{Path, Query};
use crate::web::field::Summary;
use crate::web::form::{Faults, Posted};
use crate::web::session::{Citizen, Visitor};
use crate::web::token;
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result, session};
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::collections::HashMap;

struct Section {
    n: usize,
    id: String,
    title: Words,
    known: Vec<(Words, String)>,
    controls: Vec<Control>,
    state: Text,
    state_class: &'static str,
}

#[derive(Template)]
#[template(path = "dossier/form.html")]
struct Show {
    page: Page,
    steps: Steps,
    card: DraftCard,
    token: String,
    title: Words,
    model: String,
    sections: Vec<Section>,
    summary: Summary,
    revision: i64,
    page_id: String,
    back_again: bool,
}

/// What an answer line of identity shows: read-only, from the account.
fn known(q: &Question, v: Option<&Value>) -> String {
    match v {
        Some(Value::Object(o)) => o.get("number").and_then(Value::as_str).unwrap_or("").to_owned(),
        v if q.prefill.as_deref() == Some("account.sex") => v.and_then(Value::as_str).and_then(|s| q.option(s)).map_or_else(String::new, |o| o.label.clone()),
        v => shown(q.kind, v),
    }
}

#[expect(clippy::too_many_arguments, reason = "one page in all its faces")]
fn view(page: Page, c: &Catalogue, open: &Open<'_>, form: &Form, conflicts: &HashMap<String, Option<Value>>, show_faults: bool, page_id: String, back_again: bool) -> Show {
    let errors = open.whole.form_errors();
    // what was filed once and no longer holds is said at once
    let show_faults = show_faults || open.sources.values().any(|s| s == "copied");
    let around = Around { catalogue: c, communes: communes(c), errors: &errors, show_faults, form };
    let a = &open.whole.answers;
    let mut faults = Faults::default();
    let mut sections = Vec::new();
    for s in form.sections.iter().filter(|s| form.section_is_asked(s, a)) {
        let mut controls = Vec::new();
        let mut facts = Vec::new();
        let mut bad = 0;
        for q in s.fields.iter().filter(|q| Form::is_asked(s, q, a) && !matches!(q.kind, Kind::File | Kind::Declaration)) {
            let v = a.get(&q.id);
            let wrong: Vec<_> = errors.iter().filter(|(k, _)| **k == q.id || k.starts_with(&format!("{}[", q.id))).collect();
            bad += wrong.len();
            if q.is_identity() || q.answered_by.is_some() {
                // the case was chosen in the first step and stands on the card: it is no fact of the account
                if q.answered_by.is_none() {
                    facts.push((q.words(), known(q, v)));
                }
                if show_faults {
                    for (place, _) in &wrong {
                        faults.add("nhan-than", q.words(), around.fault(q, place, v).unwrap_or_default());
                    }
                }
                continue;
            }
            if show_faults {
                for (place, reason) in &wrong {
                    // `lines[2].code`: the cell's own words
                    let cell = place.rsplit_once("].").and_then(|(row, col)| Some((row.rsplit_once('[')?.1.parse::<usize>().ok()?, q.columns.iter().find(|x| x.id == col)?)));
                    let (at, v) = cell.map_or((q, v), |(row, column)| (column, v.and_then(|v| v.get(row)?.get(&column.id))));
                    let words = around.fault(at, place, v).unwrap_or_else(|| t::reason(at, **reason, "", None));
                    faults.add(place, at.words(), words);
                }
            }
            let source = open.sources.get(&q.id).and_then(|x| match x.as_str() {
                "account" => Some(t::FROM_ACCOUNT),
                "earlier" => Some(t::FROM_EARLIER),
                "organisation" => Some(t::FROM_ORGANISATION),
                "copied" => Some(t::FROM_COPY),
                _ => None,
            });
            let other = conflicts.get(&q.id).map(|v| shown(q.kind, v.as_ref()));
            controls.push(around.control(q, &q.id, v, source, other));
        }
        if controls.is_empty() && facts.is_empty() {
            continue;
        }
        let (state, state_class) = match (bad, show_faults) {
            (0, _) => (t::OK, "quiet"),
            (_, true) => (t::TO_MEND, "bad"),
            (_, false) => (t::OPEN, "quiet"),
        };
        sections.push(Section { n: sections.len() + 1, id: format!("muc-{}", s.id), title: Words::with_fallback(&s.title, s.title_en.as_deref()), known: facts, controls, state, state_class });
    }
    Show {
        steps: steps(open.whole.offered.procedure.short(), Some(&open.draft.token), 2, open.draft.step, Some(time::hm(open.draft.saved_at))),
        card: card(c, &page, &open.whole, open.draft.procedure_case.as_deref()),
        token: open.draft.token.clone(),
        title: form.words(),
        model: form.model.clone(),
        sections,
        summary: (&faults).into(),
        revision: open.draft.revision,
        page_id,
        back_again,
        page,
    }
}

pub async fn show(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, Path(token): Path<String>, query: Query) -> Result<Response> {
    let now = portal.clock.now();
    let mut tx = portal.db.begin().await?;
    let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| d.is_of(&citizen)).ok_or(Error::NotFound)?;
    if draft.submitted_as.is_some() {
        return Ok(page.go(&urls::page(urls::DOSSIERS)));
    }
    filing::follow_catalogue(&mut tx, &draft, &c).await?;
    // what was posted after a session had ended comes back, once
    let mut back_again = false;
    let mut kept = Vec::new();
    for key in query.get("giu").map(session::hash).into_iter().chain([waiting_for(&draft)]) {
        kept.extend(filing::take_kept(&mut tx, &key, draft.id).await?);
    }
    for body in kept {
        let posted = Posted(crate::web::form::parse(&body));
        let form = c.find(&draft.procedure_code).and_then(|o| o.form.as_ref());
        if let Some(form) = form {
            let (fields, seen, page_id) = read(&form.form, &posted);
            filing::save(&mut tx, &draft, &page_id, seen, 0, &fields, now).await?;
            back_again = true;
        }
    }
    tx.commit().await?;
    let mut conn = portal.db.read().await?;
    let draft = filing::find_draft(&mut conn, &token).await?.ok_or(Error::NotFound)?;
    let open = put_together(&portal, &mut conn, &c, &citizen, draft).await?;
    let Some(form) = open.whole.form() else { return Ok(page.go(&urls::of_draft(urls::DRAFT_PAPERS, &token))) };
    let conflicts = filing::conflicts(&mut conn, open.draft.id).await?.into_iter().collect();
    let v = view(page, &c, &open, form, &conflicts, query.get("loi").is_some(), random::token(), back_again);
    v.page.show(&v)
}

/// The fields of a posted page: only those whose marker stood on it.
fn read(form: &Form, posted: &Posted) -> (Vec<Field>, i64, String) {
    let fields = posted
        .all(ASKED)
        .filter_map(|id| form.question(id))
        .filter(|q| !q.is_identity() && q.answered_by.is_none() && q.kind != Kind::File)
        .map(|q| Field { question: q.id.clone(), value: answers::read(q, posted) })
        .collect();
    let seen = posted.text("_revision").parse().unwrap_or(0);
    let page_id: String = posted.text("_page").chars().filter(char::is_ascii_hexdigit).take(32).collect();
    (fields, seen, page_id)
}

/// Typed on a page after another had filed the dossier: told so, with the words that are not in it.
async fn filed_meanwhile(conn: &mut sqlx::PgConnection, id: DossierId, c: &Catalogue, posted: &Posted) -> Result<Error> {
    let d = store::load_dossier(conn, id).await?;
    let form = c.find(&d.procedure_code).and_then(|o| o.form.as_ref()).map(|f| &f.form);
    let mut kept = Vec::new();
    if let Some(form) = form {
        for f in read(form, posted).0.into_iter().filter(|f| f.value.as_ref() != d.answers.0.get(&f.question)) {
            if let (Some(q), Some(v)) = (form.question(&f.question), &f.value) {
                kept.push((q.words(), shown(q.kind, Some(v))));
            }
        }
    }
    Ok(Error::Moved { words: t::filed_meanwhile(d.code.as_str(), !kept.is_empty()), kept, back: urls::dossier(&d.code) })
}

fn encoded(posted: &Posted) -> String {
    posted.0.iter().map(|(n, v)| format!("{}={}", urls::escape(n), urls::escape(v))).collect::<Vec<_>>().join("&")
}

/// The key of what waits for a draft's owner, whoever was signed in when it was sent.
fn waiting_for(d: &Draft) -> [u8; 32] {
    session::hash(&format!("draft:{}", d.id))
}

/// Whether the page a post comes from was made for somebody who may go on with this draft: only then is it kept for them.
async fn is_theirs(portal: &Portal, conn: &mut sqlx::PgConnection, draft: &Draft, made_for: &str) -> Result<bool> {
    let mut people = vec![draft.account_id];
    people.extend(crate::account::who_files_for(conn, draft.party_id).await?);
    Ok(people.iter().any(|p| token::is_mark_of(&portal.token_key, &p.to_string(), made_for)))
}

/// A post whose session has ended: kept for the same person's sign-in.
async fn keep(portal: &Portal, page: &Page, token: &str, posted: &Posted, made_for: &str) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    let form = urls::of_draft(urls::DRAFT_FORM, token);
    let draft = filing::find_draft(&mut tx, token).await?;
    let Some(draft) = draft else { return Err(Error::NotFound) };
    if !is_theirs(portal, &mut tx, &draft, made_for).await? {
        return Err(Error::SignIn { next: Link::to(form.in_lang(page.lang)), staff: false });
    }
    let key = random::token();
    filing::keep_post(&mut tx, &session::hash(&key), draft.id, &encoded(posted), portal.clock.now()).await?;
    tx.commit().await?;
    let next = form.with("giu", &key);
    Err(Error::SignIn { next: Link::to(next.in_lang(page.lang)), staff: false })
}

/// Saves the page, then goes on, adds a row, ends a conflict, or comes back with every fault at once.
pub async fn save(State(portal): State<Portal>, page: Page, Offered(c): Offered, Path(token): Path<String>, posted: PostedOrStale) -> Result<Response> {
    let now = portal.clock.now();
    let made_for = posted.made_for();
    if let Some(Error::Another { .. }) = posted.stale {
        // the page is another person's: what was typed there waits for that person, unseen
        let mut tx = portal.db.begin().await?;
        if let Some(draft) = filing::find_draft(&mut tx, &token).await?
            && is_theirs(&portal, &mut tx, &draft, &made_for).await?
        {
            filing::keep_post(&mut tx, &waiting_for(&draft), draft.id, &encoded(&posted.fields), now).await?;
            tx.commit().await?;
        }
        return Err(Error::Another { fields: Vec::new(), made_for });
    }
    let citizen = match &page.presence.visitor {
        Visitor::Citizen(citizen) => citizen.clone(),
        Visitor::Staff(_) => return Err(Error::NotFound),
        Visitor::Nobody => return keep(&portal, &page, &token, &posted.fields, &made_for).await,
    };
    let posted = posted.checked()?;
    let mut tx = portal.db.begin().await?;
    let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| d.is_of(&citizen)).ok_or(Error::NotFound)?;
    if let Some(id) = draft.submitted_as {
        return Err(filed_meanwhile(&mut tx, id, &c, &posted).await?);
    }
    let o = c.find(&draft.procedure_code).ok_or(Error::NotFound)?;
    let Some(form) = o.form.as_ref().map(|f| &f.form) else { return Err(Error::NotFound) };
    let (fields, seen, page_id) = read(form, &posted);
    let saved = filing::save(&mut tx, &draft, &page_id, seen, i64::MAX, &fields, now).await?;
    if let Some((mine, question)) = posted.get("_choose").and_then(|x| x.split_once(':')) {
        let draft = Draft { revision: saved.revision, ..draft.clone() };
        filing::choose(&mut tx, &draft, question, mine == "mine", now).await?;
    }
    let rows = change_rows(&mut tx, &draft, form, &posted, saved.revision, now).await?;
    let stays = posted.has("_refresh") || posted.has("_choose") || rows || !saved.conflicts.is_empty();
    // the language is changed by a button of the form: what was typed goes with it
    let (other, help) = (posted.has("_other"), posted.has("_help"));
    let later = posted.has("_later") || other || help;
    if !stays && !later {
        filing::reach_step(&mut tx, draft.id, 3, now).await?;
    }
    tx.commit().await?;
    if other {
        return Ok(page.go_as_written(&urls::Link::to(urls::of_draft(urls::DRAFT_FORM, &token).in_lang(page.lang.other()))));
    }
    if help {
        return Ok(page.go(&urls::help(urls::HELP_FORM, &urls::of_draft(urls::DRAFT_FORM, &token))));
    }
    if later {
        return Ok(page.go(&urls::page(urls::DOSSIERS)));
    }
    let back = urls::of_draft(urls::DRAFT_FORM, &token);
    if stays {
        let anchor = posted.get("_refresh").or_else(|| posted.get("_add")).or_else(|| posted.get("_remove").and_then(|r| r.split(':').next())).unwrap_or("");
        return Ok(page.go(&if anchor.is_empty() { back } else { back.at(&format!("f-{anchor}")) }));
    }
    let mut conn = portal.db.read().await?;
    let draft = filing::find_draft(&mut conn, &token).await?.ok_or(Error::NotFound)?;
    let open = put_together(&portal, &mut conn, &c, &citizen, draft).await?;
    if open.whole.form_errors().is_empty() {
        return Ok(page.go(&urls::of_draft(urls::DRAFT_PAPERS, &token)));
    }
    let v = view(page, &c, &open, form, &HashMap::new(), true, random::token(), false);
    v.page.show_faults(&v)
}

/// `_add` and `_remove` of table rows, without script; true if one was pressed.
async fn change_rows(tx: &mut crate::platform::db::Tx, draft: &Draft, form: &Form, posted: &Posted, revision: i64, now: crate::base::time::Moment) -> Result<bool> {
    let (question, remove) = match (posted.get("_add"), posted.get("_remove").and_then(|r| r.split_once(':'))) {
        (Some(q), _) => (q, None),
        (None, Some((q, i))) => (q, i.parse::<usize>().ok()),
        (None, None) => return Ok(false),
    };
    let Some(q) = form.question(question).filter(|q| q.kind == Kind::Table) else { return Ok(false) };
    let mut rows = answers::read(q, posted).and_then(|v| v.as_array().cloned()).unwrap_or_default();
    match remove {
        Some(i) if i < rows.len() => {
            rows.remove(i);
        }
        Some(_) => {}
        None if rows.len() < q.max_rows => {
            while rows.len() < q.min_rows {
                rows.push(Value::Object(Answers::new()));
            }
            rows.push(Value::Object(Answers::new()));
        }
        None => {}
    }
    let fields = [Field { question: q.id.clone(), value: Some(Value::Array(rows)) }];
    let draft = Draft { revision, ..draft.clone() };
    filing::save(tx, &draft, &random::token(), revision, 0, &fields, now).await?;
    Ok(true)
}

/// A form post, also with a token that fits no session any more: what was typed is not thrown away.
pub struct PostedOrStale {
    fields: Posted,
    stale: Option<Error>,
}

impl PostedOrStale {
    /// The mark of the page, where it isn't of this session.
    fn made_for(&self) -> String {
        match &self.stale {
            Some(Error::Stale { made_for, .. } | Error::Another { made_for, .. }) => made_for.clone(),
            _ => String::new(),
        }
    }

    fn checked(self) -> Result<Posted> {
        self.stale.map_or(Ok(self.fields), Err)
    }
}

impl axum::extract::FromRequest<Portal> for PostedOrStale {
    type Rejection = Error;
    async fn from_request(request: axum::extract::Request, portal: &Portal) -> Result<Self> {
        match Posted::from_request(request, portal).await {
            Ok(fields) => Ok(Self { fields, stale: None }),
            Err(Error::Stale { fields, made_for }) => Ok(Self { fields: Posted(fields.clone()), stale: Some(Error::Stale { fields, made_for }) }),
            Err(Error::Another { fields, made_for }) => Ok(Self { fields: Posted(fields), stale: Some(Error::Another { fields: Vec::new(), made_for }) }),
            Err(e) => Err(e),
        }
    }
}

/// Saves while typing, for script: answers with the new revision, the time, and what another page changed.
pub async fn autosave(State(portal): State<Portal>, citizen: Citizen, Offered(c): Offered, Path(token): Path<String>, posted: Posted) -> Result<Response> {
    let now = portal.clock.now();
    let mut tx = portal.db.begin().await?;
    let draft = filing::lock_draft(&mut tx, &token).await?.filter(|d| d.is_of(&citizen)).ok_or(Error::NotFound)?;
    if let Some(id) = draft.submitted_as {
        return Err(filed_meanwhile(&mut tx, id, &c, &posted).await?);
    }
    let o = c.find(&draft.procedure_code).ok_or(Error::NotFound)?;
    let form = o.form.as_ref().map(|f| &f.form).ok_or(Error::NotFound)?;
    let (fields, seen, page_id) = read(form, &posted);
    let seq = posted.text("_seq").parse().unwrap_or(0);
    let saved = filing::save(&mut tx, &draft, &page_id, seen, seq, &fields, now).await?;
    tx.commit().await?;
    Ok(Json(serde_json::json!({ "revision": saved.revision, "at": time::hm(now), "conflicts": saved.conflicts })).into_response())
}
