//! What the buttons do. Ticks travel with every act, so none is lost; a page older than the dossier changes nothing.

use crate::base::code::DossierCode;
use crate::base::lang::Words;
use crate::base::{random, time};
use crate::catalogue::form::Form;
use crate::catalogue::model::Procedure;
use crate::catalogue::{self, Offered};
use crate::desk::{store, text as t};
use crate::dossier::acts::{self, Issued, Refused};
use crate::dossier::model::{Dossier, SupplementItem};
use crate::dossier::{self, lock, text as dt};
use crate::platform::Portal;
use crate::platform::db::Tx;
use crate::web::extract::{Path, Query};
use crate::web::form::Posted;
use crate::web::session::{Presence, Staff};
use crate::web::urls;
use crate::web::{Error, Page, Result};
use axum::extract::{Multipart, State as Held};
use axum::http::HeaderMap;
use axum::response::Response;
use std::collections::HashMap;

/// The ticks of a posted check page: item, fine, note.
fn ticks(posted: &Posted) -> Vec<(String, bool, String)> {
    posted
        .0
        .iter()
        .filter_map(|(name, value)| {
            let item = name.strip_prefix("c:")?;
            let note = posted.text(&format!("n:{item}")).trim().to_owned();
            match value.as_str() {
                "dat" => Some((item.to_owned(), true, String::new())),
                "sua" => Some((item.to_owned(), false, note)),
                _ => None,
            }
        })
        .collect()
}

/// What a dossier was filed with: the procedure and form that name its items.
struct Filed {
    procedure: Procedure,
    form: Option<Form>,
}

impl Filed {
    async fn load(tx: &mut Tx, d: &Dossier) -> Result<Self> {
        let procedure = catalogue::find_procedure(tx, d.procedure_version).await?.ok_or(Error::NotFound)?;
        let form = catalogue::find_form(tx, d.form_version).await?;
        Ok(Self { procedure, form })
    }

    fn has(&self, item: &str) -> bool {
        match item.split_once(':') {
            Some(("p", id)) => id == dossier::filing::slots::PROOF || self.procedure.components.iter().any(|c| c.id == id),
            Some(("q", id)) => self.form.as_ref().is_some_and(|f| f.question(id).is_some()),
            _ => false,
        }
    }
}

/// Everything a person typed on the page, to give back if the act can't be done.
fn typed(posted: &Posted, filed: &Filed) -> Vec<(Words, String)> {
    let name = |item: &str| dossier::item_words(&filed.procedure, filed.form.as_ref(), item);
    let mut kept: Vec<(Words, String)> = ticks(posted).into_iter().filter(|x| !x.1).map(|(item, _, note)| (name(&item), note)).collect();
    for (field, label) in [("ly-do", t::REFUSE_REASON), ("ly-do-phi", t::UNPAID_REASON), ("tom-tat", t::SUMMARY), ("van-don", t::WAYBILL), ("nguoi-nhan", t::RECEIVER)] {
        if !posted.text(field).is_empty() {
            kept.push((label.into(), posted.text(field).to_owned()));
        }
    }
    kept
}

async fn refuse(portal: &Portal, d: &Dossier, r: Refused, kept: Vec<(Words, String)>) -> Error {
    let back = urls::desk(&d.code);
    match portal.db.read().await {
        Ok(mut conn) => match dossier::load_dossier(&mut conn, d.id).await {
            Ok(now) => dossier::refused(&mut conn, &now, r, kept, back).await,
            Err(e) => e.into(),
        },
        Err(e) => e.into(),
    }
}

/// Ticks of the desk's own clerks, for what this dossier really has; anybody else's and anything else is ignored.
async fn save_ticks(tx: &mut Tx, d: &Dossier, filed: &Filed, staff: &Staff, posted: &Posted, now: time::Moment) -> Result<()> {
    if !acts::may_tick(d, staff) {
        return Ok(());
    }
    for (item, fine, note) in ticks(posted) {
        if filed.has(&item) {
            acts::note_check(tx, d, staff, &item, fine, &note, now).await?;
        }
    }
    Ok(())
}

pub async fn act(Held(portal): Held<Portal>, page: Page, staff: Staff, Offered(c): Offered, Path((code, action)): Path<(String, String)>, posted: Posted) -> Result<Response> {
    let now = portal.clock.now();
    let code = DossierCode::parse(&code).ok_or(Error::NotFound)?;
    let mut tx = portal.db.begin().await?;
    let d = lock(&mut tx, &code, &page.presence.visitor).await?;
    let filed = Filed::load(&mut tx, &d).await?;
    let kept = typed(&posted, &filed);
    if posted.text("version").parse() != Ok(d.version) {
        drop(tx);
        return Err(refuse(&portal, &d, Refused::Moved, kept).await);
    }
    if ticks(&posted).iter().any(|(_, _, note)| note.chars().count() > 1000) {
        drop(tx);
        return Err(refuse(&portal, &d, Refused::TooLong, kept).await);
    }
    save_ticks(&mut tx, &d, &filed, &staff, &posted, now).await?;
    let reason = posted.text("ly-do");
    let done = match action.as_str() {
        "danh-dau" if !acts::may_tick(&d, &staff) => return Err(Error::NotFound),
        "danh-dau" => {
            tx.commit().await?;
            return Ok(page.go(&urls::desk(&code).with("luu", "1")));
        }
        "tiep-nhan" => {
            let fine = match posted.text("mien-giam") {
                "dat" => Some(true),
                "khong" => Some(false),
                _ => None,
            };
            acts::accept(&mut tx, &c, &d, &staff, posted.text("ly-do-phi"), fine, now).await
        }
        "bo-sung" => {
            let items: Vec<SupplementItem> = dossier::checks_of(&mut tx, d.id).await?.into_iter().filter(|k| !k.fine).map(|k| SupplementItem { item: k.item, words: k.note }).collect();
            acts::request_supplement(&mut tx, &d, &staff, &items, "", now).await
        }
        "tu-choi" => acts::refuse(&mut tx, &d, &staff, reason, now).await,
        "het-han" => acts::expire_supplement(&mut tx, &d, &staff, reason, now).await,
        "chuyen" => acts::transfer(&mut tx, &d, &staff, now).await,
        "giao" => match posted.text("nguoi").parse() {
            Ok(to) => acts::assign(&mut tx, &d, &staff, to, now).await,
            Err(_) => Err(Refused::NotHandler),
        },
        "tra-lai" => acts::return_draft(&mut tx, &d, &staff, reason, now).await,
        "ky" => acts::sign(&mut tx, &d, &staff, now).await,
        "tra-quay" => acts::hand_over(&mut tx, &d, &staff, None, posted.text("nguoi-nhan"), now).await,
        "tra-buu-chinh" => acts::hand_over(&mut tx, &d, &staff, Some(posted.text("van-don")), "", now).await,
        "huy-phi" => match posted.text("khoan").parse() {
            Ok(id) => acts::cancel_charge(&mut tx, &d, &staff, id, reason, now).await,
            Err(_) => Err(Refused::NothingAsked),
        },
        _ => return Err(Error::NotFound),
    };
    match done {
        Ok(d) => {
            tx.commit().await?;
            Ok(page.go(&urls::desk(&d.code)))
        }
        // the ticks that came with a refused act stay
        Err(r @ (Refused::ReasonNeeded | Refused::FeeOpen | Refused::NothingAsked)) => {
            tx.rollback().await?;
            let mut tx = portal.db.begin().await?;
            let again = lock(&mut tx, &code, &page.presence.visitor).await?;
            if again.version == d.version {
                save_ticks(&mut tx, &again, &filed, &staff, &posted, now).await?;
            }
            tx.commit().await?;
            Err(refuse(&portal, &d, r, kept).await)
        }
        Err(r) => {
            drop(tx);
            Err(refuse(&portal, &d, r, kept).await)
        }
    }
}

/// The text fields and at most one file of a multipart post of staff.
struct Sent {
    fields: HashMap<String, String>,
    file: Option<std::result::Result<dossier::Arrived, dossier::filing::content::Fault>>,
}

async fn read(portal: &Portal, presence: &Presence, headers: &HeaderMap, multipart: &mut Multipart, accept: &[&str]) -> Result<Sent> {
    crate::web::form::check_origin(portal, headers)?;
    let accept: Vec<String> = accept.iter().map(|a| (*a).to_owned()).collect();
    let mut sent = Sent { fields: HashMap::new(), file: None };
    let mut checked = false;
    while let Some(mut field) = multipart.next_field().await.map_err(|_| Error::Bad(crate::web::text::BAD.into()))? {
        let name = field.name().unwrap_or("").to_owned();
        if field.file_name().is_some() {
            if !checked {
                return Err(Error::Forbidden(crate::web::text::FORBIDDEN));
            }
            if field.file_name().is_some_and(|n| !n.is_empty()) {
                sent.file = Some(dossier::receive(portal, &mut field, &accept, 20).await?);
            }
            continue;
        }
        let text = field.text().await.map_err(|_| Error::Bad(crate::web::text::BAD.into()))?;
        if name == crate::web::form::TOKEN {
            checked = crate::web::token::fits(&portal.token_key, &presence.holder, &text);
        } else {
            sent.fields.insert(name, crate::base::fold::text(&text).replace('\0', ""));
        }
    }
    if checked { Ok(sent) } else { Err(Error::Stale { fields: Vec::new() }) }
}

async fn begin(portal: &Portal, page: &Page, code: &str, sent: &Sent) -> Result<(Tx, Dossier)> {
    let code = DossierCode::parse(code).ok_or(Error::NotFound)?;
    let mut tx = portal.db.begin().await?;
    let d = lock(&mut tx, &code, &page.presence.visitor).await?;
    if sent.fields.get("version").and_then(|v| v.parse().ok()) != Some(d.version) {
        drop(tx);
        let kept = sent.fields.get("tom-tat").map(|s| (t::SUMMARY.into(), s.clone())).into_iter().collect();
        return Err(refuse(portal, &d, Refused::Moved, kept).await);
    }
    Ok((tx, d))
}

pub async fn propose(Held(portal): Held<Portal>, page: Page, staff: Staff, presence: Presence, Path(code): Path<String>, headers: HeaderMap, mut multipart: Multipart) -> Result<Response> {
    let sent = read(&portal, &presence, &headers, &mut multipart, &["pdf", "docx"]).await?;
    let (mut tx, d) = begin(&portal, &page, &code, &sent).await?;
    let file = match &sent.file {
        Some(Err(f)) => return Err(Error::Refused { words: dt::file_fault(f), back: Some(urls::desk(&d.code)), kept: Vec::new() }),
        Some(Ok(a)) => Some(a),
        None => None,
    };
    let now = portal.clock.now();
    if let Some(a) = file {
        dossier::remember_file(&mut tx, a, now).await?;
    }
    let get = |k: &str| sent.fields.get(k).map_or("", String::as_str);
    match acts::propose_result(&mut tx, &d, &staff, get("ket-qua"), get("tom-tat"), file.map(|a| (a.digest.as_str(), a.name.as_str())), now).await {
        Ok(d) => {
            tx.commit().await?;
            Ok(page.go(&urls::desk(&d.code)))
        }
        Err(r) => {
            drop(tx);
            Err(refuse(&portal, &d, r, vec![(t::SUMMARY.into(), get("tom-tat").to_owned())]).await)
        }
    }
}

pub async fn issue(Held(portal): Held<Portal>, page: Page, staff: Staff, presence: Presence, Path(code): Path<String>, headers: HeaderMap, mut multipart: Multipart) -> Result<Response> {
    let sent = read(&portal, &presence, &headers, &mut multipart, &["pdf"]).await?;
    let (mut tx, d) = begin(&portal, &page, &code, &sent).await?;
    let back = urls::desk(&d.code);
    let a = match &sent.file {
        Some(Ok(a)) => a,
        Some(Err(f)) => return Err(Error::Refused { words: dt::file_fault(f), back: Some(back), kept: Vec::new() }),
        None => return Err(Error::Refused { words: t::NO_RESULT_FILE.into(), back: Some(back), kept: Vec::new() }),
    };
    let now = portal.clock.now();
    dossier::remember_file(&mut tx, a, now).await?;
    let get = |k: &str| sent.fields.get(k).map_or("", |s| s.trim());
    let Ok(number) = get("so").parse::<i32>() else { return Err(Error::Refused { words: t::BAD_NUMBER.into(), back: Some(back), kept: Vec::new() }) };
    let symbol = if get("ky-hieu").is_empty() { "KQ-TTHC" } else { get("ky-hieu") };
    let issued = Issued { number, symbol, digest: &a.digest, name: &a.name, media: a.media.as_str(), bears_signature: sent.fields.contains_key("chu-ky") };
    match acts::issue(&mut tx, &d, &staff, &issued, now).await {
        Ok(d) => {
            tx.commit().await?;
            Ok(page.go(&urls::desk(&d.code)))
        }
        Err(r) => {
            drop(tx);
            Err(refuse(&portal, &d, r, Vec::new()).await)
        }
    }
}

/// A lost look-up key is given again, against the identity card.
pub async fn new_key(Held(portal): Held<Portal>, page: Page, staff: Staff, Offered(c): Offered, Path(code): Path<String>, _posted: Posted) -> Result<Response> {
    let code = DossierCode::parse(&code).ok_or(Error::NotFound)?;
    let mut tx = portal.db.begin().await?;
    let d = lock(&mut tx, &code, &page.presence.visitor).await?;
    if !staff.is(crate::web::session::Role::DeskClerk) || staff.unit != d.reception_unit {
        return Err(Error::NotFound);
    }
    let key = random::letters(8);
    store::set_lookup_key(&mut tx, d.id, &key).await?;
    tx.commit().await?;
    let mut conn = portal.db.read().await?;
    let view = super::show::load(page, &c, &mut conn, &d, &staff, &Query::default()).await?;
    view.with_new_key(key).answer()
}
