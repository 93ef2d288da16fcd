//! What a clerk ticks: each component with its files, each answer of the form, and the words the person will read.

use crate::base::id::PaperId;
use crate::base::lang::Words;
use crate::catalogue::Catalogue;
use crate::catalogue::form::Form;
use crate::catalogue::model::{APPLICATION_FORM, Component, Procedure};
use crate::desk::text as t;
use crate::dossier::model::{Check, Dossier, Paper};
use crate::dossier::{self, AnswerLine, answer_lines};
use crate::web::urls::{self, Link};
use std::collections::HashMap;

pub struct FileLine {
    pub name: String,
    pub view: Link,
    pub shown: bool,
    pub old: bool,
    pub declared: Option<String>,
}

pub struct Item {
    pub key: String,
    pub name: Words,
    pub files: Vec<FileLine>,
    pub fine: bool,
    pub mend: bool,
    pub note: String,
    /// What is saved: sent back with the page, so that only what was touched is written.
    pub was: String,
}

pub struct Answer {
    pub line: AnswerLine,
    pub key: String,
    pub mend: bool,
    pub note: String,
    pub was: String,
}

fn was(key: &str, checks: &[Check]) -> String {
    checks.iter().find(|k| k.item == key).map(|k| format!("{}{}", if k.fine { "dat" } else { "sua" }, k.note)).unwrap_or_default()
}

/// A tick as typed just now, else as saved: fine, to be mended, and the note.
fn tick(key: &str, checks: &[Check], typed: &HashMap<String, String>) -> (bool, bool, String) {
    let saved = checks.iter().find(|k| k.item == key);
    let (fine, mend) = match typed.get(&format!("c:{key}")).map(String::as_str) {
        Some(x) => (x == "dat", x == "sua"),
        None => (saved.is_some_and(|k| k.fine), saved.is_some_and(|k| !k.fine)),
    };
    let note = typed.get(&format!("n:{key}")).filter(|n| !n.is_empty()).cloned();
    (fine, mend, note.unwrap_or_else(|| saved.map(|k| k.note.clone()).unwrap_or_default()))
}

#[expect(clippy::too_many_arguments, reason = "a dossier's own rows, read once")]
pub fn of(c: &Catalogue, d: &Dossier, p: &Procedure, form: Option<&Form>, papers: &[Paper], checks: &[Check], shown: Option<PaperId>, typed: &HashMap<String, String>) -> (Vec<Item>, Vec<Answer>) {
    let mut components: Vec<&str> = p.components.iter().filter(|x| x.is_filed() && x.id != APPLICATION_FORM && x.in_case(d.procedure_case.as_deref())).map(|x| x.id.as_str()).collect();
    for x in papers {
        if !components.contains(&x.component.as_str()) {
            components.push(&x.component);
        }
    }
    let name_of = |id: &str| p.components.iter().find(|x| x.id == id).map_or_else(|| if id == dossier::filing::slots::PROOF { t::EXEMPTION.into() } else { Words::same(id) }, Component::words);
    let file = |x: &Paper| FileLine {
        name: x.name.clone(),
        view: urls::paper(&x.id),
        shown: shown == Some(x.id),
        old: x.replaced_at.is_some(),
        declared: x.declared.as_ref().map(|y| format!("{}, {}, {}", y.0.number, y.0.issuer, y.0.date)),
    };
    let items = components
        .iter()
        .map(|id| {
            let key = format!("p:{id}");
            let (fine, mend, note) = tick(&key, checks, typed);
            Item { name: name_of(id), files: papers.iter().filter(|x| x.component == **id).map(file).collect(), fine, mend, note, was: was(&key, checks), key }
        })
        .collect();
    let answers = form
        .map(|f| answer_lines(c, f, &d.answers.0))
        .unwrap_or_default()
        .into_iter()
        .map(|line| {
            let key = format!("q:{}", line.question);
            let (_, mend, note) = tick(&key, checks, typed);
            Answer { was: was(&key, checks), line, key, mend, note }
        })
        .collect();
    (items, answers)
}
