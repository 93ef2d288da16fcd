//! E-forms: what is asked, and what is wrong with the answers. Pure; the reading is the one of the catalogue's own checker.
//!
//! Answers are the stored spelling (JSON). A question is asked when its section's and its own condition hold; what isn't
//! asked is not stored. To add a type of question: a variant of [`Kind`], an arm in `faults::Env::fault`, its control in
//! `templates/components/question.html` and its reading in `dossier/filing/answers.rs`. To add a rule across questions: a
//! variant of [`RuleKind`] and of [`Reason`], an arm in `faults::Form::breaks` and in `catalogue::check::forms::rule`.

mod faults;

use crate::base::lang::Words;
use crate::base::{fold, phone};
use crate::text_enum;
pub use faults::{Env, date, is_email, is_passport};
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;

pub type Answers = serde_json::Map<String, Value>;

#[derive(Debug, Clone, Deserialize)]
pub struct Forms {
    pub forms: Vec<Form>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub id: String,
    pub procedure: String,
    pub name: String,
    pub name_en: Option<String>,
    #[serde(default)]
    pub model: String,
    #[serde(default)]
    pub owners: Vec<Owner>,
    pub sections: Vec<Section>,
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// Whose right the dossier is about, by the questions that name and number them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    pub who: String,
    pub number: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: String,
    pub title: String,
    pub title_en: Option<String>,
    #[serde(default)]
    pub when: Option<When>,
    pub fields: Vec<Question>,
}

text_enum! {
    Kind {
        Text = "text", Textarea = "textarea", Number = "number", Money = "money", Date = "date", Choice = "choice",
        Choices = "choices", PersonId = "person_id", TaxCode = "tax_code", Phone = "phone", Email = "email",
        Address = "address", Name = "name", File = "file", Table = "table", Declaration = "declaration",
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    pub label: String,
    pub label_en: Option<String>,
    #[serde(default)]
    pub help: Option<String>,
    #[serde(default)]
    pub help_en: Option<String>,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub required: bool,
    #[serde(default)]
    pub when: Option<When>,
    #[serde(default)]
    pub min: Option<Value>,
    #[serde(default)]
    pub max: Option<Value>,
    #[serde(default)]
    pub integer: bool,
    #[serde(default)]
    pub pattern: Option<Pattern>,
    #[serde(default)]
    pub options: Vec<Choice>,
    #[serde(default)]
    pub prefill: Option<String>,
    pub source_component: String,
    #[serde(default)]
    pub accept: Vec<String>,
    #[serde(default)]
    pub max_mb: Option<u64>,
    #[serde(default)]
    pub columns: Vec<Question>,
    #[serde(default)]
    pub min_rows: usize,
    #[serde(default)]
    pub max_rows: usize,
    #[serde(default)]
    pub answered_by: Option<String>,
    #[serde(default)]
    pub partial: bool,
    #[serde(default)]
    pub or_other: Vec<String>,
    #[serde(default)]
    pub coded: bool,
    #[serde(default, rename = "default")]
    pub default: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub label_en: Option<String>,
}

impl Choice {
    pub fn words(&self) -> Words {
        Words::with_fallback(&self.label, self.label_en.as_deref())
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub field: String,
    #[serde(default)]
    pub equals: Option<String>,
    #[serde(default, rename = "in")]
    pub any_of: Vec<String>,
}

/// What an answer must look like, compiled once with the catalogue: `\d` is 0 to 9.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    text: String,
    shape: regex::Regex,
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;
    fn try_from(text: String) -> Result<Self, regex::Error> {
        Ok(Self { shape: regex::Regex::new(&text.replace(r"\d", "[0-9]"))?, text })
    }
}

impl Pattern {
    pub fn fits(&self, answer: &str) -> bool {
        self.shape.is_match(answer)
    }

    /// Counted digits or capitals: the answer is a number, to be cleaned as numbers are.
    fn is_counted(&self) -> bool {
        static COUNTED: LazyLock<regex::Regex> = LazyLock::new(|| regex::Regex::new(r"^\^(\\d|\[A-Z0-9\])\{[0-9,]+\}\$$").expect("a fixed pattern"));
        COUNTED.is_match(&self.text)
    }
}

impl When {
    /// The values under which it holds.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.equals.iter().chain(&self.any_of).map(String::as_str)
    }

    pub fn holds(&self, answers: &Answers) -> bool {
        let value = answers.get(&self.field).and_then(Value::as_str);
        self.values().any(|v| Some(v) == value)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub kind: RuleKind,
    pub field: String,
    /// The rule is judged only under it.
    #[serde(default)]
    pub when: Option<When>,
    #[serde(default)]
    pub other: Option<String>,
    #[serde(default)]
    pub years: i32,
    #[serde(default)]
    pub days: u64,
    #[serde(default)]
    pub at: Option<String>,
    #[serde(default)]
    pub birth: Option<String>,
    #[serde(default)]
    pub sex: Option<String>,
    #[serde(default)]
    pub column: Option<String>,
    #[serde(default)]
    pub value: Option<Value>,
    pub message: String,
    #[serde(default)]
    pub message_en: Option<String>,
}

text_enum! {
    RuleKind {
        NotBefore = "not_before", AtMost = "at_most", ExactlyOne = "exactly_one", MinAge = "min_age", PersonIdMatches = "person_id_matches",
        WithinDays = "within_days", AfterDays = "after_days",
    }
}

text_enum! {
    /// Why an answer is not taken.
    Reason {
        Required = "required", Format = "format", NotAnOption = "not_an_option", TooSmall = "too_small", TooLarge = "too_large",
        TooLate = "too_late", TooEarly = "too_early", TooFew = "too_few", TooFewRows = "too_few_rows", TooManyRows = "too_many_rows",
        FileType = "file_type", NotAsked = "not_asked", UnknownField = "unknown_field",
        NotBefore = "not_before", AtMost = "at_most", ExactlyOne = "exactly_one", MinAge = "min_age", PersonIdMatches = "person_id_matches",
        WithinDays = "within_days", AfterDays = "after_days",
    }
}

impl From<RuleKind> for Reason {
    fn from(k: RuleKind) -> Self {
        match k {
            RuleKind::NotBefore => Self::NotBefore,
            RuleKind::AtMost => Self::AtMost,
            RuleKind::ExactlyOne => Self::ExactlyOne,
            RuleKind::MinAge => Self::MinAge,
            RuleKind::PersonIdMatches => Self::PersonIdMatches,
            RuleKind::WithinDays => Self::WithinDays,
            RuleKind::AfterDays => Self::AfterDays,
        }
    }
}

impl Question {
    pub fn words(&self) -> Words {
        Words::with_fallback(&self.label, self.label_en.as_deref())
    }

    pub fn help_words(&self) -> Option<Words> {
        self.help.as_deref().map(|h| Words::with_fallback(h, self.help_en.as_deref()))
    }

    pub fn min_number(&self) -> Option<f64> {
        self.min.as_ref().and_then(Value::as_f64)
    }
    pub fn max_number(&self) -> Option<f64> {
        self.max.as_ref().and_then(Value::as_f64)
    }

    pub fn option(&self, value: &str) -> Option<&Choice> {
        self.options.iter().find(|o| o.value == value)
    }

    /// A time of day: read as people write it (`7h45`).
    pub fn is_time(&self) -> bool {
        self.pattern.as_ref().is_some_and(|p| p.text == TIME)
    }

    /// A fact of a person's identity: shown as known, not typed.
    pub fn is_identity(&self) -> bool {
        matches!(self.prefill.as_deref(), Some("account.full_name" | "account.person_id" | "account.birth_date" | "account.sex"))
    }
}

/// The pattern of a time of day.
const TIME: &str = r"^([01]\d|2[0-3]):[0-5]\d$";

/// An answer in the stored spelling: NFC, names with single spaces, numbers without unseen signs.
pub fn clean(q: Option<&Question>, v: &Value) -> Value {
    match v {
        Value::Array(rows) => {
            let column = |k: &str| q.and_then(|q| q.columns.iter().find(|c| c.id == k));
            rows.iter()
                .map(|r| match r {
                    Value::Object(o) => Value::Object(o.iter().map(|(k, w)| (k.clone(), clean(column(k), w))).collect()),
                    other => clean(q, other),
                })
                .collect()
        }
        Value::Object(o) => o.iter().filter(|(_, w)| !w.is_null()).map(|(k, w)| (k.clone(), clean(if k == "number" { q } else { None }, w))).collect::<serde_json::Map<_, _>>().into(),
        Value::String(s) => Value::String(match q.map(|q| q.kind) {
            Some(Kind::Name) => fold::name(s),
            Some(Kind::Phone) => phone::clean(s),
            Some(Kind::PersonId | Kind::TaxCode) => fold::number(s),
            _ if q.and_then(|q| q.pattern.as_ref()).is_some_and(Pattern::is_counted) => fold::number(s),
            _ => fold::text(s),
        }),
        other => other.clone(),
    }
}

pub fn is_empty(v: Option<&Value>) -> bool {
    match v {
        None | Some(Value::Null) => true,
        Some(Value::String(s)) => s.is_empty(),
        Some(Value::Array(a)) => a.is_empty(),
        Some(_) => false,
    }
}

impl Form {
    pub fn words(&self) -> Words {
        Words::with_fallback(&self.name, self.name_en.as_deref())
    }

    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|s| &s.fields)
    }

    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().find(|q| q.id == id)
    }

    pub fn section_is_asked(&self, section: &Section, answers: &Answers) -> bool {
        section.when.as_ref().is_none_or(|w| w.holds(answers))
    }

    pub fn is_asked(section: &Section, q: &Question, answers: &Answers) -> bool {
        section.when.as_ref().is_none_or(|w| w.holds(answers)) && q.when.as_ref().is_none_or(|w| w.holds(answers))
    }

    /// Answers without what isn't asked: what may be submitted.
    pub fn asked_only(&self, answers: &Answers) -> Answers {
        let mut kept = answers.clone();
        // a condition looks at an earlier question, so one pass in order settles all
        for s in &self.sections {
            for q in &s.fields {
                if !Self::is_asked(s, q, &kept) {
                    kept.remove(&q.id);
                }
            }
        }
        kept.retain(|k, _| self.question(k).is_some());
        kept
    }

    /// The owners as the answers name them: name and, where there is one, number.
    pub fn owners_in(&self, answers: &Answers) -> Vec<(String, Option<String>)> {
        self.owners
            .iter()
            .filter_map(|o| {
                let name = answers.get(&o.who).and_then(Value::as_str).filter(|s| !s.is_empty())?;
                let number = o.number.as_ref().and_then(|n| answers.get(n)).and_then(|v| match v {
                    Value::String(s) => Some(s.clone()),
                    v => v.get("number").and_then(Value::as_str).map(str::to_owned),
                });
                Some((name.to_owned(), number))
            })
            .collect()
    }
}
