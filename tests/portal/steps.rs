//! Ways that several tests walk: filing a birth, a judicial record; receiving, deciding, returning.

use crate::world::visitor::Shown;
use crate::world::{Visitor, World};
use motcua::demo::world::pdf;

pub const WARD: &str = "thanh-pho-bac-giang/phuong-tho-xuong";

/// The draft's path after the first step.
pub async fn begin_birth(v: &mut Visitor) -> String {
    v.get("/nop/1.001193").await;
    let shown = v.post("/nop/1.001193", &[("commune", WARD), ("case", "thuong"), ("for_whom", "child"), ("channel", "electronic"), ("exemption", "khong")]).await;
    assert_eq!(shown.status, 303, "{}", shown.text());
    shown.location().trim_end_matches("/noi-dung").to_owned()
}

pub const BIRTH: &[(&str, &str)] = &[
    ("applicant_address.text", "Số 1, tổ dân phố 1, phường Thọ Xương"),
    ("applicant_relation", "me"),
    ("child_name", "Trần Minh Khôi"),
    ("child_birth_date", "20/11/2026"),
    ("child_sex", "nam"),
    ("child_ethnicity", "Kinh"),
    ("child_nationality", "Việt Nam"),
    ("child_birth_place", "Bệnh viện Sản - Nhi tỉnh Bắc Giang"),
    ("child_hometown.text", "Phường Thọ Xương, tỉnh Bắc Giang"),
    ("mother_name", "Nguyễn Thị Lan"),
    ("mother_birth_date", "10/05/1990"),
    ("mother_ethnicity", "Kinh"),
    ("mother_nationality", "Việt Nam"),
    ("mother_id", "099 190 000 025"),
    ("mother_address.text", "Phường Thọ Xương, tỉnh Bắc Giang"),
    ("father_known", "khong"),
    ("want_copies", "khong"),
];

/// Fills the e-form page by page until it goes on: conditions open new questions.
pub async fn fill_form(v: &mut Visitor, draft: &str, answers: &[(&str, &str)]) -> Shown {
    let path = format!("{draft}/noi-dung");
    for _ in 0..4 {
        let page = v.get(&path).await;
        let on_page: Vec<(&str, &str)> = answers.iter().copied().filter(|(k, _)| page.text().contains(&format!("name=\"{k}\""))).collect();
        let shown = v.fill(&page, "#e-form", &path, &on_page).await;
        if shown.status == 303 {
            return shown;
        }
    }
    v.get(&format!("{path}?loi=1")).await
}

/// Files a birth registration with one paper; gives the code.
pub async fn file_birth(v: &mut Visitor) -> String {
    let draft = ready_birth(v).await;
    submit(v, &draft).await
}

/// A birth with its form and papers, before the last press; gives the draft's path.
pub async fn ready_birth(v: &mut Visitor) -> String {
    let draft = begin_birth(v).await;
    let shown = fill_form(v, &draft, BIRTH).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    send_papers(v, &draft).await;
    draft
}

/// Files a birth registered too late, which owes 4,000 đồng; gives the code.
pub async fn file_late_birth(v: &mut Visitor) -> String {
    v.get("/nop/1.001193").await;
    let shown = v.post("/nop/1.001193", &[("commune", WARD), ("case", "qua-han"), ("for_whom", "child"), ("channel", "electronic"), ("exemption", "khong")]).await;
    assert_eq!(shown.status, 303, "{}", shown.text());
    let draft = shown.location().trim_end_matches("/noi-dung").to_owned();
    let mut answers: Vec<(&str, &str)> = BIRTH.iter().copied().filter(|a| a.0 != "child_birth_date").collect();
    answers.extend([("child_birth_date", "11/02/2026"), ("late_reason", "Nhà ở xa.")]);
    let shown = fill_form(v, &draft, &answers).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    send_papers(v, &draft).await;
    submit(v, &draft).await
}

/// Sends one PDF into every required slot.
pub async fn send_papers(v: &mut Visitor, draft: &str) {
    let page = v.get(&format!("{draft}/giay-to")).await;
    let slots = page.attrs("form.upload input[name=slot]", "value");
    for slot in slots {
        let shown = v.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[("giay.pdf", &pdf(&slot))]).await;
        assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    }
}

pub async fn submit(v: &mut Visitor, draft: &str) -> String {
    let check = v.get(&format!("{draft}/kiem-tra")).await;
    assert_eq!(check.status, 200, "{}", check.text());
    let sum = check.attr("input[name=sum]", "value").unwrap();
    let done = v.post(&format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await;
    assert_eq!(done.status, 303, "{:?}", done.all(".summary"));
    done.location().rsplit('/').nth(1).unwrap().to_owned()
}

pub const RECORD: &[(&str, &str)] = &[
    ("applicant_birth_place", "Huyện Lục Ngạn, tỉnh Bắc Giang"),
    ("applicant_nationality", "Việt Nam"),
    ("applicant_ethnicity", "Kinh"),
    ("applicant_permanent.text", "Phường Thọ Xương, tỉnh Bắc Giang"),
    ("id_kind", "can-cuoc"),
    ("father_name", "Trần Văn Hải"),
    ("mother_name", "Vi Thị Hoa"),
    ("married", "khong"),
    ("history[0].from", "02/03/1999"),
    ("history[0].place", "Bắc Giang"),
    ("history[0].work", "Công nhân"),
    ("convicted", "khong"),
    ("ban", "khong"),
    ("ban_info", "khong"),
    ("purpose", "Xin việc làm"),
    ("certificates", "1"),
];

/// Files a judicial record, which owes 200,000 đồng; gives the code.
pub async fn file_record(v: &mut Visitor) -> String {
    v.get("/nop/2.000488").await;
    let shown = v.post("/nop/2.000488", &[("case", "thuong"), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    assert_eq!(shown.status, 303, "{}", shown.text());
    let draft = shown.location().trim_end_matches("/noi-dung").to_owned();
    let shown = fill_form(v, &draft, RECORD).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    send_papers(v, &draft).await;
    submit(v, &draft).await
}

/// Presses a button of the desk's page, with the version that page shows.
pub async fn act(v: &mut Visitor, code: &str, action: &str, fields: &[(&str, &str)]) -> Shown {
    let page = v.get(&format!("/mot-cua/ho-so/{code}")).await;
    let version = page.attr("input[name=version]", "value").unwrap_or_default();
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    v.post(&format!("/mot-cua/ho-so/{code}/{action}"), &all).await
}

pub async fn act_with_file(v: &mut Visitor, code: &str, action: &str, fields: &[(&str, &str)], file: &str) -> Shown {
    let page = v.get(&format!("/mot-cua/ho-so/{code}")).await;
    let version = page.attr("input[name=version]", "value").unwrap_or_default();
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    v.upload(&format!("/mot-cua/ho-so/{code}/{action}"), &all, &[(file, &pdf("ket qua"))]).await
}

/// A ward's staff, and a dossier led from reception to its result.
pub async fn decide(world: &World, code: &str) {
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let done = act(&mut desk, code, "tiep-nhan", &[("ly-do-phi", "thu khi trả")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let mut officer = world.staff("thoxuong.ho-tich").await;
    let done = act_with_file(&mut officer, code, "trinh-ky", &[("ket-qua", "grant"), ("tom-tat", "Đủ điều kiện.")], "du-thao.pdf").await;
    assert_eq!(done.status, 303, "{}", done.text());
    let mut leader = world.staff("thoxuong.lanh-dao").await;
    let done = act(&mut leader, code, "ky", &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let mut records = world.staff("thoxuong.van-thu").await;
    let done = act_with_file(&mut records, code, "phat-hanh", &[("so", "1"), ("ky-hieu", "GKS"), ("chu-ky", "1")], "giay-khai-sinh.pdf").await;
    assert_eq!(done.status, 303, "{}", done.text());
}

/// Adds an organisation; gives its page's address.
pub async fn add_organisation(v: &mut Visitor, name: &str, code: &str) -> String {
    v.get("/to-chuc").await;
    let done = v.post("/to-chuc", &[("tax_code", code), ("name", name), ("address", "Số 5, đường Xương Giang")]).await;
    assert_eq!(done.status, 303, "{:?}", done.all(".summary li"));
    done.location()
}

/// Invites somebody by number; gives the link's path.
pub async fn invite(v: &mut Visitor, organisation: &str, number: &str, rights: &[&str]) -> String {
    v.get(organisation).await;
    let mut fields = vec![("number", number)];
    fields.extend(rights.iter().map(|r| (*r, "1")));
    let shown = v.post(&format!("{organisation}/moi"), &fields).await;
    assert_eq!(shown.status, 200, "{:?}", shown.all(".summary li"));
    let link = shown.all(".copy").join("");
    link[link.find("/loi-moi/").unwrap()..].trim().to_owned()
}

pub async fn accept_invitation(v: &mut Visitor, link: &str) {
    v.get(link).await;
    let done = v.post(link, &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
}

pub const HOUSEHOLD: &[(&str, &str)] = &[
    ("owner_ethnicity", "Kinh"),
    ("owner_permanent.text", "Phường Thọ Xương, tỉnh Bắc Giang"),
    ("owner_contact.text", "Phường Thọ Xương, tỉnh Bắc Giang"),
    ("business_name", "Hộ kinh doanh Bánh đa Kế"),
    ("business_address.commune", "thanh-pho-bac-giang/phuong-tho-xuong"),
    ("business_address.detail", "Số 7, đường Hùng Vương"),
    ("capital", "50.000.000"),
    ("workers", "3"),
    ("lines[0].line_name", "Sản xuất bánh"),
    ("lines[0].line_code", "1071"),
    ("lines[0].main", "co"),
    ("tax_method", "khoan"),
];

/// Files the founding of a household business, 50,000 đồng online, for oneself or an organisation; gives the code.
pub async fn file_household(v: &mut Visitor, for_whom: &str) -> String {
    v.get("/nop/1.001612").await;
    let first = [("district", "thanh-pho-bac-giang"), ("case", "ca-nhan"), ("for_whom", for_whom), ("channel", "electronic"), ("exemption", "khong")];
    let shown = v.post("/nop/1.001612", &first).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    let draft = shown.location().trim_end_matches("/noi-dung").to_owned();
    let shown = fill_form(v, &draft, HOUSEHOLD).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    send_papers(v, &draft).await;
    submit(v, &draft).await
}
