//! Keys and time: what Enter presses, what Telex keys don't, and the warning before a session ends.

use crate::browser::{Browser, Driver};
use crate::walks::{BIRTH_BEGUN, begin, open, register};
use fantoccini::Locator;
use serde_json::json;

const LAN: (&str, &str, &str) = ("099190000025", "Nguyễn Thị Lan", "10/05/1990");

async fn enter_goes_on(script: bool) {
    let driver = Driver::start();
    let (_world, url) = open().await;
    let b = driver.browser(&url, 1180, script).await;
    register(&b, LAN.0, LAN.1, LAN.2).await;
    b.goto("/nop/1.001193").await;
    for (name, value) in BIRTH_BEGUN {
        b.choose_or_select(name, value).await;
    }
    b.type_in("post_to", "Số 1, phường Thọ Xương\u{e007}").await;
    b.find("#e-form").await;
    assert!(!b.client.current_url().await.unwrap().path().starts_with("/en"), "Enter changed the language");
    b.type_in("child_name", "Trần Minh Khôi\u{e007}").await;
    b.find(".summary").await;
    assert!(!b.client.current_url().await.unwrap().path().starts_with("/en"), "Enter changed the language");
    let name = b.find("[name=child_name]").await.prop("value").await.unwrap();
    assert_eq!(name.as_deref(), Some("Trần Minh Khôi"));
    b.client.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_in_a_field_goes_on_and_changes_no_language() {
    enter_goes_on(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_in_a_field_goes_on_without_script_too() {
    enter_goes_on(false).await;
}

/// What a Vietnamese keyboard sends, raw.
const TELEX: &str = "khoong dduwowcj ghi chus j k r s ?";

/// Types into what has the focus; the page must stay where and as it was.
async fn nothing_moves(b: &Browser, focus: &str, kept: bool) {
    let (before, page) = (b.client.current_url().await.unwrap(), b.text().await);
    let e = b.find(focus).await;
    b.client.execute("arguments[0].scrollIntoView({block:'center'}); arguments[0].focus()", vec![serde_json::to_value(&e).unwrap()]).await.unwrap();
    b.client.active_element().await.unwrap().send_keys(TELEX).await.unwrap();
    assert_eq!(b.client.current_url().await.unwrap(), before, "{focus}");
    assert_eq!(b.text().await, page, "{focus}");
    if kept {
        assert_eq!(b.find(focus).await.prop("value").await.unwrap().as_deref(), Some(TELEX), "{focus}");
    }
    // Enter and a letter while half a word stands there
    const HALF: &str = "return ['Enter', 'j'].map(key => { const e = new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true });
        document.activeElement.dispatchEvent(e); return e.defaultPrevented })";
    assert_eq!(b.client.execute(HALF, vec![]).await.unwrap(), json!([true, false]), "{focus}");
    assert_eq!(b.client.current_url().await.unwrap(), before, "{focus}");
}

#[tokio::test(flavor = "multi_thread")]
async fn telex_keys_at_the_desk_write_words_and_nothing_else() {
    let driver = Driver::start();
    let (world, url) = open().await;
    let code = crate::steps::file_birth(&mut world.lan().await).await;
    let b = driver.browser(&url, 1180, true).await;
    b.sign_in(true, "thoxuong.mot-cua").await;
    nothing_moves(&b, "[name=tim]", true).await;
    nothing_moves(&b, "body", false).await;
    b.goto(&format!("/mot-cua/ho-so/{code}")).await;
    nothing_moves(&b, "textarea", true).await;
    nothing_moves(&b, "input[type=radio]", false).await;
    nothing_moves(&b, "body", false).await;
    b.goto("/thu-tuc").await;
    nothing_moves(&b, "[data-suggest]", true).await;
    b.client.close().await.unwrap();
}

/// The first long wait of a page is over at once.
const HURRY: &str = "const wait = window.setTimeout; let first = true;
    window.setTimeout = (f, ms, ...more) => { const now = first && ms > 60000; if (now) { first = false; } return wait(f, now ? 300 : ms, ...more); }";

#[tokio::test(flavor = "multi_thread")]
async fn before_a_session_ends_one_press_goes_on() {
    let driver = Driver::start();
    let (_world, url) = open().await;
    let b = driver.browser(&url, 390, true).await;
    register(&b, LAN.0, LAN.1, LAN.2).await;
    b.ask("Page.addScriptToEvaluateOnNewDocument", json!({ "source": HURRY })).await.unwrap();
    b.goto("/nop/1.001193").await;
    b.sees("Phiên sắp hết vì đã lâu không có thao tác.").await;
    b.look().await;
    b.press(".note--held button").await;
    b.client.wait().for_element(Locator::Css("main:not(:has(.note--held))")).await.unwrap();
    // what was begun goes on
    begin(&b, BIRTH_BEGUN).await;
    b.sees("Phiên sắp hết vì đã lâu không có thao tác.").await;
    b.client.delete_all_cookies().await.unwrap();
    b.press(".note--held button").await;
    b.sees("Phiên đã hết, hoặc mất mạng. Chữ đã gõ trên trang còn nguyên").await;
    b.look().await;
    b.client.close().await.unwrap();
}
