//! One-time links: fetching one shows a page with a button and uses nothing up; only the button does.

use crate::account::jobs::{Purpose, SendLink};
use crate::account::text::{self as t, reset as rt};
use crate::account::{self, password, store};
use crate::base::lang::Text;
use crate::base::typed;
use crate::platform::Portal;
use crate::platform::jobs::enqueue;
use crate::web::extract::{Address, Path, Read};
use crate::web::field::{Field, Summary};
use crate::web::form::{Faults, Posted};
use crate::web::urls::{self, Link};
use crate::web::{Page, Result, limits, session};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

#[derive(Template)]
#[template(path = "account/link.html")]
struct Show {
    page: Page,
    title: Text,
    lead: Option<Text>,
    action: Option<Link>,
    button: Text,
    fields: Vec<Field>,
    summary: Summary,
    onward: Option<(Link, Text)>,
    /// The field for a code from the desk.
    code: Option<Field>,
}

pub async fn forgotten(page: Page) -> Result<Response> {
    let view = Show {
        title: t::FORGOTTEN,
        lead: Some(t::FORGOTTEN_LEAD),
        action: Some(urls::page(urls::FORGOTTEN)),
        button: t::SEND,
        fields: vec![Field::text("number", t::NUMBER).auto("username").width("number")],
        summary: Summary::default(),
        onward: None,
        code: Some(Field::text("ma", rt::CODE).width("short")),
        page,
    };
    view.page.show(&view)
}

/// A code from the desk leads to the page of its link; guessing is counted like asking for letters.
pub async fn code(State(portal): State<Portal>, page: Page, address: Address, posted: Posted) -> Result<Response> {
    posted.only(&["ma"])?;
    let code: String = posted.text("ma").to_uppercase().chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let mut conn = portal.db.read().await?;
    let tried = limits::take(&mut conn, limits::LETTERS_ADDRESS, &address.0.to_string(), portal.clock.now()).await?;
    if store::find_link(&mut conn, &session::hash(&code)).await?.is_none() {
        return done(page, t::FORGOTTEN, t::LINK_USED);
    }
    tried.give_back(&mut conn).await?;
    Ok(page.go(&urls::one_time(&code)))
}

pub async fn send(State(portal): State<Portal>, page: Page, address: Address, posted: Posted) -> Result<Response> {
    let now = portal.clock.now();
    let number = typed::digits(posted.text("number")).to_uppercase();
    let mut tx = portal.db.begin().await?;
    limits::take(&mut tx, limits::LETTERS_ADDRESS, &address.0.to_string(), now).await?;
    // a stranger who asks for letters to this number fills only their own address's share
    limits::take(&mut tx, limits::LETTERS, &format!("{number} {}", address.0), now).await?;
    if let Some(a) = store::find_by_number(&mut tx, &number).await?
        && let Some(email) = a.confirmed_email()
        // beyond it nothing is sent, and the words stay the same: who asks learns nothing of the account
        && limits::take(&mut tx, limits::LETTERS_ACCOUNT, &a.id.to_string(), now).await.is_ok()
    {
        enqueue(&mut tx, &SendLink { account: a.id, purpose: Purpose::NewPassword, email: email.to_owned() }, now).await?;
    }
    tx.commit().await?;
    done(page, t::FORGOTTEN, t::LETTER_SENT)
}

fn done(page: Page, title: Text, lead: Text) -> Result<Response> {
    let onward = Some((urls::page(urls::SIGN_IN), t::SIGN_IN));
    let view = Show { title, lead: Some(lead), action: None, button: t::CONFIRM, fields: Vec::new(), summary: Summary::default(), onward, code: None, page };
    view.page.show(&view)
}

fn view(page: Page, token: &str, purpose: Purpose, posted: &Posted, faults: &Faults) -> Show {
    let password = purpose == Purpose::NewPassword;
    let field = Field::input("password", "password", t::NEW_PASSWORD).hint(t::PASSWORD_HINT).auto("new-password").typed(posted, faults);
    Show {
        page,
        title: if password { t::LINK_PASSWORD } else { t::LINK_CONFIRM },
        lead: (!password).then_some(t::LINK_CONFIRM_LEAD),
        action: Some(urls::one_time(token)),
        button: if password { t::SAVE } else { t::CONFIRM },
        fields: if password { vec![field] } else { Vec::new() },
        summary: faults.into(),
        onward: None,
        code: None,
    }
}

pub async fn show(State(portal): State<Portal>, page: Page, Path(token): Path<String>, mut read: Read) -> Result<Response> {
    let link = store::find_link(&mut read.0, &session::hash(&token)).await?;
    match link.filter(|l| l.used_at.is_none() && l.expires_at > portal.clock.now()) {
        None => done(page, t::FORGOTTEN, t::LINK_USED),
        Some(l) => {
            let v = view(page, &token, l.purpose, &Posted::default(), &Faults::default());
            let mut response = v.page.show(&v)?;
            response.headers_mut().insert("x-robots-tag", axum::http::HeaderValue::from_static("noindex"));
            Ok(response)
        }
    }
}

pub async fn press(State(portal): State<Portal>, page: Page, Path(token): Path<String>, posted: Posted) -> Result<Response> {
    let now = portal.clock.now();
    let id = session::hash(&token);
    let mut conn = portal.db.read().await?;
    let link = store::find_link(&mut conn, &id).await?;
    drop(conn);
    let Some(link) = link.filter(|l| l.used_at.is_none() && l.expires_at > now) else { return done(page, t::FORGOTTEN, t::LINK_USED) };
    let mut hash = None;
    if link.purpose == Purpose::NewPassword {
        if let Some(w) = password::weakness(posted.text("password"), &[]) {
            let mut faults = Faults::default();
            faults.add("password", t::NEW_PASSWORD, t::weak(w));
            let v = view(page, &token, link.purpose, &posted, &faults);
            return v.page.show_faults(&v);
        }
        hash = Some(password::hash(posted.text("password").to_owned()).await?);
    }
    let mut tx = portal.db.begin().await?;
    if !store::use_link(&mut tx, &id, now).await? {
        return done(page, t::FORGOTTEN, t::LINK_USED);
    }
    let words = match hash {
        Some(h) => {
            account::set_password(&mut tx, link.account_id, &h).await?;
            t::PASSWORD_SET
        }
        None if store::confirm_email(&mut tx, link.account_id, &link.email, now).await? => t::CONFIRMED_NOW,
        None => t::LINK_USED,
    };
    tx.commit().await?;
    done(page, if link.purpose == Purpose::NewPassword { t::LINK_PASSWORD } else { t::LINK_CONFIRM }, words)
}
