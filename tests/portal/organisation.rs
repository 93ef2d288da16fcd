//! Businesses: added by tax code, confirmed at the desk, filed for and paid for by their people; who leaves is out.

use crate::payment::{balanced, notice, pay, told};
use crate::steps::{accept_invitation, act, add_organisation, file_household, invite};
use crate::world::World;
use motcua::base::code::DossierCode;

const CODE: &str = "9900000016";

fn id_of(organisation: &str) -> String {
    organisation.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn whoever_pays_for_an_organisation_stays_with_it_and_knows_what_and_for_whom() {
    let world = World::new().await;
    let (mut lan, mut binh) = (world.lan().await, world.binh().await);
    let page = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", CODE).await;
    let id = id_of(&page);
    accept_invitation(&mut binh, &invite(&mut lan, &page, "099085000017", &["tra"]).await).await;
    let code = file_household(&mut lan, &id).await;
    let list = binh.get(&format!("/thanh-toan?cho={id}")).await;
    assert!(list.text().contains("1 khoản, tổng 50.000") && list.text().contains("nộp cho tổ chức này"), "{}", list.text());
    // nothing chosen: back to the same organisation, and none of one's own ticked
    let back = binh.fill(&list, "main form[action$=\"/thanh-toan\"]", "/thanh-toan", &[("khoan", "")]).await.location();
    assert!(back.contains(&format!("cho={id}")), "{back}");
    let fee = list.attr("input[name=khoan]", "value").unwrap();
    let basket = binh.post("/thanh-toan", &[("khoan", &fee), ("cho", &id)]).await.location();
    let shown = binh.get(&basket).await;
    assert!(shown.text().contains("Công ty TNHH Vải Thiều Mẫu, mã số thuế 9900000016"), "{}", shown.text());
    // a dossier the payer may not see is no link
    assert!(!shown.attrs("main a", "href").iter().any(|l| l.contains(&code)));
    assert!(shown.attrs("main a", "href").iter().any(|l| l.contains(&format!("cho={id}"))));
    // the filer, who may see it, reads there that a try waits
    binh.post(&format!("{basket}/tra"), &[("cach", "vnpay")]).await;
    let dossier = lan.get(&format!("/ho-so/{code}")).await;
    assert!(dossier.text().contains("đang chờ kết quả"));
    assert_eq!(dossier.attr(".crumbs a", "href").unwrap(), format!("/ho-so?cho={id}"));
}

#[tokio::test]
async fn a_claim_is_its_own_and_the_desk_confirms_one_of_them() {
    let world = World::new().await;
    let (mut lan, mut binh) = (world.lan().await, world.binh().await);
    lan.get("/to-chuc").await;
    for (code, name) in [("9900000017", "Công ty A"), ("", "Công ty A"), (CODE, ""), (CODE, "Công ty http://xau.vn"), ("9900000016-000", "Công ty A")] {
        assert_eq!(lan.post("/to-chuc", &[("tax_code", code), ("name", name), ("address", "")]).await.status, 422, "{code} {name}");
    }
    let first = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", CODE).await;
    let again = lan.post("/to-chuc", &[("tax_code", "99 0000 0016"), ("name", "Lần nữa"), ("address", "")]).await;
    assert!(again.status >= 400 && again.text().contains("đã thêm mã số thuế này"), "{}", again.text());
    // what is filed through the first claim is invisible to the second
    let code = file_household(&mut lan, &id_of(&first)).await;
    let second = add_organisation(&mut binh, "Vải Thiều", CODE).await;
    assert_eq!(binh.get(&first).await.status, 404);
    assert_eq!(binh.get(&format!("/ho-so/{code}")).await.status, 404);
    assert_eq!(binh.get(&format!("/ho-so?cho={}", id_of(&first))).await.status, 404);
    assert_eq!(binh.get(&format!("/thanh-toan?cho={}", id_of(&first))).await.status, 404);
    assert!(!binh.get(&format!("/ho-so?cho={}", id_of(&second))).await.text().contains(&code));
    // never mixed: the list of one's own holds nothing of the organisation
    assert!(!lan.get("/ho-so").await.text().contains(&code));
    assert!(lan.get(&format!("/ho-so?cho={}", id_of(&first))).await.text().contains(&code));
    assert!(!lan.get("/thanh-toan").await.text().contains(&code));
    assert!(lan.get(&format!("/thanh-toan?cho={}", id_of(&first))).await.text().contains(&code));
    let own = lan.get(&format!("/ho-so/{code}")).await;
    assert!(own.text().contains("thay mặt Công ty TNHH Vải Thiều Mẫu"), "who did it for whom");
    // the desk sees both claims, and confirms one against the certificate
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let found = desk.get(&format!("/mot-cua/to-chuc?mst={CODE}")).await;
    assert!(found.text().contains("Nguyễn Thị Lan") && found.text().contains("Trần Văn Bình"));
    let confirm = format!("/mot-cua/to-chuc/{}", id_of(&first));
    assert_eq!(desk.post(&confirm, &[("giay", "GCN-0101")]).await.status, 422, "nothing was checked");
    assert_eq!(desk.post(&confirm, &[("giay", "GCN-0101"), ("doi-chieu", "1")]).await.status, 303);
    assert!(lan.get(&first).await.text().contains("đã xác nhận"));
    let told = binh.get(&second).await;
    assert!(told.text().contains("đã có người đại diện khác được xác nhận"), "the second claimant is told");
    assert_eq!(world.count("select count(*) from job where kind = 'tell_news'").await, 1);
    // pressed again, or for the other: once, and told so
    desk.get(&format!("/mot-cua/to-chuc?mst={CODE}")).await;
    assert!(desk.post(&confirm, &[("giay", "GCN-0101"), ("doi-chieu", "1")]).await.text().contains("đã được xác nhận rồi"));
    let other = format!("/mot-cua/to-chuc/{}", id_of(&second));
    assert!(desk.post(&other, &[("giay", "GCN-0102"), ("doi-chieu", "1")]).await.text().contains("đã được xác nhận rồi"));
    // the desk's dossier says for whom, and that it is confirmed
    let mut district = world.staff("tp.mot-cua").await;
    let seen = district.get(&format!("/mot-cua/ho-so/{code}")).await;
    assert!(seen.text().contains("MST 9900000016, đã xác nhận"));
    // a new representative with the certificate: all earlier rights end
    desk.get(&format!("/mot-cua/to-chuc?mst={CODE}")).await;
    assert_eq!(desk.post(&other, &[("giay", "GCN-0103"), ("doi-chieu", "1"), ("viec", "doi")]).await.status, 303);
    assert_eq!(lan.get(&first).await.status, 404);
    assert_eq!(lan.get(&format!("/ho-so/{code}")).await.status, 404);
    assert!(binh.get(&format!("/ho-so?cho={}", id_of(&first))).await.text().contains(&code), "the organisation keeps its dossiers");
}

#[tokio::test]
async fn an_invitation_is_for_one_person_once_and_fetching_it_uses_nothing_up() {
    let world = World::new().await;
    let (mut lan, mut binh) = (world.lan().await, world.binh().await);
    let mut pao = world.citizen("Lý Thị Páo", "099177000066", "1977").await;
    let org = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", CODE).await;
    lan.get(&org).await;
    assert_eq!(lan.post(&format!("{org}/moi"), &[("number", "0990850000"), ("nop", "1")]).await.status, 422);
    assert_eq!(lan.post(&format!("{org}/moi"), &[("number", "099085000017")]).await.status, 422, "without a right");
    let link = invite(&mut lan, &org, "099 085 000 017", &["nop"]).await;
    // previews and scanners: any number of times, no name, no index
    for _ in 0..3 {
        let seen = world.nobody().get(&link).await;
        assert_eq!(seen.status, 200);
        assert!(!seen.text().contains("Vải Thiều") && seen.text().contains("noindex"), "{}", seen.text());
    }
    let wrong = pao.get(&link).await;
    assert!(wrong.text().contains("số định danh khác") && !wrong.text().contains("Vải Thiều"));
    pao.get("/to-chuc").await;
    assert!(pao.post(&link, &[]).await.text().contains("số định danh khác"));
    let offer = binh.get(&link).await;
    assert!(offer.text().contains("Vải Thiều Mẫu"));
    assert_eq!(binh.post(&link, &[]).await.status, 303);
    // the second press is told so, and is no second membership
    binh.get("/to-chuc").await;
    assert!(binh.post(&link, &[]).await.text().contains("đã dùng rồi"));
    assert_eq!(world.count("select count(*) from membership where until_at is null").await, 2);
    assert!(lan.post(&format!("{org}/moi"), &[("number", "099085000017"), ("nop", "1")]).await.text().contains("đang làm cho tổ chức"));
    // seven days, and taken back
    let late = invite(&mut lan, &org, "099177000066", &["tra"]).await;
    let newer = invite(&mut lan, &org, "099177000066", &["tra"]).await;
    assert!(pao.get(&late).await.text().contains("hết hạn hoặc đã rút"), "a newer invitation ends the older");
    world.clock("2026-12-02T09:30");
    let mut pao = world.back("/dang-nhap", "099177000066").await;
    pao.get(&newer).await;
    let late = pao.post(&newer, &[]).await;
    assert!(late.text().contains("hết hạn"), "{} {}", late.status, late.text());
}

#[tokio::test]
async fn rights_hold_act_by_act_and_who_leaves_is_out_with_the_next_click() {
    let world = World::new().await;
    let (mut lan, mut binh) = (world.lan().await, world.binh().await);
    let mut pao = world.citizen("Lý Thị Páo", "099177000066", "1977").await;
    let org = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", CODE).await;
    let id = id_of(&org);
    accept_invitation(&mut binh, &invite(&mut lan, &org, "099085000017", &["nop"]).await).await;
    accept_invitation(&mut pao, &invite(&mut lan, &org, "099177000066", &["tra"]).await).await;
    // one files, another pays: neither does the other's
    let code = file_household(&mut binh, &id).await;
    let page = binh.get(&format!("/ho-so/{code}")).await;
    assert!(page.text().contains("Người được giao nộp phí"), "{}", page.text());
    assert_eq!(binh.get(&format!("/thanh-toan?cho={id}")).await.status, 404);
    assert_eq!(pao.get(&format!("/ho-so/{code}")).await.status, 404, "paying is not reading");
    pao.get("/nop/1.001612").await;
    let tried = pao.post("/nop/1.001612", &[("district", "thanh-pho-bac-giang"), ("case", "ca-nhan"), ("for_whom", &id), ("channel", "electronic"), ("exemption", "khong")]).await;
    assert_eq!(tried.status, 422);
    let fees = pao.get(&format!("/thanh-toan?cho={id}")).await;
    let fee = fees.attr("input[name=khoan]", "value").unwrap();
    let basket = pao.post("/thanh-toan", &[("khoan", &fee)]).await.location();
    assert_eq!(binh.get(&basket).await.status, 404);
    pao.get(&basket).await;
    let go = pao.post(&format!("{basket}/tra"), &[("cach", "vnpay")]).await.location();
    let reference = go.split("vnp_TxnRef=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    assert_eq!(told(&world, &notice(&reference, 50_000, "00", "00", "1")).await, "00");
    balanced(&world).await;
    // who files sees what he filed himself, and not what a colleague files
    let by_lan = file_household(&mut lan, &id).await;
    assert_eq!(binh.get(&format!("/ho-so/{by_lan}")).await.status, 404);
    // a draft begun by the leaver stays
    binh.get("/nop/1.001612").await;
    let draft = binh.post("/nop/1.001612", &[("district", "thanh-pho-bac-giang"), ("case", "ca-nhan"), ("for_whom", &id), ("channel", "electronic"), ("exemption", "khong")]).await.location();
    let draft = draft.trim_end_matches("/noi-dung").to_owned();
    lan.get(&org).await;
    let member = world.one("select account_id::text from membership m join account a on a.id = m.account_id where a.personal_number = '099085000017' and until_at is null").await;
    assert_eq!(lan.post(&format!("{org}/quyen"), &[("nguoi", &member)]).await.status, 303);
    for path in [org.as_str(), &format!("/ho-so/{code}"), &format!("{draft}/noi-dung"), &format!("/ho-so?cho={id}")] {
        assert_eq!(binh.get(path).await.status, 404, "{path}");
    }
    assert_eq!(lan.get(&format!("{draft}/noi-dung")).await.status, 200);
    assert!(lan.get(&format!("/ho-so?cho={id}")).await.text().contains(&code));
    // a draft of the organisation can't be carried home
    lan.get(&format!("{draft}/noi-nop")).await;
    let home = lan.post(&format!("{draft}/noi-nop"), &[("district", "thanh-pho-bac-giang"), ("case", "ca-nhan"), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    assert_eq!(home.status, 422);
    // a member goes by himself; the representative is changed at the desk
    pao.get(&org).await;
    assert_eq!(pao.post(&format!("{org}/thoi"), &[]).await.status, 303);
    assert_eq!(pao.get(&basket).await.status, 404);
    lan.get(&org).await;
    assert!(lan.post(&format!("{org}/thoi"), &[]).await.text().contains("quầy Một cửa"));
    // every act is written down: who, for whom
    let history = lan.get(&org).await;
    for words in ["Cho Trần Văn Bình thôi", "Nhận lời mời", "Thôi làm cho tổ chức"] {
        assert!(history.text().contains(words), "{words}");
    }
}

/// A file that is still on its way when its sender is let go arrives nowhere.
#[tokio::test]
async fn a_leavers_upload_under_way_leaves_nothing() {
    let world = World::new().await;
    let (mut lan, mut binh) = (world.lan().await, world.binh().await);
    let org = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", CODE).await;
    accept_invitation(&mut binh, &invite(&mut lan, &org, "099085000017", &["nop"]).await).await;
    binh.get("/nop/1.001612").await;
    let begun = binh.post("/nop/1.001612", &[("district", "thanh-pho-bac-giang"), ("case", "ca-nhan"), ("for_whom", &id_of(&org)), ("channel", "electronic"), ("exemption", "khong")]).await;
    let first = binh.get(&begun.location()).await;
    let draft = begun.location().trim_end_matches("/noi-dung").to_owned();
    assert_eq!(first.status, 200, "{}", begun.text());
    let page = binh.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    let (go, wait) = tokio::sync::oneshot::channel();
    let mut sender = binh.clone();
    let path = format!("{draft}/giay-to/gui");
    let sending = tokio::spawn(async move { sender.upload_slowly(&path, &[("slot", &slot)], ("a.pdf", motcua::demo::world::pdf("a")), wait).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    sqlx::raw_sql("update membership set until_at = now() where not representative").execute(&mut world.conn().await).await.unwrap();
    go.send(()).unwrap();
    assert_eq!(sending.await.unwrap().status, 404);
    assert_eq!(world.count("select count(*) from paper").await, 0);
}

#[tokio::test]
async fn who_sees_all_reads_and_changes_nothing() {
    let world = World::new().await;
    let (mut lan, mut binh) = (world.lan().await, world.binh().await);
    let org = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", CODE).await;
    accept_invitation(&mut binh, &invite(&mut lan, &org, "099085000017", &["xem"]).await).await;
    let code = file_household(&mut lan, &id_of(&org)).await;
    let seen = binh.get(&format!("/ho-so/{code}")).await;
    assert!(seen.status == 200 && seen.text().contains("chưa được giao nộp hay sửa"));
    assert_eq!(binh.get(&format!("/ho-so/{code}/rut")).await.status, 404);
    assert!(binh.post(&format!("/ho-so/{code}/rut"), &[("viec", "cancel"), ("ly-do", "Nhầm")]).await.status >= 400);
    assert_eq!(binh.post(&format!("/ho-so/{code}/tuong-tu"), &[]).await.status, 422);
    assert_eq!(world.one("select state from dossier").await, "submitted");
}

#[tokio::test]
async fn the_organisations_facts_are_filled_in_where_a_form_asks_for_them() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let org = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", CODE).await;
    let id = id_of(&org);
    // what only businesses ask for is offered for the business first
    let first = lan.get("/nop/1.002425").await;
    assert_eq!(first.attr("input[name=for_whom][checked]", "value"), Some(id.clone()));
    let shown = lan.post("/nop/1.002425", &[("case", "an-uong-nho"), ("for_whom", &id), ("channel", "electronic"), ("exemption", "khong")]).await;
    let form = lan.get(&shown.location()).await;
    assert_eq!(form.attr("#facility_name", "value").as_deref(), Some("Công ty TNHH Vải Thiều Mẫu"));
    assert_eq!(form.attr("#tax_code", "value").as_deref(), Some(CODE));
    assert!(form.text().contains("Số 5, đường Xương Giang"));
    // begun for oneself, then for the organisation: its facts come then
    lan.get("/nop/1.013225").await;
    let own = lan.post("/nop/1.013225", &[("district", "thanh-pho-bac-giang"), ("case", "nha-o"), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    let draft = own.location().trim_end_matches("/noi-dung").to_owned();
    assert_eq!(lan.get(&format!("{draft}/noi-dung")).await.attr("#owner_name", "value").as_deref(), Some(""));
    lan.get(&format!("{draft}/noi-nop")).await;
    let moved = lan.post(&format!("{draft}/noi-nop"), &[("district", "thanh-pho-bac-giang"), ("case", "nha-o"), ("for_whom", &id), ("channel", "electronic"), ("exemption", "khong")]).await;
    assert_eq!(moved.status, 303, "{:?}", moved.all(".summary li"));
    let form = lan.get(&format!("{draft}/noi-dung")).await;
    assert_eq!(form.attr("#owner_name", "value").as_deref(), Some("Công ty TNHH Vải Thiều Mẫu"));
    assert_eq!(form.attr("#owner_tax_code", "value").as_deref(), Some(CODE));
}

#[tokio::test]
async fn a_similar_dossier_copies_answers_and_today_s_form_judges_them() {
    let world = World::new().await;
    let (mut lan, mut binh) = (world.lan().await, world.binh().await);
    let code = crate::steps::file_birth(&mut lan).await;
    assert_eq!(binh.get("/ho-so").await.status, 200);
    assert_eq!(binh.post(&format!("/ho-so/{code}/tuong-tu"), &[]).await.status, 404, "not another person's");
    // the account changed since: its facts come from it
    lan.get("/tai-khoan").await;
    assert_eq!(lan.post("/tai-khoan", &[("phone", "0900000009"), ("email", "lan@example.vn"), ("email_password", motcua::demo::people::PASSWORD), ("address", "")]).await.status, 303);
    let page = lan.get(&format!("/ho-so/{code}")).await;
    assert!(page.text().contains("Nộp hồ sơ tương tự"));
    let done = lan.post(&format!("/ho-so/{code}/tuong-tu"), &[]).await;
    assert_eq!(done.status, 303);
    let place = lan.get(&done.location()).await;
    assert_eq!(place.attr("#commune option[selected]", "value"), None, "the unit is chosen anew");
    let draft = done.location().trim_end_matches("/noi-nop").to_owned();
    lan.post(&done.location(), &[("commune", crate::steps::WARD), ("case", "thuong"), ("for_whom", "child"), ("channel", "electronic"), ("exemption", "khong")]).await;
    let form = lan.get(&format!("{draft}/noi-dung")).await;
    assert_eq!(form.attr("#child_name", "value").as_deref(), Some("Trần Minh Khôi"));
    assert_eq!(form.attr("#applicant_phone", "value").as_deref(), Some("0900000009"));
    assert!(form.text().contains("Chép từ hồ sơ trước"));
    // a year later the child's birth date breaks the rule of the case: said at the head, before anything is pressed
    let papers = lan.get(&format!("{draft}/giay-to")).await;
    assert!(papers.all(".file, .paper__name").is_empty(), "no papers are copied");
    assert_eq!(world.count("select count(*) from dossier").await, 1);
    assert!(DossierCode::parse(&code).is_some());
}

#[tokio::test]
async fn two_press_at_once_and_one_membership_one_confirmation_comes_of_it() {
    let world = World::new().await;
    let (mut lan, mut binh) = (world.lan().await, world.binh().await);
    let org = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", CODE).await;
    let link = invite(&mut lan, &org, "099085000017", &["nop", "tra"]).await;
    binh.get(&link).await;
    let mut twin = binh.clone();
    let (a, b) = tokio::join!(binh.post(&link, &[]), twin.post(&link, &[]));
    let mut both = [a.status, b.status];
    both.sort_unstable();
    assert!(both[0] == 303 && both[1] >= 400, "{both:?}");
    assert_eq!(world.count("select count(*) from membership where until_at is null").await, 2);
    let (mut one, mut two) = (world.staff("thoxuong.mot-cua").await, world.staff("ngoquyen.mot-cua").await);
    for v in [&mut one, &mut two] {
        v.get(&format!("/mot-cua/to-chuc?mst={CODE}")).await;
    }
    let path = format!("/mot-cua/to-chuc/{}", id_of(&org));
    let fields = [("giay", "GCN-0101"), ("doi-chieu", "1")];
    let (a, b) = tokio::join!(one.post(&path, &fields), two.post(&path, &fields));
    let mut both = [a.status, b.status];
    both.sort_unstable();
    assert!(both[0] == 303 && both[1] >= 400, "{both:?}");
    assert_eq!(world.count("select count(*) from organisation_event where action = 'confirmed'").await, 1);
}

#[tokio::test]
async fn the_business_files_pays_is_received_and_gets_its_result_and_the_books_balance() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let org = add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", CODE).await;
    let code = file_household(&mut lan, &id_of(&org)).await;
    let (_, reference) = pay(&mut lan, &code).await;
    assert_eq!(told(&world, &notice(&reference, 50_000, "00", "00", "1")).await, "00");
    let mut desk = world.staff("tp.mot-cua").await;
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[]).await.status, 303);
    let slip = lan.get(&format!("/ho-so/{code}/giay-hen")).await;
    assert!(slip.text().contains("Công ty TNHH Vải Thiều Mẫu (MST 9900000016), người nộp Nguyễn Thị Lan"), "{}", slip.text());
    balanced(&world).await;
}
