//! Search with filters: shareable addresses, counts beside each choice, never an empty page without a next step.

use crate::base::lang::Words;
use crate::catalogue::model::{Level, Online};
use crate::catalogue::text as t;
use crate::catalogue::{Catalogue, Offered, OfferedProcedure};
use crate::web::extract::Query;
use crate::web::limits::Search;
use crate::web::urls::{self, Link};
use crate::web::{Page, Result};
use askama::Template;
use axum::Json;
use axum::response::Response;
use std::collections::HashMap;
use std::sync::Arc;

const SIZE: usize = 20;
/// Names of the filters in the address.
const FILTERS: [&str; 5] = ["linh-vuc", "co-quan", "cap", "muc", "nhom"];

pub struct Row {
    pub link: Link,
    pub name: Words,
    pub code: String,
    pub online: crate::base::lang::Text,
    pub online_class: &'static str,
    pub agency: Words,
    pub limit: Words,
}

pub fn row(c: &Catalogue, p: &OfferedProcedure) -> Row {
    let p = &p.procedure;
    let limit = p.limit(crate::catalogue::model::Channel::Online, None).or_else(|| p.methods.first().map(|m| &m.limit));
    Row {
        link: urls::procedure(&p.code),
        name: p.words(),
        code: p.code.clone(),
        online: t::online(p.online),
        online_class: online_class(p.online),
        agency: c.unit_words(&p.agency),
        limit: limit.map(crate::catalogue::model::LimitRow::words).unwrap_or_default(),
    }
}

pub const fn online_class(o: Online) -> &'static str {
    match o {
        Online::Full => "tag tag--full",
        Online::Partial => "tag tag--part",
        Online::None => "tag",
    }
}

struct Choice {
    value: String,
    words: Words,
    count: usize,
    chosen: bool,
}

struct Filter {
    name: &'static str,
    label: crate::base::lang::Text,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "catalogue/list.html")]
struct List {
    page: Page,
    query: String,
    count: usize,
    rows: Vec<Row>,
    filters: Vec<Filter>,
    filtered: bool,
    clear: Link,
    previous: Option<Link>,
    next: Option<Link>,
    events: Vec<(Link, Words)>,
}

/// The value of a filter for a procedure.
fn values<'a>(filter: &str, p: &'a OfferedProcedure) -> Vec<&'a str> {
    let p = &p.procedure;
    match filter {
        "linh-vuc" => vec![&p.field],
        "co-quan" => vec![&p.agency],
        "cap" => vec![p.level.as_str()],
        "muc" => vec![p.online.as_str()],
        _ => p.event_groups.iter().map(String::as_str).collect(),
    }
}

fn words(c: &Catalogue, filter: &str, value: &str) -> Words {
    match filter {
        "linh-vuc" => c.field_words(value),
        "co-quan" => c.unit_words(value),
        "cap" => value.parse::<Level>().map_or_else(|()| Words::same(value), |l| t::level(l).into()),
        "muc" => value.parse::<Online>().map_or_else(|()| Words::same(value), |o| t::online(o).into()),
        _ => c.fields.event_groups.iter().find(|e| e.slug == value).map_or_else(|| Words::same(value), super::super::model::EventGroup::words),
    }
}

pub async fn list(page: Page, _: Search, Offered(c): Offered, query: Query) -> Result<Response> {
    let q = query.get("q").unwrap_or("").chars().take(200).collect::<String>();
    let found: Vec<&Arc<OfferedProcedure>> = if q.trim().is_empty() {
        let mut all: Vec<_> = c.procedures.iter().collect();
        all.sort_by_key(|p| !p.procedure.popular);
        all
    } else {
        c.search(&q)
    };
    let chosen: HashMap<&str, &str> = FILTERS.iter().filter_map(|f| query.get(f).map(|v| (*f, v))).collect();
    let fits = |p: &OfferedProcedure, but: Option<&str>| chosen.iter().filter(|(f, _)| Some(**f) != but).all(|(f, v)| values(f, p).contains(v));
    let filters = FILTERS
        .iter()
        .map(|f| {
            let mut counts: HashMap<&str, usize> = HashMap::new();
            for p in found.iter().filter(|p| fits(p, Some(f))) {
                for v in values(f, p) {
                    *counts.entry(v).or_default() += 1;
                }
            }
            let mut choices: Vec<Choice> = counts.into_iter().map(|(v, count)| Choice { value: v.to_owned(), words: words(&c, f, v), count, chosen: chosen.get(f) == Some(&v) }).collect();
            choices.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            let label = match *f {
                "linh-vuc" => t::FIELD,
                "co-quan" => t::AGENCY,
                "cap" => t::LEVEL,
                "muc" => t::ONLINE,
                _ => t::EVENT,
            };
            Filter { name: f, label, choices }
        })
        .collect();
    let shown: Vec<_> = found.iter().filter(|p| fits(p, None)).collect();
    let number: usize = query.get("trang").and_then(|n| n.parse().ok()).unwrap_or(1).clamp(1, 10_000);
    let base = urls::page(urls::PROCEDURES).with("q", &q);
    let base = chosen.iter().fold(base, |l, (f, v)| l.with(f, v));
    let events = c.fields.event_groups.iter().map(|e| (urls::page(urls::PROCEDURES).with("nhom", &e.slug), e.words())).collect();
    let view = List {
        count: shown.len(),
        rows: shown.iter().skip((number - 1) * SIZE).take(SIZE).map(|p| row(&c, p)).collect(),
        filters,
        filtered: !chosen.is_empty(),
        clear: urls::page(urls::PROCEDURES).with("q", &q),
        previous: (number > 1).then(|| base.with("trang", &(number - 1).to_string())),
        next: (number * SIZE < shown.len()).then(|| base.with("trang", &(number + 1).to_string())),
        events,
        query: q,
        page,
    };
    view.page.show(&view)
}

/// Names while typing, for script: the first eight.
pub async fn suggest(page: Page, _: Search, Offered(c): Offered, query: Query) -> Json<Vec<serde_json::Value>> {
    let q = query.get("q").unwrap_or("").chars().take(200).collect::<String>();
    let found = c.search(&q);
    Json(found.iter().take(8).map(|p| serde_json::json!({ "name": p.procedure.words().get(page.lang), "url": urls::procedure(&p.procedure.code).in_lang(page.lang) })).collect())
}
