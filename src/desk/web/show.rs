//! A dossier for staff: the paper beside the ticks, the clock, and only the acts that this role and state allow.

use crate::base::code::DossierCode;
use crate::base::lang::{Text, Words};
use crate::base::{person, time};
use crate::catalogue::model::{APPLICATION_FORM, Channel};
use crate::catalogue::{self, Catalogue, Offered};
use crate::desk::text as t;
use crate::dossier::model::{Dossier, ResultRow};
use crate::dossier::state::{self, Action};
use crate::dossier::{self, AnswerLine, acts, answer_lines, checks_of, events_of, find_result, papers_of_dossier, propose_number, supplements_of, text as dt, visible};
use crate::payment::{self, text as pt};
use crate::platform::Portal;
use crate::web::extract::{Path, Query, Read};
use crate::web::headers::Policy;
use crate::web::session::{Role, Staff};
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State as Held;
use axum::response::Response;
use chrono::Datelike;
use sqlx::PgConnection;

pub struct FileLine {
    pub name: String,
    pub view: Link,
    pub shown: bool,
    pub old: bool,
    pub declared: Option<String>,
}

pub struct Item {
    pub key: String,
    pub name: Words,
    pub files: Vec<FileLine>,
    pub fine: bool,
    pub mend: bool,
    pub note: String,
}

pub struct Answer {
    pub line: AnswerLine,
    pub key: String,
    pub mend: bool,
    pub note: String,
}

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
    pub who: String,
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
    number_proposed: i32,
    symbol: String,
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
}

/// Buttons from the table, less those whose plain facts already say no.
fn open_acts(d: &Dossier, s: &Staff, r: Option<&ResultRow>, expired: bool) -> Vec<&'static str> {
    let signed = r.is_some_and(|r| r.signed_at.is_some());
    state::actions(d.state, &s.roles)
        .into_iter()
        .filter(|a| acts::is_of_unit(d, s, *a))
        .filter(|a| match a {
            Action::Sign | Action::ReturnDraft => !signed,
            Action::Issue => signed,
            Action::ExpireSupplement => expired,
            _ => true,
        })
        .map(Action::as_str)
        .collect()
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

pub async fn load(page: Page, c: &Catalogue, conn: &mut PgConnection, d: &Dossier, staff: &Staff, query: &Query) -> Result<Show> {
    let p = catalogue::find_procedure(conn, d.procedure_version).await?.ok_or(Error::NotFound)?;
    let form = catalogue::find_form(conn, d.form_version).await?;
    let papers = papers_of_dossier(conn, d.id).await?;
    let checks = checks_of(conn, d.id).await?;
    let owed = payment::obligations_of_subject(conn, d.id.0).await?;
    let events = events_of(conn, d.id).await?;
    let result = find_result(conn, d.id).await?;
    let letters = supplements_of(conn, d.id).await?;
    let wanted = query.get("giay");
    let shown = papers.iter().find(|x| x.digest.is_some() && wanted.map_or(x.replaced_at.is_none(), |w| x.id.to_string() == w));
    let check = |key: &str| checks.iter().find(|k| k.item == key);
    let mut components: Vec<&str> = p.components.iter().filter(|x| x.is_filed() && x.id != APPLICATION_FORM && x.in_case(d.procedure_case.as_deref())).map(|x| x.id.as_str()).collect();
    for x in &papers {
        if !components.contains(&x.component.as_str()) {
            components.push(&x.component);
        }
    }
    let name_of =
        |id: &str| p.components.iter().find(|x| x.id == id).map_or_else(|| if id == dossier::filing::slots::PROOF { t::EXEMPTION.into() } else { Words::same(id) }, catalogue::model::Component::words);
    let items = components
        .iter()
        .map(|id| {
            let key = format!("p:{id}");
            let k = check(&key);
            Item {
                name: name_of(id),
                files: papers
                    .iter()
                    .filter(|x| x.component == **id)
                    .map(|x| FileLine {
                        name: x.name.clone(),
                        view: urls::desk(&d.code).with("giay", &x.id.to_string()).at("xem"),
                        shown: shown.is_some_and(|s| s.id == x.id),
                        old: x.replaced_at.is_some(),
                        declared: x.declared.as_ref().map(|y| format!("{}, {}, {}", y.0.number, y.0.issuer, y.0.date)),
                    })
                    .collect(),
                fine: k.is_some_and(|k| k.fine),
                mend: k.is_some_and(|k| !k.fine),
                note: k.map(|k| k.note.clone()).unwrap_or_default(),
                key,
            }
        })
        .collect();
    let answers = form
        .as_ref()
        .map(|f| answer_lines(c, f, &d.answers.0))
        .unwrap_or_default()
        .into_iter()
        .map(|line| {
            let key = format!("q:{}", line.question);
            let k = check(&key);
            Answer { mend: k.is_some_and(|k| !k.fine), note: k.map(|k| k.note.clone()).unwrap_or_default(), key, line }
        })
        .collect();
    let channel = d.channel.parse().unwrap_or(Channel::Online);
    let promise = p
        .limit(channel, d.procedure_case.as_deref())
        .and_then(|l| c.due(&d.reception_unit, time::local(page.now), l.limit(), &[]).ok())
        .and_then(|x| x.at)
        .map(|x| x.format("%H:%M, %d/%m/%Y").to_string());
    let (when, left, left_class) = t::moment(dossier::acts::act_by(d), page.now);
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
    let symbol = "KQ-TTHC".to_owned();
    let number_proposed = propose_number(conn, &d.competent_unit, &symbol, time::day(page.now).year()).await?;
    let expired = letters.iter().any(|l| l.answered_at.is_none() && l.due_at <= page.now);
    let acts = open_acts(d, staff, result.as_ref(), expired);
    Ok(Show {
        version: d.version,
        title: p.short(),
        official: p.words(),
        case: p.case(d.procedure_case.as_deref()).map(catalogue::model::Case::words),
        owner: d.owner_name.clone(),
        filer: d.filer_name.clone(),
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
        unpaid: owed.iter().any(payment::model::Obligation::is_due),
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
        acts,
        promise,
        handler,
        officers,
        me: staff.id.to_string(),
        result: match &result {
            Some(r) => Some(result_view(r, d, conn).await?),
            None => None,
        },
        number_proposed,
        symbol,
        letters: letters
            .iter()
            .map(|l| {
                let items = l.items.0.iter().map(|i| (dossier::item_words(&p, form.as_ref(), &i.item), i.words.clone())).collect();
                (t::letter(&time::dmy_hm(l.asked_at), &time::dmy(l.due_at), l.answered_at.map(time::dmy_hm).as_deref()), items)
            })
            .collect(),
        events: events
            .into_iter()
            .filter_map(|e| {
                Some(Event {
                    at: time::dmy_hm(e.at),
                    words: dt::event(e.action.parse().ok()?),
                    unit: e.actor_unit.as_deref().map(|u| c.unit_words(u)).unwrap_or_default(),
                    who: e.actor_name,
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
        let mut response = self.page.show(self)?;
        response.extensions_mut().insert(Policy::PageWithPapers);
        Ok(response)
    }
}

pub async fn show(page: Page, staff: Staff, Offered(c): Offered, Path(code): Path<String>, mut read: Read, query: Query) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    let view = load(page, &c, &mut read.0, &d, &staff, &query).await?;
    view.answer()
}

pub async fn why(page: Page, _: Staff, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    let back = urls::desk(&d.code);
    dossier::why_page(page, &c, &mut read.0, &d, back).await
}

/// The draft of a result, or the issued one, for staff of the dossier.
pub async fn document(Held(portal): Held<Portal>, page: Page, _: Staff, Path((code, which)): Path<(String, String)>, mut read: Read) -> Result<Response> {
    let d = visible(&mut read.0, &code, &page.presence.visitor).await?;
    let r = find_result(&mut read.0, d.id).await?.ok_or(Error::NotFound)?;
    drop(read);
    let (digest, name) = if which == "du-thao" { (r.draft_digest, r.draft_name) } else { (r.digest, r.name) };
    match (digest, name) {
        (Some(digest), Some(name)) => {
            let media = if name.to_lowercase().ends_with(".docx") { "application/vnd.openxmlformats-officedocument.wordprocessingml.document" } else { "application/pdf" };
            dossier::serve(&portal, &digest, &name, media, false).await
        }
        _ => Err(Error::NotFound),
    }
}
