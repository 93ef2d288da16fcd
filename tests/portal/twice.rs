//! The same thing twice: a double click, a retry after a lost answer, two tabs, two people. It happens once, and whoever
//! comes second is told so in words.

use crate::steps::{act, add_organisation, file_birth, ready_birth};
use crate::world::visitor::{Shown, registration};
use crate::world::{Visitor, World};
use motcua::demo::world::pdf;

/// The same post by two visitors at once.
async fn both(a: &Visitor, b: &Visitor, path: &str, fields: &[(&str, &str)]) -> [Shown; 2] {
    let (mut a, mut b) = (a.clone(), b.clone());
    let (one, two) = tokio::join!(a.post(path, fields), b.post(path, fields));
    [one, two]
}

/// One of the two was taken; the other one's page says that it happened already.
fn one_and_told(answers: &[Shown], words: &str) {
    let taken = answers.iter().filter(|s| s.status == 303).count();
    assert_eq!(taken, 1, "{:?}", answers.iter().map(|s| s.status).collect::<Vec<_>>());
    let second = answers.iter().find(|s| s.status != 303).unwrap();
    assert!([409, 422].contains(&second.status), "{}", second.status);
    assert!(second.all("main").join(" ").contains(words), "“{words}” in {}", second.all("main").join(" "));
}

#[tokio::test]
async fn filing_twice_makes_one_dossier_and_shows_it_both_times() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = ready_birth(&mut lan).await;
    let sum = lan.get(&format!("{draft}/kiem-tra")).await.attr("input[name=sum]", "value").unwrap();
    let [a, b] = both(&lan, &lan, &format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await;
    assert_eq!((a.status, b.status), (303, 303));
    assert_eq!(a.location(), b.location());
    // from a tab left open, the back button, and after a lost answer
    assert_eq!(lan.post(&format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await.location(), a.location());
    assert_eq!(world.count("select count(*) from dossier").await, 1);
    assert!(lan.get(&a.location()).await.all(".codes dd").iter().any(|c| a.location().contains(c.as_str())));
}

#[tokio::test]
async fn two_clerks_or_two_clicks_receive_once() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let version = desk.get(&format!("/mot-cua/ho-so/{code}")).await.attr("input[name=version]", "value").unwrap();
    let answers = both(&desk, &desk, &format!("/mot-cua/ho-so/{code}/tiep-nhan"), &[("version", &version)]).await;
    one_and_told(&answers, "Lương Thị Mẫu Nhận: Chuyển cơ quan giải quyết");
    assert_eq!(world.count("select count(*) from dossier_event where action = 'accept'").await, 1);
    assert_eq!(world.count("select count(*) from message where kind = 'accepted'").await, 1);
    // and again from the page left open
    let late = desk.post(&format!("/mot-cua/ho-so/{code}/tiep-nhan"), &[("version", &version)]).await;
    assert_eq!(late.status, 409);
}

#[tokio::test]
async fn a_result_is_proposed_signed_issued_and_handed_over_once() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[]).await.status, 303);
    let mut officer = world.staff("thoxuong.ho-tich").await;
    let path = format!("/mot-cua/ho-so/{code}");
    let version = officer.get(&path).await.attr("input[name=version]", "value").unwrap();
    let fields = [("version", version.as_str()), ("ket-qua", "grant"), ("tom-tat", "Đủ.")];
    let file = pdf("du thao");
    let files = [("a.pdf", file.as_slice())];
    let (mut a, mut b) = (officer.clone(), officer.clone());
    let send = format!("{path}/trinh-ky");
    let (one, two) = tokio::join!(a.upload(&send, &fields, &files), b.upload(&send, &fields, &files));
    one_and_told(&[one, two], "Trình ký");
    let mut leader = world.staff("thoxuong.lanh-dao").await;
    let version = leader.get(&path).await.attr("input[name=version]", "value").unwrap();
    one_and_told(&both(&leader, &leader, &format!("{path}/ky"), &[("version", &version)]).await, "ký");
    assert_eq!(world.count("select count(*) from dossier_event where action = 'sign'").await, 1);
    let mut records = world.staff("thoxuong.van-thu").await;
    let version = records.get(&path).await.attr("input[name=version]", "value").unwrap();
    let fields = [("version", version.as_str()), ("so", "1"), ("ky-hieu", "GKS")];
    let (mut a, mut b) = (records.clone(), records.clone());
    let send = format!("{path}/phat-hanh");
    let (one, two) = tokio::join!(a.upload(&send, &fields, &files), b.upload(&send, &fields, &files));
    one_and_told(&[one, two], "Đã có kết quả");
    // handed over at the counter by two clerks
    let other = desk.clone();
    let version = desk.get(&path).await.attr("input[name=version]", "value").unwrap();
    one_and_told(&both(&desk, &other, &format!("{path}/tra-quay"), &[("version", &version), ("nguoi-nhan", "Nguyễn Thị Lan")]).await, "rả kết quả");
    assert_eq!(world.count("select count(*) from dossier_event where action = 'return_counter'").await, 1);
}

#[tokio::test]
async fn going_to_pay_twice_is_one_payment_on_its_way() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    let code = crate::steps::file_record(&mut binh).await;
    let fee = binh.get(&format!("/ho-so/{code}")).await.attr("input[name=khoan]", "value").unwrap();
    let basket = binh.post("/thanh-toan", &[("khoan", &fee)]).await.location();
    binh.get(&basket).await;
    let [a, b] = both(&binh, &binh, &format!("{basket}/tra"), &[("cach", "vnpay")]).await;
    assert_eq!((a.status, b.status), (303, 303));
    assert_eq!(a.location().split("vnp_TxnRef=").nth(1).unwrap().split('&').next(), b.location().split("vnp_TxnRef=").nth(1).unwrap().split('&').next());
    assert_eq!(world.count("select count(*) from attempt").await, 1);
}

#[tokio::test]
async fn cash_is_taken_once_whoever_presses() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    let code = crate::steps::file_record(&mut binh).await;
    let mut cashier = world.staff("tt.thu-ngan").await;
    let page = cashier.get(&format!("/mot-cua/thu-tien/{code}")).await;
    let fee = page.attr("input[name=khoan]", "value").unwrap();
    let answers = both(&cashier, &cashier, &format!("/mot-cua/thu-tien/{code}"), &[("khoan", &fee)]).await;
    assert_eq!(answers.iter().filter(|s| s.status == 303).count(), 1, "{:?}", answers.iter().map(|s| s.status).collect::<Vec<_>>());
    assert_eq!(world.count("select count(*) from ledger_entry where event like '%settled%'").await, 1);
    crate::payment::balanced(&world).await;
}

#[tokio::test]
async fn inviting_twice_leaves_one_link_that_works() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let org = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", "9900000016").await;
    lan.get(&org).await;
    let fields = [("number", "099085000017"), ("nop", "1")];
    let answers = both(&lan, &lan, &format!("{org}/moi"), &fields).await;
    assert!(answers.iter().all(|s| s.status < 500), "{:?}", answers.iter().map(|s| s.status).collect::<Vec<_>>());
    assert_eq!(world.count("select count(*) from invitation where used_at is null and revoked_at is null").await, 1);
}

#[tokio::test]
async fn registering_twice_makes_one_account_and_the_second_is_told() {
    let world = World::new().await;
    let mut v = world.nobody();
    v.get("/dang-ky").await;
    one_and_told(&both(&v, &v, "/dang-ky", &registration("Nguyễn Thị Lan", "099190000025", "1990")).await, "đã có tài khoản");
    assert_eq!(world.count("select count(*) from account").await, 1);
}

#[tokio::test]
async fn withdrawing_twice_is_one_withdrawal_one_letter() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    lan.get(&format!("/ho-so/{code}/rut")).await;
    let answers = both(&lan, &lan, &format!("/ho-so/{code}/rut"), &[("ly-do", "Nhầm")]).await;
    one_and_told(&answers, "Nguyễn Thị Lan: Người nộp rút hồ sơ");
    assert_eq!(world.count("select count(*) from message where kind = 'cancelled'").await, 1);
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let page = desk.get(&format!("/mot-cua/ho-so/{code}")).await;
    assert_eq!((page.status, page.attr("button[formaction$=tiep-nhan]", "formaction")), (200, None), "nothing to receive any more");
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[]).await.status, 409);
}
