//! Who asks: citizens and staff, how they prove themselves, their sessions.
//!
//! A citizen's account has identities (`provider, subject, level`); the local password is one of them, so that VNeID can be
//! added without changing accounts: a provider is a value of `identity.provider`, a page that ends in [`sign_in`], and its
//! level. Drafts, dossiers and fees belong to the account's party or to an organisation's, never to the login.
//! A staff account stands in a unit, maybe in a room of it, and has roles; who may do what is `dossier/state.rs` and `desk`.

pub mod jobs;
pub mod model;
pub mod organisation;
pub mod password;
pub mod reset;
mod store;
pub mod text;
mod web;

use crate::base::id::{AccountId, PartyId, StaffId};
use crate::base::lang::Lang;
use crate::base::time::Moment;
use crate::base::{phone, random};
use crate::platform::db::Tx;
use crate::platform::jobs::enqueue;
use crate::web::session::{self, Role, Who};
use jobs::{Purpose, SendLink};
use model::{Account, NewAccount, Organisation, Refused};
use sqlx::PgConnection;

pub use store::{
    StaffRow, find_organisation, list_staff, load_account, load_staff, name_of_party, organisations_of, personal_number_of_staff, set_personal_number_of_staff, staff_of_unit, who_files_for,
};
pub use web::{address_words, routes};

/// The level of the local provider (NĐ 69/2024/NĐ-CP): enough to file.
pub const LOCAL_LEVEL: i16 = 2;
/// Version of the privacy notice shown before the first answer.
pub const PRIVACY_NOTICE: &str = "2026-11-25";

/// The organisation that an account acts for under this party; none under its own.
pub async fn organisation_for(conn: &mut PgConnection, a: &Account, party: PartyId) -> sqlx::Result<Option<Organisation>> {
    if party == a.party_id { Ok(None) } else { store::find_organisation(conn, party).await }
}

/// Opens an account: party, account, local identity; asks the owner of the e-mail to confirm it.
pub async fn register(tx: &mut Tx, new: NewAccount, hash: String, lang: Lang, now: Moment) -> Result<AccountId, Refused> {
    let (account, party) = (AccountId::fresh(), PartyId::fresh());
    if store::number_is_taken(tx, new.subject()).await? {
        return Err(Refused::AlreadyRegistered);
    }
    store::insert_account(tx, account, party, &new, lang, now).await.map_err(Refused::on_insert)?;
    store::insert_identity(tx, account, new.subject(), LOCAL_LEVEL, &hash).await.map_err(Refused::on_insert)?;
    if let Some(email) = &new.email {
        enqueue(tx, &SendLink { account, purpose: Purpose::ConfirmEmail, email: email.clone() }, now).await?;
    }
    Ok(account)
}

/// Opens a session after a proof was accepted.
pub async fn sign_in(tx: &mut Tx, who: Who, shared: bool, agent: &str, now: Moment) -> sqlx::Result<String> {
    if let Who::Citizen(account) = who {
        store::touch_identity(tx, account, now).await?;
    }
    session::open(tx, who, shared, agent, now).await
}

/// A new e-mail counts only when its owner has confirmed it.
pub async fn change_contact(tx: &mut Tx, account: &Account, phone_number: &str, email: Option<&str>, address: Option<&serde_json::Value>, now: Moment) -> sqlx::Result<()> {
    store::update_contact(tx, account.id, phone_number, email, address).await?;
    if let Some(email) = email
        && account.email.as_deref() != Some(email)
    {
        store::void_links(tx, account.id).await?;
        enqueue(tx, &SendLink { account: account.id, purpose: Purpose::ConfirmEmail, email: email.to_owned() }, now).await?;
    }
    Ok(())
}

/// Corrects a fact of identity; the old value is kept.
pub async fn correct_identity(tx: &mut Tx, account: &Account, name: &str, birth_date: &str, sex: &str, now: Moment) -> sqlx::Result<()> {
    for (question, old, new) in [("full_name", &account.full_name, name), ("birth_date", &account.birth_date, birth_date), ("sex", &account.sex, sex)] {
        if old != new {
            store::insert_change(tx, account.id, question, old, new, now).await?;
        }
    }
    store::update_identity_facts(tx, account, name, birth_date, sex).await
}

/// Sets a new password; every session ends, and no device is known any more.
pub async fn set_password(tx: &mut Tx, account: AccountId, hash: &str) -> sqlx::Result<()> {
    store::update_password(tx, account, hash).await?;
    store::void_links(tx, account).await?;
    session::end_others(tx, Who::Citizen(account), None).await
}

/// Adds a member of staff. `system_admin` never comes with another role.
#[expect(clippy::too_many_arguments, reason = "the facts of one person")]
pub async fn add_staff(tx: &mut Tx, sign_in: &str, name: &str, unit: &str, office: Option<&str>, roles: &[Role], hash: Option<&str>, now: Moment) -> Result<StaffId, Refused> {
    if roles.is_empty() || roles.contains(&Role::SystemAdmin) && roles.len() > 1 {
        return Err(Refused::RolesApart);
    }
    let id = StaffId::fresh();
    store::insert_staff(tx, id, sign_in, name, unit, office, hash, now).await.map_err(Refused::on_insert)?;
    for role in roles {
        store::insert_role(tx, id, *role).await?;
    }
    Ok(id)
}

/// A password nobody knows yet but the one who is told it: made for `staff add`.
pub fn first_password() -> String {
    let letters = random::letters(12);
    format!("{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..])
}

/// A telephone number as stored: national spelling.
pub fn stored_phone(typed: &str) -> Option<String> {
    let clean = crate::base::typed::phone(typed);
    phone::is_sound(&clean).then(|| phone::national(&clean))
}
