//! SQL of accounts, identities, staff, one-time links.

mod organisation;
mod reset;

pub use organisation::*;
pub use reset::*;

use super::jobs::Purpose;
use super::model::{Account, NewAccount};
use crate::base::id::{AccountId, PartyId, StaffId};
use crate::base::lang::Lang;
use crate::base::time::Moment;
use crate::platform::db::Tx;
use crate::web::session::{Role, Who};
use sqlx::PgConnection;

macro_rules! account {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select a.id, a.party_id, a.personal_number, a.passport, a.full_name, a.birth_date, a.sex, a.phone, a.email,
                    a.email_confirmed_at, a.address, a.lang
             from account a ",
            $tail
        ))
    };
}

pub async fn load_account(conn: &mut PgConnection, id: AccountId) -> sqlx::Result<Account> {
    account!("where a.id = $1").bind(id).fetch_one(conn).await
}

/// By the sign-in name, for a new password by letter.
pub async fn find_by_number(conn: &mut PgConnection, number: &str) -> sqlx::Result<Option<Account>> {
    account!("where a.personal_number = $1 or a.passport = $1").bind(number).fetch_optional(conn).await
}

pub async fn number_is_taken(conn: &mut PgConnection, number: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from account where personal_number = $1 or passport = $1)").bind(number).fetch_one(conn).await
}

pub async fn insert_account(tx: &mut Tx, id: AccountId, party: PartyId, new: &NewAccount, lang: Lang, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into party (id, kind, name, created_at)
         values ($1, 'person', $2, $3)",
    )
    .bind(party)
    .bind(&new.full_name)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "insert into account (id, party_id, personal_number, passport, full_name, birth_date, sex, phone, email, lang, privacy_notice, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id)
    .bind(party)
    .bind(&new.personal_number)
    .bind(&new.passport)
    .bind(&new.full_name)
    .bind(&new.birth_date)
    .bind(&new.sex)
    .bind(&new.phone)
    .bind(&new.email)
    .bind(lang.code())
    .bind(super::PRIVACY_NOTICE)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_identity(tx: &mut Tx, account: AccountId, subject: &str, level: i16, hash: &str) -> sqlx::Result<()> {
    sqlx::query(
        "insert into identity (account_id, provider, subject, level, password_hash)
         values ($1, 'local', $2, $3, $4)",
    )
    .bind(account)
    .bind(subject)
    .bind(level)
    .bind(hash)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn touch_identity(tx: &mut Tx, account: AccountId, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update identity
         set authenticated_at = $2
         where account_id = $1 and provider = 'local'",
    )
    .bind(account)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Account and password hash of a sign-in name.
pub async fn find_credentials(conn: &mut PgConnection, subject: &str) -> sqlx::Result<Option<(AccountId, Option<String>)>> {
    sqlx::query_as(
        "select account_id, password_hash
         from identity
         where provider = 'local' and subject = $1",
    )
    .bind(subject)
    .fetch_optional(conn)
    .await
}

/// Whether the proof that was tried still stands; held until the transaction ends, so that a change of it waits or is seen.
pub async fn still_proves(tx: &mut Tx, who: Who, hash: &str) -> sqlx::Result<bool> {
    let stands: Option<bool> = match who {
        Who::Citizen(account) => {
            sqlx::query_scalar("select password_hash is not distinct from $2 from identity where account_id = $1 and provider = 'local' for share")
                .bind(account)
                .bind(hash)
                .fetch_optional(&mut **tx)
                .await?
        }
        Who::Staff(staff) => {
            sqlx::query_scalar("select password_hash is not distinct from $2 and disabled_at is null from staff where id = $1 for share").bind(staff).bind(hash).fetch_optional(&mut **tx).await?
        }
    };
    Ok(stands == Some(true))
}

pub async fn password_of(conn: &mut PgConnection, account: AccountId) -> sqlx::Result<Option<String>> {
    let hash: Option<Option<String>> = sqlx::query_scalar(
        "select password_hash
         from identity
         where provider = 'local' and account_id = $1",
    )
    .bind(account)
    .fetch_optional(conn)
    .await?;
    Ok(hash.flatten())
}

pub async fn update_password(tx: &mut Tx, account: AccountId, hash: &str) -> sqlx::Result<()> {
    sqlx::query(
        "update identity
         set password_hash = $2
         where account_id = $1 and provider = 'local'",
    )
    .bind(account)
    .bind(hash)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A changed e-mail has to be confirmed anew.
pub async fn update_contact(tx: &mut Tx, id: AccountId, phone: &str, email: Option<&str>, address: Option<&serde_json::Value>) -> sqlx::Result<()> {
    sqlx::query(
        "update account
         set phone = $2,
             email_confirmed_at = case when email is not distinct from $3 then email_confirmed_at end,
             email = $3,
             address = $4
         where id = $1",
    )
    .bind(id)
    .bind(phone)
    .bind(email)
    .bind(address)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn update_identity_facts(tx: &mut Tx, account: &Account, name: &str, birth_date: &str, sex: &str) -> sqlx::Result<()> {
    sqlx::query(
        "update account
         set full_name = $2, birth_date = $3, sex = $4
         where id = $1",
    )
    .bind(account.id)
    .bind(name)
    .bind(birth_date)
    .bind(sex)
    .execute(&mut **tx)
    .await?;
    sqlx::query("update party set name = $2 where id = $1").bind(account.party_id).bind(name).execute(&mut **tx).await?;
    Ok(())
}

pub async fn insert_change(tx: &mut Tx, account: AccountId, question: &str, old: &str, new: &str, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into account_change (account_id, question, old_value, new_value, at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(account)
    .bind(question)
    .bind(old)
    .bind(new)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whose the party is, in words.
/// Name of a party and, of an organisation, its tax code.
pub async fn name_of_party(conn: &mut PgConnection, party: PartyId) -> sqlx::Result<(String, Option<String>)> {
    sqlx::query_as("select p.name, o.tax_code from party p left join organisation o on o.party_id = p.id where p.id = $1").bind(party).fetch_one(conn).await
}

pub async fn insert_link(tx: &mut Tx, token_hash: &[u8], purpose: Purpose, account: AccountId, email: &str, expires: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into one_time_link (token_hash, purpose, account_id, email, expires_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(token_hash)
    .bind(purpose)
    .bind(account)
    .bind(email)
    .bind(expires)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub struct LinkRow {
    pub purpose: Purpose,
    pub account_id: AccountId,
    pub email: String,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
}

pub async fn find_link(conn: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<Option<LinkRow>> {
    sqlx::query_as(
        "select purpose, account_id, email, expires_at, used_at
         from one_time_link
         where token_hash = $1",
    )
    .bind(token_hash)
    .fetch_optional(conn)
    .await
}

/// Uses a link up; false where another press was first or it is over.
/// Links not yet used lose their use: the password or the mailbox has changed.
pub async fn void_links(tx: &mut Tx, account: AccountId) -> sqlx::Result<()> {
    sqlx::query("delete from one_time_link where account_id = $1 and used_at is null").bind(account).execute(&mut **tx).await?;
    Ok(())
}

pub async fn use_link(tx: &mut Tx, token_hash: &[u8], now: Moment) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "update one_time_link
         set used_at = $2
         where token_hash = $1 and used_at is null and expires_at > $2",
    )
    .bind(token_hash)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Confirms the address the link was sent to, if it is still the account's.
pub async fn confirm_email(tx: &mut Tx, account: AccountId, email: &str, now: Moment) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "update account
         set email_confirmed_at = $3
         where id = $1 and email = $2",
    )
    .bind(account)
    .bind(email)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn insert_staff(tx: &mut Tx, id: StaffId, sign_in: &str, name: &str, unit: &str, office: Option<&str>, hash: Option<&str>, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into staff (id, sign_in, full_name, unit, office, password_hash, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(sign_in)
    .bind(name)
    .bind(unit)
    .bind(office)
    .bind(hash)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_role(tx: &mut Tx, id: StaffId, role: Role) -> sqlx::Result<()> {
    sqlx::query(
        "insert into staff_role (staff_id, role)
         values ($1, $2)",
    )
    .bind(id)
    .bind(role)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StaffRow {
    pub id: StaffId,
    pub sign_in: String,
    pub full_name: String,
    pub unit: String,
    pub office: Option<String>,
    pub roles: Vec<String>,
    pub disabled_at: Option<Moment>,
}

macro_rules! staff {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select f.id, f.sign_in, f.full_name, f.unit, f.office,
                    array(select role from staff_role r where r.staff_id = f.id order by role) as roles, f.disabled_at
             from staff f ",
            $tail
        ))
    };
}

pub async fn load_staff(conn: &mut PgConnection, id: StaffId) -> sqlx::Result<StaffRow> {
    staff!("where f.id = $1").bind(id).fetch_one(conn).await
}

pub async fn list_staff(conn: &mut PgConnection) -> sqlx::Result<Vec<StaffRow>> {
    staff!("order by f.unit, f.sign_in limit 1000").fetch_all(conn).await
}

/// Who works in a unit and isn't disabled.
pub async fn staff_of_unit(conn: &mut PgConnection, unit: &str) -> sqlx::Result<Vec<StaffRow>> {
    staff!("where f.unit = $1 and f.disabled_at is null order by f.full_name").bind(unit).fetch_all(conn).await
}

pub async fn find_staff_credentials(conn: &mut PgConnection, sign_in: &str) -> sqlx::Result<Option<(StaffId, Option<String>)>> {
    sqlx::query_as(
        "select id, password_hash
         from staff
         where sign_in = $1 and disabled_at is null",
    )
    .bind(sign_in)
    .fetch_optional(conn)
    .await
}

/// Locked since a moment, or open.
pub async fn set_staff_disabled(tx: &mut Tx, id: StaffId, since: Option<Moment>) -> sqlx::Result<()> {
    sqlx::query(
        "update staff
         set disabled_at = $2
         where id = $1",
    )
    .bind(id)
    .bind(since)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The personal number of a member of staff, where it was recorded: nobody handles their own dossier.
pub async fn personal_number_of_staff(conn: &mut PgConnection, id: StaffId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select personal_number from staff where id = $1").bind(id).fetch_one(conn).await
}

pub async fn set_personal_number_of_staff(tx: &mut Tx, id: StaffId, number: &str) -> sqlx::Result<()> {
    sqlx::query("update staff set personal_number = $2 where id = $1").bind(id).bind(number).execute(&mut **tx).await?;
    Ok(())
}
