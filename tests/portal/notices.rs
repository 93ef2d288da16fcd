//! Notices in every order and dress: the closed tab, the second try, the wrong sum before the right one, headers of all kinds.

use crate::payment::{balanced, begun, notice, notice_at, pay, told};
use crate::steps::file_record;
use crate::world::World;
use motcua::platform::config::Config;

/// T13: the payer closes the tab; the notice alone moves everything.
#[tokio::test]
async fn who_closes_the_tab_has_paid_all_the_same() {
    let world = World::new().await;
    let (mut binh, code, _, reference) = begun(&world).await;
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "1")).await, "00");
    world.settle().await;
    assert!(binh.get(&format!("/ho-so/{code}")).await.text().contains("Đã nộp phí"));
    assert!(binh.get("/ho-so").await.text().contains(&code));
    balanced(&world).await;
}

/// Our own pay request is signed with the same key: sent back as a notice or a return it says nothing of any payment.
#[tokio::test]
async fn the_pay_request_sent_back_is_no_notice() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    let code = file_record(&mut binh).await;
    let (basket, _) = pay(&mut binh, &code).await;
    let again = binh.post(&format!("{basket}/tra"), &[("cach", "vnpay")]).await.location();
    let query = again.split_once('?').unwrap().1;
    assert_eq!(told(&world, query).await, "99");
    assert!(world.nobody().get(&format!("/thanh-toan/vnpay/ket-qua?{query}")).await.text().contains("Không đọc được kết quả"));
    assert_eq!(world.one("select state from attempt").await, "open");
    // one code alone is a contradiction that people look at, not a failure
    assert_eq!(world.count("select count(*) from notice where verdict = '99'").await, 1);
}

/// T14: a failure, then a success of the same order.
#[tokio::test]
async fn a_failure_is_lifted_by_a_later_success() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    assert_eq!(told(&world, &notice(&reference, 200_000, "51", "02", "1")).await, "00");
    assert_eq!(world.one("select state from attempt").await, "failed");
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "2")).await, "00");
    assert_eq!(world.one("select state from attempt").await, "paid");
    balanced(&world).await;
}

/// T16: the notice is there before the payer has left our page: the attempt was committed before the address was given out.
#[tokio::test]
async fn a_notice_that_comes_before_the_payer_arrives_finds_its_attempt() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    let code = file_record(&mut binh).await;
    let (_, reference) = pay(&mut binh, &code).await;
    // nobody has opened the gateway's page yet
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "1")).await, "00");
    balanced(&world).await;
}

/// T42: told often, said once.
#[tokio::test]
async fn one_payment_is_one_message_and_one_event_however_often_it_is_told() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    for _ in 0..5 {
        told(&world, &notice(&reference, 200_000, "00", "00", "1")).await;
        world.settle().await;
    }
    assert_eq!(world.count("select count(*) from message where kind = 'paid'").await, 1);
    assert_eq!(world.count("select count(*) from dossier_event where action = 'paid'").await, 1);
}

/// T43: a state or a sum can't be set by adding its name to a form.
#[tokio::test]
async fn asvs_15_3_3_a_form_with_a_field_it_does_not_have_is_refused() {
    let world = World::new().await;
    let (mut binh, code, basket, _) = begun(&world).await;
    let fee = world.one("select id::text from obligation").await;
    binh.get(&basket).await;
    for (path, own) in [
        ("/thanh-toan".to_owned(), vec![("khoan", fee.as_str())]),
        (format!("{basket}/tra"), vec![("cach", "vnpay")]),
        (format!("{basket}/da-tra"), vec![]),
        (format!("/ho-so/{code}/rut"), vec![("ly-do", "")]),
        ("/tai-khoan".to_owned(), vec![("phone", "0900000001")]),
    ] {
        for extra in [("status", "paid"), ("state", "paid"), ("amount", "1"), ("paid_at", "2026-11-25")] {
            let mut fields = own.clone();
            fields.push(extra);
            let shown = binh.post(&path, &fields).await;
            assert_eq!(shown.status, 422, "{path} with {extra:?}");
            assert!(shown.text().contains(extra.0));
        }
    }
    assert_eq!(world.one("select state from obligation").await, "due");
    assert_eq!(world.one("select state from dossier").await, "submitted");
}

/// The first word of the gateway was another sum; its true word comes for the same transaction.
#[tokio::test]
async fn a_wrong_sum_put_right_by_the_gateway_is_booked_once() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    let attempt: uuid::Uuid = sqlx::query_scalar("select id from attempt").fetch_one(&mut world.conn().await).await.unwrap();
    let report = |dong: i64| motcua::payment::gateway::Report {
        outcome: motcua::payment::gateway::Outcome::Paid,
        amount: Some(motcua::base::money::Vnd::dong(dong)),
        code: "00".to_owned(),
        number: Some("7".to_owned()),
        paid_at: Some(crate::world::morning()),
    };
    for dong in [20_000, 200_000] {
        let mut tx = world.app.portal.db.begin().await.unwrap();
        let id = motcua::base::id::AttemptId(attempt);
        motcua::payment::settle(&mut tx, &*world.app.payments.listener, id, &report(dong), crate::world::morning()).await.unwrap();
        tx.commit().await.unwrap();
        balanced(&world).await;
    }
    assert_eq!(world.one("select state from obligation").await, "paid");
    assert_eq!(world.one("select state from suspense").await, "allocated");
    assert_eq!(world.count("select sum(amount)::bigint from ledger_posting where account like 'assets:%' and account not like 'assets:receivable:%'").await, 200_000);
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "7")).await, "02");
    assert_eq!(world.count("select count(*) from refund where state = 'asked'").await, 0);
}

/// S18: a clock that is wrong, ours or theirs.
#[tokio::test]
async fn a_payment_dated_an_hour_off_counts_and_keeps_its_date() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    assert_eq!(told(&world, &notice_at(&reference, 200_000, "00", "00", "1", "20261125103000")).await, "00");
    assert_eq!(world.one("select state from obligation").await, "paid");
    assert_eq!(world.one("select to_char(paid_at at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI') from attempt").await, "10:30");
}

/// However often a payment is asked about, one question waits.
#[tokio::test]
async fn one_question_waits_for_an_attempt_whoever_asks() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    let query = notice(&reference, 200_000, "00", "00", "1");
    for _ in 0..3 {
        world.nobody().get(&format!("/thanh-toan/vnpay/ket-qua?{query}")).await;
    }
    told(&world, &notice(&reference, 20_000, "00", "00", "1")).await;
    assert_eq!(world.count("select count(*) from job where kind = 'ask_gateway' and state = 'waiting'").await, 1);
}

/// R1 (a) to (i), each with a fresh attempt.
#[tokio::test]
async fn a_notice_counts_in_whatever_dress_it_comes() {
    let world = World::with(|c: &mut Config| c.public_url = "https://cong.example.vn".to_owned()).await;
    let mut binh = world.binh().await;
    let dresses: [(&str, &[(&'static str, &str)]); 5] = [
        ("GET", &[("accept-language", "en"), ("cookie", "lang=en; motcua_s=gone")]),
        ("GET", &[("x-forwarded-proto", "http")]),
        ("GET", &[("user-agent", ""), ("host", "")]),
        ("GET", &[("accept", "text/html")]),
        ("HEAD", &[]),
    ];
    for (n, (method, headers)) in dresses.iter().enumerate() {
        let code = file_record(&mut binh).await;
        let (_, reference) = pay(&mut binh, &code).await;
        let query = notice(&reference, 200_000, "00", "00", &format!("{n}"));
        let path = format!("/thanh-toan/vnpay/ipn?{query}");
        let shown = world.nobody().ask(method, &path, headers).await;
        assert_eq!(shown.status, 200, "{method} {headers:?}");
        assert!(shown.headers["content-type"].to_str().unwrap().starts_with("application/json"));
        if *method == "HEAD" {
            // looked at first, then told: once
            assert!(["00", "02"].contains(&told(&world, &query).await.as_str()));
        } else {
            assert!(shown.text().contains("\"00\""), "{headers:?}: {}", shown.text());
        }
    }
    assert_eq!(world.count("select count(*) from obligation where state = 'paid'").await, 5);
    // (h) three hundred at once from one address
    let code = file_record(&mut binh).await;
    let (_, reference) = pay(&mut binh, &code).await;
    let query = notice(&reference, 200_000, "00", "00", "99");
    let calls: Vec<_> = (0..300)
        .map(|_| {
            let (mut v, path) = (world.nobody(), format!("/thanh-toan/vnpay/ipn?{query}"));
            tokio::spawn(async move { v.get(&path).await })
        })
        .collect();
    let mut first = 0;
    for c in calls {
        let shown = c.await.unwrap();
        assert_eq!(shown.status, 200);
        first += usize::from(shown.text().contains("\"00\""));
    }
    assert_eq!(first, 1);
    balanced(&world).await;
}

/// A flood of forged notices fills no table, and the true one still counts.
#[tokio::test]
async fn forged_notices_are_kept_up_to_a_thousand_an_hour_from_one_address() {
    let world = World::new().await;
    let (_, _, _, reference) = begun(&world).await;
    sqlx::raw_sql("insert into notice (adapter, source, at, peer, raw, verdict) select 'vnpay', 'ipn', '2026-11-25 02:20:00+00', '127.0.0.1', 'x', '97' from generate_series(1, 1000)")
        .execute(&mut world.conn().await)
        .await
        .unwrap();
    assert_eq!(told(&world, "vnp_TxnRef=x&vnp_SecureHash=00").await, "97");
    assert_eq!(world.count("select count(*) from notice").await, 1000);
    assert_eq!(told(&world, &notice(&reference, 200_000, "00", "00", "1")).await, "00");
    assert_eq!(world.count("select count(*) from notice where attempt_id is not null").await, 1);
}
