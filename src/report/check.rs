//! The daily check that nothing was lost: states against events, the ledger against what is owed and held, files against
//! their rows. What it finds stands on the operators' page until a later check finds it mended.

use super::store;
use crate::base::time::{self, Moment};
use crate::platform::Portal;
use crate::platform::jobs::{Job, Outcome};
use crate::platform::store::set;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct Check;

impl Job for Check {
    const KIND: &'static str = "daily_check";
}

/// Where the last result stands among the settings.
pub const SETTING: &str = "daily_check";
/// Digests read anew each day, besides the sizes of all files.
const SAMPLE: i64 = 200;

/// What a check found; each number is of faults, and should be nought.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub at: String,
    /// Dossiers whose state is not that of their last event.
    pub states: i64,
    /// Entries of the ledger whose postings don't add up to nought.
    pub entries: i64,
    /// Units whose receivable is not the sum of their due fees; kinds of suspense that differ from their lines.
    pub balances: i64,
    pub files_missing: i64,
    pub files_changed: i64,
    pub files_read: i64,
}

impl Found {
    pub fn is_sound(&self) -> bool {
        self.states + self.entries + self.balances + self.files_missing + self.files_changed == 0
    }
}

pub async fn run(portal: Portal) -> Outcome {
    let now = portal.clock.now();
    match check(&portal, now).await {
        Ok(found) => {
            if !found.is_sound() {
                tracing::error!(?found, "ALARM: the daily check found something");
            }
            Outcome::Again(now + TimeDelta::days(1))
        }
        Err(e) => e.into(),
    }
}

pub async fn check(portal: &Portal, now: Moment) -> anyhow::Result<Found> {
    let mut conn = portal.db.read().await?;
    let mut found = Found { at: time::dmy_hm(now), ..Found::default() };
    (found.states, found.entries, found.balances) = store::faults(&mut conn).await?;
    let sample = store::sample_of_files(&mut conn, SAMPLE).await?;
    let mut after = String::new();
    loop {
        let page = store::files_after(&mut conn, &after).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.0);
        for (digest, size) in &page {
            let there = portal.files.size(digest).await == Some(u64::try_from(*size)?);
            found.files_missing += i64::from(!there);
        }
    }
    drop(conn);
    for digest in &sample {
        found.files_changed += i64::from(portal.files.open(digest).await.is_err());
        found.files_read += 1;
    }
    let mut tx = portal.db.begin().await?;
    set(&mut tx, SETTING, &found).await?;
    tx.commit().await?;
    Ok(found)
}
