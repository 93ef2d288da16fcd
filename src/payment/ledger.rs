//! The ledger: append-only entries that sum to zero, each under a unique event, so that posting twice is impossible.

use super::model::Obligation;
use super::store;
use crate::base::id::ObligationId;
use crate::base::money::Vnd;
use crate::base::time::{self, Moment};
use crate::platform::db::Tx;
use std::collections::BTreeMap;

/// An entry being put together: debits positive, credits negative.
pub struct Entry {
    event: String,
    unit: String,
    postings: BTreeMap<String, i64>,
}

impl Entry {
    pub fn new(event: &str, unit: &str) -> Self {
        Self { event: event.to_owned(), unit: unit.to_owned(), postings: BTreeMap::new() }
    }

    pub fn debit(&mut self, account: &str, amount: Vnd) {
        *self.postings.entry(account.to_owned()).or_default() += amount.get();
    }

    pub fn credit(&mut self, account: &str, amount: Vnd) {
        *self.postings.entry(account.to_owned()).or_default() -= amount.get();
    }

    pub async fn is_new(tx: &mut Tx, event: &str) -> sqlx::Result<bool> {
        store::event_is_new(tx, event).await
    }

    pub async fn post(self, tx: &mut Tx, now: Moment) -> sqlx::Result<()> {
        let postings: Vec<(String, i64)> = self.postings.into_iter().filter(|(_, n)| *n != 0).collect();
        store::insert_entry(tx, time::day(now), &self.event, &self.unit, &postings, now).await
    }
}

pub async fn issued(tx: &mut Tx, id: ObligationId, unit: &str, amount: Vnd, now: Moment) -> sqlx::Result<()> {
    let mut entry = Entry::new(&format!("{id}-issued"), unit);
    entry.debit(&format!("assets:receivable:{unit}"), amount);
    entry.credit(&format!("liabilities:uncollected:{unit}"), amount);
    entry.post(tx, now).await
}

/// An open obligation ends without money: cancelled or replaced.
pub async fn withdrawn(tx: &mut Tx, o: &Obligation, how: &str, now: Moment) -> sqlx::Result<()> {
    let mut entry = Entry::new(&format!("{}-{how}", o.id), &o.unit);
    entry.debit(&format!("liabilities:uncollected:{}", o.unit), o.amount);
    entry.credit(&format!("assets:receivable:{}", o.unit), o.amount);
    entry.post(tx, now).await
}
