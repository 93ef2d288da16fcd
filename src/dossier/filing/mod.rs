//! Filing: from the first answer to the code.
//!
//! A draft's answers are appended, never overwritten: each page carries the revision it showed, a field is written only
//! if it differs from what that page showed, and where another page changed it since, both values are kept until the
//! person chooses. Facts of identity are not stored in a draft at all: they are read from the account, so a correction
//! there follows by itself.

pub mod answers;
pub mod content;
pub mod copy;
pub mod slots;
pub mod submit;

use super::model::{Draft, Place};
use super::store;
use crate::account;
use crate::account::model::{Account, Organisation};
use crate::base::id::{DraftId, PartyId};
use crate::base::random;
use crate::base::time::Moment;
use crate::catalogue::form::{Answers, Form, Kind, Question};
use crate::catalogue::{Catalogue, OfferedProcedure};
use crate::platform::db::Tx;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Days a draft lives after its last change (setting of the rule book).
const DRAFT_DAYS: i64 = 90;

/// What a person says in the first step.
#[derive(Debug, Clone)]
pub struct Where {
    /// Whose dossier it will be: their own, or an organisation's they file for.
    pub party: PartyId,
    pub case: Option<String>,
    pub place: Place,
    pub for_whom: String,
    pub result_channel: String,
    pub exemption: Option<String>,
}

/// A draft from the first answer on, with the known facts filled in and their source noted.
pub async fn open(tx: &mut Tx, o: &OfferedProcedure, account: &Account, first: &Where, now: Moment) -> sqlx::Result<String> {
    let (id, token) = (DraftId::fresh(), random::token());
    let form = o.form.as_ref();
    let expires = now + TimeDelta::days(DRAFT_DAYS);
    store::insert_draft(tx, id, &token, first.party, account.id, (o.version, &o.procedure.code), form.map(|f| f.version), &random::token(), now, expires).await?;
    set_where(tx, id, first, now).await?;
    let Some(form) = form else { return Ok(token) };
    let earlier = store::earlier_answers(tx, first.party, account.id).await?;
    let organisation = account::organisation_for(tx, account, first.party).await?;
    fill(tx, id, &form.form, 0, now, |q| {
        // what this person said of themselves before; of others nothing is carried over
        let of_self = q.id.starts_with("applicant_") && q.kind != Kind::File && q.kind != Kind::Declaration && q.answered_by.is_none();
        let before = || earlier.iter().filter(|_| of_self).find_map(|a| a.0.get(&q.id)).filter(|v| !v.is_null()).map(|v| (v.clone(), "earlier"));
        let default = || q.default.clone().filter(|v| !v.is_null()).map(|v| (v, "default"));
        of_account(q, account).or_else(before).or_else(default).or_else(|| of_organisation(q, organisation.as_ref()?))
    })
    .await?;
    Ok(token)
}

/// Lays in what is known of the organisation a draft is now for, where nothing is answered yet.
pub async fn fill_organisation(tx: &mut Tx, draft: &Draft, account: &Account, party: PartyId, form: &Form, now: Moment) -> sqlx::Result<()> {
    let Some(o) = account::organisation_for(tx, account, party).await? else { return Ok(()) };
    let answered: Vec<String> = store::answers(tx, draft.id).await?.into_iter().filter(|a| a.value.as_ref().is_some_and(|v| !v.is_null())).map(|a| a.question).collect();
    fill(tx, draft.id, form, draft.revision, now, |q| of_organisation(q, &o).filter(|_| !answered.contains(&q.id))).await
}

/// Answers known before anybody types, with where each is from: one revision each, after those there are.
async fn fill(tx: &mut Tx, id: DraftId, form: &Form, mut revision: i64, now: Moment, known: impl Fn(&Question) -> Option<(Value, &'static str)>) -> sqlx::Result<()> {
    for q in form.questions().filter(|q| !q.is_identity()) {
        if let Some((value, source)) = known(q) {
            revision += 1;
            store::insert_answer(tx, id, &q.id, revision, Some(&value), "opened", 0, source, now).await?;
        }
    }
    store::set_revision(tx, id, revision, now).await
}

/// What the account knows of its person, besides the identity that is laid in anew each time.
fn of_account(q: &Question, account: &Account) -> Option<(Value, &'static str)> {
    let value = match q.prefill.as_deref()? {
        "account.phone" => json!(account.phone),
        "account.email" => json!(account.email.as_ref()?),
        "account.address" if !q.coded => account.address.clone()?,
        _ => return None,
    };
    Some((value, "account"))
}

fn of_organisation(q: &Question, o: &Organisation) -> Option<(Value, &'static str)> {
    let value = match q.prefill.as_deref()? {
        "account.organisation_name" => json!(o.name),
        "account.tax_code" => json!(o.tax_code),
        "account.organisation_address" if !q.coded => json!({ "text": o.address.as_ref()? }),
        "account.representative" => json!(o.claimant_name),
        "account.owner_kind" => json!("to-chuc"),
        _ => return None,
    };
    Some((value, "organisation"))
}

pub async fn set_where(tx: &mut Tx, id: DraftId, w: &Where, now: Moment) -> sqlx::Result<()> {
    store::set_where(tx, id, w.party, w.case.as_deref(), &w.place, &w.for_whom, &w.result_channel, w.exemption.as_deref(), now).await
}

/// The standing answers of a draft with identity and case laid in, and where each known one came from.
pub async fn standing(conn: &mut PgConnection, draft: &Draft, form: Option<&Form>, account: &Account) -> sqlx::Result<(Answers, HashMap<String, String>)> {
    let mut answers = Answers::new();
    let mut sources = HashMap::new();
    for row in store::answers(conn, draft.id).await? {
        if let Some(value) = row.value.filter(|v| !v.is_null()) {
            if row.source != "typed" {
                sources.insert(row.question.clone(), row.source);
            }
            answers.insert(row.question, value);
        }
    }
    if let Some(form) = form {
        lay_in(form, draft.procedure_case.as_deref(), account, &mut answers);
    }
    Ok((answers, sources))
}

/// Identity from the account, the case from the first step.
fn lay_in(form: &Form, case: Option<&str>, account: &Account, answers: &mut Answers) {
    for q in form.questions() {
        let value = match (q.prefill.as_deref(), q.answered_by.as_deref()) {
            (_, Some("case")) => case.map(|c| json!(c)),
            (Some("account.full_name"), _) => Some(json!(account.full_name)),
            (Some("account.person_id"), _) => match (&account.personal_number, &account.passport) {
                (Some(n), _) => Some(json!(n)),
                (None, Some(p)) => Some(json!({ "paper": "passport", "number": p })),
                (None, None) => None,
            },
            (Some("account.birth_date"), _) => Some(json!(account.birth_date)),
            (Some("account.sex"), _) => Some(json!(account.sex)),
            _ => continue,
        };
        match value {
            Some(v) => answers.insert(q.id.clone(), v),
            None => answers.remove(&q.id),
        };
    }
}

/// One field as a page sends it.
#[derive(Debug, Clone)]
pub struct Field {
    pub question: String,
    /// None: the answer is taken back.
    pub value: Option<Value>,
}

/// What saving a page did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub revision: i64,
    /// Questions that another page changed meanwhile: both values stand until the person chooses.
    pub conflicts: Vec<String>,
}

/// Writes the fields of a page that showed `seen`: only what differs from what it showed, late or repeated ones not at all.
pub async fn save(tx: &mut Tx, draft: &Draft, page: &str, seen: i64, seq: i64, fields: &[Field], now: Moment) -> sqlx::Result<Saved> {
    let mut revision = draft.revision;
    let mut conflicts = Vec::new();
    for f in fields {
        let history = store::history(tx, draft.id, &f.question).await?;
        match judge(&history, page, seen, seq, f.value.as_ref()) {
            Verdict::Keep => {}
            Verdict::Write => {
                revision += 1;
                store::insert_answer(tx, draft.id, &f.question, revision, f.value.as_ref(), page, seq, "typed", now).await?;
            }
            Verdict::Conflict => {
                store::put_conflict(tx, draft.id, &f.question, f.value.as_ref(), now).await?;
                conflicts.push(f.question.clone());
            }
        }
    }
    if revision != draft.revision {
        store::set_revision(tx, draft.id, revision, now).await?;
    }
    Ok(Saved { revision, conflicts })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Keep,
    Write,
    Conflict,
}

fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    a.filter(|v| !v.is_null()) == b.filter(|v| !v.is_null())
}

/// What becomes of one posted value, given the question's history (newest first).
fn judge(history: &[store::HistoryRow], page: &str, seen: i64, seq: i64, value: Option<&Value>) -> Verdict {
    // a late or repeated save of the same page never overwrites a newer one
    if history.iter().any(|h| h.page == page && h.seq >= seq && seq > 0) {
        return Verdict::Keep;
    }
    let current = history.first();
    if same(current.and_then(|h| h.value.as_ref()), value) {
        return Verdict::Keep;
    }
    let shown = history.iter().find(|h| h.revision <= seen || h.page == page);
    let changed_elsewhere = current.is_some_and(|h| h.revision > seen && h.page != page);
    if !changed_elsewhere {
        return Verdict::Write;
    }
    // the person did not touch it here: the newer value of the other page stands
    if same(shown.and_then(|h| h.value.as_ref()), value) { Verdict::Keep } else { Verdict::Conflict }
}

/// Ends a conflict by the person's choice.
pub async fn choose(tx: &mut Tx, draft: &Draft, question: &str, mine: bool, now: Moment) -> sqlx::Result<()> {
    if mine && let Some((_, value)) = store::conflicts(tx, draft.id).await?.into_iter().find(|(q, _)| q == question) {
        let revision = draft.revision + 1;
        store::insert_answer(tx, draft.id, question, revision, value.as_ref(), "chosen", 0, "typed", now).await?;
        store::set_revision(tx, draft.id, revision, now).await?;
    }
    store::end_conflict(tx, draft.id, question).await
}

/// The procedure and form a draft goes on with: the newest in force, so that what changed is asked again.
pub async fn follow_catalogue(tx: &mut Tx, draft: &Draft, c: &Catalogue) -> sqlx::Result<()> {
    if let Some(o) = c.find(&draft.procedure_code) {
        let form = o.form.as_ref().map(|f| f.version);
        if (draft.procedure_version, draft.form_version) != (o.version, form) {
            store::move_to_version(tx, draft.id, o.version, form).await?;
        }
    }
    Ok(())
}

pub use store::{answers as answer_rows, conflicts, delete_draft, drafts_in, find_draft, keep_post, load_draft, lock_draft, papers_of_draft, reach_step, take_kept};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(revision: i64, value: &str, page: &str, seq: i64) -> store::HistoryRow {
        store::HistoryRow { revision, value: Some(json!(value)), page: page.to_owned(), seq }
    }

    #[test]
    fn a_late_save_never_overwrites_a_newer_one() {
        let history = [row(3, "mới", "a", 5)];
        assert_eq!(judge(&history, "a", 1, 4, Some(&json!("cũ"))), Verdict::Keep);
        assert_eq!(judge(&history, "a", 1, 6, Some(&json!("nữa"))), Verdict::Write);
    }

    #[test]
    fn an_untouched_field_of_an_old_page_changes_nothing() {
        let history = [row(5, "máy kia", "b", 1), row(1, "đầu", "a", 1)];
        assert_eq!(judge(&history, "c", 2, 1, Some(&json!("đầu"))), Verdict::Keep);
        assert_eq!(judge(&history, "c", 2, 1, Some(&json!("khác"))), Verdict::Conflict);
        assert_eq!(judge(&history, "c", 5, 1, Some(&json!("khác"))), Verdict::Write);
    }

    proptest! {
        /// Two pages of one draft save one field in any order: no value typed is lost without the person being asked.
        #[test]
        fn no_interleaving_of_two_pages_loses_a_typed_value(writes in prop::collection::vec((0_usize..2, 0_u8..4), 1..24)) {
            let pages = ["a", "b"];
            let mut history: Vec<store::HistoryRow> = Vec::new();
            let mut seq = [0_i64; 2];
            let mut conflict: Option<Value> = None;
            for (p, v) in writes {
                seq[p] += 1;
                let value = json!(v.to_string());
                let newest = history.first().map_or(0, |h| h.revision);
                match judge(&history, pages[p], 0, seq[p], Some(&value)) {
                    Verdict::Write => history.insert(0, store::HistoryRow { revision: newest + 1, value: Some(value), page: pages[p].to_owned(), seq: seq[p] }),
                    Verdict::Conflict => conflict = Some(value),
                    Verdict::Keep => {
                        let known = history.iter().any(|h| h.value.as_ref() == Some(&value)) || conflict.as_ref() == Some(&value);
                        prop_assert!(known, "a typed value vanished");
                    }
                }
            }
        }
    }
}
