//! Tabs of a list that shows one party's things at a time: one's own, or an organisation's.

use super::extract::Query;
use super::session::Citizen;
use super::text as t;
use super::urls::{self, Link};
use crate::base::id::PartyId;
use crate::base::lang::Words;

pub struct Tab {
    pub link: Link,
    pub words: Words,
    pub now: bool,
}

/// Whose things an address asks for; one's own where it names nobody.
pub fn asked(query: &Query, citizen: &Citizen) -> PartyId {
    query.get("cho").and_then(|p| p.parse().ok()).unwrap_or(citizen.party)
}

/// The list of one party's things.
pub fn of_party(list: &str, citizen: &Citizen, party: PartyId) -> Link {
    if party == citizen.party { urls::page(list) } else { urls::page(list).with("cho", &party.to_string()) }
}

/// A tab for oneself and each organisation one has the right for; none where there is only oneself.
pub fn tabs(list: &str, citizen: &Citizen, party: PartyId, may: impl Fn(PartyId) -> bool) -> Vec<Tab> {
    let others: Vec<_> = citizen.organisations.iter().filter(|m| may(m.party)).collect();
    if others.is_empty() {
        return Vec::new();
    }
    let own = Tab { link: urls::page(list), words: t::OWN.into(), now: party == citizen.party };
    std::iter::once(own).chain(others.into_iter().map(|m| Tab { link: of_party(list, citizen, m.party), words: Words::same(&m.name), now: party == m.party })).collect()
}
