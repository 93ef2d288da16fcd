//! Questions to the gateway by schedule (payments.md §2.7): nobody has to come back for a payment to be found.

use super::state::AttemptState;
use super::{Payments, ask, store};
use crate::base::id::AttemptId;
use crate::platform::Portal;
use crate::platform::jobs::{Job, Outcome, enqueue_at};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct AskGateway {
    pub attempt: AttemptId,
    pub round: u32,
}

impl Job for AskGateway {
    const KIND: &'static str = "ask_gateway";
}

/// Minutes to wait after each round without a final answer.
const WAITS: [i64; 6] = [2, 5, 15, 60, 360, 1440];

pub async fn ask_gateway(portal: Portal, payments: Payments, job: AskGateway) -> Outcome {
    let now = portal.clock.now();
    let asked = async {
        let settled = ask(&portal.db, &payments, job.attempt, now).await?;
        let mut conn = portal.db.read().await?;
        let attempt = store::load_attempt(&mut conn, job.attempt).await?;
        drop(conn);
        if attempt.state == AttemptState::Open || attempt.state == AttemptState::UnderReview {
            let Some(wait) = WAITS.get(usize::try_from(job.round).unwrap_or(usize::MAX)) else {
                tracing::warn!(attempt.reference, "ALERT: the gateway never told what became of a payment");
                return anyhow::Ok(settled);
            };
            let mut tx = portal.db.begin().await?;
            enqueue_at(&mut tx, &AskGateway { attempt: job.attempt, round: job.round + 1 }, now, now + TimeDelta::minutes(*wait)).await?;
            tx.commit().await?;
        }
        Ok(settled)
    };
    match asked.await {
        Ok(_) => Outcome::Done,
        Err(e) => e.into(),
    }
}
