//! Somebody with a browser without script: keeps cookies, sends the token of the last page, follows where told.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use futures_util::StreamExt;
use http_body_util::BodyExt;
use scraper::{Html, Selector};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// What somebody with a personal number and without an e-mail types to register.
pub fn registration<'a>(name: &'a str, number: &'a str, born: &'a str) -> [(&'static str, &'a str); 6] {
    [("id_kind", "so"), ("number", number), ("full_name", name), ("birth_date", born), ("phone", "0900000001"), ("password", motcua::demo::people::PASSWORD)]
}

#[derive(Clone)]
pub struct Visitor {
    pub router: Router,
    pub cookies: BTreeMap<String, String>,
    pub token: String,
    pub prefix: &'static str,
    /// Before each form is sent as meant, every field of it is tried with odd values.
    pub odd: Option<Odd>,
}

/// What people paste and attackers type; to be escaped, refused in words or kept as typed.
pub const ODD: &[&str] = &[
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "\u{202e}đảo\u{200b} chữ \u{2066}",
    "🙂 {{7*7}} &lt;b&gt; %s ${x} \\",
    "Nguye\u{302}\u{303}n Thi\u{323} La\u{306}n",
    "hai dòng\r\nBcc: ai-do@example.vn",
    "'; drop table dossier; --",
];

/// The fields that were tried: of which form (its address, the parts that name one thing left out), and its name. The
/// fields that a page keeps for itself (`_…`) are tried when nothing hangs on them any more.
#[derive(Clone, Default)]
pub struct Odd {
    pub tried: Arc<Mutex<BTreeSet<(String, String)>>>,
    pub to_the_end: bool,
}

impl Odd {
    /// The address without language, query and names of single things.
    pub fn form(path: &str) -> String {
        let path = path.split(['?', '#']).next().unwrap();
        let path = path.strip_prefix("/en").unwrap_or(path);
        path.split('/').map(|p| if p.len() > 6 && p.bytes().any(|b| b.is_ascii_digit()) { "*" } else { p }).collect::<Vec<_>>().join("/")
    }

    /// Every field with a sign that can't be stored, with ten thousand letters, and with an odd value that is its turn.
    fn values(&self, path: &str, fields: &[(String, String)]) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        let mut tried = self.tried.lock().unwrap();
        for (i, (name, _)) in fields.iter().enumerate().filter(|f| f.1.0 != "_token" && (self.to_the_end || !f.1.0.starts_with('_'))) {
            let fresh = tried.insert((Self::form(path), name.clone()));
            let turn = ODD[(i + tried.len()) % ODD.len()];
            // a field met again is tried with another odd value only; any odd value is a password like another
            let values: &[&str] = match (fresh, name.contains("password")) {
                (true, false) => &["a\0b", &"x".repeat(10_000), turn],
                (true, true) => &["a\0b", &"x".repeat(10_000)],
                (false, secret) => {
                    if secret {
                        &[]
                    } else {
                        &[turn]
                    }
                }
            };
            out.extend(values.iter().map(|v| (i, (*v).to_owned())));
        }
        out
    }
}

/// Whether a form was taken as it was sent: on to the next page, neither to signing in nor back to choose something.
fn taken(shown: &Shown) -> bool {
    shown.status == 303 && !["dang-nhap", "chon="].iter().any(|back| shown.location().contains(back))
}

/// An odd value broke nothing and stands nowhere as markup.
pub fn harmless(shown: &Shown, path: &str, sent: &[(String, String)]) {
    assert!(shown.status < 500, "{path}: {} for {sent:?}", shown.status);
    let text = shown.text();
    assert!(!text.contains("<script>alert") && !text.contains("<img src=x") && !text.contains('\0'), "{path}: not escaped: {sent:?}");
}

/// An answer as a person sees it.
pub struct Shown {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// The view struct it was rendered from, as named in the code.
    pub view: Option<&'static str>,
}

impl Shown {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn location(&self) -> String {
        self.headers.get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// The words of every element that fits the selector.
    pub fn all(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.text());
        let s = Selector::parse(selector).unwrap();
        html.select(&s).map(|e| e.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    pub fn attr(&self, selector: &str, name: &str) -> Option<String> {
        let html = Html::parse_document(&self.text());
        let s = Selector::parse(selector).unwrap();
        html.select(&s).next().and_then(|e| e.value().attr(name)).map(str::to_owned)
    }

    /// The attribute of every element that fits the selector.
    pub fn attrs(&self, selector: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.text());
        html.select(&Selector::parse(selector).unwrap()).filter_map(|e| e.value().attr(name)).map(str::to_owned).collect()
    }

    pub fn h1(&self) -> String {
        self.all("h1").join(" | ")
    }
}

impl Visitor {
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), token: String::new(), prefix: "", odd: None }
    }

    /// Reads the portal in English from now on.
    pub fn speak_english(&mut self) {
        self.prefix = "/en";
    }

    pub fn forget_cookie(&mut self, name: &str) {
        self.cookies.remove(name);
    }

    pub fn cookie_line(&self) -> String {
        self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ")
    }

    async fn send(&mut self, request: Request<Body>) -> Shown {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for c in parts.headers.get_all(header::SET_COOKIE) {
            let pair = c.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        let view = parts.extensions.get::<motcua::web::page::View>().map(|v| v.0);
        let shown = Shown { status: parts.status.as_u16(), headers: parts.headers, body, view };
        if let Some(token) = shown.attr("input[name=_token]", "value") {
            self.token = token;
        }
        shown
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies = self.cookie_line();
        let path = path.split('#').next().unwrap();
        let prefix = if path.starts_with("/en") { "" } else { self.prefix };
        Request::builder().method(method).uri(format!("{prefix}{path}")).header(header::COOKIE, cookies).header(header::HOST, "127.0.0.1:8080")
    }

    pub async fn get(&mut self, path: &str) -> Shown {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// Any method, with these headers in place of a browser's.
    pub async fn ask(&mut self, method: &str, path: &str, headers: &[(&'static str, &str)]) -> Shown {
        let mut request = Request::builder().method(method).uri(path);
        for (k, v) in headers {
            request = request.header(*k, *v);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// How many bytes go over the line to a browser: pages as gzip, files as Brotli.
    pub async fn compressed(&mut self, path: &str) -> usize {
        let request = self.request("GET", path).header(header::ACCEPT_ENCODING, "gzip, br").body(Body::empty()).unwrap();
        self.send(request).await.body.len()
    }

    /// Sends a form with the token of the last page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let token = self.token.clone();
        let mut all: Vec<(&str, &str)> = vec![("_token", token.as_str())];
        all.extend_from_slice(fields);
        self.post_raw(path, &all, &[]).await
    }

    /// Signs in by the page of citizens (`/dang-nhap`) or of staff, with everybody's password in a demo.
    pub async fn sign_in(&mut self, door: &str, number: &str) {
        self.get(door).await;
        let shown = self.post(door, &[("number", number), ("password", motcua::demo::people::PASSWORD)]).await;
        assert_eq!(shown.status, 303, "{number}: {}", shown.text());
    }

    /// Registers by the page, with everybody's password in a demo.
    pub async fn register(&mut self, name: &str, number: &str, born: &str) -> Shown {
        self.get("/dang-ky").await;
        self.post("/dang-ky", &registration(name, number, born)).await
    }

    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&'static str, &str)]) -> Shown {
        let mut fields: Vec<(String, String)> = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        if let Some(odd) = self.odd.clone().filter(|_| fields.iter().any(|f| f.0 == "_token")) {
            for (i, value) in odd.values(path, &fields) {
                let mut sent = fields.clone();
                sent[i].1 = value;
                let shown = self.post_as_it_is(path, &sent, headers).await;
                harmless(&shown, path, &sent);
                if taken(&shown) {
                    return shown;
                }
                // the next try goes on from the page that came back, as a person does
                for f in fields.iter_mut().filter(|f| f.0.starts_with('_') && f.0 != "_q") {
                    f.1 = shown.attr(&format!("input[name={}]", f.0), "value").unwrap_or_else(|| f.1.clone());
                }
            }
        }
        self.post_as_it_is(path, &fields, headers).await
    }

    async fn post_as_it_is(&mut self, path: &str, fields: &[(String, String)], headers: &[(&'static str, &str)]) -> Shown {
        let body = fields.iter().map(|(k, v)| format!("{}={}", motcua::web::urls::escape(k), motcua::web::urls::escape(v))).collect::<Vec<_>>().join("&");
        let mut request = self.request("POST", path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (k, v) in headers {
            request = request.header(*k, *v);
        }
        let request = request.body(Body::from(body)).unwrap();
        self.send(request).await
    }

    /// Sends files as a browser does: fields first, then each file.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Shown {
        let fields: Vec<(String, String)> = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        if let Some(odd) = self.odd.clone() {
            for (i, value) in odd.values(path, &fields) {
                let mut sent = fields.clone();
                sent[i].1 = value;
                let shown = self.upload_as_it_is(path, &sent, files).await;
                harmless(&shown, path, &sent);
                if taken(&shown) {
                    return shown;
                }
            }
        }
        self.upload_as_it_is(path, &fields, files).await
    }

    async fn upload_as_it_is(&mut self, path: &str, fields: &[(String, String)], files: &[(&str, &[u8])]) -> Shown {
        let edge = "----motcua-test";
        let mut body = Vec::new();
        let token = self.token.clone();
        for (k, v) in fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).chain([("_token", token.as_str())]) {
            body.extend_from_slice(format!("--{edge}\r\nContent-Disposition: form-data; name=\"{k}\"\r\n\r\n{v}\r\n").as_bytes());
        }
        for (name, bytes) in files {
            body.extend_from_slice(format!("--{edge}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{edge}--\r\n").as_bytes());
        let request = self.request("POST", path).header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={edge}")).body(Body::from(body)).unwrap();
        self.send(request).await
    }

    /// Sends one file whose second half comes only when told.
    pub async fn upload_slowly(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, Vec<u8>), wait: tokio::sync::oneshot::Receiver<()>) -> Shown {
        let edge = "----motcua-test";
        let mut first = Vec::new();
        let token = self.token.clone();
        for (k, v) in fields.iter().chain(&[("_token", token.as_str())]) {
            first.extend_from_slice(format!("--{edge}\r\nContent-Disposition: form-data; name=\"{k}\"\r\n\r\n{v}\r\n").as_bytes());
        }
        first.extend_from_slice(format!("--{edge}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{}\"\r\n\r\n", file.0).as_bytes());
        let (half, rest) = file.1.split_at(file.1.len() / 2);
        first.extend_from_slice(half);
        let mut second = rest.to_vec();
        second.extend_from_slice(format!("\r\n--{edge}--\r\n").as_bytes());
        let parts = futures_util::stream::once(async move { Ok::<_, std::io::Error>(first) }).chain(futures_util::stream::once(async move {
            let _ = wait.await;
            Ok(second)
        }));
        let request = self.request("POST", path).header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={edge}")).body(Body::from_stream(parts)).unwrap();
        self.send(request).await
    }

    /// Everything a browser would send of the page's form: every control with its value, and these typed over.
    pub fn filled(shown: &Shown, form: &str, typed: &[(&str, &str)]) -> Vec<(String, String)> {
        let html = Html::parse_document(&shown.text());
        let mut out: Vec<(String, String)> = Vec::new();
        let selector = Selector::parse(&format!("{form} input, {form} select, {form} textarea")).unwrap();
        let chosen = Selector::parse("option[selected]").unwrap();
        for e in html.select(&selector) {
            let v = e.value();
            let (Some(name), kind) = (v.attr("name"), v.attr("type").unwrap_or("")) else { continue };
            if typed.iter().any(|t| t.0 == name) && name != "_q" || kind == "file" {
                continue;
            }
            if (kind == "radio" || kind == "checkbox") && v.attr("checked").is_none() {
                continue;
            }
            let value = match v.name() {
                "select" => e.select(&chosen).next().and_then(|o| o.value().attr("value")).unwrap_or("").to_owned(),
                "textarea" => e.text().collect::<String>().trim_start_matches('\n').to_owned(),
                _ => v.attr("value").unwrap_or(if kind == "checkbox" { "on" } else { "" }).to_owned(),
            };
            out.push((name.to_owned(), value));
        }
        out.extend(typed.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        out
    }

    /// Fills a page's form and sends it.
    pub async fn fill(&mut self, shown: &Shown, form: &str, action: &str, typed: &[(&str, &str)]) -> Shown {
        let all = Self::filled(shown, form, typed);
        let all: Vec<(&str, &str)> = all.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        self.post_raw(action, &all, &[]).await
    }
}
