//! Signing in and out, for citizens and for staff.

use crate::account::{self, password, store, text as t};
use crate::base::id::{AccountId, StaffId};
use crate::base::time::Moment;
use crate::base::typed;
use crate::platform::Portal;
use crate::platform::db::Tx;
use crate::web::extract::{Address, Query, Read};
use crate::web::field::{Field, Summary};
use crate::web::form::{Faults, Posted};
use crate::web::limits;
use crate::web::session::{self, Presence, Who};
use crate::web::urls::{self, Link};
use crate::web::{Page, Result};
use askama::Template;
use axum::extract::State;
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, CookieJar};

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct Show {
    page: Page,
    title: crate::base::lang::Text,
    staff: bool,
    action: Link,
    next: String,
    fields: Vec<Field>,
    summary: Summary,
    register: Link,
}

fn view(page: Page, staff: bool, next: &str, posted: &Posted, faults: &Faults) -> Show {
    let name = if staff { Field::text("number", t::STAFF_NAME).auto("username") } else { Field::text("number", t::NUMBER).hint(t::NUMBER_HINT).auto("username").mode("numeric").width("number") };
    let mut fields = vec![name.typed(posted, faults), Field::input("password", "password", t::PASSWORD).auto("current-password").typed(posted, faults)];
    if !staff {
        fields.push(Field::check("shared", t::SHARED).hint(t::SHARED_HINT).typed(posted, faults));
    }
    Show {
        page,
        title: if staff { t::STAFF_SIGN_IN } else { t::SIGN_IN },
        staff,
        action: urls::page(if staff { urls::STAFF_SIGN_IN } else { urls::SIGN_IN }),
        next: next.to_owned(),
        fields,
        summary: faults.into(),
        register: urls::page(urls::REGISTER).with("tiep", next),
    }
}

pub async fn show(page: Page, query: Query) -> Result<Response> {
    let next = query.get("tiep").unwrap_or("").to_owned();
    let v = view(page, false, &next, &Posted::default(), &Faults::default());
    v.page.show(&v)
}

pub async fn show_staff(page: Page, query: Query) -> Result<Response> {
    let next = query.get("tiep").unwrap_or("").to_owned();
    let v = view(page, true, &next, &Posted::default(), &Faults::default());
    v.page.show(&v)
}

pub async fn enter(State(portal): State<Portal>, page: Page, address: Address, headers: HeaderMap, posted: Posted) -> Result<Response> {
    let number = typed::digits(posted.text("number")).to_uppercase();
    attempt(&portal, page, address, &headers, &posted, false, &number).await
}

pub async fn enter_staff(State(portal): State<Portal>, page: Page, address: Address, headers: HeaderMap, posted: Posted) -> Result<Response> {
    let name = crate::base::fold::number(posted.text("number")).to_lowercase();
    attempt(&portal, page, address, &headers, &posted, true, &name).await
}

/// The same answer and the same time whether the account exists or not.
async fn attempt(portal: &Portal, page: Page, address: Address, headers: &HeaderMap, posted: &Posted, staff: bool, name: &str) -> Result<Response> {
    let now = portal.clock.now();
    let mut conn = portal.db.read().await?;
    let found: Option<(Who, Option<String>)> = if staff {
        store::find_staff_credentials(&mut conn, name).await?.map(|(id, h): (StaffId, _)| (Who::Staff(id), h))
    } else {
        store::find_credentials(&mut conn, name).await?.map(|(id, h): (AccountId, _)| (Who::Citizen(id), h))
    };
    let (who, hash) = found.map_or((None, None), |(w, h)| (Some(w), h));
    let device = device_here(portal, headers);
    let known = match (who, &device) {
        (Some(who), Some(mark)) => session::knows_device(&mut conn, &session::hash(mark), who).await?,
        _ => false,
    };
    let from = device.as_ref().filter(|_| known).map_or_else(|| address.0.to_string(), |mark| hex::encode(session::hash(mark)));
    let of = format!("{staff} {name} {from}");
    let account = format!("{staff} {name}");
    let place = address.0.to_string();
    // counted before the password is tried, given back when it was right; what is refused here costs nobody else a try
    limits::take(&mut conn, limits::SIGN_IN, &of, now).await?;
    let from_strangers = if known {
        None
    } else {
        let from_place = limits::take(&mut conn, limits::SIGN_IN_ADDRESS, &place, now).await?;
        Some((from_place, limits::take(&mut conn, limits::SIGN_IN_ACCOUNT, &account, now).await?))
    };
    drop(conn);
    let right = password::fits(posted.text("password").to_owned(), hash.clone()).await?;
    let mut tx = portal.db.begin().await?;
    // changed while it was tried: the old one opens nothing any more
    let right = match (who, &hash) {
        (Some(who), Some(hash)) if right => store::still_proves(&mut tx, who, hash).await?,
        _ => false,
    };
    let Some(who) = who.filter(|_| right) else {
        drop(tx);
        let mut faults = Faults::default();
        faults.add("number", if staff { t::STAFF_NAME } else { t::NUMBER }, t::WRONG);
        let v = view(page, staff, posted.text("next"), posted, &faults);
        return v.page.show_faults(&v);
    };
    let cookies = open(portal, &mut tx, who, posted.has("shared"), device, headers, now).await?;
    // a new id on sign-in: the session before it, if any, is over
    if let Some(old) = page.presence.session {
        session::end_session(&mut tx, &old).await?;
    }
    limits::forget(&mut tx, limits::SIGN_IN, &of).await?;
    if let Some((from_place, of_account)) = from_strangers {
        from_place.give_back(&mut tx).await?;
        of_account.give_back(&mut tx).await?;
    }
    tx.commit().await?;
    let home = urls::page(if staff { urls::DESK } else { urls::DOSSIERS });
    let next = urls::own_path(posted.text("next"));
    Ok(with_cookies(go_to(&page, next, &home), &cookies))
}

pub fn device_here(portal: &Portal, headers: &HeaderMap) -> Option<String> {
    session::read_cookie(portal, &CookieJar::from_headers(headers), session::DEVICE)
}

/// Opens a session after a proof was accepted; gives its cookie and the device's, of which a shared computer keeps none.
/// `device` is the mark this browser holds; without it a new one is made.
pub async fn open(portal: &Portal, tx: &mut Tx, who: Who, shared: bool, device: Option<String>, headers: &HeaderMap, now: Moment) -> Result<Vec<Cookie<'static>>> {
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let mut cookies = vec![session::cookie(portal, session::SESSION, account::sign_in(tx, who, shared, agent, now).await?)];
    if shared {
        let mut gone = session::cookie(portal, session::DEVICE, String::new());
        gone.make_removal();
        cookies.push(gone);
    } else {
        let mark = session::know_device(tx, device.as_deref(), who, now).await?;
        let mut device = session::cookie(portal, session::DEVICE, mark);
        device.make_permanent();
        cookies.push(device);
    }
    Ok(cookies)
}

/// `next` carries its language already.
pub fn go_to(page: &Page, next: Option<Link>, home: &Link) -> Response {
    match next {
        Some(link) => page.go_as_written(&link),
        None => page.go(home),
    }
}

pub fn with_cookies(mut response: Response, cookies: &[Cookie<'_>]) -> Response {
    for cookie in cookies {
        add_cookie(&mut response, cookie);
    }
    response
}

fn add_cookie(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

pub async fn leave(State(portal): State<Portal>, page: Page, presence: Presence, _: Read, _posted: Posted) -> Result<Response> {
    if let Some(id) = presence.session {
        let mut tx = portal.db.begin().await?;
        session::end_session(&mut tx, &id).await?;
        tx.commit().await?;
    }
    let mut response = page.go(&urls::page(urls::HOME).with("da-thoat", "1"));
    let mut gone = session::cookie(&portal, session::SESSION, String::new());
    gone.make_removal();
    add_cookie(&mut response, &gone);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
