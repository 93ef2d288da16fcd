//! Wide reads of the queue: flat rows made for the page, by keyset, never by offset.

use crate::base::code::DossierCode;
use crate::base::id::{DossierId, StaffId};
use crate::base::time::Moment;
use crate::dossier::state::State;
use sqlx::PgConnection;

#[derive(sqlx::FromRow)]
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
                    exists (select from obligation o where o.subject = d.id and o.state = 'due') as unpaid
             from dossier d
             left join staff f on f.id = d.taken_by ",
            $tail
        ))
    };
}

/// What a page of the queue asks for.
pub struct Ask<'a> {
    pub unit: &'a str,
    /// Only this room's work, for whoever sits in one.
    pub office: Option<&'a str>,
    pub states: &'a [&'a str],
    /// Only what should have been done by now.
    pub late: bool,
    pub now: Moment,
    pub procedure: Option<&'a str>,
    pub agency: Option<&'a str>,
    /// The last row of the page before: its moment (none: rows without one) and id.
    pub after: Option<(Option<Moment>, DossierId)>,
}

/// The next 26 rows: those with the nearest moment first, those without a moment last.
pub async fn queue(conn: &mut PgConnection, a: &Ask<'_>) -> sqlx::Result<Vec<Row>> {
    let (paged, at, id) = match a.after {
        None => (false, None, None),
        Some((at, id)) => (true, at, Some(id)),
    };
    row!(
        "where d.open_to @> array[$1]
           and d.state = any ($2)
           and ($3::text is null or d.appraising_office = $3)
           and (not $4 or d.act_by < $5)
           and ($6::text is null or d.procedure_code = $6)
           and ($10::text is null or d.competent_unit = $10)
           and (not $7
                or ($8::timestamptz is not null and (d.act_by, d.id) > ($8, $9))
                or ($8::timestamptz is not null and d.act_by is null)
                or ($8::timestamptz is null and d.act_by is null and d.id > $9))
         order by d.act_by nulls last, d.id
         limit 26"
    )
    .bind(a.unit)
    .bind(a.states)
    .bind(a.office)
    .bind(a.late)
    .bind(a.now)
    .bind(a.procedure)
    .bind(paged)
    .bind(at)
    .bind(id)
    .bind(a.agency)
    .fetch_all(conn)
    .await
}

#[derive(sqlx::FromRow)]
pub struct Kind {
    pub procedure_code: String,
    pub competent_unit: String,
    pub count: i64,
}

/// What stands in a tab, by procedure and agency: the filter's choices, whatever is chosen now.
pub async fn kinds(conn: &mut PgConnection, a: &Ask<'_>) -> sqlx::Result<Vec<Kind>> {
    sqlx::query_as(
        "select procedure_code, competent_unit, count(*) as count
         from dossier
         where open_to @> array[$1] and state = any ($2) and ($3::text is null or appraising_office = $3) and (not $4 or act_by < $5)
         group by procedure_code, competent_unit",
    )
    .bind(a.unit)
    .bind(a.states)
    .bind(a.office)
    .bind(a.late)
    .bind(a.now)
    .fetch_all(conn)
    .await
}

/// How many of a unit stand in each state, and how many of those are late.
pub async fn counts(conn: &mut PgConnection, unit: &str, office: Option<&str>, now: Moment) -> sqlx::Result<Vec<(State, i64, i64)>> {
    sqlx::query_as(
        "select state, count(*), count(*) filter (where act_by < $3)
         from dossier
         where open_to @> array[$1] and ($2::text is null or appraising_office = $2)
         group by state",
    )
    .bind(unit)
    .bind(office)
    .bind(now)
    .fetch_all(conn)
    .await
}

/// By code or part of it, name without marks, number, telephone: the newest 50 of the unit.
pub async fn search(conn: &mut PgConnection, unit: &str, room: Option<&str>, code: &str, name: &str, number: &str) -> sqlx::Result<Vec<Row>> {
    row!(
        "where d.open_to @> array[$1]
           and ($5::text is null or d.appraising_office = $5)
           and (($2 <> '' and d.code like '%' || $2 || '%')
                or ($3 <> '' and d.owner_search like '%' || $3 || '%')
                or ($4 <> '' and (d.filer_number = $4 or d.owner_number = $4 or d.filer_phone = $4)))
         order by d.submitted_at desc, d.id desc
         limit 50"
    )
    .bind(unit)
    .bind(code)
    .bind(name)
    .bind(number)
    .bind(room)
    .fetch_all(conn)
    .await
}

/// A new look-up key, given at the desk against the identity card.
pub async fn set_lookup_key(tx: &mut crate::platform::db::Tx, id: DossierId, key: &str) -> sqlx::Result<()> {
    sqlx::query("update dossier set lookup_key = $2 where id = $1").bind(id).bind(key).execute(&mut **tx).await?;
    Ok(())
}
