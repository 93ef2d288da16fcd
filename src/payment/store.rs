//! SQL of money.

use super::gateway::Report;
use super::model::{Attempt, Basket, Line, NewObligation, Obligation, ObligationState, Refund, Suspense, SuspenseKind};
use super::state::AttemptState;
use crate::base::id::{AccountId, AttemptId, BasketId, ObligationId, PartyId};
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

pub async fn forget_notices(conn: &mut PgConnection, before: Moment) -> sqlx::Result<()> {
    sqlx::query("delete from notice where at < $1").bind(before).execute(conn).await?;
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

/// The basket in which each of these is being paid or was paid, the newest try of each.
pub async fn baskets_of(conn: &mut PgConnection, ids: &[ObligationId]) -> sqlx::Result<Vec<Try>> {
    sqlx::query_as(
        "select distinct on (l.obligation_id) l.obligation_id, b.token, a.reference, a.state
         from basket_line l
         join basket b on b.id = l.basket_id
         join attempt a on a.basket_id = b.id
         where l.obligation_id = any ($1) and a.state in ('open', 'under_review', 'paid')
         order by l.obligation_id, a.state = 'paid' desc, a.created_at desc",
    )
    .bind(ids)
    .fetch_all(conn)
    .await
}

/// Whether something in a basket is of this unit's counter.
pub async fn basket_is_of_counter(conn: &mut PgConnection, basket: BasketId, unit: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from basket_line l join obligation o on o.id = l.obligation_id where l.basket_id = $1 and o.counter = $2)").bind(basket).bind(unit).fetch_one(conn).await
}

/// The basket of the reference a payer reads out.
pub async fn basket_of_reference(conn: &mut PgConnection, reference: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select b.token from attempt a join basket b on b.id = a.basket_id where a.reference = $1").bind(reference).fetch_optional(conn).await
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
