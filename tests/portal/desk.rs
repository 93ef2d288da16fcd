//! The desk: two clerks, separate hands, the law's table.

use crate::steps::{act, act_with_file, file_birth};
use crate::world::World;

#[tokio::test]
async fn asvs_2_3_4_two_clerks_receive_one_dossier_and_the_second_is_told_who_was_first() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let first = world.staff("thoxuong.mot-cua").await;
    let page = first.clone().get(&format!("/mot-cua/ho-so/{code}")).await;
    let version = page.attr("input[name=version]", "value").unwrap();
    let mut one = first.clone();
    one.get("/mot-cua").await;
    let mut two = first;
    two.get("/mot-cua").await;
    let path = format!("/mot-cua/ho-so/{code}/tiep-nhan");
    let a = one.post(&path, &[("version", &version), ("ly-do-phi", "thu sau")]).await;
    let b = two.post("/mot-cua/ho-so/x/tu-choi".replace('x', &code).as_str(), &[("version", &version), ("ly-do", "Sai thẩm quyền, Luật Hộ tịch Điều 7")]).await;
    assert_eq!((a.status, b.status), (303, 409));
    assert!(b.text().contains("Lương Thị Mẫu Nhận"), "says who");
    assert!(b.text().contains("Sai thẩm quyền, Luật Hộ tịch Điều 7"), "keeps the reason");
}

#[tokio::test]
async fn asvs_2_3_1_nobody_acts_out_of_order_or_beyond_the_role() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let mut officer = world.staff("thoxuong.ho-tich").await;
    let mut leader = world.staff("thoxuong.lanh-dao").await;
    let mut records = world.staff("thoxuong.van-thu").await;
    for (v, action, told) in [(&mut leader, "ky", "Đã thay đổi"), (&mut officer, "tiep-nhan", "vai khác"), (&mut records, "tiep-nhan", "vai khác"), (&mut desk, "tra-quay", "Đã thay đổi")]
    {
        let done = act(v, &code, action, &[("ly-do-phi", "x"), ("ly-do", "x")]).await;
        assert!([409, 422].contains(&done.status) && done.text().contains(told), "{action}: {}", done.text());
    }
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[("ly-do-phi", "thu sau")]).await.status, 303);
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[("ly-do-phi", "thu sau")]).await.status, 409);
    // issuing before signing
    let early = act_with_file(&mut records, &code, "phat-hanh", &[("so", "1")], "kq.pdf").await;
    assert_eq!(early.status, 409);
    // another unit's staff see nothing of it
    let mut stranger = world.staff("stp.thu-ly").await;
    assert_eq!(stranger.get(&format!("/mot-cua/ho-so/{code}")).await.status, 404);
}

#[tokio::test]
async fn refusing_needs_a_reason_and_the_ticks_are_not_lost() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let done = act(&mut desk, &code, "tu-choi", &[("ly-do", " "), ("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi rõ hơn.")]).await;
    assert_eq!(done.status, 422);
    let page = desk.get(&format!("/mot-cua/ho-so/{code}")).await;
    assert!(page.all("textarea").iter().any(|t| t == "Ghi rõ hơn."));
    let done = act(&mut desk, &code, "tu-choi", &[("ly-do", "Không thuộc thẩm quyền: Luật Hộ tịch, Điều 13")]).await;
    assert_eq!(done.status, 303);
    let page = lan.get(&format!("/ho-so/{code}")).await;
    assert!(page.text().contains("Không thuộc thẩm quyền: Luật Hộ tịch, Điều 13"));
}

#[tokio::test]
async fn received_after_fifteen_it_stays_at_the_desk_until_passed_on() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    world.clock("2026-11-25T15:20");
    let mut desk2 = world.back("/can-bo/dang-nhap", "thoxuong.mot-cua").await;
    std::mem::swap(&mut desk, &mut desk2);
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[("ly-do-phi", "thu sau")]).await.status, 303);
    assert_eq!(world.one("select state from dossier").await, "accepted");
    assert_eq!(world.one("select to_char(due_at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI') from dossier").await, "2026-11-26 17:00");
    assert_eq!(act(&mut desk, &code, "chuyen", &[]).await.status, 303);
    assert_eq!(world.one("select state from dossier").await, "processing");
}

#[tokio::test]
async fn every_page_of_the_queue_follows_the_last_and_no_row_is_skipped() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    // 137 rows with one moment: what a day of one limit makes
    sqlx::raw_sql(MANY).execute(&mut world.conn().await).await.unwrap();
    let _ = code;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let mut next = Some("/mot-cua?muc=cho-tiep-nhan".to_owned());
    let mut codes = Vec::new();
    while let Some(path) = next {
        let page = desk.get(&path).await;
        codes.extend(page.all("a.code"));
        next = page.attr("a[rel=next]", "href");
    }
    let all = codes.len();
    codes.sort();
    codes.dedup();
    assert_eq!((all, codes.len()), (137, 137));
}

#[tokio::test]
async fn a_name_without_marks_or_a_number_finds_the_dossier_and_stands_in_no_address() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    for typed in ["tran minh khoi", "099190000025", "0900 000 001", &code[code.len() - 11..]] {
        desk.get("/mot-cua").await;
        let found = desk.post("/mot-cua/tim", &[("tim", typed)]).await;
        assert_eq!((found.status, found.all("a.code").len()), (200, 1), "{typed}");
    }
}

#[tokio::test]
async fn moments_that_went_by_stand_in_the_history_once_and_disturb_nobody() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let watch = async || {
        let outcome = motcua::dossier::clock::watch(world.app.portal.clone()).await;
        assert!(matches!(outcome, motcua::platform::jobs::Outcome::Again(_)));
    };
    watch().await;
    assert_eq!(world.count("select count(*) from dossier_event where action = 'intake_overdue'").await, 0);
    world.clock("2026-11-27T16:00");
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let page = desk.get(&format!("/mot-cua/ho-so/{code}")).await;
    watch().await;
    watch().await;
    assert_eq!(world.count("select count(*) from dossier_event where action = 'intake_overdue'").await, 1);
    // the clerk's open page still counts
    let version = page.attr("input[name=version]", "value").unwrap();
    assert_eq!(desk.post(&format!("/mot-cua/ho-so/{code}/tiep-nhan"), &[("version", version.as_str())]).await.status, 303);
    world.clock("2026-12-24T09:00");
    watch().await;
    watch().await;
    assert_eq!(world.count("select count(*) from dossier_event where action = 'pass_due'").await, 1);
}

#[tokio::test]
async fn a_copy_without_a_signature_is_collected_at_the_counter_and_the_history_says_by_whom() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[]).await.status, 303);
    let mut officer = world.staff("thoxuong.ho-tich").await;
    let none = act(&mut officer, &code, "trinh-ky", &[]).await;
    assert_ne!(none.status, 303);
    assert_eq!(act_with_file(&mut officer, &code, "trinh-ky", &[("ket-qua", "grant"), ("tom-tat", "Đủ điều kiện.")], "du-thao.pdf").await.status, 303);
    let mut leader = world.staff("thoxuong.lanh-dao").await;
    assert_eq!(act(&mut leader, &code, "ky", &[]).await.status, 303);
    let mut records = world.staff("thoxuong.van-thu").await;
    assert_eq!(act_with_file(&mut records, &code, "phat-hanh", &[("so", "7"), ("ky-hieu", "GKS")], "giay-khai-sinh.pdf").await.status, 303);
    assert_eq!(world.one("select state from dossier").await, "result_ready");
    assert!(lan.get(&format!("/ho-so/{code}")).await.text().contains("bản chụp"));
    let nobody = act(&mut desk, &code, "tra-quay", &[("nguoi-nhan", " ")]).await;
    assert_eq!(nobody.status, 422);
    assert_eq!(act(&mut desk, &code, "tra-quay", &[("nguoi-nhan", "Nguyễn Văn Mẫu, giấy ủy quyền số 5")]).await.status, 303);
    assert_eq!(world.one("select state from dossier").await, "returned");
    assert!(desk.get(&format!("/mot-cua/ho-so/{code}")).await.text().contains("giấy ủy quyền số 5"));
}

/// R3 (b): the clerk's page is older than the citizen's supplement.
#[tokio::test]
async fn an_old_page_of_the_desk_decides_nothing_on_papers_it_never_showed() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let page = desk.get(&format!("/mot-cua/ho-so/{code}")).await;
    let item = page.attr(".tick input[type=radio]", "name").unwrap();
    let note = format!("n:{}", item.trim_start_matches("c:"));
    assert_eq!(act(&mut desk, &code, "bo-sung", &[(&item, "sua"), (&note, "Ảnh mờ.")]).await.status, 303);
    let old = desk.get(&format!("/mot-cua/ho-so/{code}")).await.attr("input[name=version]", "value").unwrap();
    world.clock("2026-11-25T09:50");
    let path = format!("/ho-so/{code}/bo-sung");
    lan.get(&path).await;
    let sent = lan.upload(&format!("{path}/gui"), &[("slot", item.trim_start_matches("c:p:"))], &[("chung-sinh-moi.pdf", &motcua::demo::world::pdf("moi"))]).await;
    assert_eq!(sent.status, 303);
    lan.get(&path).await;
    assert_eq!(lan.post(&path, &[]).await.status, 303);
    let reason = "Không thuộc thẩm quyền: Luật Hộ tịch, Điều 13";
    for (action, field) in [("tu-choi", "ly-do"), ("tiep-nhan", "ly-do-phi")] {
        let done = desk.post(&format!("/mot-cua/ho-so/{code}/{action}"), &[("version", &old), (field, reason)]).await;
        assert_eq!(done.status, 409);
        assert!(done.text().contains("Nguyễn Thị Lan") && done.text().contains(reason) && done.text().contains("chung-sinh-moi.pdf"), "{}", done.text());
    }
    assert_eq!(world.one("select state from dossier").await, "submitted");
}

/// R8: the list of one's own dossiers, and a clerk's list with a filter, to the end.
#[tokio::test]
async fn lists_of_one_moment_are_walked_to_the_end_with_every_row_once() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    file_birth(&mut lan).await;
    sqlx::raw_sql(MANY).execute(&mut world.conn().await).await.unwrap();
    let mut desk = world.staff("thoxuong.mot-cua").await;
    for (v, first, rows) in [(&mut lan, "/ho-so", "main a[href*=\"/ho-so/H02\"]"), (&mut desk, "/mot-cua?muc=cho-tiep-nhan&thu-tuc=1.001193", "a.code")] {
        let mut next = Some(first.to_owned());
        let mut codes = Vec::new();
        while let Some(path) = next {
            let page = v.get(&path).await;
            codes.extend(page.attrs(rows, "href"));
            next = page.attr("a[rel=next]", "href");
        }
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 137, "{first}");
    }
}

/// 136 more dossiers like the first, all of one moment.
const MANY: &str = "insert into dossier (id, code, lookup_key, party_id, filer_account, filer_name, filer_number, filer_phone, owner_name, owner_search, procedure_version, procedure_code, answers,
                              place, channel, result_channel, reception_unit, competent_unit, appraising_office, handler_unit, open_to, state, submitted_at, intake_due_at, act_by, calendar_version)
         select gen_random_uuid(), 'H02.31.01-261124-' || lpad(n::text, 4, '0'), 'x', party_id, filer_account, filer_name, filer_number, filer_phone, owner_name, owner_search, procedure_version, procedure_code, answers,
                place, channel, result_channel, reception_unit, competent_unit, appraising_office, handler_unit, open_to, state, submitted_at, intake_due_at, intake_due_at, calendar_version
         from (select * from dossier order by submitted_at, id limit 1) d, generate_series(1, 136) n";

#[tokio::test]
async fn two_clerks_who_tick_different_papers_lose_nothing_of_each_other() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut one = world.staff("thoxuong.mot-cua").await;
    let mut two = one.clone();
    let path = format!("/mot-cua/ho-so/{code}");
    let save = format!("{path}/danh-dau");
    let (first, second) = ("q:child_birth_place", "q:child_name");
    // both begin from a page on which the first paper was fine
    let page = one.get(&path).await;
    let old = two.get(&path).await;
    let note = |item: &str| (format!("c:{item}"), format!("n:{item}"));
    let (c1, n1) = note(first);
    let (c2, n2) = note(second);
    assert_eq!(one.fill(&page, "#ticks", &save, &[(&c1, "sua"), (&n1, "Ghi rõ xã.")]).await.status, 303);
    assert_eq!(two.fill(&old, "#ticks", &save, &[(&c2, "sua"), (&n2, "Viết hoa.")]).await.status, 303);
    let page = one.get(&path).await;
    assert_eq!(page.all("textarea").iter().filter(|t| ["Ghi rõ xã.", "Viết hoa."].contains(&t.as_str())).count(), 2);
    // an old page that shows the first one's mark as it was writes nothing over it
    let stale = two.get(&path).await;
    assert_eq!(one.fill(&page, "#ticks", &save, &[(&c1, "sua"), (&n1, "Ghi rõ xã, huyện.")]).await.status, 303);
    assert_eq!(two.fill(&stale, "#ticks", &save, &[]).await.status, 303);
    assert_eq!(world.one("select note from component_check where item = 'q:child_birth_place'").await, "Ghi rõ xã, huyện.");
    // and marks that stand are not passed over by one press
    let page = one.get(&path).await;
    let done = one.fill(&page, "#ticks", &format!("{path}/tiep-nhan"), &[]).await;
    assert_eq!(done.status, 422);
    assert!(done.attr("#van-nhan", "name").is_some());
    assert_eq!(one.fill(&done, "#ticks", &format!("{path}/tiep-nhan"), &[("van-nhan", "1")]).await.status, 303);
}

/// A mark that is taken away is gone; words written beside "fine" say what is not.
#[tokio::test]
async fn a_mark_is_taken_away_and_words_beside_fine_are_not_lost() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let page = format!("/mot-cua/ho-so/{code}");
    let (mark, note, was) = ("c:q:child_birth_place", "n:q:child_birth_place", "w:q:child_birth_place");
    act(&mut desk, &code, "danh-dau", &[(mark, "sua"), (note, "Ghi rõ xã.")]).await;
    let shown = desk.get(&page).await;
    let before = shown.attr(&format!("input[name='{was}']"), "value").unwrap();
    assert!(before.contains("Ghi rõ xã."), "{before}");
    act(&mut desk, &code, "danh-dau", &[(was, &before), (note, "")]).await;
    assert_eq!(world.count("select count(*) from component_check").await, 0);
    let item = desk.get(&page).await.attrs("#ticks input[type=radio]", "name").first().cloned().unwrap();
    let words = item.replacen("c:", "n:", 1);
    act(&mut desk, &code, "danh-dau", &[(&item, "dat")]).await;
    let was = item.replacen("c:", "w:", 1);
    let before = desk.get(&page).await.attr(&format!("input[name='{was}']"), "value").unwrap();
    act(&mut desk, &code, "danh-dau", &[(&was, &before), (&item, "dat"), (&words, "Ảnh mờ, chụp lại.")]).await;
    assert_eq!(world.one("select note from component_check where not fine").await, "Ảnh mờ, chụp lại.");
}

/// Thirty days end on a day on which the office is open (Civil Code, Article 148.5).
#[tokio::test]
async fn the_last_day_for_an_answer_is_a_working_day() {
    let world = World::new().await;
    world.clock("2026-11-20T09:00");
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    act(&mut desk, &code, "bo-sung", &[("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi rõ xã.")]).await;
    // 20 December 2026 is a Sunday
    assert_eq!(world.one("select (due_at at time zone 'Asia/Ho_Chi_Minh')::date::text from supplement").await, "2026-12-21");
}
