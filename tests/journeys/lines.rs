//! Bad lines and half-written words, in Chromium: nothing typed is lost, and the page says truly what is saved.

use crate::browser::{Browser, Driver};
use crate::walks::{BIRTH_BEGUN, begin, open, register};
use crate::world::World;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

fn serve(listener: TcpListener, world: &World) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel();
    let router = world.router.clone();
    let task = tokio::spawn(async move {
        motcua::web::serve::serve(listener, router, async move {
            let _ = stopped.await;
        })
        .await;
    });
    (stop, task)
}

async fn eventually(b: &Browser, css: &str, fits: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    for _ in 0..120 {
        text = b.find(css).await.text().await.unwrap_or_default();
        if fits(&text) {
            return text;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{css}: {text}");
}

/// T3: the line is cut while somebody types, and comes back.
#[tokio::test(flavor = "multi_thread")]
async fn typing_goes_on_without_a_line_and_everything_is_saved_when_it_is_back() {
    let driver = Driver::start();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let world = World::with(|c| c.public_url = format!("http://{at}")).await;
    let (stop, task) = serve(listener, &world);
    let b = driver.browser(&format!("http://{at}"), 390, true).await;
    register(&b, "099190000025", "Nguyễn Thị Lan", "10/05/1990").await;
    b.goto("/nop/1.001193").await;
    begin(&b, BIRTH_BEGUN).await;
    b.type_in("child_name", "Trần Minh Khôi").await;
    eventually(&b, "#saved", |t| t.contains("09:24")).await;
    stop.send(()).unwrap();
    task.await.unwrap();
    b.type_in("child_birth_place", "Bệnh viện Sản - Nhi tỉnh Bắc Giang").await;
    let told = eventually(&b, "#unsaved", |t| !t.is_empty()).await;
    assert!(told.contains("Chưa lưu") && told.contains("đang thử lại"), "{told}");
    b.type_in("child_name", "Trần Minh Khoa").await;
    let (stop, task) = serve(TcpListener::bind(at).await.unwrap(), &world);
    eventually(&b, "#unsaved", str::is_empty).await;
    for (question, value) in [("child_birth_place", "Bệnh viện Sản - Nhi tỉnh Bắc Giang"), ("child_name", "Trần Minh Khoa")] {
        let stands: String =
            sqlx::query_scalar("select value #>> '{}' from draft_answer where question = $1 order by revision desc limit 1").bind(question).fetch_one(&mut world.conn().await).await.unwrap();
        assert_eq!(stands, value);
    }
    b.client.close().await.unwrap();
    drop(stop);
    let _ = task.await;
}

/// T28: a clerk half-writes a note, looks at another paper, comes back later.
#[tokio::test(flavor = "multi_thread")]
async fn a_note_half_written_at_the_desk_is_there_whatever_is_opened_meanwhile() {
    let driver = Driver::start();
    let (world, url) = open().await;
    let mut lan = world.lan().await;
    let code = crate::steps::file_birth(&mut lan).await;
    let b = driver.browser(&url, 1180, true).await;
    b.sign_in(true, "thoxuong.mot-cua").await;
    b.goto(&format!("/mot-cua/ho-so/{code}")).await;
    let note = "fieldset.tick textarea";
    b.find(note).await.send_keys("Ảnh mờ ở góc").await.unwrap();
    b.press("a[target=\"giay-dang-xem\"]").await;
    assert_eq!(b.find(note).await.prop("value").await.unwrap().as_deref(), Some("Ảnh mờ ở góc"), "opening a paper leaves the page");
    eventually(&b, "#ticks-saved", |t| t.contains("Đã lưu")).await;
    b.goto("/mot-cua").await;
    b.goto(&format!("/mot-cua/ho-so/{code}")).await;
    assert_eq!(b.find(note).await.prop("value").await.unwrap().as_deref(), Some("Ảnh mờ ở góc"));
    b.client.close().await.unwrap();
}

/// R5: the camera takes the page away. Whatever was typed a second before is there when the page comes back, at the same
/// step; papers sent before stand; the one on its way is chosen again, and none is there twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_thrown_out_while_the_camera_is_open_loses_nothing() {
    let driver = Driver::start();
    let (world, url) = open().await;
    let b = driver.browser(&url, 390, true).await;
    register(&b, "099190000025", "Nguyễn Thị Lan", "10/05/1990").await;
    b.goto("/nop/1.001193").await;
    begin(&b, BIRTH_BEGUN).await;
    let address = b.client.current_url().await.unwrap();
    b.type_in("child_name", "Trần Minh Khôi").await;
    b.type_in("child_birth_place", "Bệnh viện Sản - Nhi").await;
    // the last without leaving the field
    b.type_in("mother_name", "Nguyễn Thị Lan").await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let b = thrown_out(&driver, &url, b).await;
    b.client.goto(address.as_str()).await.unwrap();
    for (name, text) in [("child_name", "Trần Minh Khôi"), ("child_birth_place", "Bệnh viện Sản - Nhi"), ("mother_name", "Nguyễn Thị Lan")] {
        assert_eq!(b.find(&format!("[name=\"{name}\"]")).await.prop("value").await.unwrap().as_deref(), Some(text));
    }
    // at the papers: one was sent, the second is on its way when the page dies
    let papers = address.as_str().replace("/noi-dung", "/giay-to");
    b.client.goto(&papers).await.unwrap();
    let control = b.find("form.upload input[type=file]").await;
    assert_eq!(control.attr("capture").await.unwrap(), None, "camera and gallery both");
    let [front, back] = crate::people::photographs();
    b.attach("form.upload input[type=file]", &front).await;
    b.find(".file .done").await;
    b.ask("Network.enable", serde_json::json!({})).await.unwrap();
    b.ask("Network.emulateNetworkConditions", serde_json::json!({ "offline": false, "latency": 600, "downloadThroughput": 2000, "uploadThroughput": 200 })).await.unwrap();
    b.attach("form.upload input[type=file]", &back).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let b = thrown_out(&driver, &url, b).await;
    b.client.goto(&papers).await.unwrap();
    b.find(".file .done").await;
    assert_eq!(world.count("select count(*) from paper").await, 1);
    b.attach("form.upload input[type=file]", &back).await;
    b.find(".file + .file .done").await;
    assert_eq!(world.count("select count(*) from paper").await, 2);
    b.client.close().await.unwrap();
}

/// The page is crashed; the browser comes back with the cookies it had.
async fn thrown_out(driver: &Driver, url: &str, b: Browser) -> Browser {
    let cookies = b.client.get_all_cookies().await.unwrap();
    let _ = tokio::time::timeout(Duration::from_secs(2), b.ask("Page.crash", serde_json::json!({}))).await;
    let _ = tokio::time::timeout(Duration::from_secs(5), b.client.close()).await;
    let again = driver.browser(url, 390, true).await;
    for c in cookies {
        again.ask("Network.setCookie", serde_json::json!({ "name": c.name(), "value": c.value(), "url": url, "httpOnly": true })).await.unwrap();
    }
    again
}
