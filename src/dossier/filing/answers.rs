//! From what a page posts to stored answers, and back to what a page shows.

use crate::base::money::group;
use crate::base::partial_date::PartialDate;
use crate::base::{fold, person, phone, typed};
use crate::catalogue::form::{Kind, Question};
use crate::web::form::Posted;
use serde_json::{Map, Value, json};

/// Name of the marker that says which questions stood on the page: an unticked box sends nothing.
pub const ASKED: &str = "_q";

/// The value of a question as posted; None: nothing was given.
pub fn read(q: &Question, posted: &Posted) -> Option<Value> {
    match q.kind {
        Kind::Table => {
            let rows = rows(q, posted);
            (!rows.is_empty()).then_some(Value::Array(rows))
        }
        Kind::Choices => {
            let all: Vec<Value> = posted.all(&q.id).filter(|v| !v.is_empty()).map(|v| json!(v)).collect();
            (!all.is_empty()).then_some(Value::Array(all))
        }
        _ => read_one(q, &q.id, posted),
    }
}

fn read_one(q: &Question, name: &str, posted: &Posted) -> Option<Value> {
    let text = posted.text(name);
    match q.kind {
        Kind::Address => address(name, posted),
        Kind::PersonId => {
            let paper = posted.text(&format!("{name}.paper"));
            if paper.is_empty() || paper == "so" {
                return some_text(&typed::digits(text));
            }
            let mut o = Map::new();
            o.insert("paper".to_owned(), json!(paper));
            let number = typed::digits(posted.text(&format!("{name}.number"))).to_uppercase();
            let reason = fold::text(posted.text(&format!("{name}.reason"))).trim().to_owned();
            if paper == "none" {
                if !reason.is_empty() {
                    o.insert("reason".to_owned(), json!(reason));
                }
            } else if !number.is_empty() {
                o.insert("number".to_owned(), json!(number));
            }
            Some(Value::Object(o))
        }
        Kind::Declaration => posted.has(name).then_some(Value::Bool(true)),
        // what can't be read stays as typed, to be shown back with its fault
        Kind::Date => (!text.trim().is_empty()).then(|| typed::date(text, q.partial).map_or_else(|| json!(text.trim()), |d| json!(d.iso()))),
        Kind::Money => (!text.trim().is_empty()).then(|| typed::money(text).map_or_else(|| json!(text.trim()), |n| json!(n))),
        Kind::Number => (!text.trim().is_empty()).then(|| number(text)),
        Kind::TaxCode => some_text(&typed::tax_code(text)),
        Kind::Phone => some_text(&phone::national(&typed::phone(text))),
        Kind::Name => some_text(&fold::name(text)),
        Kind::Text if q.is_time() => some_text(typed::time(text).trim()),
        Kind::Text | Kind::Textarea | Kind::Email | Kind::Choice => some_text(fold::text(text).trim()),
        Kind::File | Kind::Table | Kind::Choices => None,
    }
}

fn some_text(s: &str) -> Option<Value> {
    (!s.is_empty()).then(|| json!(s))
}

/// A whole number as an integer, another as it is, an unreadable one as typed.
fn number(text: &str) -> Value {
    match typed::number(text) {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
        Some(n) if n.fract() == 0.0 && n.abs() < 9e15 => json!(n as i64),
        Some(n) => json!(n),
        None => json!(text.trim()),
    }
}

fn address(name: &str, posted: &Posted) -> Option<Value> {
    let get = |part: &str| fold::text(posted.text(&format!("{name}.{part}"))).trim().to_owned();
    let text = get("text");
    let commune = get("commune");
    // a commune and words of one's own: the words are part of the address inside it
    let detail = if commune.is_empty() { get("detail") } else { [get("detail"), text.clone()].into_iter().filter(|x| !x.is_empty()).collect::<Vec<_>>().join(", ") };
    let mut o = Map::new();
    if !text.is_empty() && commune.is_empty() {
        o.insert("text".to_owned(), json!(text));
        return Some(Value::Object(o));
    }
    if commune.is_empty() && detail.is_empty() {
        return None;
    }
    if let Some((district, _)) = commune.split_once('/') {
        o.insert("district".to_owned(), json!(district));
        o.insert("province".to_owned(), json!(get("province")));
    }
    if !commune.is_empty() {
        o.insert("commune".to_owned(), json!(commune));
    }
    o.insert("detail".to_owned(), json!(detail));
    Some(Value::Object(o))
}

/// The rows of a table as posted: `rows[0].column`; a row with nothing in it is no row.
fn rows(q: &Question, posted: &Posted) -> Vec<Value> {
    let prefix = format!("{}[", q.id);
    let mut indexes: Vec<usize> = posted.0.iter().filter_map(|(n, _)| n.strip_prefix(&prefix)?.split_once(']')?.0.parse().ok()).collect();
    indexes.sort_unstable();
    indexes.dedup();
    let mut out = Vec::new();
    for i in indexes.into_iter().take(60) {
        let mut o = Map::new();
        for c in &q.columns {
            if let Some(v) = read_one(c, &format!("{}[{i}].{}", q.id, c.id), posted) {
                o.insert(c.id.clone(), v);
            }
        }
        if !o.is_empty() {
            out.push(Value::Object(o));
        }
    }
    out
}

/// What stands in a control: the stored value in the spelling people use.
pub fn shown(kind: Kind, v: Option<&Value>) -> String {
    match (kind, v) {
        (_, None | Some(Value::Null)) => String::new(),
        (Kind::Date, Some(Value::String(s))) => PartialDate::parse(s).map_or_else(|| s.clone(), |d| d.to_string()),
        (Kind::Money, Some(Value::Number(n))) => n.as_i64().map_or_else(|| n.to_string(), group),
        (Kind::Number, Some(Value::Number(n))) => n.as_i64().map_or_else(|| decimal(n.as_f64().unwrap_or(0.0)), group),
        (Kind::PersonId, Some(Value::String(s))) => person::grouped(s),
        (_, Some(Value::String(s))) => s.clone(),
        (_, Some(Value::Bool(true))) => "1".to_owned(),
        (_, Some(other)) => other.to_string(),
    }
}

/// `1.250,75`
fn decimal(n: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "the whole part of a number that was typed")]
    let whole = n.trunc() as i64;
    let text = n.to_string();
    match text.split_once('.') {
        Some((_, fraction)) => format!("{},{fraction}", group(whole)),
        None => group(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(json: &str) -> Question {
        serde_json::from_str(json).expect("a question")
    }

    #[test]
    fn a_typed_area_goes_back_and_forth_without_changing() {
        let q = question(r#"{"id":"a","label":"A","type":"number","required":true,"source_component":"to-khai"}"#);
        let mut text = "1.250,75".to_owned();
        for _ in 0..3 {
            let v = read(&q, &Posted(vec![("a".to_owned(), text.clone())]));
            assert_eq!(v, Some(json!(1250.75)));
            text = shown(Kind::Number, v.as_ref());
            assert_eq!(text, "1.250,75");
        }
    }

    #[test]
    fn empty_rows_are_no_rows() {
        let q = question(
            r#"{"id":"t","label":"T","type":"table","required":true,"source_component":"to-khai","min_rows":1,"max_rows":5,"columns":[{"id":"x","label":"X","type":"text","required":true,"source_component":"to-khai"}]}"#,
        );
        let posted = Posted(vec![("t[0].x".into(), "một".into()), ("t[1].x".into(), " ".into()), ("t[2].x".into(), "ba".into())]);
        assert_eq!(read(&q, &posted), Some(json!([{ "x": "một" }, { "x": "ba" }])));
    }
}
