//! Home: search first; and the public figures.

use crate::base::lang::{Text, Words};
use crate::base::time;
use crate::catalogue::{self, Offered, Row};
use crate::dossier::text as dt;
use crate::report::{fold, text as t};
use crate::web::extract::{Query, Read};
use crate::web::urls::{self, Link};
use crate::web::{Page, Result};
use askama::Template;
use axum::response::Response;

struct EventGroup {
    link: Link,
    name: Words,
    examples: Words,
}

#[derive(Template)]
#[template(path = "report/home.html")]
struct Home {
    page: Page,
    signed_out: bool,
    often: Vec<(Link, Words)>,
    citizens: Vec<EventGroup>,
    businesses: Vec<EventGroup>,
    popular: Vec<Row>,
    procedures: usize,
    online: usize,
    on_time: String,
    on_time_of: (i64, i64),
    late: i64,
    online_share: String,
    online_of: (i64, i64),
    as_of: String,
}

/// A share with one decimal, rounded once from the exact fraction; "—" where there is nothing to divide by.
pub fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (i128::from(part) * 2000 + i128::from(whole)) / (2 * i128::from(whole));
    format!("{},{}%", tenths / 10, tenths % 10)
}

pub async fn home(page: Page, Offered(c): Offered, query: Query, mut read: Read) -> Result<Response> {
    let folded = fold::current(&mut read.0, page.now).await?;
    let f = &folded.month;
    let groups = |audience: &str| {
        c.fields
            .event_groups
            .iter()
            .filter(|e| e.audience == audience)
            .map(|e| {
                let mut inside: Vec<_> = c.procedures.iter().filter(|p| p.procedure.event_groups.contains(&e.slug)).collect();
                inside.sort_by_key(|p| (!p.procedure.popular, p.form.is_none()));
                let inside: Vec<Words> = inside.iter().take(3).map(|p| p.procedure.short()).collect();
                let join = |vi: bool| inside.iter().map(|w| if vi { w.vi.as_str() } else { w.en.as_str() }).collect::<Vec<_>>().join(", ");
                EventGroup { link: urls::page(urls::PROCEDURES).with("nhom", &e.slug), name: e.words(), examples: Words::new(join(true), join(false)) }
            })
            .collect()
    };
    let mut popular: Vec<_> = c.procedures.iter().filter(|p| p.procedure.popular).collect();
    popular.sort_by_key(|p| p.form.is_none());
    let view = Home {
        signed_out: query.get("da-thoat").is_some() && !page.is_citizen() && !page.is_staff(),
        often: popular.iter().take(5).map(|p| (urls::procedure(&p.procedure.code), p.procedure.short())).collect(),
        citizens: groups("citizen"),
        businesses: groups("business"),
        popular: popular.iter().take(8).map(|p| catalogue::row(&c, p)).collect(),
        procedures: c.procedures.len(),
        online: c.procedures.iter().filter(|p| p.procedure.online != catalogue::model::Online::None).count(),
        on_time: share(f.resolved_on_time, f.resolved),
        on_time_of: (f.resolved_on_time, f.resolved),
        late: f.open_late,
        online_share: share(f.received_online, f.received),
        online_of: (f.received_online, f.received),
        as_of: time::dmy_hm(folded.as_of),
        page,
    };
    view.page.show(&view)
}

struct FigureRow {
    name: Text,
    value: String,
    out_of: String,
    definition: Text,
}

#[derive(Template)]
#[template(path = "report/statistics.html")]
struct Statistics {
    page: Page,
    rows: Vec<FigureRow>,
    states: Vec<(Text, i64)>,
    as_of: String,
}

pub async fn statistics(page: Page, mut read: Read) -> Result<Response> {
    let folded = fold::current(&mut read.0, page.now).await?;
    let f = &folded.year;
    let count = |name, n: i64, definition| FigureRow { name, value: crate::base::money::group(n), out_of: String::new(), definition };
    let part = |name, n: i64, of: i64, definition| FigureRow { name, value: share(n, of), out_of: format!("{} / {}", crate::base::money::group(n), crate::base::money::group(of)), definition };
    let rows = vec![
        count(t::RECEIVED, f.received, t::RECEIVED_DEF),
        part(t::ONLINE_LONG, f.received_online, f.received, t::ONLINE_DEF),
        count(t::RESOLVED, f.resolved, t::RESOLVED_DEF),
        part(t::ON_TIME_LONG, f.resolved_on_time, f.resolved, t::ON_TIME_DEF),
        count(t::OPEN, f.open, t::OPEN_DEF),
        part(t::OPEN_LATE, f.open_late, f.open, t::OPEN_LATE_DEF),
        count(t::WAITING, f.waiting_intake, t::WAITING_DEF),
        count(t::REFUSED, f.refused, t::REFUSED_DEF),
        part(t::PAID_ONLINE, f.paid_online, f.with_obligation, t::PAID_ONLINE_DEF),
    ];
    let view = Statistics { rows, states: folded.states().map(|(s, n)| (dt::state_to_others(s), n)).collect(), as_of: time::dmy_hm(folded.as_of), page };
    view.page.show(&view)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_rounded_once_from_the_exact_fraction() {
        for (part, whole, text) in [(1542, 1868, "82,5%"), (1385, 1542, "89,8%"), (95_345, 219_856, "43,4%"), (183, 309, "59,2%"), (410, 482, "85,1%"), (0, 0, "—")] {
            assert_eq!(share(part, whole), text);
        }
    }
}
