//! Pages of the catalogue as bytes, for whoever has no session: the same for all of them within one second, so they are
//! rendered and compressed once in it. A change of the catalogue is another key.

use crate::base::lang::Lang;
use crate::catalogue::{Catalogue, Handle};
use crate::platform::Portal;
use crate::web::{session, urls};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use bytes::Bytes;
use http_body_util::BodyExt;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// Pages kept at most; then all are let go.
const MOST: usize = 500;

struct Page {
    headers: HeaderMap,
    extensions: axum::http::Extensions,
    body: Bytes,
    /// The second it is of, and the catalogue it shows.
    second: i64,
    of: Arc<Catalogue>,
}

/// Language, path with query, and whether it is compressed.
type Key = (Lang, String, bool);

#[derive(Clone)]
pub struct Kept {
    portal: Portal,
    catalogue: Handle,
    pages: Arc<RwLock<HashMap<Key, Page>>>,
}

impl Kept {
    pub fn new(portal: Portal, catalogue: Handle) -> Self {
        Self { portal, catalogue, pages: Arc::default() }
    }

    /// None: not a page of the catalogue, or of somebody who has a session.
    fn key(&self, request: &Request) -> Option<Key> {
        let path = request.uri().path();
        let ours = path == urls::PROCEDURES || path.strip_prefix(urls::PROCEDURES).is_some_and(|rest| rest.starts_with('/') && rest.len() < 40);
        if !ours || request.method() != Method::GET || session::read_cookie(&self.portal, &CookieJar::from_headers(request.headers()), session::SESSION).is_some() {
            return None;
        }
        let gzip = request.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
        let lang = request.extensions().get::<Lang>().copied().unwrap_or_default();
        let path = request.uri().path_and_query().filter(|p| p.as_str().len() < 300)?;
        Some((lang, path.to_string(), gzip))
    }
}

pub async fn keep(State(kept): State<Kept>, request: Request, next: Next) -> Response {
    let (Some(key), Ok(catalogue)) = (kept.key(&request), kept.catalogue.current(&kept.portal.db).await) else { return next.run(request).await };
    let second = kept.portal.clock.now().timestamp();
    if let Ok(pages) = kept.pages.read()
        && let Some(p) = pages.get(&key).filter(|p| p.second == second && Arc::ptr_eq(&p.of, &catalogue))
    {
        let mut response = Response::new(Body::from(p.body.clone()));
        *response.headers_mut() = p.headers.clone();
        *response.extensions_mut() = p.extensions.clone();
        return response;
    }
    let (parts, body) = next.run(request).await.into_parts();
    if parts.status != StatusCode::OK {
        return Response::from_parts(parts, body);
    }
    let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut headers = parts.headers.clone();
    // a visitor's cookie is his alone; these pages have no form that needs one
    headers.remove(header::SET_COOKIE);
    if let Ok(mut pages) = kept.pages.write() {
        if pages.len() >= MOST {
            pages.clear();
        }
        pages.insert(key, Page { headers, extensions: parts.extensions.clone(), body: body.clone(), second, of: catalogue });
    }
    Response::from_parts(parts, Body::from(body))
}
