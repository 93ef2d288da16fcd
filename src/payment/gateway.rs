//! What a gateway is: three verbs. Its units, clocks and spellings end at its own file.

use super::model::Attempt;
use crate::base::lang::Lang;
use crate::base::money::Vnd;
use crate::base::time::Moment;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

/// What became of a try to pay, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Paid,
    Failed,
    Cancelled,
    /// Money may have moved; people look at it.
    Review,
    Unfinished,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub outcome: Outcome,
    /// Whole đồng; None where the text was no amount.
    pub amount: Option<Vnd>,
    /// The gateway's own code, kept and shown.
    pub code: String,
    /// The gateway's number of the transaction; `0` and empty are None.
    pub number: Option<String>,
    pub paid_at: Option<Moment>,
}

/// A notice or return that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub terminal: String,
    pub reference: String,
    pub report: Report,
}

/// Why what came in can't be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forged {
    /// No parameter of the gateway at all.
    Empty,
    /// Signed, but it says of no payment how it ended.
    Incomplete,
    Signature,
}

/// The answer to our own question.
#[derive(Debug)]
pub enum Answer {
    Told {
        report: Report,
        raw: String,
    },
    /// The payer never reached the gateway.
    NotFound {
        raw: String,
    },
    /// No answer, or none to believe: change nothing.
    Unknown {
        raw: String,
        why: String,
    },
}

impl Answer {
    pub fn raw(&self) -> &str {
        match self {
            Self::Told { raw, .. } | Self::NotFound { raw } | Self::Unknown { raw, .. } => raw,
        }
    }
    pub fn verdict(&self) -> &str {
        match self {
            Self::Told { .. } => "told",
            Self::NotFound { .. } => "not found",
            Self::Unknown { why, .. } => why,
        }
    }
}

pub trait Gateway: Send + Sync {
    fn adapter(&self) -> &'static str;
    fn terminal(&self) -> &str;
    fn expire_minutes(&self) -> i64;
    /// The least and the first too large sum of one payment.
    fn bounds(&self) -> (Vnd, Vnd);
    /// Where the payer's browser goes.
    fn start(&self, attempt: &Attempt, payer: IpAddr, lang: Lang) -> String;
    /// Reads a notice or a return from the raw query text.
    fn read(&self, query: &str) -> Result<Notice, Forged>;
    fn ask<'a>(&'a self, attempt: &'a Attempt, now: Moment) -> Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;
}
