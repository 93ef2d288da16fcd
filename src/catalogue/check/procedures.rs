//! Rules of `procedures.json`, fees apart.

use super::{Book, Known, fees, is_law, list, text, texts_of};
use serde_json::Value;
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

const UNITS: &[&str] = &["working_day", "day", "hour", "working_hour", "month"];

pub fn check(b: &mut Book, d: &Value, known: &Known) {
    let databases = b.unique("databases", list(d, "databases").iter().map(|x| text(x, "id")));
    let exemptions = b.unique("exemptions", list(d, "exemptions").iter().map(|x| text(x, "id")));
    for x in list(d, "exemptions") {
        let w = format!("exemption {}", text(x, "id"));
        b.texts(&w, x, &["name"]);
        b.texts(&format!("{w} proof"), &x["proof_component"], &["name"]);
        if x["percent"].as_u64().is_none_or(|p| p > 100) {
            b.bad(&w, "percent is a whole number up to 100");
        }
        if list(x, "legal_basis").is_empty() || !texts_of(x, "legal_basis").all(is_law) {
            b.bad(&w, "legal basis");
        }
        database(b, &w, x, &databases);
    }
    b.unique("procedure codes", list(d, "procedures").iter().map(|p| text(p, "code")));
    for p in list(d, "procedures") {
        procedure(b, p, known, &databases, &exemptions);
    }
}

fn database(b: &mut Book, w: &str, x: &Value, databases: &HashSet<String>) {
    if !x["state_already_has"].is_null() && !databases.contains(text(x, "state_already_has")) {
        b.bad(w, format!("no database {}", x["state_already_has"]));
    }
}

fn procedure(b: &mut Book, p: &Value, known: &Known, databases: &HashSet<String>, exemptions: &HashSet<String>) {
    let code = text(p, "code");
    let w = format!("procedure {code}");
    let digits = |s: &str| s.bytes().all(|c| c.is_ascii_digit());
    if code.split_once('.').is_none_or(|(a, z)| a.len() != 1 || z.len() != 6 || !digits(a) || !digits(z)) {
        b.bad(&w, "code shape");
    }
    b.texts(&w, p, &["name"]);
    b.texts(&format!("{w} result"), &p["result"], &["name"]);
    for (k, most) in [("short_name", 36), ("short_name_en", 40)] {
        if p.get(k).is_some() {
            b.texts(&w, p, &[k]);
            if text(p, k).nfc().count() > most {
                b.bad(&w, format!("{k}: more than {most} characters"));
            }
        }
    }
    if !known.fields.contains(text(p, "field")) {
        b.bad(&w, format!("no field {}", text(p, "field")));
    }
    for k in ["agency", "role"] {
        if !known.agencies.contains(text(p, k)) {
            b.bad(&w, format!("no {k} {}", text(p, k)));
        }
    }
    b.one_of(&w, p, "level", &["province", "district", "commune"]);
    // an agency above may decide what is handled below, never the other way round
    let above = |a: &str, b: &str| a == b || (a, b) == ("district", "commune");
    for (k, fits) in [("role", text(p, "level") == known.level(text(p, "role"), p)), ("agency", above(known.level(text(p, "agency"), p), text(p, "level")))] {
        if !fits {
            b.bad(&w, format!("{k} {} is of another level than {}", text(p, k), text(p, "level")));
        }
    }
    b.one_of(&w, p, "online", &["full", "partial", "none"]);
    if p.get("authorisable").is_some() {
        b.one_of(&w, p, "authorisable", &["yes", "family_without_certification", "no"]);
    }
    if p.get("min_identity_level").is_some_and(|l| l != 1 && l != 2) {
        b.bad(&w, "min_identity_level is 1 or 2");
    }
    for k in ["boundary_free", "national_portal_integrated", "online_payment_configured", "popular"] {
        b.boolean(&w, p, k);
    }
    b.boolean(&w, &p["result"], "is_document");
    if p.get("set_count").is_some_and(|n| n.as_u64().is_none_or(|n| n < 1)) {
        b.bad(&w, "set_count is a whole number above 0");
    }
    let offline = text(p, "online") == "none";
    if offline && (p["national_portal_integrated"] == true || p["online_payment_configured"] == true) {
        b.bad(&w, "integrated or payable online but not online");
    }
    if p["online_payment_configured"] == true && list(p, "fees").is_empty() {
        b.bad(&w, "online payment without a fee");
    }
    if list(p, "event_groups").is_empty() {
        b.bad(&w, "no event group");
    }
    for g in texts_of(p, "event_groups").filter(|g| !known.events.contains(*g)) {
        b.bad(&w, format!("no event group {g}"));
    }
    if list(p, "subjects").is_empty() || texts_of(p, "subjects").any(|s| !["citizen", "business", "organisation"].contains(&s)) {
        b.bad(&w, "subjects: some of citizen, business, organisation");
    }
    if list(p, "legal_basis").is_empty() {
        b.bad(&w, "no legal basis");
    }
    for l in texts_of(p, "legal_basis").filter(|l| !is_law(l)) {
        b.bad(&w, format!("document number {l}"));
    }
    for x in list(p, "conditions") {
        b.texts(&format!("{w} condition"), x, &["text"]);
    }
    let cases = b.unique(&format!("{w} cases"), list(p, "cases").iter().map(|x| text(x, "id")));
    for x in list(p, "cases") {
        b.texts(&format!("{w} case {}", text(x, "id")), x, &["name"]);
    }
    b.unique(&format!("{w} limits by case"), list(p, "limits_by_case").iter().map(|x| text(x, "case")));
    for x in list(p, "limits_by_case") {
        if !cases.contains(text(x, "case")) {
            b.bad(&w, format!("limit for unknown case {}", text(x, "case")));
        }
        limit(b, &w, &x["limit"], "limit by case");
    }
    b.unique(&format!("{w} components"), list(p, "components").iter().map(|x| text(x, "id")));
    for x in list(p, "components") {
        component(b, &w, x, &cases, databases);
    }
    fees::check(b, p, &w, &cases, exemptions);
    methods(b, p, &w, offline);
    steps(b, p, &w, known);
}

fn limit(b: &mut Book, w: &str, l: &Value, what: &str) {
    if !UNITS.contains(&text(l, "unit")) || l["amount"].as_u64().is_none_or(|n| n == 0) {
        b.bad(w, format!("{what}: a unit of {} and an amount above 0", UNITS.join(", ")));
    }
}

fn component(b: &mut Book, w: &str, x: &Value, cases: &HashSet<String>, databases: &HashSet<String>) {
    let w = format!("{w} component {}", text(x, "id"));
    b.texts(&w, x, &["name"]);
    match (x["originals"].as_u64(), x["copies"].as_u64()) {
        (Some(o), Some(c)) => {
            if x["digitise_required"] == true && o + c == 0 {
                b.bad(&w, "digitise_required, but no original and no copy is filed");
            }
        }
        _ => b.bad(&w, "originals and copies are whole numbers"),
    }
    b.boolean(&w, x, "digitise_required");
    if texts_of(x, "cases").any(|c| !cases.contains(c)) {
        b.bad(&w, "refers to an unknown case");
    }
    database(b, &w, x, databases);
}

fn methods(b: &mut Book, p: &Value, w: &str, offline: bool) {
    let channels: Vec<&str> = list(p, "methods").iter().map(|m| text(m, "channel")).collect();
    if channels.iter().any(|c| !["counter", "post", "online"].contains(c)) {
        b.bad(w, "channel is none of counter, post, online");
    }
    b.unique(&format!("{w} methods"), channels.iter().copied());
    if !channels.contains(&"counter") {
        b.bad(w, "no counter");
    }
    if channels.contains(&"online") == offline {
        b.bad(w, "the online method does not agree with the online level");
    }
    let fees = list(p, "fees");
    for m in list(p, "methods") {
        let channel = text(m, "channel");
        limit(b, w, &m["limit"], &format!("limit of {channel}"));
        let named: Vec<&str> = list(m, "fees").iter().map(|f| text(f, "fee")).collect();
        if named != fees.iter().map(|f| text(f, "id")).collect::<Vec<_>>() {
            b.bad(w, format!("fees of {channel} are not the procedure's"));
        }
        for x in list(m, "fees") {
            let Some(f) = fees.iter().find(|f| f["id"] == x["fee"]) else { continue };
            let online = channel == "online" && !f["online_amount_vnd"].is_null();
            let want = if online { &f["online_amount_vnd"] } else { &f["amount_vnd"] };
            if &x["amount_vnd"] != want {
                b.bad(w, format!("{channel} {}: {} is not {want}", text(x, "fee"), x["amount_vnd"]));
            }
        }
    }
}

fn steps(b: &mut Book, p: &Value, w: &str, known: &Known) {
    let steps = list(p, "steps");
    if steps.iter().any(|s| !s["share_percent"].is_null() && s["share_percent"].as_u64().is_none_or(|n| n > 100)) || steps.iter().filter_map(|s| s["share_percent"].as_u64()).sum::<u64>() != 100 {
        b.bad(w, "share_percent: 0 to 100 each, 100 in all");
    }
    let ends = (steps.first().map(|s| text(s, "kind")), steps.last().map(|s| text(s, "kind")));
    if ends != (Some("receive"), Some("return")) {
        b.bad(w, "steps begin with receive and end with return");
    }
    for s in steps {
        b.texts(&format!("{w} step"), s, &["action"]);
        let role = text(s, "role");
        if !known.agencies.contains(role) && !["lanh-dao", "huyen/mot-cua", "xa/mot-cua"].contains(&role) {
            b.bad(w, format!("no role {role}"));
        }
    }
}
