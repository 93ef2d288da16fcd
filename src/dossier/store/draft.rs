//! SQL of drafts and their answers.

use crate::base::id::{AccountId, DossierId, DraftId, PartyId};
use crate::base::time::Moment;
use crate::catalogue::form::Answers;
use crate::dossier::model::{Draft, ForWhom, Place};
use crate::platform::db::Tx;
use crate::web::session::Sight;
use serde_json::Value;
use sqlx::PgConnection;

macro_rules! draft {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select d.id, d.token, d.party_id, d.account_id, d.procedure_version, d.form_version, d.procedure_code, d.procedure_case, d.place,
                    d.for_whom, d.result_channel, d.exemption, d.revision, d.step, d.submitted_as, d.submit_key, d.saved_at
             from draft d ",
            $tail
        ))
    };
}

pub async fn find_draft(conn: &mut PgConnection, token: &str) -> sqlx::Result<Option<Draft>> {
    draft!("where d.token = $1").bind(token).fetch_optional(conn).await
}

pub async fn load_draft(conn: &mut PgConnection, id: DraftId) -> sqlx::Result<Draft> {
    draft!("where d.id = $1").bind(id).fetch_one(conn).await
}

pub async fn lock_draft(tx: &mut Tx, token: &str) -> sqlx::Result<Option<Draft>> {
    draft!("where d.token = $1 for update").bind(token).fetch_optional(&mut **tx).await
}

pub async fn drafts_in(conn: &mut PgConnection, sight: Sight) -> sqlx::Result<Vec<Draft>> {
    draft!("where d.party_id = $1 and ($2::uuid is null or d.account_id = $2) and d.submitted_as is null order by d.saved_at desc limit 50").bind(sight.party).bind(sight.only).fetch_all(conn).await
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn insert_draft(
    tx: &mut Tx,
    id: DraftId,
    token: &str,
    party: PartyId,
    account: AccountId,
    procedure: (i64, &str),
    form: Option<i64>,
    submit_key: &str,
    now: Moment,
    expires: Moment,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into draft (id, token, party_id, account_id, procedure_version, procedure_code, form_version, submit_key, created_at, saved_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)",
    )
    .bind(id)
    .bind(token)
    .bind(party)
    .bind(account)
    .bind(procedure.0)
    .bind(procedure.1)
    .bind(form)
    .bind(submit_key)
    .bind(now)
    .bind(expires)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn set_where(tx: &mut Tx, id: DraftId, party: PartyId, case: Option<&str>, place: &Place, for_whom: &str, channel: &str, exemption: Option<&str>, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update draft
         set procedure_case = $2, place = $3, for_whom = $4, result_channel = $5, exemption = $6, saved_at = $7, party_id = $8, step = greatest(step, 2::smallint)
         where id = $1",
    )
    .bind(id)
    .bind(case)
    .bind(sqlx::types::Json(place))
    .bind(for_whom)
    .bind(channel)
    .bind(exemption)
    .bind(now)
    .bind(party)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a draft like an earlier dossier begins with.
pub async fn begin_like(tx: &mut Tx, id: DraftId, case: Option<&str>, for_whom: Option<ForWhom>) -> sqlx::Result<()> {
    sqlx::query("update draft set procedure_case = $2, for_whom = $3 where id = $1").bind(id).bind(case).bind(for_whom).execute(&mut **tx).await?;
    Ok(())
}

pub async fn reach_step(tx: &mut Tx, id: DraftId, step: i16, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update draft
         set step = greatest(step, $2), saved_at = $3
         where id = $1",
    )
    .bind(id)
    .bind(step)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The versions a draft goes on with after the catalogue changed.
pub async fn move_to_version(tx: &mut Tx, id: DraftId, procedure: i64, form: Option<i64>) -> sqlx::Result<()> {
    sqlx::query(
        "update draft
         set procedure_version = $2, form_version = $3
         where id = $1",
    )
    .bind(id)
    .bind(procedure)
    .bind(form)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AnswerRow {
    pub question: String,
    pub value: Option<Value>,
    pub source: String,
    pub revision: i64,
}

/// The standing answers: the newest value of each question.
pub async fn answers(conn: &mut PgConnection, draft: DraftId) -> sqlx::Result<Vec<AnswerRow>> {
    sqlx::query_as(
        "select distinct on (question) question, value, source, revision
         from draft_answer
         where draft_id = $1
         order by question, revision desc",
    )
    .bind(draft)
    .fetch_all(conn)
    .await
}

/// One value in the history of a question.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HistoryRow {
    pub revision: i64,
    pub value: Option<Value>,
    pub page: String,
    pub seq: i64,
}

/// Every value of a question, newest first.
pub async fn history(tx: &mut Tx, draft: DraftId, question: &str) -> sqlx::Result<Vec<HistoryRow>> {
    sqlx::query_as(
        "select revision, value, page, seq
         from draft_answer
         where draft_id = $1 and question = $2
         order by revision desc
         limit 100",
    )
    .bind(draft)
    .bind(question)
    .fetch_all(&mut **tx)
    .await
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn insert_answer(tx: &mut Tx, draft: DraftId, question: &str, revision: i64, value: Option<&Value>, page: &str, seq: i64, source: &str, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into draft_answer (draft_id, question, revision, value, page, seq, source, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(draft)
    .bind(question)
    .bind(revision)
    .bind(value)
    .bind(page)
    .bind(seq)
    .bind(source)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn set_revision(tx: &mut Tx, draft: DraftId, revision: i64, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update draft
         set revision = $2, saved_at = $3
         where id = $1",
    )
    .bind(draft)
    .bind(revision)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn put_conflict(tx: &mut Tx, draft: DraftId, question: &str, value: Option<&Value>, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into draft_conflict (draft_id, question, value, at)
         values ($1, $2, $3, $4)
         on conflict (draft_id, question) do update set value = excluded.value, at = excluded.at",
    )
    .bind(draft)
    .bind(question)
    .bind(value)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn conflicts(conn: &mut PgConnection, draft: DraftId) -> sqlx::Result<Vec<(String, Option<Value>)>> {
    sqlx::query_as(
        "select question, value
         from draft_conflict
         where draft_id = $1
         order by question",
    )
    .bind(draft)
    .fetch_all(conn)
    .await
}

pub async fn end_conflict(tx: &mut Tx, draft: DraftId, question: &str) -> sqlx::Result<()> {
    sqlx::query("delete from draft_conflict where draft_id = $1 and question = $2").bind(draft).bind(question).execute(&mut **tx).await?;
    Ok(())
}

/// Keeps what was posted after the session had ended.
pub async fn keep_post(tx: &mut Tx, token_hash: &[u8], draft: DraftId, body: &str, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into kept_post (token_hash, draft_id, body, at)
         values ($1, $2, $3, $4)
         on conflict (token_hash) do update set body = excluded.body, at = excluded.at",
    )
    .bind(token_hash)
    .bind(draft)
    .bind(body)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes what was kept, once.
pub async fn take_kept(tx: &mut Tx, token_hash: &[u8], draft: DraftId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("delete from kept_post where token_hash = $1 and draft_id = $2 returning body").bind(token_hash).bind(draft).fetch_optional(&mut **tx).await
}

pub async fn mark_submitted(tx: &mut Tx, draft: DraftId, dossier: DossierId) -> sqlx::Result<()> {
    // what was typed lives in the dossier now
    sqlx::query(
        "with typed as (delete from draft_answer where draft_id = $1)
         update draft
         set submitted_as = $2
         where id = $1",
    )
    .bind(draft)
    .bind(dossier)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn delete_draft(tx: &mut Tx, draft: DraftId) -> sqlx::Result<()> {
    sqlx::query("delete from draft where id = $1").bind(draft).execute(&mut **tx).await?;
    Ok(())
}

/// The answers of the last five dossiers this account filed for this party, the newest first.
pub async fn earlier_answers(conn: &mut PgConnection, party: PartyId, account: AccountId) -> sqlx::Result<Vec<sqlx::types::Json<Answers>>> {
    sqlx::query_scalar(
        "select answers
         from dossier
         where party_id = $1 and filer_account = $2
         order by submitted_at desc, id desc
         limit 5",
    )
    .bind(party)
    .bind(account)
    .fetch_all(conn)
    .await
}

/// Drafts whose time ran out, with their answers and papers; what was filed stays.
pub async fn delete_expired_drafts(tx: &mut Tx, now: Moment) -> sqlx::Result<()> {
    sqlx::query("delete from draft where submitted_as is null and expires_at < $1").bind(now).execute(&mut **tx).await?;
    Ok(())
}
