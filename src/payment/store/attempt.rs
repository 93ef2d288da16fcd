//! SQL of tries to pay and of what gateways told.

use crate::base::id::{AttemptId, BasketId, ObligationId};
use crate::base::money::Vnd;
use crate::base::time::Moment;
use crate::payment::gateway::Report;
use crate::payment::model::{Attempt, Line};
use crate::payment::state::AttemptState;
use crate::platform::db::Tx;
use sqlx::PgConnection;

macro_rules! attempt {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select a.id, a.basket_id, a.adapter, a.terminal, a.reference, a.amount, a.state, a.created_at, a.expires_at, a.details,
                    a.their_code, a.their_number, a.paid_at
             from attempt a ",
            $tail
        ))
    };
}

pub async fn insert_attempt(tx: &mut Tx, a: &Attempt) -> sqlx::Result<()> {
    sqlx::query(
        "insert into attempt (id, basket_id, adapter, terminal, reference, amount, state, created_at, expires_at, details)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(a.id)
    .bind(a.basket_id)
    .bind(&a.adapter)
    .bind(&a.terminal)
    .bind(&a.reference)
    .bind(a.amount)
    .bind(a.state)
    .bind(a.created_at)
    .bind(a.expires_at)
    .bind(&a.details)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn load_attempt(conn: &mut PgConnection, id: AttemptId) -> sqlx::Result<Attempt> {
    attempt!("where a.id = $1").bind(id).fetch_one(conn).await
}

pub async fn lock_attempt(tx: &mut Tx, id: AttemptId) -> sqlx::Result<Attempt> {
    attempt!("where a.id = $1 for update").bind(id).fetch_one(&mut **tx).await
}

pub async fn find_attempt(conn: &mut PgConnection, adapter: &str, terminal: &str, reference: &str) -> sqlx::Result<Option<Attempt>> {
    attempt!("where a.adapter = $1 and a.terminal = $2 and a.reference = $3").bind(adapter).bind(terminal).bind(reference).fetch_optional(conn).await
}

pub async fn attempts_of_basket(conn: &mut PgConnection, basket: BasketId) -> sqlx::Result<Vec<Attempt>> {
    attempt!("where a.basket_id = $1 order by a.created_at desc").bind(basket).fetch_all(conn).await
}

pub async fn move_attempt(tx: &mut Tx, a: &Attempt, to: AttemptState, report: &Report) -> sqlx::Result<()> {
    sqlx::query(
        "update attempt
         set state = $2, their_code = $3, their_number = coalesce($4, their_number)
         where id = $1",
    )
    .bind(a.id)
    .bind(to)
    .bind(&report.code)
    .bind(&report.number)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn settle_attempt(tx: &mut Tx, a: &Attempt, report: &Report, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update attempt
         set state = 'paid', their_code = $2, their_number = $3, paid_at = $4, settled_at = $5, late = expires_at < $4
         where id = $1",
    )
    .bind(a.id)
    .bind(&report.code)
    .bind(&report.number)
    .bind(report.paid_at.unwrap_or(now))
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn expire_attempt(tx: &mut Tx, id: AttemptId) -> sqlx::Result<()> {
    sqlx::query(
        "update attempt
         set state = 'expired'
         where id = $1 and state = 'open'",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn number_settled_another(tx: &mut Tx, a: &Attempt, number: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select exists (
             select from attempt
             where adapter = $1 and terminal = $2 and their_number = $3 and state = 'paid' and id <> $4)",
    )
    .bind(&a.adapter)
    .bind(&a.terminal)
    .bind(number)
    .bind(a.id)
    .fetch_one(&mut **tx)
    .await
}

/// Obligations become paid by this attempt's allocations: each exactly its amount, once.
pub async fn pay_obligations(tx: &mut Tx, a: &Attempt, lines: &[&Line], paid_at: Moment, now: Moment) -> sqlx::Result<()> {
    let ids: Vec<ObligationId> = lines.iter().map(|l| l.id).collect();
    let amounts: Vec<Vnd> = lines.iter().map(|l| l.amount).collect();
    sqlx::query(
        "insert into allocation (attempt_id, obligation_id, amount)
         select $1, l.id, l.amount
         from unnest($2::uuid[], $3::bigint[]) as l (id, amount)",
    )
    .bind(a.id)
    .bind(&ids)
    .bind(&amounts)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "update obligation
         set state = 'paid', paid_at = $2, settled_at = $3, paid_by = $4
         where id = any ($1) and state = 'due'",
    )
    .bind(&ids)
    .bind(paid_at)
    .bind(now)
    .bind(&a.adapter)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn forget_notices(conn: &mut PgConnection, before: Moment) -> sqlx::Result<()> {
    sqlx::query("delete from notice where at < $1").bind(before).execute(conn).await?;
    Ok(())
}

/// The basket whose newest try on any of these obligations still waits for its result: this one (of equally new ones) or another.
pub async fn pending_of_basket(conn: &mut PgConnection, basket: BasketId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "select b.token
         from attempt a
         join basket b on b.id = a.basket_id
         join basket_line theirs on theirs.basket_id = a.basket_id
         join basket_line ours on ours.obligation_id = theirs.obligation_id
         where ours.basket_id = $1 and a.state in ('open', 'under_review') and a.adapter <> 'cash'
         order by a.basket_id = $1 desc, a.created_at desc
         limit 1",
    )
    .bind(basket)
    .fetch_optional(conn)
    .await
}

/// The newest try on an obligation that waits or met it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Try {
    pub obligation_id: ObligationId,
    pub token: String,
    pub reference: String,
    pub state: AttemptState,
}

/// The basket in which each of these is being paid or was paid: the try that met it, else the newest.
pub async fn baskets_of(conn: &mut PgConnection, ids: &[ObligationId]) -> sqlx::Result<Vec<Try>> {
    sqlx::query_as(
        "select distinct on (l.obligation_id) l.obligation_id, b.token, a.reference, a.state
         from basket_line l
         join basket b on b.id = l.basket_id
         join attempt a on a.basket_id = b.id
         where l.obligation_id = any ($1) and a.state in ('open', 'under_review', 'paid')
         order by l.obligation_id, (select true from allocation s where s.attempt_id = a.id and s.obligation_id = l.obligation_id limit 1) is not null desc, a.state = 'paid' desc,
                  a.created_at desc",
    )
    .bind(ids)
    .fetch_all(conn)
    .await
}

/// The basket of the reference a payer reads out.
pub async fn basket_of_reference(conn: &mut PgConnection, reference: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select b.token from attempt a join basket b on b.id = a.basket_id where a.reference = $1").bind(reference).fetch_optional(conn).await
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn insert_notice(tx: &mut Tx, adapter: &str, source: &str, peer: &str, raw: &str, verdict: &str, attempt: Option<AttemptId>, now: Moment) -> sqlx::Result<()> {
    // NUL can't be stored; a forger's can't stop the record
    let raw: String = raw.chars().filter(|c| *c != '\0').take(8192).collect();
    // what belongs to no attempt of ours is kept up to a thousand an hour from one address: a flood fills no disk
    sqlx::query(
        "insert into notice (adapter, source, at, peer, raw, verdict, attempt_id)
         select $1, $2, $3, $4, $5, $6, $7
         where $7::uuid is not null
            or (select count(*) from (select from notice n where n.at > $3::timestamptz - interval '1 hour' and n.peer = $4 and n.attempt_id is null limit 1000) recent) < 1000",
    )
    .bind(adapter)
    .bind(source)
    .bind(now)
    .bind(peer)
    .bind(raw)
    .bind(verdict)
    .bind(attempt)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
