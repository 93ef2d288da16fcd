//! What an import refuses: every fault at once, with file, record, field and reason.
//!
//! Works on raw JSON, so that a wrong shape is a fault with a place and not the parser's first complaint. The rules are
//! those of the catalogue's format; a new rule is one line here and one broken example in the tests.

mod fees;
mod forms;
mod places;
mod procedures;

use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// One reason why a catalogue can't be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub file: &'static str,
    /// The record: `procedure 1.001193 fee-1`.
    pub record: String,
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.record, self.reason)
    }
}

/// The four files as read.
pub struct Raw {
    pub places: Value,
    pub fields: Value,
    pub procedures: Value,
    pub forms: Value,
}

/// What later checks need to know of earlier files.
#[derive(Default)]
pub(super) struct Known {
    agencies: HashSet<String>,
    /// Of the offices that stand in one level only: a district's rooms, a commune's.
    levels: HashMap<String, &'static str>,
    fields: HashSet<String>,
    events: HashSet<String>,
}

impl Known {
    /// The level an office stands in; one of no level in particular stands in the procedure's.
    fn level<'a>(&self, office: &str, procedure: &'a Value) -> &'a str {
        self.levels.get(office).copied().unwrap_or_else(|| text(procedure, "level"))
    }
}

/// Collects faults of one file.
pub(super) struct Book {
    file: &'static str,
    faults: Vec<Fault>,
}

impl Book {
    fn bad(&mut self, record: impl Into<String>, reason: impl Into<String>) {
        self.faults.push(Fault { file: self.file, record: record.into(), reason: reason.into() });
    }

    /// These keys are texts that are not empty.
    fn texts(&mut self, record: &str, of: &Value, keys: &[&str]) {
        for k in keys {
            if of[*k].as_str().is_none_or(|s| s.trim().is_empty()) {
                self.bad(record, format!("empty {k}"));
            }
        }
    }

    fn unique<'a>(&mut self, record: &str, values: impl Iterator<Item = &'a str>) -> HashSet<String> {
        let mut seen = HashSet::new();
        for v in values {
            if !seen.insert(v.to_owned()) {
                self.bad(record, format!("repeated {v}"));
            }
        }
        seen
    }

    /// The value is one of these words.
    fn one_of(&mut self, record: &str, of: &Value, key: &str, words: &[&str]) {
        if !of[key].as_str().is_some_and(|v| words.contains(&v)) {
            self.bad(record, format!("{key} is none of {}", words.join(", ")));
        }
    }

    fn boolean(&mut self, record: &str, of: &Value, key: &str) {
        if !of[key].is_null() && !of[key].is_boolean() {
            self.bad(record, format!("{key} is true or false"));
        }
    }
}

/// The rows of a list; a missing one is empty.
pub(super) fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of[key].as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or("")
}

pub(super) fn texts_of<'a>(of: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    list(of, key).iter().filter_map(Value::as_str)
}

/// A document number: `97/2015/QH13`, `30/NĐ-CP`.
pub(super) fn is_law(s: &str) -> bool {
    static LAW: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| regex::Regex::new(r"^[0-9]{1,4}/([0-9]{4}/)?[A-ZĐ0-9][A-ZĐ0-9a-z\-]*$").expect("a fixed pattern"));
    LAW.is_match(s)
}

/// Every fault of a catalogue; empty: it may be imported.
pub fn check(raw: &Raw) -> Vec<Fault> {
    let mut known = Known::default();
    let mut faults = Vec::new();
    let mut run = |file, f: &mut dyn FnMut(&mut Book)| {
        let mut book = Book { file, faults: Vec::new() };
        f(&mut book);
        faults.append(&mut book.faults);
    };
    run("places.json", &mut |b| places::check(b, &raw.places, &mut known));
    run("fields.json", &mut |b| fields(b, &raw.fields, &mut known));
    run("procedures.json", &mut |b| procedures::check(b, &raw.procedures, &known));
    run("forms.json", &mut |b| forms::check(b, &raw.forms, &raw.procedures));
    // the quantities of fees are questions of forms, known only now
    run("procedures.json", &mut |b| fees::quantities(b, &raw.procedures, &raw.forms));
    if faults.is_empty() {
        shape::<super::model::Places>("places.json", &raw.places, &mut faults);
        shape::<super::model::Fields>("fields.json", &raw.fields, &mut faults);
        shape::<super::model::Procedures>("procedures.json", &raw.procedures, &mut faults);
        shape::<super::form::Forms>("forms.json", &raw.forms, &mut faults);
    }
    faults
}

fn shape<T: serde::de::DeserializeOwned>(file: &'static str, of: &Value, faults: &mut Vec<Fault>) {
    if let Err(e) = serde_json::from_value::<T>(of.clone()) {
        faults.push(Fault { file, record: "shape".to_owned(), reason: format!("cannot be read further: {e}") });
    }
}

fn fields(b: &mut Book, d: &Value, known: &mut Known) {
    known.events = b.unique("event groups", list(d, "event_groups").iter().map(|e| text(e, "slug")));
    for e in list(d, "event_groups") {
        let w = format!("event {}", text(e, "slug"));
        b.texts(&w, e, &["name"]);
        b.one_of(&w, e, "audience", &["citizen", "business"]);
    }
    known.fields = b.unique("fields", list(d, "fields").iter().map(|f| text(f, "slug")));
    for f in list(d, "fields") {
        let w = format!("field {}", text(f, "slug"));
        b.texts(&w, f, &["name"]);
        if !known.agencies.contains(text(f, "department")) {
            b.bad(&w, format!("no department {}", text(f, "department")));
        }
        for g in texts_of(f, "event_groups").filter(|g| !known.events.contains(*g)) {
            b.bad(&w, format!("no event group {g}"));
        }
    }
}
