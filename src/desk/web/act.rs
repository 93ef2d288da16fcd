//! What the buttons do. Ticks travel with every act, so none is lost; a page older than the dossier changes nothing.

use super::course;
use super::given::Given;
use crate::base::code::DossierCode;
use crate::base::lang::{Text, Words};
use crate::base::{random, time};
use crate::catalogue::form::Form;
use crate::catalogue::model::Procedure;
use crate::catalogue::{self, Offered};
use crate::desk::{store, text as t};
use crate::dossier::acts::{self, Refused};
use crate::dossier::model::Dossier;
use crate::dossier::{self, lock};
use crate::platform::Portal;
use crate::platform::db::Tx;
use crate::web::extract::{Path, Query};
use crate::web::form::Posted;
use crate::web::session::Staff;
use crate::web::urls;
use crate::web::{Error, Page, Result};
use axum::extract::State as Held;
use axum::response::Response;
use std::sync::Arc;

/// The ticks of a posted check page: item, fine, note. A note without a tick asks to mend: words half-written are kept.
fn ticks(posted: &Posted) -> Vec<(String, bool, String)> {
    let mut all: Vec<(String, bool, String)> = Vec::new();
    for (name, _) in &posted.0 {
        let Some(item) = name.strip_prefix("c:").or_else(|| name.strip_prefix("n:")) else { continue };
        let note = posted.text(&format!("n:{item}")).trim();
        let before = posted.get(&format!("w:{item}")).map(|w| w.trim_start_matches("dat").trim_start_matches("sua"));
        let tick = match posted.text(&format!("c:{item}")) {
            // words written beside "fine" say what is not
            "dat" if !note.is_empty() && before.is_some_and(|b| b != note) => (false, note.to_owned()),
            "dat" => (true, String::new()),
            "sua" => (false, note.to_owned()),
            _ if !note.is_empty() => (false, note.to_owned()),
            _ => continue,
        };
        // what the page showed and nobody touched is not written again: another clerk may have changed it since
        let shown = posted.get(&format!("w:{item}"));
        let untouched = shown.is_some_and(|w| w == format!("{}{}", if tick.0 { "dat" } else { "sua" }, tick.1));
        if !untouched && !all.iter().any(|t| t.0 == item) {
            all.push((item.to_owned(), tick.0, tick.1));
        }
    }
    all
}

/// Marks that stood on the page and were taken away: neither ticked nor worded any more.
fn cleared(posted: &Posted) -> impl Iterator<Item = &str> {
    posted
        .0
        .iter()
        .filter(|(name, was)| name.starts_with("w:") && !was.is_empty())
        .map(|(name, _)| &name[2..])
        .filter(|item| !posted.has(&format!("c:{item}")) && posted.text(&format!("n:{item}")).trim().is_empty())
}

/// Fields of free words on the page, and what each is called there.
const WORDS: [(&str, Text); 11] = [
    ("ly-do", t::REFUSE_REASON),
    ("ly-do-huy", t::CANCEL_REASON),
    ("ly-do-phi", t::UNPAID_REASON),
    ("tom-tat", t::SUMMARY),
    ("van-don", t::WAYBILL),
    ("nguoi-nhan", t::RECEIVER),
    ("ly-do-duyet", t::DECLINE_REASON),
    ("ly-do-dung", t::STOP_REASON),
    ("ly-do-mien", t::WAIVE_REASON),
    ("ly-do-rut", t::KEEP_REASON),
    ("can-cu", t::BASIS),
];

/// What a dossier was filed with: the procedure and form that name its items.
struct Filed {
    procedure: Arc<Procedure>,
    form: Option<Arc<Form>>,
}

impl Filed {
    async fn load(tx: &mut Tx, d: &Dossier) -> Result<Self> {
        let (procedure, form) = catalogue::find_versions(tx, d.procedure_version, d.form_version).await?.ok_or(Error::NotFound)?;
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
    let name = |item: &str| dossier::item_words(&filed.procedure, filed.form.as_deref(), item);
    let mut kept: Vec<(Words, String)> = ticks(posted).into_iter().filter(|x| !x.1).map(|(item, _, note)| (name(&item), note)).collect();
    for (field, label) in WORDS {
        if !posted.text(field).is_empty() {
            kept.push((label.into(), posted.text(field).to_owned()));
        }
    }
    kept
}

pub(super) async fn refuse(portal: &Portal, d: &Dossier, r: Refused, kept: Vec<(Words, String)>) -> Error {
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
    for item in cleared(posted) {
        acts::forget_check(tx, d, item).await?;
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
    let too_long = WORDS.iter().any(|(f, _)| posted.text(f).chars().count() > 2000);
    if too_long || ticks(&posted).iter().any(|(_, _, note)| note.chars().count() > 1000) {
        drop(tx);
        let given = Given::of(&Refused::TooLong, &action, posted.0.iter().cloned().collect()).unwrap_or_default();
        return super::show::again(&portal, page, &c, &d, &staff, given).await;
    }
    save_ticks(&mut tx, &d, &filed, &staff, &posted, now).await?;
    let reason = posted.text("ly-do");
    let done = match action.as_str() {
        "danh-dau" if !acts::may_tick(&d, &staff) => return Err(Error::NotFound),
        "danh-dau" => {
            tx.commit().await?;
            return Ok(page.go(&urls::desk(&code).with("luu", "1")));
        }
        "tiep-nhan" if !posted.has("van-nhan") && dossier::checks_of(&mut tx, d.id).await?.iter().any(|k| !k.fine) => Err(Refused::MarksOpen),
        "tiep-nhan" => {
            let fine = match posted.text("mien-giam") {
                "dat" => Some(true),
                "khong" => Some(false),
                _ => None,
            };
            acts::accept(&mut tx, &c, &d, &staff, posted.text("ly-do-phi"), fine, now).await
        }
        "bo-sung" => {
            let items = course::marked(&mut tx, &d).await?;
            acts::request_supplement(&mut tx, &c, &d, &staff, &items, "", now).await
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
            Ok(id) => acts::cancel_charge(&mut tx, &d, &staff, id, posted.text("ly-do-huy"), now).await,
            Err(_) => Err(Refused::NothingAsked),
        },
        other => match course::act(&mut tx, &c, &d, &staff, other, &posted, now).await? {
            Some(done) => done,
            None => return Err(Error::NotFound),
        },
    };
    match done {
        Ok(d) => {
            tx.commit().await?;
            Ok(page.go(&urls::desk(&d.code).with("xong", "1")))
        }
        Err(r) => {
            tx.rollback().await?;
            let fields = posted.0.iter().cloned().collect();
            match Given::of(&r, &action, fields) {
                Some(given) => {
                    keep_ticks(&portal, &page, &staff, &d, &filed, &posted).await?;
                    super::show::again(&portal, page, &c, &d, &staff, given).await
                }
                None => Err(refuse(&portal, &d, r, kept).await),
            }
        }
    }
}

/// The ticks that came with a refused act stay.
async fn keep_ticks(portal: &Portal, page: &Page, staff: &Staff, d: &Dossier, filed: &Filed, posted: &Posted) -> Result<()> {
    let mut tx = portal.db.begin().await?;
    let again = lock(&mut tx, &d.code, &page.presence.visitor).await?;
    if again.version == d.version {
        save_ticks(&mut tx, &again, filed, staff, posted, portal.clock.now()).await?;
    }
    Ok(tx.commit().await?)
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
    let view = super::show::load(page, &c, &mut conn, &d, &staff, &Query::default(), Given::default()).await?;
    view.with_new_key(key).answer()
}
