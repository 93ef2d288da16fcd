//! What decides, beside state and role, whether an act's button makes sense now. Only the button: the act guards itself.

use crate::base::time::Moment;
use crate::catalogue::model::Procedure;
use crate::dossier::acts;
use crate::dossier::model::{Proposal, ResultRow, Stage, Supplement};
use crate::dossier::state::Action;
use crate::payment::model::Obligation;

pub struct Facts {
    signed: bool,
    /// The letter's time is over and nothing came.
    expired: bool,
    supplied: bool,
    asked_while_processing: bool,
    proposed: bool,
    assessable: bool,
    unpaid_past_due: bool,
}

impl Facts {
    pub fn of(now: Moment, letters: &[Supplement], r: Option<&ResultRow>, proposal: Option<&Proposal>, p: &Procedure, owed: &[Obligation]) -> Self {
        Self {
            signed: r.is_some_and(|r| r.signed_at.is_some()),
            expired: letters.iter().any(|l| l.waits_for_person() && l.due_at <= now),
            supplied: letters.iter().any(Supplement::waits_for_desk),
            asked_while_processing: letters.iter().any(|l| l.stage == Stage::Processing),
            proposed: proposal.is_some(),
            assessable: acts::assessable(&p.fees).next().is_some(),
            unpaid_past_due: acts::assessed_due(owed).any(|o| o.pay_due.is_some_and(|due| due <= now)),
        }
    }

    pub const fn open(&self, action: Action) -> bool {
        match action {
            Action::Sign | Action::ReturnDraft | Action::ConfirmWithdrawal => !self.signed,
            Action::Issue | Action::DeclineWithdrawal => self.signed,
            Action::ExpireSupplement | Action::StopUnsupplied => self.expired,
            Action::ConfirmSupplement | Action::StillMissing => self.supplied,
            Action::ProposeSupplement => !self.asked_while_processing,
            Action::ApproveSupplement | Action::DeclineProposal => self.proposed,
            Action::AssessFee => self.assessable,
            Action::StopUnpaid => self.unpaid_past_due,
            _ => true,
        }
    }
}
