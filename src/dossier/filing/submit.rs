//! Submitting: dossier, code, obligations, event and jobs in one transaction; the same button twice makes one dossier.

use super::slots::{self, Exchanges, Slot};
use crate::account::model::Account;
use crate::base::code::DossierCode;
use crate::base::id::DossierId;
use crate::base::lang::Words;
use crate::base::money::Vnd;
use crate::base::time::{self, Moment};
use crate::base::{fold, random};
use crate::catalogue::fees::{self, Charge};
use crate::catalogue::form::{Answers, Env, Form, Kind, Question, Reason};
use crate::catalogue::model::Channel;
use crate::catalogue::{Catalogue, OfferedProcedure, Routing};
use crate::dossier::model::{Draft, Paper};
use crate::dossier::state::{Action, State};
use crate::dossier::store;
use crate::payment::{self, model::NewObligation};
use crate::platform::db::Tx;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A draft put together: what would be filed now, and what stands in the way.
pub struct Whole<'a> {
    pub offered: &'a OfferedProcedure,
    pub answers: Answers,
    pub errors: BTreeMap<String, Reason>,
    pub slots: Vec<Slot>,
    pub papers: Vec<Paper>,
    pub charges: Vec<Charge>,
    pub routing: Option<Routing>,
}

impl Whole<'_> {
    pub fn form(&self) -> Option<&Form> {
        self.offered.form.as_ref().map(|f| &f.form)
    }

    pub fn total(&self) -> Vnd {
        fees::total(&self.charges)
    }

    pub fn missing(&self) -> Vec<&Slot> {
        slots::missing(&self.slots, &self.papers)
    }

    /// What the filer declares, in the form's own words; a procedure without e-form has none of its own.
    pub fn declarations(&self) -> Vec<&Question> {
        let sections = self.form().map_or(&[][..], |f| &f.sections);
        sections.iter().flat_map(|s| s.fields.iter().filter(|q| q.kind == Kind::Declaration && Form::is_asked(s, q, &self.answers))).collect()
    }

    /// Errors of the form but the declarations, which are given on the check page.
    pub fn form_errors(&self) -> BTreeMap<String, Reason> {
        let declared = |id: &str| self.form().and_then(|f| f.question(id)).is_some_and(|q| q.kind == Kind::Declaration || q.kind == Kind::File);
        self.errors.iter().filter(|(id, _)| !declared(id)).map(|(k, v)| (k.clone(), *v)).collect()
    }

    pub fn is_ready(&self) -> bool {
        self.form_errors().is_empty() && self.missing().is_empty() && self.routing.is_some()
    }
}

/// Puts a draft together from its answers and papers, by the catalogue in force.
pub fn whole<'a>(c: &'a Catalogue, offered: &'a OfferedProcedure, draft: &Draft, answers: Answers, papers: Vec<Paper>, env: &Env<'_>, on: &Exchanges) -> Whole<'a> {
    let form = offered.form.as_ref().map(|f| &f.form);
    let answers = form.map_or(answers.clone(), |f| f.asked_only(&answers));
    let case = draft.procedure_case.as_deref();
    let exemption = c.exemption(draft.exemption.as_deref());
    let errors = form.map(|f| f.errors(&answers, env)).unwrap_or_default();
    let slots = slots::slots(&offered.procedure, form, case, &answers, exemption, on);
    let charges = fees::charges(&offered.procedure, case, &answers, Channel::Online, exemption);
    let place = draft.place.as_ref().map(|p| p.0.clone()).unwrap_or_default();
    let routing = c.route(&offered.procedure, place.district.as_deref(), place.commune.as_deref());
    Whole { offered, answers, errors, slots, papers, charges, routing }
}

fn together(owners: &[(String, Option<String>)]) -> String {
    owners.iter().map(|o| o.0.as_str()).collect::<Vec<_>>().join(", ")
}

impl Whole<'_> {
    /// Whom it is about, where the form asks that.
    pub fn about(&self) -> Option<String> {
        self.form().map(|f| f.owners_in(&self.answers)).filter(|o| !o.is_empty()).map(|o| together(&o))
    }
}

/// Why a draft is not filed now.
#[derive(Debug)]
pub enum Refused {
    /// The sum on the page is not the sum of the answers as they stand.
    OtherSum(Vnd),
    NotReady,
    /// A declaration that must be given was not.
    Undeclared,
    /// Two pages typed different answers; the person chooses first.
    Conflict,
    NoCalendar(i32),
    Broken(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Refused {
    fn from(e: E) -> Self {
        Self::Broken(e.into())
    }
}

/// Files a locked draft. `shown` is the sum the page showed, None where it can't be read; `declared` are the declarations
/// that were ticked (of a procedure without e-form: any one).
#[expect(clippy::too_many_arguments, reason = "all that the person saw and said, and when")]
pub async fn submit(tx: &mut Tx, c: &Catalogue, draft: &Draft, account: &Account, whole: Whole<'_>, declared: &[&str], shown: Option<Vnd>, now: Moment) -> Result<DossierCode, Refused> {
    if !store::conflicts(tx, draft.id).await?.is_empty() {
        return Err(Refused::Conflict);
    }
    if shown != Some(whole.total()) {
        return Err(Refused::OtherSum(whole.total()));
    }
    let Some(routing) = whole.routing.clone().filter(|_| whole.is_ready()) else { return Err(Refused::NotReady) };
    let mut answers = whole.answers.clone();
    for q in whole.declarations() {
        if declared.contains(&q.id.as_str()) {
            answers.insert(q.id.clone(), Value::Bool(true));
        } else if q.required {
            return Err(Refused::Undeclared);
        }
    }
    if declared.is_empty() {
        return Err(Refused::Undeclared);
    }
    let p = &whole.offered.procedure;
    let owners = whole.form().map(|f| f.owners_in(&answers)).unwrap_or_default();
    let organisation = crate::account::organisation_for(tx, account, draft.party_id).await?;
    let principal = organisation.as_ref().map_or((account.full_name.as_str(), account.number()), |o| (o.name.as_str(), o.tax_code.as_str()));
    let owner_name = if owners.is_empty() { principal.0.to_owned() } else { together(&owners) };
    let owner_number = if owners.is_empty() { Some(principal.1.to_owned()) } else { owners.iter().find_map(|o| o.1.clone()) };
    let numbers = owners.iter().filter_map(|o| o.1.as_deref()).collect::<Vec<_>>().join(" ");
    let search = fold::search(&format!("{owner_name} {} {} {} {numbers}", account.full_name, principal.0, principal.1));
    let intake_due = c.intake_due(&routing.reception, now).map_err(|e| e.downcast::<crate::base::calendar::MissingYear>().map_or_else(Refused::Broken, |m| Refused::NoCalendar(m.0)))?;
    let agency = c.unit(&routing.competent).map_or_else(|| c.places.province.code.clone(), |u| u.code.clone());
    let id = DossierId::fresh();
    let place = draft.place.as_ref().map(|p| p.0.clone()).unwrap_or_default();
    let key = random::letters(8);
    let number = store::next_number(tx, &agency, time::day(now)).await?;
    let code = DossierCode::new(&agency, time::day(now), number);
    store::insert_dossier(
        tx,
        &store::NewDossier {
            id,
            code: &code,
            lookup_key: &key,
            party: draft.party_id,
            account: account.id,
            filer: (&account.full_name, account.number(), &account.phone, account.confirmed_email()),
            owner: (&owner_name, owner_number.as_deref(), &search),
            procedure: (whole.offered.version, &p.code, draft.procedure_case.as_deref()),
            form: whole.offered.form.as_ref().map(|f| f.version),
            answers: &answers,
            exemption: draft.exemption.as_deref(),
            place: &place,
            result_channel: draft.result_channel.map_or("counter", super::super::model::ResultChannel::as_str),
            routing: &routing,
            submitted_at: now,
            intake_due_at: intake_due,
            calendar_version: c.calendar.version,
        },
    )
    .await?;
    store::hand_over(tx, draft.id, id).await?;
    open_charges(tx, c, draft, account, &whole, &routing, (&code, id, &owner_name), now).await?;
    let actor = ("citizen", Some(account.id.0), account.full_name.as_str(), None);
    store::insert_event(tx, id, Action::Submit.as_str(), None, State::Submitted, actor, "", &json!({ "draft": draft.id }), now).await?;
    store::mark_submitted(tx, draft.id, id).await?;
    let to = store::To { party: draft.party_id, account: Some(account.id), dossier: id };
    crate::dossier::tell(tx, to, "submitted", &json!({ "by": time::dmy_hm(intake_due) }), now).await?;
    Ok(code)
}

#[expect(clippy::too_many_arguments, reason = "all of them are the frozen facts of an obligation")]
async fn open_charges(
    tx: &mut Tx,
    c: &Catalogue,
    draft: &Draft,
    account: &Account,
    whole: &Whole<'_>,
    routing: &Routing,
    (code, id, about): (&DossierCode, DossierId, &str),
    now: Moment,
) -> anyhow::Result<()> {
    let pay_due = c.due(&routing.reception, time::local(now), crate::base::calendar::Limit::WorkingDays(5), &[])?.at.map(time::from_local);
    for charge in &whole.charges {
        let (Some(gross), Some(amount)) = (charge.gross, charge.amount) else { continue };
        payment::open(
            tx,
            &NewObligation {
                subject: id.0,
                party: draft.party_id,
                payer: Some(account.id),
                unit: routing.competent.clone(),
                counter: routing.reception.clone(),
                code: code.as_str().to_owned(),
                title: whole.offered.procedure.short(),
                about: about.to_owned(),
                fee: charge.fee.clone(),
                fee_name: charge.name.clone(),
                kind: charge.kind.clone(),
                gross,
                amount,
                arithmetic: if charge.arithmetic.is_empty() { Words::default() } else { charge.arithmetic.clone() },
                exemption: charge.exemption.clone(),
                exemption_pending: charge.exemption.is_some(),
                collect_at: charge.collect_at,
                pay_due,
                replaces: None,
            },
            now,
        )
        .await?;
    }
    Ok(())
}
