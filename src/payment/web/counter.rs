//! The cashier's pages: cash in its plainest form, money in suspense, refunds asked for.

use super::basket::payer;
use crate::base::code::DossierCode;
use crate::base::id::ObligationId;
use crate::base::lang::{Text, Words};
use crate::base::money::Vnd;
use crate::base::time;
use crate::catalogue::Offered;
use crate::payment::model::Obligation;
use crate::payment::{self, Cashier, Payments, Refused, reference, store, text as t};
use crate::platform::Portal;
use crate::web::extract::{Path, Read};
use crate::web::form::Posted;
use crate::web::session::Staff;
use crate::web::urls;
use crate::web::{Error, Page, Result};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

struct Row {
    id: ObligationId,
    title: Words,
    fee: Words,
    amount: String,
    state: Text,
    due: bool,
    /// Another unit's counter takes it.
    elsewhere: Option<Words>,
}

#[derive(Template)]
#[template(path = "payment/counter.html")]
struct Counter {
    page: Page,
    code: String,
    looked: bool,
    rows: Vec<Row>,
    payer: Words,
    total: String,
    anything_due: bool,
    cash: bool,
}

pub async fn find(page: Page, _: Staff, payments: Payments) -> Result<Response> {
    let view = Counter { page, code: String::new(), looked: false, rows: Vec::new(), payer: Words::default(), total: String::new(), anything_due: false, cash: payments.cash };
    view.page.show(&view)
}

/// A search is a post: the words searched never stand in an address; the code found may.
pub async fn look(page: Page, _: Staff, mut read: Read, posted: Posted) -> Result<Response> {
    let typed = posted.text("ma");
    let none = || Error::Refused { words: t::COUNTER_NONE.into(), back: Some(urls::page(urls::CASHIER)), kept: vec![(t::COUNTER_CODE.into(), typed.to_owned())] };
    if let Some(token) = store::basket_of_reference(&mut read.0, &reference::typed(typed)).await? {
        return Ok(page.go(&urls::basket(urls::BASKET, &token)));
    }
    let code = DossierCode::parse(typed).ok_or_else(none)?;
    Ok(page.go(&urls::of_dossier(urls::CASHIER_TAKE, &code)))
}

pub async fn show(page: Page, staff: Staff, payments: Payments, Offered(c): Offered, Path(code): Path<String>, mut read: Read) -> Result<Response> {
    let all = store::obligations_of_code(&mut read.0, &code).await?;
    let payer = match all.first() {
        Some(o) => payer(&mut read.0, o.party_id).await?,
        None => Words::default(),
    };
    let here = |o: &Obligation| o.counter == staff.unit;
    let total: Vnd = all.iter().filter(|o| o.is_due() && here(o)).map(|o| o.amount).sum();
    let row = |o: &Obligation| Row {
        id: o.id,
        title: o.title_words(),
        fee: o.fee_words(),
        amount: o.amount.to_string(),
        state: t::obligation_state(o.state),
        due: o.is_due() && here(o),
        elsewhere: (o.is_due() && !here(o)).then(|| c.unit_words(&o.counter)),
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    let view = Counter { code, looked: true, total: total.to_string(), anything_due: rows.iter().any(|r| r.due), rows, payer, cash: payments.cash, page };
    view.page.show(&view)
}

pub async fn take(State(portal): State<Portal>, page: Page, staff: Staff, payments: Payments, Path(code): Path<String>, posted: Posted) -> Result<Response> {
    if !payments.cash {
        return Err(Error::refused(t::COUNTER_OFF));
    }
    posted.only(&["khoan"])?;
    let ids: Vec<ObligationId> = posted.all("khoan").filter_map(|i| i.parse().ok()).collect();
    let mut tx = portal.db.begin().await?;
    let all = store::obligations_of_code(&mut tx, &code).await?;
    // every one of them, not one among them, is this code's and this counter's
    let here = ids.iter().all(|id| all.iter().any(|o| o.id == *id && o.counter == staff.unit));
    let party = all.iter().find(|o| here && ids.contains(&o.id)).map(|o| o.party_id).ok_or_else(|| Error::refused(t::CHOOSE_SOME))?;
    match payment::take_cash(&mut tx, &*payments.listener, party, &ids, &Cashier { id: staff.id, name: &staff.name, unit: &staff.unit }, portal.clock.now()).await {
        Ok(token) => {
            tx.commit().await?;
            Ok(page.go(&urls::basket(urls::BASKET, &token)))
        }
        Err(Refused::NotDue(_)) => Err(Error::Refused { words: t::CHANGED.into(), back: Some(urls::page(urls::CASHIER)), kept: Vec::new() }),
        Err(Refused::Broken(e)) => Err(e.into()),
    }
}

struct Held {
    kind: Text,
    amount: String,
    reference: String,
    code: String,
    at: String,
    refund: bool,
}

struct Asked {
    code: String,
    amount: String,
    reason: Words,
    at: String,
}

#[derive(Template)]
#[template(path = "payment/suspense.html")]
struct SuspensePage {
    page: Page,
    held: Vec<Held>,
    asked: Vec<Asked>,
}

pub async fn suspense(page: Page, _: Staff, mut read: Read) -> Result<Response> {
    let held = store::list_suspense(&mut read.0).await?;
    let asked = store::refunds_asked(&mut read.0).await?;
    let view = SuspensePage {
        held: held
            .into_iter()
            .map(|s| Held {
                kind: t::suspense(s.kind),
                amount: s.amount.to_string(),
                reference: s.reference.unwrap_or_default(),
                code: s.code.unwrap_or_default(),
                at: time::dmy_hm(s.at),
                refund: s.refund_state.is_some(),
            })
            .collect(),
        asked: asked.into_iter().map(|(code, amount, reason, at)| Asked { code, amount: Vnd::dong(amount).to_string(), reason: t::reason(&reason), at: time::dmy_hm(at) }).collect(),
        page,
    };
    view.page.show(&view)
}
