//! Rules of `forms.json`.

use super::{Book, list, text, texts_of};
use crate::catalogue::form::{Pattern, RuleKind};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

const PAPERS: &[&str] = &["passport", "old_card", "none"];
const FILES: &[&str] = &["pdf", "jpg", "jpeg", "png", "docx"];
/// What a question may be filled in with (`dossier::filing`).
const PREFILLS: &[&str] = &[
    "account.full_name",
    "account.person_id",
    "account.birth_date",
    "account.sex",
    "account.phone",
    "account.email",
    "account.address",
    "account.owner_kind",
    "account.organisation_name",
    "account.tax_code",
    "account.organisation_address",
    "account.representative",
];

pub fn check(b: &mut Book, d: &Value, procedures: &Value) {
    let types: HashSet<&str> = texts_of(d, "types").collect();
    b.unique("forms", list(d, "forms").iter().map(|f| text(f, "id")));
    b.unique("procedures with a form", list(d, "forms").iter().map(|f| text(f, "procedure")));
    for f in list(d, "forms") {
        let w = format!("form {}", text(f, "id"));
        b.texts(&w, f, &["name"]);
        match list(procedures, "procedures").iter().find(|p| p["code"] == f["procedure"]) {
            None => b.bad(&w, format!("no procedure {}", text(f, "procedure"))),
            Some(p) => form(b, f, p, &w, &types),
        }
    }
}

fn form(b: &mut Book, f: &Value, p: &Value, w: &str, types: &HashSet<&str>) {
    if text(p, "online") == "none" {
        b.bad(w, "its procedure is not online");
    }
    let components: HashMap<&str, &Value> = list(p, "components").iter().map(|c| (text(c, "id"), c)).collect();
    let mut seen: HashMap<&str, &Value> = HashMap::new();
    let mut order = Vec::new();
    for s in list(f, "sections") {
        let ws = format!("{w} section {}", text(s, "id"));
        b.texts(&ws, s, &["title"]);
        if list(s, "fields").is_empty() {
            b.bad(&ws, "empty");
        }
        for x in list(s, "fields") {
            order.push(text(x, "id"));
            seen.insert(text(x, "id"), x);
        }
    }
    b.unique(&format!("{w} fields"), order.iter().copied());
    b.unique(&format!("{w} sections"), list(f, "sections").iter().map(|s| text(s, "id")));
    let mut before: HashSet<&str> = HashSet::new();
    for s in list(f, "sections") {
        when(b, &format!("{w} section {}", text(s, "id")), &s["when"], &before, &seen);
        for x in list(s, "fields") {
            let wx = format!("{w} {}", text(x, "id"));
            when(b, &wx, &x["when"], &before, &seen);
            question(b, x, &wx, types, &components);
            before.insert(text(x, "id"));
        }
    }
    for o in list(f, "owners") {
        let kind = |k: &str| o[k].as_str().and_then(|id| seen.get(id)).map_or("", |x| text(x, "type"));
        if !["name", "text"].contains(&kind("who")) {
            b.bad(w, format!("owner named by {}, which is no name or text", o["who"]));
        } else if !o["number"].is_null() && !["person_id", "tax_code"].contains(&kind("number")) {
            b.bad(w, format!("owner numbered by {}, which is no number", o["number"]));
        }
    }
    let cases: Vec<&str> = list(p, "cases").iter().map(|c| text(c, "id")).collect();
    for x in order.iter().filter_map(|id| seen.get(id)).filter(|x| x.get("answered_by").is_some()) {
        let values: Vec<&str> = list(x, "options").iter().map(|o| text(o, "value")).collect();
        if x["answered_by"] != "case" || text(x, "type") != "choice" || values != cases {
            b.bad(w, format!("{}: answered_by differs from the procedure's cases", text(x, "id")));
        }
    }
    slots(b, f, w, &components, &seen, &cases);
    if !order.iter().any(|id| text(seen[id], "type") == "declaration" && seen[id]["required"] == true && seen[id]["when"].is_null()) {
        b.bad(w, "no declaration that everybody must make");
    }
    for r in list(f, "rules") {
        rule(b, r, &format!("{w} rule {} on {}", text(r, "kind"), text(r, "field")), &seen);
    }
}

/// A rule's fields, of the types it judges.
fn rule(b: &mut Book, r: &Value, w: &str, seen: &HashMap<&str, &Value>) {
    b.texts(w, r, &["message"]);
    let Ok(kind) = text(r, "kind").parse::<RuleKind>() else {
        b.bad(w, format!("kind is none of {}", RuleKind::ALL.iter().map(|k| k.as_str()).collect::<Vec<_>>().join(", ")));
        return;
    };
    let of = |b: &mut Book, key: &str, types: &[&str]| match r[key].as_str().map(|id| seen.get(id)) {
        Some(Some(x)) if types.contains(&text(x, "type")) => {}
        Some(Some(x)) => b.bad(w, format!("{key}: {} is a {}, not a {}", r[key], text(x, "type"), types.join(" or "))),
        Some(None) => b.bad(w, format!("{key}: rule on unknown field {}", r[key])),
        None => b.bad(w, format!("{key} is missing")),
    };
    let whole = |key: &str| r[key].as_u64().is_some_and(|n| n > 0);
    match kind {
        RuleKind::NotBefore => ["field", "other"].iter().for_each(|k| of(b, k, &["date"])),
        RuleKind::AtMost => ["field", "other"].iter().for_each(|k| of(b, k, &["number", "money"])),
        RuleKind::ExactlyOne => {
            of(b, "field", &["table"]);
            let columns = seen.get(text(r, "field")).map_or(&[][..], |x| list(x, "columns"));
            if !columns.iter().any(|c| c["id"] == r["column"]) || r["value"].is_null() {
                b.bad(w, "column and value name a column of the table and what stands in it once");
            }
        }
        RuleKind::MinAge => {
            of(b, "field", &["date"]);
            if !whole("years") {
                b.bad(w, "years is a whole number above 0");
            }
            if r["at"] != "today" && !r["at"].is_null() {
                of(b, "at", &["date"]);
            }
        }
        RuleKind::WithinDays | RuleKind::AfterDays => {
            of(b, "field", &["date"]);
            if !whole("days") {
                b.bad(w, "days is a whole number above 0");
            }
        }
        RuleKind::PersonIdMatches => {
            of(b, "field", &["person_id"]);
            of(b, "birth", &["date"]);
            if !r["sex"].is_null() {
                of(b, "sex", &["choice"]);
            }
        }
    }
    if !r["when"].is_null() {
        let all = seen.keys().copied().collect();
        when(b, w, &r["when"], &all, seen);
    }
}

fn question(b: &mut Book, x: &Value, w: &str, types: &HashSet<&str>, components: &HashMap<&str, &Value>) {
    b.texts(w, x, &["id", "label"]);
    let kind = text(x, "type");
    if !types.contains(kind) {
        b.bad(w, format!("type {kind} is none of the file's types"));
    }
    if !text(x, "id").starts_with(|c: char| c.is_ascii_lowercase()) || !text(x, "id").chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        b.bad(w, "id is small letters, digits and _, a letter first");
    }
    if !x["required"].is_boolean() {
        b.bad(w, "required is true or false");
    }
    if !components.contains_key(text(x, "source_component")) {
        b.bad(w, format!("no component {}", text(x, "source_component")));
    }
    limits(b, x, w, kind);
    if ["choice", "choices"].contains(&kind) {
        if list(x, "options").is_empty() {
            b.bad(w, "options: nothing to choose from");
        }
        b.unique(&format!("{w} options"), list(x, "options").iter().map(|o| text(o, "value")));
        for o in list(x, "options") {
            b.texts(w, o, &["value", "label"]);
        }
    }
    if kind == "table" {
        if !matches!((x["min_rows"].as_u64(), x["max_rows"].as_u64()), (Some(a), Some(z)) if a <= z && z <= 50) {
            b.bad(w, "min_rows and max_rows: at most 50, the smaller first");
        }
        if list(x, "columns").is_empty() {
            b.bad(w, "columns: a table without any");
        }
        b.unique(&format!("{w} columns"), list(x, "columns").iter().map(|c| text(c, "id")));
        for c in list(x, "columns") {
            let wc = format!("{w}.{}", text(c, "id"));
            if ["file", "table", "declaration", "choices"].contains(&text(c, "type")) {
                b.bad(&wc, format!("a {} is no column", text(c, "type")));
            }
            question(b, c, &wc, types, components);
        }
    }
    if kind == "file" && (list(x, "accept").is_empty() || texts_of(x, "accept").any(|a| !FILES.contains(&a)) || x["max_mb"].as_u64().is_none_or(|m| m == 0 || m > 20)) {
        b.bad(w, format!("accept: some of {}; max_mb: 1 to 20", FILES.join(", ")));
    }
    if let Some(p) = x["pattern"].as_str().filter(|p| !p.is_empty())
        && Pattern::try_from(p.to_owned()).is_err()
    {
        b.bad(w, format!("pattern {p}"));
    }
    for (k, t) in [("partial", "date"), ("coded", "address")] {
        if x.get(k).is_some() && (x[k] != true || kind != t) {
            b.bad(w, format!("{k} is true and stands on {t} only"));
        }
    }
    if x.get("or_other").is_some() {
        b.unique(&format!("{w} or_other"), texts_of(x, "or_other"));
        if kind != "person_id" || list(x, "or_other").is_empty() || texts_of(x, "or_other").any(|p| !PAPERS.contains(&p)) {
            b.bad(w, format!("or_other {}", x["or_other"]));
        }
    }
    if x["prefill"].as_str().is_some_and(|p| !p.is_empty() && !PREFILLS.contains(&p)) {
        b.bad(w, format!("prefill is none of {}", PREFILLS.join(", ")));
    }
}

/// `min` and `max`: numbers for what is counted, days for dates, letters for words.
fn limits(b: &mut Book, x: &Value, w: &str, kind: &str) {
    for key in ["min", "max"].into_iter().filter(|k| !x[*k].is_null()) {
        let sound = match kind {
            "number" | "money" => x[key].is_number(),
            "date" => x[key].as_str().is_some_and(|s| s == "today" || s.parse::<chrono::NaiveDate>().is_ok()),
            "choices" => key == "min" && x[key].as_u64().is_some_and(|n| n <= list(x, "options").len() as u64),
            _ => key == "max" && x[key].as_u64().is_some_and(|n| n > 0),
        };
        if !sound {
            b.bad(w, format!("{key}: {} says nothing of a {kind}", x[key]));
        }
    }
    let day = |k: &str| x[k].as_str().and_then(|s| s.parse::<chrono::NaiveDate>().ok());
    let crossed = matches!((x["min"].as_f64(), x["max"].as_f64()), (Some(min), Some(max)) if min > max) || matches!((day("min"), day("max")), (Some(min), Some(max)) if min > max);
    if crossed {
        b.bad(w, "min above max");
    }
}

fn values(when: &Value) -> Vec<&str> {
    when["equals"].as_str().into_iter().chain(texts_of(when, "in")).collect()
}

fn when(b: &mut Book, w: &str, when: &Value, before: &HashSet<&str>, seen: &HashMap<&str, &Value>) {
    if when.is_null() {
        return;
    }
    let field = text(when, "field");
    if !before.contains(field) {
        b.bad(w, format!("condition on {field}, which does not stand before it"));
        return;
    }
    let target = seen[field];
    let options: HashSet<&str> = list(target, "options").iter().map(|o| text(o, "value")).collect();
    let wanted = values(when);
    if text(target, "type") != "choice" || wanted.is_empty() || wanted.iter().any(|v| !options.contains(v)) {
        b.bad(w, "condition on a value that cannot be chosen");
    }
}

/// `file` questions are the papers step's slots: they agree with their components.
fn slots(b: &mut Book, f: &Value, w: &str, components: &HashMap<&str, &Value>, seen: &HashMap<&str, &Value>, cases: &[&str]) {
    let mut slots: BTreeMap<&str, Vec<(&Value, &Value)>> = BTreeMap::new();
    for s in list(f, "sections") {
        for x in list(s, "fields").iter().filter(|x| text(x, "type") == "file") {
            let cond = if x["when"].is_null() { &s["when"] } else { &x["when"] };
            slots.entry(text(x, "source_component")).or_default().push((x, cond));
        }
    }
    for (k, xs) in slots {
        let Some(c) = components.get(k) else { continue };
        if c["originals"].as_u64().unwrap_or(0) + c["copies"].as_u64().unwrap_or(0) == 0 {
            b.bad(w, format!("file for {k}, which is only shown"));
        }
        let required = c.get("required").is_none_or(|r| r == true);
        if required && !xs.iter().any(|(x, _)| x["required"] == true) {
            b.bad(w, format!("{k} is required but its file is not"));
        }
        let by_case = xs.iter().all(|(_, v)| seen.get(text(v, "field")).is_some_and(|x| x["answered_by"] == "case"));
        if by_case {
            let asked: HashSet<&str> = xs.iter().flat_map(|(_, v)| values(v)).collect();
            let own: HashSet<&str> = texts_of(c, "cases").collect();
            let want: HashSet<&str> = if own.is_empty() { cases.iter().copied().collect() } else { own };
            if asked != want {
                b.bad(w, format!("{k} is filed in other cases than its file is asked in"));
            }
        }
    }
}
