//! A citizen's facts, and why an account can't be had.

use crate::base::id::{AccountId, PartyId};
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
