//! What a refused act gives back on the dossier's own page: the words typed, the file sent, and what is wrong beside its field.

use crate::base::lang::Text;
use crate::desk::text as t;
use crate::dossier::acts::Refused;
use crate::dossier::text as dt;
use crate::web::form::Faults;
use std::collections::HashMap;

/// Fields as typed, faults by field, and a file that has arrived and needn't be chosen again.
#[derive(Default)]
pub struct Given {
    pub fields: HashMap<String, String>,
    pub faults: Faults,
    /// Name and sealed words of the file kept.
    pub file: Option<(String, String)>,
}

impl Given {
    /// The refusal beside the field that can mend it; none if no field can.
    pub fn of(refused: &Refused, action: &str, fields: HashMap<String, String>) -> Option<Self> {
        let (field, label) = place(refused, action)?;
        let mut faults = Faults::default();
        // what an officer or a leader writes stays inside the office
        match (refused, action) {
            (Refused::ReasonNeeded, "trinh-ky") => faults.add(field, label, t::NEED_SUMMARY),
            (Refused::ReasonNeeded, "tra-lai" | "khong-duyet") => faults.add(field, label, t::NEED_RETURN),
            _ => faults.add(field, label, dt::refused(refused)),
        }
        Some(Self { fields, faults, file: None })
    }
}

/// The control on the page, by its name, that a refusal speaks of.
fn place(refused: &Refused, action: &str) -> Option<(&'static str, Text)> {
    Some(match (refused, action) {
        (Refused::ReasonNeeded, "huy-phi") => ("ly-do-huy", t::CANCEL_REASON),
        (Refused::ReasonNeeded, "trinh-ky") => ("tom-tat", t::SUMMARY),
        (Refused::ReasonNeeded, "tra-lai") => ("ly-do", t::RETURN_REASON),
        (Refused::ReasonNeeded, "khong-duyet") => ("ly-do-duyet", t::DECLINE_REASON),
        (Refused::ReasonNeeded, "mien-phi") => ("ly-do-mien", t::WAIVE_REASON),
        (Refused::ReasonNeeded, "khong-cho-rut") => ("ly-do-rut", t::KEEP_REASON),
        (Refused::ReasonNeeded, "tinh-phi") => ("can-cu", t::BASIS),
        (Refused::FeeWrong, _) => ("so-tien", t::SUM),
        (Refused::ReasonNeeded, "dung" | "dung-khong-bo-sung" | "dung-khong-nop") => ("ly-do-dung", t::STOP_REASON),
        (Refused::ReasonNeeded | Refused::NothingAsked, "bo-sung" | "de-nghi-bo-sung" | "con-thieu") | (Refused::TooLong, _) => ("ticks", t::MEND_WORDS),
        (Refused::ReasonNeeded, _) => ("ly-do", t::REFUSE_REASON),
        (Refused::NothingAsked, "huy-phi") => ("khoan", t::FEES),
        (Refused::MarksOpen, _) => ("van-nhan", t::ACCEPT),
        (Refused::FeeOpen, _) => ("ly-do-phi", t::UNPAID_REASON),
        (Refused::DraftNeeded, _) => ("tep", t::DRAFT_FILE),
        (Refused::NumberTaken, _) => ("so", t::NUMBER),
        (Refused::WaybillNeeded, _) => ("van-don", t::WAYBILL),
        (Refused::ReceiverNeeded, _) => ("nguoi-nhan", t::RECEIVER),
        _ => return None,
    })
}
