//! Own fees with tick boxes, and a basket: what for, how much, by which way, what became of it.

use crate::base::id::{ObligationId, PartyId};
use crate::base::lang::{Text, Words};
use crate::base::money::Vnd;
use crate::base::number_words::{Dialect, amount};
use crate::base::time;
use crate::catalogue::Offered;
use crate::payment::model::{Basket, ObligationState};
use crate::payment::state::AttemptState;
use crate::payment::{self, Payments, Refused, Settled, store, text as t};
use crate::platform::Portal;
use crate::web::extract::{Address, Path, Query, Read};
use crate::web::form::Posted;
use crate::web::session::{Citizen, Visitor};
use crate::web::tabs::{self, Tab};
use crate::web::urls::{self, Link};
use crate::web::{Error, Page, Result, limits};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

struct Row {
    id: ObligationId,
    code: String,
    title: Words,
    about: String,
    fee: Words,
    arithmetic: Words,
    amount: String,
    state: Text,
    when: Option<String>,
    pending: bool,
    /// The payment that waits for its result, or that met it, with its reference.
    basket: Option<(Link, String)>,
    ticked: bool,
}

fn row(o: payment::model::Obligation, tries: &[store::Try], none: bool) -> Row {
    let basket = tries.iter().find(|b| b.obligation_id == o.id).map(|b| (urls::basket(urls::BASKET, &b.token), b.reference.clone()));
    Row {
        // what waits for a result is not paid once more by mistake
        ticked: basket.is_none() && !none,
        basket,
        about: o.about.clone(),
        title: o.title_words(),
        fee: o.fee_words(),
        arithmetic: o.arithmetic_words(),
        amount: o.amount.to_string(),
        state: t::obligation_state(o.state),
        when: o.paid_at.map(time::dmy_hm),
        pending: o.exemption_pending,
        id: o.id,
        code: o.code,
    }
}

#[derive(Template)]
#[template(path = "payment/list.html")]
struct List {
    page: Page,
    signed_in: bool,
    due: Vec<Row>,
    settled: Vec<Row>,
    nothing_chosen: bool,
    count: Words,
    lead: Text,
    /// Whose fees: goes along with every button and link of the list.
    party: String,
    all: Link,
    none: Link,
    /// One's own and each organisation's one pays for.
    tabs: Vec<Tab>,
}

/// The fees of one party, whoever of its people looks.
fn fees_of(citizen: Option<&Citizen>, party: PartyId) -> Link {
    citizen.map_or_else(|| urls::page(urls::FEES), |c| tabs::of_party(urls::FEES, c, party))
}

/// Who pays, as receipts and lists name them.
pub async fn payer(conn: &mut sqlx::PgConnection, party: PartyId) -> Result<Words> {
    let (name, tax_code) = crate::account::name_of_party(conn, party).await?;
    Ok(t::payer(&name, tax_code.as_deref()))
}

pub async fn list(page: Page, mut read: Read, query: Query) -> Result<Response> {
    let mut whose = Vec::new();
    let (mut here, mut lead, mut whom) = (urls::page(urls::FEES), t::FEES_LEAD, String::new());
    let all = match &page.presence.visitor {
        Visitor::Citizen(c) => {
            let party = tabs::asked(&query, c);
            whose = tabs::tabs(urls::FEES, c, party, |p| c.pays_for(p));
            if !c.pays_for(party) {
                return Err(Error::NotFound);
            }
            here = fees_of(Some(c), party);
            whom = party.to_string();
            if party != c.party {
                lead = t::FEES_OF_ORGANISATION;
            }
            store::obligations_of_party(&mut read.0, party).await?
        }
        Visitor::Staff(_) | Visitor::Nobody => Vec::new(),
    };
    let ids: Vec<ObligationId> = all.iter().map(|o| o.id).collect();
    let baskets = store::baskets_of(&mut read.0, &ids).await?;
    let none = query.get("danh") == Some("khong");
    let row = |o| row(o, &baskets, none);
    let (due, settled): (Vec<_>, Vec<_>) = all.into_iter().partition(payment::model::Obligation::is_due);
    let sum: Vnd = due.iter().map(|o| o.amount).sum();
    let view = List {
        signed_in: page.is_citizen(),
        count: t::count(due.len(), &sum.to_string()),
        due: due.into_iter().map(row).collect(),
        settled: settled.into_iter().map(row).collect(),
        nothing_chosen: query.get("chon").is_some(),
        lead,
        party: whom,
        none: here.clone().with("danh", "khong"),
        all: here,
        tabs: whose,
        page,
    };
    view.page.show(&view)
}

pub async fn create(State(portal): State<Portal>, page: Page, citizen: Citizen, posted: Posted) -> Result<Response> {
    posted.only(&["khoan", "cho"])?;
    let ids: Vec<ObligationId> = posted.all("khoan").filter_map(|i| i.parse().ok()).collect();
    if ids.is_empty() {
        let party = posted.text("cho").parse().ok().filter(|p| citizen.pays_for(*p)).unwrap_or(citizen.party);
        return Ok(page.go(&fees_of(Some(&citizen), party).with("chon", "khong")));
    }
    let mut tx = portal.db.begin().await?;
    // one basket pays for one party: their own, or the organisation whose fees were chosen
    let party = store::party_of_obligation(&mut tx, ids[0]).await?.filter(|p| citizen.pays_for(*p)).unwrap_or(citizen.party);
    let token = match payment::basket(&mut tx, party, Some(citizen.account), &ids, portal.clock.now()).await {
        Ok(token) => token,
        Err(Refused::NotDue(_)) => return Err(Error::Refused { words: t::CHANGED.into(), back: Some(fees_of(Some(&citizen), party)), kept: Vec::new() }),
        Err(Refused::Broken(e)) => return Err(e.into()),
    };
    tx.commit().await?;
    Ok(page.go(&urls::basket(urls::BASKET, &token)))
}

struct Line {
    code: String,
    title: Words,
    about: String,
    fee: Words,
    amount: String,
    state: Text,
}

/// What stands on the confirmation of cash, which is no receipt.
struct Slip {
    cashier: String,
    unit: Words,
    counter: Option<Link>,
}

struct Try {
    way: Text,
    amount: String,
    state: Text,
    paid: bool,
    number: Option<String>,
    reference: String,
    when: String,
}

#[derive(Template)]
#[template(path = "payment/show.html")]
struct Show {
    page: Page,
    token: String,
    lines: Vec<Line>,
    total: String,
    total_words: String,
    tries: Vec<Try>,
    payer: Words,
    /// The list of this payer's fees.
    fees: Link,
    /// Where it may be paid in cash.
    counter: (Words, String),
    can_pay: bool,
    pending: bool,
    /// The other payment that waits for its result.
    elsewhere: Option<Link>,
    half: bool,
    surplus: Option<Words>,
    too_small: bool,
    /// Something else is due that could be paid with it.
    others: bool,
    unavailable: bool,
    all_done: bool,
    paid: bool,
    slip: Option<Slip>,
    found: Option<Text>,
    asks: bool,
    back: Option<Link>,
}

/// One's own basket; somebody else's doesn't exist.
async fn own(conn: &mut sqlx::PgConnection, page: &Page, token: &str) -> Result<Basket> {
    let basket = store::find_basket(conn, token).await?.ok_or(Error::NotFound)?;
    let fits = match &page.presence.visitor {
        Visitor::Citizen(c) => c.pays_for(basket.party_id),
        Visitor::Staff(s) => s.is(crate::web::session::Role::Cashier) && store::basket_is_of_counter(conn, basket.id, &s.unit).await?,
        Visitor::Nobody => return Err(Error::SignIn { next: page.here.clone(), staff: false }),
    };
    fits.then_some(basket).ok_or(Error::NotFound)
}

pub async fn show(page: Page, payments: Payments, Offered(c): Offered, Path(token): Path<String>, mut read: Read, query: Query) -> Result<Response> {
    let basket = own(&mut read.0, &page, &token).await?;
    let lines = store::lines_of_basket(&mut read.0, basket.id).await?;
    let attempts = store::attempts_of_basket(&mut read.0, basket.id).await?;
    let total: Vnd = lines.iter().map(|l| l.amount).sum();
    let open = lines.iter().all(|l| l.state == ObligationState::Due);
    let bounds = payments.gateway.as_ref().map(|g| g.bounds());
    let codes: std::collections::HashSet<&str> = lines.iter().map(|l| l.code.as_str()).collect();
    let citizen = match &page.presence.visitor {
        Visitor::Citizen(c) => Some(c.clone()),
        _ => None,
    };
    let sees = lines.first().is_some_and(|l| citizen.as_ref().is_some_and(|c| c.sees(basket.party_id, l.payer_account)));
    let back = (codes.len() == 1 && sees).then(|| lines.first().and_then(|l| crate::base::code::DossierCode::parse(&l.code))).flatten().map(|c| urls::dossier(&c));
    let too_small = open && bounds.is_some_and(|b| total < b.0);
    let others = too_small && store::obligations_of_party(&mut read.0, basket.party_id).await?.iter().any(|o| o.is_due() && !lines.iter().any(|l| l.id == o.id));
    let waits = if open { store::pending_of_basket(&mut read.0, basket.id).await? } else { None };
    let counter = lines.first().and_then(|l| c.unit(&l.counter)).map(|u| (u.words.clone(), u.address.clone())).unwrap_or_default();
    let surplus = store::surplus_of_basket(&mut read.0, basket.id).await?;
    let settled = lines.iter().filter(|l| l.state != ObligationState::Due).count();
    let slip = attempts.iter().find(|a| a.adapter == "cash" && a.state == AttemptState::Paid).map(|a| Slip {
        cashier: a.details["cashier_name"].as_str().unwrap_or_default().to_owned(),
        unit: c.unit_words(&a.terminal),
        counter: page.is_staff().then(|| urls::page(urls::CASHIER)),
    });
    let view = Show {
        surplus: (surplus > Vnd::default()).then(|| t::surplus(&surplus.to_string())),
        half: settled > 0 && settled < lines.len(),
        payer: payer(&mut read.0, basket.party_id).await?,
        fees: fees_of(citizen.as_ref(), basket.party_id),
        counter,
        pending: waits.is_some(),
        elsewhere: waits.filter(|w| *w != token).map(|w| urls::basket(urls::BASKET, &w)),
        token,
        total: total.to_string(),
        total_words: amount(total.get(), Dialect::North),
        too_small,
        others,
        can_pay: open && page.is_citizen() && bounds.is_some_and(|b| total >= b.0 && total < b.1),
        unavailable: open && bounds.is_none(),
        all_done: !lines.iter().any(|l| l.state == ObligationState::Due),
        paid: attempts.iter().any(|a| a.state == AttemptState::Paid),
        slip,
        asks: attempts.iter().any(|a| a.adapter != "cash" && a.state != AttemptState::Paid),
        tries: attempts
            .into_iter()
            .map(|a| Try {
                paid: a.state == AttemptState::Paid,
                number: a.their_number,
                way: t::paid_by(&a.adapter),
                amount: a.amount.to_string(),
                state: t::attempt_state(a.state),
                reference: a.reference,
                when: time::dmy_hm(a.paid_at.unwrap_or(a.created_at)),
            })
            .collect(),
        lines: lines
            .into_iter()
            .map(|l| Line {
                title: Words::new(l.title, l.title_en),
                about: l.about,
                fee: Words::new(l.fee_name, l.fee_name_en),
                amount: l.amount.to_string(),
                state: t::obligation_state(l.state),
                code: l.code,
            })
            .collect(),
        found: match query.get("hoi") {
            Some("da-tra") if settled > 0 => Some(t::ASKED_PAID),
            Some("chua") => Some(t::ASKED_NOT),
            Some("xac-minh") => Some(t::REVIEW_WORDS),
            Some("im-lang") => Some(t::ASKED_SILENT),
            _ => None,
        },
        back,
        page,
    };
    view.page.show(&view)
}

/// Makes an attempt, commits it, and only then sends the payer to the gateway.
pub async fn pay(State(portal): State<Portal>, page: Page, citizen: Citizen, payments: Payments, Path(token): Path<String>, address: Address, posted: Posted) -> Result<Response> {
    posted.only(&["cach", "van-tra"])?;
    let gateway = payments.gateway.as_ref().ok_or_else(|| Error::refused(t::UNAVAILABLE))?;
    let now = portal.clock.now();
    let mut tx = portal.db.begin().await?;
    let basket = store::find_basket(&mut tx, &token).await?.filter(|b| citizen.pays_for(b.party_id)).ok_or(Error::NotFound)?;
    // another try on the same fees began after this page was opened: the page that says so comes first
    if !posted.has("van-tra") && store::pending_of_basket(&mut tx, basket.id).await?.is_some_and(|other| other != token) {
        return Ok(page.go(&urls::basket(urls::BASKET, &token)));
    }
    let lines = store::lines_of_basket(&mut tx, basket.id).await?;
    let total: Vnd = lines.iter().map(|l| l.amount).sum();
    let (least, bound) = gateway.bounds();
    if total >= bound {
        return Err(Error::refused(t::UNAVAILABLE));
    }
    if total < least {
        return Err(Error::Refused { words: t::TOO_SMALL.into(), back: Some(urls::basket(urls::BASKET, &token)), kept: Vec::new() });
    }
    let mut codes: Vec<&str> = lines.iter().map(|l| l.code.as_str()).collect();
    codes.dedup();
    // a bank's statement names the one dossier, or says how many
    let code = if codes.len() == 1 { codes[0].to_owned() } else { format!("{} ho so", codes.len()) };
    let details = serde_json::json!({ "code": code });
    let attempt = match payment::start(&mut tx, basket.id, &**gateway, details, now).await {
        Ok(a) => a,
        Err(Refused::NotDue(_)) => return Err(Error::Refused { words: t::CHANGED.into(), back: Some(urls::basket(urls::BASKET, &token)), kept: Vec::new() }),
        Err(Refused::Broken(e)) => return Err(e.into()),
    };
    tx.commit().await?;
    let mut go = Redirect::to(&gateway.start(&attempt, address.0, page.lang)).into_response();
    go.headers_mut().insert(axum::http::header::CACHE_CONTROL, crate::web::cache::Cache::Nowhere.header());
    Ok(go)
}

/// "Tôi đã trả rồi": asks the gateway at once and says what was found.
pub async fn ask(State(portal): State<Portal>, page: Page, payments: Payments, Path(token): Path<String>, posted: Posted) -> Result<Response> {
    posted.only(&[])?;
    if portal.hold.since().is_some() {
        return Err(Error::Refused { words: t::HELD.into(), back: Some(urls::basket(urls::BASKET, &token)), kept: Vec::new() });
    }
    let mut conn = portal.db.read().await?;
    let basket = own(&mut conn, &page, &token).await?;
    let attempts = store::attempts_of_basket(&mut conn, basket.id).await?;
    limits::take(&mut conn, limits::ASK_GATEWAY, &token, portal.clock.now()).await?;
    drop(conn);
    let mut found = "chua";
    for a in attempts.iter().filter(|a| a.adapter != "cash").take(5) {
        match payment::ask(&portal.db, &payments, a.id, portal.clock.now()).await? {
            None => found = "im-lang",
            Some(Settled::Recorded | Settled::Before) => {
                let mut conn = portal.db.read().await?;
                match store::load_attempt(&mut conn, a.id).await?.state {
                    AttemptState::Paid => {
                        found = "da-tra";
                        break;
                    }
                    AttemptState::UnderReview => found = "xac-minh",
                    _ => {}
                }
            }
            Some(Settled::Nothing) => {}
        }
    }
    Ok(page.go(&urls::basket(urls::BASKET, &token).with("hoi", found)))
}
