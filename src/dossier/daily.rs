//! What time brings by itself, besides the law's clocks (`clock`): reminders, and drafts that ran out.
//!
//! Reminded are: whoever was asked for a supplement, at half and at nine tenths of the time (domain of NĐ 61/2018: never
//! silently refused), and whoever leaves a result uncollected, after 7 and after 30 days. Each reminder is a message of the
//! dossier, written once; its letter asks again at sending whether it still holds (`notification`).

use super::state::State;
use super::store;
use crate::base::time::{self, Moment};
use crate::platform::Portal;
use crate::platform::jobs::{Job, Outcome};
use chrono::{TimeDelta, Timelike};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Serialize, Deserialize)]
pub struct Daily;

impl Job for Daily {
    const KIND: &'static str = "daily_of_dossiers";
}

/// By day only: a telephone that rings at night helps nobody.
const HOURS: std::ops::Range<u32> = 7..20;

pub async fn run(portal: Portal) -> Outcome {
    let now = portal.clock.now();
    let done = async {
        if HOURS.contains(&time::local(now).hour()) {
            remind(&portal, now).await?;
        }
        let mut tx = portal.db.begin().await?;
        store::delete_expired_drafts(&mut tx, now).await?;
        tx.commit().await?;
        anyhow::Ok(())
    };
    match done.await {
        Ok(()) => Outcome::Again(now + TimeDelta::hours(1)),
        Err(e) => e.into(),
    }
}

async fn remind(portal: &Portal, now: Moment) -> anyhow::Result<()> {
    let mut conn = portal.db.read().await?;
    let asked = store::supplements_to_remind(&mut conn, now).await?;
    let waiting = store::results_to_remind(&mut conn, now).await?;
    drop(conn);
    let asked = asked.into_iter().map(|(id, due)| (id, "supplement_due", json!({ "due": time::dmy(due) })));
    let waiting = waiting.into_iter().map(|id| (id, "waiting", json!({})));
    for (id, kind, facts) in asked.chain(waiting) {
        let mut tx = portal.db.begin().await?;
        // locked: an answer that comes this moment comes before or after, never between
        let Some(d) = store::lock_dossier_by_id(&mut tx, id).await? else { continue };
        let still = if kind == "waiting" { d.state == State::ResultReady } else { matches!(d.state, State::IntakeSupplement | State::SupplementRequested) };
        if still {
            super::tell(&mut tx, &d, kind, &facts, now).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}
