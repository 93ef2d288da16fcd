//! Who visits: signed-in sessions of citizens and of staff, and the limits of time they live under.
//!
//! A session is a random 128-bit cookie; the database knows its SHA-256 only. Citizens: 30 minutes idle, 12 hours in all;
//! on a shared computer 10 minutes and 1 hour; staff 60 minutes and 10 hours (OWASP ASVS 5.0, 7.3.1).

use super::error::{Error, Result};
use super::store;
use super::token;
use super::urls::{self, Link};
use crate::base::id::{AccountId, PartyId, StaffId};
use crate::base::random;
use crate::base::time::Moment;
use crate::platform::Portal;
use crate::platform::db::Tx;
use crate::text_enum;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use chrono::TimeDelta;
use serde::Deserialize;
use sha2::{Digest, Sha256};

text_enum! {
    /// Human roles of staff.
    Role {
        DeskClerk = "desk_clerk",
        Officer = "officer",
        SectionHead = "section_head",
        Leader = "leader",
        RecordsClerk = "records_clerk",
        Cashier = "cashier",
        ProcedureController = "procedure_controller",
        SystemAdmin = "system_admin",
    }
}

/// A signed-in citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    pub account: AccountId,
    /// Their own party: what they open belongs to it.
    pub party: PartyId,
    /// Organisations they are a live member of.
    pub organisations: Vec<Membership>,
    pub name: String,
    /// Identity level of the sign-in (NĐ 69/2024/NĐ-CP).
    pub level: i16,
    /// "Máy dùng chung": nothing may stay in the browser.
    pub shared: bool,
}

/// What a citizen may do for an organisation, read anew with every request: who has left is out at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Membership {
    pub party: PartyId,
    pub name: String,
    pub may_file: bool,
    pub may_pay: bool,
    pub sees_all: bool,
}

/// Whose things a list shows: all of a party's, or only what one account began there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    pub party: PartyId,
    pub only: Option<AccountId>,
}

impl Citizen {
    pub fn membership(&self, party: PartyId) -> Option<&Membership> {
        self.organisations.iter().find(|m| m.party == party)
    }

    /// What they see of a party's drafts and dossiers; none: nothing.
    pub fn sight(&self, party: PartyId) -> Option<Sight> {
        if self.party == party {
            return Some(Sight { party, only: None });
        }
        let m = self.membership(party).filter(|m| m.sees_all || m.may_file)?;
        Some(Sight { party, only: (!m.sees_all).then_some(self.account) })
    }

    /// Whether something of this party that `author` began is theirs to see.
    pub fn sees(&self, party: PartyId, author: Option<AccountId>) -> bool {
        self.sight(party).is_some_and(|s| s.only.is_none() || s.only == author)
    }

    /// Everything they may go on with: their own, and what they see of the organisations they file for.
    pub fn filing(&self) -> Vec<Sight> {
        std::iter::once(self.party).chain(self.organisations.iter().filter(|m| m.may_file).map(|m| m.party)).filter_map(|p| self.sight(p)).collect()
    }

    pub fn files_for(&self, party: PartyId) -> bool {
        self.party == party || self.membership(party).is_some_and(|m| m.may_file)
    }

    pub fn pays_for(&self, party: PartyId) -> bool {
        self.party == party || self.membership(party).is_some_and(|m| m.may_pay)
    }
}

/// A signed-in member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    pub id: StaffId,
    pub name: String,
    /// A unit of the places.
    pub unit: String,
    /// A room of the unit: `huyen/tu-phap`.
    pub office: Option<String>,
    pub roles: Vec<Role>,
}

impl Staff {
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

#[derive(Debug, Clone, Default)]
pub enum Visitor {
    #[default]
    Nobody,
    Citizen(Citizen),
    Staff(Staff),
}

/// The visitor and what form tokens are bound to; put into the request by the session layer.
#[derive(Debug, Clone, Default)]
pub struct Presence {
    pub visitor: Visitor,
    /// The session's cookie, or the visitor's before signing in.
    pub holder: String,
    pub session: Option<[u8; 32]>,
}

impl Presence {
    /// Who is here, for the mark of a page; empty: nobody.
    pub fn person(&self) -> String {
        match &self.visitor {
            Visitor::Nobody => String::new(),
            Visitor::Citizen(c) => c.account.to_string(),
            Visitor::Staff(s) => s.id.to_string(),
        }
    }

    /// The fields of a page whose token is of this session; else why they are not taken, with all but passwords.
    pub fn check(&self, key: &[u8; 32], token: &str, mut fields: Vec<(String, String)>) -> Result<Vec<(String, String)>> {
        let fit = token::fit(key, &self.holder, &self.person(), token);
        if fit == token::Fit::Yes {
            return Ok(fields);
        }
        fields.retain(|(name, _)| !name.contains("password"));
        let made_for = token::made_for(token).to_owned();
        Err(if fit == token::Fit::Another { Error::Another { fields, made_for } } else { Error::Stale { fields, made_for } })
    }
}

pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn cookie_name(portal: &Portal, staffless: &'static str) -> String {
    if portal.config.is_https() { format!("__Host-{staffless}") } else { staffless.to_owned() }
}

/// A cookie that leaves with the browser, for this host alone.
pub fn cookie(portal: &Portal, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((cookie_name(portal, name), value)).path("/").http_only(true).same_site(SameSite::Lax).secure(portal.config.is_https()).build()
}

pub const SESSION: &str = "motcua_s";
pub const VISITOR: &str = "motcua_v";
/// A device on which this account has signed in: its own wrong tries are counted apart from everybody else's.
pub const DEVICE: &str = "motcua_m";

pub fn read_cookie(portal: &Portal, jar: &CookieJar, name: &'static str) -> Option<String> {
    jar.get(&cookie_name(portal, name)).map(|c| c.value().to_owned()).filter(|v| v.len() == 32 && v.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Seconds idle and in all.
pub const fn life(staff: bool, shared: bool) -> (i64, i64) {
    match (staff, shared) {
        (true, _) => (60 * 60, 10 * 3600),
        (false, true) => (10 * 60, 3600),
        (false, false) => (30 * 60, 12 * 3600),
    }
}

/// Reads the session of a cookie; touches it at most once a minute.
pub async fn find(portal: &Portal, token: &str) -> sqlx::Result<Option<Visitor>> {
    let now = portal.clock.now();
    let mut conn = portal.db.read().await?;
    let id = hash(token);
    let Some(row) = store::find_session(&mut conn, &id, now).await? else { return Ok(None) };
    let (idle, _) = life(row.staff_id.is_some(), row.shared);
    if now - row.seen_at > TimeDelta::seconds(idle) {
        return Ok(None);
    }
    if now - row.seen_at > TimeDelta::seconds(60) {
        store::touch_session(&mut conn, &id, now).await?;
    }
    row.visitor().map(Some)
}

/// Who holds this session now: rights read anew, for what took long to arrive. None: it is over.
pub async fn now_held_by(conn: &mut sqlx::PgConnection, presence: &Presence, now: Moment) -> sqlx::Result<Option<Visitor>> {
    match presence.session {
        Some(id) => store::find_session(conn, &id, now).await?.map(SessionRow::visitor).transpose(),
        None => Ok(None),
    }
}

/// Opens a session for a citizen or a member of staff; gives the cookie's value.
pub async fn open(tx: &mut Tx, who: Who, shared: bool, agent: &str, now: Moment) -> sqlx::Result<String> {
    let token = random::token();
    let (_, all) = life(matches!(who, Who::Staff(_)), shared);
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(160).collect();
    store::insert_session(tx, &hash(&token), who, shared, &agent, now, now + TimeDelta::seconds(all)).await?;
    Ok(token)
}

/// Keeps in mind that this person has signed in here; gives the cookie's value. A mark that is ours stays (a family shares a
/// telephone), one that was planted doesn't.
pub async fn know_device(tx: &mut Tx, held: Option<&str>, who: Who, now: Moment) -> sqlx::Result<String> {
    let ours = match held {
        Some(mark) if store::device_is_ours(tx, &hash(mark)).await? => Some(mark.to_owned()),
        _ => None,
    };
    let mark = ours.unwrap_or_else(random::token);
    store::keep_device(tx, &hash(&mark), who, now).await?;
    Ok(mark)
}

/// Ends this person's sessions but the one named, and what their devices were known by.
pub async fn end_others(tx: &mut Tx, who: Who, but: Option<&[u8]>) -> sqlx::Result<()> {
    store::forget_devices(tx, who).await?;
    store::end_sessions(tx, who, but).await
}

#[derive(Debug, Clone, Copy)]
pub enum Who {
    Citizen(AccountId),
    Staff(StaffId),
}

impl Who {
    pub const fn ids(self) -> (Option<AccountId>, Option<StaffId>) {
        match self {
            Self::Citizen(account) => (Some(account), None),
            Self::Staff(staff) => (None, Some(staff)),
        }
    }
}

pub use store::{SessionRow, end_session, knows_device, sessions_of_account};

fn next_of(parts: &Parts) -> Link {
    let path = parts.uri.path_and_query().map_or("/", |p| p.as_str());
    // after a POST the page of the same address is shown
    urls::own_path(path).unwrap_or_else(|| urls::page(urls::HOME))
}

pub fn presence(parts: &Parts) -> Presence {
    parts.extensions.get::<Presence>().cloned().unwrap_or_default()
}

impl FromRequestParts<Portal> for Citizen {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self> {
        match presence(parts).visitor {
            Visitor::Citizen(c) => Ok(c),
            Visitor::Staff(_) | Visitor::Nobody => Err(Error::SignIn { next: next_of(parts), staff: false }),
        }
    }
}

impl FromRequestParts<Portal> for Staff {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self> {
        match presence(parts).visitor {
            Visitor::Staff(s) => Ok(s),
            // a citizen learns nothing of staff pages
            Visitor::Citizen(_) => Err(Error::NotFound),
            Visitor::Nobody => Err(Error::SignIn { next: next_of(parts), staff: true }),
        }
    }
}

impl FromRequestParts<Portal> for Presence {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self> {
        Ok(presence(parts))
    }
}
