//! A draft, a dossier, their papers and events, as read from the database.

use super::state::State;
use crate::base::code::DossierCode;
use crate::base::id::{AccountId, DossierId, DraftId, PaperId, PartyId, StaffId};
use crate::base::time::Moment;
use crate::catalogue::form::Answers;
use crate::text_enum;
use crate::web::session::Citizen;
use serde::{Deserialize, Serialize};

text_enum! {
    ResultChannel { Electronic = "electronic", Counter = "counter", Post = "post" }
}

text_enum! {
    ForWhom { Own = "self", Child = "child", Other = "other", Organisation = "organisation" }
}

text_enum! {
    /// When a letter asks: before reception, or while the dossier is processed.
    Stage { Intake = "intake", Processing = "processing" }
}

text_enum! {
    /// Why a clock waits.
    PauseKind { Supplement = "supplement", Financial = "financial" }
}

/// Where people file: a commune, a district, or the centre.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Place {
    pub district: Option<String>,
    pub commune: Option<String>,
    /// Where the result is posted to.
    pub post_to: Option<String>,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Draft {
    pub id: DraftId,
    pub token: String,
    pub party_id: PartyId,
    pub account_id: AccountId,
    pub procedure_version: i64,
    pub form_version: Option<i64>,
    pub procedure_code: String,
    pub procedure_case: Option<String>,
    pub place: Option<sqlx::types::Json<Place>>,
    pub for_whom: Option<ForWhom>,
    pub result_channel: Option<ResultChannel>,
    pub exemption: Option<String>,
    pub revision: i64,
    pub step: i16,
    pub submitted_as: Option<DossierId>,
    pub submit_key: String,
    pub saved_at: Moment,
}

#[derive(Debug, Clone, sqlx::FromRow, Deserialize)]
pub struct Paper {
    pub id: PaperId,
    pub component: String,
    pub question: Option<String>,
    pub name: String,
    pub media: String,
    pub size: i64,
    pub digest: Option<String>,
    pub sent_digest: Option<String>,
    pub declared: Option<sqlx::types::Json<Declared>>,
    pub replaced_at: Option<Moment>,
    pub at: Moment,
}

impl Draft {
    /// Whose it is to go on with: its party's, where this person files for it and sees what its author began.
    pub fn is_of(&self, c: &Citizen) -> bool {
        c.files_for(self.party_id) && c.sees(self.party_id, Some(self.account_id))
    }
}

/// A paper the State holds, stated by number instead of uploaded; nothing is looked up.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Declared {
    pub number: String,
    pub issuer: String,
    pub date: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Dossier {
    pub id: DossierId,
    pub code: DossierCode,
    pub lookup_key: String,
    pub party_id: PartyId,
    pub filer_account: Option<AccountId>,
    pub filer_name: String,
    pub filer_number: String,
    pub filer_phone: String,
    pub owner_name: String,
    pub owner_number: Option<String>,
    pub procedure_version: i64,
    pub form_version: Option<i64>,
    pub procedure_code: String,
    pub procedure_case: Option<String>,
    pub answers: sqlx::types::Json<Answers>,
    pub exemption: Option<String>,
    pub exemption_confirmed: Option<bool>,
    pub place: sqlx::types::Json<Place>,
    pub channel: String,
    pub result_channel: ResultChannel,
    pub reception_unit: String,
    pub competent_unit: String,
    pub appraising_office: String,
    pub handler: Option<StaffId>,
    pub handler_unit: String,
    pub open_to: Vec<String>,
    pub state: State,
    pub version: i32,
    pub submitted_at: Moment,
    pub intake_due_at: Moment,
    pub accepted_at: Option<Moment>,
    pub due_at: Option<Moment>,
    pub due_provisional: bool,
    /// By when the next thing is to be done, whoever's turn it is.
    pub act_by: Option<Moment>,
    /// While a withdrawal is asked for: where the dossier was.
    pub state_before: Option<State>,
    pub resolved_at: Option<Moment>,
    pub returned_at: Option<Moment>,
    pub taken_by: Option<StaffId>,
    pub taken_until: Option<Moment>,
}

#[derive(Debug, Clone, sqlx::FromRow, Deserialize)]
pub struct Event {
    pub action: String,
    pub to_state: State,
    pub actor_kind: String,
    pub actor: Option<uuid::Uuid>,
    pub actor_name: String,
    pub actor_unit: Option<String>,
    pub at: Moment,
    pub note: String,
}

/// One thing a letter asks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SupplementItem {
    /// `p:component` or `q:question`.
    pub item: String,
    pub words: String,
}

/// A letter that asks: open until it is answered (at the desk) or the desk has confirmed the answer (while processing).
#[derive(Debug, Clone, sqlx::FromRow, Deserialize)]
pub struct Supplement {
    pub id: uuid::Uuid,
    pub stage: Stage,
    pub items: sqlx::types::Json<Vec<SupplementItem>>,
    pub note: String,
    pub asked_at: Moment,
    pub due_at: Moment,
    /// Papers newer than this answer it.
    pub since: Moment,
    pub supplied_at: Option<Moment>,
    pub answered_at: Option<Moment>,
}

impl Supplement {
    /// It is the person's turn.
    pub fn waits_for_person(&self) -> bool {
        self.is_open() && self.supplied_at.is_none()
    }

    /// Neither answered nor, while processing, confirmed.
    pub fn is_open(&self) -> bool {
        self.answered_at.is_none()
    }

    /// What was asked for has come and lies at the desk.
    pub fn waits_for_desk(&self) -> bool {
        self.is_open() && self.supplied_at.is_some()
    }
}

/// What an officer wants to ask for while processing.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Proposal {
    pub items: sqlx::types::Json<Vec<SupplementItem>>,
    pub proposed_by: StaffId,
    pub at: Moment,
}

/// Time that isn't the office's, and how it moved the promised date.
#[derive(Debug, Clone, sqlx::FromRow, Deserialize)]
pub struct Pause {
    pub id: uuid::Uuid,
    pub kind: PauseKind,
    pub from_at: Moment,
    pub until_at: Option<Moment>,
    pub due_before: Option<Moment>,
    pub due_after: Option<Moment>,
}

/// Staff opened the dossier, or one paper of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Opening {
    pub paper: Option<String>,
    pub unit: String,
    pub at: Moment,
}

#[derive(Debug, Clone, sqlx::FromRow, Deserialize)]
pub struct ResultRow {
    pub id: uuid::Uuid,
    pub kind: String,
    pub summary: String,
    pub draft_digest: Option<String>,
    pub draft_name: Option<String>,
    pub drafted_by: StaffId,
    pub signed_by: Option<StaffId>,
    pub signed_at: Option<Moment>,
    pub number: Option<i32>,
    pub symbol: Option<String>,
    pub issued_at: Option<Moment>,
    pub digest: Option<String>,
    pub name: Option<String>,
    pub media: Option<String>,
    pub bears_signature: Option<bool>,
    pub waybill: Option<String>,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Check {
    pub item: String,
    pub fine: bool,
    pub note: String,
}
