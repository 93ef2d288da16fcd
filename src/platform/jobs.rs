//! Jobs: what may come a moment later. Enqueued only by the transaction of the fact, leased by a worker, idempotent.
//!
//! A job is data (ids only) with a `KIND`; its runner is registered in `app.rs`, so that the platform knows no feature.
//! A runner answers *done*, *retry* or *give up*. Waiting grows from seconds to hours; after three days a job is given
//! up visibly (page *Vận hành*), from where it can be run again by hand.

use super::backup::Hold;
use super::db::{Db, Tx};
use super::store;
use crate::base::random;
use crate::base::time::{Clock, Moment};
use chrono::TimeDelta;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    const KIND: &'static str;
    /// It leaves the house (a letter, a question to a gateway): held after a restore until an operator releases it.
    const OUTWARD: bool = false;
}

pub enum Outcome {
    Done,
    /// Not now; the reason stands on the operators' page.
    Retry(String),
    /// Run again at this moment, without counting as a fault (schedules).
    Again(Moment),
    GiveUp(String),
}

impl<E: Into<anyhow::Error>> From<E> for Outcome {
    fn from(e: E) -> Self {
        Self::Retry(format!("{:#}", e.into()))
    }
}

type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;
type Runner = Arc<dyn Fn(serde_json::Value) -> Running + Send + Sync>;

/// Which runner does which kind.
#[derive(Clone, Default)]
pub struct Registry(HashMap<&'static str, (Runner, bool)>);

impl Registry {
    pub fn register<J: Job, F, Fut>(&mut self, run: F)
    where
        F: Fn(J) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Outcome> + Send + 'static,
    {
        let runner: Runner = Arc::new(move |payload| match serde_json::from_value::<J>(payload) {
            Ok(job) => Box::pin(run(job)) as Running,
            Err(e) => Box::pin(std::future::ready(Outcome::GiveUp(format!("payload: {e}")))),
        });
        self.0.insert(J::KIND, (runner, J::OUTWARD));
    }

    /// Kinds that leave the house.
    pub fn outward(&self) -> Vec<&'static str> {
        self.0.iter().filter(|(_, (_, outward))| *outward).map(|(kind, _)| *kind).collect()
    }
}

pub async fn enqueue<J: Job>(tx: &mut Tx, job: &J, now: Moment) -> sqlx::Result<()> {
    insert(tx, job, None, now, now).await
}

/// A job that stands for one thing: of its kind, one with this `once` waits at a time. A schedule's is empty.
pub async fn enqueue_once<J: Job>(tx: &mut Tx, job: &J, once: &str, now: Moment, run_at: Moment) -> sqlx::Result<()> {
    insert(tx, job, Some(once), now, run_at).await
}

async fn insert<J: Job>(tx: &mut Tx, job: &J, once: Option<&str>, now: Moment, run_at: Moment) -> sqlx::Result<()> {
    let payload = serde_json::to_value(job).map_err(|e| sqlx::Error::Encode(Box::new(e)))?;
    store::insert_job(tx, J::KIND, once, payload, now, run_at).await
}

/// Seconds to wait before try `n + 1`: 10 s, 1 min, 5 min, 15 min, 1 h, then 6 h.
fn back_off(tries: i32) -> TimeDelta {
    let seconds = [10, 60, 300, 900, 3600].get(usize::try_from(tries - 1).unwrap_or(0)).copied().unwrap_or(21_600);
    #[expect(clippy::cast_possible_truncation, reason = "at most a few hours in milliseconds")]
    TimeDelta::milliseconds((f64::from(seconds) * 1000.0 * random::jitter()) as i64)
}

/// Runs one due job; false when none is due.
pub async fn run_one(db: &Db, clock: &Clock, registry: &Registry, hold: &Hold) -> anyhow::Result<bool> {
    let now = clock.now();
    let mut conn = db.read().await?;
    hold.refresh(&mut conn).await?;
    let held = if hold.since().is_some() { registry.outward() } else { Vec::new() };
    let Some(job) = store::take_job(&mut conn, now, &held).await? else { return Ok(false) };
    drop(conn);
    let outcome = match registry.0.get(job.kind.as_str()) {
        // a panic in a job counts as a failed try
        Some((runner, _)) => tokio::spawn(runner(job.payload)).await.unwrap_or_else(|e| Outcome::Retry(format!("the job broke: {e}"))),
        None => Outcome::GiveUp("no runner for this kind".to_owned()),
    };
    let now = clock.now();
    let mut conn = db.read().await?;
    match outcome {
        Outcome::Done => store::close_job(&mut conn, job.id, "done", None, now).await?,
        Outcome::Again(at) => store::postpone_job(&mut conn, job.id, at, "").await?,
        Outcome::Retry(error) if now - job.created_at < TimeDelta::days(3) => {
            tracing::warn!(job.id, job.kind, job.tries, error, "a job failed and will be tried again");
            store::postpone_job(&mut conn, job.id, now + back_off(job.tries), &error).await?;
        }
        Outcome::Retry(error) | Outcome::GiveUp(error) => {
            tracing::error!(job.id, job.kind, job.tries, error, "a job was given up");
            store::close_job(&mut conn, job.id, "given_up", Some(&error), now).await?;
        }
    }
    Ok(true)
}

/// Works until told to stop: notices first, a look every two seconds as the fallback.
pub async fn work(db: Db, clock: Clock, registry: Registry, hold: Hold, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut listener = None;
    while !*stop.borrow() {
        if listener.is_none() {
            listener = db.listen().await.ok();
        }
        match run_one(&db, &clock, &registry, &hold).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(e) => tracing::warn!(error = format!("{e:#}"), "the worker cannot reach the database"),
        }
        let wait = tokio::time::sleep(Duration::from_secs(2));
        let noticed = async {
            match &mut listener {
                Some(l) => l.recv().await.is_ok(),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = wait => {}
            fine = noticed => if !fine { listener = None },
            _ = stop.changed() => {}
        }
    }
}
