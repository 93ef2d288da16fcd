//! The queue: late first, the moment by which to act, tabs with counts, pages that never skip a row.

use crate::base::code::DossierCode;
use crate::base::id::DossierId;
use crate::base::lang::{Text, Words};
use crate::base::{fold, phone, time, typed};
use crate::catalogue::{Catalogue, Offered};
use crate::desk::store::{self, Ask, Row};
use crate::desk::text as t;
use crate::dossier::state::State;
use crate::dossier::{acts, lock, text as dt};
use crate::platform::Portal;
use crate::platform::together::Together;
use crate::web::extract::{Query, Read};
use crate::web::form::Posted;
use crate::web::session::{Role, Staff};
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::Extension;
use axum::extract::State as Held;
use axum::response::Response;
use std::sync::Arc;

/// Tabs and the states behind them, in the order of the page.
const TABS: [(&str, &[&str]); 7] = [
    ("qua-han", &["submitted", "accepted", "processing", "awaiting_opinion", "supplement_requested", "payment_requested", "withdrawal_requested", "awaiting_signature"]),
    ("cho-tiep-nhan", &["submitted"]),
    ("cho-bo-sung", &["intake_supplement"]),
    ("dang-giai-quyet", &["accepted", "processing", "awaiting_opinion", "supplement_requested", "payment_requested", "withdrawal_requested"]),
    ("cho-ky", &["awaiting_signature"]),
    ("cho-tra", &["result_ready"]),
    ("da-xong", &["refused", "cancelled", "withdrawn", "stopped", "returned", "archived"]),
];

struct Tab {
    words: Text,
    link: Link,
    count: String,
    current: bool,
    late: bool,
}

struct Line {
    code_front: String,
    code_last: String,
    link: Link,
    code: String,
    title: Words,
    owner: String,
    filed: String,
    when: Words,
    left: Words,
    class: &'static str,
    state: Text,
    holder: Option<String>,
    /// Opened by a link: it is held by this clerk already, or there is nothing to take.
    to_open: bool,
    unpaid: bool,
}

#[derive(Template)]
#[template(path = "desk/queue.html")]
struct Queue {
    page: Page,
    title: Text,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    next: Option<Link>,
    count: String,
    /// The tab chosen, for the filter's form.
    tab: String,
    procedures: Vec<(String, Words, bool)>,
    agencies: Vec<(String, Words, bool)>,
    filtered: bool,
    typed: String,
    unit: Words,
    room: Option<Words>,
}

impl Queue {
    /// Tabs and scope, the same above a list and above what was found.
    fn of(page: Page, c: &Catalogue, staff: &Staff, tabs: Vec<Tab>) -> Self {
        let room = room(staff).map(|o| c.unit_words(o));
        Self {
            title: t::DESK,
            tabs,
            lines: Vec::new(),
            next: None,
            count: String::new(),
            tab: String::new(),
            procedures: Vec::new(),
            agencies: Vec::new(),
            filtered: false,
            typed: String::new(),
            unit: c.unit_words(&staff.unit),
            room,
            page,
        }
    }
}

/// How many stand in each state, and how many of them are late.
type Counts = Vec<(State, i64, i64)>;

async fn counts(conn: &mut sqlx::PgConnection, unit: &str, room: Option<&str>, now: time::Moment) -> sqlx::Result<Counts> {
    let all: Vec<&str> = State::ALL.iter().map(|s| s.as_str()).collect();
    store::counts(conn, unit, room, &all, now).await
}

fn tabs(counts: &Counts, chosen: &str) -> Vec<Tab> {
    let tab = |(id, states): &(&'static str, &[&str])| {
        let late = *id == "qua-han";
        let count = counts.iter().filter(|k| states.contains(&k.0.as_str())).map(|k| if late { k.2 } else { k.1 }).sum();
        Tab { words: t::tab(id), link: urls::page(urls::DESK).with("muc", id), count: up_to(count), current: *id == chosen, late: late && count > 0 }
    };
    TABS.iter().map(tab).collect()
}

/// A page of the queue as the database has it: the same for everybody of a unit or room who asks at once.
struct Sheet {
    counts: Counts,
    kinds: Vec<store::Kind>,
    rows: Vec<Row>,
}

/// Sheets that several ask for at this moment.
#[derive(Clone, Default)]
pub struct Sheets(Arc<Together<Ask, Arc<Sheet>>>);

impl Sheets {
    async fn of(&self, portal: &Portal, ask: &Ask, now: time::Moment) -> sqlx::Result<Arc<Sheet>> {
        let make = async {
            let mut conn = portal.db.read().await?;
            let counts = counts(&mut conn, &ask.unit, ask.office.as_deref(), now).await?;
            let kinds = store::kinds(&mut conn, ask, now).await?;
            Ok(Arc::new(Sheet { counts, kinds, rows: store::queue(&mut conn, ask, now).await? }))
        };
        self.0.ask(ask, make).await
    }
}

/// The next dossier of this clerk's own tab: what to open when one is done.
pub async fn next(conn: &mut sqlx::PgConnection, staff: &Staff, but: DossierId, now: time::Moment) -> Result<Option<DossierCode>> {
    let states = states_of(first_tab(staff));
    let ask = Ask { unit: staff.unit.clone(), office: room(staff).map(str::to_owned), states, late: false, procedure: None, agency: None, after: None };
    let rows = store::queue(conn, &ask, now).await?;
    let free = |r: &Row| r.id != but && !(r.taken_by.is_some_and(|by| by != staff.id) && r.taken_until.is_some_and(|u| u > now));
    Ok(rows.into_iter().find(free).map(|r| r.code))
}

/// A count as shown: beyond the bound only that there are more.
fn up_to(n: i64) -> String {
    if n > store::MOST { format!("{}+", crate::base::money::group(store::MOST)) } else { n.to_string() }
}

fn states_of(tab: &str) -> &'static [&'static str] {
    TABS.iter().find(|x| x.0 == tab).map_or(&[][..], |x| x.1)
}

fn line(c: &Catalogue, page: &Page, staff: &Staff, r: &Row) -> Line {
    let (front, last) = r.code.parts();
    let (when, left, class) = t::moment(r.act_by, page.now);
    let held = r.taken_until.is_some_and(|u| u > page.now) && r.taken_by.is_some();
    let mine = held && r.taken_by == Some(staff.id);
    Line {
        code_front: front.to_owned(),
        code_last: last.to_owned(),
        link: urls::desk(&r.code),
        title: c.find(&r.procedure_code).map_or_else(|| Words::same(&r.procedure_code), |o| o.procedure.short()),
        owner: r.owner_name.clone(),
        filed: time::local(r.submitted_at).format("%d/%m %H:%M").to_string(),
        when,
        left,
        class,
        state: dt::state_to_others(r.state),
        holder: r.taken_name.clone().filter(|_| held && !mine),
        to_open: mine || r.state.is_ended() || r.state == State::IntakeSupplement,
        unpaid: r.unpaid,
        code: r.code.to_string(),
    }
}

/// The tab a role begins with: what it can do next.
fn first_tab(staff: &Staff) -> &'static str {
    if staff.is(Role::DeskClerk) {
        "cho-tiep-nhan"
    } else if staff.is(Role::Officer) || staff.is(Role::SectionHead) {
        "dang-giai-quyet"
    } else {
        "cho-ky"
    }
}

/// A room's staff see the room's work; desk, leader and records see the unit's.
fn room(staff: &Staff) -> Option<&str> {
    let whole = [Role::DeskClerk, Role::Leader, Role::RecordsClerk].iter().any(|r| staff.is(*r));
    staff.office.as_deref().filter(|_| !whole)
}

pub async fn list(Held(portal): Held<Portal>, Extension(sheets): Extension<Sheets>, page: Page, staff: Staff, Offered(c): Offered, query: Query) -> Result<Response> {
    if staff.is(Role::SystemAdmin) {
        return Ok(page.go(&urls::page(urls::STAFF_ACCOUNTS)));
    }
    if staff.roles == [Role::Cashier] {
        return Ok(page.go(&urls::page(urls::CASHIER)));
    }
    let chosen = query.get("muc").filter(|m| TABS.iter().any(|t| t.0 == *m)).unwrap_or_else(|| first_tab(&staff)).to_owned();
    let (procedure, agency) = (query.get("thu-tuc"), query.get("co-quan"));
    let owned = |x: Option<&str>| x.map(str::to_owned);
    let after = query.get("sau").and_then(|a| {
        let (at, id) = a.split_once('_')?;
        let at = if at == "-" { None } else { Some(chrono::DateTime::from_timestamp_micros(at.parse().ok()?).filter(|t| (2000..3000).contains(&chrono::Datelike::year(t)))?) };
        Some((at, id.parse::<DossierId>().ok()?))
    });
    let (office, late) = (owned(room(&staff)), chosen == "qua-han");
    let ask = Ask { unit: staff.unit.clone(), office, states: states_of(&chosen), late, procedure: owned(procedure), agency: owned(agency), after };
    let sheet = sheets.of(&portal, &ask, page.now).await?;
    let Sheet { counts, kinds, rows } = &*sheet;
    let tabs = tabs(counts, &chosen);
    let (more, rows) = (rows.len() > 25, &rows[..rows.len().min(25)]);
    let mut base = urls::page(urls::DESK).with("muc", &chosen);
    for (name, value) in [("thu-tuc", procedure), ("co-quan", agency)] {
        base = value.map_or(base.clone(), |v| base.with(name, v));
    }
    let next = rows.last().filter(|_| more).map(|r| base.with("sau", &format!("{}_{}", r.act_by.map_or_else(|| "-".to_owned(), |a| a.timestamp_micros().to_string()), r.id)));
    let chosen_of = |by: fn(&store::Kind) -> &str, words: &dyn Fn(&str) -> Words, now: Option<&str>| {
        let mut all: Vec<(String, Words, bool)> = Vec::new();
        for k in kinds {
            let id = by(k);
            if !all.iter().any(|a| a.0 == id) {
                all.push((id.to_owned(), words(id), now == Some(id)));
            }
        }
        all.sort_by_cached_key(|a| fold::search(&a.1.vi));
        all
    };
    let mut view = Queue::of(page, &c, &staff, tabs);
    view.procedures = chosen_of(|k| &k.procedure_code, &|code| c.find(code).map_or_else(|| Words::same(code), |o| o.procedure.short()), procedure);
    view.agencies = chosen_of(|k| &k.competent_unit, &|unit| c.unit_words(unit), agency);
    view.filtered = procedure.is_some() || agency.is_some();
    let count = kinds.iter().filter(|k| procedure.is_none_or(|p| p == k.procedure_code) && agency.is_none_or(|a| a == k.competent_unit)).map(|k| k.count).sum();
    view.count = up_to(count);
    view.lines = rows.iter().map(|r| line(&c, &view.page, &staff, r)).collect();
    view.next = next;
    view.tab = chosen;
    view.page.show(&view)
}

/// A search is a post: names and numbers never stand in an address.
pub async fn search(page: Page, staff: Staff, Offered(c): Offered, mut read: Read, posted: Posted) -> Result<Response> {
    let typed_text = posted.text("tim").trim();
    let compact = typed::digits(typed_text);
    let compact = compact.strip_prefix('+').map_or(compact.clone(), str::to_owned);
    let number = if compact.len() >= 9 && compact.bytes().all(|b| b.is_ascii_digit()) { phone_or_number(&compact) } else { String::new() };
    let code: String = typed_text.to_uppercase().chars().filter(|x| x.is_ascii_alphanumeric() || "-.".contains(*x)).collect();
    // digits with dashes may be either: both are asked
    let code = if code.bytes().any(|b| b.is_ascii_digit()) && (number.is_empty() || code.contains('-')) { code } else { String::new() };
    let name = if number.is_empty() && code.is_empty() { fold::search(typed_text) } else { String::new() };
    let mut rows = Vec::new();
    if !number.is_empty() {
        rows = store::search_number(&mut read.0, &staff.unit, room(&staff), &number).await?;
    }
    if rows.is_empty() && !(code.is_empty() && name.is_empty()) {
        rows = store::search_words(&mut read.0, &staff.unit, room(&staff), &code, &name).await?;
    }
    let tabs = tabs(&counts(&mut read.0, &staff.unit, room(&staff), page.now).await?, "");
    let mut view = Queue::of(page, &c, &staff, tabs);
    view.title = t::FOUND;
    view.count = rows.len().to_string();
    view.lines = rows.iter().map(|r| line(&c, &view.page, &staff, r)).collect();
    typed_text.clone_into(&mut view.typed);
    view.page.show(&view)
}

fn phone_or_number(digits: &str) -> String {
    if digits.len() == 12 { digits.to_owned() } else { phone::national(digits) }
}

/// *Nhận việc*: a lease shown to others; not a reception.
pub async fn take(Held(portal): Held<Portal>, page: Page, staff: Staff, posted: Posted) -> Result<Response> {
    let code = DossierCode::parse(posted.text("ma")).ok_or(Error::NotFound)?;
    let mut tx = portal.db.begin().await?;
    let d = lock(&mut tx, &code, &page.presence.visitor).await?;
    if !acts::take(&mut tx, &d, &staff, portal.clock.now()).await? {
        return Err(Error::Refused { words: crate::words!("Người khác đang giữ hồ sơ này.", "Somebody else holds this dossier."), back: Some(urls::page(urls::DESK)), kept: Vec::new() });
    }
    tx.commit().await?;
    Ok(page.go(&urls::desk(&code)))
}
