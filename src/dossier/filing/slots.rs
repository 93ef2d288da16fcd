//! The papers step: one slot for each paper that this case and these answers ask for.

use crate::base::lang::Words;
use crate::catalogue::form::{Answers, Form, Kind};
use crate::catalogue::model::{APPLICATION_FORM, Exemption, Procedure};
use crate::dossier::model::Paper;

/// Megabytes of a file where the form doesn't say less.
const MOST_MB: u64 = 20;
/// The slot of the proof of a claimed relief.
pub const PROOF: &str = "giay-mien-giam";

#[derive(Debug, Clone)]
pub struct Slot {
    pub component: String,
    pub question: Option<String>,
    pub name: Words,
    pub help: Option<Words>,
    pub required: bool,
    pub accept: Vec<String>,
    pub max_mb: u64,
    /// The database that may supply it, where that exchange is switched on: it may be declared instead of sent.
    pub declarable: Option<String>,
}

impl Slot {
    /// Where a slot's papers are told apart from another's of the same component.
    pub fn key(&self) -> String {
        self.question.as_ref().map_or_else(|| self.component.clone(), |q| format!("{}.{q}", self.component))
    }

    pub fn holds(&self, p: &Paper) -> bool {
        p.replaced_at.is_none() && p.component == self.component && p.question == self.question
    }
}

/// Which exchanges are switched on; a setting.
pub struct Exchanges(pub Vec<String>);

pub fn slots(p: &Procedure, form: Option<&Form>, case: Option<&str>, answers: &Answers, exemption: Option<&Exemption>, on: &Exchanges) -> Vec<Slot> {
    let usual = || ["pdf", "jpg", "jpeg", "png"].map(str::to_owned).to_vec();
    let declarable = |source: Option<&str>| source.filter(|s| on.0.iter().any(|x| x == s)).map(str::to_owned);
    let mut out = Vec::new();
    for c in p.components.iter().filter(|c| c.is_filed() && (c.id != APPLICATION_FORM || form.is_none())) {
        let mut asked = false;
        for s in form.map_or(&[][..], |f| &f.sections) {
            for q in s.fields.iter().filter(|q| q.kind == Kind::File && q.source_component == c.id) {
                asked = true;
                if Form::is_asked(s, q, answers) {
                    out.push(Slot {
                        component: c.id.clone(),
                        question: Some(q.id.clone()),
                        name: q.words(),
                        help: q.help_words(),
                        required: q.required,
                        accept: q.accept.clone(),
                        max_mb: q.max_mb.unwrap_or(MOST_MB).min(MOST_MB),
                        declarable: declarable(c.state_already_has.as_deref()),
                    });
                }
            }
        }
        if !asked && c.in_case(case) {
            out.push(Slot {
                component: c.id.clone(),
                question: None,
                name: c.words(),
                help: None,
                required: c.required,
                accept: usual(),
                max_mb: MOST_MB,
                declarable: declarable(c.state_already_has.as_deref()),
            });
        }
    }
    if let Some(e) = exemption {
        out.push(Slot {
            component: PROOF.to_owned(),
            question: None,
            name: e.proof_component.words(),
            help: None,
            required: true,
            accept: usual(),
            max_mb: MOST_MB,
            declarable: declarable(e.state_already_has.as_deref()),
        });
    }
    out
}

/// Slots that must be filled and aren't.
pub fn missing<'a>(slots: &'a [Slot], papers: &[Paper]) -> Vec<&'a Slot> {
    slots.iter().filter(|s| s.required && !papers.iter().any(|p| s.holds(p))).collect()
}
