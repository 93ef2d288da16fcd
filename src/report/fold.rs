//! Figures folded once a minute, so that no visitor waits for a count over a year of dossiers.
//!
//! The fold is the same query as the plain count, with its as-of time; a page takes the last fold while it is younger than
//! [`FRESH`], else (no worker yet, or a worker that stands still) counts for itself.

use super::store::{self, Figures};
use crate::base::time::{self, Moment};
use crate::dossier::state::State;
use crate::platform::Portal;
use crate::platform::jobs::{Job, Outcome};
use crate::platform::store::{find_setting, set};
use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

#[derive(Serialize, Deserialize)]
pub struct Fold;

impl Job for Fold {
    const KIND: &'static str = "fold_figures";
}

const SETTING: &str = "figures";
/// Minutes a fold is shown.
const FRESH: i64 = 3;

/// What is shown of the month, of the year, and of now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folded {
    pub as_of: Moment,
    pub month: Figures,
    pub year: Figures,
    pub states: Vec<(String, i64)>,
}

impl Folded {
    pub fn states(&self) -> impl Iterator<Item = (State, i64)> {
        self.states.iter().filter_map(|(s, n)| Some((s.parse().ok()?, *n)))
    }
}

async fn count(conn: &mut PgConnection, now: Moment) -> sqlx::Result<Folded> {
    let today = time::local(now).date();
    let start = |day: Option<NaiveDate>| time::from_local(day.unwrap_or(today).and_hms_opt(0, 0, 0).unwrap_or_default());
    let month = store::figures(conn, start(today.with_day(1)), now).await?;
    let year = store::figures(conn, start(NaiveDate::from_ymd_opt(today.year(), 1, 1)), now).await?;
    let states = store::by_state(conn).await?.into_iter().map(|(s, n)| (s.as_str().to_owned(), n)).collect();
    Ok(Folded { as_of: now, month, year, states })
}

/// The last fold, or a count where there is none that is fresh.
pub async fn current(conn: &mut PgConnection, now: Moment) -> sqlx::Result<Folded> {
    let last = find_setting::<Folded>(conn, SETTING).await?.filter(|f| f.as_of <= now && now - f.as_of < TimeDelta::minutes(FRESH));
    match last {
        Some(f) => Ok(f),
        None => count(conn, now).await,
    }
}

pub async fn run(portal: Portal) -> Outcome {
    let now = portal.clock.now();
    match fold(&portal, now).await {
        Ok(()) => Outcome::Again(now + TimeDelta::minutes(1)),
        Err(e) => e.into(),
    }
}

async fn fold(portal: &Portal, now: Moment) -> anyhow::Result<()> {
    let folded = count(&mut *portal.db.read().await?, now).await?;
    let mut tx = portal.db.begin().await?;
    set(&mut tx, SETTING, &folded).await?;
    Ok(tx.commit().await?)
}
