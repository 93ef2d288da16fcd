//! What stands around every handler, from outside in: language, who visits, writes that run to their end, error pages.

use super::cache::Cache;
use super::error::Error;
use super::page::Page;
use super::session::{self, Presence};
use super::text as t;
use super::urls::{self, Link};
use crate::base::lang::{Lang, Words};
use crate::base::random;
use crate::platform::Portal;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;

/// Quoted on error pages and in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// `/en/…` is the same page in English: the prefix is taken off before routing.
pub fn language<B>(mut request: axum::http::Request<B>) -> axum::http::Request<B> {
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
    let rest = path.strip_prefix("/en").filter(|r| r.is_empty() || r.starts_with(['/', '?']));
    let lang = match rest {
        // a notice address with a language before it is a fault of settings, answered plainly
        Some(r) if !r.starts_with(urls::VNPAY_IPN) => {
            let inner = if r.is_empty() || r.starts_with('?') { format!("/{r}") } else { r.to_owned() };
            if let Ok(uri) = inner.parse::<Uri>() {
                *request.uri_mut() = uri;
            }
            Lang::En
        }
        _ => Lang::Vi,
    };
    request.extensions_mut().insert(lang);
    request
}

/// Puts [`Presence`] into the request; gives a visitor who has none the cookie that form tokens are bound to.
pub async fn visitor(State(portal): State<Portal>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    let mut presence = Presence::default();
    if let Some(token) = session::read_cookie(&portal, &jar, session::SESSION) {
        match session::find(&portal, &token).await {
            Ok(Some(visitor)) => presence = Presence { visitor, session: Some(session::hash(&token)), holder: token },
            Ok(None) => {}
            Err(e) => {
                let mut response = Error::from(e).into_response();
                response.extensions_mut().insert(Presence::default());
                let (parts, _) = request.into_parts();
                return render(&portal, &Page::of(&parts, &portal), response);
            }
        }
    }
    let mut fresh = None;
    if presence.session.is_none() {
        presence.holder = session::read_cookie(&portal, &jar, session::VISITOR).unwrap_or_else(|| {
            let token = random::token();
            fresh = Some(session::cookie(&portal, session::VISITOR, token.clone()));
            token
        });
    }
    request.extensions_mut().insert(presence);
    let mut response = next.run(request).await;
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    if let Some(cookie) = fresh
        && is_page
        && let Ok(value) = HeaderValue::from_str(&cookie.to_string())
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Bytes of the largest request: all papers of a dossier (200 MB), and the form around them.
const LARGEST: u64 = 210 << 20;

/// What says itself to be larger than anything we take is refused before a byte of it is read (ASVS 5.2.1).
pub async fn declared_size(request: Request, next: Next) -> Response {
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|n| n > LARGEST) { Error::TooLarge.into_response() } else { next.run(request).await }
}

/// A request that writes runs to its end, whether the caller waits or not.
pub async fn run_to_end(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(e) => Error::Broken(std::sync::Arc::new(anyhow::anyhow!("a handler broke: {e}"))).into_response(),
    }
}

#[derive(askama::Template)]
#[template(path = "error/show.html")]
struct Show {
    page: Page,
    title: Words,
    words: Vec<Words>,
    number: Option<String>,
    back: Option<Link>,
    kept: Vec<(Words, String)>,
    resend: Vec<(String, String)>,
}

/// Renders every [`Error`] in the visitor's language, and logs what broke once.
pub async fn show_errors(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let read = parts.method == Method::GET;
    let page = Page::of(&parts, &portal);
    let id = parts.extensions.get::<RequestId>().cloned();
    let response = next.run(Request::from_parts(parts, body)).await;
    if let Some(Error::Broken(e)) = response.extensions().get::<Error>() {
        let id = id.map(|i| i.0).unwrap_or_default();
        tracing::error!(request.id = id, error = format!("{e:#}"), "a request broke");
        let mut shown = render(&portal, &page, response);
        if let Ok(value) = HeaderValue::from_str(&id) {
            shown.headers_mut().insert("x-request-id", value);
        }
        return shown;
    }
    let plain =
        matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) && response.headers().get(header::CONTENT_TYPE).is_none() && response.extensions().get::<Error>().is_none();
    if plain && response.status() == StatusCode::NOT_FOUND {
        return render(&portal, &page, Error::NotFound.into_response());
    }
    // back from signing in, or the address typed again: an address that only takes posts leads to the page that holds its form
    if plain && read && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let here = page.here.path();
        let above = here.split('?').next().and_then(|path| path.rsplit_once('/')).map(|(above, _)| above.to_owned());
        if let Some(above) = above.filter(|a| !a.is_empty()) {
            return page.go(&urls::Link::to(above));
        }
    }
    render(&portal, &page, response)
}

fn render(portal: &Portal, page: &Page, response: Response) -> Response {
    let Some(error) = response.extensions().get::<Error>().cloned() else { return response };
    let mut view = Show { page: page.clone(), title: Words::default(), words: Vec::new(), number: None, back: None, kept: Vec::new(), resend: Vec::new() };
    let mut retry = None;
    match error {
        Error::SignIn { next, staff } => {
            let sign_in = urls::page(if staff { urls::STAFF_SIGN_IN } else { urls::SIGN_IN });
            let mut go = Redirect::to(&sign_in.with("tiep", &next.in_lang(page.lang)).in_lang(page.lang)).into_response();
            go.headers_mut().insert(header::CACHE_CONTROL, Cache::Nowhere.header());
            return go;
        }
        Error::NotFound => {
            view.title = t::NOT_FOUND.into();
            view.words.push(t::NOT_FOUND_WORDS.into());
        }
        Error::Forbidden(words) => {
            view.title = t::FORBIDDEN.into();
            view.words.push(words.into());
        }
        Error::Refused { words, back, kept } => {
            view.title = t::REFUSED.into();
            view.words.push(words);
            view.kept = kept;
            view.back = back;
        }
        Error::Stale { fields, made_for } => {
            view.title = t::STALE.into();
            view.words.push(t::STALE_WORDS.into());
            // sent again with one press only where the page was this person's: another site's form gets no token from us
            let person = page.presence.person();
            if person.is_empty() || super::token::is_mark_of(&portal.token_key, &person, &made_for) {
                view.resend = fields;
            }
        }
        Error::Another { .. } => {
            view.title = t::ANOTHER.into();
            view.words.push(t::another(view.page.visitor_name().unwrap_or_default()));
        }
        Error::Moved { words, kept, back } => {
            view.title = t::MOVED.into();
            view.words.push(words);
            view.kept = kept;
            view.back = Some(back);
        }
        Error::TooMany(seconds) => {
            view.title = t::TOO_MANY.into();
            view.words.push(t::wait(seconds));
            retry = Some(seconds);
        }
        Error::TooLarge => {
            view.title = t::TOO_LARGE.into();
            view.words.push(t::TOO_LARGE_WORDS.into());
        }
        Error::Bad(words) => {
            view.title = t::BAD.into();
            view.words.push(words);
        }
        Error::Busy => {
            view.title = t::BUSY.into();
            view.words.push(t::BUSY_WORDS.into());
            retry = Some(30);
        }
        Error::Full => {
            view.title = t::FULL.into();
            view.words.push(t::FULL_WORDS.into());
            retry = Some(600);
        }
        Error::Broken(_) => {
            view.title = t::BROKEN.into();
            view.words.push(t::BROKEN_WORDS.into());
            let id = random::letters(8);
            tracing::error!(fault = id, "shown to the visitor");
            view.number = Some(id);
        }
    }
    let mut shown = page.show_as(error_status(&response), &view).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    shown.headers_mut().insert(header::CACHE_CONTROL, Cache::Nowhere.header());
    if let Some(seconds) = retry {
        shown.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    // cookies set by the handler stay
    for value in response.headers().get_all(header::SET_COOKIE) {
        shown.headers_mut().append(header::SET_COOKIE, value.clone());
    }
    shown
}

fn error_status(response: &Response) -> StatusCode {
    response.extensions().get::<Error>().map_or(response.status(), Error::status)
}

/// One line a request: no address of a visitor, no query, no body.
pub async fn log(mut request: Request, next: Next) -> Response {
    let id = random::letters(10);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let route = request.extensions().get::<axum::extract::MatchedPath>().map(|m| m.as_str().to_owned());
    let begun = std::time::Instant::now();
    let response = next.run(request).await;
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request.id = id, %method, route, status = response.status().as_u16(), ms, "answered");
    response
}
