//! A control with its label, hint and error tied together; the summary of errors above a form.
//!
//! `Field::text("phone", t::PHONE).hint(t::PHONE_HINT).value(&typed)`; a view holds `Vec<Field>` and the template prints
//! each. The markup is `templates/components/field.html`.

use super::form::{Faults, Posted};
use crate::base::lang::Words;
use askama::Template;
use askama::filters::HtmlSafe;

#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub words: Words,
    pub hint: Option<Words>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    Input(&'static str),
    Area,
    Select,
    Radios,
    Check,
}

#[derive(Template, Debug, Clone)]
#[template(path = "components/field.html")]
pub struct Field {
    pub name: String,
    pub label: Words,
    pub hint: Option<Words>,
    pub value: String,
    pub fault: Option<Words>,
    pub control: Control,
    pub choices: Vec<Choice>,
    pub autocomplete: &'static str,
    pub inputmode: &'static str,
    pub optional: bool,
    /// `short`, `number`, `wide`: as wide as the answer.
    pub width: &'static str,
    pub max: usize,
}

impl HtmlSafe for Field {}

impl Field {
    fn new(control: Control, name: &str, label: impl Into<Words>) -> Self {
        Self {
            name: name.to_owned(),
            label: label.into(),
            hint: None,
            value: String::new(),
            fault: None,
            control,
            choices: Vec::new(),
            autocomplete: "",
            inputmode: "",
            optional: false,
            width: "",
            max: 0,
        }
    }
    pub fn text(name: &str, label: impl Into<Words>) -> Self {
        Self::new(Control::Input("text"), name, label)
    }
    pub fn input(kind: &'static str, name: &str, label: impl Into<Words>) -> Self {
        Self::new(Control::Input(kind), name, label)
    }
    pub fn area(name: &str, label: impl Into<Words>) -> Self {
        Self::new(Control::Area, name, label)
    }
    pub fn select(name: &str, label: impl Into<Words>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(Control::Select, name, label) }
    }
    pub fn radios(name: &str, label: impl Into<Words>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(Control::Radios, name, label) }
    }
    pub fn check(name: &str, label: impl Into<Words>) -> Self {
        Self::new(Control::Check, name, label)
    }

    #[must_use]
    pub fn hint(mut self, words: impl Into<Words>) -> Self {
        self.hint = Some(words.into());
        self
    }
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }
    #[must_use]
    pub fn auto(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = autocomplete;
        self
    }
    #[must_use]
    pub fn mode(mut self, inputmode: &'static str) -> Self {
        self.inputmode = inputmode;
        self
    }
    #[must_use]
    pub fn width(mut self, width: &'static str) -> Self {
        self.width = width;
        self
    }
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
    /// What was typed, and what is wrong with it.
    #[must_use]
    pub fn typed(mut self, posted: &Posted, faults: &Faults) -> Self {
        if self.control != Control::Input("password") {
            posted.text(&self.name).clone_into(&mut self.value);
        }
        self.fault = faults.of(&self.name).cloned();
        self
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        choice.value == self.value
    }
    fn described(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.fault.is_some() {
            ids.push(format!("{}-error", self.name));
        }
        ids.join(" ")
    }
    fn kind(&self) -> &'static str {
        match self.control {
            Control::Input(kind) => kind,
            _ => "",
        }
    }
}

pub fn choice(value: impl Into<String>, words: impl Into<Words>) -> Choice {
    Choice { value: value.into(), words: words.into(), hint: None }
}

/// The summary of errors: takes the focus, links to the fields.
#[derive(Template, Debug, Clone, Default)]
#[template(path = "components/summary.html")]
pub struct Summary {
    pub faults: Faults,
}

impl HtmlSafe for Summary {}

impl From<&Faults> for Summary {
    fn from(faults: &Faults) -> Self {
        Self { faults: faults.clone() }
    }
}

crate::texts! {
    OPTIONAL: "(không bắt buộc)", "(optional)";
    CHOOSE: "Chọn", "Choose";
    REQUIRED: "Chưa có câu trả lời.", "There is no answer yet.";
}
