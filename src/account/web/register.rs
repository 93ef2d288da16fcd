//! Registering: one account each, by the personal number or, who has none, by passport.

use super::sign_in;
use super::{birth, sexes, sound_name};
use crate::account::model::{NewAccount, Refused};
use crate::account::{self, password, stored_phone, text as t};
use crate::base::person::{self, Sex};
use crate::base::{fold, typed};
use crate::catalogue::form::{is_email, is_passport};
use crate::platform::Portal;
use crate::web::extract::{Address, Query};
use crate::web::field::{Field, Summary, choice};
use crate::web::form::{Faults, Posted};
use crate::web::limits;
use crate::web::page::OTHER_LANGUAGE;
use crate::web::session::Who;
use crate::web::urls;
use crate::web::{Page, Result};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::Datelike;

#[derive(Template)]
#[template(path = "account/register.html")]
struct New {
    page: Page,
    next: String,
    fields: Vec<Field>,
    summary: Summary,
    /// The number has an account: the ways in stand beside.
    taken: bool,
}

fn view(page: Page, next: &str, posted: &Posted, faults: &Faults) -> New {
    let fields = vec![
        Field::radios("id_kind", t::ID_KIND, vec![choice("so", t::ID_CARD), choice("ho-chieu", t::ID_PASSPORT)]).value("so"),
        Field::text("number", t::ID_NUMBER).hint(t::NUMBER_HINT).auto("username").width("number"),
        Field::text("full_name", t::NAME).hint(t::NAME_HINT).auto("name"),
        Field::text("birth_date", t::BIRTH).hint(t::BIRTH_HINT).auto("bday").width("short"),
        Field::radios("sex", t::SEX, sexes()),
        Field::input("tel", "phone", t::PHONE).hint(t::PHONE_HINT).auto("tel").width("short"),
        Field::input("email", "email", t::EMAIL).hint(t::EMAIL_HINT).auto("email").optional(),
        Field::input("password", "password", t::NEW_PASSWORD).hint(t::PASSWORD_HINT).auto("new-password"),
    ];
    let fields = if posted.0.is_empty() { fields } else { fields.into_iter().map(|f| f.typed(posted, faults)).collect() };
    New { page, next: next.to_owned(), fields, summary: faults.into(), taken: false }
}

pub async fn new(page: Page, query: Query) -> Result<Response> {
    let next = query.get("tiep").unwrap_or("").to_owned();
    let v = view(page, &next, &Posted::default(), &Faults::default());
    v.page.show(&v)
}

/// Parses the form into a new account, or says what is wrong with it.
fn parse(posted: &Posted, portal: &Portal, faults: &mut Faults) -> Option<NewAccount> {
    let demo = portal.demo;
    let year = portal.clock.today().year();
    let raw = typed::digits(posted.text("number")).to_uppercase();
    let mut facts = None;
    let (mut personal_number, mut passport) = (None, None);
    match posted.text("id_kind") {
        "so" => match person::read(&raw, demo, year) {
            Ok(f) => {
                facts = Some(f);
                personal_number = Some(raw);
            }
            Err(f) => faults.add("number", t::ID_NUMBER, t::number_fault(f)),
        },
        "ho-chieu" if is_passport(&raw) => passport = Some(raw),
        "ho-chieu" => faults.add("number", t::ID_NUMBER, t::PASSPORT_WRONG),
        _ => faults.add("id_kind", t::ID_KIND, t::KIND_WRONG),
    }
    let full_name = fold::name(posted.text("full_name"));
    if full_name.is_empty() {
        faults.add("full_name", t::NAME, t::NAME_REQUIRED);
    } else if !sound_name(&full_name) {
        faults.add("full_name", t::NAME, t::NAME_SIGNS);
    }
    let birth_date = birth(posted.text("birth_date")).filter(|d| d.first() <= portal.clock.today() && d.year() > 1880);
    match birth_date {
        None if posted.text("birth_date").trim().is_empty() => faults.add("birth_date", t::BIRTH, t::BIRTH_REQUIRED),
        None => faults.add("birth_date", t::BIRTH, t::BIRTH_WRONG),
        Some(d) if facts.is_some_and(|f| f.birth_year != d.year()) => faults.add("birth_date", t::BIRTH, t::BIRTH_NUMBER),
        Some(_) => {}
    }
    // proposed from the number where the person left it open
    let proposed = facts.map(|f| if f.sex == Sex::Male { "nam" } else { "nu" });
    let sex = Some(posted.text("sex")).filter(|s| ["nam", "nu"].contains(s)).or(proposed);
    if sex.is_none() {
        faults.add("sex", t::SEX, t::SEX_WRONG);
    }
    let phone = stored_phone(posted.text("phone"));
    if phone.is_none() {
        faults.add("phone", t::PHONE, t::PHONE_WRONG);
    }
    let email = email_of(posted, faults);
    let known = [full_name.as_str(), posted.text("number"), posted.text("phone")];
    if let Some(w) = password::weakness(posted.text("password"), &known) {
        faults.add("password", t::NEW_PASSWORD, t::weak(w));
    }
    faults.is_empty().then_some(())?;
    Some(NewAccount { personal_number, passport, full_name, birth_date: birth_date?.iso(), sex: sex?.to_owned(), phone: phone?, email })
}

pub fn email_of(posted: &Posted, faults: &mut Faults) -> Option<String> {
    let email = fold::number(posted.text("email"));
    if email.is_empty() {
        return None;
    }
    if !is_email(&email) || email.len() > 200 || email.parse::<lettre::Address>().is_err() {
        faults.add("email", t::EMAIL, t::EMAIL_WRONG);
        return None;
    }
    Some(email)
}

pub async fn create(State(portal): State<Portal>, page: Page, address: Address, headers: HeaderMap, posted: Posted) -> Result<Response> {
    if posted.has(OTHER_LANGUAGE) {
        let v = view(page.switched(), posted.text("next"), &posted, &Faults::default());
        return v.page.show(&v);
    }
    let now = portal.clock.now();
    let place = address.0.to_string();
    let mut faults = Faults::default();
    let parsed = parse(&posted, &portal, &mut faults);
    let Some(new) = parsed else {
        let v = view(page, posted.text("next"), &posted, &faults);
        return v.page.show_faults(&v);
    };
    let mut conn = portal.db.read().await?;
    limits::take(&mut conn, limits::REGISTER, &place, now).await?;
    // counted as taken until it turns out free: when the count is full, nobody learns there which it is
    let asked = limits::take(&mut conn, limits::REGISTER_TAKEN, &place, now).await?;
    drop(conn);
    let hash = password::hash(posted.text("password").to_owned()).await?;
    let mut tx = portal.db.begin().await?;
    let account = match account::register(&mut tx, new, hash, page.lang, now).await {
        Ok(a) => a,
        Err(Refused::AlreadyRegistered | Refused::RolesApart) => {
            drop(tx);
            faults.add("number", t::ID_NUMBER, t::TAKEN);
            let v = New { taken: true, ..view(page, posted.text("next"), &posted, &faults) };
            return v.page.show_faults(&v);
        }
        Err(Refused::Database(e)) => return Err(e.into()),
    };
    let cookies = sign_in::open(&portal, &mut tx, Who::Citizen(account), false, sign_in::device_here(&portal, &headers), &headers, now).await?;
    asked.give_back(&mut tx).await?;
    tx.commit().await?;
    let next = urls::own_path(posted.text("next"));
    Ok(sign_in::with_cookies(sign_in::go_to(&page, next, &urls::page(urls::DOSSIERS)), &cookies))
}
