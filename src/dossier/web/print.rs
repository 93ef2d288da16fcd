//! Papers to print (TT 01/2018/TT-VPCP, Mẫu 01, 02, 03 and 05; TT 03/2025/TT-VPCP, Mẫu 05): the receipt and appointment, A5; the letters; the control slip. Printed HTML here, PDF later.

use super::follow::versions;
use crate::account;
use crate::base::lang::Words;
use crate::base::time;
use crate::catalogue::model::LimitRow;
use crate::catalogue::{Catalogue, Offered};
use crate::dossier::model::{Dossier, Stage};
use crate::dossier::state::{Action, State};
use crate::dossier::{store, text as t, visible};
use crate::payment;
use crate::platform::Portal;
use crate::web::extract::{Path, Read};
use crate::web::session::Visitor;
use crate::web::urls;
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State as Held;
use axum::response::Response;
use sqlx::PgConnection;

/// Mẫu 01; the number of the form is of the set in force on the day of reception.
#[derive(Template)]
#[template(path = "dossier/slip.html")]
pub struct Slip {
    page: Page,
    superior: String,
    unit: String,
    code: String,
    key: String,
    filer: String,
    owner: String,
    address: String,
    phone: String,
    title: String,
    papers: Vec<(String, String)>,
    /// Filed with an e-form, which is a component of its own.
    form: bool,
    sets: u32,
    limit: String,
    received: String,
    due: String,
    channel: String,
    fees: Vec<(String, String)>,
    day: String,
    place: String,
    qr: String,
    clerk: String,
}

/// The head of an official paper (NĐ 30/2020, annex I): the body above, and whose paper it is. A ward's or district's
/// one-stop desk stands under its own committee, everybody else under the province's.
fn head(c: &Catalogue, unit: &str) -> (String, String) {
    let own = c.unit_words(unit).vi.to_uppercase();
    if c.places.district(unit).is_some() || c.places.commune(unit).is_some() {
        (format!("ỦY BAN NHÂN DÂN {own}"), "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ".to_owned())
    } else {
        (c.places.committee.name.to_uppercase(), own)
    }
}

fn long(m: time::Moment) -> String {
    time::local(m).format("%H giờ %M phút, ngày %d tháng %m năm %Y").to_string()
}

/// The QR of a dossier: address and code, never personal data.
fn qr(url: &str) -> String {
    use fast_qr::convert::Builder;
    let Ok(code) = fast_qr::QRBuilder::new(url).ecl(fast_qr::ECL::M).build() else { return String::new() };
    fast_qr::convert::svg::SvgBuilder::default().margin(4).to_str(&code)
}

pub async fn make_slip(portal: &Portal, page: Page, c: &Catalogue, conn: &mut PgConnection, d: &Dossier) -> Result<Slip> {
    let accepted = d.accepted_at.ok_or(Error::NotFound)?;
    let (p, _) = versions(conn, d).await?;
    let papers = store::papers_of_dossier(conn, d.id).await?;
    let fees = payment::obligations_of_subject(conn, d.id.0).await?;
    let clerk = store::events_of(conn, d.id).await?.into_iter().find(|e| e.action == Action::Accept.as_str()).map(|e| e.actor_name).unwrap_or_default();
    let name_of = |id: &str| p.components.iter().find(|x| x.id == id).map_or_else(|| id.to_owned(), |x| x.name.clone());
    let channel = d.channel.parse().unwrap_or(crate::catalogue::model::Channel::Online);
    let (superior, unit) = head(c, &d.reception_unit);
    let url = format!("{}{}", portal.config.public_url, urls::page(urls::LOOKUP).with("ma", d.code.as_str()));
    let day = time::local(accepted).format("ngày %d tháng %m năm %Y").to_string();
    Ok(Slip {
        superior,
        unit,
        code: d.code.to_string(),
        key: d.lookup_key.clone(),
        filer: account::find_organisation(conn, d.party_id).await?.map_or_else(|| d.filer_name.clone(), |o| format!("{} (MST {}), người nộp {}", o.name, o.tax_code, d.filer_name)),
        owner: d.owner_name.clone(),
        address: d.place.0.post_to.clone().unwrap_or_default(),
        phone: d.filer_phone.clone(),
        title: p.name.clone(),
        papers: papers.iter().filter(|x| x.replaced_at.is_none()).map(|x| (name_of(&x.component), if x.declared.is_some() { t::DECLARED.vi.to_owned() } else { x.name.clone() })).collect(),
        form: d.form_version.is_some(),
        sets: p.set_count,
        limit: p.limit(channel, d.procedure_case.as_deref()).map(LimitRow::words).map_or_else(String::new, |w| w.vi),
        received: long(accepted),
        due: d.due_at.map_or_else(String::new, long),
        channel: t::channel(d.result_channel).vi.to_owned(),
        fees: fees.iter().map(|o| (o.fee_name.clone(), format!("{} ({})", o.amount, payment::text::obligation_state(o.state).vi))).collect(),
        day,
        place: c.places.province.name.clone(),
        qr: qr(&url),
        clerk,
        page,
    })
}

pub async fn slip(Held(portal): Held<Portal>, page: Page, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let d = to_print(&page, &mut read.0, &code).await?;
    let view = make_slip(&portal, page, &c, &mut read.0, &d).await?;
    view.page.show(&view)
}

/// The dossier of a paper to print: signed in first; staff who open it are a row for its owner.
async fn to_print(page: &Page, conn: &mut PgConnection, code: &str) -> Result<Dossier> {
    if page.visitor_name().is_none() {
        return Err(Error::SignIn { next: page.here.clone(), staff: false });
    }
    let d = visible(conn, code, &page.presence.visitor).await?;
    if let Visitor::Staff(s) = &page.presence.visitor {
        store::insert_opening(conn, d.id, None, s.id, &s.unit, page.now).await?;
    }
    Ok(d)
}

/// Mẫu 02 and Mẫu 03: what is to be supplemented, or why it is refused.
#[derive(Template)]
#[template(path = "dossier/letter.html")]
struct Letter {
    page: Page,
    superior: String,
    unit: String,
    address: String,
    code: String,
    filer: String,
    phone: String,
    title: String,
    /// Items of the supplement; none on a refusal.
    items: Vec<(String, String)>,
    due: String,
    reason: String,
    clerk: String,
    day: String,
    place: String,
}

impl Letter {
    async fn of(page: Page, c: &Catalogue, conn: &mut PgConnection, d: &Dossier, action: Action) -> Result<Self> {
        let (p, _) = versions(conn, d).await?;
        let event = store::events_of(conn, d.id).await?.into_iter().rfind(|e| e.action == action.as_str()).ok_or(Error::NotFound)?;
        let (superior, unit) = head(c, &d.reception_unit);
        Ok(Self {
            superior,
            unit,
            address: c.unit(&d.reception_unit).map(|u| u.address.clone()).unwrap_or_default(),
            code: d.code.to_string(),
            filer: d.filer_name.clone(),
            phone: d.filer_phone.clone(),
            title: p.name.clone(),
            items: Vec::new(),
            due: String::new(),
            reason: event.note,
            clerk: event.actor_name,
            day: time::local(event.at).format("ngày %d tháng %m năm %Y").to_string(),
            place: c.places.province.name.clone(),
            page,
        })
    }
}

/// Mẫu 02, of the last letter.
pub async fn letter(page: Page, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let conn = &mut *read.0;
    let d = to_print(&page, conn, &code).await?;
    // the newest stands first
    let last = store::supplements_of(conn, d.id).await?.into_iter().next().ok_or(Error::NotFound)?;
    let (p, form) = versions(conn, &d).await?;
    let action = if last.stage == Stage::Processing { Action::ApproveSupplement } else { Action::RequestSupplement };
    let mut view = Letter::of(page, &c, conn, &d, action).await?;
    view.items = last.items.0.iter().map(|i| (super::follow::item_words(&p, form.as_deref(), &i.item).vi, i.words.clone())).collect();
    view.due = time::dmy(last.due_at);
    view.page.show(&view)
}

/// Mẫu 03: refused at the desk, or not supplemented in time.
pub async fn refusal(page: Page, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let conn = &mut *read.0;
    let d = to_print(&page, conn, &code).await?;
    let late = store::events_of(conn, d.id).await?.iter().any(|e| e.action == Action::ExpireSupplement.as_str());
    let view = Letter::of(page, &c, conn, &d, if late { Action::ExpireSupplement } else { Action::Refuse }).await?;
    view.page.show(&view)
}

/// Mẫu 05 of the set of 2025: stopped by the office, or withdrawn with its agreement.
#[derive(Template)]
#[template(path = "dossier/stop.html")]
struct Stop {
    page: Page,
    superior: String,
    unit: String,
    code: String,
    filer: String,
    title: String,
    /// When it was received: the stage it had come to.
    received: String,
    withdrawn: bool,
    reason: String,
    fees: Vec<(String, String)>,
    leader: String,
    day: String,
    place: String,
}

pub async fn stop(page: Page, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let conn = &mut *read.0;
    let d = to_print(&page, conn, &code).await?;
    if !matches!(d.state, State::Stopped | State::Withdrawn) {
        return Err(Error::NotFound);
    }
    let (p, _) = versions(conn, &d).await?;
    let events = store::events_of(conn, d.id).await?;
    let last = events.iter().rfind(|e| e.to_state == d.state).ok_or(Error::NotFound)?;
    let asked = events.iter().rfind(|e| e.action == Action::RequestWithdrawal.as_str());
    let refunds: Vec<String> = payment::refunds_of_subject(conn, d.id.0).await?.iter().map(|r| r.amount.to_string()).collect();
    let mut fees: Vec<(String, String)> =
        payment::obligations_of_subject(conn, d.id.0).await?.iter().map(|o| (o.fee_name.clone(), format!("{} ({})", o.amount, payment::text::obligation_state(o.state).vi))).collect();
    fees.extend(refunds.into_iter().map(|sum| (t::REFUND_ASKED.vi.to_owned(), sum)));
    let (superior, unit) = head(&c, &d.competent_unit);
    let withdrawn = d.state == State::Withdrawn;
    let view = Stop {
        superior,
        unit,
        code: d.code.to_string(),
        filer: d.filer_name.clone(),
        title: p.name.clone(),
        received: d.accepted_at.map_or_else(String::new, long),
        withdrawn,
        reason: if withdrawn { asked.map(|e| e.note.clone()).unwrap_or_default() } else { last.note.clone() },
        fees,
        leader: last.actor_name.clone(),
        day: time::local(last.at).format("ngày %d tháng %m năm %Y").to_string(),
        place: c.places.province.name.clone(),
        page,
    };
    view.page.show(&view)
}

struct Handover {
    unit: Words,
    who: String,
    what: Words,
    at: String,
    note: String,
}

#[derive(Template)]
#[template(path = "dossier/control.html")]
struct Control {
    page: Page,
    code: String,
    title: Words,
    competent: Words,
    owner: String,
    rows: Vec<Handover>,
    outcome: Option<Words>,
}

/// Generated wholly from events.
pub async fn control(page: Page, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let conn = &mut *read.0;
    let d = to_print(&page, conn, &code).await?;
    let (p, _) = versions(conn, &d).await?;
    let for_owner = page.is_citizen();
    let rows = store::events_of(conn, d.id)
        .await?
        .into_iter()
        .filter_map(|e| {
            let action: Action = e.action.parse().ok()?;
            // what the office says to itself before a decision is not the owner's to read
            let inner = for_owner && action.is_inner();
            let note = if inner { String::new() } else { e.note };
            Some(Handover { unit: e.actor_unit.as_deref().map(|u| c.unit_words(u)).unwrap_or_default(), who: e.actor_name, what: t::event(action).into(), at: long(e.at), note })
        })
        .collect();
    let outcome = match (d.resolved_at, d.due_at) {
        (Some(end), Some(due)) if end > due => Some(crate::words!("Quá hạn", "Late")),
        (Some(end), Some(due)) if time::day(end) < time::day(due) => Some(crate::words!("Trước hạn", "Early")),
        (Some(_), Some(_)) => Some(crate::words!("Đúng hạn", "On time")),
        _ => None,
    };
    let view = Control { code: d.code.to_string(), title: p.words(), competent: c.unit_words(&d.competent_unit), owner: d.owner_name, rows, outcome, page };
    view.page.show(&view)
}
