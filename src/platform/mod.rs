//! Floor 1: what the machine gives — settings, the database, jobs, mail, files.
//!
//! Knows no feature: a job's runner is registered from above, a letter comes with its words.

pub mod backup;
pub mod config;
pub mod db;
pub mod embedded;
pub mod files;
pub mod jobs;
pub mod mailer;
pub mod store;
pub mod together;

use crate::base::time::Clock;
use std::sync::Arc;

/// What every handler and job needs; cheap to clone.
#[derive(Clone)]
pub struct Portal {
    pub db: db::Db,
    pub clock: Clock,
    pub config: Arc<config::Config>,
    pub files: files::Files,
    /// Signs form tokens; kept in the database, so that all portals of it share it and a restart keeps pages alive.
    pub token_key: Arc<[u8; 32]>,
    /// The mark set by `motcua demo`, and nothing else.
    pub demo: bool,
    /// After a restore: whether letters and questions to gateways are held.
    pub hold: backup::Hold,
    /// Searches of each address, in memory.
    pub searches: Arc<governor::DefaultKeyedRateLimiter<std::net::IpAddr>>,
}
