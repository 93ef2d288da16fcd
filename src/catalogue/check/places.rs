//! Rules of `places.json`.

use super::{Book, Known, list, text, texts_of};
use serde_json::{Value, json};
use std::collections::HashSet;

pub fn check(b: &mut Book, d: &Value, known: &mut Known) {
    let (p63, p34) = (list(d, "provinces_until_2025_06_30"), list(d, "provinces_from_2025_07_01"));
    let codes = b.unique("the 63 provinces", p63.iter().map(|p| text(p, "code")));
    b.unique("the 63 provinces, statistics codes", p63.iter().map(|p| text(p, "gso_code")));
    b.unique("the 34 provinces", p34.iter().map(|p| text(p, "code")));
    let mut merged: Vec<&str> = p34.iter().flat_map(|p| texts_of(p, "merged_from")).collect();
    merged.sort_unstable();
    let mut all: Vec<&str> = codes.iter().map(String::as_str).collect();
    all.sort_unstable();
    if merged != all {
        b.bad("provinces", "the 34 do not partition the 63");
    }
    for p in p63.iter().chain(p34) {
        b.texts(&format!("province {}", text(p, "code")), p, &["name", "full_name", "code", "gso_code"]);
    }
    let own = text(&d["province"], "code");
    if !codes.contains(own) {
        b.bad("province", format!("the province {own} is not among the 63"));
    }
    if text(d, "as_of").parse::<chrono::NaiveDate>().is_err() {
        b.bad("as_of", "not a day such as 2026-11-25");
    }
    hours(b, "office_hours", list(d, "office_hours"));
    hours(b, "centre", list(&d["centre"], "hours"));
    for k in ["centre", "committee"] {
        b.texts(k, &d[k], &["id", "code", "name", "address"]);
    }
    let mut ids = HashSet::new();
    let mut unit_codes = Vec::new();
    for u in list(d, "units") {
        b.texts(&format!("unit {}", text(u, "id")), u, &["id", "code", "name", "address"]);
        ids.insert(text(u, "id").to_owned());
        unit_codes.push(text(u, "code"));
    }
    let committee = text(&d["committee"], "id").to_owned();
    for u in list(d, "units") {
        let parent = text(u, "parent");
        if parent != committee && !ids.contains(parent) {
            b.bad(format!("unit {}", text(u, "id")), format!("no parent {parent}"));
        }
    }
    b.unique("units", list(d, "units").iter().map(|u| text(u, "id")));
    b.unique("districts", list(d, "districts").iter().map(|x| text(x, "id")));
    let mut communes = 0;
    for x in list(d, "districts") {
        let w = format!("district {}", text(x, "id"));
        b.texts(&w, x, &["name", "code", "gso_code", "address"]);
        unit_codes.push(text(x, "code"));
        b.unique(&w, list(x, "communes").iter().map(|c| text(c, "id")));
        for c in list(x, "communes") {
            communes += 1;
            let w = format!("commune {}", text(c, "id"));
            b.texts(&w, c, &["name", "address"]);
            unit_codes.push(text(c, "code"));
            let gso = text(c, "gso_code");
            if gso.len() != 5 || !gso.bytes().all(|d| d.is_ascii_digit()) {
                b.bad(&w, "gso_code is five digits");
            }
            if !text(c, "code").starts_with(&format!("{}.", text(x, "code"))) {
                b.bad(&w, "code outside its district");
            }
        }
    }
    for c in unit_codes.iter().filter(|c| !c.starts_with(&format!("{own}."))) {
        b.bad("unit codes", format!("code {c} outside {own}"));
    }
    b.unique("unit codes", unit_codes.iter().copied());
    if d["counts"] != json!({ "districts": list(d, "districts").len(), "communes": communes, "units": list(d, "units").len() }) {
        b.bad("counts", "they differ from what is listed");
    }
    known.agencies = ids;
    known.agencies.insert(committee);
    known.agencies.insert(text(&d["centre"], "id").to_owned());
    for k in ["district_roles", "commune_roles", "generic_agencies"] {
        known.agencies.extend(list(d, k).iter().map(|r| text(r, "id").to_owned()));
    }
    for (k, level) in [("district_roles", "district"), ("commune_roles", "commune")] {
        known.levels.extend(list(d, k).iter().map(|r| (text(r, "id").to_owned(), level)));
    }
    known.levels.extend([("ubnd-huyen", "district"), ("ubnd-xa", "commune")].map(|(id, level)| (id.to_owned(), level)));
}

fn hours(b: &mut Book, record: &str, rows: &[Value]) {
    if rows.is_empty() {
        b.bad(record, "no hours");
    }
    for h in rows {
        let time = |k: &str| chrono::NaiveTime::parse_from_str(text(h, k), "%H:%M").ok().filter(|_| text(h, k).len() == 5);
        let sound = text(h, "days") == "mon-fri" && matches!((time("from"), time("to")), (Some(a), Some(z)) if a < z);
        if !sound {
            b.bad(record, format!("hours {h}"));
        }
    }
}
