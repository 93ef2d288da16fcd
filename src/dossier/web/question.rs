//! A question as a control, and an answer as a line.

use crate::base::lang::{Text, Words};
use crate::catalogue::Catalogue;
use crate::catalogue::form::{Answers, Form, Kind, Question, Reason};
use crate::dossier::filing::answers::shown;
use crate::dossier::text as t;
use askama::Template;
use askama::filters::HtmlSafe;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Chosen {
    pub value: String,
    pub words: Words,
    pub is: bool,
}

/// The pieces of an address or of another paper than the number.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    pub commune: String,
    pub detail: String,
    pub text: String,
    pub paper: String,
    pub number: String,
    pub reason: String,
}

/// Hint, source and fault, tied to the control by one id.
#[derive(Template, Debug, Clone)]
#[template(path = "components/notes.html")]
pub struct Notes {
    pub name: String,
    pub hint: Option<Words>,
    pub source: Option<Text>,
    pub fault: Option<Words>,
}

impl HtmlSafe for Notes {}

impl Notes {
    fn any(&self) -> bool {
        self.hint.is_some() || self.source.is_some() || self.fault.is_some()
    }
}

#[derive(Template, Debug, Clone)]
#[template(path = "components/question.html")]
pub struct Control {
    pub name: String,
    pub kind: Kind,
    pub label: Words,
    pub required: bool,
    pub notes: Notes,
    pub value: String,
    pub fault: Option<Words>,
    pub choices: Vec<Chosen>,
    /// Other questions depend on it.
    pub steers: bool,
    pub coded: bool,
    pub own_province: String,
    pub communes: Arc<Vec<(Words, Vec<(String, Words)>)>>,
    pub papers: Vec<(String, Text)>,
    pub parts: Parts,
    pub rows: Vec<Vec<Control>>,
    pub width: &'static str,
    pub conflict: Option<String>,
}

impl HtmlSafe for Control {}

impl Control {
    fn is_select(&self) -> bool {
        self.kind == Kind::Choice && self.choices.len() > 6
    }

    fn is_one(&self) -> bool {
        self.kind == Kind::Choice
    }

    const fn input_type(&self) -> &'static str {
        match self.kind {
            Kind::Phone => "tel",
            Kind::Email => "email",
            _ => "text",
        }
    }

    const fn inputmode(&self) -> &'static str {
        match self.kind {
            Kind::PersonId | Kind::Money => "numeric",
            Kind::Number => "decimal",
            _ => "",
        }
    }
}

/// What a control needs besides the question: catalogue lists, faults, what conflicts.
pub struct Around<'a> {
    pub catalogue: &'a Catalogue,
    pub communes: Arc<Vec<(Words, Vec<(String, Words)>)>>,
    pub errors: &'a BTreeMap<String, Reason>,
    pub show_faults: bool,
    pub form: &'a Form,
}

/// The communes of the province by district, for address and place.
pub fn communes(c: &Catalogue) -> Arc<Vec<(Words, Vec<(String, Words)>)>> {
    Arc::new(c.places.districts.iter().map(|d| (d.words(), d.communes.iter().map(|x| (x.id.clone(), x.words())).collect())).collect())
}

fn part(v: Option<&Value>, key: &str) -> String {
    v.and_then(|v| v.get(key)).and_then(Value::as_str).unwrap_or("").to_owned()
}

impl Around<'_> {
    /// The words of a fault at `place`, if faults are shown; `v` is what was answered there.
    pub fn fault(&self, q: &Question, place: &str, v: Option<&Value>) -> Option<Words> {
        let reason = self.errors.get(place).filter(|_| self.show_faults)?;
        let rule = self.form.rules.iter().find(|r| r.field == place && Reason::from(r.kind) == *reason).map(|r| Words::with_fallback(&r.message, r.message_en.as_deref()));
        let paper = part(v, "paper");
        Some(if paper.is_empty() { t::reason(q, *reason, &shown(q.kind, v.filter(|v| !v.is_object() && !v.is_array())), rule.as_ref()) } else { t::paper_reason(&paper, *reason) })
    }

    pub fn control(&self, q: &Question, name: &str, v: Option<&Value>, source: Option<Text>, conflict: Option<String>) -> Control {
        let value = shown(q.kind, v.filter(|v| !v.is_object() && !v.is_array()));
        let fault = self.fault(q, name, v);
        let hint = q.help_words().or_else(|| match q.kind {
            Kind::Date if q.partial => Some(t::DATE_PARTIAL_HINT.into()),
            Kind::Date => Some(t::DATE_HINT.into()),
            _ => None,
        });
        let chosen = |x: &str| match v {
            Some(Value::String(s)) => s == x,
            Some(Value::Array(a)) => a.iter().any(|y| y == x),
            _ => false,
        };
        let rows: Vec<Vec<Control>> = if q.kind == Kind::Table {
            let given = v.and_then(Value::as_array).cloned().unwrap_or_default();
            let n = given.len().max(q.min_rows).max(1);
            (0..n).map(|i| q.columns.iter().map(|c| self.control(c, &format!("{name}[{i}].{}", c.id), given.get(i).and_then(|r| r.get(&c.id)), None, None)).collect()).collect()
        } else {
            Vec::new()
        };
        let papers = q
            .or_other
            .iter()
            .map(|p| {
                let words = match p.as_str() {
                    "passport" => t::PAPER_PASSPORT,
                    "old_card" => t::PAPER_OLD_CARD,
                    _ => t::PAPER_NONE,
                };
                (p.clone(), words)
            })
            .collect();
        let steers = self.form.sections.iter().any(|s| s.when.as_ref().is_some_and(|w| w.field == q.id) || s.fields.iter().any(|x| x.when.as_ref().is_some_and(|w| w.field == q.id)));
        Control {
            name: name.to_owned(),
            kind: q.kind,
            label: q.words(),
            required: q.required,
            notes: Notes { name: name.to_owned(), hint, source, fault: fault.clone() },
            value,
            fault,
            choices: q.options.iter().map(|o| Chosen { value: o.value.clone(), words: o.words(), is: chosen(&o.value) }).collect(),
            steers,
            coded: q.coded,
            own_province: self.catalogue.places.province.code.clone(),
            communes: if q.kind == Kind::Address { Arc::clone(&self.communes) } else { Arc::default() },
            papers,
            parts: Parts { commune: part(v, "commune"), detail: part(v, "detail"), text: part(v, "text"), paper: part(v, "paper"), number: part(v, "number"), reason: part(v, "reason") },
            rows,
            width: match q.kind {
                Kind::Date | Kind::Phone | Kind::Money | Kind::Number => "short",
                Kind::PersonId | Kind::TaxCode => "number",
                _ => "",
            },
            conflict,
        }
    }
}

/// An answer as check pages, dossiers and slips show it.
#[derive(Debug, Clone)]
pub struct AnswerLine {
    pub question: String,
    pub section: Words,
    pub label: Words,
    pub value: Words,
    /// Not from a list, so the desk looks closer.
    pub by_hand: bool,
}

/// Every given answer in the order of the form.
pub fn answer_lines(c: &Catalogue, form: &Form, answers: &Answers) -> Vec<AnswerLine> {
    let mut out = Vec::new();
    for s in &form.sections {
        for q in s.fields.iter().filter(|q| q.kind != Kind::File) {
            let Some(v) = answers.get(&q.id).filter(|v| !v.is_null()) else { continue };
            if !Form::is_asked(s, q, answers) {
                continue;
            }
            let by_hand = q.kind == Kind::Address && v.get("text").is_some() || q.kind == Kind::PersonId && v.is_object();
            out.push(AnswerLine { question: q.id.clone(), section: Words::with_fallback(&s.title, s.title_en.as_deref()), label: q.words(), value: words(c, q, v), by_hand });
        }
    }
    out
}

fn words(c: &Catalogue, q: &Question, v: &Value) -> Words {
    match (q.kind, v) {
        (Kind::Choice, Value::String(s)) => q.option(s).map_or_else(|| Words::same(s), crate::catalogue::form::Choice::words),
        (Kind::Choices, Value::Array(a)) => {
            let all: Vec<Words> = a.iter().filter_map(Value::as_str).map(|s| q.option(s).map_or_else(|| Words::same(s), crate::catalogue::form::Choice::words)).collect();
            Words::new(all.iter().map(|w| w.vi.as_str()).collect::<Vec<_>>().join(", "), all.iter().map(|w| w.en.as_str()).collect::<Vec<_>>().join(", "))
        }
        (Kind::Address, v) => address(c, v),
        (Kind::PersonId, Value::Object(_)) => {
            let (number, reason) = (part(Some(v), "number"), part(Some(v), "reason"));
            match part(Some(v), "paper").as_str() {
                "passport" => Words::new(format!("Hộ chiếu {number}"), format!("Passport {number}")),
                "old_card" => Words::new(format!("Chứng minh nhân dân {number}"), format!("Old card {number}")),
                _ => Words::new(format!("Không có số: {reason}"), format!("No number: {reason}")),
            }
        }
        (Kind::Declaration, _) => crate::words!("Đã cam đoan", "Declared"),
        (Kind::Table, Value::Array(rows)) => {
            let line = |row: &Value, vi: bool| q.columns.iter().filter_map(|col| row.get(&col.id).map(|x| words(c, col, x))).map(|w| if vi { w.vi } else { w.en }).collect::<Vec<_>>().join(" · ");
            Words::new(rows.iter().map(|r| line(r, true)).collect::<Vec<_>>().join("\n"), rows.iter().map(|r| line(r, false)).collect::<Vec<_>>().join("\n"))
        }
        (Kind::Money, v) => Words::same(format!("{} đồng", shown(Kind::Money, Some(v)))),
        (kind, v) => Words::same(shown(kind, Some(v))),
    }
}

/// An address as its paper says it: never corrected.
fn address(c: &Catalogue, v: &Value) -> Words {
    if let Some(text) = v.get("text").and_then(Value::as_str) {
        return Words::same(text);
    }
    let detail = part(Some(v), "detail");
    let commune = part(Some(v), "commune");
    if let Some((d, x)) = c.places.commune(&commune) {
        let province = &c.places.province.full_name;
        Words::same(format!("{detail}, {}, {}, {province}", x.name, d.name))
    } else {
        let province = c.places.province(&part(Some(v), "province")).map_or(String::new(), |p| format!(", {}", p.full_name));
        Words::same(format!("{detail}{province}"))
    }
}
