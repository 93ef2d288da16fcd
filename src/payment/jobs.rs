//! Questions to the gateway by schedule (VNPAY 2.1.0, `querydr`): nobody has to come back for a payment to be found. And
//! the broom: what gateways said is kept ninety days, what moved money for ever in the ledger.

use super::state::AttemptState;
use super::{Payments, ask, store};
use crate::base::id::AttemptId;
use crate::base::time::Moment;
use crate::platform::Portal;
use crate::platform::db::Tx;
use crate::platform::jobs::{Job, Outcome, enqueue_once};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct AskGateway {
    pub attempt: AttemptId,
}

impl Job for AskGateway {
    const KIND: &'static str = "ask_gateway";
    const OUTWARD: bool = true;
}

/// Asks about an attempt at this moment; asked for twice, it is asked once.
pub async fn ask_at(tx: &mut Tx, attempt: AttemptId, now: Moment, at: Moment) -> sqlx::Result<()> {
    enqueue_once(tx, &AskGateway { attempt }, &attempt.to_string(), now, at).await
}

/// After three days without a word a person has to look.
const PATIENCE: TimeDelta = TimeDelta::days(3);

pub async fn ask_gateway(portal: Portal, payments: Payments, job: AskGateway) -> Outcome {
    let now = portal.clock.now();
    let asked = async {
        ask(&portal.db, &payments, job.attempt, now).await?;
        let mut conn = portal.db.read().await?;
        anyhow::Ok(store::load_attempt(&mut conn, job.attempt).await?)
    };
    let attempt = match asked.await {
        Ok(a) => a,
        Err(e) => return e.into(),
    };
    if !matches!(attempt.state, AttemptState::Open | AttemptState::UnderReview) {
        return Outcome::Done;
    }
    let waited = now - attempt.expires_at;
    if waited > PATIENCE {
        tracing::warn!(attempt.reference, "ALERT: the gateway never told what became of a payment");
        return Outcome::GiveUp(format!("{}: no word from the gateway in three days", attempt.reference));
    }
    // the longer it takes, the rarer the question
    Outcome::Again(now + (waited / 2).clamp(TimeDelta::minutes(2), TimeDelta::days(1)))
}

#[derive(Serialize, Deserialize)]
pub struct ForgetNotices;

impl Job for ForgetNotices {
    const KIND: &'static str = "forget_notices";
}

pub async fn forget_notices(portal: Portal) -> Outcome {
    let now = portal.clock.now();
    let forgotten = async {
        let mut conn = portal.db.read().await?;
        store::forget_notices(&mut conn, now - TimeDelta::days(90)).await
    };
    match forgotten.await {
        Ok(()) => Outcome::Again(now + TimeDelta::days(1)),
        Err(e) => e.into(),
    }
}
