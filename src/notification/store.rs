//! SQL of letters.

use crate::base::code::DossierCode;
use crate::base::time::Moment;
use crate::dossier::state::State;
use sqlx::PgConnection;

#[derive(sqlx::FromRow)]
pub struct MessageRow {
    pub kind: String,
    pub facts: serde_json::Value,
    pub mailed_at: Option<Moment>,
    pub code: DossierCode,
    pub lookup_key: String,
    pub state: State,
    pub email: Option<String>,
    pub email_confirmed_at: Option<Moment>,
    pub lang: Option<String>,
}

pub async fn find_message(conn: &mut PgConnection, id: i64) -> sqlx::Result<Option<MessageRow>> {
    sqlx::query_as(
        "select m.kind, m.facts, m.mailed_at, d.code, d.lookup_key, d.state, a.email, a.email_confirmed_at, a.lang
         from message m
         join dossier d on d.id = m.dossier_id
         left join account a on a.id = m.account_id
         where m.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn mark(conn: &mut PgConnection, id: i64, now: Moment, verdict: &str) -> sqlx::Result<()> {
    sqlx::query(
        "update message
         set mailed_at = $2, mail_verdict = $3
         where id = $1 and mailed_at is null",
    )
    .bind(id)
    .bind(now)
    .bind(verdict)
    .execute(conn)
    .await?;
    Ok(())
}
