//! SQL of figures. Test dossiers are counted nowhere; membership in a period is by the time of the event (domain.md §6.4).

use crate::base::time::Moment;
use sqlx::PgConnection;

/// The public counts of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
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
        "select count(*) filter (where accepted_at >= $1) as received,
                count(*) filter (where accepted_at >= $1 and channel = 'online') as received_online,
                count(*) filter (where resolved_at >= $1) as resolved,
                count(*) filter (where resolved_at >= $1 and (due_at is null or resolved_at <= due_at)) as resolved_on_time,
                count(*) filter (where accepted_at is not null and resolved_at is null and ended_at is null) as open,
                count(*) filter (where accepted_at is not null and resolved_at is null and ended_at is null and due_at < $2) as open_late,
                count(*) filter (where state = 'submitted') as waiting_intake,
                count(*) filter (where state = 'refused' and ended_at >= $1) as refused,
                count(*) filter (where submitted_at >= $1 and exists (select from obligation o where o.subject = dossier.id and o.state in ('due', 'paid', 'refunded'))) as with_obligation,
                count(*) filter (where submitted_at >= $1
                                   and exists (select from obligation o where o.subject = dossier.id and o.state in ('paid', 'refunded') and o.paid_by <> 'cash')
                                   and not exists (select from obligation o where o.subject = dossier.id and (o.state = 'due' or o.paid_by = 'cash'))) as paid_online
         from dossier
         where not is_test",
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
