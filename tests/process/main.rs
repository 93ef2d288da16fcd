//! The program itself: its commands and their refusals, what is left when it is killed, its copies, and its faults.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../portal/steps.rs"]
#[expect(dead_code, reason = "shared with the portal's tests")]
mod steps;
#[path = "../portal/world/mod.rs"]
#[expect(dead_code, reason = "shared with the portal's tests")]
mod world;

mod backup;
mod commands;
mod faults;
mod house;
mod journal;
mod killed;
mod log;
mod slow;
mod steady;
