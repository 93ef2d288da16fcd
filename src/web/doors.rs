//! Who may come in where: one table of every address, asked before any handler runs; an address that isn't in it is shut.
//!
//! A door lets a kind of visitor in; what they see behind it is narrower. A citizen's addresses show what belongs to their
//! own party; a dossier's are open to its owner and to staff of its units and rooms (`dossier::may_see`); what staff may do
//! there says the table of `dossier::state` with `dossier::acts::is_of_unit`. To add a page: its line here.

use super::error::Error;
use super::session::{Presence, Role, Visitor};
use super::urls;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Public, or proved by something else: a signature, a key, a one-time link.
    Anyone,
    /// Signed-in citizens, for what is their own.
    Citizen,
    /// The owner, and staff of the units it is open to.
    Shared,
    /// Staff with one of these roles.
    Staff(&'static [Role]),
}

use Door::{Anyone, Citizen, Shared, Staff};

/// Everybody who works on dossiers: a cashier and an administrator of the system read none (duties apart).
const WORK: Door = Staff(&[Role::DeskClerk, Role::Officer, Role::SectionHead, Role::Leader, Role::RecordsClerk, Role::ProcedureController]);
const CASHIER: Door = Staff(&[Role::Cashier]);
const ADMIN: Door = Staff(&[Role::SystemAdmin]);
const ALL_STAFF: Door = Staff(Role::ALL);

pub const DOORS: &[(&str, Door)] = &[
    (urls::HOME, Anyone),
    (urls::PROCEDURES, Anyone),
    (urls::SUGGEST, Anyone),
    (urls::PROCEDURE, Anyone),
    (urls::WHY_TODAY, Anyone),
    (urls::SIGN_IN, Anyone),
    (urls::STAFF_SIGN_IN, Anyone),
    (urls::SIGN_OUT, Anyone),
    (urls::REGISTER, Anyone),
    (urls::FORGOTTEN, Anyone),
    (urls::ONE_TIME, Anyone),
    (urls::DESK_CODE, Anyone),
    (urls::LOOKUP, Anyone),
    (urls::FEES, Anyone),
    (urls::VNPAY_RETURN, Anyone),
    (urls::VNPAY_IPN, Anyone),
    (urls::VNPAY_IPN_SLASH, Anyone),
    (urls::STATISTICS, Anyone),
    (urls::HELP, Anyone),
    (urls::HELP_WHERE, Anyone),
    (urls::HELP_FORM, Anyone),
    (urls::HELP_PHOTO, Anyone),
    (urls::HELP_CHECK, Anyone),
    (urls::HELP_PAY, Anyone),
    (urls::HELP_NEXT, Anyone),
    (urls::FEEDBACK, Anyone),
    (urls::PRIVACY, Anyone),
    (urls::DEMO_MAIL, Anyone),
    (urls::HEALTH, Anyone),
    (urls::READY, Anyone),
    (urls::INVITATION, Anyone),
    (urls::ORGANISATIONS, Citizen),
    (urls::ORGANISATION, Citizen),
    (urls::ORGANISATION_INVITE, Citizen),
    (urls::ORGANISATION_REVOKE, Citizen),
    (urls::ORGANISATION_MEMBER, Citizen),
    (urls::ORGANISATION_LEAVE, Citizen),
    (urls::DESK_PASSWORD, Staff(&[Role::DeskClerk, Role::SectionHead, Role::Leader])),
    (urls::DESK_PASSWORD_GIVE, Staff(&[Role::DeskClerk, Role::SectionHead, Role::Leader])),
    (urls::DESK_ORGANISATIONS, Staff(&[Role::DeskClerk])),
    (urls::DESK_ORGANISATION, Staff(&[Role::DeskClerk])),
    (urls::ACCOUNT, Citizen),
    (urls::ACCOUNT_IDENTITY, Citizen),
    (urls::ACCOUNT_PASSWORD, Citizen),
    (urls::ACCOUNT_SESSIONS, Citizen),
    (urls::FILE, Citizen),
    (urls::DRAFT, Citizen),
    (urls::DRAFT_WHERE, Citizen),
    (urls::DRAFT_FORM, Citizen),
    (urls::DRAFT_SAVE, Citizen),
    (urls::DRAFT_PAPERS, Citizen),
    (urls::DRAFT_UPLOAD, Citizen),
    (urls::DRAFT_REMOVE, Citizen),
    (urls::DRAFT_DECLARE, Citizen),
    (urls::DRAFT_CHECK, Citizen),
    (urls::DRAFT_SUBMIT, Citizen),
    (urls::DRAFT_DISCARD, Citizen),
    (urls::DOSSIERS, Citizen),
    (urls::DOSSIER, Citizen),
    (urls::DOSSIER_CONFIRMATION, Citizen),
    (urls::DOSSIER_SUPPLEMENT, Citizen),
    (urls::DOSSIER_SUPPLEMENT_UPLOAD, Citizen),
    (urls::DOSSIER_SIMILAR, Citizen),
    (urls::DOSSIER_CANCEL, Citizen),
    (urls::DOSSIER_RESULT, Citizen),
    (urls::DOSSIER_WHY, Citizen),
    (urls::BASKET_PAY, Citizen),
    (urls::PAPER, Shared),
    (urls::DOSSIER_SLIP, Shared),
    (urls::DOSSIER_CONTROL, Shared),
    (urls::DOSSIER_LETTER, Shared),
    (urls::DOSSIER_REFUSAL, Shared),
    (urls::DOSSIER_STOP, Shared),
    (urls::BASKET, Shared),
    (urls::BASKET_ASK, Shared),
    (urls::DESK, ALL_STAFF),
    (urls::DESK_SEARCH, WORK),
    (urls::DESK_TAKE, WORK),
    (urls::DESK_DOSSIER, WORK),
    (urls::DESK_PROPOSE, WORK),
    (urls::DESK_ISSUE, WORK),
    (urls::DESK_WHY, WORK),
    (urls::DESK_RESULT, WORK),
    (urls::DESK_ACT, WORK),
    (urls::DESK_KEY, Staff(&[Role::DeskClerk])),
    (urls::CASHIER, CASHIER),
    (urls::CASHIER_TAKE, CASHIER),
    (urls::SUSPENSE, CASHIER),
    (urls::STAFF_ACCOUNTS, ADMIN),
    (urls::STAFF_LOCK, ADMIN),
    (urls::OPERATIONS, ADMIN),
    (urls::OPERATIONS_RELEASE, ADMIN),
    (urls::OPERATIONS_RETRY, ADMIN),
];

/// Lets in whom the table lets in. Nobody yet is left to the page: it asks them to sign in, and keeps what they sent.
pub async fn guard(request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let door = matched.and_then(|m| DOORS.iter().find(|d| d.0 == m)).map(|d| d.1);
    let visitor = request.extensions().get::<Presence>().map(|p| &p.visitor);
    let open = match (door, visitor) {
        (None, _) => false,
        (Some(Staff(roles)), Some(Visitor::Staff(s))) => s.roles.iter().any(|r| roles.contains(r)),
        (Some(Staff(_)), Some(Visitor::Citizen(_))) => false,
        _ => true,
    };
    if open { next.run(request).await } else { Error::NotFound.into_response() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_one_door() {
        for path in urls::ALL.iter().filter(|p| **p != urls::STATIC) {
            assert_eq!(DOORS.iter().filter(|d| d.0 == *path).count(), 1, "{path}");
        }
    }
}
