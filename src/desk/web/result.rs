//! The acts that bring a file: the draft of a result put before the leader, and the signed one issued.

use super::act::refuse;
use super::given::Given;
use super::show::again;
use crate::base::code::DossierCode;
use crate::catalogue::{Catalogue, Offered};
use crate::desk::text as t;
use crate::dossier::acts::{self, Issued, Refused};
use crate::dossier::model::Dossier;
use crate::dossier::{self, lock, text as dt};
use crate::platform::Portal;
use crate::platform::db::Tx;
use crate::web::extract::{Multipart, Path};
use crate::web::session::{Presence, Staff};
use crate::web::{Error, Page, Result, token, urls};
use axum::extract::State as Held;
use axum::http::HeaderMap;
use axum::response::Response;
use std::collections::HashMap;

/// A file that has arrived, by this post or by one before it that was refused for another reason.
struct Kept {
    digest: String,
    size: i64,
    media: String,
    name: String,
}

impl Kept {
    /// The act is part of it: what one act took as a draft is not another's signed result.
    fn words(&self, act: &str) -> String {
        format!("{act}|{}|{}|{}|{}", self.digest, self.size, self.media, self.name)
    }

    fn read(words: &str, act: &str) -> Option<Self> {
        let mut parts = words.strip_prefix(act)?.strip_prefix('|')?.splitn(4, '|').map(str::to_owned);
        Some(Self { digest: parts.next()?, size: parts.next()?.parse().ok()?, media: parts.next()?, name: parts.next()? })
    }
}

/// The text fields and at most one file of a multipart post of staff.
struct Sent {
    fields: HashMap<String, String>,
    file: Option<std::result::Result<Kept, dossier::filing::content::Fault>>,
}

/// The hidden field that carries a kept file.
const KEPT: &str = "tep-giu";
/// Bytes of one typed field: a finding of several pages.
const MOST_TEXT: usize = 64 << 10;
/// The numbers a unit gives in a year.
const NUMBERS: std::ops::RangeInclusive<i32> = 1..=9_999_999;

async fn read(portal: &Portal, presence: &Presence, headers: &HeaderMap, multipart: &mut Multipart, act: &str, accept: &[&str]) -> Result<Sent> {
    crate::web::form::check_origin(portal, headers)?;
    let accept: Vec<String> = accept.iter().map(|a| (*a).to_owned()).collect();
    let mut sent = Sent { fields: HashMap::new(), file: None };
    let mut checked = Err(Error::Stale { fields: Vec::new(), made_for: String::new() });
    while let Some(mut field) = multipart.next_field().await? {
        let name = field.name().unwrap_or("").to_owned();
        if field.file_name().is_some() {
            if checked.is_err() {
                return Err(Error::Forbidden(crate::web::text::FORBIDDEN));
            }
            if field.file_name().is_some_and(|n| !n.is_empty()) {
                let arrived = dossier::receive(portal, &mut field, &accept, 20).await?;
                sent.file = Some(arrived.map(|a| Kept { digest: a.digest, size: a.size, media: a.media.as_str().to_owned(), name: a.name }));
            }
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|_| Error::Bad(crate::web::text::BAD.into()))? {
            if bytes.len() + chunk.len() > MOST_TEXT || sent.fields.len() > 40 {
                return Err(Error::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes).map_err(|_| Error::Bad(crate::web::text::BAD.into()))?;
        if name == crate::web::form::TOKEN {
            checked = presence.check(&portal.token_key, &text, Vec::new()).map(drop);
        } else {
            sent.fields.insert(name, crate::base::fold::text(&text).replace('\0', ""));
        }
    }
    checked?;
    if sent.file.is_none() {
        let words = sent.fields.get(KEPT).and_then(|k| token::unseal(&portal.token_key, &presence.holder, k));
        sent.file = words.and_then(|w| Kept::read(w, act)).map(Ok);
    }
    Ok(sent)
}

/// What every act with a file needs.
struct Desk<'a> {
    portal: &'a Portal,
    page: Page,
    staff: Staff,
    c: &'a Catalogue,
    /// Its word in the address.
    act: &'static str,
    sent: Sent,
}

impl Desk<'_> {
    fn get(&self, name: &str) -> &str {
        self.sent.fields.get(name).map_or("", |s| s.trim())
    }

    async fn begin(&self, code: &str) -> Result<(Tx, Dossier)> {
        let code = DossierCode::parse(code).ok_or(Error::NotFound)?;
        let mut tx = self.portal.db.begin().await?;
        let d = lock(&mut tx, &code, &self.page.presence.visitor).await?;
        if self.get("version").parse() != Ok(d.version) {
            drop(tx);
            let kept = vec![(t::SUMMARY.into(), self.get("tom-tat").to_owned())];
            return Err(refuse(self.portal, &d, Refused::Moved, kept).await);
        }
        Ok((tx, d))
    }

    /// The file kept across the refusal, so that it needn't be sent twice.
    fn give_back(&self, mut given: Given) -> Given {
        if let Some(Ok(k)) = &self.sent.file {
            given.file = Some((k.name.clone(), token::seal(&self.portal.token_key, &self.page.presence.holder, &k.words(self.act))));
        }
        given
    }

    async fn fault(self, d: &Dossier, field: &str, label: crate::base::lang::Text, words: impl Into<crate::base::lang::Words>) -> Result<Response> {
        let mut given = Given { fields: self.sent.fields.clone(), ..Given::default() };
        given.faults.add(field, label, words);
        let given = self.give_back(given);
        again(self.portal, self.page, self.c, d, &self.staff, given).await
    }

    async fn end(self, tx: Tx, d: &Dossier, done: std::result::Result<Dossier, Refused>) -> Result<Response> {
        match done {
            Ok(d) => {
                tx.commit().await?;
                Ok(self.page.go(&urls::desk(&d.code).with("xong", "1")))
            }
            Err(r) => {
                tx.rollback().await?;
                match Given::of(&r, self.act, self.sent.fields.clone()) {
                    Some(given) => {
                        let given = self.give_back(given);
                        again(self.portal, self.page, self.c, d, &self.staff, given).await
                    }
                    None => Err(refuse(self.portal, d, r, vec![(t::SUMMARY.into(), self.get("tom-tat").to_owned())]).await),
                }
            }
        }
    }
}

/// No byte is stored for a dossier that this visitor doesn't see.
async fn seen(portal: &Portal, page: &Page, code: &str) -> Result<()> {
    let mut conn = portal.db.read().await?;
    dossier::visible(&mut conn, code, &page.presence.visitor).await.map(|_| ())
}

pub async fn propose(Held(portal): Held<Portal>, page: Page, staff: Staff, Offered(c): Offered, Path(code): Path<String>, headers: HeaderMap, mut multipart: Multipart) -> Result<Response> {
    seen(&portal, &page, &code).await?;
    let act = "trinh-ky";
    let sent = read(&portal, &page.presence, &headers, &mut multipart, act, &["pdf", "docx"]).await?;
    let desk = Desk { portal: &portal, page, staff, c: &c, act, sent };
    let (mut tx, d) = desk.begin(&code).await?;
    let file = match &desk.sent.file {
        Some(Err(f)) => {
            let words = dt::file_fault(f);
            drop(tx);
            return desk.fault(&d, "tep", t::DRAFT_FILE, words).await;
        }
        Some(Ok(k)) => Some(k),
        None => None,
    };
    let now = portal.clock.now();
    if let Some(k) = file {
        dossier::remember_file(&mut tx, &k.digest, k.size, now).await?;
    }
    let file = file.map(|k| (k.digest.as_str(), k.name.as_str()));
    let done = acts::propose_result(&mut tx, &d, &desk.staff, desk.get("ket-qua"), desk.get("tom-tat"), file, now).await;
    desk.end(tx, &d, done).await
}

pub async fn issue(Held(portal): Held<Portal>, page: Page, staff: Staff, Offered(c): Offered, Path(code): Path<String>, headers: HeaderMap, mut multipart: Multipart) -> Result<Response> {
    seen(&portal, &page, &code).await?;
    let act = "phat-hanh";
    let sent = read(&portal, &page.presence, &headers, &mut multipart, act, &["pdf"]).await?;
    let desk = Desk { portal: &portal, page, staff, c: &c, act, sent };
    let (mut tx, d) = desk.begin(&code).await?;
    let k = match &desk.sent.file {
        Some(Ok(k)) => k,
        Some(Err(f)) => {
            let words = dt::file_fault(f);
            drop(tx);
            return desk.fault(&d, "tep", t::RESULT_FILE, words).await;
        }
        None => {
            drop(tx);
            return desk.fault(&d, "tep", t::RESULT_FILE, t::NO_RESULT_FILE).await;
        }
    };
    let Some(number) = desk.get("so").parse::<i32>().ok().filter(|n| NUMBERS.contains(n)) else {
        drop(tx);
        return desk.fault(&d, "so", t::NUMBER, t::BAD_NUMBER).await;
    };
    if desk.get("ky-hieu").chars().count() > 40 {
        drop(tx);
        return desk.fault(&d, "ky-hieu", t::SYMBOL, t::BAD_SYMBOL).await;
    }
    let now = portal.clock.now();
    dossier::remember_file(&mut tx, &k.digest, k.size, now).await?;
    let symbol = if desk.get("ky-hieu").is_empty() { t::PLAIN_SYMBOL } else { desk.get("ky-hieu") };
    let issued = Issued { number, symbol, digest: &k.digest, name: &k.name, media: &k.media, bears_signature: desk.sent.fields.contains_key("chu-ky") };
    let done = acts::issue(&mut tx, &d, &desk.staff, &issued, now).await;
    desk.end(tx, &d, done).await
}
