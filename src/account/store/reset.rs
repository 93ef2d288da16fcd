//! SQL of new passwords at the desk.

use crate::account::model::{OpenReset, Reset};
use crate::base::id::{AccountId, ResetId, StaffId};
use crate::base::time::Moment;
use crate::platform::db::Tx;
use crate::web::session::Staff;
use sqlx::PgConnection;

pub async fn insert_reset(tx: &mut Tx, id: ResetId, account: AccountId, s: &Staff, now: Moment, expires: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into password_reset (id, account_id, unit, asked_by, asked_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(account)
    .bind(&s.unit)
    .bind(s.id)
    .bind(now)
    .bind(expires)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn lock_reset(tx: &mut Tx, id: ResetId, unit: &str) -> sqlx::Result<Option<Reset>> {
    sqlx::query_as(
        "select account_id, asked_by, expires_at, given_at
         from password_reset
         where id = $1 and unit = $2
         for update",
    )
    .bind(id)
    .bind(unit)
    .fetch_optional(&mut **tx)
    .await
}

pub async fn give_reset(tx: &mut Tx, id: ResetId, by: StaffId, now: Moment) -> sqlx::Result<()> {
    sqlx::query("update password_reset set given_by = $2, given_at = $3 where id = $1").bind(id).bind(by).bind(now).execute(&mut **tx).await?;
    Ok(())
}

/// What waits in a unit for a second member of staff.
pub async fn open_resets(conn: &mut PgConnection, unit: &str, now: Moment) -> sqlx::Result<Vec<OpenReset>> {
    sqlx::query_as(
        "select r.id, a.full_name as name, coalesce(a.personal_number, a.passport) as number, a.birth_date, r.asked_by, f.full_name as asked_by_name, r.asked_at
         from password_reset r
         join account a on a.id = r.account_id
         join staff f on f.id = r.asked_by
         where r.unit = $1 and r.given_at is null and r.expires_at > $2
         order by r.asked_at",
    )
    .bind(unit)
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Where and when this account was given a new password at a desk, the newest first.
pub async fn resets_of(conn: &mut PgConnection, account: AccountId) -> sqlx::Result<Vec<(String, Moment)>> {
    sqlx::query_as(
        "select unit, given_at
         from password_reset
         where account_id = $1 and given_at is not null
         order by given_at desc
         limit 10",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}
