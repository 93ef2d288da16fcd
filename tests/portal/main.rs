//! What the portal does, in its users' words: through the router, against a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "tests")]

mod account;
mod answers;
mod asvs;
mod course;
mod demo;
mod desk;
mod filing;
mod gateway;
mod letters;
mod notices;
mod organisation;
mod pages;
mod payment;
mod rights;
mod samples;
mod security;
mod size;
mod steps;
mod throttles;
mod time;
mod twice;
mod uploads;
mod world;
