//! What a dossier owes: a pure function of procedure, case, channel, answers and claimed exemption.

use super::form::Answers;
use super::model::{Channel, Exemption, Fee, Procedure, Quantity};
use crate::base::lang::Words;
use crate::base::money::Vnd;
use serde_json::Value;

/// One fee with its arithmetic. `amount` None: an officer assesses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    pub fee: String,
    pub name: Words,
    pub kind: String,
    pub quantity: Option<i64>,
    pub gross: Option<Vnd>,
    pub amount: Option<Vnd>,
    /// "3 × 8.000"
    pub arithmetic: Words,
    pub exemption: Option<String>,
    pub collect_at: i16,
}

/// What a dossier with these answers owes through this channel. A charge of nothing is no charge.
pub fn charges(p: &Procedure, case: Option<&str>, answers: &Answers, channel: Channel, exemption: Option<&Exemption>) -> Vec<Charge> {
    p.fees.iter().filter(|f| f.cases.is_empty() || case.is_some_and(|c| f.cases.iter().any(|x| x == c))).filter_map(|f| charge(p, f, answers, channel, exemption)).collect()
}

fn charge(p: &Procedure, f: &Fee, answers: &Answers, channel: Channel, exemption: Option<&Exemption>) -> Option<Charge> {
    let base = Charge { fee: f.id.clone(), name: f.words(), kind: f.kind.clone(), quantity: None, gross: None, amount: None, arithmetic: Words::default(), exemption: None, collect_at: f.collect_at };
    if f.assessed {
        return Some(base);
    }
    let (quantity, total, arithmetic) = if let Some(tiers) = &f.tiers {
        let q = f.quantity.as_ref()?;
        let (mut n, mut total) = (0, 0_i64);
        for row in rows(answers, q) {
            let pages = cell(row, q.columns.first()?);
            let count = cell(row, q.columns.get(1)?);
            let (mut one, mut low) = (0_i64, 0);
            for t in tiers {
                let top = t.to_page.map_or(pages, |to| pages.min(to));
                one = one.checked_add((top - low).max(0).checked_mul(t.each_vnd)?)?;
                low = low.max(top);
            }
            n += count;
            total = total.checked_add(count.checked_mul(f.cap_vnd.map_or(one, |cap| one.min(cap)))?)?;
        }
        (n, total, crate::words!("{n} bản theo số trang", "{n} copies by pages"))
    } else {
        let price = f.price(p, channel)?.get();
        let n = f.quantity.as_ref().map_or(1, |q| (count(answers, q) - q.from).max(0));
        let total = n.checked_mul(price)?;
        let each = Vnd::dong(price).grouped();
        (n, total, Words::same(if f.quantity.is_some() { format!("{n} × {each}") } else { String::new() }))
    };
    if total <= 0 {
        return None;
    }
    let gross = Vnd::dong(total);
    let relief = exemption.filter(|e| f.exempt.contains(&e.id));
    let amount = relief.map_or(gross, |e| gross.less_percent(e.percent));
    let arithmetic = match relief {
        None => arithmetic,
        Some(e) => {
            let off = e.percent;
            let sum = |w: &str| if w.is_empty() { gross.grouped() } else { format!("{w} = {}", gross.grouped()) };
            Words::new(format!("{}, giảm {off}%", sum(&arithmetic.vi)), format!("{}, {off}% off", sum(&arithmetic.en)))
        }
    };
    Some(Charge { quantity: Some(quantity), gross: Some(gross), amount: Some(amount), arithmetic, exemption: relief.map(|e| e.id.clone()), ..base })
}

fn rows<'a>(answers: &'a Answers, q: &Quantity) -> &'a [Value] {
    q.table.as_ref().and_then(|t| answers.get(t)).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn cell(row: &Value, column: &str) -> i64 {
    row.get(column).map_or(0, whole)
}

/// A count as answered; what is no whole number yet counts as nothing.
fn whole(v: &Value) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "counts of forms are small whole numbers")]
    v.as_i64().or_else(|| v.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 1e9).map(|f| f as i64)).unwrap_or(0).max(0)
}

fn count(answers: &Answers, q: &Quantity) -> i64 {
    if let Some(field) = &q.field {
        return answers.get(field).map_or(0, whole);
    }
    rows(answers, q).iter().map(|row| q.columns.iter().map(|c| cell(row, c)).product::<i64>()).sum()
}

/// The sum of what can be computed.
pub fn total(charges: &[Charge]) -> Vnd {
    charges.iter().filter_map(|c| c.amount).sum()
}
