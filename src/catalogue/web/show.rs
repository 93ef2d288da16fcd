//! A procedure: what you get, who may file, what it costs, when it is ready, where to go; and why a date is that date.

use super::list::{Row, online_class, row};
use crate::base::calendar::{Due, Limit};
use crate::base::lang::{Text, Words};
use crate::base::time;
use crate::catalogue::model::{APPLICATION_FORM, Channel, Procedure};
use crate::catalogue::text as t;
use crate::catalogue::{Catalogue, Offered, OfferedProcedure};
use crate::web::extract::{Path, Query};
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::response::Response;

struct FeeRow {
    name: Words,
    amount: Words,
    note: Vec<Words>,
}

struct Way {
    title: Text,
    limit: Words,
    due: Option<String>,
    fees: Vec<FeeRow>,
    lines: Vec<Words>,
}

struct Paper {
    name: Words,
    state_has: Option<Words>,
    lines: Vec<Words>,
}

#[derive(Template)]
#[template(path = "catalogue/show.html")]
struct Show {
    page: Page,
    code: String,
    name: Words,
    official: Words,
    field: Words,
    field_link: Link,
    online: Text,
    online_class: &'static str,
    online_sentence: Text,
    subjects: Vec<Text>,
    agency: Words,
    boundary_free: bool,
    cost: Vec<FeeRow>,
    due: Option<String>,
    provisional: bool,
    why: Link,
    ways: Vec<Way>,
    papers: Vec<Paper>,
    steps: Vec<(Words, Words)>,
    basis: Vec<String>,
    conditions: Vec<Words>,
    result: Words,
    exemptions: Vec<(Words, Words)>,
    related: Vec<Row>,
    files_online: bool,
    file: Link,
}

fn fee_rows(p: &Procedure, channel: Channel) -> Vec<FeeRow> {
    p.fees
        .iter()
        .map(|f| {
            let amount: Words =
                if f.assessed { t::ASSESSED.into() } else { f.price(p, channel).map_or_else(|| t::BY_FORMULA.into(), |v| if v.is_zero() { t::FREE.into() } else { Words::same(v.to_string()) }) };
            let mut note: Vec<Words> = f.formula_words().into_iter().chain(f.condition_words()).collect();
            if channel == Channel::Online
                && let (Some(online), Some(counter)) = (f.price(p, Channel::Online), f.price(p, Channel::Counter))
                && let Some(less) = counter.checked_sub(online).filter(|l| !l.is_zero())
            {
                let less = less.grouped();
                note.push(crate::words!("rẻ hơn tại quầy {less} đồng", "{less} đồng less than at the counter"));
            }
            FeeRow { name: f.words(), amount, note }
        })
        .collect()
}

fn due_today(c: &Catalogue, page: &Page, p: &Procedure, channel: Channel) -> Option<Due> {
    let limit = p.limit(channel, None)?.limit();
    c.due(&c.places.centre.id, time::local(page.now), limit, &[]).ok().filter(|d| d.at.is_some())
}

fn date_words(due: &Due) -> Option<String> {
    due.at.map(|at| format!("{}", at.format("%d/%m/%Y, %H:%M")))
}

fn ways(c: &Catalogue, page: &Page, p: &Procedure) -> Vec<Way> {
    [Channel::Online, Channel::Counter, Channel::Post]
        .into_iter()
        .filter_map(|ch| {
            let limit = p.limit(ch, None)?;
            let lines = match ch {
                Channel::Online => vec![crate::words!("Cơ quan phản hồi trong 8 giờ làm việc.", "The office answers within 8 working hours.")],
                Channel::Counter => {
                    let centre = &c.places.centre;
                    match p.level {
                        crate::catalogue::model::Level::Province => vec![centre.words(), Words::same(&centre.address)],
                        crate::catalogue::model::Level::District => vec![crate::words!("Bộ phận Một cửa của huyện, thị xã, thành phố", "The one-stop desk of the district")],
                        crate::catalogue::model::Level::Commune => vec![crate::words!("Bộ phận Một cửa của xã, phường, thị trấn", "The one-stop desk of the commune")],
                    }
                    .into_iter()
                    .chain([Words::same("07:30–11:30, 13:30–17:00")])
                    .collect()
                }
                Channel::Post => vec![crate::words!("Gửi ở bưu điện bất kỳ. Ngày bưu tá giao là ngày nộp.", "From any post office. The day of delivery is the day of filing.")],
            };
            Some(Way { title: t::channel(ch), limit: limit.words(), due: due_today(c, page, p, ch).as_ref().and_then(date_words), fees: fee_rows(p, ch), lines })
        })
        .collect()
}

fn papers(c: &Catalogue, o: &OfferedProcedure) -> Vec<Paper> {
    let p = &o.procedure;
    p.components
        .iter()
        .map(|x| {
            let mut lines = Vec::new();
            if x.id == APPLICATION_FORM && o.form.is_some() {
                lines.push(t::FORM_HERE.into());
            } else {
                lines.push(t::copies(x.originals, x.copies));
            }
            if !x.required {
                lines.push(t::IF_ANY.into());
            }
            let cases: Vec<Words> = x.cases.iter().filter_map(|id| p.case(Some(id))).map(crate::catalogue::model::Case::words).collect();
            if !cases.is_empty() {
                let join = |of: &dyn Fn(&Words) -> String| cases.iter().map(of).collect::<Vec<_>>().join("; ");
                lines.push(Words::new(format!("Chỉ khi: {}.", join(&|w| w.vi.clone())), format!("Only when: {}.", join(&|w| w.en.clone()))));
            }
            Paper { name: x.words(), state_has: x.state_already_has.as_deref().map(|d| c.database_words(d)), lines }
        })
        .collect()
}

pub async fn show(page: Page, Offered(c): Offered, Path(code): Path<String>) -> Result<Response> {
    let base = code.split_once(".H").map_or(code.as_str(), |(b, _)| b);
    let base = base.strip_suffix(".000.00.00").unwrap_or(base);
    let o = c.find(base).ok_or(Error::NotFound)?;
    if base != code {
        return Ok(page.go(&urls::procedure(base)));
    }
    let p = &o.procedure;
    let best = if p.files_online() { Channel::Online } else { Channel::Counter };
    let due = due_today(&c, &page, p, best);
    let mut related: Vec<_> = c.procedures.iter().filter(|x| x.procedure.code != p.code && x.procedure.event_groups.iter().any(|g| p.event_groups.contains(g))).collect();
    related.sort_by_key(|x| (x.procedure.field != p.field, !x.procedure.popular));
    let exempt = |id: &String| p.fees.iter().any(|f| f.exempt.contains(id));
    let view = Show {
        code: p.code.clone(),
        name: p.short(),
        official: p.words(),
        field: c.field_words(&p.field),
        field_link: urls::page(urls::PROCEDURES).with("linh-vuc", &p.field),
        online: t::online(p.online),
        online_class: online_class(p.online),
        online_sentence: t::online_sentence(p.online),
        subjects: p.subjects.iter().map(|s| t::subject(s)).collect(),
        agency: c.unit_words(&p.agency),
        boundary_free: p.boundary_free,
        cost: fee_rows(p, best),
        provisional: due.as_ref().is_some_and(|d| d.provisional),
        due: due.as_ref().and_then(date_words),
        why: urls::of_procedure(urls::WHY_TODAY, &p.code).with("cach", best.as_str()),
        ways: ways(&c, &page, p),
        papers: papers(&c, o),
        steps: p.steps.iter().map(|s| (c.unit_words(&s.role), s.words())).collect(),
        basis: p.legal_basis.clone(),
        conditions: p.conditions.iter().map(crate::catalogue::model::Condition::words).collect(),
        result: p.result.words(),
        exemptions: c.exemptions.iter().filter(|e| exempt(&e.id)).map(|e| (e.words(), t::off(e.percent))).collect(),
        related: related.into_iter().take(5).map(|x| row(&c, x)).collect(),
        files_online: p.files_online(),
        file: urls::of_procedure(urls::FILE, &p.code),
        page,
    };
    view.page.show(&view)
}

/// One row a day of the arithmetic; used wherever a date is shown.
pub struct DayRow {
    pub day: String,
    pub weekday: Text,
    pub words: Words,
    pub class: &'static str,
}

pub fn day_rows(due: &Due) -> Vec<DayRow> {
    use crate::base::calendar::StepKind;
    due.steps
        .iter()
        .map(|s| DayRow {
            day: time::Day(s.day).to_string(),
            weekday: t::weekday(s.day),
            words: t::step(s.kind),
            class: match s.kind {
                StepKind::Counted(_) => "",
                StepKind::Received => "quiet",
                StepKind::Paused => "wait",
                StepKind::Weekend | StepKind::Holiday | StepKind::Rolled => "off",
            },
        })
        .collect()
}

#[derive(Template)]
#[template(path = "catalogue/why.html")]
struct Why {
    page: Page,
    title: Words,
    back: Link,
    sentence: Vec<Words>,
    provisional: bool,
    days: Vec<DayRow>,
}

pub async fn why(page: Page, Offered(c): Offered, Path(code): Path<String>, query: Query) -> Result<Response> {
    let o = c.find(&code).ok_or(Error::NotFound)?;
    let p = &o.procedure;
    let channel = query.get("cach").and_then(|q| q.parse().ok()).unwrap_or(Channel::Online);
    let row = p.limit(channel, query.get("truong-hop")).ok_or(Error::NotFound)?;
    let now = time::local(page.now);
    let due = c.due(&c.places.centre.id, now, row.limit(), &[]).map_err(anyhow::Error::new)?;
    let view = Why { title: p.short(), back: urls::procedure(&p.code), sentence: sentences(&due, row.limit(), &row.words(), true), provisional: due.provisional, days: day_rows(&due), page };
    view.page.show(&view)
}

/// The arithmetic in sentences.
pub fn sentences(due: &Due, limit: Limit, limit_words: &Words, today: bool) -> Vec<Words> {
    let from = due.effective.format("%H:%M, %d/%m/%Y").to_string();
    let (vi, en) = (&limit_words.vi, &limit_words.en);
    let mut out = vec![crate::words!("Thời hạn theo quy định: {vi}.", "The legal limit: {en}.")];
    out.push(if today {
        crate::words!("Nếu được tiếp nhận bây giờ, thời hạn tính từ {from}.", "If received now, it counts from {from}.")
    } else {
        crate::words!("Thời hạn tính từ {from}.", "It counts from {from}.")
    });
    match (limit, due.at) {
        (Limit::None, _) | (_, None) => out.push(t::NO_LIMIT.into()),
        (_, Some(at)) => {
            let at = at.format("%H:%M, %d/%m/%Y").to_string();
            out.push(crate::words!("Ngày trả chậm nhất: {at}.", "Due at the latest: {at}."));
        }
    }
    out
}
