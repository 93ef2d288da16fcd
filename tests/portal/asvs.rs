//! OWASP ASVS 5.0.0, level 2: a test for each row that concerns this portal, named by the row's id. Rows that another
//! file tells in its users' words carry their id there (`rights`, `security`, `desk`, `uploads`, `throttles`).

use crate::samples::{self, Sample};
use crate::steps::{begin_birth, file_birth, ready_birth};
use crate::world::{Visitor, World};
use motcua::base::lang::Lang;
use motcua::demo::people::PASSWORD;
use scraper::{ElementRef, Html, Selector};
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::OnceCell;

/// Every kind of page of the portal, once.
async fn pages() -> &'static [Sample] {
    static PAGES: OnceCell<Vec<Sample>> = OnceCell::const_new();
    PAGES.get_or_init(|| samples::walk(Lang::Vi)).await
}

/// What stands in these elements' attribute, on every page.
async fn everywhere(css: &str, attribute: &str) -> Vec<(&'static str, String)> {
    let of = Selector::parse(css).unwrap();
    let mut out = Vec::new();
    for s in pages().await {
        out.extend(Html::parse_document(&s.html).select(&of).filter_map(|e| e.value().attr(attribute)).map(|v| (s.view, v.to_owned())));
    }
    out
}

fn sources(dir: &Path, out: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, out);
        } else {
            out.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn code() -> Vec<(String, String)> {
    let mut all = Vec::new();
    sources(Path::new("src"), &mut all);
    all
}

#[tokio::test]
async fn asvs_1_2_2_links_lead_into_the_portal_or_to_the_web_a_telephone_or_a_mailbox() {
    for (view, link) in
        everywhere("[href], [src], [action], [formaction]", "href").await.into_iter().chain(everywhere("[action]", "action").await).chain(everywhere("[formaction]", "formaction").await)
    {
        let fine = link.is_empty() || (link.starts_with('/') && !link.starts_with("//")) || ["#", "?", "https://", "http://127.0.0.1", "mailto:", "tel:"].iter().any(|s| link.starts_with(s));
        assert!(fine, "{view}: {link}");
    }
}

#[tokio::test]
async fn asvs_1_2_3_no_page_carries_a_script_or_a_handler_of_its_own() {
    for s in pages().await {
        let html = Html::parse_document(&s.html);
        for e in html.select(&Selector::parse("*").unwrap()) {
            let inline = e.value().name() == "script" && (e.value().attr("src").is_none() || !e.text().collect::<String>().trim().is_empty());
            assert!(!inline && !e.value().attrs().any(|(name, _)| name.starts_with("on") || name == "style"), "{}: {:?}", s.view, e.value());
        }
    }
}

#[tokio::test]
async fn asvs_1_2_4_text_searched_for_never_becomes_a_statement() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    for text in ["'", "' or 1=1 --", "'; select pg_sleep(9); --", "%", "_", "\\"] {
        desk.get("/mot-cua").await;
        let found = desk.post("/mot-cua/tim", &[("tim", text)]).await;
        assert_eq!(found.status, 200, "{text}");
        assert!(found.all("tbody tr").is_empty(), "{text} found something");
    }
}

#[test]
fn asvs_1_2_5_no_shell_is_started() {
    for (file, text) in code() {
        assert!(!["\"sh\"", "\"bash\"", "sh -c"].iter().any(|s| text.contains(s)), "{file}");
    }
}

#[tokio::test]
async fn asvs_1_3_3_and_2_2_1_a_sign_that_cannot_be_stored_is_refused_in_words_and_text_is_kept_in_one_form() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let path = format!("{}/noi-dung", begin_birth(&mut lan).await);
    lan.get(&path).await;
    let refused = lan.post(&path, &[("child_name", "a\0b")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("ký tự không dùng được"));
    let page = lan.get(&path).await;
    lan.fill(&page, "#e-form", &path, &[("child_birth_place", "Bê\u{323}nh viê\u{323}n")]).await;
    assert_eq!(world.one("select value #>> '{}' from draft_answer where question = 'child_birth_place' order by revision desc limit 1").await, "Bệnh viện");
}

#[test]
fn asvs_1_3_6_only_the_gateway_is_ever_called() {
    for (file, text) in code() {
        assert!(!text.contains("reqwest::") || ["src/payment/vnpay.rs", "src/demo/gateway.rs"].contains(&file.as_str()), "{file} calls addresses");
    }
}

#[test]
fn asvs_1_3_7_templates_are_compiled_and_nothing_is_let_through_unescaped() {
    let mut all = Vec::new();
    sources(Path::new("templates"), &mut all);
    for (file, text) in all {
        // the one drawing that the portal makes itself
        let text = text.replace("{{ qr|safe }}", "");
        assert!(!text.contains("|safe") && !text.contains("| safe"), "{file}");
    }
}

#[tokio::test]
async fn asvs_1_3_11_a_line_end_in_a_name_makes_no_header_of_a_letter() {
    let world = World::new().await;
    let mut v = world.nobody();
    assert_eq!(v.register("Lan\r\nBcc: ai-do", "099190000025", "1990").await.status, 422);
    let mut lan = world.lan().await;
    lan.get("/tai-khoan").await;
    let wrong = lan.post("/tai-khoan", &[("phone", "0900000001"), ("email", "lan@example.vn\r\nBcc: ai-do@example.vn"), ("email_password", PASSWORD)]).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(world.count("select count(*) from account where email is not null").await, 0);
}

#[tokio::test]
async fn asvs_1_4_2_sums_beyond_reason_and_below_nothing_are_refused() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = ready_birth(&mut lan).await;
    for sum in ["-1", "9007199254740993", "99999999999999999999", "0.5", "x"] {
        lan.get(&format!("{draft}/kiem-tra")).await;
        let shown = lan.post(&format!("{draft}/nop"), &[("sum", sum), ("cam-doan", "declared")]).await;
        assert_eq!(shown.status, 422, "{sum}");
    }
    assert_eq!(world.count("select count(*) from dossier").await, 0);
}

#[test]
fn asvs_1_5_1_nothing_here_reads_xml() {
    let manifest = std::fs::read_to_string("Cargo.toml").unwrap();
    assert!(!["quick-xml", "roxmltree", "xml-rs", "xmltree"].iter().any(|x| manifest.contains(x)));
}

#[tokio::test]
async fn asvs_2_2_2_what_a_browser_would_not_let_through_the_portal_refuses_too() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    lan.get("/nop/1.001193").await;
    let whole = [("commune", crate::steps::WARD), ("case", "thuong"), ("for_whom", "child"), ("channel", "electronic"), ("exemption", "khong")];
    for i in 0..whole.len() {
        let mut fields = whole.to_vec();
        fields[i].1 = "khong-co-trong-danh-sach";
        assert_eq!(lan.post("/nop/1.001193", &fields).await.status, 422, "{:?}", fields[i]);
    }
    let long = "x".repeat(301);
    let mut post = whole.to_vec();
    post[3].1 = "post";
    post.push(("post_to", &long));
    let refused = lan.post("/nop/1.001193", &post).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains(&long), "what was typed comes back whole");
    assert_eq!(world.count("select count(*) from draft").await, 0);
}

#[tokio::test]
async fn asvs_2_3_3_a_filing_that_breaks_half_way_leaves_nothing() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = ready_birth(&mut lan).await;
    let break_it = "create function breaks() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
                    create trigger breaks before insert on dossier_event for each row execute function breaks()";
    sqlx::raw_sql(break_it).execute(&mut world.conn().await).await.unwrap();
    let check = lan.get(&format!("{draft}/kiem-tra")).await;
    let sum = check.attr("input[name=sum]", "value").unwrap();
    assert_eq!(lan.post(&format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await.status, 500);
    for table in ["select count(*) from dossier", "select count(*) from queue_row", "select count(*) from message", "select count(*) from job where kind = 'tell'"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    sqlx::raw_sql("drop trigger breaks on dossier_event").execute(&mut world.conn().await).await.unwrap();
    crate::steps::submit(&mut lan, &draft).await;
}

#[tokio::test]
async fn asvs_3_3_1_to_3_3_4_cookies_are_of_this_host_unseen_by_script_and_for_tls_only() {
    let world = World::with(|c| c.public_url = "https://dichvucong.example.vn".to_owned()).await;
    let mut v = world.nobody();
    let shown = v.get("/dang-ky").await;
    let cookies = |s: &crate::world::visitor::Shown| s.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap().to_owned()).collect::<Vec<_>>();
    let mut all = cookies(&shown);
    all.extend(cookies(&v.register("Nguyễn Thị Lan", "099190000025", "1990").await));
    assert!(all.len() >= 2, "{all:?}");
    for c in all {
        assert!(c.starts_with("__Host-") && !c.to_lowercase().contains("domain"), "{c}");
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(c.contains(part), "{c}: {part}");
        }
    }
}

/// Pages, papers, styles, refusals, faults, redirects and notices: whatever answers.
#[tokio::test]
async fn asvs_3_4_1_to_3_4_6_and_4_1_1_every_answer_carries_its_headers_errors_too() {
    let world = World::with(|c| c.public_url = "https://dichvucong.example.vn".to_owned()).await;
    let mut v = world.nobody();
    let style = v.get("/").await.attr("link[rel=stylesheet]", "href").unwrap();
    for path in ["/", "/khong-co", "/thu-tuc/1.001193", "/dang-nhap", "/ho-so", "/thu-tuc/goi-y?q=khai", "/thanh-toan/vnpay/ipn?x=1", "/healthz", "/static/khong-co", &style] {
        let shown = v.ask("GET", path, &[("origin", "https://ke-khac.example"), ("host", "dichvucong.example.vn")]).await;
        let h = |k: &str| shown.headers.get(k).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        assert!(h("content-security-policy").starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}");
        assert!(h("content-security-policy").contains("form-action 'self' http://127.0.0.1:1;"), "{path}: the gateway may be gone to");
        for part in ["base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"] {
            assert!(h("content-security-policy").contains(part), "{path}: {part}");
        }
        assert_eq!(h("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(h("referrer-policy"), "same-origin", "{path}");
        assert_eq!(h("strict-transport-security"), "max-age=31536000; includeSubDomains", "{path}");
        assert!(!shown.headers.keys().any(|k| k.as_str().starts_with("access-control-")), "{path}");
        let kind = h("content-type");
        assert!(shown.body.is_empty() || kind.contains("charset=utf-8") || kind == "application/json" || kind.starts_with("font/") || kind.starts_with("image/"), "{path}: {kind}");
    }
}

/// Each form of the portal: without its token, with another's, from another site.
#[tokio::test]
async fn asvs_3_5_1_and_3_5_3_no_form_is_taken_without_its_token_or_from_elsewhere() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let token = lan.get("/tai-khoan").await.attr("input[name=_token]", "value").unwrap();
    let other = world.binh().await.get("/tai-khoan").await.attr("input[name=_token]", "value").unwrap();
    let mut tried = std::collections::BTreeSet::new();
    let is_form = Selector::parse("form[method=post]").unwrap();
    for s in pages().await {
        for f in Html::parse_document(&s.html).select(&is_form) {
            assert!(token_of(f).is_some(), "{}: a form without a token", s.view);
            tried.insert(f.value().attr("action").unwrap_or_default().to_owned());
        }
    }
    assert!(tried.len() > 40, "{}", tried.len());
    let before = world.one("select md5(string_agg(d::text, '')) from dossier d").await;
    for path in ["/tai-khoan", "/tai-khoan/mat-khau", "/to-chuc", "/thanh-toan", "/thoat", "/nop/1.001193", &format!("/ho-so/{code}/rut"), &format!("/ho-so/{code}/tuong-tu")] {
        for (token, headers) in [("", &[][..]), ("0123", &[]), (&*other, &[]), (&*token, &[("origin", "https://ke-khac.example")]), (&*token, &[("sec-fetch-site", "cross-site")])] {
            let shown = lan.post_raw(path, &[("_token", token), ("phone", "0900000009")], headers).await;
            assert_eq!(shown.status, 403, "{path} with {token:.8} {headers:?}");
        }
    }
    assert_eq!(world.one("select md5(string_agg(d::text, '')) from dossier d").await, before);
    let drafts = world.count("select count(*) from draft").await;
    assert_eq!(lan.get("/thoat").await.status, 405, "nothing changes by following a link");
    for (path, form) in [(format!("/ho-so/{code}/tuong-tu"), format!("/ho-so/{code}")), ("/tai-khoan/mat-khau".to_owned(), "/tai-khoan".to_owned())] {
        assert_eq!(lan.get(&path).await.location(), form, "{path}: leads to the page that holds the form");
    }
    assert_eq!(world.count("select count(*) from draft").await, drafts);
}

fn token_of(form: ElementRef<'_>) -> Option<&str> {
    form.select(&Selector::parse("input[name=_token]").unwrap()).next()?.value().attr("value")
}

#[tokio::test]
async fn asvs_3_7_2_after_signing_in_one_stays_in_the_portal() {
    let world = World::new().await;
    let _ = world.lan().await;
    for next in ["//ke-khac.example", "/\\ke-khac.example", "https:ke-khac.example", "https://ke-khac.example", "/\tke-khac.example", "/a\r\nLocation: //x"] {
        let mut v = world.nobody();
        v.get("/dang-nhap").await;
        let shown = v.post("/dang-nhap", &[("number", "099190000025"), ("password", PASSWORD), ("next", next)]).await;
        assert!(shown.location() == "/ho-so" || shown.status == 422, "{next}: {} {}", shown.status, shown.location());
    }
}

#[tokio::test]
async fn asvs_4_1_3_and_15_3_4_an_address_is_believed_from_a_listed_proxy_only() {
    for (trusted, throttled) in [(false, true), (true, false)] {
        let world = World::with(|c| {
            c.searches_per_second = std::num::NonZeroU32::MIN;
            if trusted {
                c.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
            }
        })
        .await;
        let mut last = 0;
        for n in 0..6 {
            let by = format!("203.0.113.{n}, 127.0.0.1");
            last = world.nobody().ask("GET", &format!("/thu-tuc?q=a{n}"), &[("x-forwarded-for", &by), ("host", "127.0.0.1:8080")]).await.status;
        }
        assert_eq!(last == 429, throttled, "trusted: {trusted}");
    }
}

/// One message, one answer: what two servers could read in two ways is refused, and the line closed.
#[tokio::test]
async fn asvs_4_2_1_a_request_of_two_meanings_is_refused_and_its_line_closed() {
    let world = World::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(motcua::web::serve::serve(listener, world.router.clone(), std::future::pending()));
    for head in ["Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: +5\r\n", "X-A: a\rb\r\n", "Content-Length : 5\r\n"] {
        let mut s = tokio::net::TcpStream::connect(address).await.unwrap();
        s.write_all(format!("POST /dang-nhap HTTP/1.1\r\nHost: x\r\n{head}\r\n0\r\n\r\nGET /ma-an HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
        let mut all = String::new();
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), s.read_to_string(&mut all)).await.expect("the line is closed");
        assert!(all.starts_with("HTTP/1.1 400") && all.matches("HTTP/1.1").count() == 1, "{head:?}: {all:.300}");
    }
}

#[tokio::test]
async fn asvs_14_2_1_no_address_names_a_person_or_carries_a_secret() {
    let secret = ["099190000025", "0991", "0900000001", "lan@example", "nguyen", "Nguyễn", "_token", "khoa=", "motcua_s"];
    for attribute in ["href", "action", "formaction", "src"] {
        for (view, link) in everywhere(&format!("[{attribute}]"), attribute).await {
            // what the page links to elsewhere is its source in law
            assert!(link.starts_with("https://") || !secret.iter().any(|s| link.contains(s)), "{view}: {link}");
        }
    }
}

#[tokio::test]
async fn asvs_14_3_1_and_14_3_2_private_pages_are_not_kept_and_signing_out_clears() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    for path in ["/ho-so", "/tai-khoan", "/thanh-toan", "/to-chuc", &format!("/ho-so/{code}"), "/thu-tuc/1.001193"] {
        assert_eq!(lan.get(path).await.headers["cache-control"], "no-store", "{path}");
    }
    lan.get("/ho-so").await;
    assert_eq!(lan.post("/thoat", &[]).await.headers["clear-site-data"], "\"cache\", \"storage\"");
    assert_eq!(lan.get("/ho-so").await.status, 303);
}

#[test]
fn asvs_14_3_3_nothing_is_kept_in_the_browser() {
    let script = std::fs::read_to_string("static/js/motcua.js").unwrap();
    assert!(!["localStorage", "sessionStorage", "indexedDB", "document.cookie"].iter().any(|s| script.contains(s)));
}

#[tokio::test]
async fn asvs_15_3_7_of_a_field_given_twice_the_first_is_taken() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    lan.get("/tai-khoan").await;
    assert_eq!(lan.post("/tai-khoan", &[("phone", "0900000002"), ("phone", "0900000003")]).await.status, 303);
    assert_eq!(world.one("select phone from account").await, "0900000002");
    let twice = lan.get("/thu-tuc?q=khai%20sinh&q=xyzkhongco").await;
    assert!(!twice.all(".list__name").is_empty(), "in a query too");
}

#[tokio::test]
async fn asvs_13_4_1_to_13_4_5_nothing_of_the_inside_is_shown_to_the_public() {
    let world = World::new().await;
    for path in ["/.git/config", "/.env", "/Cargo.toml", "/static/", "/static/../Cargo.toml", "/static/..%2fCargo.toml", "/metrics", "/debug", "/server-status", "/backup", "/quan-tri"] {
        let shown = world.nobody().get(path).await;
        assert_eq!(shown.status, 404, "{path}");
    }
    for method in ["TRACE", "TRACK", "PUT", "DELETE", "PATCH", "CONNECT"] {
        let shown = world.nobody().ask(method, "/dang-nhap", &[("host", "127.0.0.1:8080")]).await;
        assert!([404, 405].contains(&shown.status), "{method}: {}", shown.status);
    }
}

#[tokio::test]
async fn asvs_15_2_3_outside_a_demo_there_is_no_sample_person_and_no_page_for_trying() {
    let world = World::new().await;
    sqlx::raw_sql("delete from setting where key = 'demo'").execute(&mut world.conn().await).await.unwrap();
    let app = motcua::app::App::new((*world.app.portal.config).clone(), world.app.portal.db.clone(), world.app.portal.clock.clone()).await.unwrap();
    let mut v = Visitor::new(app.router());
    assert_eq!(v.get("/thu-demo").await.status, 404);
    assert!(!v.get("/").await.text().contains("Bản demo"));
    assert_eq!(world.count("select (select count(*) from account) + (select count(*) from staff)").await, 0);
    assert_eq!(v.register("Nguyễn Thị Lan", "099190000025", "1990").await.status, 422, "a sample person's number is nobody's");
}

#[tokio::test]
async fn asvs_13_3_1_settings_show_no_secret() {
    let world = World::with(|c| c.smtp_url = Some("smtp://lan:mat-khau-thu@127.0.0.1:1".to_owned().into())).await;
    let printed = format!("{:?}", world.app.portal.config);
    assert!(!printed.contains(crate::world::SECRET) && !printed.contains("mat-khau-thu"), "{printed}");
}

#[tokio::test]
async fn asvs_16_5_1_a_broken_page_says_words_and_a_number_to_quote() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    sqlx::raw_sql("alter table dossier rename column owner_name to owner_gone").execute(&mut world.conn().await).await.unwrap();
    for path in ["/ho-so".to_owned(), format!("/ho-so/{code}")] {
        let shown = lan.get(&path).await;
        assert_eq!(shown.status, 500, "{path}");
        let text = shown.all("main").join(" ");
        assert!(!["owner_", "column", "select", "sqlx", "src/", "/var/", "panicked"].iter().any(|w| text.contains(w)), "{text}");
        assert!(!shown.all("main .figure").is_empty(), "a number to quote: {text}");
    }
}

/// What limits tries stands in the database: when it can't be asked, nobody is let in unasked.
#[tokio::test]
async fn asvs_16_5_3_without_its_limiter_nobody_signs_in() {
    let world = World::new().await;
    let _ = world.lan().await;
    sqlx::raw_sql("alter table sign_in_try rename to sign_in_gone").execute(&mut world.conn().await).await.unwrap();
    let mut v = world.nobody();
    v.get("/dang-nhap").await;
    let shown = v.post("/dang-nhap", &[("number", "099190000025"), ("password", PASSWORD)]).await;
    assert_eq!(shown.status, 500);
    assert_eq!(v.get("/ho-so").await.status, 303, "not signed in");
}
