//! SQL of figures. Test dossiers are counted nowhere; membership in a period is by the time of the event.

use crate::base::time::Moment;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

/// The public counts of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
pub struct Figures {
    pub received: i64,
    pub received_online: i64,
    pub resolved: i64,
    pub resolved_on_time: i64,
    pub open: i64,
    pub open_late: i64,
    pub waiting_intake: i64,
    pub refused: i64,
    pub with_obligation: i64,
    pub paid_online: i64,
}

pub async fn figures(conn: &mut PgConnection, from: Moment, now: Moment) -> sqlx::Result<Figures> {
    sqlx::query_as(
        "select a.received, a.received_online, r.resolved, r.resolved_on_time, o.open, o.open_late, s.waiting_intake, s.refused, p.with_obligation, p.paid_online
         from (select count(*) as received, count(*) filter (where channel = 'online') as received_online
               from dossier where accepted_at >= $1 and not is_test) a,
              (select count(*) as resolved, count(*) filter (where due_at is null or resolved_at <= due_at) as resolved_on_time
               from dossier where resolved_at >= $1 and not is_test) r,
              (select count(*) as open, count(*) filter (where due_at < $2) as open_late
               from dossier where accepted_at is not null and resolved_at is null and ended_at is null and not is_test) o,
              (select count(*) filter (where state = 'submitted') as waiting_intake, count(*) filter (where state = 'refused' and ended_at >= $1) as refused
               from dossier where state in ('submitted', 'refused') and not is_test) s,
              (select count(*) as with_obligation, count(*) filter (where by_wire and not otherwise) as paid_online
               from (select bool_or(o.state in ('paid', 'refunded') and o.paid_by <> 'cash') as by_wire, bool_or(o.state = 'due' or o.paid_by = 'cash') as otherwise,
                            bool_or(o.state in ('due', 'paid', 'refunded')) as owes
                     from dossier d
                     join obligation o on o.subject = d.id
                     where d.submitted_at >= $1 and not d.is_test
                     group by d.id) x
               where owes) p",
    )
    .bind(from)
    .bind(now)
    .fetch_one(conn)
    .await
}

/// Dossiers by state now.
pub async fn by_state(conn: &mut PgConnection) -> sqlx::Result<Vec<(crate::dossier::state::State, i64)>> {
    sqlx::query_as(
        "select state, count(*)
         from dossier
         where not is_test
         group by state
         order by count(*) desc",
    )
    .fetch_all(conn)
    .await
}

/// Faults of the books: states unlike their last event, entries that don't balance, sums unlike what they stand for.
pub async fn faults(conn: &mut PgConnection) -> sqlx::Result<(i64, i64, i64)> {
    sqlx::query_as(
        "select (select count(*)
                 from dossier d
                 cross join lateral (select e.to_state from dossier_event e where e.dossier_id = d.id order by e.id desc limit 1) last
                 where last.to_state <> d.state),
                (select count(*) from (select from ledger_posting group by entry_id having sum(amount) <> 0) bad),
                (select count(*)
                 from (select split_part(account, ':', 3) as unit, sum(amount) as booked from ledger_posting where account like 'assets:receivable:%' group by 1) l
                 full join (select unit, sum(amount) as owed from obligation where state = 'due' group by unit) o using (unit)
                 where coalesce(booked, 0) <> coalesce(owed, 0))
                + (select count(*)
                   from (select split_part(account, ':', 3) as kind, -sum(amount) as booked from ledger_posting where account like 'liabilities:suspense:%' group by 1) l
                   full join (select kind, sum(amount) as held from suspense where state = 'open' group by kind) s using (kind)
                   where coalesce(booked, 0) <> coalesce(held, 0))",
    )
    .fetch_one(conn)
    .await
}

/// A page of all files, by digest.
pub async fn files_after(conn: &mut PgConnection, after: &str) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as(
        "select digest, size
         from stored_file
         where digest > $1
         order by digest
         limit 1000",
    )
    .bind(after)
    .fetch_all(conn)
    .await
}

/// Some files, others each time.
pub async fn sample_of_files(conn: &mut PgConnection, n: i64) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "select digest
         from stored_file
         where digest > (select md5(random()::text))
         order by digest
         limit $1",
    )
    .bind(n)
    .fetch_all(conn)
    .await
}
