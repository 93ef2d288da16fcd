//! The hourly broom: sessions that are over, old tries, uploads left half-way.

use crate::platform::Portal;
use crate::platform::jobs::{Job, Outcome};
use chrono::TimeDelta;

#[derive(serde::Serialize, serde::Deserialize)]
pub struct CleanUp;

impl Job for CleanUp {
    const KIND: &'static str = "clean_up";
}

pub async fn run(portal: Portal) -> Outcome {
    let now = portal.clock.now();
    let swept = async {
        let mut conn = portal.db.read().await?;
        super::store::clean_up(&mut conn, now).await
    };
    if let Err(e) = swept.await {
        return e.into();
    }
    portal.files.sweep(std::time::Duration::from_secs(86_400));
    Outcome::Again(now + TimeDelta::hours(1))
}
