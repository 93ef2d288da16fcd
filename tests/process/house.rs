//! A portal as a process of its own, with its folder and its database, and browsers over the wire.

use crate::steps;
use crate::world::{SECRET, Visitor};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http_body_util::BodyExt;
use motcua::base::time::Clock;
use motcua::platform::embedded;
use sqlx::{Connection, PgConnection};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

pub fn motcua(args: &[&str]) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_motcua"));
    c.args(args).env_remove("DATABASE_URL").env("MOTCUA_LOG", "warn").stdin(Stdio::null());
    c
}

pub fn said(o: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr))
}

/// A folder of its own, gone afterwards.
pub struct Folder(pub PathBuf);

impl Folder {
    /// One with a catalogue loaded.
    pub fn with_catalogue(name: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = Self::new(name);
        let loaded = folder.in_it(motcua(&["catalogue", "import", "tests/data/catalogue"])).output().unwrap();
        assert!(loaded.status.success(), "{}", said(&loaded));
        folder
    }

    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("motcua-process-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn in_it(&self, mut c: Command) -> Command {
        c.env("MOTCUA_DATA", &self.0);
        c
    }

    /// A connection to the database that a portal runs here.
    pub async fn conn(&self) -> PgConnection {
        let (options, _) = embedded::attach(&self.0, None).await.unwrap().unwrap();
        PgConnection::connect_with(&options).await.unwrap()
    }

    /// Its address, for a program beside that portal.
    pub async fn database_url(&self) -> String {
        let (options, _) = embedded::attach(&self.0, None).await.unwrap().unwrap();
        format!("postgres://motcua@localhost/motcua?host={}", motcua::web::urls::escape(options.get_host()))
    }

    /// Kills the postmaster and waits until the portal has started another.
    pub async fn kill_postmaster(&self) {
        let before = self.postmaster();
        kill("-KILL", &before);
        let begun = Instant::now();
        while self.postmaster().is_empty() || self.postmaster() == before {
            assert!(begun.elapsed() < Duration::from_secs(60), "PostgreSQL was not started again");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The process of the database; empty while none runs, or its file is just being written.
    pub fn postmaster(&self) -> String {
        std::fs::read_to_string(self.0.join("pg/postmaster.pid")).unwrap_or_default().lines().next().unwrap_or_default().to_owned()
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

pub fn kill(signal: &str, pid: &str) {
    assert!(Command::new("kill").args([signal, pid]).status().unwrap().success());
}

pub struct Portal {
    pub child: Child,
    pub url: String,
}

impl Portal {
    pub async fn start(folder: &Folder) -> Self {
        Self::start_at(folder, free_port(), &[]).await
    }

    /// At this port, with the tests' gateway and these settings.
    pub async fn start_at(folder: &Folder, port: u16, settings: &[(&str, &str)]) -> Self {
        Self::run(folder.in_it(motcua(&["serve"])), port, settings).await
    }

    /// With its log in a file, down to this level.
    pub async fn logging(folder: &Folder, level: &str) -> (Self, PathBuf) {
        Self::logging_with(folder, level, &[]).await
    }

    pub async fn logging_with(folder: &Folder, level: &str, settings: &[(&str, &str)]) -> (Self, PathBuf) {
        let at = folder.0.join("log.json");
        let mut c = folder.in_it(motcua(&["serve"]));
        c.stderr(std::fs::File::create(&at).unwrap()).stdout(Stdio::null());
        c.env("MOTCUA_LOG", level);
        (Self::run(c, free_port(), settings).await, at)
    }

    async fn run(mut c: Command, port: u16, settings: &[(&str, &str)]) -> Self {
        c.env("MOTCUA_LISTEN", format!("127.0.0.1:{port}")).envs(settings.iter().copied());
        c.envs([("MOTCUA_VNPAY_TMN_CODE", "MOTCUA01"), ("MOTCUA_VNPAY_HASH_SECRET", SECRET), ("MOTCUA_VNPAY_PAY_URL", "http://127.0.0.1:1/pay"), ("MOTCUA_VNPAY_API_URL", "http://127.0.0.1:1/ask")]);
        let portal = Self { child: c.spawn().unwrap(), url: format!("http://127.0.0.1:{port}") };
        portal.ready().await;
        portal
    }

    pub async fn ready(&self) {
        let begun = Instant::now();
        while reqwest::get(format!("{}/readyz", self.url)).await.map(|r| r.status().as_u16()).unwrap_or_default() != 200 {
            assert!(begun.elapsed() < Duration::from_secs(60), "the portal is not ready after a minute");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// A browser over the wire. Where nobody answers it waits, as a person does.
    pub fn visitor(&self) -> Visitor {
        visitor(self.url.clone(), None)
    }

    /// A browser that says 599 where nobody answers, or nobody has answered in time.
    pub fn impatient(&self, patience: Duration) -> Visitor {
        visitor(self.url.clone(), Some(patience))
    }
}

pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn visitor(url: String, patience: Option<Duration>) -> Visitor {
    let mut client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    if let Some(p) = patience {
        client = client.timeout(p);
    }
    let client = client.build().unwrap();
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
        let Ok((status, headers, bytes)) = whole else {
            if patience.is_some() {
                return Response::builder().status(599).body(Body::empty()).unwrap();
            }
            return std::future::pending().await;
        };
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }))
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Name, personal number, birth date. Real numbers: this portal is no demo.
pub const MOTHERS: [(&str, &str, &str); 2] = [("Nguyễn Thị Lan", "024190000025", "10/05/1990"), ("Vi Thị Hoa", "024191000033", "11/06/1991")];

pub async fn file_birth(v: &mut Visitor, mother: (&str, &str, &str)) -> String {
    let draft = ready_birth(v, mother).await;
    steps::submit(v, &draft).await
}

/// A birth before its last press; its draft.
pub async fn ready_birth(v: &mut Visitor, (name, number, born): (&str, &str, &str)) -> String {
    let draft = birth_without_papers(v, (name, number, born)).await;
    steps::send_papers(v, &draft).await;
    draft
}

/// A birth of ten days ago by the machine's clock, its form filled in; its draft.
pub async fn birth_without_papers(v: &mut Visitor, (name, number, born): (&str, &str, &str)) -> String {
    let draft = steps::begin_birth(v).await;
    let child = (Clock::System.today() - chrono::Days::new(10)).format("%d/%m/%Y").to_string();
    let answers: Vec<(&str, &str)> = steps::BIRTH
        .iter()
        .map(|(k, value)| match *k {
            "child_birth_date" => (*k, child.as_str()),
            "mother_name" => (*k, name),
            "mother_id" => (*k, number),
            "mother_birth_date" => (*k, born),
            _ => (*k, *value),
        })
        .collect();
    let shown = steps::fill_form(v, &draft, &answers).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    draft
}

pub async fn register(portal: &Portal, name: &str, number: &str, born: &str) -> Visitor {
    let mut v = portal.visitor();
    let shown = v.register(name, number, born).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    v
}
