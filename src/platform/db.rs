//! The database: an address from outside, or the machine's own PostgreSQL under a small supervisor.

use super::embedded::{self, Embedded};
use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Postgres};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// One migrator for all: expanded once, embedded in the binary.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// A transaction. Writes of a request happen in one; jobs and events go with it.
pub type Tx = sqlx::Transaction<'static, Postgres>;

/// Hands out connections and transactions; features never see the pool.
#[derive(Clone, Debug)]
pub struct Db(PgPool);

impl Db {
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        self.0.begin().await
    }

    pub async fn read(&self) -> sqlx::Result<sqlx::pool::PoolConnection<Postgres>> {
        self.0.acquire().await
    }

    pub async fn close(&self) {
        self.0.close().await;
    }

    /// Listens for the jobs' notices; a fresh connection outside the pool.
    pub async fn listen(&self) -> sqlx::Result<sqlx::postgres::PgListener> {
        let mut listener = sqlx::postgres::PgListener::connect_with(&self.0).await?;
        listener.listen("motcua_job").await?;
        Ok(listener)
    }

    /// Opens a pool that works as `motcua_app`, with every wait bounded.
    pub async fn open(options: PgConnectOptions, size: u32) -> anyhow::Result<Self> {
        let options = options.options([("statement_timeout", "5s"), ("lock_timeout", "3s"), ("idle_in_transaction_session_timeout", "10s"), ("timezone", "UTC")]);
        let pool = PgPoolOptions::new()
            .max_connections(size)
            .acquire_timeout(Duration::from_secs(3))
            // a connection in use a moment ago is asked nothing; one that was idle is, so that a database started anew isn't noticed by people
            .test_before_acquire(false)
            .before_acquire(|conn, seen| Box::pin(async move { Ok(seen.idle_for < Duration::from_secs(1) || sqlx::Connection::ping(conn).await.is_ok()) }))
            .after_connect(|conn, _| Box::pin(super::store::work_as_app(conn)))
            .connect_with(options)
            .await
            .context("cannot open the database")?;
        Ok(Self(pool))
    }
}

/// Runs the migrations as the owner of the tables.
pub async fn migrate(options: &PgConnectOptions) -> anyhow::Result<()> {
    let mut conn = PgConnection::connect_with(options).await.context("cannot open the database")?;
    MIGRATOR.run(&mut conn).await.map_err(|e| {
        let text = e.to_string();
        if text.contains("permission denied to create role") {
            anyhow::anyhow!(
                "the database's user may not create the role the portal works as; run once as a superuser: create role motcua_app nologin; grant motcua_app to <that user> with admin option;"
            )
        } else {
            anyhow::Error::new(e).context("migration failed")
        }
    })?;
    conn.close().await?;
    Ok(())
}

/// A database for programs of PostgreSQL's own: how to reach it, and where its programs are.
pub struct Source {
    pub options: PgConnectOptions,
    bin: anyhow::Result<std::path::PathBuf>,
    password: Option<SecretString>,
}

impl Source {
    /// A program that reaches this database by its environment: a password never stands in an argument.
    pub fn program(&self, name: &str) -> anyhow::Result<tokio::process::Command> {
        let bin = self.bin.as_ref().map_err(|e| anyhow::anyhow!("{e:#}"))?;
        let mut c = tokio::process::Command::new(bin.join(name));
        c.env("PGHOST", self.options.get_host()).env("PGPORT", self.options.get_port().to_string()).env("PGUSER", self.options.get_username()).env("PGDATABASE", self.database());
        if let Some(p) = &self.password {
            c.env("PGPASSWORD", p.expose_secret());
        }
        Ok(c)
    }

    pub fn database(&self) -> &str {
        self.options.get_database().unwrap_or("postgres")
    }
}

/// Reaches the database of these settings beside a portal that may be serving; starts the machine's own if nobody runs it.
pub async fn reach(url: Option<&SecretString>, data: &Path, pg_bin: Option<&Path>) -> anyhow::Result<(Source, Option<Embedded>)> {
    if url.is_none()
        && let Some((options, bin)) = embedded::attach(data, pg_bin).await?
    {
        return Ok((Source { options, bin: Ok(bin), password: None }, None));
    }
    let opened = open(url, data, pg_bin).await?;
    let password = url.and_then(|u| url::Url::parse(u.expose_secret()).ok()).and_then(|u| u.password().map(|p| percent(p).into()));
    Ok((Source { options: opened.options, bin: embedded::programs(pg_bin, None, data), password }, opened.embedded))
}

/// A part of an address with its percent signs undone.
fn percent(part: &str) -> String {
    url::form_urlencoded::parse(format!("p={}", part.replace('+', "%2B")).as_bytes()).next().map_or_else(String::new, |(_, v)| v.into_owned())
}

/// Where the database is, and who keeps it running.
pub struct Opened {
    pub options: PgConnectOptions,
    pub embedded: Option<Embedded>,
}

/// Finds or starts the database of these settings.
pub async fn open(url: Option<&SecretString>, data: &Path, pg_bin: Option<&Path>) -> anyhow::Result<Opened> {
    if let Some(url) = url {
        let options = PgConnectOptions::from_str(url.expose_secret()).map_err(|_| anyhow::anyhow!("DATABASE_URL: expected postgres://user@host/database"))?;
        return Ok(Opened { options, embedded: None });
    }
    let embedded = embedded::start(data, pg_bin).await?;
    Ok(Opened { options: embedded.options(), embedded: Some(embedded) })
}
