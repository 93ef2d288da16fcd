//! A VNPAY simulator: speaks the gateway's wire on a listener of its own, reached by address only, as the real one would be.
//!
//! It checks our signature, offers every ending on its pay page, sends notices as the real one does (before, after, late,
//! never, twice, wrong), and its `querydr` tells the truth about what was paid.

use crate::base::time::Clock;
use crate::payment::vnpay::{RESPONSE, encode, hash_data, sign, stamp, verify, wire};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(clap::Args, Debug, Clone)]
pub struct GatewayArgs {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub listen: SocketAddr,
    /// The portal's notice address
    #[arg(long, default_value = "http://127.0.0.1:8080/thanh-toan/vnpay/ipn")]
    pub notify: String,
    #[arg(long, default_value = "MOTCUA01")]
    pub terminal: String,
    /// The secret shared with the portal
    #[arg(long, env = "MOTCUA_VNPAY_HASH_SECRET", hide_env_values = true)]
    pub secret: String,
}

#[derive(Clone)]
struct Order {
    reference: String,
    amount: String,
    info: String,
    return_url: String,
    number: u64,
    /// Response code and transaction status once decided.
    outcome: Option<(&'static str, &'static str)>,
    pay_date: String,
}

#[derive(Clone)]
pub struct Simulator {
    args: GatewayArgs,
    orders: Arc<Mutex<HashMap<String, Order>>>,
    client: reqwest::Client,
    clock: Clock,
}

impl Simulator {
    pub fn new(args: GatewayArgs, clock: Clock) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(5)).build()?;
        Ok(Self { args, orders: Arc::default(), client, clock })
    }

    pub fn router(self) -> Router {
        Router::new().route("/paymentv2/vpcpay.html", get(pay_page)).route("/chon", get(choose)).route("/merchant_webapi/api/transaction", post(question)).with_state(self)
    }

    /// The signed parameters of a notice or return.
    fn told(&self, o: &Order, amount: &str, spoil: bool) -> String {
        let (response, status) = o.outcome.unwrap_or(("99", "01"));
        let params: BTreeMap<String, String> = [
            ("vnp_TmnCode", self.args.terminal.as_str()),
            ("vnp_Amount", amount),
            ("vnp_BankCode", "NCB"),
            ("vnp_CardType", "ATM"),
            ("vnp_OrderInfo", &o.info),
            ("vnp_PayDate", &o.pay_date),
            ("vnp_ResponseCode", response),
            ("vnp_TransactionStatus", status),
            ("vnp_TransactionNo", &o.number.to_string()),
            ("vnp_TxnRef", &o.reference),
        ]
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect();
        let data = hash_data(&params);
        let hash = sign(&self.args.secret, &data);
        let hash = if spoil { hash.chars().rev().collect() } else { hash };
        format!("{data}&vnp_SecureHash={hash}")
    }

    async fn notify(&self, query: &str) {
        let sent = self.client.get(format!("{}?{query}", self.args.notify)).send().await;
        if let Err(e) = sent {
            tracing::warn!(error = e.without_url().to_string(), "the portal could not be told");
        }
    }
}

pub async fn run(args: GatewayArgs) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(args.listen).await?;
    axum::serve(listener, Simulator::new(args, Clock::System)?.router()).await?;
    Ok(())
}

const CHOICES: &[(&str, &str)] = &[
    ("truoc", "Trả thành công, báo trước khi quay về"),
    ("sau", "Trả thành công, báo sau khi quay về"),
    ("tre", "Trả thành công, báo trễ 20 giây"),
    ("khong-bao", "Trả thành công, không báo"),
    ("hai-lan", "Trả thành công, báo hai lần"),
    ("sai-tien", "Báo sai số tiền"),
    ("sai-ky", "Báo sai chữ ký"),
    ("huy", "Khách hủy"),
    ("thieu-tien", "Không đủ số dư"),
];

fn escape(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

async fn pay_page(State(s): State<Simulator>, uri: axum::http::Uri) -> Response {
    let Ok(params) = verify(&s.args.secret, uri.query().unwrap_or("")) else { return Html("<h1>70: sai chữ ký</h1>").into_response() };
    let get = |k: &str| params.get(k).cloned().unwrap_or_default();
    if get("vnp_TmnCode") != s.args.terminal {
        return Html("<h1>72: không có mã terminal</h1>").into_response();
    }
    let reference = get("vnp_TxnRef");
    if let Ok(mut orders) = s.orders.lock() {
        let number = 14_000_000 + u64::try_from(orders.len()).unwrap_or(0) * 1000 + u64::from(std::process::id() % 1000);
        orders.entry(reference.clone()).or_insert_with(|| Order {
            reference: reference.clone(),
            amount: get("vnp_Amount"),
            info: get("vnp_OrderInfo"),
            return_url: get("vnp_ReturnUrl"),
            number,
            outcome: None,
            pay_date: String::new(),
        });
    }
    let buttons = CHOICES.iter().fold(String::new(), |mut all, (how, words)| {
        let _ = write!(all, "<p><a id=\"{how}\" href=\"/chon?ref={}&how={how}\">{words}</a></p>", encode(&reference));
        all
    });
    Html(format!(
        "<!DOCTYPE html><html lang=\"vi\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>VNPAY mô phỏng</title><h1>VNPAY mô phỏng</h1><p>{}</p><p>{} đồng</p>{buttons}</html>",
        escape(&get("vnp_OrderInfo")),
        escape(get("vnp_Amount").strip_suffix("00").unwrap_or_default())
    ))
    .into_response()
}

async fn choose(State(s): State<Simulator>, uri: axum::http::Uri) -> Response {
    let q: HashMap<String, String> = crate::web::form::parse(uri.query().unwrap_or("")).into_iter().collect();
    let (reference, how) = (q.get("ref").cloned().unwrap_or_default(), q.get("how").cloned().unwrap_or_default());
    let outcome = match how.as_str() {
        "huy" => ("24", "02"),
        "thieu-tien" => ("51", "02"),
        _ => ("00", "00"),
    };
    let stamp = stamp(s.clock.now());
    let order = s.orders.lock().ok().and_then(|mut orders| {
        let o = orders.get_mut(&reference)?;
        o.outcome = Some(outcome);
        o.pay_date = stamp;
        Some(o.clone())
    });
    let Some(o) = order else { return Html("<h1>91: không có giao dịch</h1>").into_response() };
    let fine = s.told(&o, &o.amount, false);
    let later = |wait: u64, query: String| {
        let s = s.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            s.notify(&query).await;
        });
    };
    match how.as_str() {
        "truoc" | "huy" | "thieu-tien" => s.notify(&fine).await,
        "sau" => later(1500, fine.clone()),
        "tre" => later(20_000, fine.clone()),
        "hai-lan" => {
            s.notify(&fine).await;
            s.notify(&fine).await;
        }
        "sai-tien" => s.notify(&s.told(&o, "100", false)).await,
        "sai-ky" => s.notify(&s.told(&o, &o.amount, true)).await,
        _ => {}
    }
    Redirect::to(&format!("{}?{fine}", o.return_url)).into_response()
}

/// `querydr`: the truth, signed.
async fn question(State(s): State<Simulator>, Json(body): Json<BTreeMap<String, Value>>) -> Json<Value> {
    let get = |k: &str| wire(body.get(k));
    let map: BTreeMap<String, String> = body.keys().map(|k| (k.clone(), get(k))).collect();
    let signed = crate::payment::vnpay::question(&map, &s.args.secret) == get("vnp_SecureHash").to_lowercase();
    let order = s.orders.lock().ok().and_then(|o| o.get(&get("vnp_TxnRef")).cloned());
    let (code, o) = match (signed, order) {
        (false, _) => ("97", None),
        (true, None) => ("91", None),
        (true, Some(o)) => ("00", Some(o)),
    };
    let field = |f: &dyn Fn(&Order) -> String| o.as_ref().map(f).unwrap_or_default();
    let parts = [
        crate::base::random::token(),
        "querydr".to_owned(),
        code.to_owned(),
        "simulated".to_owned(),
        s.args.terminal.clone(),
        get("vnp_TxnRef"),
        field(&|o| o.amount.clone()),
        field(&|_| "NCB".to_owned()),
        field(&|o| o.pay_date.clone()),
        field(&|o| o.number.to_string()),
        field(&|_| "01".to_owned()),
        field(&|o| o.outcome.map_or("01", |x| x.1).to_owned()),
        field(&|o| o.info.clone()),
        String::new(),
        String::new(),
    ];
    let hash = sign(&s.args.secret, &parts.join("|"));
    let mut answer: serde_json::Map<String, Value> = RESPONSE.iter().zip(parts).map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
    answer.insert("vnp_SecureHash".to_owned(), json!(hash));
    Json(Value::Object(answer))
}
