//! The staff's rooms: the queue, the check page, deciding, returning. Reads widely, writes only through `dossier::acts`.
//!
//! Every role sees the same list, with tabs by what it can do next; what a button may do comes from `dossier::state`.

mod store;
mod text;
mod web;

pub use web::routes;
