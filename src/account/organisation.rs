//! Organisations: who may do what for whom.
//!
//! Whoever adds a tax code has a claim: an organisation of its own, *unconfirmed*, which shows what was filed through it and
//! nothing else; another who adds the same code has another claim. A clerk who has seen certificate and identity card
//! confirms one claim per code; later a new representative takes that one over, and every right given before ends with it
//! (domain: a change of the representative suspends the grants).
//! The representative invites people by their number: one link, seven days, for that person only. Rights are rows with
//! from and until, read with every request, so a leaver is out with his next click; what he began belongs to the
//! organisation. Each change is an event beside it. To add a right: a column of `membership`, its field of [`Rights`].

use super::jobs::{News, TellNews};
use super::model::{Account, Organisation, Rights};
use super::store;
use crate::base::id::{AccountId, InvitationId, PartyId, StaffId};
use crate::base::random;
use crate::base::time::Moment;
use crate::platform::db::Tx;
use crate::platform::jobs::enqueue;
use crate::web::session::hash;
use chrono::TimeDelta;

/// Days an invitation lives.
const INVITATION_DAYS: i64 = 7;

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("this account has added this tax code before")]
    AlreadyAdded,
    #[error("only the representative does this")]
    NotRepresentative,
    #[error("a claim to this code is confirmed already")]
    AlreadyConfirmed,
    #[error("no claim to this code is confirmed")]
    NoneConfirmed,
    #[error("this person is a member already")]
    AlreadyMember,
    #[error("an invitation without any right")]
    NoRight,
    #[error("the representative neither leaves nor loses rights: the counter names another")]
    IsRepresentative,
    #[error("the invitation was used")]
    Used,
    #[error("the invitation is over or was taken back")]
    Over,
    #[error("the invitation is for another person's number")]
    OtherPerson,
    #[error("no such member")]
    NoMember,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Who did it, for the events.
#[derive(Clone, Copy)]
pub enum By<'a> {
    Citizen(AccountId, &'a str),
    Staff(StaffId, &'a str),
}

/// A claim to a tax code; whoever makes it represents it until a clerk says otherwise.
pub async fn claim(tx: &mut Tx, a: &Account, name: &str, tax_code: &str, address: Option<&str>, now: Moment) -> Result<PartyId, Refused> {
    let party = PartyId::fresh();
    if !store::insert_organisation(tx, party, name, tax_code, address, a.id, now).await? {
        return Err(Refused::AlreadyAdded);
    }
    store::insert_membership(tx, party, a.id, Rights::ALL, true, now).await?;
    store::insert_organisation_event(tx, party, "claimed", By::Citizen(a.id, &a.full_name), "", "", now).await?;
    Ok(party)
}

/// A clerk has seen the certificate and the card of the claim's representative. The other claimants of the code are told.
pub async fn confirm(tx: &mut Tx, claim: PartyId, by: By<'_>, certificate: &str, now: Moment) -> Result<(), Refused> {
    let o = store::lock_organisation(tx, claim).await?.ok_or(Refused::NoMember)?;
    if store::confirmed_of(tx, &o.tax_code).await?.is_some() {
        return Err(Refused::AlreadyConfirmed);
    }
    store::confirm_organisation(tx, claim, certificate, now).await?;
    store::insert_organisation_event(tx, claim, "confirmed", by, "", certificate, now).await?;
    for other in store::claims_of(tx, &o.tax_code).await?.iter().filter(|x| x.party != claim) {
        enqueue(tx, &TellNews { account: other.claimant, news: News::Organisation }, now).await?;
    }
    Ok(())
}

/// The confirmed organisation of the claim's code gets this claimant as its representative: all earlier rights end.
pub async fn take_over(tx: &mut Tx, claim: PartyId, by: By<'_>, certificate: &str, now: Moment) -> Result<(), Refused> {
    let o = store::lock_organisation(tx, claim).await?.ok_or(Refused::NoMember)?;
    let confirmed = store::confirmed_of(tx, &o.tax_code).await?.filter(|c| c.party != claim).ok_or(Refused::NoneConfirmed)?;
    store::lock_organisation(tx, confirmed.party).await?;
    if confirmed.claimant == o.claimant {
        return Err(Refused::AlreadyConfirmed);
    }
    store::end_all_memberships(tx, confirmed.party, now).await?;
    store::insert_membership(tx, confirmed.party, o.claimant, Rights::ALL, true, now).await?;
    store::confirm_organisation(tx, confirmed.party, certificate, now).await?;
    store::insert_organisation_event(tx, confirmed.party, "taken_over", by, &o.claimant_name, certificate, now).await?;
    for told in [confirmed.claimant, o.claimant] {
        enqueue(tx, &TellNews { account: told, news: News::Organisation }, now).await?;
    }
    Ok(())
}

async fn represented(tx: &mut Tx, organisation: PartyId, account: AccountId) -> Result<Organisation, Refused> {
    store::lock_organisation(tx, organisation).await?.filter(|o| o.claimant == account).ok_or(Refused::NotRepresentative)
}

/// Invites the person with this number; gives the link's token. An earlier open invitation of the same person ends.
pub async fn invite(tx: &mut Tx, organisation: PartyId, by: &Account, number: &str, rights: Rights, now: Moment) -> Result<String, Refused> {
    represented(tx, organisation, by.id).await?;
    if rights == Rights::default() {
        return Err(Refused::NoRight);
    }
    if store::members_of(tx, organisation).await?.iter().any(|m| m.number == number) {
        return Err(Refused::AlreadyMember);
    }
    let token = random::token();
    store::revoke_invitations(tx, organisation, number, now).await?;
    store::insert_invitation(tx, InvitationId::fresh(), organisation, &hash(&token), number, rights, now, now + TimeDelta::days(INVITATION_DAYS)).await?;
    store::insert_organisation_event(tx, organisation, "invited", By::Citizen(by.id, &by.full_name), number, "", now).await?;
    Ok(token)
}

/// Takes an open invitation back.
pub async fn revoke(tx: &mut Tx, organisation: PartyId, by: &Account, invitation: InvitationId, now: Moment) -> Result<(), Refused> {
    represented(tx, organisation, by.id).await?;
    let number = store::revoke_invitation(tx, organisation, invitation, now).await?.ok_or(Refused::Over)?;
    store::insert_organisation_event(tx, organisation, "revoked", By::Citizen(by.id, &by.full_name), &number, "", now).await?;
    Ok(())
}

/// The invited person takes the invitation; nobody else can.
pub async fn accept(tx: &mut Tx, a: &Account, token: &str, now: Moment) -> Result<PartyId, Refused> {
    let i = store::lock_invitation(tx, &hash(token)).await?.ok_or(Refused::Over)?;
    if i.number != a.number() {
        return Err(Refused::OtherPerson);
    }
    if i.used_at.is_some() {
        return Err(Refused::Used);
    }
    if i.revoked_at.is_some() || i.expires_at <= now {
        return Err(Refused::Over);
    }
    store::lock_organisation(tx, i.organisation_id).await?;
    store::use_invitation(tx, i.id, now).await?;
    store::insert_membership(tx, i.organisation_id, a.id, i.rights(), false, now).await?;
    store::insert_organisation_event(tx, i.organisation_id, "joined", By::Citizen(a.id, &a.full_name), "", "", now).await?;
    Ok(i.organisation_id)
}

/// Gives a member other rights; without any he is out.
pub async fn set_rights(tx: &mut Tx, organisation: PartyId, by: &Account, member: AccountId, rights: Rights, now: Moment) -> Result<(), Refused> {
    represented(tx, organisation, by.id).await?;
    let name = end(tx, organisation, member, now).await?;
    let action = if rights == Rights::default() {
        "ended"
    } else {
        store::insert_membership(tx, organisation, member, rights, false, now).await?;
        "changed"
    };
    store::insert_organisation_event(tx, organisation, action, By::Citizen(by.id, &by.full_name), &name, "", now).await?;
    Ok(())
}

/// A member goes by himself.
pub async fn leave(tx: &mut Tx, organisation: PartyId, a: &Account, now: Moment) -> Result<(), Refused> {
    store::lock_organisation(tx, organisation).await?;
    end(tx, organisation, a.id, now).await?;
    store::insert_organisation_event(tx, organisation, "left", By::Citizen(a.id, &a.full_name), "", "", now).await?;
    Ok(())
}

/// Ends a membership; gives the member's name.
async fn end(tx: &mut Tx, organisation: PartyId, member: AccountId, now: Moment) -> Result<String, Refused> {
    let m = store::members_of(tx, organisation).await?.into_iter().find(|m| m.account == member).ok_or(Refused::NoMember)?;
    if m.representative {
        return Err(Refused::IsRepresentative);
    }
    store::end_membership(tx, organisation, member, now).await?;
    Ok(m.name)
}
