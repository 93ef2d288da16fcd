//! One of every page: each view struct with its samples, empty, filled and with faults, as the portal itself renders them.
//!
//! The list of views is read from the code; [`NEEDED`] says which samples each owes. A view without a line there, or a
//! sample that the walk no longer meets, fails. To add a page: its line in [`NEEDED`], its steps in [`walk`].

use crate::steps::{self, BIRTH, WARD, act, act_with_file, begin_birth, fill_form, send_papers};
use crate::world::visitor::{Odd, Shown, harmless};
use crate::world::{Visitor, World};
use motcua::base::lang::Lang;
use motcua::demo::people::PASSWORD;
use motcua::demo::world::pdf;
use std::path::Path;

pub struct Sample {
    pub view: &'static str,
    pub kind: &'static str,
    pub html: String,
}

/// Every view, and the samples it owes. Empty: before anything was typed or is there; faults: refused with its reasons.
const NEEDED: &[(&str, &[&str])] = &[
    ("account::web::claims::Claims", &["empty", "filled", "faults"]),
    ("account::web::links::Show", &["empty", "filled", "faults"]),
    ("account::web::organisation::Invited", &["empty", "filled"]),
    ("account::web::organisation::List", &["empty", "filled", "faults"]),
    ("account::web::organisation::Show", &["filled", "faults"]),
    ("account::web::own::Identity", &["filled", "faults"]),
    ("account::web::own::Show", &["filled", "faults"]),
    ("account::web::register::New", &["empty", "faults"]),
    ("account::web::reset::Show", &["empty", "filled", "faults"]),
    ("account::web::sign_in::Show", &["empty", "faults"]),
    ("account::web::staff::List", &["filled", "faults"]),
    ("catalogue::web::list::List", &["empty", "filled"]),
    ("catalogue::web::show::Show", &["filled"]),
    ("catalogue::web::show::Why", &["filled"]),
    ("desk::web::queue::Queue", &["empty", "filled"]),
    ("desk::web::show::Show", &["filled", "faults"]),
    ("dossier::web::begin::New", &["empty", "filled", "faults"]),
    ("dossier::web::check::Confirmation", &["filled"]),
    ("dossier::web::check::Show", &["filled", "faults"]),
    ("dossier::web::follow::Show", &["filled"]),
    ("dossier::web::follow::Why", &["filled"]),
    ("dossier::web::form::Show", &["empty", "filled", "faults"]),
    ("dossier::web::list::List", &["empty", "filled"]),
    ("dossier::web::lookup::Show", &["empty", "filled", "faults"]),
    ("dossier::web::papers::Show", &["empty", "filled", "faults"]),
    ("dossier::web::print::Control", &["filled"]),
    ("dossier::web::print::Letter", &["filled"]),
    ("dossier::web::print::Slip", &["filled"]),
    ("dossier::web::print::Stop", &["filled"]),
    ("dossier::web::supplement::Show", &["filled", "faults"]),
    ("dossier::web::withdraw::Cancel", &["filled"]),
    ("payment::web::basket::List", &["empty", "filled", "faults"]),
    ("payment::web::basket::Show", &["filled"]),
    ("payment::web::counter::Counter", &["empty", "filled"]),
    ("payment::web::counter::SuspensePage", &["empty", "filled"]),
    ("payment::web::notice::Back", &["filled", "faults"]),
    ("report::web::home::Home", &["empty", "filled"]),
    ("report::web::home::Statistics", &["empty", "filled"]),
    ("report::web::pages::Help", &["filled"]),
    ("report::web::pages::Mail", &["empty", "filled"]),
    ("report::web::pages::Operations", &["empty", "filled"]),
    ("web::layers::Show", &["faults"]),
];

/// Names of all view structs in the code: a template with a `page: Page`.
fn views(dir: &Path, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            views(&path, out);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let module = path.strip_prefix("src").unwrap().with_extension("").to_string_lossy().replace('/', "::");
        for part in text.split("Template)]").skip(1).filter(|p| p.trim_start().starts_with("#[template")) {
            let body = part.split("\n}").next().unwrap();
            if body.contains("page: Page,") {
                let name = body.split("struct ").nth(1).unwrap().split(|c: char| !c.is_alphanumeric()).next().unwrap();
                out.push(format!("{module}::{name}"));
            }
        }
    }
}

/// What the code renders and the list names are the same, and the walk has met every sample.
pub fn complete(samples: &[Sample]) {
    let mut all = Vec::new();
    views(Path::new("src"), &mut all);
    all.sort();
    let named: Vec<String> = NEEDED.iter().map(|n| n.0.to_owned()).collect();
    assert_eq!(all, named, "views in the code, and views with samples");
    for (view, kinds) in NEEDED {
        for kind in *kinds {
            assert!(samples.iter().any(|s| s.view == *view && s.kind == *kind), "{view}: no sample “{kind}”");
        }
    }
}

struct Walk {
    samples: Vec<Sample>,
    lang: Lang,
    odd: Option<Odd>,
    /// Pages with forms, and who saw them.
    forms: Vec<(Visitor, String, String)>,
}

impl Walk {
    fn keep(&mut self, kind: &'static str, shown: &Shown) {
        if self.odd.is_some() {
            // who types oddly may have been taken at their word before this
            return;
        }
        let html = shown.text();
        let view = shown.view.unwrap_or_else(|| panic!("{}: no view: {html}", shown.status)).trim_start_matches("motcua::");
        // pages of money say what is wrong without being an error: a reload must be safe
        assert!((kind == "faults") == (shown.status >= 400) || shown.status == 200 && view.starts_with("payment::"), "{view} {kind}: {}", shown.status);
        self.samples.push(Sample { view, kind, html });
    }

    async fn get(&mut self, v: &mut Visitor, kind: &'static str, path: &str) -> Shown {
        let shown = v.get(path).await;
        self.keep(kind, &shown);
        if self.odd.is_some() {
            harmless(&shown, path, &[]);
            self.forms.push((v.clone(), path.to_owned(), shown.text()));
        }
        shown
    }

    async fn post(&mut self, v: &mut Visitor, kind: &'static str, path: &str, fields: &[(&str, &str)]) -> Shown {
        let shown = v.post(path, fields).await;
        self.keep(kind, &shown);
        shown
    }

    fn nobody(&self, world: &World) -> Visitor {
        let mut v = world.nobody();
        v.odd.clone_from(&self.odd);
        if self.lang == Lang::En {
            v.speak_english();
        }
        v
    }

    async fn staff(&self, world: &World, name: &str) -> Visitor {
        let mut v = self.nobody(world);
        v.sign_in("/can-bo/dang-nhap", name).await;
        v
    }
}

/// Walks the whole portal once in a language; gives a sample of every page met.
pub async fn walk(lang: Lang) -> Vec<Sample> {
    let world = World::new().await;
    world.staff_of_demo().await;
    let mut w = Walk { samples: Vec::new(), lang, odd: None, forms: Vec::new() };
    everywhere(&mut w, &world).await;
    w.samples
}

/// The same walk by somebody who tries every field of every form with odd values before he fills it as meant; fields of
/// forms that the walk itself never sends are tried at its end.
pub async fn odd_walk() {
    let world = World::new().await;
    world.staff_of_demo().await;
    let odd = Odd::default();
    let mut w = Walk { samples: Vec::new(), lang: Lang::Vi, odd: Some(odd.clone()), forms: Vec::new() };
    everywhere(&mut w, &world).await;
    for (mut v, path, html) in w.forms {
        for (action, fields) in forms(&html, &path) {
            let fresh = fields.iter().any(|f| !odd.tried.lock().unwrap().contains(&(Odd::form(&action), f.0.clone())));
            if fresh {
                v.odd = Some(Odd { to_the_end: true, ..odd.clone() });
                v.get(&path).await;
                let fields: Vec<(&str, &str)> = fields.iter().map(|(k, x)| (k.as_str(), x.as_str())).collect();
                v.post(&action, &fields).await;
            }
        }
    }
    assert!(odd.tried.lock().unwrap().len() > 150, "{:?}", odd.tried.lock().unwrap());
}

/// Every form of a page that is posted as text: where to, and its fields with what stands in them.
fn forms(html: &str, page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let parsed = scraper::Html::parse_document(html);
    let all = scraper::Selector::parse("form[method=post]").unwrap();
    let control = scraper::Selector::parse("input, select, textarea").unwrap();
    let to_send = parsed.select(&all).filter(|f| f.value().attr("enctype").is_none());
    to_send
        .map(|f| {
            let action = f.value().attr("action").filter(|a| !a.is_empty()).unwrap_or(page).to_owned();
            let fields = f.select(&control).filter_map(|c| Some((c.value().attr("name")?.to_owned(), c.value().attr("value").unwrap_or("").to_owned())));
            (action, fields.filter(|c| c.0 != "_token").collect())
        })
        .collect()
}

async fn everywhere(w: &mut Walk, world: &World) {
    let mut lan = public(w, world).await;
    let code = filing(w, world, &mut lan).await;
    supplement(w, world, &mut lan, &code).await;
    money(w, world).await;
    desk(w, world, &code).await;
    course(w, world, &mut lan).await;
    organisations(w, world, &mut lan).await;
    following(w, world, &mut lan, &code).await;
    administration(w, world).await;
}

async fn public(w: &mut Walk, world: &World) -> Visitor {
    let mut v = w.nobody(world);
    for path in ["/", "/thong-ke", "/thu-demo", "/quen-mat-khau", "/dang-nhap", "/can-bo/dang-nhap", "/dang-ky", "/tra-cuu", "/thu-tuc?q=xyzkhongco"] {
        w.get(&mut v, "empty", path).await;
    }
    for path in [
        "/thu-tuc?q=khai%20sinh",
        "/thu-tuc",
        "/thu-tuc/1.001193",
        "/thu-tuc/2.000488",
        "/thu-tuc/2.000488/vi-sao-ngay-nay",
        "/tro-giup",
        "/tro-giup/noi-nop?ve=%2Fnhap%2F0123%2Fnoi-nop",
        "/tro-giup/dien-to-khai",
        "/tro-giup/chup-giay-to",
        "/tro-giup/kiem-tra",
        "/tro-giup/nop-phi",
        "/tro-giup/sau-khi-nop",
        "/quyen-du-lieu",
        "/phan-anh",
    ] {
        w.get(&mut v, "filled", path).await;
    }
    w.get(&mut v, "faults", "/khong-co-trang-nay").await;
    v.get("/dang-nhap").await;
    w.post(&mut v, "faults", "/dang-nhap", &[("number", "099190000025"), ("password", "sai")]).await;
    w.post(&mut v, "faults", "/tra-cuu", &[("ma", "H02"), ("khoa", "x")]).await;
    w.post(&mut v, "faults", "/dang-ky", &[("id_kind", "so"), ("number", "0991"), ("full_name", "")]).await;
    w.post(&mut v, "filled", "/quen-mat-khau", &[("number", "099190000025")]).await;
    let fields =
        [("id_kind", "so"), ("number", "099190000025"), ("full_name", "Nguyễn Thị Lan"), ("birth_date", "10/05/1990"), ("phone", "0900000001"), ("email", "lan@example.vn"), ("password", PASSWORD)];
    let done = v.post("/dang-ky", &fields).await;
    assert_eq!(done.status, 303, "{}", done.text());
    // the letter with the link, and the link's page; then one for a new password
    world.settle().await;
    w.get(&mut v, "filled", "/thu-demo").await;
    let link = link_of_letter(world, 0);
    w.get(&mut v, "filled", &link).await;
    v.post(&link, &[]).await;
    let mut stranger = w.nobody(world);
    stranger.get("/quen-mat-khau").await;
    world.clock("2026-11-25T09:25");
    stranger.post("/quen-mat-khau", &[("number", "099190000025")]).await;
    world.settle().await;
    let link = link_of_letter(world, 1);
    w.get(&mut stranger, "filled", &link).await;
    w.post(&mut stranger, "faults", &link, &[("password", "1")]).await;
    v
}

fn link_of_letter(world: &World, at_least: usize) -> String {
    let mut letters: Vec<_> = std::fs::read_dir(world.app.portal.config.data.join("mail")).unwrap().flatten().map(|e| e.path()).collect();
    letters.sort_by_key(|p| std::fs::metadata(p).unwrap().modified().unwrap());
    assert!(letters.len() > at_least, "no letter");
    let letter = std::fs::read_to_string(letters.last().unwrap()).unwrap().replace("=\r\n", "");
    format!("/lien-ket/{}", letter.split("/lien-ket/").nth(1).unwrap().chars().take(32).collect::<String>())
}

async fn filing(w: &mut Walk, _world: &World, lan: &mut Visitor) -> String {
    for path in ["/ho-so", "/thanh-toan"] {
        w.get(lan, "empty", path).await;
    }
    w.get(lan, "filled", "/tai-khoan").await;
    w.get(lan, "filled", "/tai-khoan/nhan-than").await;
    w.post(lan, "faults", "/tai-khoan", &[("phone", "12")]).await;
    w.post(lan, "faults", "/tai-khoan/nhan-than", &[("full_name", ""), ("birth_date", "31/02/1990"), ("old_password", "sai")]).await;
    w.get(lan, "empty", "/nop/1.001193").await;
    w.post(lan, "faults", "/nop/1.001193", &[]).await;
    let draft = begin_birth(lan).await;
    w.get(lan, "filled", &format!("{draft}/noi-nop")).await;
    let form = format!("{draft}/noi-dung");
    let page = w.get(lan, "empty", &form).await;
    let faults = lan.fill(&page, "#e-form", &form, &[("child_birth_date", "31/02/2026"), ("mother_id", "0991")]).await;
    w.keep("faults", &faults);
    w.get(lan, "empty", &format!("{draft}/giay-to")).await;
    w.get(lan, "filled", &format!("{draft}/kiem-tra")).await;
    fill_form(lan, &draft, BIRTH).await;
    w.get(lan, "filled", &form).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    let bad = lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[("rong.pdf", b""), ("phim.html", b"<html>")]).await;
    w.keep("faults", &bad);
    send_papers(lan, &draft).await;
    w.get(lan, "filled", &format!("{draft}/giay-to")).await;
    let check = w.get(lan, "filled", &format!("{draft}/kiem-tra")).await;
    let sum = check.attr("input[name=sum]", "value").unwrap();
    w.post(lan, "faults", &format!("{draft}/nop"), &[("sum", &sum)]).await;
    w.get(lan, "filled", "/ho-so").await;
    let code = steps::submit(lan, &draft).await;
    w.get(lan, "filled", &format!("/ho-so/{code}/da-nop")).await;
    for part in ["", "/rut"] {
        w.get(lan, "filled", &format!("/ho-so/{code}{part}")).await;
    }
    code
}

async fn supplement(w: &mut Walk, world: &World, lan: &mut Visitor, code: &str) {
    let mut desk = w.staff(world, "tt.mot-cua").await;
    w.get(&mut desk, "empty", "/mot-cua").await;
    let mut desk = w.staff(world, "thoxuong.mot-cua").await;
    w.get(&mut desk, "filled", "/mot-cua").await;
    w.post(&mut desk, "filled", "/mot-cua/tim", &[("tim", "tran minh khoi")]).await;
    let page = w.get(&mut desk, "filled", &format!("/mot-cua/ho-so/{code}")).await;
    let item = page.attr(".tick input[type=radio]", "name").unwrap();
    let note = format!("n:{}", item.trim_start_matches("c:"));
    let none = act(&mut desk, code, "bo-sung", &[]).await;
    w.keep("faults", &none);
    let asked = act(&mut desk, code, "bo-sung", &[(&item, "sua"), (&note, "Ảnh mờ, đề nghị chụp lại."), ("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi cả xã, huyện.")]).await;
    assert_eq!(asked.status, 303, "{}", asked.text());
    world.clock("2026-11-25T09:50");
    w.get(lan, "filled", &format!("/ho-so/{code}")).await;
    w.get(lan, "filled", &format!("/ho-so/{code}/phieu-yeu-cau-bo-sung")).await;
    let path = format!("/ho-so/{code}/bo-sung");
    let page = w.get(lan, "filled", &path).await;
    let early = lan.fill(&page, "form:last-of-type", &path, &[("child_birth_place", "")]).await;
    w.keep("faults", &early);
    let sent = lan.upload(&format!("{path}/gui"), &[("slot", item.trim_start_matches("c:p:"))], &[("lai.pdf", &pdf("chup lai"))]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    lan.get(&path).await;
    let done = lan.post(&path, &[("_q", "child_birth_place"), ("child_birth_place", "Phường Thọ Xương")]).await;
    assert_eq!(done.status, 303, "{:?}", done.all(".summary li"));
}

async fn money(w: &mut Walk, world: &World) {
    let mut cashier = w.staff(world, "tt.thu-ngan").await;
    for path in ["/mot-cua/thu-tien", "/mot-cua/tien-cho-xu-ly"] {
        w.get(&mut cashier, "empty", path).await;
    }
    w.post(&mut cashier, "faults", "/mot-cua/thu-tien", &[("ma", "khong co")]).await;
    let mut binh = w.nobody(world);
    assert_eq!(binh.register("Trần Văn Bình", "099085000017", "02/03/1985").await.status, 303);
    let code = steps::file_record(&mut binh).await;
    w.get(&mut binh, "filled", "/thanh-toan").await;
    w.get(&mut binh, "faults", "/thanh-toan?chon=khong").await;
    w.get(&mut cashier, "filled", &format!("/mot-cua/thu-tien/{code}")).await;
    let page = w.get(&mut binh, "filled", &format!("/ho-so/{code}")).await;
    let fee = page.attr("input[name=khoan]", "value").unwrap();
    let basket = binh.post("/thanh-toan", &[("khoan", &fee)]).await.location();
    w.get(&mut binh, "filled", &basket).await;
    let go = binh.post(&format!("{basket}/tra"), &[("cach", "vnpay")]).await;
    let reference = go.location().split("vnp_TxnRef=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let query = crate::world::notice(&reference, 200_000, ("00", "00"), "1", "20261125093000");
    // before the notice, after it, and an address nobody signed
    w.get(&mut binh, "filled", &format!("/thanh-toan/vnpay/ket-qua?{query}")).await;
    assert_eq!(world.nobody().get(&format!("/thanh-toan/vnpay/ipn?{query}")).await.status, 200);
    w.get(&mut binh, "filled", &format!("/thanh-toan/vnpay/ket-qua?{query}")).await;
    w.get(&mut binh, "faults", "/thanh-toan/vnpay/ket-qua?vnp_TxnRef=x").await;
    w.get(&mut binh, "filled", &basket).await;
    binh.get(&format!("/ho-so/{code}/rut")).await;
    assert_eq!(binh.post(&format!("/ho-so/{code}/rut"), &[("ly-do", "Nhầm")]).await.status, 303);
    w.get(&mut binh, "filled", &format!("/ho-so/{code}")).await;
    w.get(&mut cashier, "filled", "/mot-cua/tien-cho-xu-ly").await;
}

async fn desk(w: &mut Walk, world: &World, code: &str) {
    let path = format!("/mot-cua/ho-so/{code}");
    let mut desk = w.staff(world, "thoxuong.mot-cua").await;
    assert_eq!(act(&mut desk, code, "tiep-nhan", &[]).await.status, 303);
    w.get(&mut desk, "filled", &path).await;
    w.get(&mut desk, "filled", &format!("{path}/vi-sao-ngay-nay")).await;
    let mut officer = w.staff(world, "thoxuong.ho-tich").await;
    w.get(&mut officer, "filled", &path).await;
    assert_eq!(act_with_file(&mut officer, code, "trinh-ky", &[("ket-qua", "grant"), ("tom-tat", "Đủ điều kiện.")], "du-thao.pdf").await.status, 303);
    let mut leader = w.staff(world, "thoxuong.lanh-dao").await;
    w.get(&mut leader, "filled", &path).await;
    assert_eq!(act(&mut leader, code, "ky", &[]).await.status, 303);
    let mut records = w.staff(world, "thoxuong.van-thu").await;
    w.get(&mut records, "filled", &path).await;
    assert_eq!(act_with_file(&mut records, code, "phat-hanh", &[("so", "1"), ("ky-hieu", "GKS")], "giay-khai-sinh.pdf").await.status, 303);
    w.get(&mut desk, "filled", &path).await;
    for tab in desk.get("/mot-cua").await.attrs(".tabs a", "href") {
        w.get(&mut desk, "filled", &tab).await;
    }
}

/// Between reception and signature: asked again, a fee assessed, taken back, stopped.
async fn course(w: &mut Walk, world: &World, lan: &mut Visitor) {
    lan.get("/nop/2.002516").await;
    let shown = lan.post("/nop/2.002516", &[("commune", WARD), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    let draft = shown.location().trim_end_matches("/giay-to").to_owned();
    send_papers(lan, &draft).await;
    w.get(lan, "filled", &format!("{draft}/kiem-tra")).await;
    let code = steps::submit(lan, &draft).await;
    let (own, path) = (format!("/ho-so/{code}"), format!("/mot-cua/ho-so/{code}"));
    let mut desk = w.staff(world, "thoxuong.mot-cua").await;
    let mut officer = w.staff(world, "thoxuong.ho-tich").await;
    let mut leader = w.staff(world, "thoxuong.lanh-dao").await;
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[]).await.status, 303);
    let none = act(&mut officer, &code, "de-nghi-bo-sung", &[]).await;
    w.keep("faults", &none);
    let mend = [("c:p:to-khai", "sua"), ("n:p:to-khai", "Tờ khai thiếu trang hai.")];
    assert_eq!(act(&mut officer, &code, "de-nghi-bo-sung", &mend).await.status, 303);
    w.get(&mut leader, "filled", &path).await;
    assert_eq!(act(&mut leader, &code, "duyet-bo-sung", &[]).await.status, 303);
    world.clock("2026-11-25T10:00");
    w.get(lan, "filled", &own).await;
    w.get(lan, "filled", &format!("{own}/bo-sung")).await;
    let sent = lan.upload(&format!("{own}/bo-sung/gui"), &[("slot", "to-khai")], &[("lai.pdf", &pdf("lai"))]).await;
    assert_eq!(sent.status, 303);
    assert_eq!(lan.post(&format!("{own}/bo-sung"), &[]).await.status, 303);
    w.get(&mut desk, "filled", &path).await;
    assert_eq!(act(&mut desk, &code, "nhan-bo-sung", &[]).await.status, 303);
    w.get(lan, "filled", &own).await;
    w.get(&mut officer, "filled", &path).await;
    let wrong = act(&mut officer, &code, "tinh-phi", &[("khoan-tinh", "fee-1"), ("so-tien", "nhiều"), ("can-cu", "Hai bản")]).await;
    w.keep("faults", &wrong);
    assert_eq!(act(&mut officer, &code, "tinh-phi", &[("khoan-tinh", "fee-1"), ("so-tien", "16.000"), ("can-cu", "Hai bản, mỗi bản 8.000 đồng")]).await.status, 303);
    w.get(&mut leader, "filled", &path).await;
    w.get(lan, "filled", &own).await;
    w.get(lan, "filled", &format!("{own}/rut")).await;
    assert_eq!(lan.post(&format!("{own}/rut"), &[("viec", "request_withdrawal"), ("ly-do", "Không cần nữa")]).await.status, 303);
    w.get(lan, "filled", &own).await;
    w.get(lan, "filled", &format!("{own}/rut")).await;
    w.get(&mut leader, "filled", &path).await;
    lan.get(&format!("{own}/rut")).await;
    assert_eq!(lan.post(&format!("{own}/rut"), &[("viec", "take_back")]).await.status, 303);
    assert_eq!(act(&mut leader, &code, "mien-phi", &[("ly-do-mien", "Hộ nghèo theo danh sách năm 2026.")]).await.status, 303);
    assert_eq!(act(&mut leader, &code, "dung", &[("ly-do-dung", "Người yêu cầu không còn quyền với việc này.")]).await.status, 303);
    w.get(lan, "filled", &own).await;
    w.get(lan, "filled", &format!("{own}/thong-bao-dung")).await;
    w.get(&mut leader, "filled", &path).await;
}

async fn organisations(w: &mut Walk, world: &World, lan: &mut Visitor) {
    w.get(lan, "empty", "/to-chuc").await;
    w.post(lan, "faults", "/to-chuc", &[("tax_code", "9900000017"), ("name", ""), ("address", "")]).await;
    let org = steps::add_organisation(lan, "Công ty TNHH Vải Thiều Mẫu", "9900000016").await;
    w.get(lan, "filled", "/to-chuc").await;
    w.get(lan, "filled", &org).await;
    w.post(lan, "faults", &format!("{org}/moi"), &[("number", "12")]).await;
    lan.get(&org).await;
    let made = lan.post(&format!("{org}/moi"), &[("number", "099085000017"), ("nop", "1"), ("tra", "1")]).await;
    w.keep("filled", &made);
    let link = steps::invite(lan, &org, "099085000017", &["nop", "tra"]).await;
    let mut binh = w.nobody(world);
    w.get(&mut binh, "empty", &link).await;
    binh.sign_in("/dang-nhap", "099085000017").await;
    w.get(&mut binh, "filled", &link).await;
    steps::accept_invitation(&mut binh, &link).await;
    w.get(&mut binh, "filled", &org).await;
    w.get(lan, "filled", &org).await;
    w.get(lan, "filled", "/nop/1.002425").await;
    w.get(&mut binh, "filled", "/ho-so").await;
    w.get(&mut binh, "filled", "/thanh-toan").await;
    let other = steps::add_organisation(&mut binh, "Vải Thiều", "9900000016").await;
    let mut desk = w.staff(world, "thoxuong.mot-cua").await;
    w.get(&mut desk, "empty", "/mot-cua/to-chuc").await;
    w.get(&mut desk, "empty", "/mot-cua/to-chuc?mst=9900000104").await;
    w.get(&mut desk, "filled", "/mot-cua/to-chuc?mst=9900000016").await;
    let claim = format!("/mot-cua/to-chuc/{}", org.rsplit('/').next().unwrap());
    w.post(&mut desk, "faults", &claim, &[("giay", "1")]).await;
    desk.get("/mot-cua/to-chuc").await;
    assert_eq!(desk.post(&claim, &[("giay", "GCN-0101"), ("doi-chieu", "1")]).await.status, 303);
    w.get(&mut desk, "filled", "/mot-cua/to-chuc?mst=9900000016").await;
    w.get(&mut binh, "filled", &other).await;
    w.get(&mut desk, "empty", "/mot-cua/mat-khau").await;
    w.post(&mut desk, "faults", "/mot-cua/mat-khau", &[("number", "099085000017")]).await;
    desk.get("/mot-cua/mat-khau").await;
    assert_eq!(desk.post("/mot-cua/mat-khau", &[("number", "099085000017"), ("doi-chieu", "1")]).await.status, 303);
    let mut leader = w.staff(world, "thoxuong.lanh-dao").await;
    w.get(&mut leader, "filled", "/mot-cua/mat-khau").await;
    let waiting = world.one("select id::text from password_reset").await;
    w.post(&mut leader, "filled", &format!("/mot-cua/mat-khau/{waiting}"), &[]).await;
    let id = org.rsplit('/').next().unwrap();
    let code = steps::file_household(lan, id).await;
    w.get(lan, "filled", &format!("/ho-so/{code}")).await;
    w.get(lan, "filled", &format!("/ho-so?cho={id}")).await;
    w.get(lan, "filled", &format!("/thanh-toan?cho={id}")).await;
    let like = lan.post(&format!("/ho-so/{code}/tuong-tu"), &[]).await.location();
    w.get(lan, "filled", &like).await;
    w.get(lan, "filled", &like.replace("noi-nop", "noi-dung")).await;
}

async fn following(w: &mut Walk, world: &World, lan: &mut Visitor, code: &str) {
    for path in ["/ho-so", &format!("/ho-so/{code}"), &format!("/ho-so/{code}/vi-sao-ngay-nay"), &format!("/ho-so/{code}/giay-hen"), &format!("/ho-so/{code}/phieu-kiem-soat")] {
        w.get(lan, "filled", path).await;
    }
    let key = world.one("select lookup_key from dossier order by submitted_at limit 1").await;
    let mut v = w.nobody(world);
    v.get("/tra-cuu").await;
    w.post(&mut v, "filled", "/tra-cuu", &[("ma", code), ("khoa", &key)]).await;
    w.get(&mut v, "filled", "/").await;
    w.get(&mut v, "filled", "/thong-ke").await;
}

async fn administration(w: &mut Walk, world: &World) {
    let mut admin = w.staff(world, "quan-tri").await;
    w.get(&mut admin, "empty", "/quan-tri/van-hanh").await;
    sqlx::raw_sql("insert into job (kind, payload, run_at, tries, state, last_error, created_at, finished_at) values ('tell', '{}', now(), 8, 'given_up', 'SMTP 451', now(), now())")
        .execute(&mut world.conn().await)
        .await
        .unwrap();
    w.get(&mut admin, "filled", "/quan-tri/van-hanh").await;
    sqlx::raw_sql("insert into setting (key, value) values ('restored', '{\"from\": \"2026-11-25T01:00:00Z\", \"at\": \"2026-11-25T02:00:00Z\"}')").execute(&mut world.conn().await).await.unwrap();
    w.get(&mut admin, "filled", "/quan-tri/van-hanh").await;
    admin.get("/quan-tri/van-hanh").await;
    assert_eq!(admin.post("/quan-tri/van-hanh/tha", &[]).await.status, 303);
    w.get(&mut admin, "filled", "/quan-tri/van-hanh").await;
    w.get(&mut admin, "filled", "/quan-tri/can-bo").await;
    w.post(&mut admin, "faults", "/quan-tri/can-bo", &[("sign_in", "a")]).await;
    let made = [("sign_in", "thoxuong.moi"), ("full_name", "Đỗ Thị Mới"), ("unit", WARD), ("role", "desk_clerk")];
    w.post(&mut admin, "filled", "/quan-tri/can-bo", &made).await;
    // a page without its token: words given back
    let stale = admin.post_raw("/quan-tri/can-bo", &[("full_name", "Đỗ Thị Mới")], &[]).await;
    w.keep("faults", &stale);
    let shown = w.nobody(world).get("/thu-tuc/1.001193").await;
    w.keep("filled", &shown);
}
