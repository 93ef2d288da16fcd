//! SQL of letters.

use crate::base::code::DossierCode;
use crate::base::id::{AccountId, DossierId};
use crate::base::time::Moment;
use crate::dossier::state::State;
use crate::platform::db::Tx;
use sqlx::PgConnection;

/// Whom a message is for, about what, as of now.
#[derive(sqlx::FromRow)]
pub struct Addressee {
    pub dossier_id: DossierId,
    pub account_id: Option<AccountId>,
    pub code: DossierCode,
    pub lookup_key: String,
    pub state: State,
    pub email: Option<String>,
    pub email_confirmed_at: Option<Moment>,
    pub lang: Option<String>,
}

/// None: it was mailed already, by itself or with another.
pub async fn lock_addressee(tx: &mut Tx, message: i64) -> sqlx::Result<Option<Addressee>> {
    sqlx::query_as(
        "select d.id as dossier_id, m.account_id, d.code, d.lookup_key, d.state, a.email, a.email_confirmed_at, a.lang
         from message m
         join dossier d on d.id = m.dossier_id
         left join account a on a.id = m.account_id
         where m.id = $1 and m.mailed_at is null
         for no key update of d",
    )
    .bind(message)
    .fetch_optional(&mut **tx)
    .await
}

#[derive(sqlx::FromRow)]
pub struct Waiting {
    pub id: i64,
    pub kind: String,
    pub facts: serde_json::Value,
}

/// What waits to be told to one person about one dossier, the oldest first.
pub async fn waiting(conn: &mut PgConnection, dossier: DossierId, account: Option<AccountId>) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as(
        "select id, kind, facts
         from message
         where dossier_id = $1 and account_id is not distinct from $2 and mailed_at is null
         order by id",
    )
    .bind(dossier)
    .bind(account)
    .fetch_all(conn)
    .await
}

/// When that person was last written to about that dossier, or somebody began to.
pub async fn last_letter(conn: &mut PgConnection, dossier: DossierId, account: Option<AccountId>) -> sqlx::Result<(Option<Moment>, Option<Moment>)> {
    sqlx::query_as(
        "select max(mailed_at) filter (where mail_verdict = 'sent'), max(claimed_at) filter (where mailed_at is null)
         from message
         where dossier_id = $1 and account_id is not distinct from $2",
    )
    .bind(dossier)
    .bind(account)
    .fetch_one(conn)
    .await
}

/// None: the claim is given back.
pub async fn claim(conn: &mut PgConnection, ids: &[i64], at: Option<Moment>) -> sqlx::Result<()> {
    sqlx::query(
        "update message
         set claimed_at = $2
         where id = any($1)",
    )
    .bind(ids)
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn mark(conn: &mut PgConnection, ids: &[i64], now: Moment, verdict: &str) -> sqlx::Result<()> {
    sqlx::query(
        "update message
         set mailed_at = $2, mail_verdict = $3
         where id = any($1) and mailed_at is null",
    )
    .bind(ids)
    .bind(now)
    .bind(verdict)
    .execute(conn)
    .await?;
    Ok(())
}
