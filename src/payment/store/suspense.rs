//! SQL of money that fits nowhere, and of refunds.

use crate::base::id::{AttemptId, BasketId, ObligationId};
use crate::base::money::Vnd;
use crate::base::time::Moment;
use crate::payment::model::{Attempt, Refund, Suspense, SuspenseKind};
use crate::platform::db::Tx;
use sqlx::PgConnection;
use uuid::Uuid;

pub async fn insert_suspense(tx: &mut Tx, id: Uuid, attempt: Option<AttemptId>, obligation: Option<ObligationId>, kind: SuspenseKind, amount: Vnd, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into suspense (id, attempt_id, obligation_id, kind, amount, at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(attempt)
    .bind(obligation)
    .bind(kind)
    .bind(amount)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What the gateway's first, wrong word put into suspense: found again when its true word comes for the same transaction.
pub async fn mismatch_held(tx: &mut Tx, attempt: &Attempt, number: Option<&str>) -> sqlx::Result<Option<(Uuid, Vnd)>> {
    sqlx::query_as(
        "select id, amount
         from suspense
         where attempt_id = $1 and kind = 'mismatch' and state = 'open' and $2 is not distinct from $3
         for update",
    )
    .bind(attempt.id)
    .bind(number)
    .bind(&attempt.their_number)
    .fetch_optional(&mut **tx)
    .await
}

/// Money in suspense that has found where it belongs; a refund that was only asked for is off.
pub async fn allocate_suspense(tx: &mut Tx, id: Uuid, note: &str) -> sqlx::Result<()> {
    sqlx::query("update refund set state = 'refused' where suspense_id = $1 and state = 'asked'").bind(id).execute(&mut **tx).await?;
    sqlx::query("update suspense set state = 'allocated', note = $2 where id = $1").bind(id).bind(note).execute(&mut **tx).await?;
    Ok(())
}

/// Open lines first; for the cashier's page.
pub async fn list_suspense(conn: &mut PgConnection) -> sqlx::Result<Vec<Suspense>> {
    sqlx::query_as(
        "select s.id, s.kind, s.amount, s.state, s.at, a.reference, o.code, r.state as refund_state
         from suspense s
         left join attempt a on a.id = s.attempt_id
         left join obligation o on o.id = s.obligation_id
         left join refund r on r.suspense_id = s.id
         order by s.state <> 'open', s.at desc
         limit 200",
    )
    .fetch_all(conn)
    .await
}

pub async fn ask_refund_of_suspense(tx: &mut Tx, suspense: Uuid, amount: Vnd, reason: &str, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into refund (id, suspense_id, amount, reason, asked_by, at)
         values ($1, $2, $3, $4, 'system', $5)
         on conflict do nothing",
    )
    .bind(Uuid::now_v7())
    .bind(suspense)
    .bind(amount)
    .bind(reason)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn ask_refund_of_obligation(tx: &mut Tx, obligation: ObligationId, amount: Vnd, reason: &str, by: &str, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into refund (id, obligation_id, amount, reason, asked_by, at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing",
    )
    .bind(Uuid::now_v7())
    .bind(obligation)
    .bind(amount)
    .bind(reason)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Refunds asked for what a subject paid, or for money that came after.
pub async fn refunds_of_subject(conn: &mut PgConnection, subject: Uuid) -> sqlx::Result<Vec<Refund>> {
    sqlx::query_as(
        "select r.amount, r.reason, r.state, r.at
         from refund r
         left join suspense s on s.id = r.suspense_id
         join obligation o on o.id = coalesce(r.obligation_id, s.obligation_id)
         where o.subject = $1
         order by r.at",
    )
    .bind(subject)
    .fetch_all(conn)
    .await
}

/// What of a basket's payments fitted nowhere and stands in suspense.
pub async fn surplus_of_basket(conn: &mut PgConnection, basket: BasketId) -> sqlx::Result<Vnd> {
    sqlx::query_scalar(
        "select coalesce(sum(s.amount), 0)::bigint
         from suspense s
         join attempt a on a.id = s.attempt_id
         where a.basket_id = $1 and s.state = 'open'",
    )
    .bind(basket)
    .fetch_one(conn)
    .await
}

/// Refunds that wait for a decision, for the cashier's page.
pub async fn refunds_asked(conn: &mut PgConnection) -> sqlx::Result<Vec<(String, i64, String, Moment)>> {
    sqlx::query_as(
        "select coalesce(o.code, a.reference, ''), r.amount, r.reason, r.at
         from refund r
         left join suspense s on s.id = r.suspense_id
         left join obligation o on o.id = coalesce(r.obligation_id, s.obligation_id)
         left join attempt a on a.id = s.attempt_id
         where r.state = 'asked'
         order by r.at
         limit 200",
    )
    .fetch_all(conn)
    .await
}
