//! Pages of accounts: sign in and out, register, one's own account, one-time links, staff.

mod claims;
mod links;
mod organisation;
mod own;
mod register;
mod reset;
mod sign_in;
mod staff;

use crate::base::lang::Words;
use crate::base::partial_date::PartialDate;
use crate::platform::Portal;
use crate::web::urls;
use axum::Router;
use axum::routing::{get, post};
use regex::Regex;
use std::sync::LazyLock;

pub fn routes() -> Router<Portal> {
    Router::new()
        .route(urls::SIGN_IN, get(sign_in::show).post(sign_in::enter))
        .route(urls::STAFF_SIGN_IN, get(sign_in::show_staff).post(sign_in::enter_staff))
        .route(urls::SIGN_OUT, post(sign_in::leave))
        .route(urls::REGISTER, get(register::new).post(register::create))
        .route(urls::FORGOTTEN, get(links::forgotten).post(links::send))
        .route(urls::DESK_CODE, post(links::code))
        .route(urls::ONE_TIME, get(links::show).post(links::press))
        .route(urls::ACCOUNT, get(own::show).post(own::update))
        .route(urls::ACCOUNT_IDENTITY, get(own::edit_identity).post(own::correct_identity))
        .route(urls::ACCOUNT_PASSWORD, post(own::change_password))
        .route(urls::ACCOUNT_SESSIONS, post(own::end_others))
        .route(urls::ORGANISATIONS, get(organisation::list).post(organisation::claim))
        .route(urls::ORGANISATION, get(organisation::show))
        .route(urls::ORGANISATION_INVITE, post(organisation::invite))
        .route(urls::ORGANISATION_REVOKE, post(organisation::revoke))
        .route(urls::ORGANISATION_MEMBER, post(organisation::set_rights))
        .route(urls::ORGANISATION_LEAVE, post(organisation::leave))
        .route(urls::INVITATION, get(organisation::invitation).post(organisation::accept))
        .route(urls::DESK_PASSWORD, get(reset::show).post(reset::ask))
        .route(urls::DESK_PASSWORD_GIVE, post(reset::give))
        .route(urls::DESK_ORGANISATIONS, get(claims::search))
        .route(urls::DESK_ORGANISATION, post(claims::confirm))
        .route(urls::STAFF_ACCOUNTS, get(staff::list).post(staff::create))
        .route(urls::STAFF_LOCK, post(staff::lock))
}

/// An address as shown: its text, or its line (the codes are put into words by who has the catalogue).
pub fn address_words(address: Option<&serde_json::Value>) -> String {
    address.and_then(|a| a.get("text").or_else(|| a.get("detail"))).and_then(serde_json::Value::as_str).unwrap_or("").to_owned()
}

/// What programs turn into a link by their own habit: `www.`, `https:`, `qua-tang.example`; not `T.Lan`, `TM.DV`.
static WEB_ADDRESS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i:https?:|www\.)|://|[\p{L}\p{N}-]{2,}\.\p{Ll}{2,}").expect("a sound pattern"));

/// A name is letters, spaces and what names carry; no address, so that a letter carries nobody's bait.
fn sound_name(name: &str) -> bool {
    (1..=120).contains(&name.chars().count()) && !name.chars().any(|c| c.is_ascii_digit() || "<>@#$%^*=+/\\:;{}[]|\"".contains(c)) && !WEB_ADDRESS.is_match(name)
}

/// An organisation's name carries digits and signs of trade, but no address.
fn sound_organisation(name: &str) -> bool {
    (2..=150).contains(&name.chars().count()) && !name.chars().any(|c| "<>@{}|\\".contains(c)) && !WEB_ADDRESS.is_match(name)
}

fn birth(typed: &str) -> Option<PartialDate> {
    crate::base::typed::date(typed, true)
}

fn shown_birth(iso: &str) -> String {
    PartialDate::parse(iso).map_or_else(|| iso.to_owned(), |d| d.to_string())
}

fn sexes() -> Vec<crate::web::field::Choice> {
    vec![crate::web::field::choice("nam", super::text::MALE), crate::web::field::choice("nu", super::text::FEMALE)]
}

fn sex_words(sex: &str) -> Words {
    if sex == "nu" { super::text::FEMALE.into() } else { super::text::MALE.into() }
}
