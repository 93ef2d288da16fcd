//! What is wrong with the answers to a form: question by question, then the form's rules across questions.

use super::{Answers, Form, Kind, Question, Reason, Rule, RuleKind, clean, is_empty};
use crate::base::partial_date::PartialDate;
use crate::base::{person, phone, tax_code};
use crate::catalogue::model::Places;
use chrono::{Datelike, Days, NaiveDate};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

/// What the reading of answers depends on besides the form.
#[derive(Debug, Clone)]
pub struct Env<'a> {
    pub today: NaiveDate,
    pub demo: bool,
    /// A birth year after it is refused.
    pub last_year: i32,
    pub places: &'a Places,
}

impl<'a> Env<'a> {
    pub fn new(places: &'a Places, today: NaiveDate, demo: bool) -> Self {
        Self { today, demo, last_year: today.year(), places }
    }

    fn bound(&self, v: Option<&Value>) -> Option<NaiveDate> {
        match v.and_then(Value::as_str) {
            Some("today") => Some(self.today),
            Some(day) => day.parse().ok(),
            None => None,
        }
    }

    /// What is wrong with one given answer.
    fn fault(&self, q: &Question, v: &Value) -> Option<Reason> {
        match q.kind {
            Kind::Number | Kind::Money => {
                let Some(n) = v.as_f64() else { return Some(Reason::Format) };
                if (q.integer || q.kind == Kind::Money) && n.fract() != 0.0 {
                    return Some(Reason::Format);
                }
                if q.min_number().is_some_and(|m| n < m) {
                    return Some(Reason::TooSmall);
                }
                q.max_number().is_some_and(|m| n > m).then_some(Reason::TooLarge)
            }
            Kind::Date => {
                let Some(d) = date(v, q.partial) else { return Some(Reason::Format) };
                if self.bound(q.max.as_ref()).is_some_and(|m| d.first() > m) {
                    return Some(Reason::TooLate);
                }
                self.bound(q.min.as_ref()).is_some_and(|m| d.last() < m).then_some(Reason::TooEarly)
            }
            Kind::Choice => v.as_str().is_none_or(|s| q.option(s).is_none()).then_some(Reason::NotAnOption),
            Kind::Choices => {
                let Some(list) = v.as_array() else { return Some(Reason::NotAnOption) };
                if !list.iter().all(|x| x.as_str().is_some_and(|s| q.option(s).is_some())) {
                    return Some(Reason::NotAnOption);
                }
                let least = q.min.as_ref().and_then(Value::as_u64).unwrap_or(0);
                ((list.len() as u64) < least).then_some(Reason::TooFew)
            }
            Kind::Address => self.address(v, q.coded),
            Kind::PersonId if v.is_object() => {
                if q.or_other.is_empty() {
                    Some(Reason::Format)
                } else {
                    paper(v, &q.or_other)
                }
            }
            Kind::File => {
                let name = v.get("name").and_then(Value::as_str).unwrap_or("");
                let ending = name.rsplit('.').next().unwrap_or("").to_lowercase();
                if !q.accept.contains(&ending) {
                    return Some(Reason::FileType);
                }
                let size = v.get("size_bytes").and_then(Value::as_u64).unwrap_or(0);
                (size > q.max_mb.unwrap_or(20) * 1024 * 1024).then_some(Reason::TooLarge)
            }
            Kind::Declaration => (*v != Value::Bool(true)).then_some(Reason::Required),
            Kind::Table => None,
            Kind::Text | Kind::Textarea | Kind::Name | Kind::PersonId | Kind::TaxCode | Kind::Phone | Kind::Email => {
                let Some(s) = v.as_str() else { return Some(Reason::Format) };
                let sound = match q.kind {
                    Kind::PersonId => person::read(s, self.demo, self.last_year).is_ok(),
                    Kind::TaxCode => tax_code::is_sound(s, self.demo, self.last_year),
                    Kind::Phone => phone::is_sound(s),
                    Kind::Email => EMAIL.is_match(s),
                    _ => true,
                };
                if !sound {
                    return Some(Reason::Format);
                }
                if q.max.as_ref().and_then(Value::as_u64).is_some_and(|m| s.chars().count() as u64 > m) {
                    return Some(Reason::TooLarge);
                }
                q.pattern.as_ref().is_some_and(|p| !p.fits(s)).then_some(Reason::Format)
            }
        }
    }

    fn address(&self, v: &Value, coded: bool) -> Option<Reason> {
        let Some(o) = v.as_object() else { return Some(Reason::Format) };
        let given = |k: &str| o.get(k).filter(|x| !x.is_null());
        let only = |keys: &[&str]| o.iter().all(|(k, x)| x.is_null() || keys.contains(&k.as_str()));
        let province = given("province");
        if province.is_some_and(|p| !p.as_str().is_some_and(|p| self.places.provinces_63.iter().any(|x| x.code == p))) {
            return Some(Reason::Format);
        }
        if let Some(text) = given("text") {
            let Some(text) = text.as_str() else { return Some(Reason::Format) };
            if coded || !only(&["text", "province"]) || letters(text) < 5 {
                return Some(Reason::Format);
            }
            return (text.chars().count() > 300).then_some(Reason::TooLarge);
        }
        let line = given("detail").and_then(Value::as_str).unwrap_or("");
        let Some(province) = province.and_then(Value::as_str) else { return Some(Reason::Format) };
        if line.trim().is_empty() || !only(&["province", "district", "commune", "detail"]) {
            return Some(Reason::Format);
        }
        if province != self.places.province.code {
            return coded.then_some(Reason::Format);
        }
        let district = given("district").and_then(Value::as_str).unwrap_or("");
        let commune = given("commune").and_then(Value::as_str).unwrap_or("");
        let inside = self.places.district(district).is_some_and(|d| d.communes.iter().any(|c| c.id == commune));
        (!inside).then_some(Reason::Format)
    }
}

static EMAIL: LazyLock<regex::Regex> = LazyLock::new(|| regex::Regex::new(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$").expect("a fixed pattern"));
static PASSPORT: LazyLock<regex::Regex> = LazyLock::new(|| regex::Regex::new(r"^[A-Z0-9]{6,15}$").expect("a fixed pattern"));

pub fn is_email(s: &str) -> bool {
    EMAIL.is_match(s)
}

/// A passport number: 6 to 15 capitals and digits, one digit at least, not one sign repeated.
pub fn is_passport(s: &str) -> bool {
    PASSPORT.is_match(s) && s.bytes().any(|b| b.is_ascii_digit()) && !one_sign(s)
}

fn one_sign(s: &str) -> bool {
    s.chars().collect::<HashSet<_>>().len() == 1
}

fn letters(s: &str) -> usize {
    s.chars().filter(|c| c.is_alphabetic()).count()
}

pub fn date(v: &Value, partial: bool) -> Option<PartialDate> {
    PartialDate::parse(v.as_str()?).filter(|d| d.is_whole() || partial)
}

/// What is wrong with a paper given instead of a personal number.
fn paper(v: &Value, allowed: &[String]) -> Option<Reason> {
    let o = v.as_object()?;
    let given = |k: &str| o.get(k).filter(|x| !x.is_null());
    let kind = given("paper").and_then(Value::as_str).unwrap_or("");
    if !allowed.iter().any(|a| a == kind) {
        return Some(Reason::NotAnOption);
    }
    let none = kind == "none";
    let (wanted, other) = if none { (given("reason"), given("number")) } else { (given("number"), given("reason")) };
    if other.is_some() || o.iter().any(|(k, x)| !x.is_null() && !["paper", "number", "reason"].contains(&k.as_str())) {
        return Some(Reason::Format);
    }
    let Some(wanted) = wanted.filter(|w| *w != "") else { return Some(Reason::Required) };
    let Some(s) = wanted.as_str() else { return Some(Reason::Format) };
    match kind {
        "none" if letters(s) < 5 => Some(Reason::Format),
        "none" => (s.chars().count() > 200).then_some(Reason::TooLarge),
        "passport" => (!is_passport(s)).then_some(Reason::Format),
        _ => (s.len() != 9 || !s.bytes().all(|b| b.is_ascii_digit()) || one_sign(s)).then_some(Reason::Format),
    }
}

impl Form {
    /// Everything wrong, by place: `question`, `table[0].column`.
    pub fn errors(&self, answers: &Answers, env: &Env<'_>) -> BTreeMap<String, Reason> {
        let mut errors = BTreeMap::new();
        let data: Answers = answers.iter().map(|(k, v)| (k.clone(), clean(self.question(k), v))).collect();
        let mut visible = HashSet::new();
        for s in &self.sections {
            for q in &s.fields {
                let v = data.get(&q.id);
                if !Self::is_asked(s, q, &data) {
                    if v.is_some_and(|v| !v.is_null()) {
                        errors.insert(q.id.clone(), Reason::NotAsked);
                    }
                    continue;
                }
                visible.insert(q.id.as_str());
                let Some(v) = v.filter(|v| !is_empty(Some(v))) else {
                    if q.required {
                        errors.insert(q.id.clone(), Reason::Required);
                    }
                    continue;
                };
                if q.kind == Kind::Table {
                    table(q, v, env, &mut errors);
                } else if let Some(reason) = env.fault(q, v) {
                    errors.insert(q.id.clone(), reason);
                }
            }
        }
        for k in data.keys().filter(|k| self.question(k).is_none()) {
            errors.insert(k.clone(), Reason::UnknownField);
        }
        for rule in &self.rules {
            let judged = visible.contains(rule.field.as_str()) && rule.when.as_ref().is_none_or(|w| w.holds(&data));
            if judged && !errors.contains_key(&rule.field) && self.breaks(rule, &data, env, &errors) {
                errors.insert(rule.field.clone(), rule.kind.into());
            }
        }
        errors
    }

    fn breaks(&self, rule: &Rule, data: &Answers, env: &Env<'_>, errors: &BTreeMap<String, Reason>) -> bool {
        let Some(v) = data.get(&rule.field).filter(|v| !is_empty(Some(v))) else { return false };
        let day = |id: &str| self.question(id).and_then(|q| data.get(id).and_then(|v| date(v, q.partial)));
        let other = rule.other.as_deref();
        match rule.kind {
            RuleKind::NotBefore => {
                let Some(o) = other.filter(|o| !errors.contains_key(*o) && !is_empty(data.get(*o))) else { return false };
                matches!((day(&rule.field), day(o)), (Some(a), Some(b)) if a.last() < b.first())
            }
            RuleKind::AtMost => {
                let o = other.and_then(|o| data.get(o)).and_then(Value::as_f64);
                matches!((v.as_f64(), o), (Some(a), Some(b)) if a > b)
            }
            RuleKind::ExactlyOne => {
                let column = rule.column.as_deref().unwrap_or("");
                v.as_array().is_some_and(|rows| rows.iter().filter(|r| r.get(column) == rule.value.as_ref()).count() != 1)
            }
            RuleKind::MinAge => {
                let at = match rule.at.as_deref() {
                    Some("today") | None => Some(env.today),
                    Some(id) => day(id).map(PartialDate::first),
                };
                let (Some(at), Some(birth)) = (at, day(&rule.field)) else { return false };
                let b = birth.last();
                let had = (at.month(), at.day()) >= (b.month(), b.day());
                at.year() - b.year() - i32::from(!had) < rule.years
            }
            // a day known in part breaks neither: what is certain is refused, not what is possible
            RuleKind::WithinDays => day(&rule.field).and_then(|d| d.last().checked_add_days(Days::new(rule.days))).is_some_and(|last| env.today > last),
            RuleKind::AfterDays => day(&rule.field).and_then(|d| d.first().checked_add_days(Days::new(rule.days))).is_some_and(|last| env.today <= last),
            RuleKind::PersonIdMatches => {
                let Some(birth) = rule.birth.as_deref().and_then(day) else { return false };
                let Some(facts) = v.as_str().and_then(|n| person::read(n, env.demo, env.last_year).ok()) else { return false };
                let sex = rule.sex.as_deref().and_then(|s| data.get(s)).and_then(Value::as_str);
                let other_sex = match sex {
                    Some("nam") => facts.sex != person::Sex::Male,
                    Some("nu") => facts.sex != person::Sex::Female,
                    _ => false,
                };
                facts.birth_year != birth.year() || other_sex
            }
        }
    }
}

fn table(q: &Question, v: &Value, env: &Env<'_>, errors: &mut BTreeMap<String, Reason>) {
    let Some(rows) = v.as_array() else {
        errors.insert(q.id.clone(), Reason::Format);
        return;
    };
    if rows.len() > q.max_rows {
        errors.insert(q.id.clone(), Reason::TooManyRows);
    }
    if rows.len() < q.min_rows {
        errors.insert(q.id.clone(), Reason::TooFewRows);
    }
    for (n, row) in rows.iter().enumerate() {
        for c in &q.columns {
            let cell = row.get(&c.id).filter(|v| !is_empty(Some(v)));
            let fault = match cell {
                None => c.required.then_some(Reason::Required),
                Some(v) => env.fault(c, v),
            };
            if let Some(reason) = fault {
                errors.insert(format!("{}[{n}].{}", q.id, c.id), reason);
            }
        }
    }
}
