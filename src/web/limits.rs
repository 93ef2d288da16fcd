//! Tries that are counted in the database: sign-in, registering, looking up by code. A restart forgets nothing.
//!
//! A limit is a key (what is tried, hashed) and the number allowed in a window; the answer of a full one is 429 with the
//! seconds to wait. Nobody is locked out by others: a device that has signed in before is counted apart (`session::DEVICE`),
//! all others by address and, for the account, together. Searches are counted in memory ([`Search`]), each portal for itself.

use super::error::{Error, Result};
use super::extract::Address;
use super::store;
use crate::base::time::Moment;
use crate::platform::Portal;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub what: &'static str,
    pub tries: i64,
    pub minutes: i64,
}

/// Wrong passwords for one account from one known device, or from one address.
pub const SIGN_IN: Limit = Limit { what: "sign-in", tries: 10, minutes: 15 };
/// Wrong passwords for one account from all devices it doesn't know.
pub const SIGN_IN_ACCOUNT: Limit = Limit { what: "sign-in-account", tries: 100, minutes: 60 };
/// Wrong passwords from one address: an office of forty people shares one.
pub const SIGN_IN_ADDRESS: Limit = Limit { what: "sign-in-address", tries: 200, minutes: 15 };
/// Wrong look-ups from one address.
pub const LOOKUP: Limit = Limit { what: "look-up", tries: 60, minutes: 15 };
/// Wrong keys for one code from one address.
pub const LOOKUP_CODE: Limit = Limit { what: "look-up-code", tries: 20, minutes: 60 };
/// New accounts from one address.
pub const REGISTER: Limit = Limit { what: "register", tries: 300, minutes: 60 };
/// Numbers from one address that turned out to have an account: nobody learns from us who has one by asking down a list.
pub const REGISTER_TAKEN: Limit = Limit { what: "register-taken", tries: 60, minutes: 60 };
/// Wrong passwords typed inside a session.
pub const OWN_PASSWORD: Limit = Limit { what: "own-password", tries: 10, minutes: 15 };
/// "Tôi đã trả rồi" of one payment.
pub const ASK_GATEWAY: Limit = Limit { what: "ask-gateway", tries: 10, minutes: 15 };
/// Letters asked from one address.
pub const LETTERS_ADDRESS: Limit = Limit { what: "letters-address", tries: 60, minutes: 60 };
/// Letters asked for one account from one address.
pub const LETTERS: Limit = Limit { what: "letters", tries: 5, minutes: 60 };
/// Letters asked for one account from everywhere: a mailbox is not filled by strangers.
pub const LETTERS_ACCOUNT: Limit = Limit { what: "letters-account", tries: 10, minutes: 1440 };

/// Files sent by one person; a dossier has four or five.
pub const UPLOAD: Limit = Limit { what: "upload", tries: 600, minutes: 60 };

/// A search within the limit of its address: one address never takes the portal's time from everybody else.
pub struct Search;

impl FromRequestParts<Portal> for Search {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        let address = Address::from_request_parts(parts, portal).await?.0;
        // addresses that have been quiet are forgotten
        if portal.searches.len() > 10_000 {
            portal.searches.retain_recent();
        }
        portal.searches.check_key(&address).map(|()| Self).map_err(|_| Error::TooMany(1))
    }
}

fn key(limit: Limit, of: &str) -> [u8; 32] {
    Sha256::digest(format!("{}\n{of}", limit.what)).into()
}

/// Counts a try, then refuses when the window is full: tries made at once can't slip through together.
pub async fn take(conn: &mut PgConnection, limit: Limit, of: &str, now: Moment) -> Result<Try> {
    let id = store::count_try(conn, &key(limit, of), now).await?;
    let since = now - TimeDelta::minutes(limit.minutes);
    if store::tries(conn, &key(limit, of), since).await? > limit.tries {
        store::forget_try(conn, id).await?;
        return Err(Error::TooMany(u32::try_from(limit.minutes * 60).unwrap_or(900)));
    }
    Ok(Try(id))
}

/// A counted try; one that was right is given back.
pub struct Try(i64);

impl Try {
    pub async fn give_back(self, conn: &mut PgConnection) -> Result<()> {
        Ok(store::forget_try(conn, self.0).await?)
    }
}

pub async fn forget(conn: &mut PgConnection, limit: Limit, of: &str) -> Result<()> {
    Ok(store::forget_tries(conn, &key(limit, of)).await?)
}
