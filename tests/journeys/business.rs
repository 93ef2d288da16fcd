//! (f): a business: two members of staff file and pay through the gateway, one leaves. (g): two clerks and one dossier.

use crate::browser::{Browser, Driver};
use crate::steps::{self, HOUSEHOLD, add_organisation, invite};
use crate::walks::{fill, open, paper, register, send_papers_and_file};
use std::time::Duration;

async fn accepts(b: &Browser, link: &str) {
    b.goto(link).await;
    b.sees("Công ty TNHH Vải Thiều Mẫu").await;
    b.look().await;
    b.press("main form button.button").await;
    b.sees("Quyền của bạn").await;
    b.look().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_a_company_files_another_pays_and_who_leaves_takes_nothing_along() {
    let driver = Driver::start();
    let (world, url) = open().await;
    let file = paper("bien-ban");
    let mut lan = world.lan().await;
    let org = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", "9900000016").await;
    let binh = driver.browser(&url, 1180, true).await;
    let pao = driver.browser(&url, 390, false).await;
    register(&binh, "099085000017", "Trần Văn Bình", "02/03/1985").await;
    register(&pao, "099177000066", "Lý Thị Páo", "1977").await;
    accepts(&binh, &invite(&mut lan, &org, "099085000017", &["nop"]).await).await;
    accepts(&pao, &invite(&mut lan, &org, "099177000066", &["tra"]).await).await;
    // Bình files for the company
    let id = org.rsplit('/').next().unwrap();
    binh.goto("/nop/1.001612").await;
    binh.select("district", "thanh-pho-bac-giang").await;
    binh.choose("case", "ca-nhan").await;
    binh.choose("for_whom", id).await;
    binh.choose("channel", "electronic").await;
    binh.look().await;
    binh.press("main form button.button").await;
    binh.find("#e-form").await;
    let chosen = ["owner_ethnicity", "tax_method", "lines[0].main", "business_address.commune"];
    let (choose, typed): (Vec<_>, Vec<_>) = HOUSEHOLD.iter().copied().partition(|a| chosen.contains(&a.0));
    fill(&binh, &[], &choose, &typed).await;
    binh.press("p.acts button.button").await;
    binh.find("p.acts a.button").await;
    let code = send_papers_and_file(&binh, &file).await;
    binh.goto(&format!("/ho-so/{code}")).await;
    binh.sees("Người được giao nộp phí của tổ chức").await;
    binh.look().await;
    // Páo pays on a phone without script, and reads no dossier
    pao.goto(&format!("/ho-so/{code}")).await;
    pao.sees("Không tìm thấy trang này").await;
    pao.goto(&format!("/thanh-toan?cho={id}")).await;
    pao.sees("50.000").await;
    pao.look().await;
    pao.press("main form button.button").await;
    pao.sees("Năm mươi nghìn đồng").await;
    pao.press("main form button.button").await;
    pao.press("#truoc").await;
    pao.sees("Tiền đã được ghi nhận").await;
    // Bình leaves: his next click finds nothing, the company has everything
    let member = world.one("select account_id::text from membership m join account a on a.id = m.account_id where a.personal_number = '099085000017'").await;
    lan.get(&org).await;
    assert_eq!(lan.post(&format!("{org}/quyen"), &[("nguoi", &member)]).await.status, 303);
    binh.goto(&format!("/ho-so/{code}")).await;
    binh.sees("Không tìm thấy trang này").await;
    let whole = lan.get(&format!("/ho-so/{code}")).await;
    assert!(whole.text().contains("Trần Văn Bình, thay mặt Công ty TNHH Vải Thiều Mẫu") && whole.text().contains("Đã nộp phí"));
    assert_eq!(world.count("select coalesce(sum(amount), 0)::bigint from ledger_posting").await, 0);
    for b in [binh, pao] {
        b.client.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clerks_decide_on_one_dossier_and_the_second_is_told_and_loses_nothing() {
    let driver = Driver::start();
    let (world, url) = open().await;
    let mut lan = world.lan().await;
    let code = steps::file_birth(&mut lan).await;
    let press = "main button[formaction$=\"tiep-nhan\"]";
    let (one, two) = (driver.browser(&url, 1180, true).await, driver.browser(&url, 1180, false).await);
    for b in [&one, &two] {
        b.sign_in(true, "thoxuong.mot-cua").await;
        b.goto(&format!("/mot-cua/ho-so/{code}")).await;
        b.find(press).await;
    }
    one.press(press).await;
    one.sees("Chuyển cơ quan giải quyết").await;
    two.press(press).await;
    two.sees("Đã thay đổi trong lúc bạn xem").await;
    two.sees("Lương Thị Mẫu Nhận").await;
    two.look().await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(world.count("select count(*) from dossier_event where action = 'accept'").await, 1);
    for b in [one, two] {
        b.client.close().await.unwrap();
    }
}
