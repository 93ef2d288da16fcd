//! SQL of dossiers, events, letters, checks, results, messages.

use crate::base::code::DossierCode;
use crate::base::id::{AccountId, DossierId, PartyId, StaffId};
use crate::base::time::Moment;
use crate::catalogue::form::Answers;
use crate::dossier::model::{Check, Dossier, Event};
use crate::dossier::state::State;
use crate::platform::db::Tx;
use crate::web::session::Sight;
use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

macro_rules! dossier {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select d.id, d.code, d.lookup_key, d.party_id, d.filer_account, d.filer_name, d.filer_number, d.filer_phone, d.owner_name, d.owner_number,
                    d.procedure_version, d.form_version, d.procedure_code, d.procedure_case, d.answers, d.exemption, d.exemption_confirmed, d.place,
                    d.channel, d.result_channel, d.reception_unit, d.competent_unit, d.appraising_office, d.handler, d.handler_unit, d.open_to, d.state,
                    d.version, d.submitted_at, d.intake_due_at, d.accepted_at, d.due_at, d.due_provisional, d.act_by, d.state_before, d.resolved_at, d.returned_at, d.taken_by,
                    d.taken_until
             from dossier d ",
            $tail
        ))
    };
}

pub async fn find_dossier(conn: &mut PgConnection, code: &DossierCode) -> sqlx::Result<Option<Dossier>> {
    dossier!("where d.code = $1").bind(code).fetch_optional(conn).await
}

pub async fn load_dossier(conn: &mut PgConnection, id: DossierId) -> sqlx::Result<Dossier> {
    dossier!("where d.id = $1").bind(id).fetch_one(conn).await
}

pub async fn lock_dossier(tx: &mut Tx, code: &DossierCode) -> sqlx::Result<Option<Dossier>> {
    dossier!("where d.code = $1 for update").bind(code).fetch_optional(&mut **tx).await
}

pub async fn lock_dossier_by_id(tx: &mut Tx, id: DossierId) -> sqlx::Result<Option<Dossier>> {
    dossier!("where d.id = $1 for update").bind(id).fetch_optional(&mut **tx).await
}

pub async fn dossiers_in(conn: &mut PgConnection, sight: Sight, before: Option<(Moment, DossierId)>) -> sqlx::Result<Vec<Dossier>> {
    let (at, id) = before.map_or((None, None), |(a, i)| (Some(a), Some(i)));
    dossier!("where d.party_id = $1 and ($4::uuid is null or d.filer_account = $4) and ($2::timestamptz is null or (d.submitted_at, d.id) < ($2, $3)) order by d.submitted_at desc, d.id desc limit 51")
        .bind(sight.party)
        .bind(at)
        .bind(id)
        .bind(sight.only)
        .fetch_all(conn)
        .await
}

/// A dossier of this party that still runs, of the same procedure and about the same person.
pub async fn find_twin(conn: &mut PgConnection, party: PartyId, procedure: &str, owner: &str) -> sqlx::Result<Option<Dossier>> {
    dossier!("where d.party_id = $1 and d.procedure_code = $2 and d.owner_name = $3 and d.resolved_at is null and d.state not in ('cancelled', 'refused', 'withdrawn', 'stopped') order by d.submitted_at desc limit 1")
        .bind(party)
        .bind(procedure)
        .bind(owner)
        .fetch_optional(conn)
        .await
}

/// The next number of an agency's day: one row a unit, held to commit.
pub async fn next_number(tx: &mut Tx, agency: &str, day: NaiveDate) -> sqlx::Result<i32> {
    sqlx::query_scalar(
        "insert into dossier_number (agency, day, last)
         values ($1, $2, 1)
         on conflict (agency, day) do update set last = dossier_number.last + 1
         returning last",
    )
    .bind(agency)
    .bind(day)
    .fetch_one(&mut **tx)
    .await
}

pub struct NewDossier<'a> {
    pub id: DossierId,
    pub code: &'a DossierCode,
    pub lookup_key: &'a str,
    pub party: PartyId,
    pub account: AccountId,
    pub filer: (&'a str, &'a str, &'a str, Option<&'a str>),
    pub owner: (&'a str, Option<&'a str>, &'a str),
    pub procedure: (i64, &'a str, Option<&'a str>),
    pub form: Option<i64>,
    pub answers: &'a Answers,
    pub exemption: Option<&'a str>,
    pub place: &'a crate::dossier::model::Place,
    pub result_channel: &'a str,
    pub routing: &'a crate::catalogue::Routing,
    pub submitted_at: Moment,
    pub intake_due_at: Moment,
    pub calendar_version: i32,
}

pub async fn insert_dossier(tx: &mut Tx, n: &NewDossier<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "insert into dossier (id, code, lookup_key, party_id, filer_account, filer_name, filer_number, filer_phone, filer_email, owner_name,
                              owner_number, owner_search, procedure_version, procedure_code, procedure_case, form_version, answers, exemption, place,
                              channel, result_channel, result_address, reception_unit, competent_unit, appraising_office, handler_unit, open_to, state,
                              submitted_at, intake_due_at, act_by, calendar_version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 'online', $20, $21, $22, $23, $24, $25, $26,
                 'submitted', $27, $28, $28, $29)",
    )
    .bind(n.id)
    .bind(n.code)
    .bind(n.lookup_key)
    .bind(n.party)
    .bind(n.account)
    .bind(n.filer.0)
    .bind(n.filer.1)
    .bind(n.filer.2)
    .bind(n.filer.3)
    .bind(n.owner.0)
    .bind(n.owner.1)
    .bind(n.owner.2)
    .bind(n.procedure.0)
    .bind(n.procedure.1)
    .bind(n.procedure.2)
    .bind(n.form)
    .bind(sqlx::types::Json(n.answers))
    .bind(n.exemption)
    .bind(sqlx::types::Json(n.place))
    .bind(n.result_channel)
    .bind(&n.place.post_to)
    .bind(&n.routing.reception)
    .bind(&n.routing.competent)
    .bind(&n.routing.office)
    .bind(&n.routing.handler)
    .bind(&n.routing.open_to)
    .bind(n.submitted_at)
    .bind(n.intake_due_at)
    .bind(n.calendar_version)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The one writer of a state: only from the state and version that were seen.
pub async fn move_dossier(tx: &mut Tx, d: &Dossier, to: State, act_by: Option<Moment>, now: Moment) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "update dossier
         set state = $3, version = version + 1, act_by = $4, state_before = case when $3 = 'withdrawal_requested' then $2 end,
             resolved_at = case when $3 = 'result_ready' then $5 else resolved_at end,
             returned_at = case when $3 = 'returned' then $5 else returned_at end,
             ended_at = case when $3 in ('refused', 'cancelled', 'withdrawn', 'stopped', 'returned') then $5 else ended_at end,
             intake_answered_at = case when $3 in ('intake_supplement', 'refused', 'accepted') then $5 else intake_answered_at end
         where id = $1 and state = $2 and version = $6",
    )
    .bind(d.id)
    .bind(d.state)
    .bind(to)
    .bind(act_by)
    .bind(now)
    .bind(d.version)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Acceptance freezes the limit and the promised date.
pub async fn accept(tx: &mut Tx, id: DossierId, limit: &serde_json::Value, due: Option<Moment>, provisional: bool, calendar: i32, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update dossier
         set accepted_at = $2, limit_text = $3, due_at_original = $4, due_at = $4, due_provisional = $5, calendar_version = $6
         where id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(limit)
    .bind(due)
    .bind(provisional)
    .bind(calendar)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn set_intake_due(tx: &mut Tx, id: DossierId, due: Moment) -> sqlx::Result<()> {
    sqlx::query("update dossier set intake_due_at = $2, intake_answered_at = null where id = $1").bind(id).bind(due).execute(&mut **tx).await?;
    Ok(())
}

pub async fn set_handler(tx: &mut Tx, id: DossierId, handler: StaffId) -> sqlx::Result<()> {
    sqlx::query("update dossier set handler = $2 where id = $1").bind(id).bind(handler).execute(&mut **tx).await?;
    Ok(())
}

pub async fn set_answers(tx: &mut Tx, id: DossierId, answers: &Answers) -> sqlx::Result<()> {
    sqlx::query("update dossier set answers = $2 where id = $1").bind(id).bind(sqlx::types::Json(answers)).execute(&mut **tx).await?;
    Ok(())
}

pub async fn set_exemption_confirmed(tx: &mut Tx, id: DossierId, confirmed: bool) -> sqlx::Result<()> {
    sqlx::query("update dossier set exemption_confirmed = $2 where id = $1").bind(id).bind(confirmed).execute(&mut **tx).await?;
    Ok(())
}

/// Takes or renews the lease of a dossier; false where somebody else holds it.
pub async fn take_lease(tx: &mut Tx, id: DossierId, staff: StaffId, now: Moment, until: Moment) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "update dossier
         set taken_by = $2, taken_until = $4
         where id = $1 and (taken_by is null or taken_by = $2 or taken_until < $3)",
    )
    .bind(id)
    .bind(staff)
    .bind(now)
    .bind(until)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn insert_event(
    tx: &mut Tx,
    id: DossierId,
    action: &str,
    from: Option<State>,
    to: State,
    actor: (&str, Option<Uuid>, &str, Option<&str>),
    note: &str,
    payload: &serde_json::Value,
    now: Moment,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into dossier_event (dossier_id, action, from_state, to_state, actor_kind, actor, actor_name, actor_unit, at, note, payload)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(id)
    .bind(action)
    .bind(from)
    .bind(to)
    .bind(actor.0)
    .bind(actor.1)
    .bind(actor.2)
    .bind(actor.3)
    .bind(now)
    .bind(note)
    .bind(payload)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn events_of(conn: &mut PgConnection, id: DossierId) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as(
        "select action, to_state, actor_kind, actor, actor_name, actor_unit, at, note
         from dossier_event
         where dossier_id = $1
         order by id",
    )
    .bind(id)
    .fetch_all(conn)
    .await
}

pub async fn put_check(tx: &mut Tx, id: DossierId, item: &str, fine: bool, note: &str, staff: StaffId, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into component_check (dossier_id, item, fine, note, staff_id, at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (dossier_id, item) do update set fine = excluded.fine, note = excluded.note, staff_id = excluded.staff_id, at = excluded.at",
    )
    .bind(id)
    .bind(item)
    .bind(fine)
    .bind(note)
    .bind(staff)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn remove_check(tx: &mut Tx, id: DossierId, item: &str) -> sqlx::Result<()> {
    sqlx::query("delete from component_check where dossier_id = $1 and item = $2").bind(id).bind(item).execute(&mut **tx).await?;
    Ok(())
}

pub async fn checks_of(conn: &mut PgConnection, id: DossierId) -> sqlx::Result<Vec<Check>> {
    sqlx::query_as(
        "select item, fine, note
         from component_check
         where dossier_id = $1
         order by item",
    )
    .bind(id)
    .fetch_all(conn)
    .await
}

/// What was asked and has now been answered is to be looked at again.
pub async fn forget_faults(tx: &mut Tx, id: DossierId) -> sqlx::Result<()> {
    sqlx::query("delete from component_check where dossier_id = $1 and not fine").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Whom a message about a dossier is for.
#[derive(Debug, Clone, Copy)]
pub struct To {
    pub party: PartyId,
    pub account: Option<AccountId>,
    pub dossier: DossierId,
}

impl From<&Dossier> for To {
    fn from(d: &Dossier) -> Self {
        Self { party: d.party_id, account: d.filer_account, dossier: d.id }
    }
}

/// What the owner is told; its id where it is to be mailed too: there is an address, and its owner has confirmed it.
pub async fn insert_message(tx: &mut Tx, to: To, kind: &str, facts: &serde_json::Value, now: Moment) -> sqlx::Result<Option<i64>> {
    let (id, to_mail): (i64, bool) = sqlx::query_as(
        "insert into message (party_id, account_id, dossier_id, kind, facts, at, mailed_at, mail_verdict)
         select $1, $2, $3, $4, $5, $6::timestamptz, case when not mails then $6::timestamptz end, case when not mails then 'no confirmed address' end
         from (select exists (select from account where id = $2 and email is not null and email_confirmed_at is not null) as mails) m
         returning id, mailed_at is null",
    )
    .bind(to.party)
    .bind(to.account)
    .bind(to.dossier)
    .bind(kind)
    .bind(facts)
    .bind(now)
    .fetch_one(&mut **tx)
    .await?;
    Ok(to_mail.then_some(id))
}

/// Dossiers past the moment their answer on reception was due, without that fact in their history yet (row 15).
pub async fn late_for_intake(conn: &mut PgConnection, now: Moment) -> sqlx::Result<Vec<DossierId>> {
    sqlx::query_scalar(
        "select d.id from dossier d
         where d.state = 'submitted' and d.intake_due_at < $1
           and not exists (select 1 from dossier_event e where e.dossier_id = d.id and e.action = 'intake_overdue' and e.at >= d.intake_due_at)
         order by d.intake_due_at
         limit 500",
    )
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Dossiers past the promised date, without that fact in their history yet (row 50).
pub async fn late_for_result(conn: &mut PgConnection, now: Moment) -> sqlx::Result<Vec<DossierId>> {
    sqlx::query_scalar(
        "select d.id from dossier d
         where d.state in ('accepted', 'processing', 'awaiting_signature', 'withdrawal_requested') and d.due_at < $1
           and not exists (select from pause p where p.dossier_id = d.id and p.until_at is null)
           and not exists (select 1 from dossier_event e where e.dossier_id = d.id and e.action = 'pass_due' and e.at >= d.due_at)
         order by d.due_at
         limit 500",
    )
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Open letters past half or nine tenths of their time, without the reminder for it yet; with the day they run out.
pub async fn supplements_to_remind(conn: &mut PgConnection, now: Moment) -> sqlx::Result<Vec<(DossierId, Moment)>> {
    sqlx::query_as(
        "select d.id, s.due_at
         from supplement s
         join dossier d on d.id = s.dossier_id
         where s.answered_at is null and s.supplied_at is null and d.state in ('intake_supplement', 'supplement_requested') and s.due_at > $1::timestamptz
           and $1 >= s.asked_at + (s.due_at - s.asked_at) * 0.5
           and (select count(*) from message m where m.dossier_id = d.id and m.kind = 'supplement_due' and m.at >= s.asked_at)
               < case when $1 >= s.asked_at + (s.due_at - s.asked_at) * 0.9 then 2 else 1 end
           and not exists (select from message m where m.dossier_id = d.id and m.kind = 'supplement_due' and m.at > $1::timestamptz - interval '1 day')
         limit 500",
    )
    .bind(now)
    .fetch_all(conn)
    .await
}

/// Results nobody collected for 7 and for 30 days, without the reminder for it yet.
pub async fn results_to_remind(conn: &mut PgConnection, now: Moment) -> sqlx::Result<Vec<DossierId>> {
    sqlx::query_scalar(
        "select d.id
         from dossier d
         where d.state = 'result_ready' and d.resolved_at <= $1::timestamptz - interval '7 days'
           and (select count(*) from message m where m.dossier_id = d.id and m.kind = 'waiting')
               < case when d.resolved_at <= $1::timestamptz - interval '30 days' then 2 else 1 end
           and not exists (select from message m where m.dossier_id = d.id and m.kind = 'waiting' and m.at > $1::timestamptz - interval '1 day')
         limit 500",
    )
    .bind(now)
    .fetch_all(conn)
    .await
}
