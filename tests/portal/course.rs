//! Between reception and signature: the clock that waits, fees assessed, a dossier taken back or stopped, who opened it.

use crate::payment::{balanced, notice, pay, told};
use crate::steps::{WARD, act, act_with_file, send_papers, submit};
use crate::world::{Visitor, World};

/// A confirmation of civil-status data: three working days, a fee that the officer assesses. Received on Wednesday 25/11.
/// Gives the world, the person, the clerk and the code.
async fn received() -> (World, Visitor, Visitor, String) {
    let world = World::new().await;
    world.staff_of_demo().await;
    let mut v = world.lan().await;
    let mut desk = sign_in(&world, "thoxuong.mot-cua").await;
    v.get("/nop/2.002516").await;
    let shown = v.post("/nop/2.002516", &[("commune", WARD), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    assert_eq!(shown.status, 303, "{}", shown.text());
    let draft = shown.location().trim_end_matches("/giay-to").to_owned();
    send_papers(&mut v, &draft).await;
    let code = submit(&mut v, &draft).await;
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[]).await.status, 303);
    assert_eq!(due(&world).await, "2026-11-30 17:00");
    (world, v, desk, code)
}

async fn due(world: &World) -> String {
    world.one("select to_char(due_at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI') from dossier").await
}

async fn state(world: &World) -> String {
    world.one("select state from dossier").await
}

/// The ward's four, signed in anew: the clock has moved past their sessions.
async fn sign_in(world: &World, who: &str) -> Visitor {
    world.back("/can-bo/dang-nhap", who).await
}

async fn citizen_again(world: &World) -> Visitor {
    world.back("/dang-nhap", "099190000025").await
}

const MEND: [(&str, &str); 2] = [("c:p:to-khai", "sua"), ("n:p:to-khai", "Tờ khai thiếu trang hai.")];

#[tokio::test]
async fn a_supplement_while_processing_stops_the_clock_and_moves_the_date_with_its_reason() {
    let (world, mut lan, _, code) = received().await;
    let mut officer = sign_in(&world, "thoxuong.ho-tich").await;
    let mut leader = sign_in(&world, "thoxuong.lanh-dao").await;
    // nothing marked: nothing to propose
    assert_eq!(act(&mut officer, &code, "de-nghi-bo-sung", &[]).await.status, 422);
    assert_eq!(act(&mut officer, &code, "de-nghi-bo-sung", &MEND).await.status, 303);
    assert_eq!(state(&world).await, "processing");
    // the leader declines with words for the officer, who proposes again
    assert_eq!(act(&mut leader, &code, "khong-duyet", &[("ly-do-duyet", "")]).await.status, 422);
    assert_eq!(act(&mut leader, &code, "khong-duyet", &[("ly-do-duyet", "Ghi rõ trang nào.")]).await.status, 303);
    assert_eq!(act(&mut leader, &code, "duyet-bo-sung", &[]).await.status, 422, "nothing is proposed");
    let own = lan.get(&format!("/ho-so/{code}")).await;
    assert!(!own.text().contains("Ghi rõ trang nào."), "what the leader wrote to the officer stays inside");
    assert_eq!(act(&mut officer, &code, "de-nghi-bo-sung", &MEND).await.status, 303);
    let seen = leader.get(&format!("/mot-cua/ho-so/{code}")).await;
    assert!(seen.text().contains("Tờ khai thiếu trang hai."));
    world.clock("2026-11-26T09:00");
    let mut leader = sign_in(&world, "thoxuong.lanh-dao").await;
    assert_eq!(act(&mut leader, &code, "duyet-bo-sung", &[]).await.status, 303);
    assert_eq!(state(&world).await, "supplement_requested");
    // the person answers on Monday, the desk looks on Tuesday: the pause ends on Monday
    world.clock("2026-11-30T10:00");
    let mut lan = citizen_again(&world).await;
    let own = lan.get(&format!("/ho-so/{code}")).await;
    assert!(own.text().contains("Tờ khai thiếu trang hai."));
    let letter = lan.get(&format!("/ho-so/{code}/phieu-yeu-cau-bo-sung")).await;
    assert!(letter.text().contains("Tờ khai thiếu trang hai."));
    let path = format!("/ho-so/{code}/bo-sung");
    lan.get(&path).await;
    assert_eq!(lan.post(&path, &[]).await.status, 422, "nothing sent yet");
    assert_eq!(lan.upload(&format!("{path}/gui"), &[("slot", "to-khai")], &[("moi.pdf", &motcua::demo::world::pdf("moi"))]).await.status, 303);
    assert_eq!(lan.post(&path, &[]).await.status, 303);
    assert_eq!(state(&world).await, "supplement_requested");
    let own = lan.get(&format!("/ho-so/{code}")).await;
    assert!(own.text().contains("chờ cơ quan xác nhận"));
    assert_eq!(lan.get(&path).await.status, 303, "sent: nothing more is open");
    // still missing: the same letter, not a second one
    let mut desk = sign_in(&world, "thoxuong.mot-cua").await;
    assert_eq!(act(&mut desk, &code, "con-thieu", &[("c:q:la", "sua"), ("n:q:la", "thêm việc mới")]).await.status, 422, "nothing new under the old letter");
    assert_eq!(act(&mut desk, &code, "con-thieu", &MEND).await.status, 303);
    assert_eq!(world.count("select count(*) from supplement").await, 1);
    world.clock("2026-11-30T10:05");
    lan.get(&path).await;
    assert_eq!(lan.upload(&format!("{path}/gui"), &[("slot", "to-khai")], &[("du.pdf", &motcua::demo::world::pdf("du"))]).await.status, 303);
    assert_eq!(lan.post(&path, &[]).await.status, 303);
    assert_eq!(world.count("select count(*) from paper where replaced_at is null and component = 'to-khai'").await, 1);
    world.clock("2026-12-01T08:00");
    let mut desk = sign_in(&world, "thoxuong.mot-cua").await;
    assert_eq!(act(&mut desk, &code, "nhan-bo-sung", &[]).await.status, 303);
    assert_eq!(state(&world).await, "processing");
    // paused Thursday 26 to Monday 30: Friday and Monday are not the office's
    assert_eq!(due(&world).await, "2026-12-02 17:00");
    let mut lan = citizen_again(&world).await;
    let own = lan.get(&format!("/ho-so/{code}")).await;
    assert!(own.text().contains("Hẹn trả dời từ 30/11/2026, 17:00 sang 02/12/2026, 17:00."), "{}", own.text());
    let why = lan.get(&format!("/ho-so/{code}/vi-sao-ngay-nay")).await;
    assert!(why.text().contains("02/12/2026"), "the arithmetic says the same");
    // one letter while processing
    let mut officer = sign_in(&world, "thoxuong.ho-tich").await;
    assert_eq!(act(&mut officer, &code, "de-nghi-bo-sung", &MEND).await.status, 422);
}

#[tokio::test]
async fn nobody_stops_a_clock_that_has_run_out_and_only_a_leader_ends_what_never_came() {
    let (world, _, _, code) = received().await;
    let mut officer = sign_in(&world, "thoxuong.ho-tich").await;
    assert_eq!(act(&mut officer, &code, "de-nghi-bo-sung", &MEND).await.status, 303);
    world.clock("2026-12-01T09:00");
    let mut leader = sign_in(&world, "thoxuong.lanh-dao").await;
    let late = act(&mut leader, &code, "duyet-bo-sung", &[]).await;
    assert!(late.text().contains("Đã quá hạn trả"), "{}", late.text());
    world.clock("2026-11-27T09:00");
    let mut leader = sign_in(&world, "thoxuong.lanh-dao").await;
    assert_eq!(act(&mut leader, &code, "duyet-bo-sung", &[]).await.status, 303);
    assert_ne!(act(&mut leader, &code, "dung-khong-bo-sung", &[("ly-do-dung", "Không bổ sung trong thời hạn đã hẹn.")]).await.status, 303, "its time isn't over");
    world.clock("2026-12-28T09:00");
    let mut leader = sign_in(&world, "thoxuong.lanh-dao").await;
    assert_eq!(act(&mut leader, &code, "dung-khong-bo-sung", &[("ly-do-dung", "ngắn")]).await.status, 422);
    assert_eq!(act(&mut leader, &code, "dung-khong-bo-sung", &[("ly-do-dung", "Không bổ sung trong thời hạn đã hẹn.")]).await.status, 303);
    assert_eq!(state(&world).await, "stopped");
    let mut lan = citizen_again(&world).await;
    let own = lan.get(&format!("/ho-so/{code}")).await;
    assert!(own.text().contains("Không bổ sung trong thời hạn đã hẹn.") && own.text().contains("khiếu nại"));
    let paper = lan.get(&format!("/ho-so/{code}/thong-bao-dung")).await;
    assert!(paper.h1().contains("THÔNG BÁO DỪNG"));
    assert_eq!(lan.get(&format!("/ho-so/{code}/phieu-tu-choi")).await.status, 404);
}

#[tokio::test]
async fn an_assessed_fee_waits_for_its_payment_and_the_date_moves_by_it() {
    let (world, mut lan, _, code) = received().await;
    let mut officer = sign_in(&world, "thoxuong.ho-tich").await;
    for (sum, fee, basis) in
        [("0", "fee-1", "Hai bản, mỗi bản 8.000 đồng"), ("nhiều", "fee-1", "Hai bản, mỗi bản 8.000 đồng"), ("16.000", "fee-9", "Hai bản, mỗi bản 8.000 đồng"), ("16.000", "fee-1", "")]
    {
        let done = act(&mut officer, &code, "tinh-phi", &[("khoan-tinh", fee), ("so-tien", sum), ("can-cu", basis)]).await;
        assert_eq!(done.status, 422, "{sum} {fee} {basis}");
    }
    assert_eq!(act(&mut officer, &code, "tinh-phi", &[("khoan-tinh", "fee-1"), ("so-tien", "16.000"), ("can-cu", "Hai bản, mỗi bản 8.000 đồng")]).await.status, 303);
    assert_eq!(state(&world).await, "payment_requested");
    let own = lan.get(&format!("/ho-so/{code}")).await;
    assert!(own.text().contains("Hai bản, mỗi bản 8.000 đồng") && own.text().contains("16.000"));
    world.clock("2026-11-27T10:00");
    let mut lan = citizen_again(&world).await;
    let (_, reference) = pay(&mut lan, &code).await;
    assert_eq!(told(&world, &notice(&reference, 16_000, "00", "00", "14226112")).await, "00");
    assert_eq!(state(&world).await, "processing");
    // paused Wednesday to Friday: two working days
    assert_eq!(due(&world).await, "2026-12-02 17:00");
    balanced(&world).await;
    let own = lan.get(&format!("/ho-so/{code}")).await;
    assert!(own.text().contains("chờ nộp phí"));
}

#[tokio::test]
async fn a_leader_waives_what_was_assessed_or_ends_what_was_never_paid() {
    let (world, _, _, code) = received().await;
    let mut officer = sign_in(&world, "thoxuong.ho-tich").await;
    let fee = [("khoan-tinh", "fee-1"), ("so-tien", "16.000"), ("can-cu", "Hai bản, mỗi bản 8.000 đồng")];
    assert_eq!(act(&mut officer, &code, "tinh-phi", &fee).await.status, 303);
    let mut leader = sign_in(&world, "thoxuong.lanh-dao").await;
    assert_eq!(act(&mut leader, &code, "mien-phi", &[("ly-do-mien", "Hộ nghèo theo danh sách năm 2026 của phường.")]).await.status, 303);
    assert_eq!(state(&world).await, "processing");
    assert_eq!(world.one("select state || ' ' || amount from obligation where state <> 'replaced'").await, "exempted 0");
    balanced(&world).await;
    assert_eq!(act(&mut officer, &code, "tinh-phi", &fee).await.status, 303);
    assert_ne!(act(&mut leader, &code, "dung-khong-nop", &[("ly-do-dung", "Không nộp phí trong thời hạn.")]).await.status, 303);
    world.clock("2026-12-03T09:00");
    let mut leader = sign_in(&world, "thoxuong.lanh-dao").await;
    assert_eq!(act(&mut leader, &code, "dung-khong-nop", &[("ly-do-dung", "Không nộp phí trong thời hạn.")]).await.status, 303);
    assert_eq!(state(&world).await, "stopped");
    assert_eq!(world.count("select count(*) from obligation where state = 'due'").await, 0);
    balanced(&world).await;
}

#[tokio::test]
async fn a_received_dossier_is_taken_back_by_asking_and_the_asking_can_be_taken_back() {
    let (world, mut lan, _, code) = received().await;
    let path = format!("/ho-so/{code}/rut");
    let page = lan.get(&path).await;
    assert!(page.text().contains("cơ quan phải đồng ý"));
    // a page from before reception does not become a request by itself
    assert_eq!(lan.post(&path, &[("viec", "cancel"), ("ly-do", "thôi")]).await.status, 409);
    assert_eq!(lan.post(&path, &[("viec", "request_withdrawal"), ("ly-do", "Tôi tìm thấy bản cũ.")]).await.status, 303);
    assert_eq!(state(&world).await, "withdrawal_requested");
    assert_eq!(lan.post(&path, &[("viec", "take_back")]).await.status, 303);
    assert_eq!(state(&world).await, "processing");
    assert_eq!(lan.post(&path, &[("viec", "request_withdrawal"), ("ly-do", "Tôi tìm thấy bản cũ.")]).await.status, 303);
    let mut officer = sign_in(&world, "thoxuong.ho-tich").await;
    let seen = officer.get(&format!("/mot-cua/ho-so/{code}")).await;
    assert!(seen.text().contains("Tôi tìm thấy bản cũ."));
    assert_eq!(act(&mut officer, &code, "cho-rut", &[]).await.status, 303);
    assert_eq!(state(&world).await, "withdrawn");
    let paper = lan.get(&format!("/ho-so/{code}/thong-bao-dung")).await;
    assert!(paper.text().contains("Tôi tìm thấy bản cũ."));
    assert_eq!(lan.post(&path, &[("viec", "request_withdrawal")]).await.status, 409);
}

#[tokio::test]
async fn what_is_signed_is_not_withdrawn_and_the_leader_says_why() {
    let (world, mut lan, _, code) = received().await;
    let mut officer = sign_in(&world, "thoxuong.ho-tich").await;
    assert_eq!(act_with_file(&mut officer, &code, "trinh-ky", &[("ket-qua", "grant"), ("tom-tat", "Đủ.")], "a.pdf").await.status, 303);
    let mut leader = sign_in(&world, "thoxuong.lanh-dao").await;
    assert_eq!(act(&mut leader, &code, "ky", &[]).await.status, 303);
    lan.get(&format!("/ho-so/{code}/rut")).await;
    assert_eq!(lan.post(&format!("/ho-so/{code}/rut"), &[("viec", "request_withdrawal"), ("ly-do", "")]).await.status, 303);
    let done = act(&mut officer, &code, "cho-rut", &[]).await;
    assert!(done.text().contains("Kết quả đã ký"), "{}", done.text());
    assert_eq!(act(&mut leader, &code, "khong-cho-rut", &[("ly-do-rut", "Kết quả đã được ký sáng nay.")]).await.status, 303);
    assert_eq!(state(&world).await, "awaiting_signature");
    assert!(lan.get(&format!("/ho-so/{code}")).await.text().contains("Kết quả đã được ký sáng nay."));
}

#[tokio::test]
async fn the_owner_reads_who_of_the_office_opened_the_dossier_and_its_papers() {
    let (world, mut lan, mut desk, code) = received().await;
    let paper = world.one("select id::text from paper limit 1").await;
    assert_eq!(desk.get(&format!("/giay-to/{paper}")).await.status, 200);
    let own = lan.get(&format!("/ho-so/{code}")).await;
    let lines = own.all("details li");
    assert!(lines.iter().any(|l| l.contains("Phường Thọ Xương") && l.contains("mở hồ sơ")), "{lines:?}");
    assert!(lines.iter().any(|l| l.contains("mở giấy tờ")), "{lines:?}");
    assert!(!own.text().contains("Lương Thị Mẫu Nhận mở"), "by unit, not by name");
    // who may not see it leaves no row, and its own reading is none of these
    let before = world.count("select count(*) from opening").await;
    let mut stranger = sign_in(&world, "stp.thu-ly").await;
    assert_eq!(stranger.get(&format!("/mot-cua/ho-so/{code}")).await.status, 404);
    lan.get(&format!("/giay-to/{paper}")).await;
    assert_eq!(world.count("select count(*) from opening").await, before);
}
