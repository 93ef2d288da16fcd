//! Floor 5: the sample world, made through the use-cases with a moved clock, and the gateway simulator.
//!
//! A demo is a mark in the database, set by `motcua demo fill` and nothing else.

mod business;
mod fate;
pub mod gateway;
pub mod people;
mod store;
pub mod world;
