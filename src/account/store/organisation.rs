//! SQL of organisations, memberships, invitations and their events.

use crate::account::model::{Invitation, Member, Organisation, OrganisationEvent, Rights};
use crate::account::organisation::By;
use crate::base::id::{AccountId, InvitationId, PartyId};
use crate::base::time::Moment;
use crate::platform::db::Tx;
use sqlx::PgConnection;

/// An organisation with its representative (a confirmed one whose representative was replaced has the new one).
macro_rules! organisation {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select o.party_id as party, p.name, o.tax_code, o.confirmed_at, o.certificate, o.address->>'text' as address, p.created_at,
                    a.id as claimant, a.full_name as claimant_name, coalesce(a.personal_number, a.passport) as claimant_number
             from organisation o
             join party p on p.id = o.party_id
             join membership m on m.organisation_id = o.party_id and m.representative and m.until_at is null
             join account a on a.id = m.account_id ",
            $tail
        ))
    };
}

pub async fn find_organisation(conn: &mut PgConnection, party: PartyId) -> sqlx::Result<Option<Organisation>> {
    organisation!("where o.party_id = $1").bind(party).fetch_optional(conn).await
}

pub async fn lock_organisation(tx: &mut Tx, party: PartyId) -> sqlx::Result<Option<Organisation>> {
    sqlx::query("select from organisation where party_id = $1 for update").bind(party).execute(&mut **tx).await?;
    find_organisation(tx, party).await
}

/// Every claim to a tax code, the oldest first.
pub async fn claims_of(conn: &mut PgConnection, tax_code: &str) -> sqlx::Result<Vec<Organisation>> {
    organisation!("where o.tax_code = $1 order by p.created_at").bind(tax_code).fetch_all(conn).await
}

pub async fn confirmed_of(conn: &mut PgConnection, tax_code: &str) -> sqlx::Result<Option<Organisation>> {
    organisation!("where o.tax_code = $1 and o.confirmed_at is not null").bind(tax_code).fetch_optional(conn).await
}

/// Those an account is a live member of, by name.
pub async fn organisations_of(conn: &mut PgConnection, account: AccountId) -> sqlx::Result<Vec<Organisation>> {
    organisation!("where o.party_id in (select organisation_id from membership where account_id = $1 and until_at is null) order by p.name").bind(account).fetch_all(conn).await
}

/// False where this account has added this code before.
pub async fn insert_organisation(tx: &mut Tx, party: PartyId, name: &str, tax_code: &str, address: Option<&str>, by: AccountId, now: Moment) -> sqlx::Result<bool> {
    sqlx::query(
        "insert into party (id, kind, name, created_at)
         values ($1, 'organisation', $2, $3)",
    )
    .bind(party)
    .bind(name)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    let done = sqlx::query(
        "insert into organisation (party_id, tax_code, address, created_by)
         values ($1, $2, $3, $4)
         on conflict (tax_code, created_by) do nothing",
    )
    .bind(party)
    .bind(tax_code)
    .bind(address.map(|a| serde_json::json!({ "text": a })))
    .bind(by)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn confirm_organisation(tx: &mut Tx, party: PartyId, certificate: &str, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update organisation
         set confirmed_at = $2, certificate = $3
         where party_id = $1",
    )
    .bind(party)
    .bind(now)
    .bind(certificate)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_membership(tx: &mut Tx, organisation: PartyId, account: AccountId, r: Rights, representative: bool, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into membership (organisation_id, account_id, may_file, may_pay, sees_all, representative, from_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(organisation)
    .bind(account)
    .bind(r.may_file)
    .bind(r.may_pay)
    .bind(r.sees_all)
    .bind(representative)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn end_membership(tx: &mut Tx, organisation: PartyId, account: AccountId, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update membership
         set until_at = $3
         where organisation_id = $1 and account_id = $2 and until_at is null",
    )
    .bind(organisation)
    .bind(account)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Everybody's rights and every open invitation.
pub async fn end_all_memberships(tx: &mut Tx, organisation: PartyId, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update membership
         set until_at = $2
         where organisation_id = $1 and until_at is null",
    )
    .bind(organisation)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "update invitation
         set revoked_at = $2
         where organisation_id = $1 and used_at is null and revoked_at is null",
    )
    .bind(organisation)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn members_of(conn: &mut PgConnection, organisation: PartyId) -> sqlx::Result<Vec<Member>> {
    sqlx::query_as(
        "select a.id as account, a.full_name as name, coalesce(a.personal_number, a.passport) as number,
                m.may_file, m.may_pay, m.sees_all, m.representative, m.from_at
         from membership m
         join account a on a.id = m.account_id
         where m.organisation_id = $1 and m.until_at is null
         order by m.representative desc, a.full_name, a.id",
    )
    .bind(organisation)
    .fetch_all(conn)
    .await
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn insert_invitation(tx: &mut Tx, id: InvitationId, organisation: PartyId, token_hash: &[u8], number: &str, r: Rights, now: Moment, expires: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into invitation (id, organisation_id, token_hash, number, may_file, may_pay, sees_all, at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(organisation)
    .bind(token_hash)
    .bind(number)
    .bind(r.may_file)
    .bind(r.may_pay)
    .bind(r.sees_all)
    .bind(now)
    .bind(expires)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

macro_rules! invitation {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select i.id, i.organisation_id, i.number, i.may_file, i.may_pay, i.sees_all, i.expires_at, i.used_at, i.revoked_at
             from invitation i ",
            $tail
        ))
    };
}

pub async fn find_invitation(conn: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<Option<Invitation>> {
    invitation!("where i.token_hash = $1").bind(token_hash).fetch_optional(conn).await
}

pub async fn lock_invitation(tx: &mut Tx, token_hash: &[u8]) -> sqlx::Result<Option<Invitation>> {
    invitation!("where i.token_hash = $1 for update").bind(token_hash).fetch_optional(&mut **tx).await
}

/// Sent and neither taken nor over.
pub async fn open_invitations(conn: &mut PgConnection, organisation: PartyId, now: Moment) -> sqlx::Result<Vec<Invitation>> {
    invitation!("where i.organisation_id = $1 and i.used_at is null and i.revoked_at is null and i.expires_at > $2 order by i.at").bind(organisation).bind(now).fetch_all(conn).await
}

pub async fn use_invitation(tx: &mut Tx, id: InvitationId, now: Moment) -> sqlx::Result<()> {
    sqlx::query("update invitation set used_at = $2 where id = $1").bind(id).bind(now).execute(&mut **tx).await?;
    Ok(())
}

/// Gives the number it was for; none: it wasn't open.
pub async fn revoke_invitation(tx: &mut Tx, organisation: PartyId, id: InvitationId, now: Moment) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "update invitation
         set revoked_at = $3
         where id = $2 and organisation_id = $1 and used_at is null and revoked_at is null
         returning number",
    )
    .bind(organisation)
    .bind(id)
    .bind(now)
    .fetch_optional(&mut **tx)
    .await
}

pub async fn revoke_invitations(tx: &mut Tx, organisation: PartyId, number: &str, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update invitation
         set revoked_at = $3
         where organisation_id = $1 and number = $2 and used_at is null and revoked_at is null",
    )
    .bind(organisation)
    .bind(number)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_organisation_event(tx: &mut Tx, organisation: PartyId, action: &str, by: By<'_>, person: &str, note: &str, now: Moment) -> sqlx::Result<()> {
    let (kind, actor, name) = match by {
        By::Citizen(id, name) => ("citizen", id.0, name),
        By::Staff(id, name) => ("staff", id.0, name),
    };
    sqlx::query(
        "insert into organisation_event (organisation_id, action, actor_kind, actor, actor_name, person, note, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organisation)
    .bind(action)
    .bind(kind)
    .bind(actor)
    .bind(name)
    .bind(person)
    .bind(note)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What happened, the newest first.
pub async fn organisation_events(conn: &mut PgConnection, organisation: PartyId) -> sqlx::Result<Vec<OrganisationEvent>> {
    sqlx::query_as(
        "select action, actor_kind, actor_name, person, at
         from organisation_event
         where organisation_id = $1
         order by id desc
         limit 100",
    )
    .bind(organisation)
    .fetch_all(conn)
    .await
}

/// The live members who may file for it.
pub async fn who_files_for(conn: &mut PgConnection, organisation: PartyId) -> sqlx::Result<Vec<AccountId>> {
    sqlx::query_scalar("select account_id from membership where organisation_id = $1 and until_at is null and may_file").bind(organisation).fetch_all(conn).await
}
