//! The dossier's machine: one table (the one-stop-shop workflow of NĐ 61/2018/NĐ-CP as amended by NĐ 107/2021, forms of TT 01/2018/TT-VPCP), from which rule and buttons come.
//!
//! States are those of §4.11. A row says who may do what from where, and where it leads; guards that need facts (fee met,
//! not the drafter, not one's own dossier) are in `acts`. Row 29b is ours: a leader who doesn't approve must be able to say so. Rows named in [`NOT_OPEN`] have no button yet. To open one: a
//! row in [`RULES`], its use-case in `acts`, its words in `text`, and the reviewed snapshot below.

use crate::text_enum;
use crate::web::session::Role;

text_enum! {
    State {
        Submitted = "submitted", IntakeSupplement = "intake_supplement", Refused = "refused", Cancelled = "cancelled",
        Accepted = "accepted", Processing = "processing", AwaitingOpinion = "awaiting_opinion",
        SupplementRequested = "supplement_requested", PaymentRequested = "payment_requested",
        WithdrawalRequested = "withdrawal_requested", Withdrawn = "withdrawn", Stopped = "stopped",
        AwaitingSignature = "awaiting_signature", ResultReady = "result_ready", Returned = "returned", Archived = "archived",
    }
}

impl State {
    /// Nothing but archive and rating remains.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Refused | Self::Cancelled | Self::Withdrawn | Self::Stopped | Self::Returned | Self::Archived)
    }

    /// The desk has received it and no result is there yet.
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Accepted | Self::Processing | Self::AwaitingOpinion | Self::SupplementRequested | Self::PaymentRequested | Self::WithdrawalRequested | Self::AwaitingSignature)
    }

    /// The desk has not decided on reception.
    pub const fn is_before_acceptance(self) -> bool {
        matches!(self, Self::Submitted | Self::IntakeSupplement)
    }
}

text_enum! {
    /// What can be done to a dossier.
    Action {
        Submit = "submit", Accept = "accept", RequestSupplement = "request_supplement", Refuse = "refuse", Cancel = "cancel",
        Supplement = "supplement", ExpireSupplement = "expire_supplement", Transfer = "transfer", Assign = "assign",
        CancelCharge = "cancel_charge", Paid = "paid", PassDue = "pass_due", IntakeOverdue = "intake_overdue",
        ProposeResult = "propose_result", ReturnDraft = "return_draft", Sign = "sign", Issue = "issue",
        ReturnCounter = "return_counter", ReturnElectronic = "return_electronic", ReturnPost = "return_post",
        ProposeSupplement = "propose_supplement", DeclineProposal = "decline_proposal", ApproveSupplement = "approve_supplement",
        ConfirmSupplement = "confirm_supplement", StillMissing = "supplement_still_missing", StopUnsupplied = "stop_unsupplied",
        AssessFee = "assess_fee", Waive = "waive", StopUnpaid = "stop_unpaid",
        RequestWithdrawal = "request_withdrawal", TakeBack = "take_back", ConfirmWithdrawal = "confirm_withdrawal",
        DeclineWithdrawal = "decline_withdrawal", Stop = "stop",
    }
}

impl Action {
    /// What passes inside the office before a decision: that it happened is the owner's to know, its words aren't.
    pub const fn is_inner(self) -> bool {
        matches!(self, Self::ReturnDraft | Self::ProposeResult | Self::Assign | Self::ProposeSupplement | Self::DeclineProposal)
    }
}

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Citizen,
    System,
    Staff(Role),
}

#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its number in the whole workflow: rows not open yet stand in [`NOT_OPEN`].
    pub row: &'static str,
    pub action: Action,
    pub from: &'static [State],
    pub by: &'static [By],
    pub to: To,
}

/// Where an act leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The state stays.
    Same,
    Goes(State),
    /// Back to the state before a withdrawal was asked for.
    Before,
}

const DC: By = By::Staff(Role::DeskClerk);
const OF: By = By::Staff(Role::Officer);
const SH: By = By::Staff(Role::SectionHead);
const LD: By = By::Staff(Role::Leader);
const RC: By = By::Staff(Role::RecordsClerk);
const CA: By = By::Staff(Role::Cashier);

const OPEN: &[State] = &[
    State::Submitted,
    State::IntakeSupplement,
    State::Accepted,
    State::Processing,
    State::AwaitingOpinion,
    State::SupplementRequested,
    State::PaymentRequested,
    State::WithdrawalRequested,
    State::AwaitingSignature,
    State::ResultReady,
];

/// A person may take back what runs, up to the result's issue; once it is signed, the leader declines (row 48).
const WITHDRAWABLE: &[State] = &[State::Accepted, State::Processing, State::AwaitingOpinion, State::SupplementRequested, State::PaymentRequested, State::AwaitingSignature];

pub const RULES: &[Rule] = &[
    Rule { row: "10", action: Action::Accept, from: &[State::Submitted], by: &[DC], to: To::Goes(State::Accepted) },
    Rule { row: "11", action: Action::RequestSupplement, from: &[State::Submitted], by: &[DC], to: To::Goes(State::IntakeSupplement) },
    Rule { row: "12", action: Action::Refuse, from: &[State::Submitted], by: &[DC], to: To::Goes(State::Refused) },
    Rule { row: "14, 18", action: Action::Cancel, from: &[State::Submitted, State::IntakeSupplement], by: &[By::Citizen], to: To::Goes(State::Cancelled) },
    Rule { row: "15", action: Action::IntakeOverdue, from: &[State::Submitted], by: &[By::System], to: To::Same },
    Rule { row: "16", action: Action::Supplement, from: &[State::IntakeSupplement], by: &[By::Citizen], to: To::Goes(State::Submitted) },
    Rule { row: "17", action: Action::ExpireSupplement, from: &[State::IntakeSupplement], by: &[DC], to: To::Goes(State::Refused) },
    Rule { row: "20", action: Action::Transfer, from: &[State::Accepted], by: &[DC], to: To::Goes(State::Processing) },
    Rule { row: "23", action: Action::Assign, from: &[State::Processing], by: &[SH, OF], to: To::Same },
    Rule { row: "34b", action: Action::CancelCharge, from: &[State::Submitted, State::Processing], by: &[DC, OF], to: To::Same },
    Rule { row: "28", action: Action::ProposeSupplement, from: &[State::Processing], by: &[OF], to: To::Same },
    Rule { row: "29", action: Action::ApproveSupplement, from: &[State::Processing], by: &[SH, LD], to: To::Goes(State::SupplementRequested) },
    Rule { row: "29b", action: Action::DeclineProposal, from: &[State::Processing], by: &[SH, LD], to: To::Same },
    Rule { row: "30", action: Action::Supplement, from: &[State::SupplementRequested], by: &[By::Citizen], to: To::Same },
    Rule { row: "31", action: Action::ConfirmSupplement, from: &[State::SupplementRequested], by: &[DC], to: To::Goes(State::Processing) },
    Rule { row: "32", action: Action::StillMissing, from: &[State::SupplementRequested], by: &[DC], to: To::Same },
    Rule { row: "33", action: Action::StopUnsupplied, from: &[State::SupplementRequested], by: &[LD], to: To::Goes(State::Stopped) },
    Rule { row: "34", action: Action::AssessFee, from: &[State::Processing], by: &[OF], to: To::Goes(State::PaymentRequested) },
    Rule { row: "36", action: Action::Paid, from: &[State::PaymentRequested], by: &[By::System], to: To::Goes(State::Processing) },
    Rule { row: "37", action: Action::Waive, from: &[State::PaymentRequested], by: &[LD], to: To::Goes(State::Processing) },
    Rule { row: "38", action: Action::StopUnpaid, from: &[State::PaymentRequested], by: &[LD], to: To::Goes(State::Stopped) },
    Rule { row: "35, 36, 39", action: Action::Paid, from: OPEN, by: &[By::Citizen, By::System, CA], to: To::Same },
    Rule { row: "40", action: Action::ProposeResult, from: &[State::Processing], by: &[OF], to: To::Goes(State::AwaitingSignature) },
    Rule { row: "41", action: Action::ReturnDraft, from: &[State::AwaitingSignature], by: &[SH, LD], to: To::Goes(State::Processing) },
    Rule { row: "42", action: Action::Sign, from: &[State::AwaitingSignature], by: &[LD], to: To::Same },
    Rule { row: "43", action: Action::Issue, from: &[State::AwaitingSignature], by: &[RC], to: To::Goes(State::ResultReady) },
    Rule { row: "46", action: Action::RequestWithdrawal, from: WITHDRAWABLE, by: &[By::Citizen], to: To::Goes(State::WithdrawalRequested) },
    Rule { row: "47", action: Action::ConfirmWithdrawal, from: &[State::WithdrawalRequested], by: &[OF, LD], to: To::Goes(State::Withdrawn) },
    Rule { row: "48", action: Action::DeclineWithdrawal, from: &[State::WithdrawalRequested], by: &[LD], to: To::Before },
    Rule { row: "48", action: Action::TakeBack, from: &[State::WithdrawalRequested], by: &[By::Citizen], to: To::Before },
    Rule { row: "49", action: Action::Stop, from: &[State::Accepted, State::Processing, State::AwaitingOpinion], by: &[LD], to: To::Goes(State::Stopped) },
    Rule { row: "50", action: Action::PassDue, from: &[State::Accepted, State::Processing, State::AwaitingSignature, State::WithdrawalRequested], by: &[By::System], to: To::Same },
    Rule { row: "53", action: Action::ReturnCounter, from: &[State::ResultReady], by: &[DC], to: To::Goes(State::Returned) },
    Rule { row: "54", action: Action::ReturnElectronic, from: &[State::ResultReady], by: &[By::System], to: To::Goes(State::Returned) },
    Rule { row: "55", action: Action::ReturnPost, from: &[State::ResultReady], by: &[DC], to: To::Goes(State::Returned) },
];

/// Rows of the law's table that give no button yet.
pub const NOT_OPEN: &[&str] = &["5", "6", "7", "8", "9", "13", "19", "21", "22", "24", "25", "26", "27", "44", "45", "51", "56", "57", "58", "59", "60", "61", "62"];

/// An action that this state and role don't allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{action} is not possible in {from}")]
pub struct Impossible {
    pub from: State,
    pub action: Action,
}

/// Where an action leads.
pub fn next(from: State, action: Action, by: By) -> Result<To, Impossible> {
    RULES.iter().find(|r| r.action == action && r.from.contains(&from) && r.by.contains(&by)).map(|r| r.to).ok_or(Impossible { from, action })
}

/// Whether an act is anything these roles ever do.
pub fn is_work_of(action: Action, roles: &[Role]) -> bool {
    RULES.iter().any(|r| r.action == action && r.by.iter().any(|b| matches!(b, By::Staff(role) if roles.contains(role))))
}

/// What these roles may do now: the buttons of a page.
pub fn actions(from: State, roles: &[Role]) -> Vec<Action> {
    RULES.iter().filter(|r| r.from.contains(&from) && r.by.iter().any(|b| matches!(b, By::Staff(role) if roles.contains(role)))).map(|r| r.action).filter(|a| *a != Action::Paid).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    #[test]
    fn the_law_on_one_page() {
        let mut page = String::new();
        for r in RULES {
            let from: Vec<&str> = r.from.iter().map(|s| s.as_str()).collect();
            let by: Vec<String> =
                r.by.iter()
                    .map(|b| match b {
                        By::Citizen => "citizen".to_owned(),
                        By::System => "system".to_owned(),
                        By::Staff(role) => role.to_string(),
                    })
                    .collect();
            let to = match r.to {
                To::Same => "(stays)",
                To::Goes(to) => to.as_str(),
                To::Before => "(the state before)",
            };
            let _ = writeln!(page, "{:<10} {:<18} {} | {} -> {to}", r.row, r.action.as_str(), from.join(", "), by.join(", "));
        }
        let _ = writeln!(page, "not open: {}", NOT_OPEN.join(", "));
        insta::assert_snapshot!(page);
    }

    #[test]
    fn nothing_leaves_an_ended_state_and_nothing_is_received_twice() {
        for state in State::ALL.iter().filter(|s| s.is_ended()) {
            assert!(RULES.iter().all(|r| !r.from.contains(state)), "{state}");
        }
        assert!(next(State::Accepted, Action::Accept, DC).is_err());
        assert!(next(State::Submitted, Action::Accept, OF).is_err());
    }
}
