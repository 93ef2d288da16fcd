//! SQL of sessions and of counted tries.

use super::session::{Citizen, Membership, Role, Staff, Visitor, Who};
use crate::base::id::{AccountId, PartyId, StaffId};
use crate::base::time::Moment;
use crate::platform::db::Tx;
use sqlx::PgConnection;
use std::str::FromStr;

#[derive(sqlx::FromRow)]
pub struct SessionRow {
    pub id_hash: Vec<u8>,
    pub account_id: Option<AccountId>,
    pub party_id: Option<PartyId>,
    pub organisations: sqlx::types::Json<Vec<Membership>>,
    pub staff_id: Option<StaffId>,
    pub name: String,
    pub level: Option<i16>,
    pub unit: Option<String>,
    pub office: Option<String>,
    pub roles: Vec<String>,
    pub shared: bool,
    pub agent: String,
    pub created_at: Moment,
    pub seen_at: Moment,
}

impl SessionRow {
    pub fn visitor(self) -> sqlx::Result<Visitor> {
        match (self.account_id, self.party_id, self.staff_id, self.unit) {
            (Some(account), Some(party), None, _) => {
                Ok(Visitor::Citizen(Citizen { account, party, organisations: self.organisations.0, name: self.name, level: self.level.unwrap_or(1), shared: self.shared }))
            }
            (None, _, Some(id), Some(unit)) => {
                let roles = self.roles.iter().map(|r| Role::from_str(r)).collect::<Result<_, ()>>();
                let roles = roles.map_err(|()| sqlx::Error::Decode(format!("staff_role of {id}: unknown role").into()))?;
                Ok(Visitor::Staff(Staff { id, name: self.name, unit, office: self.office, roles }))
            }
            _ => Err(sqlx::Error::Decode("session: neither an account nor staff".into())),
        }
    }
}

/// One column list of a session with whose it is.
macro_rules! session {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select s.id_hash, s.account_id, a.party_id, s.staff_id, coalesce(a.full_name, f.full_name) as name,
                (select i.level from identity i where i.account_id = s.account_id and i.provider = 'local') as level, f.unit, f.office,
                (select coalesce(json_agg(json_build_object('party', m.organisation_id, 'name', p.name, 'may_file', m.may_file,
                                                            'may_pay', m.may_pay, 'sees_all', m.sees_all) order by p.name), '[]')
                 from membership m join party p on p.id = m.organisation_id
                 where m.account_id = s.account_id and m.until_at is null) as organisations,
                array(select role from staff_role r where r.staff_id = s.staff_id order by role) as roles,
                s.shared, s.agent, s.created_at, s.seen_at
         from session s
         left join account a on a.id = s.account_id
         left join staff f on f.id = s.staff_id",
            $tail
        ))
    };
}

pub async fn find_session(conn: &mut PgConnection, id: &[u8; 32], now: Moment) -> sqlx::Result<Option<SessionRow>> {
    session!(" where s.id_hash = $1 and s.expires_at > $2 and f.disabled_at is null").bind(&id[..]).bind(now).fetch_optional(conn).await
}

pub async fn sessions_of_account(conn: &mut PgConnection, account: AccountId, now: Moment) -> sqlx::Result<Vec<SessionRow>> {
    session!(" where s.account_id = $1 and s.expires_at > $2 order by s.seen_at desc").bind(account).bind(now).fetch_all(conn).await
}

pub async fn touch_session(conn: &mut PgConnection, id: &[u8; 32], now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update session
         set seen_at = $2
         where id_hash = $1",
    )
    .bind(&id[..])
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn insert_session(tx: &mut Tx, id: &[u8; 32], who: Who, shared: bool, agent: &str, now: Moment, expires: Moment) -> sqlx::Result<()> {
    let (account, staff) = who.ids();
    sqlx::query(
        "insert into session (id_hash, account_id, staff_id, shared, agent, created_at, seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(&id[..])
    .bind(account)
    .bind(staff)
    .bind(shared)
    .bind(agent)
    .bind(now)
    .bind(expires)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn end_session(tx: &mut Tx, id: &[u8]) -> sqlx::Result<()> {
    sqlx::query("delete from session where id_hash = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Whether this person has signed in where the mark is kept.
pub async fn knows_device(conn: &mut PgConnection, mark: &[u8; 32], who: Who) -> sqlx::Result<bool> {
    let (account, staff) = who.ids();
    sqlx::query_scalar(
        "select exists (select from known_device
                        where mark_hash = $1 and (account_id = $2 or staff_id = $3))",
    )
    .bind(&mark[..])
    .bind(account)
    .bind(staff)
    .fetch_one(conn)
    .await
}

/// Whether the mark was given to anybody.
pub async fn device_is_ours(conn: &mut PgConnection, mark: &[u8; 32]) -> sqlx::Result<bool> {
    sqlx::query_scalar("select exists (select from known_device where mark_hash = $1)").bind(&mark[..]).fetch_one(conn).await
}

pub async fn keep_device(tx: &mut Tx, mark: &[u8; 32], who: Who, now: Moment) -> sqlx::Result<()> {
    let (account, staff) = who.ids();
    let seen = sqlx::query(
        "update known_device
         set seen_at = $4
         where mark_hash = $1 and (account_id = $2 or staff_id = $3)",
    )
    .bind(&mark[..])
    .bind(account)
    .bind(staff)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if seen.rows_affected() == 0 {
        sqlx::query(
            "insert into known_device (mark_hash, account_id, staff_id, seen_at)
             values ($1, $2, $3, $4)
             on conflict do nothing",
        )
        .bind(&mark[..])
        .bind(account)
        .bind(staff)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Forgets where this person has signed in.
pub async fn forget_devices(tx: &mut Tx, who: Who) -> sqlx::Result<()> {
    let (account, staff) = who.ids();
    sqlx::query("delete from known_device where account_id = $1 or staff_id = $2").bind(account).bind(staff).execute(&mut **tx).await?;
    Ok(())
}

/// Ends all sessions of this person but the one named.
pub async fn end_sessions(tx: &mut Tx, who: Who, but: Option<&[u8]>) -> sqlx::Result<()> {
    let (account, staff) = who.ids();
    sqlx::query(
        "delete from session
         where (account_id = $1 or staff_id = $2) and id_hash is distinct from $3",
    )
    .bind(account)
    .bind(staff)
    .bind(but)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Tries under these keys since a moment.
pub async fn tries(conn: &mut PgConnection, key: &[u8], since: Moment) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "select count(*)
         from sign_in_try
         where key_hash = $1 and at > $2",
    )
    .bind(key)
    .bind(since)
    .fetch_one(conn)
    .await
}

pub async fn count_try(conn: &mut PgConnection, key: &[u8], now: Moment) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "insert into sign_in_try (key_hash, at)
         values ($1, $2)
         returning id",
    )
    .bind(key)
    .bind(now)
    .fetch_one(conn)
    .await
}

pub async fn forget_try(conn: &mut PgConnection, id: i64) -> sqlx::Result<()> {
    sqlx::query("delete from sign_in_try where id = $1").bind(id).execute(conn).await?;
    Ok(())
}

pub async fn forget_tries(conn: &mut PgConnection, key: &[u8]) -> sqlx::Result<()> {
    sqlx::query("delete from sign_in_try where key_hash = $1").bind(key).execute(conn).await?;
    Ok(())
}

/// Removes sessions that are over, tries nobody counts any more, devices nobody came back with in 400 days (as long as a
/// browser keeps a cookie).
pub async fn clean_up(conn: &mut PgConnection, now: Moment) -> sqlx::Result<()> {
    sqlx::query("delete from session where expires_at < $1").bind(now).execute(&mut *conn).await?;
    sqlx::query("delete from sign_in_try where at < $1::timestamptz - interval '1 day'").bind(now).execute(&mut *conn).await?;
    sqlx::query("delete from known_device where seen_at < $1::timestamptz - interval '400 days'").bind(now).execute(&mut *conn).await?;
    sqlx::query("delete from kept_post where at < $1::timestamptz - interval '1 day'").bind(now).execute(conn).await?;
    Ok(())
}
