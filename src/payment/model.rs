//! Obligations, attempts and what stands in suspense.

use super::reference;
use super::state::AttemptState;
use crate::base::id::{AccountId, AttemptId, BasketId, ObligationId, PartyId};
use crate::base::lang::Words;
use crate::base::money::Vnd;
use crate::base::time::Moment;
use crate::text_enum;
use uuid::Uuid;

text_enum! {
    ObligationState { Due = "due", Paid = "paid", Exempted = "exempted", Cancelled = "cancelled", Replaced = "replaced", Refunded = "refunded" }
}

text_enum! {
    SuspenseKind {
        Overpaid = "overpaid", Short = "short", Duplicate = "duplicate", AfterClose = "after-close", Unmatched = "unmatched",
        Ambiguous = "ambiguous", CashOver = "cash-over", Mismatch = "mismatch",
    }
}

/// One fee of one subject, with its frozen words and arithmetic.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Obligation {
    pub id: ObligationId,
    pub subject: Uuid,
    pub party_id: PartyId,
    pub payer_account: Option<AccountId>,
    pub unit: String,
    /// What the payer knows it by: the dossier's code and the procedure's name.
    pub code: String,
    pub title: String,
    pub title_en: String,
    /// Whom the dossier is about.
    pub about: String,
    pub fee: String,
    pub fee_name: String,
    pub fee_name_en: String,
    pub kind: String,
    pub gross: Vnd,
    pub amount: Vnd,
    pub arithmetic: serde_json::Value,
    pub exemption: Option<String>,
    pub exemption_pending: bool,
    pub collect_at: i16,
    pub pay_due: Option<Moment>,
    pub state: ObligationState,
    pub created_at: Moment,
    pub paid_at: Option<Moment>,
    pub paid_by: Option<String>,
    /// The unit at whose counter it may be paid in cash.
    pub counter: String,
}

impl Obligation {
    pub fn title_words(&self) -> Words {
        Words::new(&self.title, &self.title_en)
    }
    pub fn fee_words(&self) -> Words {
        Words::new(&self.fee_name, &self.fee_name_en)
    }
    pub fn arithmetic_words(&self) -> Words {
        serde_json::from_value(self.arithmetic.clone()).unwrap_or_default()
    }
    pub const fn is_due(&self) -> bool {
        matches!(self.state, ObligationState::Due)
    }
}

#[derive(Debug, Clone)]
pub struct NewObligation {
    pub subject: Uuid,
    pub party: PartyId,
    pub payer: Option<AccountId>,
    pub unit: String,
    pub counter: String,
    pub code: String,
    pub title: Words,
    pub about: String,
    pub fee: String,
    pub fee_name: Words,
    pub kind: String,
    pub gross: Vnd,
    pub amount: Vnd,
    pub arithmetic: Words,
    pub exemption: Option<String>,
    pub exemption_pending: bool,
    pub collect_at: i16,
    pub pay_due: Option<Moment>,
    pub replaces: Option<ObligationId>,
}

impl NewObligation {
    pub fn like(o: &Obligation) -> Self {
        Self {
            subject: o.subject,
            party: o.party_id,
            payer: o.payer_account,
            unit: o.unit.clone(),
            counter: o.counter.clone(),
            code: o.code.clone(),
            title: o.title_words(),
            about: o.about.clone(),
            fee: o.fee.clone(),
            fee_name: o.fee_words(),
            kind: o.kind.clone(),
            gross: o.gross,
            amount: o.amount,
            arithmetic: o.arithmetic_words(),
            exemption: o.exemption.clone(),
            exemption_pending: o.exemption_pending,
            collect_at: o.collect_at,
            pay_due: o.pay_due,
            replaces: None,
        }
    }
}

/// One try to pay a basket one way.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Attempt {
    pub id: AttemptId,
    pub basket_id: BasketId,
    pub adapter: String,
    pub terminal: String,
    pub reference: String,
    pub amount: Vnd,
    pub state: AttemptState,
    pub created_at: Moment,
    pub expires_at: Moment,
    /// What the adapter needs again: the words it was started with.
    pub details: serde_json::Value,
    pub their_code: Option<String>,
    pub their_number: Option<String>,
    pub paid_at: Option<Moment>,
}

impl Attempt {
    pub fn new(basket: BasketId, adapter: &str, terminal: &str, amount: Vnd, now: Moment, expires: Moment, details: serde_json::Value) -> Self {
        Self {
            id: AttemptId::fresh(),
            basket_id: basket,
            adapter: adapter.to_owned(),
            terminal: terminal.to_owned(),
            reference: reference::fresh(),
            amount,
            state: AttemptState::Open,
            created_at: now,
            expires_at: expires,
            details,
            their_code: None,
            their_number: None,
            paid_at: None,
        }
    }

    /// Where its money stands until the bank's day.
    pub fn money_account(&self) -> String {
        if self.adapter == "cash" { format!("assets:drawer:{}", self.terminal) } else { format!("assets:clearing:{}:{}", self.adapter, self.terminal) }
    }
}

/// A line of a basket with its obligation's state now.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Line {
    pub id: ObligationId,
    pub subject: Uuid,
    pub unit: String,
    pub kind: String,
    pub code: String,
    pub title: String,
    pub title_en: String,
    pub about: String,
    pub fee_name: String,
    pub fee_name_en: String,
    pub amount: Vnd,
    pub state: ObligationState,
    /// Who filed what it is for.
    pub payer_account: Option<AccountId>,
    pub counter: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Basket {
    pub id: BasketId,
    pub token: String,
    pub party_id: PartyId,
    pub created_at: Moment,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Suspense {
    pub id: Uuid,
    pub kind: SuspenseKind,
    pub amount: Vnd,
    pub state: String,
    pub at: Moment,
    pub reference: Option<String>,
    pub code: Option<String>,
    pub refund_state: Option<String>,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Refund {
    pub amount: Vnd,
    pub reason: String,
    pub state: String,
    pub at: Moment,
}
