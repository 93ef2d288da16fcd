//! Files of every kind that people and attackers send (ASVS 5.0.0, chapter 5): the right word, or kept and served harmless.

use crate::steps::{BIRTH, begin_birth, fill_form};
use crate::world::{Visitor, World};
use axum::body::{Body, Bytes};
use axum::http::Request;
use motcua::demo::world::pdf;
use tower::ServiceExt;

fn report(path: &str) -> Vec<u8> {
    std::fs::read(format!("tests/data/reports/{path}")).unwrap()
}

/// A person at the papers step: where files are sent, and into which slot.
async fn at_papers(world: &World) -> (Visitor, String, String) {
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    fill_form(&mut lan, &draft, BIRTH).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    (lan, draft, slot)
}

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
    let mut c = flate2::Crc::new();
    c.update(kind);
    c.update(body);
    out.extend_from_slice(kind);
    out.extend_from_slice(body);
    out.extend_from_slice(&c.sum().to_be_bytes());
    out
}

/// A PNG that says it is so large; its data are a few bytes.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut ihdr = width.to_be_bytes().to_vec();
    ihdr.extend_from_slice(&height.to_be_bytes());
    ihdr.extend_from_slice(&[8, 2, 0, 0, 0]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &ihdr), chunk(b"IDAT", &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]), chunk(b"IEND", b"")].concat()
}

#[tokio::test]
async fn asvs_5_1_1_kinds_and_size_stand_beside_each_slot() {
    let world = World::new().await;
    let (mut lan, draft, _) = at_papers(&world).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    for slot in page.all("section.slot") {
        assert!(slot.contains("PDF") && slot.contains("JPG") && slot.contains("MB"), "{slot}");
    }
    let heic = [&[0, 0, 0, 24][..], b"ftypheic", &[0; 40]].concat();
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    let shown = lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[("IMG_0001.HEIC", &heic)]).await;
    assert!(shown.status == 422 && shown.all(".summary li").join("").contains("IMG_0001.HEIC"), "{:?}", shown.all(".summary li"));
}

/// Ten gigabytes are refused before a byte of them is read.
#[tokio::test]
async fn asvs_5_2_1_a_declared_size_beyond_reason_is_refused_unread() {
    let world = World::new().await;
    let (lan, draft, _) = at_papers(&world).await;
    let body = futures_util::stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, std::io::Error>>> { panic!("a byte was read") });
    let request = Request::post(format!("{draft}/giay-to/gui"))
        .header("cookie", lan.cookie_line())
        .header("content-type", "multipart/form-data; boundary=x")
        .header("content-length", "10737418240")
        .body(Body::from_stream(body))
        .unwrap();
    assert_eq!(world.router.clone().oneshot(request).await.unwrap().status(), 413);
}

/// What a file says it is, how it begins and how it is built agree; else it is refused by its name, in words.
#[tokio::test]
async fn asvs_5_2_2_each_file_gets_the_right_word() {
    let world = World::new().await;
    let (mut lan, draft, slot) = at_papers(&world).await;
    let whole = pdf("x");
    let zip_after = [whole.as_slice(), b"PK\x03\x04 anything"].concat();
    let html_before = [b"<html><script>alert(1)</script>".as_slice(), &whole].concat();
    let cut = whole[..whole.len() / 2].to_vec();
    let jpeg = report("r04/truoc/image.jpg");
    let half = jpeg[..jpeg.len() / 2].to_vec();
    let large = png(20_000, 20_000);
    let files: [(&str, &[u8], &str); 12] = [
        ("khoa.pdf", &report("r12/mo-phai-co-mat-khau.pdf"), "mật khẩu"),
        ("rong.pdf", b"", "rỗng"),
        ("cut.pdf", &cut, "đứt"),
        ("zip.pdf", &zip_after, "hỏng"),
        ("trang.pdf", &html_before, "Loại tệp"),
        ("trang.jpg", b"<html><script>alert(1)</script></html>", "Loại tệp"),
        ("chuong-trinh.jpg", b"MZ\x90\x00\x03\x00\x00\x00", "Loại tệp"),
        ("nua.jpg", &half, "đứt"),
        ("to.png", &large, "400"),
        ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Loại tệp"),
        ("phim.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "phim"),
        ("nen.zip", b"PK\x03\x04\x14\x00\x00\x00", "Loại tệp"),
    ];
    for (name, bytes, words) in files {
        let shown = lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[(name, bytes)]).await;
        let faults = shown.all(".summary li").join("; ");
        assert_eq!(shown.status, 422, "{name}");
        assert!(faults.contains(name) && faults.to_lowercase().contains(&words.to_lowercase()), "{name}: {faults}");
    }
    assert_eq!(world.count("select count(*) from paper").await, 0);
    // and what is only large: a scan of a hundred megapixels
    let shown = lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[("quet.png", &png(10_000, 10_000))]).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
}

/// What follows the end of a picture is a second file in the same bytes: it isn't kept.
#[tokio::test]
async fn a_picture_with_another_file_behind_it_is_kept_as_the_picture_alone() {
    let world = World::new().await;
    let (mut lan, draft, slot) = at_papers(&world).await;
    for (name, bytes) in [("a.jpg", report("r04/truoc/image.jpg")), ("b.png", png(10, 10))] {
        let two = [bytes.as_slice(), b"<html><script>alert(1)</script>", b"PK\x03\x04"].concat();
        assert_eq!(lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[(name, &two)]).await.status, 303, "{name}");
    }
    let page = lan.get(&format!("{draft}/giay-to")).await;
    for link in page.attrs(".file a", "href") {
        let kept = lan.get(&link).await.body;
        assert!(!kept.windows(7).any(|w| w == b"<script") && !kept.windows(4).any(|w| w == b"PK\x03\x04"), "{link}");
    }
}

/// ASVS 3.2.1, 5.3.2: a script in a PDF runs nowhere near the portal; whatever is served says what it is and nothing else.
#[tokio::test]
async fn asvs_3_2_1_papers_are_served_so_that_nothing_in_them_runs_here() {
    let world = World::new().await;
    let (mut lan, draft, slot) = at_papers(&world).await;
    let mut script = String::from_utf8_lossy(&pdf("x")).into_owned();
    script = script.replacen("/Type /Catalog", "/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", 1);
    assert!(script.contains("/JavaScript"), "{script}");
    let files = [("ma.pdf", script.into_bytes()), ("anh.jpg", report("r04/truoc/image.jpg"))];
    for (name, bytes) in &files {
        let shown = lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[(*name, bytes)]).await;
        assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    }
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let links = page.attrs(".file a", "href");
    assert_eq!(links.len(), 2);
    for link in links {
        let shown = lan.get(&link).await;
        let h = |k: &str| shown.headers[k].to_str().unwrap().to_owned();
        assert_eq!(h("x-content-type-options"), "nosniff");
        assert!(h("content-security-policy").starts_with("default-src 'none'"), "{}", h("content-security-policy"));
        assert!(!h("content-security-policy").contains("script-src"));
        assert_eq!(h("cache-control"), "no-store");
        let down = lan.get(&format!("{link}?tai=1")).await;
        assert!(down.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    }
}

/// ASVS 5.3.2, 5.4.1, 5.4.2: the name is data. The paper lies under its digest; lists and headers carry a clean name.
#[tokio::test]
async fn asvs_5_4_1_names_of_files_are_data_and_harmless() {
    let world = World::new().await;
    let (mut lan, draft, slot) = at_papers(&world).await;
    let long = format!("{}.pdf", "x".repeat(300));
    let names =
        ["../../etc/passwd", "..\\..\\boot.ini", "giay\u{202e}fdp.exe", &long, "Gia\u{302}\u{301}y.pdf", "a%22b%0D%0ABcc.pdf", "<script>alert(1)</script>.pdf", "CON", "=cmd.pdf", "\u{200f}x.pdf"];
    for (n, name) in names.iter().enumerate() {
        let shown = lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[(*name, &pdf(&n.to_string()))]).await;
        assert_eq!(shown.status, 303, "{name}: {:?}", shown.all(".summary li"));
    }
    let page = lan.get(&format!("{draft}/giay-to")).await;
    assert!(!page.text().contains("<script>alert"));
    let shown = page.all(".file b");
    assert_eq!(shown.len(), names.len());
    for (name, link) in shown.iter().zip(page.attrs(".file a", "href")) {
        assert!(name.rsplit('.').next() == Some("pdf") && name.chars().count() <= 204, "{name}");
        assert!(!name.chars().any(|c| c.is_control() || motcua::base::fold::is_hidden(c) || "/\\:*?\"<>|".contains(c)), "{name}");
        let header = lan.get(&link).await.headers["content-disposition"].to_str().unwrap().to_owned();
        assert!(header.starts_with("inline; filename=\"") && header.matches('"').count() == 2 && header.contains("filename*=UTF-8''"), "{header}");
    }
    let folder = world.app.portal.config.data.join("papers");
    for dir in std::fs::read_dir(folder).unwrap().flatten().filter(|d| d.file_name() != "incoming") {
        for f in std::fs::read_dir(dir.path()).unwrap().flatten() {
            assert!(f.file_name().to_string_lossy().len() == 64, "{:?}", f.path());
        }
    }
}

/// ASVS 14.2.4: eight turns and a place. What is served stands upright everywhere and tells nothing of where and with what.
#[tokio::test]
async fn asvs_14_2_4_place_and_camera_leave_a_picture_and_its_turn_stays() {
    let world = World::new().await;
    let (mut lan, draft, slot) = at_papers(&world).await;
    let mut files: Vec<(String, Vec<u8>)> = (1..=8).map(|n| (format!("huong-{n}.jpg"), report(&format!("r16/huong-{n}.jpg")))).collect();
    files.push(("co-vi-tri.png".to_owned(), report("r16/co-vi-tri.png")));
    let all: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let shown = lan.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &all).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let links = page.attrs(".file a", "href");
    assert_eq!(links.len(), 9);
    for (n, link) in links.iter().enumerate().take(8) {
        let bytes = lan.get(link).await.body;
        for trace in [&b"GPS"[..], b"http://ns.adobe.com", b"Make", b"Canon", b"Apple"] {
            assert!(!bytes.windows(trace.len()).any(|w| w == trace), "{link}");
        }
        let turned = bytes.windows(6).any(|w| w == b"Exif\0\0");
        assert_eq!(turned, n > 0, "huong-{}: the turn, and where there is none nothing", n + 1);
    }
}

/// What is no multipart post at all gets the portal's page, on every form with files.
#[tokio::test]
async fn a_post_that_is_no_upload_gets_the_portals_own_page() {
    let world = World::new().await;
    let (mut lan, draft, _) = at_papers(&world).await;
    let code = crate::steps::file_birth(&mut lan).await;
    let mut clerk = world.staff("thoxuong.mot-cua").await;
    for (v, path) in [(&mut lan, format!("{draft}/giay-to/gui")), (&mut clerk, format!("/mot-cua/ho-so/{code}/phat-hanh"))] {
        let shown = v.post(&path, &[]).await;
        assert_eq!(shown.status, 400, "{path}");
        assert!(shown.text().contains("Cổng dịch vụ công") && !shown.text().contains("boundary"), "{}", shown.text());
    }
}
