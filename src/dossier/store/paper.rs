//! SQL of papers and stored files.

use crate::base::id::{DossierId, DraftId, PaperId};
use crate::base::time::Moment;
use crate::dossier::model::{Declared, Paper};
use crate::platform::db::Tx;
use sqlx::PgConnection;

macro_rules! paper {
    ($tail:literal) => {
        sqlx::query_as(concat!(
            "select p.id, p.component, p.question, p.name, p.media, p.size, p.digest, p.sent_digest, p.declared, p.replaced_at, p.at
             from paper p ",
            $tail
        ))
    };
}

pub async fn insert_file(tx: &mut Tx, digest: &str, size: i64, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "insert into stored_file (digest, size, at)
         values ($1, $2, $3)
         on conflict (digest) do nothing",
    )
    .bind(digest)
    .bind(size)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a paper belongs to while it comes in.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    Draft(DraftId),
    Dossier(DossierId),
}

pub struct NewPaper<'a> {
    pub component: &'a str,
    pub question: Option<&'a str>,
    pub name: &'a str,
    pub media: &'a str,
    pub size: i64,
    pub digest: Option<&'a str>,
    pub sent_digest: Option<&'a str>,
    pub declared: Option<&'a Declared>,
}

pub async fn insert_paper(tx: &mut Tx, holder: Holder, new: &NewPaper<'_>, now: Moment) -> sqlx::Result<PaperId> {
    let id = PaperId::fresh();
    let (draft, dossier) = match holder {
        Holder::Draft(d) => (Some(d), None),
        Holder::Dossier(d) => (None, Some(d)),
    };
    sqlx::query(
        "insert into paper (id, draft_id, dossier_id, component, question, name, media, size, digest, sent_digest, declared, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id)
    .bind(draft)
    .bind(dossier)
    .bind(new.component)
    .bind(new.question)
    .bind(new.name)
    .bind(new.media)
    .bind(new.size)
    .bind(new.digest)
    .bind(new.sent_digest)
    .bind(new.declared.map(sqlx::types::Json))
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

pub async fn papers_of_draft(conn: &mut PgConnection, draft: DraftId) -> sqlx::Result<Vec<Paper>> {
    paper!("where p.draft_id = $1 order by p.at, p.id").bind(draft).fetch_all(conn).await
}

pub async fn papers_of_dossier(conn: &mut PgConnection, dossier: DossierId) -> sqlx::Result<Vec<Paper>> {
    paper!("where p.dossier_id = $1 order by p.at, p.id").bind(dossier).fetch_all(conn).await
}

pub async fn remove_paper(tx: &mut Tx, draft: DraftId, id: PaperId) -> sqlx::Result<()> {
    sqlx::query("delete from paper where id = $1 and draft_id = $2").bind(id).bind(draft).execute(&mut **tx).await?;
    Ok(())
}

/// Papers of a component that an answer to a letter supersedes: kept, marked.
pub async fn replace_papers(tx: &mut Tx, dossier: DossierId, component: &str, before: Moment, now: Moment) -> sqlx::Result<()> {
    sqlx::query(
        "update paper
         set replaced_at = $4
         where dossier_id = $1 and component = $2 and at <= $3 and replaced_at is null",
    )
    .bind(dossier)
    .bind(component)
    .bind(before)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn hand_over(tx: &mut Tx, draft: DraftId, dossier: DossierId) -> sqlx::Result<()> {
    sqlx::query(
        "update paper
         set dossier_id = $2, draft_id = null
         where draft_id = $1",
    )
    .bind(draft)
    .bind(dossier)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Papers already sent in answer to the open letter of a dossier, not yet part of it for the desk.
pub async fn remove_dossier_paper(tx: &mut Tx, dossier: DossierId, id: PaperId, since: Moment) -> sqlx::Result<()> {
    sqlx::query("delete from paper where id = $1 and dossier_id = $2 and at > $3").bind(id).bind(dossier).bind(since).execute(&mut **tx).await?;
    Ok(())
}

/// A paper with whose it is: rights are decided on that alone.
#[derive(sqlx::FromRow)]
pub struct PaperOf {
    #[sqlx(flatten)]
    pub paper: Paper,
    pub draft_id: Option<DraftId>,
    pub dossier_id: Option<DossierId>,
}

pub async fn find_paper(conn: &mut PgConnection, id: PaperId) -> sqlx::Result<Option<PaperOf>> {
    sqlx::query_as(
        "select p.id, p.component, p.question, p.name, p.media, p.size, p.digest, p.sent_digest, p.declared, p.replaced_at, p.at,
                p.draft_id, p.dossier_id
         from paper p
         where p.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}
