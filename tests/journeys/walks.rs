//! The journeys: find, register, file, pay, receive, decide, download; with script and without, narrow and wide.

use crate::browser::{Browser, Driver};
use crate::world::{self, SECRET, World};
use fantoccini::Locator;
use motcua::base::time::Clock;
use motcua::demo::gateway::{GatewayArgs, Simulator};
use motcua::demo::people::PASSWORD;
use motcua::demo::world::pdf;
use std::time::Duration;

/// A portal and a gateway simulator on listeners of their own.
pub async fn open() -> (World, String) {
    open_through(|portal| portal).await
}

/// The same with something between portal and browser.
pub async fn open_through(between: impl FnOnce(axum::Router) -> axum::Router) -> (World, String) {
    let portal = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gateway = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (portal_at, gateway_at) = (portal.local_addr().unwrap(), gateway.local_addr().unwrap());
    let url = format!("http://{portal_at}");
    let world = World::with(|c| {
        c.public_url.clone_from(&url);
        if let Some(v) = &mut c.vnpay {
            v.pay_url = format!("http://{gateway_at}/paymentv2/vpcpay.html");
            v.api_url = format!("http://{gateway_at}/merchant_webapi/api/transaction");
        }
    })
    .await;
    let args = GatewayArgs { listen: gateway_at, notify: format!("{url}/thanh-toan/vnpay/ipn"), terminal: "MOTCUA01".to_owned(), secret: SECRET.to_owned() };
    let simulator = Simulator::new(args, Clock::at(world::morning())).unwrap().router();
    tokio::spawn(async move { axum::serve(gateway, simulator).await });
    tokio::spawn(motcua::web::serve::serve(portal, between(world.router.clone()), std::future::pending()));
    world.staff_of_demo().await;
    (world, url)
}

pub fn paper(name: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("motcua-journey-{}-{name}.pdf", std::process::id()));
    std::fs::write(&path, pdf(name)).unwrap();
    path
}

pub async fn register(b: &Browser, number: &str, name: &str, born: &str) {
    b.goto("/dang-ky").await;
    b.look().await;
    b.press("main button.button").await;
    b.find(".summary").await;
    b.look().await;
    b.choose("id_kind", "so").await;
    b.type_in("number", number).await;
    b.type_in("full_name", name).await;
    b.type_in("birth_date", born).await;
    b.type_in("phone", "0900 000 001").await;
    b.type_in("password", PASSWORD).await;
    b.press("main button.button").await;
    b.find(".head__side form").await;
}

/// The first step of a birth registered in time in the ward.
pub const BIRTH_BEGUN: &[(&str, &str)] = &[("commune", crate::steps::WARD), ("case", "thuong"), ("for_whom", "child"), ("channel", "electronic")];

/// The first step, to the e-form.
pub async fn begin(b: &Browser, choices: &[(&str, &str)]) {
    b.find("[name=channel]").await;
    for (name, value) in choices {
        b.choose_or_select(name, value).await;
    }
    b.press("main form button.button").await;
    b.find("#e-form").await;
}

/// Fills an e-form; choices that open other questions come first.
pub async fn fill(b: &Browser, steer: &[(&str, &str)], choose: &[(&str, &str)], typed: &[(&str, &str)]) {
    for (name, value) in steer {
        b.choose(name, value).await;
        if b.script {
            tokio::time::sleep(Duration::from_millis(700)).await;
        }
    }
    for (name, value) in choose {
        b.choose_or_select(name, value).await;
    }
    for (name, text) in typed {
        b.type_in(name, text).await;
    }
}

async fn send_papers(b: &Browser, file: &std::path::Path) {
    b.find("h1").await;
    let n = b.client.find_all(Locator::Css("form.upload")).await.unwrap().len();
    for i in 0..n {
        let css = format!("section.slot:nth-of-type({}) form.upload", i + 1);
        b.attach(&format!("{css} input[type=file]"), file).await;
        if !b.script {
            b.press(&format!("{css} button")).await;
        }
        for _ in 0..80 {
            if b.client.find(Locator::Css(&format!("section.slot:nth-of-type({}) .file", i + 1))).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    b.look().await;
    b.press("p.acts a.button").await;
    b.find("#cam-doan").await;
}

/// From the papers to the code.
pub async fn send_papers_and_file(b: &Browser, file: &std::path::Path) -> String {
    send_papers(b, file).await;
    b.look().await;
    b.press("#cam-doan").await;
    b.press("main form button.button").await;
    b.find(".codes").await;
    b.look().await;
    b.find(".codes dd").await.text().await.unwrap()
}

async fn file_birth(b: &Browser, file: &std::path::Path) -> String {
    b.goto("/thu-tuc?q=lam%20giay%20khai%20sinh%20cho%20con").await;
    b.look().await;
    b.press(".list__name").await;
    b.sees("Bạn cần chuẩn bị").await;
    b.look().await;
    b.press(".side--act a.button").await;
    b.look().await;
    begin(b, BIRTH_BEGUN).await;
    b.look().await;
    // an empty try shows every fault at once
    b.press("p.acts button.button").await;
    b.find(".summary").await;
    b.look().await;
    fill(
        b,
        &[("father_known", "khong"), ("want_copies", "khong")],
        &[("applicant_relation", "me"), ("child_sex", "nam"), ("child_ethnicity", "Kinh"), ("mother_ethnicity", "Kinh")],
        &[
            ("applicant_address.text", "Số 1, tổ dân phố 1, phường Thọ Xương"),
            ("child_name", "Trần Minh Khôi"),
            ("child_birth_date", "20/11/2026"),
            ("child_nationality", "Việt Nam"),
            ("child_birth_place", "Bệnh viện Sản - Nhi tỉnh Bắc Giang"),
            ("child_hometown.text", "Phường Thọ Xương, tỉnh Bắc Giang"),
            ("mother_name", "Nguyễn Thị Lan"),
            ("mother_birth_date", "10/05/1990"),
            ("mother_nationality", "Việt Nam"),
            ("mother_id", "099 190 000 025"),
            ("mother_address.text", "Phường Thọ Xương, tỉnh Bắc Giang"),
        ],
    )
    .await;
    b.press("p.acts button.button").await;
    b.sees("Mỗi giấy tờ chụp thẳng").await;
    send_papers_and_file(b, file).await
}

async fn staff_acts(driver: &Driver, url: &str, who: &str, code: &str, script: bool, act: impl AsyncFnOnce(&Browser)) {
    let b = driver.browser(url, 1180, script).await;
    b.sign_in(true, who).await;
    b.look().await;
    b.goto(&format!("/mot-cua/ho-so/{code}")).await;
    b.look().await;
    act(&b).await;
    b.client.close().await.unwrap();
}

/// (a) and (d): from finding to the downloaded result.
async fn birth_from_finding_to_result(width: u32, script: bool) {
    let driver = Driver::start();
    let (world, url) = open().await;
    let file = paper(if script { "chung-sinh" } else { "chung-sinh-d" });
    let lan = driver.browser(&url, width, script).await;
    lan.goto("/").await;
    lan.look().await;
    register(&lan, "099190000025", "Nguyễn Thị Lan", "10/05/1990").await;
    let code = file_birth(&lan, &file).await;
    let press = "main button[formaction$=\"tiep-nhan\"]";
    staff_acts(&driver, &url, "thoxuong.mot-cua", &code, script, async |b| {
        b.press(press).await;
        b.sees("Chuyển cơ quan giải quyết").await;
    })
    .await;
    staff_acts(&driver, &url, "thoxuong.ho-tich", &code, script, async |b| {
        b.type_in("tom-tat", "Đủ điều kiện.").await;
        b.attach("#tep", &file).await;
        b.press("form[action$=\"trinh-ky\"] button").await;
        b.sees("Trình ký kết quả").await;
    })
    .await;
    staff_acts(&driver, &url, "thoxuong.lanh-dao", &code, script, async |b| {
        b.press("form[action$=\"/ky\"] button").await;
        b.sees("Lãnh đạo đã ký").await;
    })
    .await;
    staff_acts(&driver, &url, "thoxuong.van-thu", &code, script, async |b| {
        b.press("input[name=\"chu-ky\"]").await;
        b.attach("#tep", &file).await;
        b.press("form[action$=\"phat-hanh\"] button").await;
        b.sees("Trả kết quả qua mạng").await;
    })
    .await;
    lan.goto(&format!("/ho-so/{code}")).await;
    lan.sees("Tải kết quả").await;
    lan.look().await;
    lan.goto("/ho-so").await;
    lan.look().await;
    lan.goto(&format!("/ho-so/{code}/giay-hen")).await;
    lan.look().await;
    let link = format!("/ho-so/{code}/ket-qua");
    let cookie = lan.client.get_all_cookies().await.unwrap().into_iter().find(|c| c.name() == "motcua_s").unwrap();
    let got = reqwest::Client::new().get(format!("{url}{link}")).header("cookie", format!("motcua_s={}", cookie.value())).send().await.unwrap();
    assert!(got.bytes().await.unwrap().starts_with(b"%PDF-"));
    lan.client.close().await.unwrap();
    world.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_birth_from_finding_to_the_result_with_script() {
    birth_from_finding_to_result(1180, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_birth_from_finding_to_the_result_on_a_phone_without_script() {
    birth_from_finding_to_result(390, false).await;
}

/// (b): a fee of 200,000 đồng through the gateway, the notice before the return and after it, the return in another browser.
#[tokio::test(flavor = "multi_thread")]
async fn a_judicial_record_is_paid_with_the_notice_before_and_after_the_return() {
    let driver = Driver::start();
    let (world, url) = open().await;
    let file = paper("ly-lich");
    let binh = driver.browser(&url, 390, true).await;
    register(&binh, "099085000017", "Trần Văn Bình", "02/03/1985").await;
    for how in ["truoc", "sau"] {
        binh.goto("/nop/2.000488").await;
        begin(&binh, &[("case", "thuong"), ("for_whom", "self"), ("channel", "electronic")]).await;
        fill(
            &binh,
            &[("id_kind", "can-cuoc"), ("convicted", "khong"), ("ban", "khong"), ("married", "khong")],
            &[("applicant_ethnicity", "Kinh"), ("ban_info", "khong")],
            &[
                ("applicant_birth_place", "Huyện Lục Ngạn, tỉnh Bắc Giang"),
                ("applicant_nationality", "Việt Nam"),
                ("applicant_permanent.text", "Phường Thọ Xương, tỉnh Bắc Giang"),
                ("father_name", "Trần Văn Hải"),
                ("mother_name", "Vi Thị Hoa"),
                ("history[0].from", "02/03/1999"),
                ("history[0].place", "Bắc Giang"),
                ("history[0].work", "Công nhân"),
                ("purpose", "Xin việc làm"),
                ("certificates", "1"),
            ],
        )
        .await;
        binh.press("p.acts button.button").await;
        binh.find("p.acts a.button").await;
        let code = send_papers_and_file(&binh, &file).await;
        binh.goto(&format!("/ho-so/{code}")).await;
        binh.press("#phi button").await;
        binh.sees("Hai trăm nghìn đồng").await;
        binh.look().await;
        binh.press("main form button.button").await;
        binh.press(&format!("#{how}")).await;
        binh.find("main").await;
        let back = binh.client.current_url().await.unwrap();
        if how == "truoc" {
            binh.sees("Tiền đã được ghi nhận").await;
            binh.look().await;
        } else {
            // another browser, without cookies, sees the same and waits honestly
            let other = driver.browser(&url, 390, true).await;
            other.client.goto(back.as_str()).await.unwrap();
            other.sees("Tiền đã được ghi nhận").await;
            other.client.close().await.unwrap();
        }
        binh.goto(&format!("/ho-so/{code}")).await;
        binh.sees("Đã nộp phí").await;
    }
    assert_eq!(world.count("select count(*) from obligation where state = 'paid'").await, 2);
    assert_eq!(world.count("select coalesce(sum(amount), 0)::bigint from ledger_posting").await, 0);
    binh.client.close().await.unwrap();
}
