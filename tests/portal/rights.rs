//! Route × role × unit, generated from the two tables: the doors of `web::doors`, and the acts of `dossier::state`.

use crate::steps::{act, act_with_file, file_birth};
use crate::world::{Visitor, World, morning};
use motcua::base::id::StaffId;
use motcua::demo::people::{PASSWORD, WARD};
use motcua::dossier::acts::is_of_unit;
use motcua::dossier::model::Dossier;
use motcua::dossier::state::{self, Action, By, State};
use motcua::web::doors::{DOORS, Door};
use motcua::web::session::{Role, Staff};

const ELSEWHERE: &str = "thanh-pho-bac-giang/phuong-ngo-quyen";

/// One member of staff of each role, in the ward of the dossier and in another.
async fn everybody(world: &World) -> Vec<(Role, &'static str, Visitor)> {
    let hash = motcua::account::password::hash(PASSWORD.to_owned()).await.unwrap();
    let mut all = Vec::new();
    for (unit, tag) in [(WARD, "a"), (ELSEWHERE, "b")] {
        for role in Role::ALL {
            let name = format!("{tag}.{}", role.as_str().replace('_', "-"));
            let mut tx = world.app.portal.db.begin().await.unwrap();
            motcua::account::add_staff(&mut tx, &name, "Người Thử", unit, None, &[*role], Some(&hash), morning()).await.unwrap();
            tx.commit().await.unwrap();
            let v = world.back("/can-bo/dang-nhap", &name).await;
            all.push((*role, unit, v));
        }
    }
    all
}

/// The address with the parts of this dossier in it.
async fn filled(world: &World, path: &str, code: &str, draft: &str) -> String {
    let paper = world.one("select id::text from paper limit 1").await;
    let token = draft.rsplit('/').next().unwrap();
    let basket = world.one("select token from basket limit 1").await;
    let of_code = if path.starts_with("/thu-tuc") || path.starts_with("/nop") { "1.001193" } else { code };
    let token = if path.starts_with("/thanh-toan") { &basket } else { token };
    let organisation = world.one("select party_id::text from organisation limit 1").await;
    let id = match path {
        p if p.starts_with("/giay-to") => &paper,
        p if p.contains("/to-chuc/") => &organisation,
        _ => "1",
    };
    path.replace("{code}", of_code).replace("{token}", token).replace("{action}", "danh-dau").replace("{which}", "ket-qua").replace("{id}", id)
}

#[tokio::test]
async fn asvs_8_1_1_every_address_lets_in_whom_the_table_of_doors_lets_in() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = crate::steps::begin_birth(&mut lan).await;
    let code = file_birth(&mut lan).await;
    crate::steps::add_organisation(&mut lan, "Công ty TNHH Vải Thiều Mẫu", "9900000016").await;
    let mut binh = world.binh().await;
    let record = crate::steps::file_record(&mut binh).await;
    crate::payment::pay(&mut binh, &record).await;
    let staff = everybody(&world).await;
    let mut seen = 0;
    for (path, door) in DOORS.iter().filter(|d| d.0 != "/thoat") {
        let path = filled(&world, path, &code, &draft).await;
        // the counter tells every cashier whose counter takes a fee; nothing there names a person
        let of_dossier = path.contains(&code) && !path.starts_with("/mot-cua/thu-tien");
        let stranger = binh.get(&path).await.status;
        let nobody = world.nobody().get(&path).await.status;
        match door {
            Door::Anyone => assert!(nobody < 500 && stranger < 500, "{path}"),
            // an address that only takes posts says so to everybody (405); whatever is read is shut
            Door::Citizen | Door::Shared => {
                let own_anyway = path == "/nop/1.001193" || path.starts_with("/thanh-toan/gio") || ["/tai-khoan", "/tai-khoan/nhan-than", "/ho-so", "/to-chuc"].contains(&path.as_str());
                // 303: an address for posts alone leads to the page above it, whoever asks
                assert!(own_anyway || [303, 404, 405].contains(&stranger), "{path} as another citizen: {stranger}");
                assert!([303, 405].contains(&nobody), "{path} as nobody: {nobody}");
            }
            Door::Staff(_) => {
                assert_eq!(stranger, 404, "{path} as a citizen");
                assert!([303, 405].contains(&nobody), "{path} as nobody: {nobody}");
            }
        }
        for (role, unit, v) in &staff {
            let status = v.clone().get(&path).await.status;
            let at = format!("{path} as {role} of {unit}: {status}");
            seen += 1;
            match door {
                Door::Anyone => assert!(status < 500, "{at}"),
                Door::Citizen => assert!([303, 405].contains(&status), "{at}"),
                Door::Shared if path.starts_with("/thanh-toan") => assert!(*role == Role::Cashier || [303, 404, 405].contains(&status), "{at}"),
                // the letters exist only once they were sent
                Door::Shared if !path.starts_with("/giay-to") && !path.ends_with("phieu-kiem-soat") => assert_eq!(status, 404, "{at}"),
                Door::Shared => assert_eq!(status == 200, *unit == WARD && !matches!(role, Role::SystemAdmin | Role::Cashier), "{at}"),
                Door::Staff(roles) if !roles.contains(role) => assert_eq!(status, 404, "{at}"),
                Door::Staff(_) if of_dossier && (*unit != WARD || path.contains("/van-ban/")) => assert!([303, 404, 405].contains(&status), "{at}"),
                Door::Staff(_) if path.contains("vi-sao-ngay-nay") => assert!(status < 500, "{at}"),
                Door::Staff(_) => assert!([200, 303, 405].contains(&status), "{at}"),
            }
        }
    }
    assert!(seen > 1000, "{seen}");
}

const ACTS: &[(Action, &str)] = &[
    (Action::Accept, "tiep-nhan"),
    (Action::RequestSupplement, "bo-sung"),
    (Action::Refuse, "tu-choi"),
    (Action::ExpireSupplement, "het-han"),
    (Action::Transfer, "chuyen"),
    (Action::Assign, "giao"),
    (Action::CancelCharge, "huy-phi"),
    (Action::ProposeSupplement, "de-nghi-bo-sung"),
    (Action::ApproveSupplement, "duyet-bo-sung"),
    (Action::DeclineProposal, "khong-duyet"),
    (Action::ConfirmSupplement, "nhan-bo-sung"),
    (Action::StillMissing, "con-thieu"),
    (Action::StopUnsupplied, "dung-khong-bo-sung"),
    (Action::AssessFee, "tinh-phi"),
    (Action::Waive, "mien-phi"),
    (Action::StopUnpaid, "dung-khong-nop"),
    (Action::ConfirmWithdrawal, "cho-rut"),
    (Action::DeclineWithdrawal, "khong-cho-rut"),
    (Action::Stop, "dung"),
    (Action::ProposeResult, "trinh-ky"),
    (Action::ReturnDraft, "tra-lai"),
    (Action::Sign, "ky"),
    (Action::Issue, "phat-hanh"),
    (Action::ReturnCounter, "tra-quay"),
    (Action::ReturnPost, "tra-buu-chinh"),
];

async fn dossier(world: &World, code: &str) -> Dossier {
    let mut conn = world.app.portal.db.read().await.unwrap();
    motcua::dossier::find_dossier(&mut conn, &motcua::base::code::DossierCode::parse(code).unwrap()).await.unwrap().unwrap()
}

/// In the dossier's present state: each act that the table doesn't give to a role of a unit changes nothing, and has no button.
async fn nothing_beyond_the_table(world: &World, staff: &[(Role, &'static str, Visitor)], code: &str) {
    let d = dossier(world, code).await;
    let before = world.count("select count(*) from dossier_event").await;
    for (role, unit, v) in staff {
        let who = Staff { id: StaffId::fresh(), name: String::new(), unit: (*unit).to_owned(), office: None, roles: vec![*role] };
        let mut v = v.clone();
        let page = v.get(&format!("/mot-cua/ho-so/{code}")).await;
        let buttons: Vec<String> = page.attrs("form[action], button[formaction]", "action").into_iter().chain(page.attrs("button[formaction]", "formaction")).collect();
        for (action, name) in ACTS {
            let allowed = state::next(d.state, *action, By::Staff(*role)).is_ok() && is_of_unit(&d, &who, *action) && d.open_to.contains(&who.unit);
            let at = format!("{action} in {} as {role} of {unit}", d.state);
            if allowed {
                continue;
            }
            assert!(!buttons.iter().any(|b| b.ends_with(&format!("/{name}"))), "a button for {at}");
            let reason = "Một lý do đủ dài để được nhận";
            let fields = [
                ("ly-do", reason),
                ("ly-do-duyet", reason),
                ("ly-do-dung", reason),
                ("ly-do-mien", reason),
                ("ly-do-rut", reason),
                ("khoan-tinh", "fee-1"),
                ("so-tien", "8.000"),
                ("can-cu", reason),
                ("tom-tat", "x"),
                ("so", "9"),
                ("nguoi-nhan", "A"),
                ("van-don", "B"),
                ("nguoi", "x"),
            ];
            let done = if matches!(action, Action::ProposeResult | Action::Issue) { act_with_file(&mut v, code, name, &fields, "a.pdf").await } else { act(&mut v, code, name, &fields).await };
            assert!([403, 404, 409, 422].contains(&done.status), "{at}: {}", done.status);
        }
    }
    assert_eq!(world.count("select count(*) from dossier_event").await, before, "in {}", d.state);
    assert_eq!(dossier(world, code).await.state, d.state);
}

#[tokio::test]
async fn asvs_8_3_1_no_role_of_no_unit_does_what_the_table_of_acts_does_not_give_it() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let staff = everybody(&world).await;
    let of = |role: Role| staff.iter().find(|s| s.0 == role && s.1 == WARD).unwrap().2.clone();
    nothing_beyond_the_table(&world, &staff, &code).await;
    assert_eq!(act(&mut of(Role::DeskClerk), &code, "tiep-nhan", &[]).await.status, 303);
    nothing_beyond_the_table(&world, &staff, &code).await;
    assert_eq!(act_with_file(&mut of(Role::Officer), &code, "trinh-ky", &[("ket-qua", "grant"), ("tom-tat", "Đủ.")], "a.pdf").await.status, 303);
    nothing_beyond_the_table(&world, &staff, &code).await;
    assert_eq!(act(&mut of(Role::Leader), &code, "ky", &[]).await.status, 303);
    nothing_beyond_the_table(&world, &staff, &code).await;
    assert_eq!(act_with_file(&mut of(Role::RecordsClerk), &code, "phat-hanh", &[("so", "1")], "a.pdf").await.status, 303);
    assert_eq!(dossier(&world, &code).await.state, State::ResultReady);
    nothing_beyond_the_table(&world, &staff, &code).await;
    assert_eq!(act(&mut of(Role::DeskClerk), &code, "tra-quay", &[("nguoi-nhan", "Nguyễn Thị Lan")]).await.status, 303);
    nothing_beyond_the_table(&world, &staff, &code).await;
    // while processing: proposed, asked for, sent, asked to withdraw; then a fee assessed, and an end
    let code = file_birth(&mut lan).await;
    assert_eq!(act(&mut of(Role::DeskClerk), &code, "tiep-nhan", &[]).await.status, 303);
    let mend = [("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi rõ.")];
    assert_eq!(act(&mut of(Role::Officer), &code, "de-nghi-bo-sung", &mend).await.status, 303);
    nothing_beyond_the_table(&world, &staff, &code).await;
    assert_eq!(act(&mut of(Role::Leader), &code, "duyet-bo-sung", &[]).await.status, 303);
    nothing_beyond_the_table(&world, &staff, &code).await;
    lan.get(&format!("/ho-so/{code}/bo-sung")).await;
    assert_eq!(lan.post(&format!("/ho-so/{code}/bo-sung"), &[("_q", "child_birth_place"), ("child_birth_place", "Phường Thọ Xương")]).await.status, 303);
    nothing_beyond_the_table(&world, &staff, &code).await;
    lan.get(&format!("/ho-so/{code}/rut")).await;
    assert_eq!(lan.post(&format!("/ho-so/{code}/rut"), &[("viec", "request_withdrawal"), ("ly-do", "Nhầm")]).await.status, 303);
    assert_eq!(dossier(&world, &code).await.state, State::WithdrawalRequested);
    nothing_beyond_the_table(&world, &staff, &code).await;
    assert_eq!(act(&mut of(Role::Leader), &code, "cho-rut", &[]).await.status, 303);
    nothing_beyond_the_table(&world, &staff, &code).await;
    // before acceptance: asked for a supplement
    let code = file_birth(&mut lan).await;
    assert_eq!(act(&mut of(Role::DeskClerk), &code, "bo-sung", &[("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi rõ.")]).await.status, 303);
    nothing_beyond_the_table(&world, &staff, &code).await;
}
