//! Headers of every answer (OWASP ASVS 5.0, 3.4), errors included.

use super::cache::Cache;
use crate::platform::Portal;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{self, HeaderName};
use axum::middleware::Next;
use axum::response::Response;

/// How strictly an answer is treated by the browser: pages by default, papers in a sandbox.
#[derive(Debug, Clone, Copy)]
pub enum Policy {
    /// A paper shown inside a page of ours, or downloaded.
    Paper,
    /// The same for a PDF: browsers' own viewers do not start inside a sandbox, and a PDF runs nothing in our origin.
    Pdf,
    /// A page that shows papers in a frame.
    PageWithPapers,
}

fn csp(policy: Option<Policy>, gateway: Option<&str>) -> String {
    let frames = match policy {
        Some(Policy::Paper) => return "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox; frame-ancestors 'self'".to_owned(),
        Some(Policy::Pdf) => return "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'".to_owned(),
        Some(Policy::PageWithPapers) => "frame-src 'self'; ",
        None => "",
    };
    let gateway = gateway.map(|g| format!(" {g}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; {frames}\
         form-action 'self'{gateway}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}

pub async fn add(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = response.extensions().get::<Policy>().copied();
    let gateway = portal.config.vnpay.as_ref().and_then(|v| origin(&v.pay_url));
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&csp(policy, gateway.as_deref())) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static("geolocation=(), microphone=(), payment=()"));
    if portal.config.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(Cache::Nowhere.header());
    response
}

/// `https://host:port` of an address.
pub fn origin(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?']).next()?;
    Some(format!("{}{host}", &url[..url.len() - rest.len()]))
}
