//! SQL of results: proposed, signed, issued, handed over.

use crate::base::id::{DossierId, StaffId};
use crate::base::time::Moment;
use crate::dossier::model::ResultRow;
use crate::platform::db::Tx;
use sqlx::PgConnection;
use uuid::Uuid;

macro_rules! result {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select r.id, r.kind, r.summary, r.draft_digest, r.draft_name, r.drafted_by, r.signed_by, r.signed_at, r.number, r.symbol,
                    r.issued_at, r.digest, r.name, r.media, r.bears_signature, r.waybill
             from result r ",
            $tail
        ))
    };
}

pub async fn find_result(conn: &mut PgConnection, id: DossierId) -> sqlx::Result<Option<ResultRow>> {
    result!("where r.dossier_id = $1 and r.dropped_at is null").bind(id).fetch_optional(conn).await
}

/// The proposal that was sent back last: what the officer goes on from.
pub async fn last_dropped_result(conn: &mut PgConnection, id: DossierId) -> sqlx::Result<Option<ResultRow>> {
    result!("where r.dossier_id = $1 and r.dropped_at is not null order by r.dropped_at desc limit 1").bind(id).fetch_optional(conn).await
}

pub async fn insert_result(tx: &mut Tx, id: DossierId, kind: &str, summary: &str, file: Option<(&str, &str)>, by: StaffId, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into result (id, dossier_id, kind, summary, draft_digest, draft_name, drafted_by, drafted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(Uuid::now_v7())
    .bind(id)
    .bind(kind)
    .bind(summary)
    .bind(file.map(|f| f.0))
    .bind(file.map(|f| f.1))
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn drop_result(tx: &mut Tx, id: DossierId, now: Moment) -> sqlx::Result<()> {
    sqlx::query("update result set dropped_at = $2 where dossier_id = $1 and dropped_at is null").bind(id).bind(now).execute(&mut **tx).await?;
    Ok(())
}

pub async fn sign_result(tx: &mut Tx, id: Uuid, by: StaffId, now: Moment) -> sqlx::Result<()> {
    sqlx::query("update result set signed_by = $2, signed_at = $3 where id = $1").bind(id).bind(by).bind(now).execute(&mut **tx).await?;
    Ok(())
}

/// The number the page proposes: the next of this unit, symbol and year.
pub async fn propose_number(conn: &mut PgConnection, unit: &str, symbol: &str, year: i32) -> sqlx::Result<i32> {
    sqlx::query_scalar(
        "select coalesce(max(number), 0) + 1
         from result
         where issuing_unit = $1 and symbol = $2 and issuing_year = $3",
    )
    .bind(unit)
    .bind(symbol)
    .bind(year)
    .fetch_one(conn)
    .await
}

pub struct Issue<'a> {
    pub number: i32,
    pub symbol: &'a str,
    pub unit: &'a str,
    pub year: i32,
    pub digest: &'a str,
    pub name: &'a str,
    pub media: &'a str,
    pub bears_signature: bool,
}

pub async fn issue_result(tx: &mut Tx, id: Uuid, issue: &Issue<'_>, by: StaffId, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update result
         set number = $2, symbol = $3, issuing_unit = $4, issuing_year = $5, digest = $6, name = $7, media = $8, bears_signature = $9,
             issued_by = $10, issued_at = $11
         where id = $1",
    )
    .bind(id)
    .bind(issue.number)
    .bind(issue.symbol)
    .bind(issue.unit)
    .bind(issue.year)
    .bind(issue.digest)
    .bind(issue.name)
    .bind(issue.media)
    .bind(issue.bears_signature)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn set_waybill(tx: &mut Tx, id: DossierId, waybill: &str) -> sqlx::Result<()> {
    sqlx::query("update result set waybill = $2 where dossier_id = $1 and dropped_at is null").bind(id).bind(waybill).execute(&mut **tx).await?;
    Ok(())
}
