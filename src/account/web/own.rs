//! One's own account: identity, contact, password, open sessions.

use super::sign_in;
use super::{address_words, birth, sex_words, sexes, shown_birth, sound_name};
use crate::account::model::Account;
use crate::account::text::reset as rt;
use crate::account::{self, password, store, stored_phone, text as t};
use crate::base::lang::{Text, Words};
use crate::base::{fold, person, time};
use crate::catalogue::{Catalogue, Offered};
use crate::platform::Portal;
use crate::web::extract::{Query, Read};
use crate::web::field::{Field, Summary};
use crate::web::form::{Faults, Posted};
use crate::web::limits;
use crate::web::session::{self, Citizen, Presence, Who};
use crate::web::urls::{self, Link};
use crate::web::{Page, Result};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::Datelike;

struct SessionLine {
    agent: Words,
    seen: String,
    this: bool,
}

#[derive(Template)]
#[template(path = "account/show.html")]
struct Show {
    page: Page,
    saved: bool,
    number: String,
    name: String,
    birth: String,
    sex: Words,
    email_state: Option<Text>,
    contact: Vec<Field>,
    passwords: Vec<Field>,
    sessions: Vec<SessionLine>,
    /// New passwords at a desk: where and when.
    resets: Vec<(Words, String)>,
    summary: Summary,
}

fn contact_fields(a: &Account) -> Vec<Field> {
    vec![
        Field::input("tel", "phone", t::PHONE).hint(t::PHONE_HINT).auto("tel").width("short").value(&a.phone),
        Field::input("email", "email", t::EMAIL).hint(t::EMAIL_HINT).auto("email").optional().value(a.email.as_deref().unwrap_or("")),
        Field::input("password", "email_password", t::EMAIL_PASSWORD).hint(t::EMAIL_PASSWORD_HINT).auto("current-password").optional(),
        Field::text("address", t::ADDRESS).hint(t::ADDRESS_HINT).auto("street-address").optional().value(&address_words(a.address.as_ref())),
    ]
}

fn password_fields() -> Vec<Field> {
    vec![Field::input("password", "old_password", t::OLD_PASSWORD).auto("current-password"), Field::input("password", "password", t::NEW_PASSWORD).hint(t::PASSWORD_HINT).auto("new-password")]
}

/// What a person calls the browser of a session: "Chrome, Android".
fn device(agent: &str) -> Words {
    let first = |names: &[(&str, &'static str)]| names.iter().find(|n| agent.contains(n.0)).map(|n| n.1);
    let browser = first(&[("Zalo", "Zalo"), ("Edg", "Edge"), ("OPR", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]);
    let system = first(&[("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux")]);
    match (browser, system) {
        (Some(b), Some(s)) => Words::same(format!("{b}, {s}")),
        (Some(one), None) | (None, Some(one)) => Words::same(one),
        (None, None) => t::UNKNOWN_DEVICE.into(),
    }
}

async fn view(portal: &Portal, c: &Catalogue, page: Page, citizen: &Citizen, saved: bool, posted: Option<&Posted>, faults: &Faults) -> Result<Show> {
    let mut conn = portal.db.read().await?;
    let a = store::load_account(&mut conn, citizen.account).await?;
    let rows = session::sessions_of_account(&mut conn, a.id, portal.clock.now()).await?;
    let this = page.presence.session;
    let sessions = rows.into_iter().map(|r| SessionLine { this: this.is_some_and(|t| t[..] == r.id_hash[..]), agent: device(&r.agent), seen: time::dmy_hm(r.seen_at) }).collect();
    let typed = |fields: Vec<Field>| match posted {
        Some(p) => fields.into_iter().map(|f| if p.has(&f.name) { f.typed(p, faults) } else { f }).collect(),
        None => fields,
    };
    let email_state = a.email.as_ref().map(|_| if a.email_confirmed_at.is_some() { t::CONFIRMED } else { t::UNCONFIRMED });
    Ok(Show {
        saved,
        number: person::grouped(a.number()),
        birth: shown_birth(&a.birth_date),
        sex: sex_words(&a.sex),
        email_state,
        contact: typed(contact_fields(&a)),
        passwords: typed(password_fields()),
        sessions,
        resets: store::resets_of(&mut conn, a.id).await?.into_iter().map(|(unit, at)| (c.unit_words(&unit), time::dmy_hm(at))).collect(),
        summary: faults.into(),
        name: a.full_name,
        page,
    })
}

pub async fn show(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, query: Query) -> Result<Response> {
    let v = view(&portal, &c, page, &citizen, query.get("luu").is_some(), None, &Faults::default()).await?;
    v.page.show(&v)
}

fn saved() -> Link {
    urls::page(urls::ACCOUNT).with("luu", "1")
}

pub async fn update(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, posted: Posted) -> Result<Response> {
    posted.only(&["phone", "email", "email_password", "address"])?;
    let mut faults = Faults::default();
    let phone = stored_phone(posted.text("phone"));
    if phone.is_none() {
        faults.add("phone", t::PHONE, t::PHONE_WRONG);
    }
    let email = super::register::email_of(&posted, &mut faults);
    // whoever holds the e-mail can set a new password: a session alone doesn't change it
    let mut conn = portal.db.read().await?;
    let before = store::load_account(&mut conn, citizen.account).await?.email;
    drop(conn);
    if email != before && !knows_password(&portal, &citizen, posted.text("email_password")).await? {
        faults.add("email_password", t::EMAIL_PASSWORD, t::WRONG_PASSWORD);
    }
    let address = fold::text(posted.text("address"));
    if let Some(words) = crate::web::text::longer(&address, 300) {
        faults.add("address", t::ADDRESS, words);
    }
    let Some(phone) = phone.filter(|_| faults.is_empty()) else {
        let v = view(&portal, &c, page, &citizen, false, Some(&posted), &faults).await?;
        return v.page.show_faults(&v);
    };
    let address = (!address.trim().is_empty()).then(|| serde_json::json!({ "text": address.trim() }));
    let mut tx = portal.db.begin().await?;
    let a = store::load_account(&mut tx, citizen.account).await?;
    account::change_contact(&mut tx, &a, &phone, email.as_deref(), address.as_ref(), portal.clock.now()).await?;
    tx.commit().await?;
    Ok(page.go(&saved()))
}

#[derive(Template)]
#[template(path = "account/identity.html")]
struct Identity {
    page: Page,
    fields: Vec<Field>,
    summary: Summary,
}

fn identity_fields(a: &Account) -> Vec<Field> {
    vec![
        Field::text("full_name", t::NAME).hint(t::NAME_HINT).value(&a.full_name),
        Field::text("birth_date", t::BIRTH).hint(t::BIRTH_HINT).width("short").value(&shown_birth(&a.birth_date)),
        Field::radios("sex", t::SEX, sexes()).value(&a.sex),
        Field::input("password", "old_password", t::OLD_PASSWORD).auto("current-password"),
    ]
}

pub async fn edit_identity(page: Page, citizen: Citizen, mut read: Read) -> Result<Response> {
    let a = store::load_account(&mut read.0, citizen.account).await?;
    let view = Identity { page, fields: identity_fields(&a), summary: Summary::default() };
    view.page.show(&view)
}

async fn knows_password(portal: &Portal, citizen: &Citizen, typed: &str) -> Result<bool> {
    let mut conn = portal.db.read().await?;
    let tried = limits::take(&mut conn, limits::OWN_PASSWORD, &citizen.account.to_string(), portal.clock.now()).await?;
    let hash = store::password_of(&mut conn, citizen.account).await?;
    drop(conn);
    let right = password::fits(typed.to_owned(), hash).await?;
    if right {
        tried.give_back(&mut *portal.db.read().await?).await?;
    }
    Ok(right)
}

pub async fn correct_identity(State(portal): State<Portal>, page: Page, citizen: Citizen, posted: Posted) -> Result<Response> {
    let mut faults = Faults::default();
    let name = fold::name(posted.text("full_name"));
    if !sound_name(&name) {
        faults.add("full_name", t::NAME, t::NAME_SIGNS);
    }
    let date = birth(posted.text("birth_date")).filter(|d| d.first() <= portal.clock.today());
    if date.is_none() {
        faults.add("birth_date", t::BIRTH, t::BIRTH_WRONG);
    }
    if !["nam", "nu"].contains(&posted.text("sex")) {
        faults.add("sex", t::SEX, t::SEX_WRONG);
    }
    let number = store::load_account(&mut *portal.db.read().await?, citizen.account).await?.personal_number;
    let facts = number.and_then(|n| person::read(&n, portal.demo, portal.clock.today().year()).ok());
    if facts.is_some_and(|f| date.is_some_and(|d| d.year() != f.birth_year)) {
        faults.add("birth_date", t::BIRTH, t::BIRTH_NUMBER);
    }
    if !knows_password(&portal, &citizen, posted.text("old_password")).await? {
        faults.add("old_password", t::OLD_PASSWORD, t::WRONG_PASSWORD);
    }
    let mut tx = portal.db.begin().await?;
    let a = store::load_account(&mut tx, citizen.account).await?;
    let Some(date) = date.filter(|_| faults.is_empty()) else {
        let fields = identity_fields(&a).into_iter().map(|f| f.typed(&posted, &faults)).collect();
        let view = Identity { page, fields, summary: (&faults).into() };
        return view.page.show_faults(&view);
    };
    account::correct_identity(&mut tx, &a, &name, &date.iso(), posted.text("sex"), portal.clock.now()).await?;
    tx.commit().await?;
    Ok(page.go(&saved()))
}

pub async fn change_password(State(portal): State<Portal>, page: Page, citizen: Citizen, Offered(c): Offered, headers: HeaderMap, posted: Posted) -> Result<Response> {
    let mut faults = Faults::default();
    if !knows_password(&portal, &citizen, posted.text("old_password")).await? {
        faults.add("old_password", t::OLD_PASSWORD, t::WRONG_PASSWORD);
    }
    let a = store::load_account(&mut *portal.db.read().await?, citizen.account).await?;
    if let Some(w) = password::weakness(posted.text("password"), &[&citizen.name, a.number(), &a.phone]) {
        faults.add("password", t::NEW_PASSWORD, t::weak(w));
    }
    if !faults.is_empty() {
        let v = view(&portal, &c, page, &citizen, false, Some(&posted), &faults).await?;
        return v.page.show_faults(&v);
    }
    let hash = password::hash(posted.text("password").to_owned()).await?;
    let mut tx = portal.db.begin().await?;
    account::set_password(&mut tx, citizen.account, &hash).await?;
    // whoever copied the old cookie is out too
    let cookies = sign_in::open(&portal, &mut tx, Who::Citizen(citizen.account), citizen.shared, None, &headers, portal.clock.now()).await?;
    tx.commit().await?;
    Ok(sign_in::with_cookies(page.go(&saved()), &cookies))
}

pub async fn end_others(State(portal): State<Portal>, page: Page, citizen: Citizen, presence: Presence, _posted: Posted) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    session::end_others(&mut tx, Who::Citizen(citizen.account), presence.session.as_ref().map(|s| &s[..])).await?;
    tx.commit().await?;
    Ok(page.go(&saved()))
}
