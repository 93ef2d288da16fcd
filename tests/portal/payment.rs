//! Money: each notice its exact answer, once, whatever order and number they come in.

use crate::steps::file_record;
use crate::world::World;
use motcua::base::id::{AttemptId, BasketId};
use serde_json::Value;
use std::collections::BTreeMap;

/// A notice signed as the gateway signs it.
pub fn notice(reference: &str, dong: i64, response: &str, status: &str, number: &str) -> String {
    notice_at(reference, dong, response, status, number, "20261125093000")
}

pub fn notice_at(reference: &str, dong: i64, response: &str, status: &str, number: &str, when: &str) -> String {
    crate::world::notice(reference, dong, (response, status), number, when)
}

pub async fn told(world: &World, query: &str) -> String {
    let shown = world.nobody().get(&format!("/thanh-toan/vnpay/ipn?{query}")).await;
    assert_eq!(shown.status, 200);
    let json: Value = serde_json::from_slice(&shown.body).unwrap();
    json["RspCode"].as_str().unwrap().to_owned()
}

/// Files a record that owes 200,000 đồng and starts paying; gives code, basket path and reference.
pub async fn begun(world: &World) -> (crate::world::Visitor, String, String, String) {
    let mut binh = world.binh().await;
    let code = file_record(&mut binh).await;
    let (basket, reference) = pay(&mut binh, &code).await;
    (binh, code, basket, reference)
}

pub async fn pay(v: &mut crate::world::Visitor, code: &str) -> (String, String) {
    let page = v.get(&format!("/ho-so/{code}")).await;
    let fee = page.attr("input[name=khoan]", "value").unwrap();
    let basket = v.post("/thanh-toan", &[("khoan", &fee)]).await.location();
    v.get(&basket).await;
    let go = v.post(&format!("{basket}/tra"), &[("cach", "vnpay"), ("van-tra", "1")]).await;
    assert_eq!(go.status, 303, "{}", go.text());
    let reference = go.location().split("vnp_TxnRef=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    (basket, reference)
}

pub async fn balanced(world: &World) {
    assert_eq!(world.count("select coalesce(sum(amount), 0)::bigint from ledger_posting").await, 0);
    assert_eq!(
        world.count("select coalesce(sum(amount), 0)::bigint from ledger_posting where account like 'assets:receivable:%'").await,
        world.count("select coalesce(sum(amount), 0)::bigint from obligation where state = 'due'").await
    );
    assert_eq!(
        world.count("select -coalesce(sum(amount), 0)::bigint from ledger_posting where account like 'liabilities:suspense:%'").await,
        world.count("select coalesce(sum(amount), 0)::bigint from suspense where state = 'open'").await
    );
}

/// The database itself refuses an entry that doesn't sum to zero.
#[tokio::test]
async fn no_entry_is_booked_that_does_not_sum_to_zero() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    told(&world, &notice(&reference, 200_000, "00", "00", "14226112")).await;
    let mut conn = world.conn().await;
    let odd = "insert into ledger_posting (entry_id, account, amount) select max(id), 'assets:odd', 1 from ledger_entry";
    let refused = sqlx::raw_sql(odd).execute(&mut conn).await.unwrap_err();
    assert_eq!(refused.as_database_error().and_then(|e| e.constraint()), Some("ledger_balanced"));
    balanced(&world).await;
}

/// The same fee in two baskets: the second, opened before the first was begun, asks before it sends anybody to the bank;
/// and what is shown afterwards is the reference of the payment that met the fee.
#[tokio::test]
async fn a_page_of_before_asks_again_and_the_reference_is_of_what_settled_the_fee() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    let code = file_record(&mut binh).await;
    let fee = binh.get(&format!("/ho-so/{code}")).await.attr("input[name=khoan]", "value").unwrap();
    let one = binh.post("/thanh-toan", &[("khoan", &fee)]).await.location();
    let two = binh.post("/thanh-toan", &[("khoan", &fee)]).await.location();
    assert_ne!(one, two);
    binh.get(&two).await;
    let first = binh.post(&format!("{one}/tra"), &[("cach", "vnpay")]).await.location();
    let asked = binh.post(&format!("{two}/tra"), &[("cach", "vnpay")]).await;
    assert_eq!(asked.location(), two, "to the bank without a word");
    let page = binh.get(&two).await;
    assert!(page.text().contains("đang chờ kết quả"), "{}", page.text());
    let second = binh.fill(&page, &format!("form[action='{two}/tra']"), &format!("{two}/tra"), &[]).await.location();
    let reference = |l: &str| l.split("vnp_TxnRef=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    told(&world, &notice(&reference(&first), 200_000, "00", "00", "14226112")).await;
    told(&world, &notice(&reference(&second), 200_000, "00", "00", "14226113")).await;
    let dossier = binh.get(&format!("/ho-so/{code}")).await;
    assert!(dossier.text().contains(&reference(&first)) && !dossier.text().contains(&reference(&second)), "{}", dossier.text());
    balanced(&world).await;
}

#[tokio::test]
async fn a_fee_is_paid_by_the_notice_and_the_dossier_says_so() {
    let world = World::new().await;
    let (mut binh, code, basket, reference) = begun(&world).await;
    let query = notice(&reference, 200_000, "00", "00", "14226112");
    // the return alone only shows
    let back = world.nobody().get(&format!("/thanh-toan/vnpay/ket-qua?{query}")).await;
    assert!(back.text().contains("Không cần trả lần nữa") && back.attr("main a.button", "href").is_some_and(|a| a.contains("lan=1")));
    assert_eq!(world.one("select state from obligation").await, "due");
    assert_eq!(told(&world, &query).await, "00");
    assert_eq!(told(&world, &query).await, "02");
    let back = world.nobody().get(&format!("/thanh-toan/vnpay/ket-qua?{query}")).await;
    assert_eq!(back.h1(), "Đã nộp");
    assert!(binh.get(&format!("/ho-so/{code}")).await.text().contains("Đã nộp phí"));
    assert!(binh.get(&basket).await.text().contains("Hai trăm nghìn đồng"));
    balanced(&world).await;
}

#[tokio::test]
async fn the_same_notice_a_hundred_times_at_once_is_booked_once() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    let query = notice(&reference, 200_000, "00", "00", "14226112");
    let router = world.router.clone();
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (router, query) = (router.clone(), query.clone());
            tokio::spawn(async move {
                let shown = crate::world::Visitor::new(router).get(&format!("/thanh-toan/vnpay/ipn?{query}")).await;
                let json: Value = serde_json::from_slice(&shown.body).unwrap();
                json["RspCode"].as_str().unwrap().to_owned()
            })
        })
        .collect();
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for c in calls {
        *codes.entry(c.await.unwrap()).or_default() += 1;
    }
    assert_eq!(codes.get("00"), Some(&1), "{codes:?}");
    assert_eq!(codes.values().sum::<usize>(), 100);
    assert!(codes.keys().all(|k| ["00", "02", "99"].contains(&k.as_str())), "{codes:?}");
    assert_eq!(world.count("select count(*) from ledger_entry where event like '%-settled'").await, 1);
    assert_eq!(world.count("select count(*) from message where kind = 'paid'").await, 1);
    balanced(&world).await;
}

#[tokio::test]
async fn paid_twice_the_second_stands_in_suspense_with_a_refund_proposed() {
    let world = World::new().await;
    let (mut binh, code, _, first) = begun(&world).await;
    let (basket, second) = pay(&mut binh, &code).await;
    assert!(binh.get(&basket).await.text().contains("đang chờ kết quả"), "a second try is warned of the first");
    assert_eq!(told(&world, &notice(&first, 200_000, "00", "00", "1")).await, "00");
    assert_eq!(told(&world, &notice(&second, 200_000, "00", "00", "2")).await, "00");
    assert_eq!(world.one("select kind from suspense").await, "duplicate");
    assert_eq!(world.count("select count(*) from refund where state = 'asked'").await, 1);
    assert!(binh.get(&basket).await.text().contains("200.000\u{a0}₫ trả thừa"));
    assert!(binh.get(&format!("/ho-so/{code}")).await.text().contains("Đã ghi yêu cầu hoàn 200.000\u{a0}₫"));
    let mut cashier = world.staff("tt.thu-ngan").await;
    let page = cashier.get("/mot-cua/tien-cho-xu-ly").await;
    assert!(page.all("main ul li").join(" ").contains(&code), "{}", page.text());
    cashier.get("/mot-cua/thu-tien").await;
    assert_eq!(cashier.post("/mot-cua/thu-tien", &[("ma", &second)]).await.status, 303, "found by the reference a payer reads out");
    balanced(&world).await;
}

#[tokio::test]
async fn money_after_a_withdrawal_goes_to_suspense_and_paid_before_gets_a_refund_row() {
    let world = World::new().await;
    let (mut binh, code, _, reference) = begun(&world).await;
    binh.get(&format!("/ho-so/{code}/rut")).await;
    assert_eq!(binh.post(&format!("/ho-so/{code}/rut"), &[("ly-do", "")]).await.status, 303);
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "1")).await, "00");
    assert_eq!(world.one("select kind from suspense").await, "after-close");
    assert_eq!(world.one("select state from dossier").await, "cancelled");
    // another one, paid first
    let code = file_record(&mut binh).await;
    let (_, reference) = pay(&mut binh, &code).await;
    told(&world, &notice(&reference, 200_000, "00", "00", "2")).await;
    binh.get(&format!("/ho-so/{code}/rut")).await;
    binh.post(&format!("/ho-so/{code}/rut"), &[("ly-do", "")]).await;
    assert_eq!(world.count("select count(*) from refund where obligation_id is not null and state = 'asked'").await, 1);
    assert_eq!(world.count("select count(*) from obligation where state = 'paid'").await, 1);
    balanced(&world).await;
}

#[tokio::test]
async fn a_forged_notice_changes_nothing_and_the_true_one_counts() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    let good = notice(&reference, 200_000, "00", "00", "1");
    assert_eq!(told(&world, &good.replace("vnp_Amount=20000000", "vnp_Amount=100")).await, "97");
    assert_eq!(told(&world, &notice(&reference, 1, "00", "00", "1")).await, "04");
    assert_eq!(told(&world, &notice("MCAAAAAAAAA", 200_000, "00", "00", "1")).await, "01");
    assert_eq!(told(&world, &notice(&reference, 200_000, "24", "02", "0")).await, "00");
    assert_eq!(told(&world, &good).await, "00", "a success lifts a cancel");
    assert_eq!(told(&world, &notice(&reference, 200_000, "51", "02", "0")).await, "02");
    assert_eq!(world.one("select state from attempt").await, "paid");
    assert_eq!(world.count("select count(*) from notice").await, 6);
}

#[tokio::test]
async fn an_address_almost_right_gets_json_or_a_plain_404_never_a_redirect() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    let query = notice(&reference, 200_000, "00", "00", "1");
    let mut v = world.nobody();
    for path in [format!("/en/thanh-toan/vnpay/ipn?{query}"), format!("//thanh-toan/vnpay/ipn?{query}")] {
        assert_eq!(v.get(&path).await.status, 404, "{path}");
    }
    let slash = v.get(&format!("/thanh-toan/vnpay/ipn/?{query}")).await;
    assert_eq!((slash.status, slash.text().contains("\"00\"")), (200, true));
    assert!(slash.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn a_sum_under_the_gateways_least_says_so_and_offers_to_pay_together() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    // registered late a birth owes 4,000 đồng: less than the gateway takes
    let late = crate::steps::file_late_birth(&mut lan).await;
    let page = lan.get(&format!("/ho-so/{late}")).await;
    let fee = page.attr("input[name=khoan]", "value").unwrap();
    let basket = lan.post("/thanh-toan", &[("khoan", &fee)]).await.location();
    let page = lan.get(&basket).await;
    assert!(page.text().contains("5.000") && page.attr("main form[action$=\"/tra\"]", "action").is_none(), "{}", page.text());
    // alone it goes to the counter, whose address is said; nothing leads round in a ring
    assert!(page.text().contains("Thọ Xương") && page.attr("main a.button", "href").is_none(), "{}", page.text());
    assert_eq!(lan.post(&format!("{basket}/tra"), &[("cach", "vnpay")]).await.status, 422);
    // two of them together are enough
    crate::steps::file_late_birth(&mut lan).await;
    assert_eq!(lan.get(&basket).await.attr("main a.button", "href").as_deref(), Some("/thanh-toan"));
    let fees = lan.get("/thanh-toan").await.attrs("input[name=khoan]", "value");
    assert_eq!(fees.len(), 2);
    let fields: Vec<(&str, &str)> = fees.iter().map(|f| ("khoan", f.as_str())).collect();
    let basket = lan.post("/thanh-toan", &fields).await.location();
    assert!(lan.get(&basket).await.attr("main form[action$=\"/tra\"]", "action").is_some());
    assert_eq!(lan.post(&format!("{basket}/tra"), &[("cach", "vnpay")]).await.status, 303);
    balanced(&world).await;
}

#[tokio::test]
async fn every_notice_of_the_vectors_gets_its_answer_state_and_money() {
    let world = World::new().await;
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string("tests/data/payments/vectors.json").unwrap()).unwrap();
    let mut conn = world.conn().await;
    for case in vectors["vnpay"]["ipn"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        for (reference, a) in case["attempts"].as_object().unwrap() {
            let (basket, attempt) = (BasketId::fresh(), AttemptId::fresh());
            let party = uuid::Uuid::new_v4();
            sqlx::query("insert into basket (id, token, party_id, created_at) values ($1, $2, $3, now())").bind(basket).bind(reference).bind(party).execute(&mut conn).await.unwrap();
            let mut total = 0;
            for line in a["lines"].as_array().unwrap() {
                let id = uuid::Uuid::now_v7();
                let amount = line["amount"].as_i64().unwrap();
                total += amount;
                let open = line["open"] == true;
                sqlx::query(
                    "insert into obligation (id, subject, party_id, unit, code, title, title_en, fee, fee_name, fee_name_en, kind, gross, amount, arithmetic, collect_at, state, created_at, paid_at, settled_at, paid_by)
                     values ($1, $1, $2, 'u', 'c', 't', 't', 'f', 'f', 'f', 'phi', $3, $3, '{}', 1, $4, now(), $5, $5, $6)",
                )
                .bind(id)
                .bind(party)
                .bind(amount)
                .bind(if open { "due" } else { "paid" })
                .bind((!open).then(chrono::DateTime::<chrono::Utc>::default))
                .bind((!open).then_some("cash"))
                .execute(&mut conn)
                .await
                .unwrap();
                sqlx::query("insert into basket_line (basket_id, obligation_id, amount) values ($1, $2, $3)").bind(basket).bind(id).bind(amount).execute(&mut conn).await.unwrap();
            }
            sqlx::query(
                "insert into attempt (id, basket_id, adapter, terminal, reference, amount, state, created_at, expires_at, details)
                 values ($1, $2, 'vnpay', 'MOTCUA01', $3, $4, $5, now(), now(), '{}')",
            )
            .bind(attempt)
            .bind(basket)
            .bind(reference)
            .bind(total)
            .bind(a["state"].as_str().unwrap())
            .execute(&mut conn)
            .await
            .unwrap();
        }
        for step in case["steps"].as_array().unwrap() {
            let expect = &step["expect"];
            assert_eq!(told(&world, step["query"].as_str().unwrap()).await, expect["RspCode"].as_str().unwrap(), "{name}");
            let reference = case["attempts"].as_object().unwrap().keys().next().unwrap();
            let (state, id): (String, AttemptId) = sqlx::query_as("select state, id from attempt where reference = $1").bind(reference).fetch_one(&mut conn).await.unwrap();
            if let Some(want) = expect["state"].as_str() {
                assert_eq!(state, want, "{name}");
            }
            if let Some(want) = expect["to_obligations"].as_i64() {
                let got: i64 = sqlx::query_scalar("select coalesce(sum(amount), 0)::bigint from allocation where attempt_id = $1").bind(id).fetch_one(&mut conn).await.unwrap();
                let held: i64 = sqlx::query_scalar("select coalesce(sum(amount), 0)::bigint from suspense where attempt_id = $1").bind(id).fetch_one(&mut conn).await.unwrap();
                assert_eq!((got, Some(held)), (want, expect["to_suspense"].as_i64()), "{name}");
            }
        }
    }
}
