//! Organisations of a citizen: add, see, invite, leave; and the page an invitation's link leads to.

use super::sound_organisation;
use crate::account::model::{Account, Member, Organisation, Rights};
use crate::account::text::organisation as t;
use crate::account::{self, organisation, store};
use crate::base::id::{AccountId, InvitationId, PartyId};
use crate::base::lang::Words;
use crate::base::{fold, person, tax_code, time, typed};
use crate::catalogue::form::is_passport;
use crate::platform::Portal;
use crate::web::extract::{Path, Query, Read};
use crate::web::field::{Field, Summary};
use crate::web::form::{Faults, Posted};
use crate::web::session::{Citizen, Visitor, hash};
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::response::Response;
use chrono::Datelike;

/// One organisation in a list.
struct Row {
    link: Link,
    name: String,
    tax_code: String,
    confirmed: bool,
}

#[derive(Template)]
#[template(path = "account/organisations.html")]
struct List {
    page: Page,
    rows: Vec<Row>,
    fields: Vec<Field>,
    summary: Summary,
}

fn claim_fields() -> Vec<Field> {
    vec![
        Field::text("tax_code", t::TAX_CODE).hint(t::TAX_CODE_HINT).mode("numeric").width("number"),
        Field::text("name", t::NAME).hint(t::NAME_HINT).auto("organization"),
        Field::text("address", t::ADDRESS).auto("street-address").optional(),
    ]
}

async fn list_view(portal: &Portal, page: Page, citizen: &Citizen, posted: &Posted, faults: &Faults) -> Result<List> {
    let rows = store::organisations_of(&mut *portal.db.read().await?, citizen.account).await?;
    let rows = rows.into_iter().map(|o| Row { link: urls::organisation(urls::ORGANISATION, o.party), name: o.name, tax_code: o.tax_code, confirmed: o.confirmed_at.is_some() }).collect();
    let fields = claim_fields().into_iter().map(|f| f.typed(posted, faults)).collect();
    Ok(List { rows, fields, summary: faults.into(), page })
}

pub async fn list(State(portal): State<Portal>, page: Page, citizen: Citizen) -> Result<Response> {
    let v = list_view(&portal, page, &citizen, &Posted::default(), &Faults::default()).await?;
    v.page.show(&v)
}

pub async fn claim(State(portal): State<Portal>, page: Page, citizen: Citizen, posted: Posted) -> Result<Response> {
    posted.only(&["tax_code", "name", "address"])?;
    let mut faults = Faults::default();
    let code = typed::tax_code(posted.text("tax_code"));
    if !tax_code::is_sound(&code, portal.demo, portal.clock.today().year()) {
        faults.add("tax_code", t::TAX_CODE, t::TAX_CODE_WRONG);
    }
    let name = fold::name(posted.text("name"));
    if !sound_organisation(&name) {
        faults.add("name", t::NAME, t::NAME_WRONG);
    }
    let address = fold::text(posted.text("address")).trim().to_owned();
    if let Some(words) = crate::web::text::longer(&address, 300) {
        faults.add("address", t::ADDRESS, words);
    }
    if !faults.is_empty() {
        let v = list_view(&portal, page, &citizen, &posted, &faults).await?;
        return v.page.show_faults(&v);
    }
    let mut tx = portal.db.begin().await?;
    let a = store::load_account(&mut tx, citizen.account).await?;
    let party = organisation::claim(&mut tx, &a, &name, &code, Some(address.as_str()).filter(|x| !x.is_empty()), portal.clock.now()).await.map_err(t::refused)?;
    tx.commit().await?;
    Ok(page.go(&urls::organisation(urls::ORGANISATION, party)))
}

struct Person {
    id: AccountId,
    name: String,
    number: String,
    representative: bool,
    rights: Vec<Tick>,
    since: String,
}

/// A right with its box.
struct Tick {
    name: &'static str,
    words: Words,
    on: bool,
}

fn ticks(r: Rights) -> Vec<Tick> {
    let tick = |name, words: crate::base::lang::Text, on| Tick { name, words: words.into(), on };
    vec![tick("nop", t::FILES, r.may_file), tick("tra", t::PAYS, r.may_pay), tick("xem", t::SEES_ALL, r.sees_all)]
}

fn rights(posted: &Posted) -> Rights {
    Rights { may_file: posted.has("nop"), may_pay: posted.has("tra"), sees_all: posted.has("xem") }
}

struct Open {
    id: InvitationId,
    number: String,
    rights: Vec<Tick>,
    until: String,
}

struct Happened {
    at: String,
    words: Words,
    by: String,
}

#[derive(Template)]
#[template(path = "account/organisation.html")]
struct Show {
    page: Page,
    id: PartyId,
    name: String,
    tax_code: String,
    address: Option<String>,
    confirmed: bool,
    other_confirmed: bool,
    representative: String,
    /// Whether the visitor represents it: then the rest is theirs to manage.
    manages: bool,
    /// What the visitor's rights open.
    reads: bool,
    pays: bool,
    own: Vec<Tick>,
    people: Vec<Person>,
    open: Vec<Open>,
    invite: Vec<Field>,
    invited: Vec<Tick>,
    link: Option<String>,
    history: Vec<Happened>,
    saved: bool,
    summary: Summary,
}

/// An organisation this citizen is a member of; another doesn't exist.
async fn of_member(conn: &mut sqlx::PgConnection, citizen: &Citizen, id: &str) -> Result<Organisation> {
    let party: PartyId = id.parse().map_err(|_| Error::NotFound)?;
    citizen.membership(party).ok_or(Error::NotFound)?;
    store::find_organisation(conn, party).await?.ok_or(Error::NotFound)
}

fn member_rights(m: &Member) -> Rights {
    Rights { may_file: m.may_file, may_pay: m.may_pay, sees_all: m.sees_all }
}

async fn view(portal: &Portal, page: Page, citizen: &Citizen, id: &str, posted: &Posted, faults: &Faults, link: Option<String>) -> Result<Show> {
    let conn = &mut *portal.db.read().await?;
    let o = of_member(conn, citizen, id).await?;
    let manages = o.claimant == citizen.account;
    let members = store::members_of(conn, o.party).await?;
    let own = members.iter().find(|m| m.account == citizen.account).map(member_rights).unwrap_or_default();
    let claims = store::claims_of(conn, &o.tax_code).await?;
    let (open, history) = if manages { (store::open_invitations(conn, o.party, page.now).await?, store::organisation_events(conn, o.party).await?) } else { (Vec::new(), Vec::new()) };
    let field = Field::text("number", t::NUMBER).width("number").typed(posted, faults);
    Ok(Show {
        reads: citizen.sight(o.party).is_some(),
        pays: citizen.pays_for(o.party),
        id: o.party,
        confirmed: o.confirmed_at.is_some(),
        other_confirmed: o.confirmed_at.is_none() && claims.iter().any(|c| c.confirmed_at.is_some()),
        name: o.name,
        tax_code: o.tax_code,
        address: o.address,
        representative: o.claimant_name,
        manages,
        own: ticks(own),
        people: members
            .iter()
            .filter(|_| manages)
            .map(|m| Person { id: m.account, name: m.name.clone(), number: person::masked(&m.number), representative: m.representative, rights: ticks(member_rights(m)), since: time::dmy(m.from_at) })
            .collect(),
        open: open.into_iter().map(|i| Open { id: i.id, number: person::masked(&i.number), rights: ticks(i.rights()), until: time::dmy_hm(i.expires_at) }).collect(),
        invite: vec![field],
        invited: ticks(if posted.0.is_empty() { Rights { may_file: true, ..Rights::default() } } else { rights(posted) }),
        link,
        history: history
            .into_iter()
            .map(|e| {
                let person = if e.person.bytes().any(|b| b.is_ascii_digit()) { person::masked(&e.person) } else { e.person };
                Happened { at: time::dmy_hm(e.at), words: t::event(&e.action, &person), by: e.actor_name }
            })
            .collect(),
        saved: faults.is_empty() && page.here.path().contains("luu=1"),
        summary: faults.into(),
        page,
    })
}

pub async fn show(State(portal): State<Portal>, page: Page, citizen: Citizen, Path(id): Path<String>, _query: Query) -> Result<Response> {
    let v = view(&portal, page, &citizen, &id, &Posted::default(), &Faults::default(), None).await?;
    v.page.show(&v)
}

pub async fn invite(State(portal): State<Portal>, page: Page, citizen: Citizen, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&["number", "nop", "tra", "xem"])?;
    let number = typed::digits(posted.text("number")).to_uppercase();
    let mut faults = Faults::default();
    // a personal number with a digit lost must not pass for a passport
    let passport = is_passport(&number) && !(number.len() >= 10 && number.bytes().all(|b| b.is_ascii_digit()));
    if person::read(&number, portal.demo, portal.clock.today().year()).is_err() && !passport {
        faults.add("number", t::NUMBER, t::NUMBER_WRONG);
    }
    if rights(&posted) == Rights::default() {
        faults.add("nop", t::RIGHTS, crate::web::field::REQUIRED);
    }
    if !faults.is_empty() {
        let v = view(&portal, page, &citizen, &id, &posted, &faults, None).await?;
        return v.page.show_faults(&v);
    }
    let (mut tx, a, o) = begin(&portal, &citizen, &id).await?;
    let token = organisation::invite(&mut tx, o, &a, &number, rights(&posted), portal.clock.now()).await.map_err(t::refused)?;
    tx.commit().await?;
    let link = format!("{}{}", portal.config.public_url, urls::invitation(&token).in_lang(page.lang));
    let v = view(&portal, page, &citizen, &id, &Posted::default(), &Faults::default(), Some(link)).await?;
    v.page.show(&v)
}

async fn begin(portal: &Portal, citizen: &Citizen, id: &str) -> Result<(crate::platform::db::Tx, Account, PartyId)> {
    let mut tx = portal.db.begin().await?;
    let o = of_member(&mut tx, citizen, id).await?;
    let a = store::load_account(&mut tx, citizen.account).await?;
    Ok((tx, a, o.party))
}

fn saved(o: PartyId) -> Link {
    urls::organisation(urls::ORGANISATION, o).with("luu", "1")
}

pub async fn revoke(State(portal): State<Portal>, page: Page, citizen: Citizen, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&["loi-moi"])?;
    let (mut tx, a, o) = begin(&portal, &citizen, &id).await?;
    let invitation = posted.text("loi-moi").parse().map_err(|_| Error::NotFound)?;
    organisation::revoke(&mut tx, o, &a, invitation, portal.clock.now()).await.map_err(t::refused)?;
    tx.commit().await?;
    Ok(page.go(&saved(o)))
}

pub async fn set_rights(State(portal): State<Portal>, page: Page, citizen: Citizen, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&["nguoi", "nop", "tra", "xem"])?;
    let (mut tx, a, o) = begin(&portal, &citizen, &id).await?;
    let member = posted.text("nguoi").parse().map_err(|_| Error::NotFound)?;
    organisation::set_rights(&mut tx, o, &a, member, rights(&posted), portal.clock.now()).await.map_err(t::refused)?;
    tx.commit().await?;
    Ok(page.go(&saved(o)))
}

pub async fn leave(State(portal): State<Portal>, page: Page, citizen: Citizen, Path(id): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&[])?;
    let (mut tx, a, o) = begin(&portal, &citizen, &id).await?;
    organisation::leave(&mut tx, o, &a, portal.clock.now()).await.map_err(t::refused)?;
    tx.commit().await?;
    Ok(page.go(&urls::page(urls::ORGANISATIONS)))
}

#[derive(Template)]
#[template(path = "account/invitation.html")]
struct Invited {
    page: Page,
    token: String,
    /// Name and rights, for the person it is bound to alone.
    offer: Option<(String, Vec<Tick>)>,
    words: crate::base::lang::Text,
}

/// Fetching shows a page and uses nothing up; whoever isn't the invited person learns nothing of the organisation.
pub async fn invitation(page: Page, Path(token): Path<String>, mut read: Read) -> Result<Response> {
    let found = store::find_invitation(&mut read.0, &hash(&token)).await?;
    let (offer, words) = match (&page.presence.visitor, found) {
        (_, None) => (None, t::GONE),
        (Visitor::Citizen(c), Some(i)) => {
            let a = account::load_account(&mut read.0, c.account).await?;
            let open = i.used_at.is_none() && i.revoked_at.is_none() && i.expires_at > page.now;
            match store::find_organisation(&mut read.0, i.organisation_id).await?.filter(|_| open && a.number() == i.number) {
                Some(o) => (Some((o.name, ticks(i.rights()))), t::INVITATION_LEAD),
                None if a.number() != i.number => return Err(t::refused(organisation::Refused::OtherPerson)),
                None if i.used_at.is_some() => (None, t::INVITATION_USED),
                None => (None, t::GONE),
            }
        }
        _ => (None, t::INVITATION_SIGN_IN),
    };
    let view = Invited { page, token, offer, words };
    let mut response = view.page.show(&view)?;
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}

pub async fn accept(State(portal): State<Portal>, page: Page, citizen: Citizen, Path(token): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&[])?;
    let mut tx = portal.db.begin().await?;
    let a = store::load_account(&mut tx, citizen.account).await?;
    let o = organisation::accept(&mut tx, &a, &token, portal.clock.now()).await.map_err(t::refused)?;
    tx.commit().await?;
    Ok(page.go(&urls::organisation(urls::ORGANISATION, o)))
}
