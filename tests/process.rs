//! The program itself: its commands and their refusals, and what is left when it is killed.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "portal/steps.rs"]
#[expect(dead_code, reason = "shared with the portal's tests")]
mod steps;
#[path = "portal/world/mod.rs"]
#[expect(dead_code, reason = "shared with the portal's tests")]
mod world;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http_body_util::BodyExt;
use motcua::demo::people::PASSWORD;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use world::Visitor;

fn motcua(args: &[&str]) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_motcua"));
    c.args(args).env_remove("DATABASE_URL").env("MOTCUA_LOG", "warn").stdin(Stdio::null());
    c
}

fn said(o: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr))
}

/// A folder of its own, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("motcua-process-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn in_it(&self, mut c: Command) -> Command {
        c.env("MOTCUA_DATA", &self.0);
        c
    }

    fn postmaster(&self) -> String {
        std::fs::read_to_string(self.0.join("pg/postmaster.pid")).unwrap().lines().next().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.0.join("pg/postmaster.pid").exists() {
            kill("-INT", &self.postmaster());
            std::thread::sleep(Duration::from_secs(2));
        }
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn kill(signal: &str, pid: &str) {
    assert!(Command::new("kill").args([signal, pid]).status().unwrap().success());
}

struct Portal {
    child: Child,
    url: String,
}

impl Portal {
    async fn start(folder: &Folder) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = folder.in_it(motcua(&["serve"])).env("MOTCUA_LISTEN", format!("127.0.0.1:{port}")).spawn().unwrap();
        let portal = Self { child, url: format!("http://127.0.0.1:{port}") };
        portal.ready().await;
        portal
    }

    async fn ready(&self) {
        let begun = Instant::now();
        while reqwest::get(format!("{}/readyz", self.url)).await.map(|r| r.status().as_u16()).unwrap_or_default() != 200 {
            assert!(begun.elapsed() < Duration::from_secs(60), "the portal is not ready after a minute");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A browser over the wire. Where nobody answers it waits, as a person does.
    fn visitor(&self) -> Visitor {
        let url = self.url.clone();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Visitor::new(Router::new().fallback(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let bytes = body.collect().await.unwrap().to_bytes();
            let mut headers = parts.headers;
            headers.remove("host");
            let sent = client.request(parts.method, format!("{url}{}", parts.uri)).headers(headers).body(bytes).send().await;
            let whole = match sent {
                Ok(answer) => {
                    let (status, headers) = (answer.status(), answer.headers().clone());
                    answer.bytes().await.map(|b| (status, headers, b))
                }
                Err(e) => Err(e),
            };
            let Ok((status, headers, bytes)) = whole else { return std::future::pending().await };
            let mut response = Response::new(Body::from(bytes));
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            response
        }))
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Name, personal number, birth date. Real numbers: this portal is no demo.
const MOTHERS: [(&str, &str, &str); 2] = [("Nguyễn Thị Lan", "024190000025", "10/05/1990"), ("Vi Thị Hoa", "024191000033", "11/06/1991")];

async fn file_birth(v: &mut Visitor, (name, number, born): (&str, &str, &str)) -> String {
    let draft = steps::begin_birth(v).await;
    let answers: Vec<(&str, &str)> = steps::BIRTH
        .iter()
        .map(|(k, value)| match *k {
            "mother_name" => (*k, name),
            "mother_id" => (*k, number),
            "mother_birth_date" => (*k, born),
            _ => (*k, *value),
        })
        .collect();
    let shown = steps::fill_form(v, &draft, &answers).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    steps::send_papers(v, &draft).await;
    steps::submit(v, &draft).await
}

async fn register(portal: &Portal, name: &str, number: &str, born: &str) -> Visitor {
    let mut v = portal.visitor();
    v.get("/dang-ky").await;
    let shown = v.post("/dang-ky", &[("id_kind", "so"), ("number", number), ("full_name", name), ("birth_date", born), ("phone", "0900000001"), ("password", PASSWORD)]).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    v
}

#[tokio::test]
async fn killed_while_two_people_file_every_acknowledged_code_is_there_once_with_whole_papers() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = Folder::new("kill");
    let loaded = folder.in_it(motcua(&["catalogue", "import", "tests/data/catalogue"])).output().unwrap();
    assert!(loaded.status.success(), "{}", said(&loaded));
    let mut portal = Portal::start(&folder).await;
    let mut people = Vec::new();
    for (name, number, born) in MOTHERS {
        people.push(register(&portal, name, number, born).await);
    }
    let codes: [Arc<Mutex<Vec<String>>>; 2] = [Arc::default(), Arc::default()];
    let filing: Vec<_> = people
        .iter()
        .zip(MOTHERS)
        .zip(&codes)
        .map(|((v, mother), acknowledged)| {
            let (mut v, acknowledged) = (v.clone(), Arc::clone(acknowledged));
            tokio::spawn(async move {
                loop {
                    let code = file_birth(&mut v, mother).await;
                    acknowledged.lock().unwrap().push(code);
                }
            })
        })
        .collect();
    let count = |n: usize| codes.get(n).unwrap().lock().unwrap().len();
    let begun = Instant::now();
    while count(0) < 2 || count(1) < 2 {
        assert!(begun.elapsed() < Duration::from_secs(120), "nobody can file");
        assert!(filing.iter().all(|f| !f.is_finished()), "a filing failed before anything was killed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    kill("-KILL", &portal.child.id().to_string());
    portal.child.wait().unwrap();
    for f in filing {
        f.abort();
    }

    // the database outlived the portal, or is started again: either way everything acknowledged is there
    let portal = Portal::start(&folder).await;
    for (n, (_, number, _)) in MOTHERS.into_iter().enumerate() {
        let mut v = portal.visitor();
        v.get("/dang-nhap").await;
        assert_eq!(v.post("/dang-nhap", &[("number", number), ("password", PASSWORD)]).await.status, 303);
        let mine = v.get("/ho-so").await;
        let shown = mine.attrs("main a[href^='/ho-so/']", "href");
        let acknowledged = codes.get(n).unwrap().lock().unwrap().clone();
        for code in &acknowledged {
            let times = shown.iter().filter(|h| h.ends_with(code.as_str())).count();
            assert_eq!(times, 1, "{code} in {shown:?}");
            let page = v.get(&format!("/ho-so/{code}")).await;
            let papers = page.attrs("main a[href*='/giay-to/']", "href");
            assert!(!papers.is_empty(), "{code} has lost its papers");
            for p in papers {
                let paper = v.get(&p).await;
                assert!(paper.status == 200 && paper.body.starts_with(b"%PDF") && paper.body.trim_ascii_end().ends_with(b"%%EOF"), "{p} is not whole");
            }
        }
    }

    // another portal on the same folder is refused in words
    let second = folder.in_it(motcua(&["serve"])).env("MOTCUA_LISTEN", "127.0.0.1:0").output().unwrap();
    assert!(!second.status.success());
    assert!(said(&second).contains("another"), "{}", said(&second));

    // the database killed under a running portal comes back by itself
    let before = folder.postmaster();
    kill("-KILL", &before);
    let begun = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if folder.0.join("pg/postmaster.pid").exists() && folder.postmaster() != before {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "PostgreSQL was not started again");
    }
    portal.ready().await;
    assert_eq!(portal.visitor().get("/").await.status, 200);

    // asked to stop, the portal stops and takes the database with it
    let mut portal = portal;
    kill("-TERM", &portal.child.id().to_string());
    assert!(portal.child.wait().unwrap().success());
    assert!(!folder.0.join("pg/postmaster.pid").exists());
}

#[test]
fn the_calendar_answers_line_by_line_and_a_bad_line_spoils_no_other() {
    let mut child = motcua(&["calendar", "due"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = "{\"from\":\"2023-12-29T16:00\",\"limit\":\"7wd\"}\nnot json\n{\"from\":\"2024-03-06T10:00\",\"limit\":\"none\"}\n{\"from\":\"2050-03-06T10:00\",\"limit\":\"5wd\"}\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    let said: Vec<Value> = String::from_utf8(out.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let answer = |n: usize, key: &str| said.get(n).unwrap().get(key).cloned();
    assert_eq!(answer(0, "due_at"), Some(json!("2024-01-10T17:00")));
    assert!(answer(1, "error").is_some());
    assert_eq!(answer(2, "due_at"), Some(Value::Null));
    assert!(answer(3, "error").unwrap().as_str().unwrap().contains("2050"));
}

#[test]
fn a_wrong_setting_is_refused_with_name_and_example_and_no_secret_is_printed() {
    let folder = Folder::new("settings");
    let cases: &[(&[(&str, &str)], &[&str])] = &[
        (&[("MOTCUA_PUBLIC_URL", "http://dichvucong.example.vn")], &["MOTCUA_PUBLIC_URL", "https://"]),
        (&[("MOTCUA_LISTEN", "8080")], &["listen"]),
        (&[("MOTCUA_VNPAY_TMN_CODE", "MOTCUA01"), ("MOTCUA_VNPAY_HASH_SECRET", "VERYSECRETVALUE0123")], &["MOTCUA_VNPAY_PAY_URL", "MOTCUA_VNPAY_API_URL"]),
        (&[("MOTCUA_SMTP_URL", "mail.example.vn")], &["MOTCUA_SMTP_URL", "smtps://"]),
        (&[("DATABASE_URL", "mysql://secretuser:secretword@x/y")], &["DATABASE_URL", "postgres://"]),
        (&[("MOTCUA_VNPAY_HASH_SECRET_FILE", "/nowhere/secret")], &["MOTCUA_VNPAY_HASH_SECRET_FILE", "/nowhere/secret"]),
    ];
    for (env, words) in cases {
        let mut c = folder.in_it(motcua(&["serve"]));
        c.envs(env.iter().copied());
        let out = c.output().unwrap();
        let text = said(&out);
        assert!(!out.status.success(), "{env:?} was accepted");
        assert!(words.iter().all(|w| text.to_lowercase().contains(&w.to_lowercase())), "{env:?}: {text}");
        assert!(!text.contains("VERYSECRETVALUE0123") && !text.contains("secretword"), "{text}");
    }
}

/// A copy of the shipped catalogue, changed.
fn spoilt(folder: &Folder, file: &str, change: impl FnOnce(&mut Value)) -> PathBuf {
    let to = folder.0.join("catalogue");
    std::fs::create_dir_all(&to).unwrap();
    for e in std::fs::read_dir("tests/data/catalogue").unwrap().flatten() {
        std::fs::copy(e.path(), to.join(e.file_name())).unwrap();
    }
    let mut json: Value = serde_json::from_str(&std::fs::read_to_string(to.join(file)).unwrap()).unwrap();
    change(&mut json);
    std::fs::write(to.join(file), serde_json::to_string(&json).unwrap()).unwrap();
    to
}

fn check(path: &Path) -> Output {
    motcua(&["catalogue", "check", path.to_str().unwrap()]).output().unwrap()
}

#[test]
fn a_catalogue_is_checked_with_all_its_faults_at_once_and_nothing_is_written() {
    let folder = Folder::new("check");
    assert!(check(Path::new("tests/data/catalogue")).status.success());
    let path = spoilt(&folder, "procedures.json", |json| {
        let list = json["procedures"].as_array_mut().unwrap();
        list[0]["field"] = json!("khong-co-linh-vuc-nay");
        list[1]["code"] = list[2]["code"].clone();
        list[3]["level"] = json!("galaxy");
    });
    let out = check(&path);
    assert_eq!(out.status.code(), Some(1));
    let text = said(&out);
    assert!(text.contains("procedures.json"), "{text}");
    // an enum that isn't one stops the reading of that record only by name; the rest is still told
    assert!(text.contains("galaxy") || text.contains("level"), "{text}");
}

#[test]
fn importing_twice_changes_nothing_and_a_changed_record_makes_a_version() {
    let folder = Folder::new("import");
    let import = |path: &str| {
        let out = folder.in_it(motcua(&["catalogue", "import", path])).output().unwrap();
        assert!(out.status.success(), "{}", said(&out));
        said(&out)
    };
    import("tests/data/catalogue");
    assert!(import("tests/data/catalogue").contains(" 0 records changed"));
    let path = spoilt(&folder, "procedures.json", |json| json["procedures"][0]["name"] = json!("Một tên khác"));
    assert!(import(path.to_str().unwrap()).contains(" 1 records changed"));
    let path = spoilt(&folder, "procedures.json", |json| json["procedures"][0]["field"] = json!("khong-co"));
    let refused = folder.in_it(motcua(&["catalogue", "import", path.to_str().unwrap()])).output().unwrap();
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(import("tests/data/catalogue").contains(" 1 records changed"));
}
