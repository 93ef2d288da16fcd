//! Floor 2: the page kit. What a page is, who visits, how a form is read, what an error looks like, what every answer carries.
//!
//! A handler extracts ([`extract`], [`form`], [`session`]), decides, writes, and shows a view ([`page`]) or redirects.
//! It returns [`Error`] for everything else; [`layers`] renders that in the visitor's language.

pub mod cache;
pub mod clean_up;
pub mod doors;
pub mod error;
pub mod extract;
pub mod field;
pub mod form;
pub mod headers;
pub mod layers;
pub mod limits;
pub mod page;
pub mod serve;
pub mod session;
pub mod statics;
mod store;
pub mod tabs;
pub mod text;
pub mod token;
pub mod urls;

pub use error::{Error, Result};
pub use page::Page;
