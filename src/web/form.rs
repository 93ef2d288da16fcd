//! Forms: read with a limit and a timer, token checked, text made NFC, control signs refused; of a field given twice
//! the first counts.
//!
//! [`Posted`] gives the fields by name. A handler parses them into its own command and shows [`Faults`] with 422 and
//! everything the visitor typed, or writes and redirects with 303.

use super::error::{Error, Result};
use super::session;
use super::text;
use crate::base::fold;
use crate::base::lang::Words;
use crate::platform::Portal;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::Method;
use http_body_util::BodyExt;
use std::time::Duration;

/// 1 MiB: forms of text; papers have their own way.
const LIMIT: usize = 1 << 20;
/// Name of the token's field.
pub const TOKEN: &str = "_token";

/// The fields of a post, in order, without the token.
#[derive(Debug, Clone, Default)]
pub struct Posted(pub Vec<(String, String)>);

impl Posted {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The value, or an empty text where the field is missing.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or("")
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Refuses a form with a field it doesn't have: nobody sets a state or a sum by adding its name.
    pub fn only(&self, names: &[&str]) -> Result<()> {
        match self.0.iter().find(|(n, _)| !names.contains(&n.as_str())) {
            Some((name, _)) => {
                let name: String = name.chars().take(40).collect();
                Err(Error::refused(crate::words!("Biểu mẫu này không có ô “{name}”.", "This form has no field “{name}”.")))
            }
            None => Ok(()),
        }
    }
}

/// Decodes a urlencoded text; text is NFC and a line end is one sign.
pub fn parse(body: &str) -> Vec<(String, String)> {
    body.split('&')
        .filter(|p| !p.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), fold::text(&decode(value)))
        })
        .collect()
}

pub(super) fn decode(s: &str) -> String {
    let bytes = s.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
        match bytes[i] {
            b'+' => out.push(b' '),
            b'%' => match (bytes.get(i + 1).copied().and_then(hex), bytes.get(i + 2).copied().and_then(hex)) {
                (Some(a), Some(b)) => {
                    out.push(a * 16 + b);
                    i += 2;
                }
                _ => out.push(b'%'),
            },
            b => out.push(b),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Reads a body within its limit of size; silence ends it, not the total time.
pub async fn read_body(body: Body, limit: usize) -> Result<Vec<u8>> {
    let mut body = body;
    let mut out = Vec::new();
    loop {
        match tokio::time::timeout(Duration::from_secs(20), body.frame()).await {
            Err(_) => return Err(Error::Bad(text::BAD.into())),
            Ok(None) => return Ok(out),
            Ok(Some(Err(_))) => return Err(Error::Bad(text::BAD.into())),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    if out.len() + data.len() > limit {
                        return Err(Error::TooLarge);
                    }
                    out.extend_from_slice(&data);
                }
            }
        }
    }
}

/// A post that comes from a page of ours: same origin, and the token of this holder.
pub fn check_origin(portal: &Portal, headers: &axum::http::HeaderMap) -> Result<()> {
    let site = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok());
    if site.is_some_and(|s| s == "cross-site" || s == "same-site") {
        return Err(Error::Forbidden(text::FORBIDDEN));
    }
    let origin = headers.get("origin").and_then(|v| v.to_str().ok());
    if let Some(o) = origin
        && o != "null"
    {
        let host = headers.get("host").and_then(|v| v.to_str().ok()).unwrap_or("");
        let ours = o == portal.config.public_url || o.strip_prefix("http://") == Some(host) && !portal.config.is_https();
        if !ours {
            return Err(Error::Forbidden(text::FORBIDDEN));
        }
    }
    Ok(())
}

impl FromRequest<Portal> for Posted {
    type Rejection = Error;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self> {
        let (parts, body) = request.into_parts();
        debug_assert_ne!(parts.method, Method::GET);
        check_origin(portal, &parts.headers)?;
        let kind = parts.headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("");
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Error::Bad(text::BAD.into()));
        }
        let body = read_body(body, LIMIT).await?;
        let body = String::from_utf8(body).map_err(|_| Error::Bad(text::BAD.into()))?;
        let mut fields = parse(&body);
        if fields.iter().any(|(n, v)| has_control(n) || has_control(v)) {
            return Err(Error::refused(text::NUL));
        }
        let token = fields.iter().position(|(n, _)| n == TOKEN).map(|i| fields.remove(i).1).unwrap_or_default();
        let presence = session::presence(&parts);
        presence.check(&portal.token_key, &token, fields).map(Self)
    }
}

/// Control signs but tab and line end.
pub(super) fn has_control(s: &str) -> bool {
    s.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r')
}

/// What is wrong with a form: field by field, in the order of the page.
#[derive(Debug, Clone, Default)]
pub struct Faults(pub Vec<Fault>);

#[derive(Debug, Clone)]
pub struct Fault {
    /// The field's name, which is also the anchor of its control.
    pub field: String,
    /// What the field is called on the page.
    pub label: Words,
    pub words: Words,
}

impl Faults {
    pub fn add(&mut self, field: &str, label: impl Into<Words>, words: impl Into<Words>) {
        self.0.push(Fault { field: field.to_owned(), label: label.into(), words: words.into() });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn of(&self, field: &str) -> Option<&Words> {
        self.0.iter().find(|f| f.field == field).map(|f| &f.words)
    }

    /// "Có 2 chỗ cần sửa"
    pub fn title(&self) -> Words {
        let n = self.0.len();
        let things = if n == 1 { "1 thing to mend".to_owned() } else { format!("{n} things to mend") };
        Words::new(format!("Có {n} chỗ cần sửa"), things)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urlencoded_text_is_read_as_browsers_send_it() {
        let fields = parse("ten=Nguy%E1%BB%85n+V%C4%83n&a=1%0D%0A2&hong=%zz&rong=");
        assert_eq!(fields[0], ("ten".into(), "Nguyễn Văn".into()));
        assert_eq!(fields[1].1, "1\n2");
        assert_eq!(fields[2].1, "%zz");
        assert_eq!(fields[3].1, "");
    }
}
