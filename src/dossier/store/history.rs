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
            (select coalesce(jsonb_agg(to_jsonb(e) order by e.id), '[]') from dossier_event e where e.dossier_id = $1) as events,
            (select coalesce(jsonb_agg(to_jsonb(p) order by p.at, p.id), '[]') from paper p where p.dossier_id = $1) as papers,
            (select coalesce(jsonb_agg(to_jsonb(m) order by m.id desc), '[]') from message m where m.dossier_id = $1) as messages,
            (select coalesce(jsonb_agg(to_jsonb(s) order by s.asked_at desc), '[]') from supplement s where s.dossier_id = $1) as supplements,
            (select coalesce(jsonb_agg(to_jsonb(u) order by u.from_at), '[]') from pause u where u.dossier_id = $1) as pauses,
            (select coalesce(jsonb_agg(to_jsonb(o) order by o.id desc), '[]')
             from (select id, paper, unit, at from opening where dossier_id = $1 order by id desc limit 100) o) as openings,
            (select to_jsonb(r) from result r where r.dossier_id = $1 and r.dropped_at is null) as result",
    )
    .bind(id)
    .fetch_one(conn)
    .await
}
