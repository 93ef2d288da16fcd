//! SQL of money: obligations, baskets, the ledger.

mod attempt;
mod suspense;

pub use attempt::*;
pub use suspense::*;

use super::model::{Basket, Line, NewObligation, Obligation, ObligationState};
use crate::base::id::{AccountId, BasketId, ObligationId, PartyId};
use crate::base::money::Vnd;
use crate::base::time::Moment;
use crate::platform::db::Tx;
use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

macro_rules! obligation {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select o.id, o.subject, o.party_id, o.payer_account, o.unit, o.code, o.title, o.title_en, o.about, o.fee, o.fee_name, o.fee_name_en,
                    o.kind, o.gross, o.amount, o.arithmetic, o.exemption, o.exemption_pending, o.collect_at, o.pay_due, o.state,
                    o.created_at, o.paid_at, o.paid_by, o.counter
             from obligation o ",
            $tail
        ))
    };
}

macro_rules! line {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select o.id, o.subject, o.unit, o.kind, o.code, o.title, o.title_en, o.about, o.fee_name, o.fee_name_en, l.amount, o.state,
                    o.payer_account, o.counter
             from basket_line l
             join obligation o on o.id = l.obligation_id
             where l.basket_id = $1
             order by o.id ",
            $tail
        ))
    };
}

pub async fn insert_obligation(tx: &mut Tx, id: ObligationId, new: &NewObligation, state: ObligationState, now: Moment) -> sqlx::Result<()> {
    let arithmetic = serde_json::to_value(&new.arithmetic).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    sqlx::query(
        "insert into obligation (id, subject, party_id, payer_account, unit, code, title, title_en, fee, fee_name, fee_name_en, kind,
                                 gross, amount, arithmetic, exemption, exemption_pending, collect_at, pay_due, state, created_at, replaces, counter, about)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
    )
    .bind(id)
    .bind(new.subject)
    .bind(new.party)
    .bind(new.payer)
    .bind(&new.unit)
    .bind(&new.code)
    .bind(&new.title.vi)
    .bind(&new.title.en)
    .bind(&new.fee)
    .bind(&new.fee_name.vi)
    .bind(&new.fee_name.en)
    .bind(&new.kind)
    .bind(new.gross)
    .bind(new.amount)
    .bind(arithmetic)
    .bind(&new.exemption)
    .bind(new.exemption_pending)
    .bind(new.collect_at)
    .bind(new.pay_due)
    .bind(state)
    .bind(now)
    .bind(new.replaces)
    .bind(&new.counter)
    .bind(&new.about)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn lock_obligation(tx: &mut Tx, id: ObligationId) -> sqlx::Result<Obligation> {
    obligation!("where o.id = $1 for update").bind(id).fetch_one(&mut **tx).await
}

pub async fn lock_subject(tx: &mut Tx, subject: Uuid) -> sqlx::Result<Vec<Obligation>> {
    obligation!("where o.subject = $1 order by o.id for update").bind(subject).fetch_all(&mut **tx).await
}

pub async fn obligations_of_subject(conn: &mut PgConnection, subject: Uuid) -> sqlx::Result<Vec<Obligation>> {
    obligation!("where o.subject = $1 and o.state <> 'replaced' order by o.id").bind(subject).fetch_all(conn).await
}

/// Obligations of parties: what is due, however old, before the newest of what is settled.
pub async fn obligations_of_party(conn: &mut PgConnection, party: PartyId) -> sqlx::Result<Vec<Obligation>> {
    obligation!("where o.party_id = $1 and o.state <> 'replaced' order by o.state <> 'due', o.created_at desc limit 500").bind(party).fetch_all(conn).await
}

pub async fn party_of_obligation(conn: &mut PgConnection, id: ObligationId) -> sqlx::Result<Option<PartyId>> {
    sqlx::query_scalar("select party_id from obligation where id = $1").bind(id).fetch_optional(conn).await
}

/// Everything under a code but what was replaced, for the counter.
pub async fn obligations_of_code(conn: &mut PgConnection, code: &str) -> sqlx::Result<Vec<Obligation>> {
    obligation!("where o.code = $1 and o.state <> 'replaced' order by o.id").bind(code).fetch_all(conn).await
}

pub async fn close_obligation(tx: &mut Tx, id: ObligationId, state: ObligationState, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update obligation
         set state = $2, closed_at = $3
         where id = $1",
    )
    .bind(id)
    .bind(state)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn confirm_exemption(tx: &mut Tx, subject: Uuid) -> sqlx::Result<()> {
    sqlx::query(
        "update obligation
         set exemption_pending = false
         where subject = $1 and exemption_pending",
    )
    .bind(subject)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_basket(tx: &mut Tx, id: BasketId, token: &str, party: PartyId, by: Option<AccountId>, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into basket (id, token, party_id, created_by, created_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(token)
    .bind(party)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_line(tx: &mut Tx, basket: BasketId, obligation: ObligationId, amount: Vnd) -> sqlx::Result<()> {
    sqlx::query(
        "insert into basket_line (basket_id, obligation_id, amount)
         values ($1, $2, $3)",
    )
    .bind(basket)
    .bind(obligation)
    .bind(amount)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn find_basket(conn: &mut PgConnection, token: &str) -> sqlx::Result<Option<Basket>> {
    sqlx::query_as(
        "select id, token, party_id, created_at
         from basket
         where token = $1",
    )
    .bind(token)
    .fetch_optional(conn)
    .await
}

pub async fn basket_token(conn: &mut PgConnection, id: BasketId) -> sqlx::Result<String> {
    sqlx::query_scalar("select token from basket where id = $1").bind(id).fetch_one(conn).await
}

pub async fn lines_of_basket(conn: &mut PgConnection, basket: BasketId) -> sqlx::Result<Vec<Line>> {
    line!("").bind(basket).fetch_all(conn).await
}

/// In the order of ids, so that two settlements never wait for each other in a ring.
pub async fn lock_lines(tx: &mut Tx, basket: BasketId) -> sqlx::Result<Vec<Line>> {
    line!("for update of o").bind(basket).fetch_all(&mut **tx).await
}

/// Whether something in a basket is of this unit's counter.
pub async fn basket_is_of_counter(conn: &mut PgConnection, basket: BasketId, unit: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from basket_line l join obligation o on o.id = l.obligation_id where l.basket_id = $1 and o.counter = $2)").bind(basket).bind(unit).fetch_one(conn).await
}

pub async fn event_is_new(tx: &mut Tx, event: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select not exists (select from ledger_entry where event = $1)").bind(event).fetch_one(&mut **tx).await
}

pub async fn insert_entry(tx: &mut Tx, day: NaiveDate, event: &str, unit: &str, postings: &[(String, i64)], now: Moment) -> sqlx::Result<()> {
    let (accounts, amounts): (Vec<&str>, Vec<i64>) = postings.iter().map(|(account, amount)| (account.as_str(), *amount)).unzip();
    sqlx::query(
        "with entry as (
             insert into ledger_entry (day, event, unit, at)
             values ($1, $2, $3, $4)
             returning id)
         insert into ledger_posting (entry_id, account, amount)
         select entry.id, p.account, p.amount
         from entry, unnest($5::text[], $6::bigint[]) as p (account, amount)",
    )
    .bind(day)
    .bind(event)
    .bind(unit)
    .bind(now)
    .bind(accounts)
    .bind(amounts)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
