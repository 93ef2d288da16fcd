//! What every page knows: language, visitor, where it is, the form token, whose portal it is.

use super::cache::Cache;
use super::error::{Error, Result};
use super::session::{Presence, Role, Visitor, presence};
use super::text as t;
use super::token;
use super::urls::{self, Link};
use crate::base::lang::{Lang, Text, Words};
use crate::base::time::Moment;
use crate::platform::Portal;
use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Whose portal it is; put into the request from the catalogue in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// `Tỉnh Bắc Giang`
    pub province: Words,
    pub centre: Words,
    pub centre_address: String,
    /// The day the catalogue is of: shown on every page of a demo.
    pub as_of: String,
}

/// Which view struct an answer shows (`motcua::report::web::home::Home`): by it the tests know that every view was looked at.
#[derive(Debug, Clone, Copy)]
pub struct View(pub &'static str);

/// The button that changes the language of a page with a form (`components/switch.html`).
pub const OTHER_LANGUAGE: &str = "_other";

#[derive(Clone)]
pub struct Page {
    pub lang: Lang,
    pub presence: Presence,
    /// This page's path and query, without the language.
    pub here: Link,
    pub site: Arc<Site>,
    pub demo: bool,
    pub now: Moment,
    /// Restored from a copy of this moment, and not released yet.
    pub restored: Option<Moment>,
    token_key: Arc<[u8; 32]>,
    /// "Đã lưu" and the like, after a redirect.
    pub notice: Option<String>,
}

impl FromRequestParts<Portal> for Page {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        Ok(Self::of(parts, portal))
    }
}

impl Page {
    pub fn of(parts: &Parts, portal: &Portal) -> Self {
        let here = Self::address(parts);
        Self {
            lang: parts.extensions.get::<Lang>().copied().unwrap_or_default(),
            presence: presence(parts),
            here,
            site: parts.extensions.get::<Arc<Site>>().cloned().unwrap_or_default(),
            demo: portal.demo,
            now: portal.clock.now(),
            restored: portal.hold.since(),
            token_key: Arc::clone(&portal.token_key),
            notice: None,
        }
    }

    /// Where the page is: its own address; the answer to a post, that of the page that sent it (many take posts only).
    fn address(parts: &Parts) -> Link {
        let own = || urls::own_path(parts.uri.path_and_query().map_or("/", |p| p.as_str())).unwrap_or_else(|| urls::page(urls::HOME));
        if parts.method != axum::http::Method::POST {
            return own();
        }
        let sender = parts.headers.get(axum::http::header::REFERER).and_then(|r| r.to_str().ok()).and_then(|r| r.parse::<axum::http::Uri>().ok());
        let path = sender.as_ref().and_then(axum::http::Uri::path_and_query).map(axum::http::uri::PathAndQuery::as_str);
        let path = path.map(|p| p.strip_prefix("/en").filter(|r| r.starts_with('/') || r.is_empty()).unwrap_or(p));
        path.and_then(|p| urls::own_path(if p.is_empty() { "/" } else { p })).unwrap_or_else(own)
    }

    /// The form token, fresh on every call.
    pub fn token(&self) -> String {
        token::make(&self.token_key, &self.presence.holder, &self.presence.person())
    }

    pub fn visitor_name(&self) -> Option<&str> {
        match &self.presence.visitor {
            Visitor::Nobody => None,
            Visitor::Citizen(c) => Some(&c.name),
            Visitor::Staff(s) => Some(&s.name),
        }
    }

    pub fn is_citizen(&self) -> bool {
        matches!(self.presence.visitor, Visitor::Citizen(_))
    }

    pub fn is_staff(&self) -> bool {
        matches!(self.presence.visitor, Visitor::Staff(_))
    }

    pub fn is_shared(&self) -> bool {
        matches!(&self.presence.visitor, Visitor::Citizen(c) if c.shared)
    }

    /// Seconds without a click after which the visitor's session ends, and a page of theirs whose call keeps it: the script
    /// warns before that.
    pub fn idle(&self) -> Option<(i64, Link)> {
        let own = if self.is_citizen() { urls::ACCOUNT } else { self.sections().first()?.0 };
        self.visitor_name().map(|_| (super::session::life(self.is_staff(), self.is_shared()).0, urls::page(own)))
    }

    /// Answered in the other language: by [`OTHER_LANGUAGE`] of a page whose form is sent along, so that nothing typed is lost.
    #[must_use]
    pub const fn switched(mut self) -> Self {
        self.lang = self.lang.other();
        self
    }

    /// This page in the other language.
    pub fn in_other_language(&self) -> String {
        self.here.in_lang(self.lang.other())
    }

    /// Whether the page belongs to this section of the head, and to none that is nearer.
    pub fn is_at(&self, constant: &str) -> bool {
        let path = self.here.path();
        let covers = |section: &str| path == section || path.starts_with(section) && path.as_bytes().get(section.len()).is_some_and(|b| *b == b'/' || *b == b'?');
        covers(constant) && !self.sections().iter().any(|(other, _)| other.len() > constant.len() && covers(other))
    }

    /// The sections of the head: a citizen's, or those a member of staff can use.
    pub fn sections(&self) -> Vec<(&'static str, Text)> {
        match &self.presence.visitor {
            Visitor::Staff(s) if s.is(Role::SystemAdmin) => vec![(urls::STAFF_ACCOUNTS, t::STAFF_ACCOUNTS), (urls::OPERATIONS, t::OPERATIONS)],
            Visitor::Staff(s) => {
                let mut all = Vec::new();
                if s.roles != [Role::Cashier] {
                    all.push((urls::DESK, t::DESK));
                }
                if s.is(Role::Cashier) {
                    all.extend([(urls::CASHIER, t::CASHIER), (urls::SUSPENSE, t::SUSPENSE)]);
                }
                all.push((urls::STATISTICS, t::FIGURES));
                all
            }
            Visitor::Citizen(_) => vec![(urls::PROCEDURES, t::PROCEDURES), (urls::DOSSIERS, t::MY_DOSSIERS), (urls::FEES, t::FEES), (urls::STATISTICS, t::FIGURES)],
            Visitor::Nobody => vec![(urls::PROCEDURES, t::PROCEDURES), (urls::LOOKUP, t::LOOKUP), (urls::FEES, t::FEES), (urls::STATISTICS, t::FIGURES)],
        }
    }

    /// What a member of staff does beside the queue, now and then: linked from it, so that the head stays short.
    pub fn beside_the_queue(&self) -> Vec<(&'static str, Text)> {
        let Visitor::Staff(s) = &self.presence.visitor else { return Vec::new() };
        let mut all = Vec::new();
        if s.is(Role::DeskClerk) {
            all.push((urls::DESK_ORGANISATIONS, t::ORGANISATIONS));
        }
        if s.is(Role::DeskClerk) || s.is(Role::SectionHead) || s.is(Role::Leader) {
            all.push((urls::DESK_PASSWORD, t::PASSWORDS));
        }
        all
    }

    /// The only way a view becomes an answer.
    pub fn show<T: askama::Template>(&self, view: &T) -> Result<Response> {
        self.show_as(StatusCode::OK, view)
    }

    /// The same with 422: what was typed comes back with its faults.
    pub fn show_faults<T: askama::Template>(&self, view: &T) -> Result<Response> {
        self.show_as(StatusCode::UNPROCESSABLE_ENTITY, view)
    }

    pub fn show_as<T: askama::Template>(&self, status: StatusCode, view: &T) -> Result<Response> {
        let html = crate::base::lang::render(view, self.lang)?;
        let cache = match self.presence.visitor {
            Visitor::Nobody if status == StatusCode::OK => Cache::AskAgain,
            _ => Cache::Nowhere,
        };
        let mut response = (status, html).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response.headers_mut().insert(CACHE_CONTROL, cache.header());
        response.extensions_mut().insert(View(std::any::type_name::<T>()));
        Ok(response)
    }

    /// 303 after a success.
    pub fn go(&self, link: &Link) -> Response {
        see_other(&link.in_lang(self.lang))
    }

    /// 303 to a link that carries its language already (`tiep=…`).
    pub fn go_as_written(&self, link: &Link) -> Response {
        see_other(link.path())
    }
}

fn see_other(path: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    response.headers_mut().insert(CACHE_CONTROL, Cache::Nowhere.header());
    response
}

/// After a restore: from what moment the portal is.
pub fn restored_words(from: &Moment) -> Words {
    let at = crate::base::time::dmy_hm(*from);
    crate::words!(
        "Cổng vừa được khôi phục từ bản sao lưu lúc {at}: việc làm sau lúc đó có thể chưa có ở đây. Thư và câu hỏi tới cổng thanh toán đang được giữ lại.",
        "The portal was restored from a copy of {at}: what was done later may be missing. Letters and questions to payment gateways are held."
    )
}

/// What every page of a demo says of itself.
pub fn demo_words(site: &Site) -> Words {
    let day = &site.as_of;
    crate::words!("Bản demo: người, hồ sơ và tiền đều là giả. Danh mục ngày {day}.", "Demo: people, dossiers and money are invented. Catalogue of {day}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_current_on_its_own_pages_only() {
        let page = |path: &str| Page {
            lang: Lang::Vi,
            presence: Presence::default(),
            here: Link::to(path),
            site: Arc::default(),
            demo: false,
            restored: None,
            now: crate::base::time::from_local(chrono::NaiveDateTime::default()),
            token_key: Arc::new([0; 32]),
            notice: None,
        };
        assert!(page("/ho-so/H02").is_at(urls::DOSSIERS));
        assert!(!page("/ho-so-khac").is_at(urls::DOSSIERS));
        assert!(page("/thu-tuc?q=a").is_at(urls::PROCEDURES));
    }
}
