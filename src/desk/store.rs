//! Wide reads of the queue: flat rows made for the page, by keyset, never by offset.

use crate::base::code::DossierCode;
use crate::base::id::{DossierId, StaffId};
use crate::base::time::Moment;
use crate::dossier::state::State;
use sqlx::PgConnection;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    pub id: DossierId,
    pub code: DossierCode,
    pub procedure_code: String,
    pub owner_name: String,
    pub state: State,
    pub submitted_at: Moment,
    pub act_by: Option<Moment>,
    pub taken_by: Option<StaffId>,
    pub taken_name: Option<String>,
    pub taken_until: Option<Moment>,
    pub unpaid: bool,
}

macro_rules! row {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select d.id, d.code, d.procedure_code, d.owner_name, d.state, d.submitted_at, d.act_by, d.taken_by,
                    f.full_name as taken_name, d.taken_until,
                    -- never hashed over the whole table, however many rows the planner expects
                    (select true from obligation o where o.subject = d.id and o.state = 'due' limit 1) is not null as unpaid
             from dossier d
             join queue_row q on q.dossier_id = d.id
             left join staff f on f.id = d.taken_by ",
            $tail
        ))
    };
}

/// What a page of the queue asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ask {
    pub unit: String,
    /// Only this room's work, for whoever sits in one.
    pub office: Option<String>,
    pub states: &'static [&'static str],
    /// Only what should have been done by now.
    pub late: bool,
    pub procedure: Option<String>,
    pub agency: Option<String>,
    /// The last row of the page before: its moment (none: rows without one) and id.
    pub after: Option<(Option<Moment>, DossierId)>,
}

/// The next 26 rows: those with the nearest moment first, those without a moment last. Each state's rows come from the
/// index in that order, so that a page costs the same wherever it stands.
pub async fn queue(conn: &mut PgConnection, a: &Ask, now: Moment) -> sqlx::Result<Vec<Row>> {
    let (paged, at, id) = match a.after {
        None => (false, None, None),
        Some((at, id)) => (true, at, Some(id)),
    };
    row!(
        "join (
          select r.dossier_id, r.act_by
          from unnest($2::text[]) s
          cross join lateral (
              select dossier_id, act_by
              from queue_row
              where unit = $1 and state = s
                and ($3::text is null or office = $3)
                and (not $4 or act_by < $5)
                and ($6::text is null or procedure_code = $6)
                and ($10::text is null or competent_unit = $10)
                and (not $7 or (act_by, dossier_id) > (coalesce($8, 'infinity'::timestamptz), $9))
              order by act_by, dossier_id
              limit 26) r
          order by r.act_by, r.dossier_id
          limit 26) next on next.dossier_id = d.id
         where q.unit = $1
         order by next.act_by, next.dossier_id"
    )
    .bind(&a.unit)
    .bind(a.states)
    .bind(&a.office)
    .bind(a.late)
    .bind(now)
    .bind(&a.procedure)
    .bind(paged)
    .bind(at)
    .bind(id)
    .bind(&a.agency)
    .fetch_all(conn)
    .await
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Kind {
    pub procedure_code: String,
    pub competent_unit: String,
    pub count: i64,
}

/// How far a count goes: beyond it a page says "more than".
pub const MOST: i64 = 1000;

/// What stands in a tab, by procedure and agency: the filter's choices, whatever is chosen now; of a large tab its beginning.
pub async fn kinds(conn: &mut PgConnection, a: &Ask, now: Moment) -> sqlx::Result<Vec<Kind>> {
    sqlx::query_as(
        "select r.procedure_code, r.competent_unit, count(*) as count
         from unnest($2::text[]) s
         cross join lateral (
             select procedure_code, competent_unit
             from queue_row
             where unit = $1 and state = s and ($3::text is null or office = $3) and (not $4 or act_by < $5)
             order by act_by, dossier_id
             limit $6 + 1) r
         group by r.procedure_code, r.competent_unit",
    )
    .bind(&a.unit)
    .bind(a.states)
    .bind(&a.office)
    .bind(a.late)
    .bind(now)
    .bind(MOST)
    .fetch_all(conn)
    .await
}

/// How many of a unit stand in each of these states, and how many of those are late; each counted to [`MOST`] and no further.
pub async fn counts(conn: &mut PgConnection, unit: &str, office: Option<&str>, states: &[&str], now: Moment) -> sqlx::Result<Vec<(State, i64, i64)>> {
    sqlx::query_as(
        "select s,
                (select count(*) from (select from queue_row where unit = $1 and state = s and ($2::text is null or office = $2) limit $5 + 1) a),
                (select count(*) from (select from queue_row where unit = $1 and state = s and ($2::text is null or office = $2) and act_by < $4 limit $5 + 1) l)
         from unnest($3::text[]) s",
    )
    .bind(unit)
    .bind(office)
    .bind(states)
    .bind(now)
    .bind(MOST)
    .fetch_all(conn)
    .await
}

/// By part of a code, or words of a name without marks: the newest 50 of the unit.
pub async fn search_words(conn: &mut PgConnection, unit: &str, room: Option<&str>, code: &str, name: &str) -> sqlx::Result<Vec<Row>> {
    row!(
        "where q.unit = $1
           and ($2::text is null or q.office = $2)
           and ($3 = '' or d.code like '%' || $3 || '%')
           and ($4 = '' or d.owner_search like '%' || $4 || '%')
         order by q.submitted_at desc, q.dossier_id desc
         limit 50"
    )
    .bind(unit)
    .bind(room)
    .bind(code)
    .bind(name)
    .fetch_all(conn)
    .await
}

/// By personal number or telephone: the newest 50 of the unit.
pub async fn search_number(conn: &mut PgConnection, unit: &str, room: Option<&str>, number: &str) -> sqlx::Result<Vec<Row>> {
    row!(
        "join (select id from dossier where filer_number = $3
               union select id from dossier where owner_number = $3
               union select id from dossier where filer_phone = $3) found on found.id = d.id
         where q.unit = $1 and ($2::text is null or q.office = $2)
         order by q.submitted_at desc, q.dossier_id desc
         limit 50"
    )
    .bind(unit)
    .bind(room)
    .bind(number)
    .fetch_all(conn)
    .await
}

/// A new look-up key, given at the desk against the identity card.
pub async fn set_lookup_key(tx: &mut crate::platform::db::Tx, id: DossierId, key: &str) -> sqlx::Result<()> {
    sqlx::query("update dossier set lookup_key = $2 where id = $1").bind(id).bind(key).execute(&mut **tx).await?;
    Ok(())
}
