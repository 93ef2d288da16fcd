//! The heart: drafts become dossiers, dossiers are received, decided and returned.
//!
//! A **draft** is a row from the first answer on ([`filing`]); every value a question ever had stays until it is filed.
//! Filing makes dossier, code, obligations, event and jobs in one transaction. From then on [`acts`] is the only writer:
//! each act locks the dossier, asks the table of [`state`], checks its guards, moves the state and appends one event.
//! To add an act: a row in `state::RULES`, its unit (`acts::is_of_unit`) and a function in `acts`, its words in `text`, an arm in
//! `desk/web/act.rs` and its form in `templates/desk/show.html`.

pub mod acts;
pub mod clock;
pub mod daily;
pub mod filing;
pub mod model;
pub mod state;
mod store;
pub mod text;
mod web;

use crate::base::code::DossierCode;
use crate::base::time::Moment;
use crate::platform::db::Tx;
use crate::platform::jobs::{Job, enqueue};
use crate::web::session::{Citizen, Staff, Visitor};
use model::Dossier;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

pub use store::{
    PaperOf, checks_of, events_of, find_dossier, find_paper, find_proposal, find_result, history_of, insert_opening, last_dropped_result, load_dossier, papers_of_dossier, propose_number,
};
pub use web::{AnswerLine, Arrived, answer_lines, item_words, receive, refused, routes, serve, why_page};

/// Tells the owner what happened; put into words and mailed by `notification`.
#[derive(Serialize, Deserialize)]
pub struct Tell {
    pub message: i64,
}

/// Tells the owner, on the site and by mail where that is possible.
async fn tell(tx: &mut Tx, to: impl Into<store::To>, kind: &str, facts: &serde_json::Value, now: Moment) -> sqlx::Result<()> {
    if let Some(message) = store::insert_message(tx, to.into(), kind, facts, now).await? {
        enqueue(tx, &Tell { message }, now).await?;
    }
    Ok(())
}

impl Job for Tell {
    const KIND: &'static str = "tell";
    const OUTWARD: bool = true;
}

/// Who may see a dossier: its owner's party, and staff of the units it is open to. Everybody else: it doesn't exist.
pub fn may_see(d: &Dossier, visitor: &Visitor) -> bool {
    match visitor {
        Visitor::Citizen(c) => c.sees(d.party_id, d.filer_account),
        Visitor::Staff(s) => may_work_on(d, s),
        Visitor::Nobody => false,
    }
}

/// A member of staff of a unit of the dossier whose role works on dossiers: a cashier sees fees, an administrator accounts,
/// neither what people filed. In a room only where the room is the dossier's (or the desk's).
pub fn may_work_on(d: &Dossier, s: &Staff) -> bool {
    use crate::web::session::Role;
    let works = s.roles.iter().any(|r| !matches!(r, Role::SystemAdmin | Role::Cashier));
    if !works || !d.open_to.contains(&s.unit) {
        return false;
    }
    let in_room = s.office.as_ref().is_none_or(|o| *o == d.appraising_office);
    in_room || s.is(Role::DeskClerk) || s.is(Role::Leader) || s.is(Role::RecordsClerk)
}

/// Locks a dossier that this visitor may see.
pub async fn lock(tx: &mut Tx, code: &DossierCode, visitor: &Visitor) -> crate::web::Result<Dossier> {
    let found = store::lock_dossier(tx, code).await?;
    found.filter(|d| may_see(d, visitor)).ok_or(crate::web::Error::NotFound)
}

/// Locks a dossier that this citizen may act on: who only sees an organisation's dossiers changes nothing.
pub async fn lock_own(tx: &mut Tx, code: &DossierCode, citizen: &Citizen) -> crate::web::Result<Dossier> {
    let d = store::lock_dossier(tx, code).await?.filter(|d| citizen.sees(d.party_id, d.filer_account)).ok_or(crate::web::Error::NotFound)?;
    if citizen.files_for(d.party_id) { Ok(d) } else { Err(crate::web::Error::refused(text::ONLY_SEES)) }
}

/// The dossier of an address, for this visitor.
pub async fn visible(conn: &mut PgConnection, code: &str, visitor: &Visitor) -> crate::web::Result<Dossier> {
    let code = DossierCode::parse(code).ok_or(crate::web::Error::NotFound)?;
    let found = store::find_dossier(conn, &code).await?;
    found.filter(|d| may_see(d, visitor)).ok_or(crate::web::Error::NotFound)
}

/// The row of a file that staff sent: after the file is durable.
pub async fn remember_file(tx: &mut Tx, digest: &str, size: i64, now: Moment) -> sqlx::Result<()> {
    store::insert_file(tx, digest, size, now).await
}

/// Keeps a paper that arrived for a draft.
pub async fn keep_paper(tx: &mut Tx, draft: crate::base::id::DraftId, component: &str, question: Option<&str>, a: &Arrived, now: Moment) -> sqlx::Result<()> {
    web::keep_row(tx, store::Holder::Draft(draft), component, question, a, now).await
}

/// Keeps a paper that answers the open letter of a dossier.
pub async fn keep_answer_paper(tx: &mut Tx, id: crate::base::id::DossierId, component: &str, question: Option<&str>, a: &Arrived, now: Moment) -> sqlx::Result<()> {
    web::keep_row(tx, store::Holder::Dossier(id), component, question, a, now).await
}

/// What a dossier owed is met: recorded in its history, its clock resumed where it waited for money.
pub struct MetListener;

impl crate::payment::Listener for MetListener {
    fn met<'a>(&'a self, tx: &'a mut Tx, subject: uuid::Uuid, now: Moment) -> std::pin::Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>> {
        Box::pin(acts::money_came(tx, subject, now))
    }
}
