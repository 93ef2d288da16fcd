//! The machine of an attempt: `open → paid | under_review | failed | cancelled | expired`.
//!
//! Only `paid` is final. A later signed success lifts whatever was said before; a failure never undoes a success.

use super::gateway::Outcome;
use crate::text_enum;

text_enum! {
    AttemptState {
        Open = "open", UnderReview = "under_review", Paid = "paid", Failed = "failed", Cancelled = "cancelled",
        /// Ours alone: nobody heard of it by expiry + 15 minutes and the gateway says not paid.
        Expired = "expired",
    }
}

/// What a report does to an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    To(AttemptState),
    /// Known before: nothing changes.
    Before,
    /// Not finished: nothing changes, and nothing was known.
    Nothing,
}

pub const fn next(from: AttemptState, outcome: Outcome) -> Step {
    use AttemptState as S;
    use Outcome as O;
    match (from, outcome) {
        (S::Paid, _) => Step::Before,
        (_, O::Unfinished) => Step::Nothing,
        (_, O::Paid) => Step::To(S::Paid),
        (S::UnderReview, O::Review) => Step::Before,
        (S::Open | S::Failed | S::Cancelled | S::Expired, O::Review) => Step::To(S::UnderReview),
        (S::Failed | S::Cancelled, O::Failed | O::Cancelled) => Step::Before,
        (S::Open | S::UnderReview | S::Expired, O::Failed) => Step::To(S::Failed),
        (S::Open | S::UnderReview | S::Expired, O::Cancelled) => Step::To(S::Cancelled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_undoes_a_success_and_a_success_lifts_everything() {
        for outcome in [Outcome::Paid, Outcome::Failed, Outcome::Cancelled, Outcome::Review, Outcome::Unfinished] {
            assert_eq!(next(AttemptState::Paid, outcome), Step::Before);
        }
        for from in AttemptState::ALL.iter().filter(|s| **s != AttemptState::Paid) {
            assert_eq!(next(*from, Outcome::Paid), Step::To(AttemptState::Paid));
        }
    }
}
