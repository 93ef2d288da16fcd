//! What no request may do: without a token, as somebody else, with hostile text; and what every answer carries.

use crate::steps::{begin_birth, file_birth};
use crate::world::World;

#[tokio::test]
async fn a_post_without_its_token_or_from_another_site_does_nothing_and_keeps_what_was_typed() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let none = lan.post_raw("/tai-khoan", &[("phone", "0900000009")], &[]).await;
    assert_eq!(none.status, 403);
    // a page of before, of the same person: what was typed comes back with one press
    lan.get("/tai-khoan").await;
    let old = lan.token.clone();
    lan.post("/thoat", &[]).await;
    lan.sign_in("/dang-nhap", "099190000025").await;
    let stale = lan.post_raw("/tai-khoan", &[("_token", &old), ("phone", "0900000009")], &[]).await;
    assert_eq!(stale.status, 403);
    assert!(stale.text().contains("0900000009") && stale.text().contains("Gửi lại"));
    lan.get("/tai-khoan").await;
    let token = lan.get("/tai-khoan").await.attr("input[name=_token]", "value").unwrap();
    let other = lan.post_raw("/tai-khoan", &[("_token", &token), ("phone", "0900000009")], &[("origin", "https://x.example"), ("sec-fetch-site", "cross-site")]).await;
    assert_eq!(other.status, 403);
    assert_eq!(world.one("select phone from account").await, "0900000001");
    assert_eq!(lan.get("/thoat").await.status, 405);
}

#[tokio::test]
async fn asvs_8_2_2_another_citizen_or_unit_finds_nothing_under_any_address_of_a_dossier() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let code = file_birth(&mut lan).await;
    let paper = world.one("select id::text from paper limit 1").await;
    let mut binh = world.binh().await;
    let own = ["", "/da-nop", "/bo-sung", "/rut", "/ket-qua", "/vi-sao-ngay-nay", "/giay-hen", "/phieu-kiem-soat"];
    let mut paths: Vec<String> = own.iter().map(|p| format!("/ho-so/{code}{p}")).collect();
    paths.extend(["/noi-nop", "/noi-dung", "/giay-to", "/kiem-tra"].iter().map(|p| format!("{draft}{p}")));
    paths.push(format!("/giay-to/{paper}"));
    for path in &paths {
        assert_eq!(binh.get(path).await.status, 404, "{path} as another citizen");
        assert_eq!(world.nobody().get(path).await.status, 303, "{path} as nobody");
    }
    binh.get("/ho-so").await;
    for (path, fields) in [
        (format!("/ho-so/{code}/rut"), vec![]),
        (format!("{draft}/nop"), vec![("cam-doan", "declared"), ("sum", "0")]),
        (format!("{draft}/bo"), vec![]),
        (format!("{draft}/giay-to/xoa"), vec![("giay", paper.as_str())]),
    ] {
        assert_eq!(binh.post(&path, &fields).await.status, 404, "{path}");
    }
    let mut stranger = world.staff("stp.thu-ly").await;
    for path in [format!("/mot-cua/ho-so/{code}"), format!("/mot-cua/ho-so/{code}/van-ban/ket-qua"), format!("/giay-to/{paper}"), format!("/ho-so/{code}/giay-hen")] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path} as another unit");
    }
    let mut admin = world.staff("quan-tri").await;
    assert_eq!(admin.get(&format!("/mot-cua/ho-so/{code}")).await.status, 404, "an administrator reads no dossier");
    assert_eq!(lan.get("/quan-tri/can-bo").await.status, 404);
    assert_eq!(stranger.get("/quan-tri/can-bo").await.status, 404);
    assert_eq!(stranger.get("/mot-cua/tien-cho-xu-ly").await.status, 404);
}

/// ASVS 1.2.1, 1.2.4, 1.3.3, 2.2.1: every form and every field, met on a walk through the whole portal.
#[tokio::test]
async fn asvs_1_2_1_no_field_of_any_form_breaks_by_what_is_typed_into_it() {
    crate::samples::odd_walk().await;
}

#[tokio::test]
async fn what_is_searched_for_is_shown_as_it_was_typed() {
    let world = World::new().await;
    for q in crate::world::visitor::ODD {
        for path in ["/thu-tuc", "/en/thu-tuc", "/thu-tuc/goi-y"] {
            let path = format!("{path}?q={}", motcua::web::urls::escape(q));
            let shown = world.nobody().get(&path).await;
            assert_eq!(shown.status, 200);
            crate::world::visitor::harmless(&shown, &path, &[]);
        }
    }
}

#[tokio::test]
async fn asvs_13_2_2_the_portals_role_cannot_change_what_happened() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    file_birth(&mut lan).await;
    let mut conn = world.app.portal.db.read().await.unwrap();
    for sql in [
        "update dossier_event set note = 'x'",
        "delete from dossier_event",
        "delete from ledger_posting",
        "update ledger_entry set unit = 'x'",
        "drop table dossier",
        "delete from dossier",
        "truncate job",
    ] {
        assert!(sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *conn).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn pages_speak_both_languages() {
    let world = World::new().await;
    for path in ["", "/thu-tuc", "/thu-tuc/2.000488", "/dang-ky", "/tra-cuu", "/thong-ke", "/tro-giup"] {
        let en = world.nobody().get(&format!("/en{path}")).await;
        assert_eq!((en.status, en.attr("html", "lang").as_deref()), (200, Some("en")), "{path}");
        assert_eq!(en.all("h1").len(), 1, "{path}");
    }
    // the answer to a post leads to the same page in the other language, which takes no GET at its own address
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let token = page.attr("input[name=_token]", "value").unwrap();
    let refused = lan.post_raw(&format!("{draft}/nop"), &[("_token", &token), ("sum", "0")], &[("referer", &format!("http://127.0.0.1:8080{draft}/kiem-tra"))]).await;
    let link = refused.attr(".head__side a[hreflang=en]", "href").unwrap();
    assert_eq!((refused.status, link.as_str(), lan.get(&link).await.status), (422, &*format!("/en{draft}/kiem-tra"), 200));
}

#[tokio::test]
async fn a_dossier_open_to_several_units_is_acted_on_by_the_unit_whose_step_it_is() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    let code = crate::steps::file_record(&mut binh).await;
    // the city's centre receives it; a ward's staff don't even see it
    let mut ward = world.staff("thoxuong.mot-cua").await;
    assert_eq!(ward.get(&format!("/mot-cua/ho-so/{code}")).await.status, 404);
    assert_eq!(ward.post(&format!("/mot-cua/ho-so/{code}/tiep-nhan"), &[("version", "1"), ("ly-do-phi", "x")]).await.status, 404);
    // the department's leader sees it, and still can't do the desk's acts
    let mut lan = world.lan().await;
    let birth = file_birth(&mut lan).await;
    let mut leader = world.staff("thoxuong.lanh-dao").await;
    for (action, fields) in [("tiep-nhan", vec![]), ("bo-sung", vec![]), ("tu-choi", vec![("ly-do", "x")]), ("danh-dau", vec![("c:p:giay-chung-sinh", "sua"), ("n:p:giay-chung-sinh", "x")])] {
        let done = crate::steps::act(&mut leader, &birth, action, &fields).await;
        assert!([403, 404, 409, 422].contains(&done.status), "{action}: {}", done.status);
    }
    assert_eq!(world.count("select count(*) from dossier where state = 'submitted'").await, 2);
    assert_eq!(world.count("select count(*) from component_check").await, 0);
}

#[tokio::test]
async fn ticks_are_kept_for_what_the_dossier_has_and_a_note_too_long_is_refused_with_its_words() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let done = crate::steps::act(&mut desk, &code, "danh-dau", &[("c:q:khong-co", "sua"), ("n:q:khong-co", "x"), ("c:khong-co", "sua")]).await;
    assert_eq!(done.status, 303);
    assert_eq!(world.count("select count(*) from component_check").await, 0);
    let long = "Ảnh mờ. ".repeat(300);
    let done = crate::steps::act(&mut desk, &code, "bo-sung", &[("c:p:giay-chung-sinh", "sua"), ("n:p:giay-chung-sinh", &long)]).await;
    assert_eq!(done.status, 422);
    assert!(done.text().contains("1.000 chữ") && done.text().contains(long.trim()), "{}", done.text());
    assert_eq!(world.one("select state from dossier").await, "submitted");
}

#[tokio::test]
async fn asvs_7_5_1_an_e_mail_is_changed_only_with_the_password_and_guesses_are_counted() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let contact = [("phone", "0900000001"), ("email", "ke-khac@example.vn")];
    lan.get("/tai-khoan").await;
    assert_eq!(lan.post("/tai-khoan", &contact).await.status, 422);
    assert_eq!(world.count("select count(*) from account where email is not null").await, 0);
    let mut with = contact.to_vec();
    with.push(("email_password", motcua::demo::people::PASSWORD));
    assert_eq!(lan.post("/tai-khoan", &with).await.status, 303);
    assert_eq!(world.count("select count(*) from account where email is not null").await, 1);
    let guess = [("old_password", "sai"), ("password", "mot mat khau khac 2026")];
    let mut last = 0;
    for _ in 0..12 {
        last = lan.post("/tai-khoan/mat-khau", &guess).await.status;
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn many_guesses_at_once_are_no_more_than_the_limit() {
    let world = World::new().await;
    let _ = world.lan().await;
    let mut v = world.nobody();
    v.get("/dang-nhap").await;
    let tries: Vec<_> = (0..24)
        .map(|_| {
            let mut v = v.clone();
            tokio::spawn(async move { v.post("/dang-nhap", &[("number", "099190000025"), ("password", "sai")]).await.status })
        })
        .collect();
    let mut tried = 0;
    for t in tries {
        let status = t.await.unwrap();
        tried += usize::from(status != 429);
    }
    assert!(tried <= 10, "{tried} guesses were tried");
}

#[tokio::test]
async fn a_wrong_key_locks_nobody_elses_look_up() {
    let world = World::new().await;
    let mut v = world.nobody();
    v.get("/tra-cuu").await;
    for _ in 0..25 {
        assert_eq!(v.post("/tra-cuu", &[("ma", "khong phai ma"), ("khoa", "x")]).await.status, 422);
    }
}

#[tokio::test]
async fn control_signs_in_an_address_are_no_page_and_no_fault_of_ours() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    for path in ["/thanh-toan/gio/a%00", "/nhap/abc%00/noi-dung"] {
        assert_eq!(lan.get(path).await.status, 404, "{path}");
    }
    assert_eq!(lan.get("/thu-tuc?q=%00").await.status, 200);
    let mut desk = world.staff("thoxuong.mot-cua").await;
    assert_eq!(desk.get("/mot-cua?sau=-8000000000000000000_00000000-0000-0000-0000-000000000000").await.status, 200);
    assert_eq!(desk.get("/mot-cua?thu-tuc=%00").await.status, 200);
    lan.get("/thanh-toan").await;
    assert_eq!(lan.post("/thanh-toan", &[("khoan", "00000000-0000-7000-8000-000000000000")]).await.status, 422);
}

#[tokio::test]
async fn a_file_is_given_back_under_the_ending_of_what_it_is() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = crate::steps::begin_birth(&mut lan).await;
    crate::steps::fill_form(&mut lan, &draft, crate::steps::BIRTH).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    assert_eq!(lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[("thu.html", &motcua::demo::world::pdf("x"))]).await.status, 303);
    let page = lan.get(&format!("{draft}/giay-to")).await;
    assert!(page.text().contains("thu.html.pdf"));
}

#[tokio::test]
async fn a_result_has_a_number_and_symbol_that_leave_room_for_the_next() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    assert_eq!(crate::steps::act(&mut desk, &code, "tiep-nhan", &[]).await.status, 303);
    let mut officer = world.staff("thoxuong.ho-tich").await;
    assert_eq!(crate::steps::act_with_file(&mut officer, &code, "trinh-ky", &[("ket-qua", "grant"), ("tom-tat", "Đủ.")], "a.pdf").await.status, 303);
    let mut leader = world.staff("thoxuong.lanh-dao").await;
    assert_eq!(crate::steps::act(&mut leader, &code, "ky", &[]).await.status, 303);
    let mut records = world.staff("thoxuong.van-thu").await;
    for (number, symbol) in [("2147483647", ""), ("-5", "QĐ"), ("0", "QĐ"), ("1", &*"x".repeat(9000))] {
        let done = crate::steps::act_with_file(&mut records, &code, "phat-hanh", &[("so", number), ("ky-hieu", symbol)], "a.pdf").await;
        assert_eq!(done.status, 422, "{number}");
    }
    // the file sent with the refused try is kept, and bound to this act
    let page = crate::steps::act_with_file(&mut records, &code, "phat-hanh", &[("so", "0")], "ket-qua.pdf").await;
    let sealed = page.attr("input[name=tep-giu]", "value").unwrap();
    let version = page.attr("input[name=version]", "value").unwrap();
    let path = format!("/mot-cua/ho-so/{code}/phat-hanh");
    let forged = sealed.replace("phat-hanh|", "trinh-ky|");
    assert_eq!(records.upload(&path, &[("version", &version), ("so", "1"), ("tep-giu", &forged)], &[]).await.status, 422);
    assert_eq!(records.upload(&path, &[("version", &version), ("so", "1"), ("tep-giu", &sealed)], &[]).await.status, 303);
}

#[tokio::test]
async fn staff_store_no_byte_for_a_dossier_they_do_not_see() {
    let world = World::new().await;
    let mut stranger = world.staff("stp.thu-ly").await;
    stranger.get("/mot-cua").await;
    let done = stranger.upload("/mot-cua/ho-so/H02.99-261125-9999/trinh-ky", &[("version", "1")], &[("a.pdf", &motcua::demo::world::pdf("x"))]).await;
    assert_eq!(done.status, 404);
    let papers = world.app.portal.config.data.join("papers");
    assert_eq!(std::fs::read_dir(papers).unwrap().filter(|e| e.as_ref().is_ok_and(|e| e.file_name() != "incoming")).count(), 0);
}

#[tokio::test]
async fn cash_is_taken_only_for_what_is_of_this_counter_all_of_it() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let birth = crate::steps::file_late_birth(&mut lan).await;
    let ward_fee = world.one("select id::text from obligation").await;
    let record = crate::steps::file_record(&mut lan).await;
    let own_fee = world.one("select id::text from obligation where amount = 200000").await;
    let mut cashier = world.staff("tt.thu-ngan").await;
    let page = cashier.get(&format!("/mot-cua/thu-tien/{record}")).await;
    assert_eq!(page.attrs("input[name=khoan]", "value"), std::slice::from_ref(&own_fee));
    let both = cashier.post(&format!("/mot-cua/thu-tien/{record}"), &[("khoan", &own_fee), ("khoan", &ward_fee)]).await;
    assert_eq!(both.status, 422);
    assert_eq!(world.count("select count(*) from obligation where state = 'due'").await, 2);
    assert!(cashier.get(&format!("/mot-cua/thu-tien/{birth}")).await.text().contains("Phường Thọ Xương"));
    assert_eq!(cashier.get(&format!("/mot-cua/ho-so/{record}")).await.status, 404, "a cashier reads no dossier");
}

/// Row 8: a paper whose bytes changed on disk is refused, never shown.
#[tokio::test]
async fn a_paper_that_changed_on_disk_is_never_served() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let page = lan.get(&format!("/ho-so/{code}")).await;
    let paper = page.attrs("main a[href*='/giay-to/']", "href").pop().unwrap();
    assert_eq!(lan.get(&paper).await.status, 200);
    let id = paper.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    let digest: String = sqlx::query_scalar("select digest from paper where id::text = $1").bind(&id).fetch_one(&mut world.conn().await).await.unwrap();
    let path = world.app.portal.config.data.join("papers").join(&digest[..2]).join(&digest);
    let whole = std::fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    flipped[20] ^= 1;
    for spoilt in [flipped, whole[..whole.len() - 1].to_vec()] {
        std::fs::write(&path, &spoilt).unwrap();
        let shown = lan.get(&paper).await;
        assert!(shown.status >= 500 && !shown.body.starts_with(b"%PDF"), "{}", shown.status);
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(lan.get(&paper).await.status, 200);
}

/// Only a page that we made for somebody who may go on with a draft is kept for them: nobody's forged page becomes an answer.
#[tokio::test]
async fn a_forged_page_never_becomes_an_answer_of_somebody_elses_draft() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = crate::steps::begin_birth(&mut lan).await;
    crate::steps::fill_form(&mut lan, &draft, crate::steps::BIRTH).await;
    let form = format!("{draft}/noi-dung");
    let forged = format!("{}{}", "0".repeat(128), "f".repeat(16));
    let mut binh = world.binh().await;
    binh.get("/ho-so").await;
    let own = binh.token.clone();
    for (mut v, token) in [(binh.clone(), forged.as_str()), (binh, own.as_str()), (world.nobody(), forged.as_str()), (world.nobody(), "")] {
        let fields = [("_q", "child_name"), ("child_name", "Kẻ Lạ"), ("_revision", "999999"), ("_page", "bb"), ("_token", token)];
        let shown = v.post_raw(&form, &fields, &[]).await;
        assert!([303, 403, 404].contains(&shown.status), "{}", shown.status);
        assert!(!shown.headers.get("location").is_some_and(|l| l.to_str().unwrap().contains("giu")), "kept for the owner");
    }
    assert_eq!(world.count("select count(*) from kept_post").await, 0);
    assert_eq!(lan.get(&form).await.attr("#child_name", "value").as_deref(), Some("Trần Minh Khôi"));
}

/// A form that another site filled in comes without our token: no page of ours lends it one.
#[tokio::test]
async fn a_post_without_a_token_is_not_offered_again_with_one() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let page = crate::steps::add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", "9900000016").await;
    let shown = lan.post_raw(&format!("{page}/moi"), &[("number", "099085000017"), ("nop", "1")], &[("origin", "null")]).await;
    assert_eq!(shown.status, 403);
    assert!(shown.attr("main form input[name=number]", "value").is_none(), "{}", shown.text());
    assert_eq!(world.count("select count(*) from invitation").await, 0);
}

#[tokio::test]
async fn odd_numbers_in_addresses_are_pages_and_an_address_for_posts_leads_to_its_form() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    for path in ["/thu-tuc?trang=9223372036854775807", "/ho-so?truoc=-210866803200000001_00000000-0000-0000-0000-000000000000"] {
        assert_eq!(lan.get(path).await.status, 200, "{path}");
    }
    let draft = crate::steps::ready_birth(&mut lan).await;
    lan.get(&format!("{draft}/kiem-tra")).await;
    for (posted, form) in [("giay-to/gui", "giay-to"), ("giay-to/khai", "giay-to"), ("nop", "kiem-tra")] {
        let mut at = lan.get(&format!("{draft}/{posted}")).await;
        while at.status == 303 {
            let to = at.location();
            assert!(to.starts_with(&draft), "{to}");
            if to.ends_with(form) {
                break;
            }
            at = lan.get(&to).await;
        }
        assert!(at.location().ends_with(form), "{posted}");
    }
    assert_eq!(lan.get("/tai-khoan/mat-khau").await.location(), "/tai-khoan");
}
