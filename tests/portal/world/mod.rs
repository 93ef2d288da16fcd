//! The world of a test: a portal on its own schema of one PostgreSQL server, a clock that can be moved, persons who visit.

pub mod visitor;

use chrono::{DateTime, Utc};
use motcua::app::App;
use motcua::base::time::{self, Clock};
use motcua::catalogue;
use motcua::demo::people::{PASSWORD, STAFF};
use motcua::payment::vnpay::{hash_data, sign};
use motcua::platform::config::{Config, VnpayConfig};
use motcua::platform::db::{self, Db};
use motcua::platform::jobs::run_one;
use motcua::platform::store;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use std::path::PathBuf;
use tokio::sync::OnceCell;
pub use visitor::Visitor;

static SERVER: OnceCell<PgConnectOptions> = OnceCell::const_new();

/// One server for the whole run, stopped by a watcher when the run has ended.
async fn server() -> &'static PgConnectOptions {
    SERVER
        .get_or_init(|| async {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let data = std::env::temp_dir().join(format!("motcua-tests-{}", std::process::id()));
            let embedded = motcua::platform::embedded::start(&data, None).await.unwrap();
            let options = embedded.options();
            let postmaster = std::fs::read_to_string(data.join("pg/postmaster.pid")).unwrap();
            let postmaster = postmaster.lines().next().unwrap().to_owned();
            std::mem::forget(embedded);
            #[expect(clippy::zombie_processes, reason = "the watcher outlives the run")]
            std::process::Command::new("sh")
                .arg("-c")
                .arg(format!("while kill -0 {} 2>/dev/null; do sleep 0.3; done; kill -INT {postmaster}; sleep 2; rm -rf {}", std::process::id(), data.display()))
                .stdin(std::process::Stdio::null())
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            options
        })
        .await
}

pub const CONFIRM_MAIL: &str = "update account set email = 'lan@example.vn', email_confirmed_at = now()";

pub struct World {
    pub app: App,
    pub router: axum::Router,
    pub options: PgConnectOptions,
    folder: PathBuf,
}

/// Wednesday 25/11/2026, 09:24 in Viet Nam.
pub fn morning() -> DateTime<Utc> {
    at("2026-11-25T09:24")
}

pub fn at(local: &str) -> DateTime<Utc> {
    time::from_local(chrono::NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").unwrap())
}

/// A notice signed as the gateway signs it: đồng, codes, the gateway's number, when it was paid.
pub fn notice(reference: &str, dong: i64, codes: (&str, &str), number: &str, when: &str) -> String {
    let amount = (dong * 100).to_string();
    let params = [
        ("vnp_TmnCode", "MOTCUA01"),
        ("vnp_Amount", &amount),
        ("vnp_BankCode", "NCB"),
        ("vnp_OrderInfo", "Thanh toan"),
        ("vnp_PayDate", when),
        ("vnp_ResponseCode", codes.0),
        ("vnp_TransactionStatus", codes.1),
        ("vnp_TransactionNo", number),
        ("vnp_TxnRef", reference),
    ];
    let data = hash_data(&params.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect());
    format!("{data}&vnp_SecureHash={}", sign(SECRET, &data))
}

pub const SECRET: &str = "SHAREDKEYFORTESTS0123456789ABCDE";

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A portal whose settings are changed before it starts.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let options = server().await.clone();
        let schema = format!("t_{}", motcua::base::random::token());
        let mut conn = PgConnection::connect_with(&options).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(format!("create schema {schema}"))).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        let options = options.options([("search_path", schema.as_str())]);
        db::migrate(&options).await.unwrap();
        let db = Db::open(options.clone(), 8).await.unwrap();
        let folder = std::env::temp_dir().join(format!("motcua-test-{schema}"));
        std::fs::create_dir_all(&folder).unwrap();
        let mut config = Config {
            data: folder.clone(),
            listen: "127.0.0.1:0".parse().unwrap(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            vnpay: Some(VnpayConfig {
                tmn_code: "MOTCUA01".to_owned(),
                hash_secret: SECRET.to_owned().into(),
                pay_url: "http://127.0.0.1:1/paymentv2/vpcpay.html".to_owned(),
                api_url: "http://127.0.0.1:1/merchant_webapi/api/transaction".to_owned(),
                expire_minutes: 15,
                timeout_seconds: 2,
            }),
            smtp_url: None,
            mail_from: "Mot Cua <khong-tra-loi@motcua.invalid>".to_owned(),
            trusted_proxies: Vec::new(),
            searches_per_second: std::num::NonZeroU32::new(500).unwrap(),
        };
        change(&mut config);
        let mut tx = db.begin().await.unwrap();
        store::set(&mut tx, motcua::app::DEMO, &true).await.unwrap();
        store::set(&mut tx, "exchanges", &["population", "civil-status"]).await.unwrap();
        let raw = catalogue::read(std::path::Path::new("tests/data/catalogue")).unwrap();
        catalogue::import(&mut tx, raw, morning()).await.unwrap();
        tx.commit().await.unwrap();
        let app = App::new(config, db, Clock::at(morning())).await.unwrap();
        let router = app.router();
        Self { app, router, options, folder }
    }

    pub fn clock(&self, local: &str) {
        self.app.portal.clock.set(at(local));
    }

    pub fn nobody(&self) -> Visitor {
        Visitor::new(self.router.clone())
    }

    /// A citizen who has registered by the page.
    pub async fn citizen(&self, name: &str, number: &str, born: &str) -> Visitor {
        let mut v = self.nobody();
        let shown = v.register(name, number, born).await;
        assert_eq!(shown.status, 303, "{}", shown.text());
        v
    }

    pub async fn lan(&self) -> Visitor {
        self.citizen("Nguyễn Thị Lan", "099190000025", "10/05/1990").await
    }

    pub async fn binh(&self) -> Visitor {
        self.citizen("Trần Văn Bình", "099085000017", "02/03/1985").await
    }

    /// A member of staff of the demo's people, signed in by the page.
    pub async fn staff(&self, sign_in: &str) -> Visitor {
        let s = STAFF.iter().find(|s| s.sign_in == sign_in).unwrap();
        let hash = motcua::account::password::hash(PASSWORD.to_owned()).await.unwrap();
        let mut tx = self.app.portal.db.begin().await.unwrap();
        motcua::account::add_staff(&mut tx, s.sign_in, s.name, s.unit, s.office, s.roles, Some(&hash), self.app.portal.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        self.back("/can-bo/dang-nhap", sign_in).await
    }

    /// Somebody who has an account, signed in anew: at the start, or when the clock has moved past a session.
    pub async fn back(&self, door: &str, number: &str) -> Visitor {
        let mut v = self.nobody();
        v.sign_in(door, number).await;
        v
    }

    /// The demo's staff, who can sign in.
    pub async fn staff_of_demo(&self) {
        let hash = motcua::account::password::hash(PASSWORD.to_owned()).await.unwrap();
        let mut tx = self.app.portal.db.begin().await.unwrap();
        for s in STAFF {
            motcua::account::add_staff(&mut tx, s.sign_in, s.name, s.unit, s.office, s.roles, Some(&hash), morning()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Everybody has an address that letters may go to.
    pub async fn confirm_mail(&self) {
        sqlx::raw_sql(CONFIRM_MAIL).execute(&mut self.conn().await).await.unwrap();
    }

    /// Runs every job that is due.
    pub async fn settle(&self) {
        let registry = self.app.registry();
        while run_one(&self.app.portal.db, &self.app.portal.clock, &registry, &self.app.portal.hold).await.unwrap() {}
    }

    pub async fn conn(&self) -> PgConnection {
        PgConnection::connect_with(&self.options).await.unwrap()
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut self.conn().await).await.unwrap()
    }

    pub async fn one(&self, sql: &'static str) -> String {
        sqlx::query_scalar(sql).fetch_one(&mut self.conn().await).await.unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
