//! A citizen's facts, and why an account can't be had.

use crate::base::id::{AccountId, InvitationId, PartyId, ResetId, StaffId};
use crate::base::time::Moment;

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Account {
    pub id: AccountId,
    pub party_id: PartyId,
    pub personal_number: Option<String>,
    pub passport: Option<String>,
    pub full_name: String,
    /// ISO, whole or known in part.
    pub birth_date: String,
    pub sex: String,
    pub phone: String,
    pub email: Option<String>,
    pub email_confirmed_at: Option<Moment>,
    pub address: Option<serde_json::Value>,
    pub lang: String,
}

impl Account {
    /// The sign-in name: the personal number, or the passport of who has none.
    pub fn number(&self) -> &str {
        self.personal_number.as_deref().or(self.passport.as_deref()).unwrap_or("")
    }

    /// The address that letters may go to.
    pub fn confirmed_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_confirmed_at.is_some())
    }

    pub fn language(&self) -> crate::base::lang::Lang {
        if self.lang == "en" { crate::base::lang::Lang::En } else { crate::base::lang::Lang::Vi }
    }
}

#[derive(Debug, Clone)]
pub struct NewAccount {
    pub personal_number: Option<String>,
    pub passport: Option<String>,
    pub full_name: String,
    pub birth_date: String,
    pub sex: String,
    pub phone: String,
    pub email: Option<String>,
}

impl NewAccount {
    pub fn subject(&self) -> &str {
        self.personal_number.as_deref().or(self.passport.as_deref()).unwrap_or("")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("an account with this number exists")]
    AlreadyRegistered,
    #[error("system_admin holds no business role, and everybody holds one")]
    RolesApart,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Refused {
    /// Two at once: the constraint says what the look before could not know.
    pub fn on_insert(e: sqlx::Error) -> Self {
        match e.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
            Some("account_personal_number_once" | "account_passport_once" | "identity_pkey" | "staff_sign_in_once") => Self::AlreadyRegistered,
            _ => Self::Database(e),
        }
    }
}

/// What a member may do for an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights {
    /// Begins and files dossiers, and goes on with what he began.
    pub may_file: bool,
    /// Sees and pays all fees of the organisation.
    pub may_pay: bool,
    /// Sees what the others filed; with `may_file` goes on with it too.
    pub sees_all: bool,
}

impl Rights {
    pub const ALL: Self = Self { may_file: true, may_pay: true, sees_all: true };
}

/// An organisation as one claim has it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Organisation {
    pub party: PartyId,
    pub name: String,
    pub tax_code: String,
    pub confirmed_at: Option<Moment>,
    pub certificate: Option<String>,
    pub address: Option<String>,
    pub created_at: Moment,
    /// Its representative.
    pub claimant: AccountId,
    pub claimant_name: String,
    pub claimant_number: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Member {
    pub account: AccountId,
    pub name: String,
    pub number: String,
    pub may_file: bool,
    pub may_pay: bool,
    pub sees_all: bool,
    pub representative: bool,
    pub from_at: Moment,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Invitation {
    pub id: InvitationId,
    pub organisation_id: PartyId,
    /// Personal number or passport of the one it is for.
    pub number: String,
    pub may_file: bool,
    pub may_pay: bool,
    pub sees_all: bool,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
}

impl Invitation {
    pub const fn rights(&self) -> Rights {
        Rights { may_file: self.may_file, may_pay: self.may_pay, sees_all: self.sees_all }
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OrganisationEvent {
    pub action: String,
    pub actor_kind: String,
    pub actor_name: String,
    pub person: String,
    pub at: Moment,
}

/// A new password that one member of staff asked for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Reset {
    pub account_id: AccountId,
    pub asked_by: StaffId,
    pub expires_at: Moment,
    pub given_at: Option<Moment>,
}

/// One that waits for the second, with what he compares with the card.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OpenReset {
    pub id: ResetId,
    pub name: String,
    pub number: String,
    pub birth_date: String,
    pub asked_by: StaffId,
    pub asked_by_name: String,
    pub asked_at: Moment,
}
