//! Money alone: what is owed, how it came, the ledger. Knows no dossier; an obligation carries a *subject* it doesn't interpret.
//!
//! An **obligation** is `due → paid | exempted | cancelled | replaced`, `paid → refunded`. A **basket** is the obligations of
//! one checkout. An **attempt** is one try to pay a basket one way ([`state`]). Notice, answer to our own question and the
//! cashier's hand all end in one [`settle`]: idempotent, inside one transaction that moves the states, posts to the
//! append-only [`ledger`] and tells the [`Listener`]. The browser's return only shows.
//!
//! To add a gateway `abc`, in this order:
//! 1. `payment/abc.rs` implements [`gateway::Gateway`]: `start` (the address the payer's browser goes to), `read` (a notice
//!    or a return, from the raw query text, its signature first), `ask` (our own question), with its golden vectors as tests.
//! 2. Its settings in `platform/config.rs`, all or none of them; composed into [`Payments`] in `app.rs`. The portal has one
//!    gateway at a time: a second beside it makes `Payments::gateway` a list, looked up by an attempt's `adapter`.
//! 3. Its return and notice addresses in `web/urls.rs`, with their doors (`Anyone`: a signature is the proof) in
//!    `web/doors.rs`; their routes in `payment/web.rs` and handlers in `payment/web/notice.rs`, answering as the gateway wants;
//!    the notice address beside VNPAY's in `web/layers.rs` (it never has a language before it).
//! 4. The origin of its page among the `form-action`s of `web/headers.rs`, or no browser will go there.
//! 5. The words of its codes in `text.rs`; its file in the list of `asvs_1_3_6` in `tests/portal/asvs.rs`, which names who
//!    may call addresses.
//!
//! Obligations, baskets, the ledger and [`settle`] stay as they are.

pub mod gateway;
pub mod jobs;
mod ledger;
pub mod model;
pub mod reference;
pub mod state;
mod store;
pub mod text;
pub mod vnpay;
mod web;

use crate::base::id::{AccountId, AttemptId, BasketId, ObligationId, PartyId, StaffId};
use crate::base::lang::Words;
use crate::base::money::Vnd;
use crate::base::random;
use crate::base::time::Moment;
use crate::platform::db::Tx;
use chrono::TimeDelta;
use gateway::{Gateway, Outcome, Report};
use model::{Attempt, Line, NewObligation, Obligation, ObligationState, SuspenseKind};
use state::{AttemptState, Step};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;

pub use store::{baskets_of, obligations_of_subject, refunds_of_subject};
pub use web::routes;

/// Told inside the transaction of `settle` that something a subject owed is met.
pub trait Listener: Send + Sync {
    fn met<'a>(&'a self, tx: &'a mut Tx, subject: Uuid, now: Moment) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>>;
}

/// The ways to pay and who listens; handed to handlers by the request.
#[derive(Clone)]
pub struct Payments {
    pub gateway: Option<Arc<dyn Gateway>>,
    pub listener: Arc<dyn Listener>,
    /// Cash at the counter: outside a demo off until receipts exist.
    pub cash: bool,
}

impl axum::extract::FromRequestParts<crate::platform::Portal> for Payments {
    type Rejection = crate::web::Error;
    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &crate::platform::Portal) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| anyhow::anyhow!("payments are not wired").into())
    }
}

/// Opens an obligation: due, or exempted at once where nothing remains to pay.
pub async fn open(tx: &mut Tx, new: &NewObligation, now: Moment) -> anyhow::Result<ObligationId> {
    let id = ObligationId::fresh();
    let state = if new.amount.is_zero() { ObligationState::Exempted } else { ObligationState::Due };
    store::insert_obligation(tx, id, new, state, now).await?;
    if state == ObligationState::Due {
        ledger::issued(tx, id, &new.unit, new.amount, now).await?;
    }
    Ok(id)
}

/// Why money facts can't be changed so.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("the obligation is {0}")]
    NotDue(ObligationState),
    #[error(transparent)]
    Broken(#[from] anyhow::Error),
}

impl From<sqlx::Error> for Refused {
    fn from(e: sqlx::Error) -> Self {
        Self::Broken(e.into())
    }
}

/// Ends what a subject owes: due obligations are cancelled; for paid ones a refund is asked, where `refund` says so.
pub async fn close_subject(tx: &mut Tx, subject: Uuid, reason: &str, by: &str, refund: bool, now: Moment) -> anyhow::Result<()> {
    for o in store::lock_subject(tx, subject).await? {
        if refund || o.state != ObligationState::Paid {
            cancel_locked(tx, &o, reason, by, now).await?;
        }
    }
    Ok(())
}

/// Waives a due obligation (row 37 of the workflow): replaced by one of nothing, whose words are the ground.
pub async fn waive(tx: &mut Tx, id: ObligationId, ground: &str, now: Moment) -> Result<(), Refused> {
    let o = store::lock_obligation(tx, id).await?;
    if o.state != ObligationState::Due {
        return Err(Refused::NotDue(o.state));
    }
    store::close_obligation(tx, o.id, ObligationState::Replaced, now).await?;
    ledger::withdrawn(tx, &o, "waived", now).await?;
    let none = NewObligation { amount: Vnd::default(), arithmetic: Words::same(ground), replaces: Some(o.id), ..NewObligation::like(&o) };
    open(tx, &none, now).await?;
    Ok(())
}

/// Ends one obligation whose condition is not met (row 34b of the workflow).
pub async fn cancel(tx: &mut Tx, id: ObligationId, reason: &str, by: &str, now: Moment) -> Result<(), Refused> {
    let o = store::lock_obligation(tx, id).await?;
    match o.state {
        ObligationState::Due | ObligationState::Paid => Ok(cancel_locked(tx, &o, reason, by, now).await?),
        other => Err(Refused::NotDue(other)),
    }
}

async fn cancel_locked(tx: &mut Tx, o: &Obligation, reason: &str, by: &str, now: Moment) -> anyhow::Result<()> {
    match o.state {
        ObligationState::Due => {
            store::close_obligation(tx, o.id, ObligationState::Cancelled, now).await?;
            ledger::withdrawn(tx, o, "cancelled", now).await?;
        }
        ObligationState::Paid => store::ask_refund_of_obligation(tx, o.id, o.amount, reason, by, now).await?,
        ObligationState::Exempted | ObligationState::Cancelled | ObligationState::Replaced | ObligationState::Refunded => {}
    }
    Ok(())
}

/// The claimed relief was not accepted: an unpaid obligation is replaced by the full one, beside a paid one the difference is opened.
pub async fn refuse_exemption(tx: &mut Tx, id: ObligationId, now: Moment) -> Result<(), Refused> {
    let o = store::lock_obligation(tx, id).await?;
    let missing = o.gross.checked_sub(o.amount).unwrap_or_default();
    if missing.is_zero() {
        return Ok(());
    }
    let full = |amount: Vnd, gross: Vnd| NewObligation { exemption: None, exemption_pending: false, amount, gross, replaces: Some(o.id), ..NewObligation::like(&o) };
    match o.state {
        ObligationState::Due | ObligationState::Exempted => {
            store::close_obligation(tx, o.id, ObligationState::Replaced, now).await?;
            if o.state == ObligationState::Due {
                ledger::withdrawn(tx, &o, "replaced", now).await?;
            }
            open(tx, &full(o.gross, o.gross), now).await?;
        }
        ObligationState::Paid => {
            open(tx, &full(missing, missing), now).await?;
        }
        other => return Err(Refused::NotDue(other)),
    }
    Ok(())
}

/// The proof of a claimed relief was accepted.
pub async fn confirm_exemption(tx: &mut Tx, subject: Uuid) -> anyhow::Result<()> {
    Ok(store::confirm_exemption(tx, subject).await?)
}

/// Puts due obligations of one party into a basket of their own; gives its token.
pub async fn basket(tx: &mut Tx, party: PartyId, by: Option<AccountId>, ids: &[ObligationId], now: Moment) -> Result<String, Refused> {
    let (basket, token) = (BasketId::fresh(), random::token());
    store::insert_basket(tx, basket, &token, party, by, now).await?;
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let o = match store::lock_obligation(tx, id).await {
            Err(sqlx::Error::RowNotFound) => return Err(Refused::NotDue(ObligationState::Cancelled)),
            found => found?,
        };
        if o.state != ObligationState::Due || o.party_id != party {
            return Err(Refused::NotDue(o.state));
        }
        store::insert_line(tx, basket, id, o.amount).await?;
    }
    Ok(token)
}

/// A second click on "pay" within this time is the same click.
const SAME_CLICK: TimeDelta = TimeDelta::seconds(10);

/// Makes an attempt on a basket: committed before the payer is sent anywhere, asked about by a job after its expiry.
pub async fn start(tx: &mut Tx, basket: BasketId, gateway: &dyn Gateway, details: serde_json::Value, now: Moment) -> Result<Attempt, Refused> {
    let lines = store::lock_lines(tx, basket).await?;
    let open: Vec<_> = lines.iter().filter(|l| l.state == ObligationState::Due).collect();
    if open.len() != lines.len() || open.is_empty() {
        let state = lines.iter().find(|l| l.state != ObligationState::Due).map_or(ObligationState::Cancelled, |l| l.state);
        return Err(Refused::NotDue(state));
    }
    let amount: Vnd = lines.iter().map(|l| l.amount).sum();
    let clicked = store::attempts_of_basket(tx, basket).await?.into_iter().find(|a| a.state == AttemptState::Open && a.adapter == gateway.adapter() && a.amount == amount);
    if let Some(same) = clicked.filter(|a| now - a.created_at < SAME_CLICK) {
        return Ok(same);
    }
    let expires = now + TimeDelta::minutes(gateway.expire_minutes());
    let attempt = Attempt::new(basket, gateway.adapter(), gateway.terminal(), amount, now, expires, details);
    store::insert_attempt(tx, &attempt).await?;
    let first = expires + TimeDelta::minutes(2);
    jobs::ask_at(tx, attempt.id, now, first).await?;
    Ok(attempt)
}

/// What `settle` found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Recorded now.
    Recorded,
    /// Known before; nothing changed.
    Before,
    /// Not finished; nothing changed.
    Nothing,
}

/// The one door for money: moves the attempt, its obligations and the ledger, once, whoever tells us first and however often.
pub async fn settle(tx: &mut Tx, listener: &dyn Listener, id: AttemptId, report: &Report, now: Moment) -> anyhow::Result<Settled> {
    let attempt = store::lock_attempt(tx, id).await?;
    match (report.outcome, report.amount) {
        (Outcome::Paid, Some(paid)) if paid != attempt.amount => {
            mismatch(tx, &attempt, report, paid, now).await?;
            return Ok(Settled::Recorded);
        }
        // "paid" without a readable sum is for people to look at
        (Outcome::Paid, None) => {
            tracing::warn!(attempt.reference, "ALERT: paid, says the gateway, but not how much");
            return Box::pin(settle(tx, listener, id, &Report { outcome: Outcome::Review, ..report.clone() }, now)).await;
        }
        _ => {}
    }
    match state::next(attempt.state, report.outcome) {
        Step::Nothing => Ok(Settled::Nothing),
        Step::Before => {
            if attempt.state == AttemptState::Paid && report.outcome != Outcome::Paid {
                tracing::warn!(attempt.reference, "ALERT: a failure was told after a success");
            }
            Ok(Settled::Before)
        }
        Step::To(AttemptState::Paid) => pay(tx, listener, &attempt, report, now).await,
        Step::To(to) => {
            store::move_attempt(tx, &attempt, to, report).await?;
            if to == AttemptState::UnderReview {
                tracing::warn!(attempt.reference, "ALERT: a payment is under review at the gateway");
            }
            Ok(Settled::Recorded)
        }
    }
}

async fn pay(tx: &mut Tx, listener: &dyn Listener, attempt: &Attempt, report: &Report, now: Moment) -> anyhow::Result<Settled> {
    if let Some(number) = &report.number
        && store::number_settled_another(tx, attempt, number).await?
    {
        tracing::warn!(attempt.reference, "ALERT: this transaction number has settled another attempt");
        store::move_attempt(tx, attempt, AttemptState::UnderReview, report).await?;
        return Ok(Settled::Recorded);
    }
    release_mismatch(tx, attempt, report, now).await?;
    store::settle_attempt(tx, attempt, report, now).await?;
    let lines = store::lock_lines(tx, attempt.basket_id).await?;
    let mut entry = ledger::Entry::new(&format!("{}-settled", attempt.reference), &lines.first().map_or_else(String::new, |l| l.unit.clone()));
    entry.debit(&attempt.money_account(), attempt.amount);
    let (due, closed): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|l| l.state == ObligationState::Due);
    store::pay_obligations(tx, attempt, &due, report.paid_at.unwrap_or(now), now).await?;
    for line in &due {
        entry.credit(&format!("assets:receivable:{}", line.unit), line.amount);
        entry.debit(&format!("liabilities:uncollected:{}", line.unit), line.amount);
        entry.credit(&format!("liabilities:budget:{}:{}", line.unit, line.kind.replace('_', "-")), line.amount);
    }
    for line in closed {
        let kind = match line.state {
            ObligationState::Paid | ObligationState::Refunded => SuspenseKind::Duplicate,
            _ => SuspenseKind::AfterClose,
        };
        hold(tx, Some(attempt.id), Some(line.id), kind, line.amount, now).await?;
        entry.credit(&format!("liabilities:suspense:{kind}"), line.amount);
    }
    let mut met: Vec<Uuid> = due.iter().map(|l| l.subject).collect();
    entry.post(tx, now).await?;
    met.sort_unstable();
    met.dedup();
    for subject in met {
        listener.met(tx, subject, now).await?;
    }
    Ok(Settled::Recorded)
}

/// Money that fits nowhere: kept in suspense, a refund proposed.
async fn hold(tx: &mut Tx, attempt: Option<AttemptId>, obligation: Option<ObligationId>, kind: SuspenseKind, amount: Vnd, now: Moment) -> anyhow::Result<()> {
    let id = Uuid::now_v7();
    store::insert_suspense(tx, id, attempt, obligation, kind, amount, now).await?;
    store::ask_refund_of_suspense(tx, id, amount, kind.as_str(), now).await?;
    Ok(())
}

/// The gateway says an amount was paid that is not ours: booked to suspense once, the obligation stays due.
async fn mismatch(tx: &mut Tx, attempt: &Attempt, report: &Report, paid: Vnd, now: Moment) -> anyhow::Result<()> {
    if attempt.state == AttemptState::Paid || !ledger::Entry::is_new(tx, &format!("{}-mismatch", attempt.reference)).await? {
        return Ok(());
    }
    store::move_attempt(tx, attempt, AttemptState::UnderReview, report).await?;
    let unit = store::lock_lines(tx, attempt.basket_id).await?.first().map_or_else(String::new, |l| l.unit.clone());
    let mut entry = ledger::Entry::new(&format!("{}-mismatch", attempt.reference), &unit);
    entry.debit(&attempt.money_account(), paid);
    entry.credit(&format!("liabilities:suspense:{}", SuspenseKind::Mismatch), paid);
    entry.post(tx, now).await?;
    hold(tx, Some(attempt.id), None, SuspenseKind::Mismatch, paid, now).await?;
    tracing::warn!(attempt.reference, "ALERT: the gateway took another amount than asked");
    Ok(())
}

/// The same transaction, told first with another sum: what was booked for that word is taken back before the true one is booked.
async fn release_mismatch(tx: &mut Tx, attempt: &Attempt, report: &Report, now: Moment) -> anyhow::Result<()> {
    let Some((id, held)) = store::mismatch_held(tx, attempt, report.number.as_deref()).await? else { return Ok(()) };
    let unit = store::lock_lines(tx, attempt.basket_id).await?.first().map_or_else(String::new, |l| l.unit.clone());
    let mut entry = ledger::Entry::new(&format!("{}-mismatch-released", attempt.reference), &unit);
    entry.debit(&format!("liabilities:suspense:{}", SuspenseKind::Mismatch), held);
    entry.credit(&attempt.money_account(), held);
    entry.post(tx, now).await?;
    store::allocate_suspense(tx, id, "the gateway told the true amount afterwards").await?;
    Ok(())
}

/// Who takes cash, and at whose counter.
pub struct Cashier<'a> {
    pub id: StaffId,
    pub name: &'a str,
    pub unit: &'a str,
}

/// Cash over the counter: one attempt, paid at once by the cashier's hand.
pub async fn take_cash(tx: &mut Tx, listener: &dyn Listener, party: PartyId, ids: &[ObligationId], cashier: &Cashier<'_>, now: Moment) -> Result<String, Refused> {
    let token = basket(tx, party, None, ids, now).await?;
    let basket = store::find_basket(tx, &token).await?.map(|b| b.id).ok_or_else(|| anyhow::anyhow!("the basket just made is gone"))?;
    let lines = store::lock_lines(tx, basket).await?;
    let amount: Vnd = lines.iter().map(|l| l.amount).sum();
    let attempt = Attempt::new(basket, "cash", cashier.unit, amount, now, now, serde_json::json!({ "cashier": cashier.id, "cashier_name": cashier.name }));
    store::insert_attempt(tx, &attempt).await?;
    let report = Report { outcome: Outcome::Paid, amount: Some(amount), code: "cash".to_owned(), number: None, paid_at: Some(now) };
    settle(tx, listener, attempt.id, &report, now).await?;
    Ok(token)
}

/// Asks the gateway about an attempt and settles what it says; None where it gave no believable answer.
pub async fn ask(db: &crate::platform::db::Db, payments: &Payments, id: AttemptId, now: Moment) -> anyhow::Result<Option<Settled>> {
    let mut conn = db.read().await?;
    let attempt = store::load_attempt(&mut conn, id).await?;
    drop(conn);
    let Some(gateway) = payments.gateway.as_ref().filter(|g| g.adapter() == attempt.adapter) else { return Ok(None) };
    if attempt.state == AttemptState::Paid {
        return Ok(Some(Settled::Before));
    }
    let answer = gateway.ask(&attempt, now).await;
    let mut tx = db.begin().await?;
    store::insert_notice(&mut tx, attempt.adapter.as_str(), "ask", "", answer.raw(), answer.verdict(), Some(id), now).await?;
    let settled = match answer {
        gateway::Answer::Told { report, .. } => Some(settle(&mut tx, &*payments.listener, id, &report, now).await?),
        gateway::Answer::NotFound { .. } => {
            // nobody heard of it: ours alone to close
            if now > attempt.expires_at + TimeDelta::minutes(15) {
                store::expire_attempt(&mut tx, id).await?;
            }
            Some(Settled::Nothing)
        }
        gateway::Answer::Unknown { .. } => None,
    };
    tx.commit().await?;
    Ok(settled)
}
