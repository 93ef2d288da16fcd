//! What can go wrong, with two faces: words for the visitor, the cause chain for the log.

use crate::base::lang::{Text, Words};
use crate::web::urls::Link;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub type Result<T = Response, E = Error> = std::result::Result<T, E>;

/// The typed refusal of a request. `layers::show_errors` renders it in the visitor's language.
#[derive(Debug, Clone)]
pub enum Error {
    /// Also what belongs to somebody else: codes can't be probed.
    NotFound,
    /// Sign in first, then come back here.
    SignIn {
        next: Link,
        staff: bool,
    },
    Forbidden(Text),
    /// The rule that was broken, in words, and where to go on.
    Refused {
        words: Words,
        back: Option<Link>,
        /// What was typed, given back.
        kept: Vec<(Words, String)>,
    },
    /// The form's token doesn't fit (other session, expired): what was typed comes back with a fresh one.
    Stale {
        fields: Vec<(String, String)>,
        /// The mark of its page (`token::made_for`).
        made_for: String,
    },
    /// The page was made for another person than who is signed in now: nothing of it is stored or shown here.
    Another {
        fields: Vec<(String, String)>,
        made_for: String,
    },
    /// Changed meanwhile: by whom, when, what; typed words are kept.
    Moved {
        words: Words,
        kept: Vec<(Words, String)>,
        back: Link,
    },
    /// Too many tries; seconds to wait.
    TooMany(u32),
    TooLarge,
    /// The body can't be read as what it says it is.
    Bad(Words),
    /// The database is away or busy: come again.
    Busy,
    /// No room for papers: nothing of this one is kept, what was sent before is.
    Full,
    Broken(Arc<anyhow::Error>),
}

impl Error {
    pub fn refused(words: impl Into<Words>) -> Self {
        Self::Refused { words: words.into(), back: None, kept: Vec::new() }
    }

    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::Forbidden(_) | Self::Stale { .. } | Self::Another { .. } => StatusCode::FORBIDDEN,
            Self::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Moved { .. } => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Busy | Self::Full => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<anyhow::Error> for Error {
    fn from(e: anyhow::Error) -> Self {
        match e.downcast::<sqlx::Error>() {
            Ok(e) => e.into(),
            Err(e) => Self::Broken(Arc::new(e)),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(e: askama::Error) -> Self {
        Self::Broken(Arc::new(e.into()))
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        if matches!(e.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded) {
            tracing::error!("ALARM: no room for papers");
            return Self::Full;
        }
        Self::Broken(Arc::new(e.into()))
    }
}

impl From<sqlx::Error> for Error {
    fn from(e: sqlx::Error) -> Self {
        if is_away(&e) {
            tracing::warn!(error = e.to_string(), "the database is away or busy");
            return Self::Busy;
        }
        Self::Broken(Arc::new(e.into()))
    }
}

/// The database is starting, stopping, out of connections, or a lock was not to be had: nothing was done, come again.
pub fn is_away(e: &sqlx::Error) -> bool {
    match e {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(d) => {
            matches!(d.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "53300" | "55P03" | "57014" | "40001" | "40P01" | "25P03" | "53100"))
        }
        _ => false,
    }
}
