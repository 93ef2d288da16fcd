//! The portal in real Chromium: the journeys, and axe over every kind of page.
#![expect(clippy::unwrap_used, reason = "tests")]

mod browser;
mod business;
mod heard;
mod keys;
mod lines;
mod pages;
mod people;
#[path = "../portal/samples.rs"]
#[expect(dead_code, reason = "shared with the portal's tests")]
mod samples;
#[path = "../portal/steps.rs"]
#[expect(dead_code, reason = "shared with the portal's tests")]
mod steps;
mod walks;
#[path = "../portal/world/mod.rs"]
#[expect(dead_code, reason = "shared with the portal's tests")]
mod world;
