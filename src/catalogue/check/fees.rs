//! Rules of a procedure's fees.

use super::{Book, list, text, texts_of};
use serde_json::Value;
use std::collections::HashSet;

const PER: &[&str] = &["dossier", "copy", "case", "certificate", "person", "request"];

pub fn check(b: &mut Book, p: &Value, w: &str, cases: &HashSet<String>, exemptions: &HashSet<String>) {
    b.unique(&format!("{w} fees"), list(p, "fees").iter().map(|f| text(f, "id")));
    for f in list(p, "fees") {
        let w = format!("{w} {}", text(f, "id"));
        b.texts(&w, f, &["name"]);
        b.one_of(&w, f, "kind", &["phi", "le_phi"]);
        let per = f.get("per").and_then(Value::as_str).unwrap_or("dossier");
        if !PER.contains(&per) {
            b.bad(&w, format!("per {per}"));
        }
        b.one_of(&w, f, "set_by", &["ministry", "council"]);
        if f.get("collect_at").is_some_and(|c| ![0, 1, 2, 4].iter().any(|n| c == n)) {
            b.bad(&w, "collect_at is 0, 1, 2 or 4");
        }
        b.boolean(&w, f, "assessed");
        amounts(b, &w, f, per, text(p, "online") == "none");
        let own: Vec<&str> = texts_of(f, "cases").collect();
        if own.iter().any(|c| !cases.contains(*c)) || own.iter().collect::<HashSet<_>>().len() != own.len() {
            b.bad(&w, format!("cases {own:?}"));
        }
        for e in b.unique(&format!("{w} exempt"), texts_of(f, "exempt")).iter().filter(|e| !exemptions.contains(*e)) {
            b.bad(&w, format!("no exemption {e}"));
        }
    }
}

fn amounts(b: &mut Book, w: &str, f: &Value, per: &str, offline: bool) {
    let assessed = f["assessed"] == true;
    let (amount, online, quantity, tiers) = (&f["amount_vnd"], &f["online_amount_vnd"], &f["quantity"], &f["tiers"]);
    if !amount.is_null() && amount.as_i64().is_none_or(|a| a <= 0) {
        b.bad(w, "amount_vnd is whole đồng above 0");
    }
    let both = !amount.is_null() && !tiers.is_null();
    if both || amount.is_null() && tiers.is_null() && !assessed {
        b.bad(w, "exactly one of an amount, tiers and an assessed formula");
    }
    if amount.is_null() == f["formula"].is_null() {
        b.bad(w, "a formula stands where there is no single amount, and only there");
    }
    if assessed && !(quantity.is_null() && tiers.is_null()) {
        b.bad(w, "assessed, so neither quantity nor tiers");
    }
    if ["copy", "certificate", "person"].contains(&per) && quantity.is_null() && !assessed {
        b.bad(w, format!("per {per} without a quantity, so it must be assessed"));
    }
    if let Some(q) = quantity.as_object() {
        let known = q.keys().all(|k| ["field", "table", "columns", "from"].contains(&k.as_str()));
        if !known || q.contains_key("field") == q.contains_key("table") || q.contains_key("table") != q.contains_key("columns") {
            b.bad(w, "quantity is a field, or a table with columns");
        }
        if q.get("from").is_some_and(|n| n.as_u64().is_none()) {
            b.bad(w, "quantity.from is a whole number");
        }
    }
    if let Some(rows) = tiers.as_array() {
        let tops: Vec<Option<i64>> = rows.iter().map(|t| t["to_page"].as_i64()).collect();
        let rising = tops.split_last().is_some_and(|(last, rest)| last.is_none() && rest.iter().all(Option::is_some) && rest.windows(2).all(|p| p[0] < p[1]));
        if !rising || !rows.iter().all(|t| t["each_vnd"].as_i64().is_some_and(|n| n > 0)) {
            b.bad(w, "tiers rise and the last is open");
        }
        if list(quantity, "columns").len() != 2 || quantity["from"].as_i64().unwrap_or(0) != 0 {
            b.bad(w, "tiers need a table with pages and copies");
        }
    }
    if !f["cap_vnd"].is_null() && (tiers.is_null() || f["cap_vnd"].as_i64().is_none_or(|c| c <= 0)) {
        b.bad(w, "cap_vnd is whole đồng above 0, and stands with tiers");
    }
    if !online.is_null() {
        let sound = matches!((online.as_i64(), amount.as_i64()), (Some(o), Some(a)) if 0 <= o && o <= a);
        if !sound {
            b.bad(w, "online amount above the counter amount");
        }
        if offline {
            b.bad(w, "online amount but not online");
        }
    }
}

/// A fee's quantity is a whole number that a form of its procedure asks.
pub fn quantities(b: &mut Book, procedures: &Value, forms: &Value) {
    for p in list(procedures, "procedures") {
        for f in list(p, "fees").iter().filter(|f| !f["quantity"].is_null()) {
            let q = &f["quantity"];
            let name = q["field"].as_str().or(q["table"].as_str()).unwrap_or("");
            let asked = list(forms, "forms").iter().filter(|x| x["procedure"] == p["code"]).flat_map(|x| list(x, "sections")).flat_map(|s| list(s, "fields")).find(|x| text(x, "id") == name);
            let whole = |x: Option<&Value>| x.is_some_and(|x| text(x, "type") == "number" && x["integer"] == true);
            let sound = if q["field"].is_string() { whole(asked) } else { texts_of(q, "columns").all(|c| whole(asked.and_then(|a| list(a, "columns").iter().find(|x| text(x, "id") == c)))) };
            if !sound {
                b.bad(format!("procedure {}", text(p, "code")), format!("{}: its quantity is no whole number that a form asks", text(f, "id")));
            }
        }
    }
}
