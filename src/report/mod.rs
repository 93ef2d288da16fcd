//! Figures and pages for everybody: home, public statistics, help, the privacy notice, operations.
//!
//! Every number is a query over facts of events, with its definition and as-of time beside it; [`fold`] counts once a minute.

pub mod check;
pub mod fold;
pub mod help;
mod store;
mod text;
mod web;

pub use web::routes;
