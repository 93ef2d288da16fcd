//! Money with the gateway at the other end of the wire: lost notices, questions, slow and broken gateways, late payers.

use crate::payment::{balanced, begun, notice, pay, told};
use crate::steps::file_record;
use crate::world::{SECRET, Visitor, World, morning};
use motcua::base::time::Clock;
use motcua::demo::gateway::{GatewayArgs, Simulator};
use motcua::payment::Listener;
use std::pin::Pin;
use std::sync::Arc;

/// A portal whose gateway is a simulator that can't reach it: every notice is lost.
async fn deaf() -> (World, String) {
    let gateway = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = gateway.local_addr().unwrap();
    let args = GatewayArgs { listen: at, notify: "http://127.0.0.1:1/".to_owned(), terminal: "MOTCUA01".to_owned(), secret: SECRET.to_owned() };
    let simulator = Simulator::new(args, Clock::at(morning())).unwrap().router();
    tokio::spawn(async move { axum::serve(gateway, simulator).await });
    (with_gateway(&format!("http://{at}")).await, format!("http://{at}"))
}

async fn with_gateway(url: &str) -> World {
    World::with(|c| {
        if let Some(v) = &mut c.vnpay {
            v.pay_url = format!("{url}/paymentv2/vpcpay.html");
            v.api_url = format!("{url}/merchant_webapi/api/transaction");
        }
    })
    .await
}

/// Presses one ending on the gateway's own page.
async fn at_gateway(gateway: &str, go: &str, reference: &str, how: &str) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    assert!(client.get(go).send().await.unwrap().text().await.unwrap().contains("VNPAY"));
    assert!(client.get(format!("{gateway}/chon?ref={reference}&how={how}")).send().await.unwrap().status().is_redirection());
}

async fn pay_at(v: &mut Visitor, gateway: &str, code: &str, how: &str) -> (String, String) {
    let page = v.get(&format!("/ho-so/{code}")).await;
    let fee = page.attr("input[name=khoan]", "value").unwrap();
    let basket = v.post("/thanh-toan", &[("khoan", &fee)]).await.location();
    v.get(&basket).await;
    let go = v.post(&format!("{basket}/tra"), &[("cach", "vnpay")]).await.location();
    let reference = go.split("vnp_TxnRef=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    at_gateway(gateway, &go, &reference, how).await;
    (basket, reference)
}

#[tokio::test]
async fn a_lost_notice_is_found_by_asking_and_a_late_one_changes_nothing() {
    let (world, gateway) = deaf().await;
    let mut binh = world.binh().await;
    let code = file_record(&mut binh).await;
    let (_, reference) = pay_at(&mut binh, &gateway, &code, "khong").await;
    assert_eq!(world.one("select state from obligation").await, "due");
    // five minutes after the pay page expired, at the latest
    world.clock("2026-11-25T09:44");
    world.settle().await;
    assert_eq!(world.one("select state from obligation").await, "paid");
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "14000000")).await, "02");
    assert_eq!(world.count("select count(*) from ledger_entry where event like '%-settled'").await, 1);
    assert!(binh.get(&format!("/ho-so/{code}")).await.text().contains("Đã nộp phí"));
    balanced(&world).await;
}

#[tokio::test]
async fn i_have_paid_already_asks_at_once_and_says_what_was_found() {
    let (world, gateway) = deaf().await;
    let mut binh = world.binh().await;
    let code = file_record(&mut binh).await;
    let (basket, _) = pay_at(&mut binh, &gateway, &code, "khong").await;
    binh.get(&basket).await;
    let asked = binh.post(&format!("{basket}/da-tra"), &[]).await.location();
    assert!(binh.get(&asked).await.text().contains("đã trả, tiền đã được ghi nhận"));
    // somebody who cancelled is told so
    let code = file_record(&mut binh).await;
    let (basket, _) = pay_at(&mut binh, &gateway, &code, "huy").await;
    binh.get(&basket).await;
    let asked = binh.post(&format!("{basket}/da-tra"), &[]).await.location();
    assert!(binh.get(&asked).await.text().contains("chưa thấy tiền"));
    balanced(&world).await;
}

#[tokio::test]
async fn a_gateway_that_is_down_loses_nothing_and_the_notice_still_counts() {
    let world = World::new().await;
    let (mut binh, code, basket, reference) = begun(&world).await;
    world.clock("2026-11-25T09:44");
    world.settle().await;
    assert_eq!(world.one("select state from attempt").await, "open");
    binh.get(&basket).await;
    let asked = binh.post(&format!("{basket}/da-tra"), &[]).await.location();
    assert!(binh.get(&asked).await.text().contains("VNPAY chưa trả lời"));
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "1")).await, "00");
    assert!(binh.get(&format!("/ho-so/{code}")).await.text().contains("Đã nộp phí"));
    balanced(&world).await;
}

#[tokio::test]
async fn a_gateway_that_answers_garbage_is_not_believed() {
    let gateway = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = gateway.local_addr().unwrap();
    let garbage = axum::Router::new().fallback(|| async { "{\"vnp_ResponseCode\":\"00\",\"vnp_TransactionStatus\":\"00\",\"vnp_SecureHash\":\"00\"}" });
    tokio::spawn(async move { axum::serve(gateway, garbage).await });
    let world = with_gateway(&format!("http://{at}")).await;
    let (mut binh, _, basket, _) = begun(&world).await;
    binh.get(&basket).await;
    let asked = binh.post(&format!("{basket}/da-tra"), &[]).await.location();
    assert!(binh.get(&asked).await.text().contains("VNPAY chưa trả lời"));
    assert_eq!(world.one("select state from attempt").await, "open");
    assert_eq!(world.one("select state from obligation").await, "due");
    balanced(&world).await;
}

#[tokio::test]
async fn paid_after_the_page_expired_still_pays_what_is_due() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    world.clock("2026-11-25T11:00");
    let late = notice(&reference, 200_000, "00", "00", "1").replace("20261125093000", "20261125105500");
    // another time in the words, so another signature
    assert_eq!(told(&world, &late).await, "97");
    let late = crate::payment::notice_at(&reference, 200_000, "00", "00", "1", "20261125105500");
    assert_eq!(told(&world, &late).await, "00");
    assert_eq!(world.one("select state from obligation").await, "paid");
    assert_eq!(world.count("select count(*) from attempt where late").await, 1);
    balanced(&world).await;
}

#[tokio::test]
async fn paid_after_expiry_when_another_way_was_quicker_stands_in_suspense() {
    let world = World::new().await;
    let (mut binh, code, _, first) = begun(&world).await;
    world.clock("2026-11-25T09:50");
    let (_, second) = pay(&mut binh, &code).await;
    assert_eq!(told(&world, &crate::payment::notice_at(&second, 200_000, "00", "00", "2", "20261125095500")).await, "00");
    assert_eq!(told(&world, &crate::payment::notice_at(&first, 200_000, "00", "00", "1", "20261125095600")).await, "00");
    assert_eq!(world.one("select kind from suspense").await, "duplicate");
    balanced(&world).await;
}

#[tokio::test]
async fn a_suspected_payment_is_under_review_until_the_gateway_knows() {
    let world = World::new().await;
    let (mut binh, code, basket, reference) = begun(&world).await;
    assert_eq!(told(&world, &notice(&reference, 200_000, "07", "07", "1")).await, "00");
    assert_eq!(world.one("select state from attempt").await, "under_review");
    assert_eq!(world.one("select state from obligation").await, "due");
    assert!(binh.get(&basket).await.text().contains("Đang xác minh"));
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "1")).await, "00");
    assert_eq!(world.one("select state from attempt").await, "paid");
    // another one ends as a failure
    let (_, again) = {
        let code = file_record(&mut binh).await;
        pay(&mut binh, &code).await
    };
    assert_eq!(told(&world, &notice(&again, 200_000, "07", "07", "2")).await, "00");
    assert_eq!(told(&world, &notice(&again, 200_000, "75", "02", "2")).await, "00");
    assert_eq!(world.count("select count(*) from attempt where state = 'failed'").await, 1);
    assert!(binh.get(&format!("/ho-so/{code}")).await.text().contains("Đã nộp phí"));
    balanced(&world).await;
}

#[tokio::test]
async fn a_basket_of_three_whose_one_dossier_was_withdrawn_pays_two_and_holds_one() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(file_record(&mut binh).await);
    }
    let page = binh.get("/thanh-toan").await;
    let fees = page.attrs("input[name=khoan]", "value");
    assert_eq!(fees.len(), 3);
    let fields: Vec<(&str, &str)> = fees.iter().map(|f| ("khoan", f.as_str())).collect();
    let basket = binh.post("/thanh-toan", &fields).await.location();
    assert!(binh.get(&basket).await.text().contains("Sáu trăm nghìn đồng"));
    let go = binh.post(&format!("{basket}/tra"), &[("cach", "vnpay")]).await.location();
    let reference = go.split("vnp_TxnRef=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let gone = codes.get(1).unwrap();
    binh.get(&format!("/ho-so/{gone}/rut")).await;
    assert_eq!(binh.post(&format!("/ho-so/{gone}/rut"), &[("ly-do", "")]).await.status, 303);
    assert_eq!(told(&world, &notice(&reference, 600_000, "00", "00", "1")).await, "00");
    assert_eq!(world.count("select count(*) from obligation where state = 'paid'").await, 2);
    assert_eq!(world.count("select amount from suspense where kind = 'after-close'").await, 200_000);
    balanced(&world).await;
}

/// Breaks at the last step of settling, when everything else is written.
struct Breaks;

impl Listener for Breaks {
    fn met<'a>(&'a self, _: &'a mut motcua::platform::db::Tx, _: uuid::Uuid, _: motcua::base::time::Moment) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>> {
        Box::pin(async { anyhow::bail!("the power went") })
    }
}

#[tokio::test]
async fn settling_that_breaks_half_way_leaves_nothing_and_the_gateways_retry_completes_it() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    let mut broken = world.app.clone();
    broken.payments.listener = Arc::new(Breaks);
    let query = notice(&reference, 200_000, "00", "00", "1");
    let shown = Visitor::new(broken.router()).get(&format!("/thanh-toan/vnpay/ipn?{query}")).await;
    assert!(shown.text().contains("\"99\""), "{}", shown.text());
    assert_eq!(world.one("select state from obligation").await, "due");
    assert_eq!(world.count("select count(*) from ledger_entry where event like '%-settled'").await, 0);
    balanced(&world).await;
    assert_eq!(told(&world, &query).await, "00");
    assert_eq!(world.one("select state from obligation").await, "paid");
    balanced(&world).await;
}

#[tokio::test]
async fn another_portals_reference_on_our_terminal_is_answered_and_kept() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    assert_eq!(told(&world, &notice("MCZZZZZZZZZ", 200_000, "00", "00", "9")).await, "01");
    assert_eq!(world.count("select count(*) from notice where verdict like '%01%' or verdict = 'unknown'").await, 1, "kept with its verdict");
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "1")).await, "00");
}

/// ASVS 15.3.2: an answer that leads elsewhere is no answer; nobody is asked whom the settings don't name.
#[tokio::test]
async fn asvs_15_3_2_a_gateway_that_redirects_is_not_followed() {
    let elsewhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let there = elsewhere.local_addr().unwrap();
    let gateway = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = gateway.local_addr().unwrap();
    let redirects = axum::Router::new().fallback(move || async move { axum::response::Redirect::temporary(&format!("http://{there}/")) });
    tokio::spawn(async move { axum::serve(gateway, redirects).await });
    let world = with_gateway(&format!("http://{at}")).await;
    let (mut binh, _, basket, _) = begun(&world).await;
    binh.get(&basket).await;
    let asked = binh.post(&format!("{basket}/da-tra"), &[]).await.location();
    assert!(binh.get(&asked).await.text().contains("VNPAY chưa trả lời"));
    assert!(tokio::time::timeout(std::time::Duration::from_millis(300), elsewhere.accept()).await.is_err(), "nobody was asked elsewhere");
}
