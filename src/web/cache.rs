//! How long an answer may be kept: a word, never a header.

use axum::http::HeaderValue;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Pages of a signed-in person, forms, errors: nowhere.
    Nowhere,
    /// Public pages: kept, but asked again each time.
    AskAgain,
    /// Static files with a digest in their name: for a year.
    Forever,
}

impl Cache {
    pub const fn header(self) -> HeaderValue {
        match self {
            Self::Nowhere => HeaderValue::from_static("no-store"),
            Self::AskAgain => HeaderValue::from_static("no-cache, private"),
            Self::Forever => HeaderValue::from_static("public, max-age=31536000, immutable"),
        }
    }
}
