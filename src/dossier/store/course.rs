//! SQL of letters that ask, of pauses of the clock, and of who opened what.

use crate::base::id::{DossierId, StaffId};
use crate::base::time::Moment;
use crate::dossier::model::{Pause, PauseKind, Proposal, Stage, Supplement, SupplementItem};
use crate::platform::db::Tx;
use sqlx::PgConnection;
use uuid::Uuid;

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn insert_supplement(tx: &mut Tx, id: DossierId, stage: Stage, items: &[SupplementItem], note: &str, by: StaffId, now: Moment, due: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into supplement (id, dossier_id, stage, items, note, asked_by, asked_at, due_at, since)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $7)",
    )
    .bind(Uuid::now_v7())
    .bind(id)
    .bind(stage)
    .bind(sqlx::types::Json(items))
    .bind(note)
    .bind(by)
    .bind(now)
    .bind(due)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Letters of a dossier, newest first.
pub async fn supplements_of(conn: &mut PgConnection, id: DossierId) -> sqlx::Result<Vec<Supplement>> {
    sqlx::query_as(
        "select id, stage, items, note, asked_at, due_at, since, supplied_at, answered_at
         from supplement
         where dossier_id = $1
         order by asked_at desc",
    )
    .bind(id)
    .fetch_all(conn)
    .await
}

pub async fn answer_supplement(tx: &mut Tx, id: Uuid, now: Moment) -> sqlx::Result<()> {
    sqlx::query("update supplement set answered_at = $2 where id = $1 and answered_at is null").bind(id).bind(now).execute(&mut **tx).await?;
    Ok(())
}

/// While processing: the person has sent everything (a moment), or something is still missing (none, with what).
pub async fn set_supplied(tx: &mut Tx, id: Uuid, supplied: Option<Moment>) -> sqlx::Result<()> {
    sqlx::query("update supplement set supplied_at = $2 where id = $1").bind(id).bind(supplied).execute(&mut **tx).await?;
    Ok(())
}

/// The same letter, with what is still missing: answered by papers newer than now.
pub async fn ask_the_rest(tx: &mut Tx, id: Uuid, items: &[SupplementItem], now: Moment) -> sqlx::Result<()> {
    sqlx::query("update supplement set items = $2, since = $3, supplied_at = null where id = $1").bind(id).bind(sqlx::types::Json(items)).bind(now).execute(&mut **tx).await?;
    Ok(())
}

/// One proposal a dossier: a newer one takes its place.
pub async fn put_proposal(tx: &mut Tx, id: DossierId, items: &[SupplementItem], by: StaffId, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into supplement_proposal (dossier_id, items, proposed_by, at)
         values ($1, $2, $3, $4)
         on conflict (dossier_id) do update set items = excluded.items, proposed_by = excluded.proposed_by, at = excluded.at",
    )
    .bind(id)
    .bind(sqlx::types::Json(items))
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn find_proposal(conn: &mut PgConnection, id: DossierId) -> sqlx::Result<Option<Proposal>> {
    sqlx::query_as("select items, proposed_by, at from supplement_proposal where dossier_id = $1").bind(id).fetch_optional(conn).await
}

pub async fn end_proposal(tx: &mut Tx, id: DossierId) -> sqlx::Result<()> {
    sqlx::query("delete from supplement_proposal where dossier_id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn open_pause(tx: &mut Tx, id: DossierId, kind: PauseKind, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into pause (id, dossier_id, kind, from_at)
         values ($1, $2, $3, $4)",
    )
    .bind(Uuid::now_v7())
    .bind(id)
    .bind(kind)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Pauses of a dossier, the oldest first.
pub async fn pauses_of(conn: &mut PgConnection, id: DossierId) -> sqlx::Result<Vec<Pause>> {
    sqlx::query_as(
        "select id, kind, from_at, until_at, due_before, due_after
         from pause
         where dossier_id = $1
         order by from_at",
    )
    .bind(id)
    .fetch_all(conn)
    .await
}

/// Ends a pause: what the promised date was before, and is after.
pub async fn end_pause(tx: &mut Tx, pause: Uuid, until: Moment, before: Option<Moment>, after: Option<Moment>) -> sqlx::Result<()> {
    sqlx::query(
        "update pause
         set until_at = $2, due_before = $3, due_after = $4
         where id = $1 and until_at is null",
    )
    .bind(pause)
    .bind(until)
    .bind(before)
    .bind(after)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The promised date moved by a pause.
pub async fn move_due(tx: &mut Tx, id: DossierId, due: Option<Moment>, provisional: bool) -> sqlx::Result<()> {
    sqlx::query(
        "update dossier
         set due_at = $2, due_at_original = $2, due_provisional = $3
         where id = $1",
    )
    .bind(id)
    .bind(due)
    .bind(provisional)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Money came while a withdrawal is asked for: taken back, the dossier goes on being processed.
pub async fn set_state_before(tx: &mut Tx, id: DossierId, before: crate::dossier::state::State) -> sqlx::Result<()> {
    sqlx::query("update dossier set state_before = $2 where id = $1").bind(id).bind(before).execute(&mut **tx).await?;
    Ok(())
}

/// Staff opened a dossier or a paper of it: a row for its owner, never changed.
pub async fn insert_opening(conn: &mut PgConnection, id: DossierId, paper: Option<&str>, staff: StaffId, unit: &str, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into opening (dossier_id, paper, staff_id, unit, at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(paper)
    .bind(staff)
    .bind(unit)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
