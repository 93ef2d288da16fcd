//! A new password without e-mail: at the desk, against the identity card, by two members of staff.
//!
//! One asks (he has seen the card), another of the same unit looks at the card too and gives: a code on paper, good once
//! for thirty minutes, with which the person sets the password. Neither sets it, neither can do both, and nobody does it
//! for himself. Both stand in the person's account, and a letter goes to a confirmed address.

use super::jobs::{News, Purpose, TellNews};
use super::model::Account;
use super::store;
use crate::base::id::ResetId;
use crate::base::random;
use crate::base::time::Moment;
use crate::platform::db::Tx;
use crate::platform::jobs::enqueue;
use crate::web::session::{Staff, hash};
use chrono::TimeDelta;

/// Minutes in which the second one gives, and in which the code is used.
const MINUTES: i64 = 30;

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("no account has this number")]
    NoAccount,
    #[error("the same person asks and gives")]
    SameHands,
    #[error("a member of staff does nothing for himself here")]
    Own,
    #[error("given before, or over")]
    Over,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The first: has seen the card of the person with this number.
pub async fn ask(tx: &mut Tx, number: &str, s: &Staff, now: Moment) -> Result<(), Refused> {
    let a = store::find_by_number(tx, number).await?.ok_or(Refused::NoAccount)?;
    not_own(tx, &a, s).await?;
    store::insert_reset(tx, ResetId::fresh(), a.id, s, now, now + TimeDelta::minutes(MINUTES)).await?;
    Ok(())
}

/// The second: gives the code for the person, shown once.
pub async fn give(tx: &mut Tx, id: ResetId, s: &Staff, now: Moment) -> Result<(Account, String), Refused> {
    let r = store::lock_reset(tx, id, &s.unit).await?.filter(|r| r.given_at.is_none() && r.expires_at > now).ok_or(Refused::Over)?;
    if r.asked_by == s.id {
        return Err(Refused::SameHands);
    }
    let a = store::load_account(tx, r.account_id).await?;
    not_own(tx, &a, s).await?;
    let code = random::letters(10);
    store::void_links(tx, a.id).await?;
    store::insert_link(tx, &hash(&code), Purpose::NewPassword, a.id, "", now + TimeDelta::minutes(MINUTES)).await?;
    store::give_reset(tx, id, s.id, now).await?;
    enqueue(tx, &TellNews { account: a.id, news: News::Password }, now).await?;
    Ok((a, code))
}

async fn not_own(tx: &mut Tx, a: &Account, s: &Staff) -> Result<(), Refused> {
    let own = store::personal_number_of_staff(tx, s.id).await?;
    if own.as_deref() == Some(a.number()) { Err(Refused::Own) } else { Ok(()) }
}
