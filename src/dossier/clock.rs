//! The watch on promised moments: rows 15 and 50 of the table are acts of time itself.
//!
//! Every quarter of an hour, each dossier that has passed a moment without that fact in its history gets the event. It moves
//! no state and no version: a clerk who has the page open loses nothing. A dossier answered meanwhile is left alone.

use super::state::Action;
use super::{acts, store};
use crate::platform::Portal;
use crate::platform::jobs::{Job, Outcome};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct WatchClocks;

impl Job for WatchClocks {
    const KIND: &'static str = "watch_clocks";
}

pub async fn watch(portal: Portal) -> Outcome {
    let now = portal.clock.now();
    let marked = async {
        let mut conn = portal.db.read().await?;
        let intake = store::late_for_intake(&mut conn, now).await?;
        let result = store::late_for_result(&mut conn, now).await?;
        drop(conn);
        let late = intake.into_iter().map(|d| (d, Action::IntakeOverdue)).chain(result.into_iter().map(|d| (d, Action::PassDue)));
        for (id, action) in late {
            let mut tx = portal.db.begin().await?;
            acts::mark_late(&mut tx, id, action, now).await?;
            tx.commit().await?;
        }
        anyhow::Ok(())
    };
    match marked.await {
        Ok(()) => Outcome::Again(now + TimeDelta::minutes(15)),
        Err(e) => e.into(),
    }
}
