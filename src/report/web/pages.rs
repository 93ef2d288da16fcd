//! Help, the privacy notice, letters of a demo, and what operators look after.

use crate::base::lang::Text;
use crate::base::time;
use crate::platform::Portal;
use crate::platform::backup::{self, Restored};
use crate::platform::jobs::Registry;
use crate::platform::store::{find_setting, given_up, held_jobs, retry_job, set};
use crate::report::check::{self, Found};
use crate::report::help::{STEPS, Topic};
use crate::report::text as t;
use crate::web::extract::{Path, Query, Read, Write};
use crate::web::form::Posted;
use crate::web::session::Staff;
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result, statics};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "report/help.html")]
struct Help {
    page: Page,
    topic: &'static Topic,
    picture: Option<(String, Text)>,
    /// Where the reader came from, in the middle of something.
    back: Option<Link>,
    /// The other pages; from a step they lead back to it too.
    others: Vec<(Link, Text)>,
    contact: bool,
}

pub fn help(page: Page, query: Query, topic: &'static Topic) -> Result<Response> {
    let back = query.get("ve").and_then(urls::own_path);
    let is_help = topic.path.starts_with(urls::HELP);
    let others = STEPS.iter().filter(|o| is_help && o.path != topic.path).map(|o| (back.as_ref().map_or_else(|| urls::page(o.path), |b| urls::help(o.path, b)), o.title)).collect();
    let picture = topic.picture.map(|(file, words)| (statics::address(file), words));
    let view = Help { topic, picture, others, back, contact: topic.path == urls::FEEDBACK, page };
    view.page.show(&view)
}

struct JobLine {
    id: i64,
    kind: String,
    tries: i32,
    error: String,
    at: String,
}

#[derive(Template)]
#[template(path = "report/operations.html")]
struct Operations {
    page: Page,
    jobs: Vec<JobLine>,
    notice: String,
    check: Option<Found>,
    restored: Option<RestoredLine>,
}

/// The copy this portal came from, and what waits for an operator's word.
struct RestoredLine {
    from: String,
    at: String,
    released: Option<String>,
    held: Vec<(String, i64, String)>,
}

pub async fn operations(State(portal): State<Portal>, page: Page, _: Staff, Extension(registry): Extension<Registry>, mut read: Read) -> Result<Response> {
    let jobs = given_up(&mut read.0).await?;
    let restored = match find_setting::<Restored>(&mut read.0, backup::SETTING).await? {
        None => None,
        Some(r) => Some(RestoredLine {
            from: time::dmy_hm(r.from),
            at: time::dmy_hm(r.at),
            released: r.released.map(|at| format!("{}, {}", time::dmy_hm(at), r.released_by.unwrap_or_default())),
            held: held_jobs(&mut read.0, &registry.outward()).await?.into_iter().map(|(kind, n, since)| (kind, n, time::dmy_hm(since))).collect(),
        }),
    };
    let view = Operations {
        jobs: jobs.into_iter().map(|j| JobLine { id: j.id, kind: j.kind, tries: j.tries, error: j.last_error.unwrap_or_default(), at: j.finished_at.map_or_else(String::new, time::dmy_hm) }).collect(),
        restored,
        check: find_setting(&mut read.0, check::SETTING).await?,
        notice: format!("{}{}", portal.config.public_url, urls::VNPAY_IPN),
        page,
    };
    view.page.show(&view)
}

pub async fn retry(State(portal): State<Portal>, page: Page, _: Staff, Path(id): Path<i64>, mut write: Write, _posted: Posted) -> Result<Response> {
    retry_job(&mut write.0, id, portal.clock.now()).await?;
    write.commit().await?;
    Ok(page.go(&urls::page(urls::OPERATIONS)))
}

/// Lets out what was held since the restore; pressed twice it is released once.
pub async fn release(State(portal): State<Portal>, page: Page, staff: Staff, mut write: Write, posted: Posted) -> Result<Response> {
    posted.only(&[])?;
    if let Some(r) = find_setting::<Restored>(&mut write.0, backup::SETTING).await?.filter(|r| r.released.is_none()) {
        set(&mut write.0, backup::SETTING, &Restored { released: Some(portal.clock.now()), released_by: Some(staff.name), ..r }).await?;
    }
    portal.hold.refresh(&mut write.0).await?;
    write.commit().await?;
    Ok(page.go(&urls::page(urls::OPERATIONS)))
}

#[derive(Template)]
#[template(path = "report/mail.html")]
struct Mail {
    page: Page,
    letters: Vec<String>,
}

/// Letters of a demo; outside one this page doesn't exist.
pub async fn mail(State(portal): State<Portal>, page: Page) -> Result<Response> {
    if !portal.demo {
        return Err(Error::NotFound);
    }
    let mut files: Vec<_> = std::fs::read_dir(portal.config.data.join("mail")).into_iter().flatten().flatten().filter_map(|e| Some((e.metadata().ok()?.modified().ok()?, e.path()))).collect();
    files.sort();
    let letters = files.iter().rev().take(20).filter_map(|f| std::fs::read(&f.1).ok()).map(|b| readable(&b)).collect();
    let view = Mail { page, letters };
    view.page.show(&view)
}

/// The text part of a letter, quoted-printable undone.
fn readable(eml: &[u8]) -> String {
    let text = String::from_utf8_lossy(eml);
    let body = text.split("\r\n\r\n").skip(1).find(|p| !p.trim().is_empty()).unwrap_or("");
    let to = text.lines().find(|l| l.starts_with("To: ")).unwrap_or("");
    let part = text.split("Content-Type: text/plain").nth(1).and_then(|p| p.split("\r\n\r\n").nth(1)).unwrap_or(body);
    let base64 = text.split("Content-Type: text/plain").nth(1).is_some_and(|p| p.split("\r\n\r\n").next().is_some_and(|h| h.contains("base64")));
    let part = if base64 { decode64(part) } else { unquoted(part) };
    format!("{to}\n\n{part}")
}

fn unquoted(s: &str) -> String {
    let joined = s.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.bytes();
    while let Some(b) = rest.next() {
        let hex = |x: u8| char::from(x).to_digit(16);
        if b == b'=' {
            let (a, z) = (rest.next().unwrap_or(b'='), rest.next().unwrap_or(b'='));
            if let (Some(a), Some(z)) = (hex(a), hex(z)) {
                bytes.push(u8::try_from(a * 16 + z).unwrap_or(b'?'));
            }
        } else {
            bytes.push(b);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn decode64(s: &str) -> String {
    let mut out = Vec::new();
    let (mut bits, mut n) = (0_u32, 0);
    for c in s.bytes() {
        let v = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'-' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(v);
        n += 6;
        if n >= 8 {
            n -= 8;
            out.push(u8::try_from(bits >> n & 0xff).unwrap_or(b'?'));
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Ready once the database answers.
pub async fn ready(State(portal): State<Portal>) -> Response {
    match portal.db.read().await {
        Ok(_) => (StatusCode::OK, "ready").into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is away").into_response(),
    }
}
