//! Một Cửa: find a procedure, file a dossier, pay, follow it, receive the result.
//!
//! The house stands on floors. A module may import from a lower floor, or from a sibling listed before it here; never
//! upward, and never another feature's private files (`store`, `web`). `tests/floors.rs` reads the imports and holds the law.

// floor 0: pure values and rules
pub mod base;
// floor 1: what the machine gives
pub mod platform;
// floor 2: the page kit
pub mod web;
// floor 3a: what is offered
pub mod catalogue;
// floor 3b: who asks, what is owed
pub mod account;
pub mod payment;
// floor 4a: the heart
pub mod dossier;
// floor 4b: the staff's rooms, words sent out, figures
pub mod desk;
pub mod notification;
pub mod report;
// floor 5: the composition
pub mod app;
pub mod cli;
pub mod demo;
