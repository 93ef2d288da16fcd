//! Everything that hangs on a dossier, in one statement: a page that shows all of it asks once, not nine times.

use crate::base::id::DossierId;
use crate::base::time::Moment;
use crate::dossier::model::{Event, Opening, Paper, Pause, ResultRow, Supplement};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

/// What was told to the owner.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    pub kind: String,
    pub facts: serde_json::Value,
    pub at: Moment,
}

#[derive(sqlx::FromRow)]
pub struct History {
    /// The oldest first.
    pub events: Json<Vec<Event>>,
    pub papers: Json<Vec<Paper>>,
    /// The newest first, as letters and openings.
    pub messages: Json<Vec<Message>>,
    pub supplements: Json<Vec<Supplement>>,
    pub pauses: Json<Vec<Pause>>,
    /// The newest hundred.
    pub openings: Json<Vec<Opening>>,
    /// The result that stands, issued or not.
    pub result: Option<Json<ResultRow>>,
}

pub async fn history_of(conn: &mut PgConnection, id: DossierId) -> sqlx::Result<History> {
    sqlx::query_as(
        "select
            (select coalesce(json_agg(e), '[]') from (
                select action, to_state, actor_kind, actor, actor_name, actor_unit, at, note
                from dossier_event where dossier_id = $1 order by id) e) as events,
            (select coalesce(json_agg(p), '[]') from (
                select id, component, question, name, media, size, digest, sent_digest, declared, replaced_at, at
                from paper where dossier_id = $1 order by at, id) p) as papers,
            (select coalesce(json_agg(m), '[]') from (
                select kind, facts, at
                from message where dossier_id = $1 order by id desc) m) as messages,
            (select coalesce(json_agg(s), '[]') from (
                select id, stage, items, note, asked_at, due_at, since, supplied_at, answered_at
                from supplement where dossier_id = $1 order by asked_at desc) s) as supplements,
            (select coalesce(json_agg(u), '[]') from (
                select id, kind, from_at, until_at, due_before, due_after
                from pause where dossier_id = $1 order by from_at) u) as pauses,
            (select coalesce(json_agg(o), '[]') from (
                select paper, unit, at
                from opening where dossier_id = $1 order by id desc limit 100) o) as openings,
            (select row_to_json(r) from (
                select id, kind, summary, draft_digest, draft_name, drafted_by, signed_by, signed_at, number, symbol,
                       issued_at, digest, name, media, bears_signature, waybill
                from result where dossier_id = $1 and dropped_at is null) r) as result",
    )
    .bind(id)
    .fetch_one(conn)
    .await
}
