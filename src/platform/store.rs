//! SQL of the platform: settings, jobs, and what a backup reads.

use super::db::Tx;
use crate::base::time::Moment;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// The folder of the server that answers.
pub(super) async fn data_folder(conn: &mut PgConnection) -> sqlx::Result<String> {
    sqlx::query_scalar("select current_setting('data_directory')").fetch_one(conn).await
}

/// Makes the portal's database in a fresh embedded server.
pub(super) async fn ensure_database(conn: &mut PgConnection) -> sqlx::Result<()> {
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = 'motcua')").fetch_one(&mut *conn).await?;
    if !there {
        sqlx::query("create database motcua").execute(conn).await?;
    }
    Ok(())
}

/// Every connection of the pool works as the role that owns nothing.
pub(super) async fn work_as_app(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query("set role motcua_app").execute(conn).await?;
    Ok(())
}

/// A setting or mark; None where it was never set.
pub async fn find_setting<T: DeserializeOwned>(conn: &mut PgConnection, key: &str) -> sqlx::Result<Option<T>> {
    let value: Option<serde_json::Value> = sqlx::query_scalar(
        "select value
         from setting
         where key = $1",
    )
    .bind(key)
    .fetch_optional(conn)
    .await?;
    value.map(serde_json::from_value).transpose().map_err(|e| sqlx::Error::Decode(format!("setting {key}: {e}").into()))
}

pub async fn set<T: Serialize>(tx: &mut Tx, key: &str, value: &T) -> sqlx::Result<()> {
    let value = serde_json::to_value(value).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    sqlx::query(
        "insert into setting (key, value)
         values ($1, $2)
         on conflict (key) do update set value = excluded.value",
    )
    .bind(key)
    .bind(value)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Sets a setting only where it was not set; gives what stands afterwards.
pub async fn set_once<T: Serialize + DeserializeOwned>(tx: &mut Tx, key: &str, value: &T) -> sqlx::Result<T> {
    let value = serde_json::to_value(value).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    sqlx::query(
        "insert into setting (key, value)
         values ($1, $2)
         on conflict (key) do nothing",
    )
    .bind(key)
    .bind(value)
    .execute(&mut **tx)
    .await?;
    find_setting(tx, key).await?.ok_or(sqlx::Error::RowNotFound)
}

/// A job. Of those with the same `once`, one waits at a time: asked for again, it runs at the earlier of both moments.
pub(super) async fn insert_job(tx: &mut Tx, kind: &str, once: Option<&str>, payload: serde_json::Value, now: Moment, run_at: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into job (kind, once, payload, run_at, created_at)
         values ($1, $2, $3, $4, $5)
         on conflict (kind, once) where state = 'waiting' and once is not null
         do update set run_at = least(job.run_at, excluded.run_at)",
    )
    .bind(kind)
    .bind(once)
    .bind(payload)
    .bind(run_at)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(super) struct JobRow {
    pub id: i64,
    pub kind: String,
    pub payload: serde_json::Value,
    pub tries: i32,
    pub created_at: Moment,
}

/// The name of a snapshot other connections can read under, while this transaction lives.
pub(super) async fn export_snapshot(tx: &mut sqlx::PgTransaction<'_>) -> sqlx::Result<String> {
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut **tx).await?;
    sqlx::query_scalar("select pg_export_snapshot()").fetch_one(&mut **tx).await
}

/// Rows of every table of the portal's schema.
pub(super) async fn count_rows(conn: &mut PgConnection) -> sqlx::Result<BTreeMap<String, i64>> {
    let counts: Vec<(String, i64)> = sqlx::query_as(
        "select table_name::text, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', table_schema, table_name), false, true, '')))[1]::text::bigint
         from information_schema.tables
         where table_schema = current_schema() and table_type = 'BASE TABLE'
         order by table_name",
    )
    .fetch_all(conn)
    .await?;
    Ok(counts.into_iter().collect())
}

/// Every paper the database names.
pub(super) async fn digests(conn: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("select digest from stored_file order by digest").fetch_all(conn).await
}

pub(super) async fn any_table(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from information_schema.tables where table_schema = current_schema())").fetch_one(conn).await
}

/// The role the portal works as: a dump grants to it, so it must be there before.
pub(super) async fn ensure_role(conn: &mut PgConnection) -> sqlx::Result<()> {
    let there: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = 'motcua_app')").fetch_one(&mut *conn).await?;
    if !there {
        sqlx::query("create role motcua_app nologin").execute(&mut *conn).await?;
    }
    sqlx::query("grant motcua_app to current_user").execute(conn).await?;
    Ok(())
}

/// After a restore: no session of before.
pub(super) async fn end_all_sessions(tx: &mut Tx) -> sqlx::Result<()> {
    sqlx::query("delete from session").execute(&mut **tx).await?;
    Ok(())
}

/// Waiting jobs of these kinds: how many of each, and since when.
pub async fn held_jobs(conn: &mut PgConnection, kinds: &[&str]) -> sqlx::Result<Vec<(String, i64, Moment)>> {
    sqlx::query_as(
        "select kind, count(*), min(created_at)
         from job
         where state = 'waiting' and kind = any ($1)
         group by kind
         order by kind",
    )
    .bind(kinds)
    .fetch_all(conn)
    .await
}

/// Takes the next due job under a lease that ends by time, so that a dead worker's job is taken by another.
pub(super) async fn take_job(conn: &mut PgConnection, now: Moment, held: &[&str]) -> sqlx::Result<Option<JobRow>> {
    sqlx::query_as(
        "update job
         set leased_until = $1 + interval '2 minutes', tries = tries + 1
         where id = (
             select id
             from job
             where state = 'waiting' and run_at <= $1 and kind <> all ($2) and (leased_until is null or leased_until < $1)
             order by run_at, id
             limit 1
             for update skip locked)
         returning id, kind, payload, tries, created_at",
    )
    .bind(now)
    .bind(held)
    .fetch_optional(conn)
    .await
}

pub(super) async fn close_job(conn: &mut PgConnection, id: i64, state: &str, error: Option<&str>, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update job
         set state = $2, last_error = $3, finished_at = $4, leased_until = null
         where id = $1 and state = 'waiting'",
    )
    .bind(id)
    .bind(state)
    .bind(error)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn postpone_job(conn: &mut PgConnection, id: i64, run_at: Moment, error: &str) -> sqlx::Result<()> {
    sqlx::query(
        "update job
         set run_at = $2, last_error = $3, leased_until = null
         where id = $1 and state = 'waiting'",
    )
    .bind(id)
    .bind(run_at)
    .bind(error)
    .execute(conn)
    .await?;
    Ok(())
}

/// A job that was given up, for the page of those who look after the portal.
#[derive(sqlx::FromRow)]
pub struct GivenUp {
    pub id: i64,
    pub kind: String,
    pub tries: i32,
    pub last_error: Option<String>,
    pub finished_at: Option<Moment>,
}

pub async fn given_up(conn: &mut PgConnection) -> sqlx::Result<Vec<GivenUp>> {
    sqlx::query_as(
        "select id, kind, tries, last_error, finished_at
         from job
         where state = 'given_up'
         order by finished_at desc
         limit 200",
    )
    .fetch_all(conn)
    .await
}

/// Runs a given-up job again; counted like any other try.
pub async fn retry_job(tx: &mut Tx, id: i64, now: Moment) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "update job
         set state = 'waiting', run_at = $2, finished_at = null
         where id = $1 and state = 'given_up'",
    )
    .bind(id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
