//! What the gateway sends: the notice that decides, and the browser's return that only shows.

use crate::base::lang::{Text, Words};
use crate::base::money::Vnd;
use crate::payment::gateway::{Forged, Notice};
use crate::payment::jobs::ask_at;
use crate::payment::state::AttemptState;
use crate::payment::vnpay::ADAPTER;
use crate::payment::{self, Payments, Settled, store, text as t};
use crate::platform::Portal;
use crate::web::extract::{Address, Query};
use crate::web::urls::{self, Link};
use crate::web::{Page, Result};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Notices in work at once; beyond, one waits at most 2 seconds and is then told to come again.
static ROOM: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(16));

fn answer(code: &str, message: &str) -> Response {
    let body = format!("{{\"RspCode\":\"{code}\",\"Message\":\"{message}\"}}");
    let mut response = (StatusCode::OK, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The notice (VNPAY 2.1.0, IPN): HTTP 200 and JSON, always; `00` only after commit.
pub async fn ipn(State(portal): State<Portal>, payments: Payments, address: Address, method: Method, uri: Uri) -> Response {
    if method == Method::HEAD {
        return answer("99", "Input data required");
    }
    let query = uri.query().unwrap_or("").to_owned();
    if query.len() > 8192 {
        return answer("97", "Invalid signature");
    }
    // runs to its end, whether the gateway waits or not; a panic is answered too
    let work = tokio::spawn(async move {
        let permit = tokio::time::timeout(Duration::from_secs(2), ROOM.acquire()).await;
        let Ok(Ok(_permit)) = permit else { return ("99", "Unknown error") };
        judge(&portal, &payments, &query, &address.0.to_string()).await.unwrap_or_else(|e| {
            tracing::error!(error = format!("{e:#}"), "a notice could not be recorded; the gateway will come again");
            ("99", "Unknown error")
        })
    });
    let (code, message) = work.await.unwrap_or(("99", "Unknown error"));
    answer(code, message)
}

async fn judge(portal: &Portal, payments: &Payments, query: &str, peer: &str) -> anyhow::Result<(&'static str, &'static str)> {
    let now = portal.clock.now();
    let read = match &payments.gateway {
        Some(g) => g.read(query),
        None => Err(if query.contains("vnp_") { Forged::Signature } else { Forged::Empty }),
    };
    let Notice { terminal, reference, report } = match read {
        Ok(n) => n,
        Err(forged) => {
            let verdict = match forged {
                Forged::Empty | Forged::Incomplete => ("99", "Input data required"),
                Forged::Signature => ("97", "Invalid signature"),
            };
            let mut tx = portal.db.begin().await?;
            store::insert_notice(&mut tx, ADAPTER, "ipn", peer, query, verdict.0, None, now).await?;
            tx.commit().await?;
            return Ok(verdict);
        }
    };
    let mut tx = portal.db.begin().await?;
    let attempt = store::find_attempt(&mut tx, ADAPTER, &terminal, &reference).await?;
    let (verdict, id) = match &attempt {
        None => {
            tracing::warn!("ALERT: a signed notice about a payment we don't know");
            (("01", "Order not found"), None)
        }
        Some(a) if report.amount != Some(a.amount) => {
            tracing::warn!(a.reference, "ALERT: a signed notice with another amount");
            ask_at(&mut tx, a.id, now, now).await?;
            (("04", "Invalid amount"), Some(a.id))
        }
        Some(a) => match payment::settle(&mut tx, &*payments.listener, a.id, &report, now).await? {
            Settled::Recorded | Settled::Nothing => (("00", "Confirm Success"), Some(a.id)),
            Settled::Before => (("02", "Order already confirmed"), Some(a.id)),
        },
    };
    store::insert_notice(&mut tx, ADAPTER, "ipn", peer, query, verdict.0, id, now).await?;
    tx.commit().await?;
    Ok(verdict)
}

#[derive(Template)]
#[template(path = "payment/return.html")]
struct Back {
    page: Page,
    title: Text,
    words: Text,
    class: &'static str,
    reference: Option<String>,
    amount: Option<String>,
    code: Option<String>,
    refresh: Option<(u32, Link)>,
    basket: Option<Link>,
    surplus: Option<Words>,
}

/// Shows the attempt's state from the database; never settles, needs no session, safe to reload or share.
pub async fn back(State(portal): State<Portal>, page: Page, payments: Payments, address: Address, uri: Uri, query: Query) -> Result<Response> {
    let now = portal.clock.now();
    let raw: String = uri.query().unwrap_or("").split('&').filter(|p| !p.starts_with("lan=")).collect::<Vec<_>>().join("&");
    let round: u32 = query.get("lan").and_then(|n| n.parse().ok()).unwrap_or(0);
    let notice = payments.gateway.as_ref().and_then(|g| g.read(&raw).ok());
    let mut tx = portal.db.begin().await?;
    let attempt = match &notice {
        Some(n) => store::find_attempt(&mut tx, ADAPTER, &n.terminal, &n.reference).await?,
        None => None,
    };
    if round == 0 {
        let verdict = if notice.is_some() { "shown" } else { "unreadable" };
        store::insert_notice(&mut tx, ADAPTER, "return", &address.0.to_string(), &raw, verdict, attempt.as_ref().map(|a| a.id), now).await?;
    }
    let says_paid = notice.as_ref().is_some_and(|n| n.report.outcome == payment::gateway::Outcome::Paid);
    let Some(a) = attempt else {
        tx.commit().await?;
        let view = Back { title: t::BASKET, words: t::UNREADABLE, class: "note--wait", reference: None, amount: None, code: None, refresh: None, basket: None, surplus: None, page };
        return view.page.show(&view);
    };
    if says_paid && a.state == AttemptState::Open && round == 0 {
        ask_at(&mut tx, a.id, now, now).await?;
    }
    let token = store::basket_token(&mut tx, a.basket_id).await?;
    let surplus = store::surplus_of_basket(&mut tx, a.basket_id).await?;
    tx.commit().await?;
    let (title, words, class) = match a.state {
        AttemptState::Paid if surplus >= a.amount => (t::TWICE_TITLE, t::TWICE_WORDS, "note--wait"),
        AttemptState::Paid => (t::PAID_TITLE, t::PAID_WORDS, "note--done"),
        AttemptState::Open if says_paid => (t::WAITING, t::WAITING_WORDS, "note--wait"),
        AttemptState::UnderReview => (t::WAITING, t::REVIEW_WORDS, "note--wait"),
        AttemptState::Cancelled => (t::FAILED_TITLE, t::CANCELLED_WORDS, "note--bad"),
        AttemptState::Open | AttemptState::Failed | AttemptState::Expired => (t::FAILED_TITLE, t::FAILED_WORDS, "note--bad"),
    };
    let waits = says_paid && a.state == AttemptState::Open && round < 40;
    let refresh = waits.then(|| (3 * 2_u32.pow(round.min(2)), Link::to(format!("{}?{raw}", urls::VNPAY_RETURN)).with("lan", &(round + 1).to_string())));
    let view = Back {
        title,
        words,
        class,
        reference: Some(a.reference),
        amount: Some(a.amount.to_string()),
        code: a.their_code.filter(|c| c != "00"),
        refresh,
        basket: Some(urls::basket(urls::BASKET, &token)),
        surplus: (surplus > Vnd::default()).then(|| t::surplus(&surplus.to_string())),
        page,
    };
    view.page.show(&view)
}
