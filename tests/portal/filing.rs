//! A citizen files: nothing typed is lost, the same button twice makes one dossier, the result comes.

use crate::steps::{BIRTH, act, begin_birth, decide, file_birth, fill_form, send_papers};
use crate::world::World;
use motcua::demo::world::pdf;

#[tokio::test]
async fn a_birth_is_filed_received_decided_and_its_result_downloaded() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    assert!(code.starts_with("H02.31.01-261125-0001"), "{code}");
    let page = lan.get(&format!("/ho-so/{code}/da-nop")).await;
    assert!(page.all(".codes dd")[1].len() == 8);
    decide(&world, &code).await;
    let page = lan.get(&format!("/ho-so/{code}")).await;
    assert_eq!(page.all("p > .tag").first().map(String::as_str), Some("Đã trả kết quả"));
    let result = lan.get(&format!("/ho-so/{code}/ket-qua")).await;
    assert_eq!(result.status, 200);
    assert!(result.body.starts_with(b"%PDF-"));
    let slip = lan.get(&format!("/ho-so/{code}/giay-hen")).await;
    assert!(slip.text().contains("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ") && slip.text().contains("17 giờ 00 phút, ngày 25 tháng 11 năm 2026"));
    world.settle().await;
}

#[tokio::test]
async fn pressing_file_again_from_anywhere_makes_one_dossier() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = crate::steps::ready_birth(&mut lan).await;
    let check = lan.get(&format!("{draft}/kiem-tra")).await;
    let sum = check.attr("input[name=sum]", "value").unwrap();
    let presses = (0..5).map(|_| {
        let (mut v, draft, sum) = (lan.clone(), draft.clone(), sum.clone());
        tokio::spawn(async move { v.post(&format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await.location() })
    });
    let mut places = Vec::new();
    for p in presses {
        places.push(p.await.unwrap());
    }
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!(world.count("select count(*) from dossier").await, 1);
    // back, and again
    let back = lan.get(&format!("{draft}/kiem-tra")).await;
    assert_eq!(back.location(), places[0]);
}

#[tokio::test]
async fn an_empty_form_shows_every_fault_at_once_and_keeps_what_was_typed() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let path = format!("{draft}/noi-dung");
    let page = lan.get(&path).await;
    let shown = lan.fill(&page, "#e-form", &path, &[("child_name", "Trần Minh Khôi"), ("child_birth_date", "31/02/2026"), ("mother_id", "09919000002")]).await;
    assert_eq!(shown.status, 422);
    assert!(shown.all(".summary li").len() > 5);
    assert!(shown.all("title")[0].starts_with("Lỗi: "));
    assert_eq!(shown.attr("#child_birth_date", "value").as_deref(), Some("31/02/2026"));
    assert!(shown.text().contains("Thiếu 1 chữ số. Cần 12, bạn đã nhập 11."));
    let again = lan.get(&path).await;
    assert_eq!(again.attr("#child_name", "value").as_deref(), Some("Trần Minh Khôi"));
}

#[tokio::test]
async fn what_was_posted_after_the_session_ended_comes_back_after_signing_in() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let path = format!("{draft}/noi-dung");
    let page = lan.get(&path).await;
    let mut gone = lan.clone();
    gone.forget_cookie("motcua_s");
    let shown = gone.fill(&page, "#e-form", &path, &[("child_name", "Trần Minh Khôi")]).await;
    assert_eq!(shown.status, 303);
    assert!(shown.location().starts_with("/dang-nhap?tiep="), "{}", shown.location());
    let sign_in = gone.get(&shown.location()).await;
    let next = sign_in.attr("input[name=next]", "value").unwrap();
    let back = gone.post("/dang-nhap", &[("number", "099190000025"), ("password", motcua::demo::people::PASSWORD), ("next", &next)]).await;
    assert_eq!(back.status, 303);
    let page = gone.get(&back.location()).await;
    assert_eq!(page.attr("#child_name", "value").as_deref(), Some("Trần Minh Khôi"));
    // another person with the same link gets nothing
    let mut binh = world.binh().await;
    assert_eq!(binh.get(&next).await.status, 404);
}

#[tokio::test]
async fn two_pages_that_typed_different_answers_are_both_shown() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let path = format!("{draft}/noi-dung");
    let old = lan.get(&path).await;
    let new = lan.get(&path).await;
    lan.fill(&new, "#e-form", &path, &[("child_name", "Trần Minh Khôi")]).await;
    let shown = lan.fill(&old, "#e-form", &path, &[("child_name", "Trần Minh Khoa")]).await;
    assert_eq!(shown.status, 303);
    let page = lan.get(&path).await;
    assert!(page.text().contains("Trần Minh Khoa") && page.text().contains("Trần Minh Khôi"));
    let chosen = lan.fill(&page, "#e-form", &path, &[("_choose", "mine:child_name")]).await;
    assert_eq!(chosen.status, 303);
    let page = lan.get(&path).await;
    assert_eq!(page.attr("#child_name", "value").as_deref(), Some("Trần Minh Khoa"));
}

#[tokio::test]
async fn files_are_told_apart_and_one_that_fails_loses_nothing_else() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    fill_form(&mut lan, &draft, BIRTH).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    let read = |p: &str| std::fs::read(format!("tests/data/reports/{p}")).unwrap();
    let (front, back) = (read("r04/truoc/image.jpg"), read("r04/sau/image.jpg"));
    let (empty, cut, locked) = (read("r14/rong.pdf"), read("r14/dut-giua.jpg"), read("r12/mo-phai-co-mat-khau.pdf"));
    let send = format!("{draft}/giay-to/gui");
    let shown = lan
        .upload(
            &send,
            &[("slot", &slot)],
            &[("image.jpg", &front), ("image.jpg", &back), ("rong.pdf", &empty), ("dut-giua.jpg", &cut), ("khoa.pdf", &locked), ("phim.html", b"<html><script>"), ("", b"")],
        )
        .await;
    assert_eq!(shown.status, 422);
    let faults = shown.all(".summary li").join("\n");
    for words in ["rong.pdf : Tệp rỗng", "dut-giua.jpg : Tệp bị đứt", "khoa.pdf : PDF bị khóa", "phim.html : Loại tệp này không lưu được"] {
        assert!(faults.contains(words), "{words} in {faults}");
    }
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let links: Vec<String> = scraper::Html::parse_document(&page.text()).select(&scraper::Selector::parse(".file a").unwrap()).map(|a| a.value().attr("href").unwrap().to_owned()).collect();
    assert_eq!(links.len(), 2);
    let (a, b) = (lan.get(&links[0]).await.body, lan.get(&links[1]).await.body);
    assert_ne!(a, b);
    // removing one leaves the other
    let id = links[0].rsplit('/').next().unwrap();
    lan.get(&format!("{draft}/giay-to")).await;
    lan.post(&format!("{draft}/giay-to/xoa"), &[("giay", id)]).await;
    assert_eq!(lan.get(&links[0]).await.status, 404);
    assert_eq!(lan.get(&links[1]).await.body, b);
}

#[tokio::test]
async fn a_supplement_is_asked_once_answered_and_received() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let page = desk.get(&format!("/mot-cua/ho-so/{code}")).await;
    let item = page.attr(".tick input[type=radio]", "name").unwrap();
    let note = format!("n:{}", item.trim_start_matches("c:"));
    let asked = act(&mut desk, &code, "bo-sung", &[(&item, "sua"), (&note, "Ảnh mờ, đề nghị chụp lại."), ("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi cả xã, huyện.")]).await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    let page = lan.get(&format!("/ho-so/{code}")).await;
    assert_eq!(page.all(".act--yours li").len(), 2);
    let path = format!("/ho-so/{code}/bo-sung");
    world.clock("2026-11-25T09:50");
    let page = lan.get(&path).await;
    // nothing answered yet: said, nothing lost
    let early = lan.fill(&page, "form:last-of-type", &path, &[("child_birth_place", "")]).await;
    assert_eq!(early.status, 422);
    let component = item.trim_start_matches("c:p:");
    let sent = lan.upload(&format!("{path}/gui"), &[("slot", component)], &[("lai.pdf", &pdf("chup lai"))]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    lan.get(&path).await;
    let done = lan.post(&path, &[("_q", "child_birth_place"), ("child_birth_place", "Phường Thọ Xương, thành phố Bắc Giang")]).await;
    assert_eq!(done.status, 303, "{:?}", done.all(".summary li"));
    assert_eq!(lan.get(&format!("/ho-so/{code}")).await.all("p > .tag")[0], "Đã nộp, chờ tiếp nhận");
    // once only
    let again = act(&mut desk, &code, "bo-sung", &[(&item, "sua"), (&note, "Lại mờ.")]).await;
    assert_eq!(again.status, 422);
    let received = act(&mut desk, &code, "tiep-nhan", &[("ly-do-phi", "thu sau")]).await;
    assert_eq!(received.status, 303, "{}", received.text());
}

#[tokio::test]
async fn a_child_born_long_ago_is_not_registered_as_born_in_time_nor_a_newborn_as_late() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let with = |day: &'static str| -> Vec<(&str, &str)> { BIRTH.iter().copied().filter(|a| a.0 != "child_birth_date").chain([("child_birth_date", day)]).collect() };
    // born 26/09, sixty days ago to the day: in time; a day earlier: late
    assert_eq!(fill_form(&mut lan, &draft, &with("26/09/2026")).await.status, 303);
    let late = fill_form(&mut lan, &draft, &with("25/09/2026")).await;
    assert!(late.all(".summary li").join("").contains("quá 60 ngày"), "{:?}", late.all(".summary li"));
    let check = lan.get(&format!("{draft}/kiem-tra")).await;
    let sum = check.attr("input[name=sum]", "value").unwrap();
    assert_eq!(lan.post(&format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await.status, 422);
    // the other way round nobody pays for being late who is not
    lan.get("/nop/1.001193").await;
    let begun = lan.post("/nop/1.001193", &[("commune", crate::steps::WARD), ("case", "qua-han"), ("for_whom", "child"), ("channel", "electronic"), ("exemption", "khong")]).await;
    let draft = begun.location().trim_end_matches("/noi-dung").to_owned();
    let mut answers = with("20/11/2026");
    answers.push(("late_reason", "Nhà ở xa."));
    let young = fill_form(&mut lan, &draft, &answers).await;
    assert!(young.all(".summary li").join("").contains("chưa quá 60 ngày"), "{:?}", young.all(".summary li"));
}

#[tokio::test]
async fn a_parent_younger_than_the_child_is_pointed_out() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let answers: Vec<(&str, &str)> = BIRTH.iter().copied().filter(|a| a.0 != "father_known").chain([("father_known", "co"), ("father_name", "Trần Văn Tư"), ("father_birth_date", "2019")]).collect();
    let shown = fill_form(&mut lan, &draft, &answers).await;
    assert!(shown.all(".summary li").join("").contains("Cha phải sinh trước con"), "{:?}", shown.all(".summary li"));
}

#[tokio::test]
async fn the_declaration_is_the_forms_own_read_before_it_is_given() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = crate::steps::ready_birth(&mut lan).await;
    let check = lan.get(&format!("{draft}/kiem-tra")).await;
    assert!(check.text().contains("Tôi cam đoan nội dung khai trên đây là đúng sự thật"), "the form's words");
    assert!(check.attr("input[name=cam-doan]", "checked").is_none());
    let sum = check.attr("input[name=sum]", "value").unwrap();
    for given in [&[][..], &[("cam-doan", "1")]] {
        let mut fields = vec![("sum", sum.as_str())];
        fields.extend(given);
        let refused = lan.post(&format!("{draft}/nop"), &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("Đánh dấu vào lời cam đoan"));
    }
    assert_eq!(world.count("select count(*) from dossier").await, 0);
}

#[tokio::test]
async fn a_stale_sum_is_refused_with_the_new_one() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let answers: Vec<(&str, &str)> = BIRTH.iter().copied().filter(|a| a.0 != "want_copies").chain([("want_copies", "co"), ("copies", "3")]).collect();
    let shown = fill_form(&mut lan, &draft, &answers).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    send_papers(&mut lan, &draft).await;
    let check = lan.get(&format!("{draft}/kiem-tra")).await;
    assert_eq!(check.attr("input[name=sum]", "value").as_deref(), Some("24000"));
    let refused = lan.post(&format!("{draft}/nop"), &[("sum", "0"), ("cam-doan", "declared")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("Số tiền đã thay đổi"));
    assert_eq!(refused.attr("input[name=sum]", "value").as_deref(), Some("24000"));
}

#[tokio::test]
async fn a_citizen_withdraws_while_a_clerk_receives_and_exactly_one_succeeds() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let desk = world.staff("thoxuong.mot-cua").await;
    for _ in 0..6 {
        let code = file_birth(&mut lan).await;
        lan.get(&format!("/ho-so/{code}/rut")).await;
        let (mut a, mut b) = (lan.clone(), desk.clone());
        let (c1, c2) = (code.clone(), code.clone());
        let withdraw = tokio::spawn(async move { a.post(&format!("/ho-so/{c1}/rut"), &[("ly-do", "")]).await.status });
        let receive = tokio::spawn(async move { act(&mut b, &c2, "tiep-nhan", &[("ly-do-phi", "thu sau")]).await.status });
        let (w, r) = (withdraw.await.unwrap(), receive.await.unwrap());
        assert_eq!([w, r].iter().filter(|s| **s == 303).count(), 1, "withdraw {w}, receive {r}");
    }
    assert_eq!(world.count("select count(*) from dossier d where d.state = 'cancelled' and d.accepted_at is not null").await, 0);
}

#[tokio::test]
async fn asvs_8_2_3_looking_up_needs_code_and_key_and_tells_no_names() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let key = world.one("select lookup_key from dossier").await;
    let mut v = world.nobody();
    v.get("/tra-cuu").await;
    let shown = v.post("/tra-cuu", &[("ma", &format!(" {} ", code.to_lowercase())), ("khoa", &key.to_lowercase())]).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    assert!(!shown.text().contains("Lan") && !shown.text().contains("Khôi") && !shown.text().contains("0900000001"));
    let wrong = v.post("/tra-cuu", &[("ma", &code), ("khoa", "22222222")]).await;
    assert_eq!(wrong.status, 422);
}

#[tokio::test]
async fn a_procedure_that_cannot_be_filed_online_says_why_and_where_to_go() {
    let world = World::new().await;
    let mut v = world.lan().await;
    let page = v.get("/thu-tuc?muc=none").await;
    let first = page.attr(".list__name", "href").unwrap();
    let code = first.rsplit('/').next().unwrap().to_owned();
    assert!(v.get(&first).await.text().contains("chưa nộp qua mạng được"));
    let shown = v.get(&format!("/nop/{code}")).await;
    assert_eq!(shown.status, 422);
}

/// Help for each step leads back to it, and what was typed on the form is saved on the way there.
#[tokio::test]
async fn the_help_of_each_step_leads_back_to_it_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    lan.get("/nop/1.001193").await;
    assert_eq!(lan.get("/nop/1.001193").await.attr(".steps__help a", "target").as_deref(), Some("_blank"), "nothing is stored yet: beside it");
    let draft = begin_birth(&mut lan).await;
    let form = format!("{draft}/noi-dung");
    let page = lan.get(&form).await;
    let go = lan.fill(&page, "#e-form", &form, &[("child_name", "Trần Minh Khôi"), ("_help", "1")]).await;
    assert_eq!(go.status, 303);
    let help = lan.get(&go.location()).await;
    assert!(help.h1().contains("Điền tờ khai") && help.attr("img.drawing", "alt").is_some());
    let picture = help.attr("img.drawing", "src").unwrap();
    assert_eq!(lan.get(&picture).await.headers["content-type"], "image/svg+xml");
    let back = help.attr(".crumbs a", "href").unwrap();
    assert_eq!(lan.get(&back).await.attr("#child_name", "value").as_deref(), Some("Trần Minh Khôi"));
    for step in ["giay-to", "kiem-tra"] {
        let own = format!("{draft}/{step}");
        let help = lan.get(&own).await.attr(".steps__help a", "href").unwrap();
        assert_eq!(lan.get(&help).await.attr(".crumbs a", "href"), Some(own));
    }
    // and to nowhere else
    let shown = lan.get("/tro-giup/nop-phi?ve=%2F%2Fke-khac.example").await;
    assert!(shown.all(".crumbs").is_empty());
}

/// Nothing of the first step is stored yet: what is ticked goes along with the button that changes the language.
#[tokio::test]
async fn changing_the_language_in_the_first_step_loses_no_tick() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    lan.get("/nop/1.001193").await;
    let ticked = [("_other", "1"), ("commune", crate::steps::WARD), ("case", "thuong"), ("channel", "post"), ("post_to", "Số 1, tổ dân phố 1")];
    let new = lan.post("/nop/1.001193", &ticked).await;
    let draft = begin_birth(&mut lan).await;
    for shown in [new, lan.post(&format!("{draft}/noi-nop"), &ticked).await] {
        assert_eq!(shown.status, 200);
        assert_eq!(shown.attr("html", "lang").as_deref(), Some("en"));
        assert!(shown.all(".summary").is_empty(), "nobody has said yet that this is all");
        assert_eq!(shown.attr("#commune option[selected]", "value").as_deref(), Some(crate::steps::WARD));
        assert_eq!(shown.attr("input[name=case][checked]", "value").as_deref(), Some("thuong"));
        assert_eq!(shown.attr("input[name=channel][checked]", "value").as_deref(), Some("post"));
        assert_eq!(shown.attr("#post_to", "value").as_deref(), Some("Số 1, tổ dân phố 1"));
    }
    assert_eq!(world.count("select count(*) from draft").await, 1, "the switch began none");
}

/// What the State holds is stated by its number: the day as people write it, and a slip keeps every word on the page.
#[tokio::test]
async fn a_paper_is_stated_instead_of_sent_and_a_slip_loses_no_word() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    fill_form(&mut lan, &draft, BIRTH).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr(".declare input[name=slot]", "value").unwrap();
    let state = format!("{draft}/giay-to/khai");
    let slip = lan.post(&state, &[("slot", &slot), ("so", "57/2024"), ("noi-cap", "UBND phường Thọ Xương"), ("ngay-cap", "31/02/2024")]).await;
    assert_eq!(slip.status, 422);
    let kept = ["so", "noi-cap", "ngay-cap"].map(|n| slip.attr(&format!(".declare[open] input[name={n}]"), "value").unwrap());
    assert_eq!(kept, ["57/2024", "UBND phường Thọ Xương", "31/02/2024"]);
    assert!(slip.text().contains("Không có ngày cấp này"));
    assert_eq!(lan.post(&state, &[("slot", &slot), ("so", "57/2024"), ("noi-cap", "UBND phường Thọ Xương"), ("ngay-cap", "16/11/2024")]).await.status, 303);
    assert!(lan.get(&format!("{draft}/giay-to")).await.text().contains("57/2024, UBND phường Thọ Xương, 16/11/2024"));
    // without a day there is no comma for one
    assert_eq!(lan.post(&state, &[("slot", &slot), ("so", "58"), ("noi-cap", "UBND")]).await.status, 303);
    assert!(lan.get(&format!("{draft}/giay-to")).await.all(".file b").contains(&"58, UBND".to_owned()));
}

#[tokio::test]
async fn a_language_changed_while_registering_or_looking_up_loses_nothing() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let key = world.one("select lookup_key from dossier").await;
    let mut v = world.nobody();
    let page = v.get("/dang-ky").await;
    let other = v.fill(&page, "#dang-ky", "/dang-ky", &[("full_name", "Trần Văn Bình"), ("number", "099085000017"), ("_other", "1")]).await;
    assert!(other.status == 200 && other.text().contains("Date of birth"), "{}", other.text());
    assert_eq!(other.attr("#full_name", "value").as_deref(), Some("Trần Văn Bình"));
    assert!(other.all(".summary li").is_empty(), "nothing was sent yet, so nothing is wrong");
    v.get("/tra-cuu").await;
    let spoken = code.replace('-', " ");
    let found = v.post("/tra-cuu", &[("ma", &spoken), ("khoa", &key)]).await;
    assert!(found.text().contains(&code), "{}", found.text());
    let again = v.fill(&found, "#tra-cuu", "/tra-cuu", &[("_other", "1")]).await;
    assert!(again.status == 200 && again.text().contains(&code) && again.text().contains("Look up another"), "{}", again.text());
}

/// Nobody files one child twice by accident; who means it goes on.
#[tokio::test]
async fn the_same_child_filed_again_is_pointed_out_before_filing() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let draft = crate::steps::ready_birth(&mut lan).await;
    let check = lan.get(&format!("{draft}/kiem-tra")).await;
    assert!(check.text().contains("đang được giải quyết") && check.text().contains(&code), "{}", check.text());
    assert_ne!(crate::steps::submit(&mut lan, &draft).await, code);
}

#[tokio::test]
async fn a_time_is_read_as_people_write_it_and_a_missing_number_needs_its_reason() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let path = format!("{draft}/noi-dung");
    let page = lan.get(&path).await;
    let shown = lan.fill(&page, "#e-form", &path, &[("child_birth_time", "7h45"), ("mother_id.paper", "none"), ("mother_id.reason", "hic")]).await;
    assert_eq!(shown.attr("#child_birth_time", "value").as_deref(), Some("07:45"));
    assert!(shown.text().contains("Ghi rõ hơn vì sao không có số"), "{}", shown.text());
    let page = lan.get(&path).await;
    let shown = lan.fill(&page, "#e-form", &path, &[("child_birth_time", "sáng sớm")]).await;
    assert!(shown.text().contains("Không có giờ này. Ghi giờ:phút, ví dụ 07:45."), "{}", shown.text());
}

#[tokio::test]
async fn whoever_registers_twice_is_shown_the_ways_in_and_whoever_leaves_is_told() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let taken = world.nobody().register("Nguyễn Thị Lan", "099190000025", "1990").await;
    assert!(taken.attrs("main .note a", "href").iter().any(|h| h.starts_with("/dang-nhap")));
    assert!(taken.attrs("main .note a", "href").contains(&"/quen-mat-khau".to_owned()));
    lan.get("/ho-so").await;
    let out = lan.post("/thoat", &[]).await;
    assert!(lan.get(&out.location()).await.text().contains("Bạn đã thoát"));
}
