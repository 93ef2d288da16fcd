//! A dossier for staff: the paper beside the ticks, the clock, and only the acts that this role and state allow.

use super::facts::Facts;
use super::given::Given;
use super::items::{self, Answer, Item};
use crate::base::code::DossierCode;
use crate::base::lang::{Text, Words};
use crate::base::{person, time};
use crate::catalogue::model::Channel;
use crate::catalogue::{self, Catalogue, Offered};
use crate::desk::text as t;
use crate::dossier::model::{Dossier, ResultChannel, ResultRow, SupplementItem};
use crate::dossier::state::{self, Action, State};
use crate::dossier::{self, acts, checks_of, find_proposal, find_result, history_of, insert_opening, last_dropped_result, propose_number, text as dt, visible};
use crate::payment::model::Obligation;
use crate::payment::{self, text as pt};
use crate::platform::Portal;
use crate::web::extract::{Path, Query, Read};
use crate::web::field::{Field, Summary};
use crate::web::headers::Policy;
use crate::web::session::{Role, Staff};
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State as Held;
use axum::response::Response;
use chrono::Datelike;
use sqlx::PgConnection;

pub struct Fee {
    pub id: String,
    pub words: Words,
    pub amount: String,
    pub state: Text,
    pub pending: bool,
    pub open: bool,
}

pub struct Event {
    pub at: String,
    pub words: Text,
    pub who: Words,
    pub unit: Words,
    pub note: String,
}

#[derive(Template)]
#[template(path = "desk/show.html")]
pub struct Show {
    page: Page,
    code: DossierCode,
    version: i32,
    title: Words,
    official: Words,
    case: Option<Words>,
    owner: String,
    filer: String,
    /// The organisation it was filed for.
    behalf: Option<Words>,
    number: String,
    phone: String,
    state: Text,
    class: &'static str,
    when: Words,
    left: Words,
    left_class: &'static str,
    holder: Option<String>,
    items: Vec<Item>,
    answers: Vec<Answer>,
    viewer: Option<(Link, String)>,
    fees: Vec<Fee>,
    unpaid: bool,
    exemption: Option<Words>,
    acts: Vec<&'static str>,
    promise: Option<String>,
    handler: Option<String>,
    officers: Vec<(String, String)>,
    me: String,
    result: Option<ResultView>,
    number_proposed: String,
    next: Option<(Link, String)>,
    done: Option<Words>,
    /// Until when this clerk's lease runs.
    mine_until: Option<String>,
    /// The person chose another way than the counter.
    not_counter: Option<Words>,
    letter_sent: bool,
    refused: bool,
    stopped: bool,
    /// Ticks are open to this role now.
    ticking: bool,
    /// What an officer wants to ask for.
    proposal: Option<Vec<(Words, String)>>,
    /// Why the person wants it back.
    withdrawal: Option<String>,
    assessable: Vec<(String, Words)>,
    /// The last finding and why the leader sent it back.
    summary_before: String,
    sent_back: Option<String>,
    given: Given,
    letters: Vec<(Words, Vec<(Words, String)>)>,
    events: Vec<Event>,
    accepted: bool,
    channel: Text,
    saved: bool,
    new_key: Option<String>,
}

pub struct ResultView {
    pub denied: bool,
    pub summary: String,
    pub draft: Option<(Link, String)>,
    pub issued: Option<(Link, String)>,
    pub signed: Option<String>,
}

impl Show {
    fn is_late(&self) -> bool {
        self.left_class == "late"
    }

    fn is_soon(&self) -> bool {
        self.left_class == "soon"
    }

    fn is_me(&self, id: &str) -> bool {
        self.me == id
    }

    fn can(&self, action: &str) -> bool {
        self.acts.contains(&action)
    }

    /// The addresses of the ends that a leader may put to it now.
    fn stops(&self) -> impl Iterator<Item = &'static str> {
        [(Action::Stop, "dung"), (Action::StopUnsupplied, "dung-khong-bo-sung"), (Action::StopUnpaid, "dung-khong-nop")].into_iter().filter(|(a, _)| self.can(a.as_str())).map(|(_, address)| address)
    }

    /// A field with what was typed and what is wrong with it.
    fn with_given(&self, field: Field, plain: &str) -> Field {
        let fault = self.given.faults.of(&field.name).cloned();
        let value = self.given.fields.get(&field.name).map_or(plain, String::as_str);
        Field { fault, ..field.value(value) }
    }

    fn area(&self, name: &str, label: Text, plain: &str) -> Field {
        self.with_given(Field::area(name, label), plain)
    }

    fn line(&self, name: &str, label: Text, plain: &str) -> Field {
        self.with_given(Field::text(name, label), plain)
    }

    fn fault(&self, name: &str) -> Option<&Words> {
        self.given.faults.of(name)
    }

    fn was(&self, name: &str, value: &str) -> bool {
        self.given.fields.get(name).is_some_and(|v| v == value)
    }

    fn summary(&self) -> Summary {
        (&self.given.faults).into()
    }
}

async fn result_view(r: &ResultRow, d: &Dossier, conn: &mut PgConnection) -> Result<ResultView> {
    let link = |which: &str| Link::to(urls::DESK_RESULT.replace("{code}", d.code.as_str()).replace("{which}", which));
    let signed = match (r.signed_by, r.signed_at) {
        (Some(by), Some(at)) => Some(format!("{}, {}", crate::account::load_staff(conn, by).await?.full_name, time::dmy_hm(at))),
        _ => None,
    };
    Ok(ResultView {
        denied: r.kind == "deny",
        summary: r.summary.clone(),
        draft: r.draft_name.clone().map(|n| (link("du-thao"), n)),
        issued: r.name.clone().map(|n| (link("ket-qua"), format!("{}/{}: {n}", r.number.unwrap_or(0), r.symbol.clone().unwrap_or_default()))),
        signed,
    })
}

pub async fn load(page: Page, c: &Catalogue, conn: &mut PgConnection, d: &Dossier, staff: &Staff, query: &Query, given: Given) -> Result<Show> {
    let (p, form) = catalogue::find_versions(conn, d.procedure_version, d.form_version).await?.ok_or(Error::NotFound)?;
    let history = history_of(conn, d.id).await?;
    let (papers, events, letters, result) = (history.papers.0, history.events.0, history.supplements.0, history.result.map(|r| r.0));
    let checks = checks_of(conn, d.id).await?;
    let owed = payment::obligations_of_subject(conn, d.id.0).await?;
    let shown = papers.iter().find(|x| x.digest.is_some() && x.replaced_at.is_none());
    let (items, answers) = items::of(c, d, &p, form.as_deref(), &papers, &checks, shown.map(|s| s.id), &given.fields);
    let channel = d.channel.parse().unwrap_or(Channel::Online);
    let promise = p
        .limit(channel, d.procedure_case.as_deref())
        .and_then(|l| c.due(&d.reception_unit, time::local(page.now), l.limit(), &[]).ok())
        .and_then(|x| x.at)
        .map(|x| x.format("%H:%M, %d/%m/%Y").to_string());
    let (when, left, left_class) = t::moment(d.act_by, page.now);
    let holder = match (d.taken_by, d.taken_until) {
        (Some(by), Some(until)) if by != staff.id && until > page.now => Some(crate::account::load_staff(conn, by).await?.full_name),
        _ => None,
    };
    let handler = match d.handler {
        Some(h) => Some(crate::account::load_staff(conn, h).await?.full_name),
        None => None,
    };
    let officers =
        crate::account::staff_of_unit(conn, &d.handler_unit).await?.into_iter().filter(|f| f.roles.iter().any(|r| r == Role::Officer.as_str())).map(|f| (f.id.to_string(), f.full_name)).collect();
    let number_proposed = propose_number(conn, &d.competent_unit, t::PLAIN_SYMBOL, time::day(page.now).year()).await?;
    let proposal = find_proposal(conn, d.id).await?;
    let organisation = crate::account::find_organisation(conn, d.party_id).await?;
    let facts = Facts::of(page.now, &letters, result.as_ref(), proposal.as_ref(), &p, &owed);
    let acts: Vec<&'static str> = state::actions(d.state, &staff.roles).into_iter().filter(|a| acts::is_of_unit(d, staff, *a) && facts.open(*a)).map(Action::as_str).collect();
    let ask_words = |items: &[SupplementItem]| items.iter().map(|i| (dossier::item_words(&p, form.as_deref(), &i.item), i.words.clone())).collect::<Vec<_>>();
    // the next dossier is offered when this one is done with; the old finding, to whom writes the new one
    let next = if acts.is_empty() || query.get("xong").is_some() { super::queue::next(conn, staff, d.id, page.now).await? } else { None };
    let next = next.map(|code| (urls::desk(&code), code.to_string()));
    let dropped = if acts.contains(&Action::ProposeResult.as_str()) { last_dropped_result(conn, d.id).await? } else { None };
    Ok(Show {
        version: d.version,
        title: p.short(),
        official: p.words(),
        case: p.case(d.procedure_case.as_deref()).map(catalogue::model::Case::words),
        owner: d.owner_name.clone(),
        filer: d.filer_name.clone(),
        behalf: organisation.as_ref().map(|o| dt::for_organisation(&o.name, &o.tax_code, o.confirmed_at.is_some())),
        number: person::masked(&d.filer_number),
        phone: d.filer_phone.clone(),
        state: dt::state_to_others(d.state),
        class: dt::state_class(d.state),
        when,
        left,
        left_class,
        holder,
        items,
        answers,
        viewer: shown.map(|x| (urls::paper(&x.id), x.name.clone())),
        unpaid: owed.iter().any(Obligation::is_due),
        fees: owed
            .iter()
            .map(|o| Fee {
                id: o.id.to_string(),
                words: o.fee_words(),
                amount: o.amount.to_string(),
                state: pt::obligation_state(o.state),
                pending: o.exemption_pending,
                open: o.is_due() || o.state == payment::model::ObligationState::Paid,
            })
            .collect(),
        exemption: c.exemption(d.exemption.as_deref()).filter(|_| d.exemption_confirmed.is_none()).map(catalogue::model::Exemption::words),
        promise,
        handler,
        officers,
        me: staff.id.to_string(),
        given,
        result: match &result {
            Some(r) => Some(result_view(r, d, conn).await?),
            None => None,
        },
        number_proposed: number_proposed.to_string(),
        next,
        done: query.get("xong").and_then(|_| events.last()).and_then(|e| Some(t::done(&e.action.parse::<Action>().map(dt::event).ok()?, &time::hm(e.at)))),
        mine_until: d.taken_until.filter(|u| d.taken_by == Some(staff.id) && *u > page.now && !d.state.is_ended()).map(time::hm),
        not_counter: (d.result_channel != ResultChannel::Counter).then(|| t::asked_for(dt::channel(d.result_channel))),
        letter_sent: !letters.is_empty(),
        summary_before: dropped.map(|r| r.summary).unwrap_or_default(),
        sent_back: events.iter().rfind(|e| e.action == Action::ReturnDraft.as_str()).map(|e| e.note.clone()),
        refused: d.state == State::Refused,
        stopped: matches!(d.state, State::Stopped | State::Withdrawn),
        ticking: acts::may_tick(d, staff) && ["accept", "propose_supplement", "confirm_supplement"].iter().any(|a| acts.contains(a)),
        proposal: proposal.map(|x| ask_words(&x.items.0)),
        withdrawal: events.iter().rfind(|e| e.action == Action::RequestWithdrawal.as_str()).filter(|_| d.state == State::WithdrawalRequested).map(|e| e.note.clone()),
        assessable: acts::assessable(&p.fees).map(|f| (f.id.clone(), f.words())).collect(),
        acts,
        letters: letters.iter().map(|l| (t::letter(&time::dmy_hm(l.asked_at), &time::dmy(l.due_at), l.supplied_at.or(l.answered_at).map(time::dmy_hm).as_deref()), ask_words(&l.items.0))).collect(),
        events: events
            .into_iter()
            .filter_map(|e| {
                Some(Event {
                    at: time::dmy_hm(e.at),
                    words: dt::event(e.action.parse().ok()?),
                    unit: e.actor_unit.as_deref().map(|u| c.unit_words(u)).unwrap_or_default(),
                    who: match &organisation {
                        Some(o) if e.actor_kind == "citizen" => dt::on_behalf(&e.actor_name, &o.name),
                        _ => Words::same(e.actor_name),
                    },
                    note: e.note,
                })
            })
            .collect(),
        accepted: d.accepted_at.is_some(),
        channel: dt::channel(d.result_channel),
        saved: query.get("luu").is_some(),
        new_key: None,
        code: d.code.clone(),
        page,
    })
}

impl Show {
    pub fn with_new_key(mut self, key: String) -> Self {
        self.new_key = Some(key);
        self
    }
    pub fn answer(&self) -> Result<Response> {
        let mut response = if self.given.faults.is_empty() { self.page.show(self)? } else { self.page.show_faults(self)? };
        response.extensions_mut().insert(Policy::PageWithPapers);
        Ok(response)
    }
}

pub async fn show(page: Page, staff: Staff, Offered(c): Offered, Path(code): Path<String>, mut read: Read, query: Query) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    insert_opening(&mut read.0, d.id, None, staff.id, &staff.unit, page.now).await?;
    let view = load(page, &c, &mut read.0, &d, &staff, &query, Given::default()).await?;
    view.answer()
}

/// The page again after a refused act, with everything given back.
pub async fn again(portal: &Portal, page: Page, c: &Catalogue, d: &Dossier, staff: &Staff, given: Given) -> Result<Response> {
    let mut conn = portal.db.read().await?;
    let view = load(page, c, &mut conn, d, staff, &Query::default(), given).await?;
    view.answer()
}

pub async fn why(page: Page, _: Staff, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    let back = urls::desk(&d.code);
    dossier::why_page(page, &c, &mut read.0, &d, back).await
}

/// The draft of a result, or the issued one, for staff of the dossier.
pub async fn document(Held(portal): Held<Portal>, page: Page, staff: Staff, Path((code, which)): Path<(String, String)>, mut read: Read) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    let r = find_result(&mut read.0, d.id).await?.ok_or(Error::NotFound)?;
    let (digest, name) = if which == "du-thao" { (r.draft_digest, r.draft_name) } else { (r.digest, r.name) };
    if let Some(name) = &name {
        insert_opening(&mut read.0, d.id, Some(name), staff.id, &staff.unit, page.now).await?;
    }
    drop(read);
    match (digest, name) {
        (Some(digest), Some(name)) => {
            let media = if name.to_lowercase().ends_with(".docx") { "application/vnd.openxmlformats-officedocument.wordprocessingml.document" } else { "application/pdf" };
            dossier::serve(&portal, &digest, &name, media, false).await
        }
        _ => Err(Error::NotFound),
    }
}
