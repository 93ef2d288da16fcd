//! SQL of the catalogue and of the office calendar.

use crate::base::calendar::Calendar;
use crate::base::time::Moment;
use crate::catalogue::form::Form;
use crate::catalogue::model::Procedure;
use crate::platform::db::Tx;
use chrono::{Datelike, NaiveDate};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgConnection;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

pub struct Rows {
    pub version: i32,
    pub places: Value,
    pub fields: Value,
    pub exemptions: Value,
    pub procedures: Vec<(i64, Value)>,
    pub forms: Vec<(i64, Value)>,
    pub calendar: Calendar,
}

/// One import at a time.
pub async fn lock(tx: &mut Tx) -> sqlx::Result<()> {
    sqlx::query("select pg_advisory_xact_lock(7261126)").execute(&mut **tx).await?;
    Ok(())
}

pub async fn versions(conn: &mut PgConnection) -> sqlx::Result<(i32, i32)> {
    sqlx::query_as(
        "select coalesce((select max(version) from catalogue_import), 0),
                coalesce((select max(version) from calendar_version), 0)",
    )
    .fetch_one(conn)
    .await
}

pub async fn read_all(conn: &mut PgConnection) -> sqlx::Result<Option<Rows>> {
    let newest: Option<(i32, Value, Value, Value)> = sqlx::query_as(
        "select version, places, fields, exemptions
         from catalogue_import
         order by version desc
         limit 1",
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some((version, places, fields, exemptions)) = newest else { return Ok(None) };
    let procedures = sqlx::query_as(
        "select id, body
         from procedure_version
         where valid_to is null
         order by code",
    )
    .fetch_all(&mut *conn)
    .await?;
    let forms = sqlx::query_as(
        "select id, body
         from form_version
         where valid_to is null
         order by form",
    )
    .fetch_all(&mut *conn)
    .await?;
    let calendar = read_calendar(conn).await?;
    Ok(Some(Rows { version, places, fields, exemptions, procedures, forms, calendar }))
}

pub async fn read_calendar(conn: &mut PgConnection) -> sqlx::Result<Calendar> {
    let version: i32 = sqlx::query_scalar("select coalesce(max(version), 0) from calendar_version").fetch_one(&mut *conn).await?;
    let years: Vec<(i32, bool)> = sqlx::query_as("select year, confirmed from calendar_year").fetch_all(&mut *conn).await?;
    let days: Vec<(NaiveDate, bool)> = sqlx::query_as("select day, working from calendar_day").fetch_all(conn).await?;
    let of = |working: bool| days.iter().filter(|d| d.1 == working).map(|d| d.0).collect();
    Ok(Calendar { version, years: years.into_iter().collect(), closed: of(false), makeup: of(true) })
}

/// Puts the shipped rows where there are none yet.
pub async fn ensure_calendar(tx: &mut Tx, shipped: &Calendar, now: Moment) -> sqlx::Result<()> {
    let there: bool = sqlx::query_scalar("select exists (select from calendar_version)").fetch_one(&mut **tx).await?;
    if there {
        return Ok(());
    }
    for (year, confirmed) in &shipped.years {
        sqlx::query(
            "insert into calendar_year (year, confirmed, source)
             values ($1, $2, 'shipped')",
        )
        .bind(year)
        .bind(confirmed)
        .execute(&mut **tx)
        .await?;
    }
    for (days, working) in [(&shipped.closed, false), (&shipped.makeup, true)] {
        for day in days {
            sqlx::query(
                "insert into calendar_day (day, working, source)
                 values ($1, $2, $3)",
            )
            .bind(day)
            .bind(working)
            .bind(format!("announced for {}", day.year()))
            .execute(&mut **tx)
            .await?;
        }
    }
    sqlx::query(
        "insert into calendar_version (version, at, note)
         values (1, $1, 'shipped rows')",
    )
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A new version where the record differs from the one in force; true if it does.
pub async fn put_procedure(tx: &mut Tx, code: &str, body: &Value, digest: &[u8], now: Moment) -> sqlx::Result<bool> {
    let same: Option<bool> = sqlx::query_scalar(
        "select digest = $2
         from procedure_version
         where code = $1 and valid_to is null",
    )
    .bind(code)
    .bind(digest)
    .fetch_optional(&mut **tx)
    .await?;
    if same == Some(true) {
        return Ok(false);
    }
    sqlx::query(
        "update procedure_version
         set valid_to = $2
         where code = $1 and valid_to is null",
    )
    .bind(code)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "insert into procedure_version (code, version, digest, body, valid_from)
         select $1, coalesce(max(version), 0) + 1, $2, $3, $4
         from procedure_version
         where code = $1",
    )
    .bind(code)
    .bind(digest)
    .bind(body)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

/// Procedures no longer in the files are no longer offered.
pub async fn withdraw_procedures(tx: &mut Tx, kept: &[String], now: Moment) -> sqlx::Result<usize> {
    let done = sqlx::query(
        "update procedure_version
         set valid_to = $2
         where valid_to is null and code <> all ($1)",
    )
    .bind(kept)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

pub async fn put_form(tx: &mut Tx, form: &str, procedure: &str, body: &Value, digest: &[u8], now: Moment) -> sqlx::Result<bool> {
    let same: Option<bool> = sqlx::query_scalar(
        "select digest = $2
         from form_version
         where form = $1 and valid_to is null",
    )
    .bind(form)
    .bind(digest)
    .fetch_optional(&mut **tx)
    .await?;
    if same == Some(true) {
        return Ok(false);
    }
    sqlx::query(
        "update form_version
         set valid_to = $2
         where form = $1 and valid_to is null",
    )
    .bind(form)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "insert into form_version (form, procedure_code, version, digest, body, valid_from)
         select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5
         from form_version
         where form = $1",
    )
    .bind(form)
    .bind(procedure)
    .bind(digest)
    .bind(body)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

pub async fn withdraw_forms(tx: &mut Tx, kept: &[String], now: Moment) -> sqlx::Result<usize> {
    let done = sqlx::query(
        "update form_version
         set valid_to = $2
         where valid_to is null and form <> all ($1)",
    )
    .bind(kept)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

/// The import's own row; a new version where anything changed. Gives the version in force and whether places or fields changed.
#[expect(clippy::too_many_arguments, reason = "one row with its parts")]
pub async fn put_import(tx: &mut Tx, as_of: NaiveDate, digest: &[u8], places: &Value, fields: &Value, exemptions: &Value, changed: bool, now: Moment) -> sqlx::Result<(i32, bool)> {
    let before: Option<(i32, bool)> = sqlx::query_as(
        "select version, digest = $1
         from catalogue_import
         order by version desc
         limit 1",
    )
    .bind(digest)
    .fetch_optional(&mut **tx)
    .await?;
    if let Some((version, true)) = before
        && !changed
    {
        return Ok((version, false));
    }
    let version = before.map_or(1, |b| b.0 + 1);
    sqlx::query(
        "insert into catalogue_import (version, at, as_of, digest, places, fields, exemptions)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(version)
    .bind(now)
    .bind(as_of)
    .bind(digest)
    .bind(places)
    .bind(fields)
    .bind(exemptions)
    .execute(&mut **tx)
    .await?;
    Ok((version, before.is_none_or(|b| !b.1)))
}

/// Records read before, by the digest of their text: what a digest names never changes, so it is parsed once a process.
struct Parsed<T>(LazyLock<Mutex<HashMap<Vec<u8>, Arc<T>>>>);

/// Records kept parsed at most; a province has some two thousand.
const KEPT: usize = 5000;

impl<T: DeserializeOwned> Parsed<T> {
    const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    /// The record of this digest, read by `body` (which selects it by its version) where it isn't known yet.
    async fn of(&self, conn: &mut PgConnection, digest: Vec<u8>, version: i64, body: &'static str) -> sqlx::Result<Arc<T>> {
        if let Some(known) = self.0.lock().ok().and_then(|all| all.get(&digest).cloned()) {
            return Ok(known);
        }
        let text: Value = sqlx::query_scalar(body).bind(version).fetch_one(conn).await?;
        let parsed = Arc::new(serde_json::from_value::<T>(text).map_err(|e| sqlx::Error::Decode(format!("version {version}: {e}").into()))?);
        if let Ok(mut all) = self.0.lock() {
            if all.len() >= KEPT {
                all.clear();
            }
            all.insert(digest, Arc::clone(&parsed));
        }
        Ok(parsed)
    }
}

static PROCEDURES: Parsed<Procedure> = Parsed::new();
static FORMS: Parsed<Form> = Parsed::new();

/// Procedure and form as they were when a dossier was filed.
pub async fn find_versions(conn: &mut PgConnection, procedure: i64, form: Option<i64>) -> sqlx::Result<Option<(Arc<Procedure>, Option<Arc<Form>>)>> {
    let found: Option<(Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
        "select p.digest, f.digest
         from procedure_version p
         left join form_version f on f.id = $2
         where p.id = $1",
    )
    .bind(procedure)
    .bind(form)
    .fetch_optional(&mut *conn)
    .await?;
    let Some((digest, form_digest)) = found else { return Ok(None) };
    let p = PROCEDURES.of(&mut *conn, digest, procedure, "select body from procedure_version where id = $1").await?;
    let f = match (form_digest, form) {
        (Some(digest), Some(version)) => Some(FORMS.of(conn, digest, version, "select body from form_version where id = $1").await?),
        _ => None,
    };
    Ok(Some((p, f)))
}
