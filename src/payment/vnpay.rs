//! VNPAY PAY 2.1.0: signed redirect, return and notice, `querydr`.
//!
//! Open points, kept here as they are known: the published field length of `vnp_Amount` (12 digits) and merchants' larger
//! sums disagree, so amounts are compared as numbers; the limits 5,000 ₫ ≤ amount < 1,000,000,000 ₫ are those of the
//! contract. Amounts are đồng × 100 on the wire and times are GMT+7; both end in this file.

use super::gateway::{Answer, Forged, Gateway, Notice, Outcome, Report};
use super::model::Attempt;
use crate::base::lang::Lang;
use crate::base::money::Vnd;
use crate::base::time::{self, Moment};
use crate::base::{fold, random};
use crate::platform::config::VnpayConfig;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use serde_json::Value;
use sha2::Sha512;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::time::Duration;
use subtle::ConstantTimeEq;

pub const ADAPTER: &str = "vnpay";

pub struct Vnpay {
    config: VnpayConfig,
    public_url: String,
    client: reqwest::Client,
}

impl Vnpay {
    pub fn new(config: &VnpayConfig, public_url: &str) -> anyhow::Result<Self> {
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).connect_timeout(Duration::from_secs(2)).timeout(Duration::from_secs(u64::from(config.timeout_seconds))).build()?;
        Ok(Self { config: config.clone(), public_url: public_url.to_owned(), client })
    }

    fn secret(&self) -> &str {
        self.config.hash_secret.expose_secret()
    }
}

/// PHP's `urlencode`: letters, digits, `-_.` as they are, space as `+`.
pub fn encode(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for b in s.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(b)),
            b' ' => out.push('+'),
            b => {
                let _ = write!(out, "%{b:02X}");
            }
        }
    }
    out
}

pub fn sign(secret: &str, data: &str) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).expect("any length of key is taken");
    mac.update(data.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// The text that is signed and sent: sorted, encoded, empty values left out.
pub fn hash_data(params: &BTreeMap<String, String>) -> String {
    params.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect::<Vec<_>>().join("&")
}

pub fn pay_url(base: &str, secret: &str, params: &BTreeMap<String, String>) -> String {
    let data = hash_data(params);
    format!("{base}?{data}&vnp_SecureHash={}", sign(secret, &data))
}

fn decode(s: &str) -> Option<String> {
    let mut out = Vec::with_capacity(s.len());
    let mut bytes = s.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'+' => out.push(b' '),
            b'%' => {
                let hex = [bytes.next()?, bytes.next()?];
                let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
                out.push(digit(hex[0])? * 16 + digit(hex[1])?);
            }
            b => out.push(b),
        }
    }
    String::from_utf8(out).ok()
}

/// Reads and verifies a query text (§2.3): any of four lawful spellings may be what was signed.
pub fn verify(secret: &str, query: &str) -> Result<BTreeMap<String, String>, Forged> {
    let mut params: BTreeMap<String, String> = BTreeMap::new();
    let mut raw: Vec<(String, String, String)> = Vec::new();
    let mut seen = HashSet::new();
    let mut hash = None;
    let mut any = false;
    for pair in query.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(plain) = decode(name) else { return Err(Forged::Signature) };
        if !plain.starts_with("vnp_") {
            continue;
        }
        any = true;
        if !seen.insert(plain.clone()) {
            return Err(Forged::Signature);
        }
        let decoded = decode(value).ok_or(Forged::Signature)?;
        match plain.as_str() {
            "vnp_SecureHash" => hash = Some(decoded),
            "vnp_SecureHashType" => {}
            _ => {
                raw.push((plain.clone(), format!("{name}={value}"), decoded.clone()));
                params.insert(plain, decoded);
            }
        }
    }
    if !any {
        return Err(Forged::Empty);
    }
    let hash = hash.filter(|h| h.len() == 128).and_then(|h| hex::decode(h).ok()).ok_or(Forged::Signature)?;
    raw.sort();
    let canonical = |empty: bool| params.iter().filter(|(_, v)| empty || !v.is_empty()).map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect::<Vec<_>>().join("&");
    let received = |empty: bool| raw.iter().filter(|(_, _, v)| empty || !v.is_empty()).map(|(_, r, _)| r.clone()).collect::<Vec<_>>().join("&");
    let right =
        [canonical(false), canonical(true), received(false), received(true)].iter().fold(false, |right, data| right | bool::from(hex::decode(sign(secret, data)).unwrap_or_default().ct_eq(&hash)));
    if !right {
        return Err(Forged::Signature);
    }
    params.retain(|_, v| !v.is_empty());
    Ok(params)
}

/// Codes to our words (§2.4): success is both codes `00`; a contradiction is looked at by people.
fn outcome(response: &str, status: &str) -> Outcome {
    match (response, status) {
        ("00", "00") => Outcome::Paid,
        ("24", _) => Outcome::Cancelled,
        ("07", _) | (_, "07" | "04") => Outcome::Review,
        (_, "01") => Outcome::Unfinished,
        ("00", _) | (_, "00") => Outcome::Review,
        _ => Outcome::Failed,
    }
}

/// đồng × 100 as plain ASCII digits.
fn amount(text: &str) -> Option<Vnd> {
    let sound = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let hundredths: i64 = text.parse().ok().filter(|_| sound)?;
    (hundredths % 100 == 0).then(|| Vnd::dong(hundredths / 100))
}

fn moment(text: &str) -> Option<Moment> {
    chrono::NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok().map(time::from_local)
}

pub fn stamp(m: Moment) -> String {
    time::local(m).format("%Y%m%d%H%M%S").to_string()
}

fn report(get: impl Fn(&str) -> String, response: &str) -> Report {
    Report {
        outcome: outcome(response, &get("vnp_TransactionStatus")),
        amount: amount(&get("vnp_Amount")),
        code: response.to_owned(),
        number: Some(get("vnp_TransactionNo")).filter(|n| !n.is_empty() && n != "0"),
        paid_at: moment(&get("vnp_PayDate")),
    }
}

/// The order info: no marks, no signs the encoders differ on, at most 255.
pub fn order_info(reference: &str, code: &str) -> String {
    fold::ascii(&format!("{reference} Thanh toan {code}"), ".:-").chars().take(255).collect()
}

/// The fields of a question in the order they are signed.
const REQUEST: [&str; 9] = ["vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TxnRef", "vnp_TransactionDate", "vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo"];
/// The fields of an answer in the order they are signed.
pub const RESPONSE: [&str; 15] = [
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
    "vnp_PromotionCode",
    "vnp_PromotionAmount",
];

/// A JSON value as its text on the wire.
pub fn wire(v: Option<&Value>) -> String {
    match v {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(s)) => s.clone(),
        Some(other) => other.to_string(),
    }
}

pub fn question(body: &BTreeMap<String, String>, secret: &str) -> String {
    let data = REQUEST.map(|k| body.get(k).cloned().unwrap_or_default()).join("|");
    sign(secret, &data)
}

/// Whether an answer to `querydr` is signed as it should be.
pub fn answer_is_signed(body: &Value, secret: &str) -> bool {
    let data = RESPONSE.map(|k| wire(body.get(k))).join("|");
    let Ok(given) = hex::decode(wire(body.get("vnp_SecureHash"))) else { return false };
    bool::from(hex::decode(sign(secret, &data)).unwrap_or_default().ct_eq(&given))
}

/// What an answer means for this attempt; believed only if signed and about it.
pub fn read_answer(body: &Value, raw: String, secret: &str, attempt: &Attempt) -> Answer {
    if !answer_is_signed(body, secret) {
        return Answer::Unknown { raw, why: "signature".to_owned() };
    }
    let get = |k: &str| wire(body.get(k));
    if get("vnp_TmnCode") != attempt.terminal || get("vnp_TxnRef") != attempt.reference {
        return Answer::Unknown { raw, why: "another order".to_owned() };
    }
    match get("vnp_ResponseCode").as_str() {
        "00" if get("vnp_TransactionType") == "01" => {
            let mut report = report(get, "00");
            report.outcome = match get("vnp_TransactionStatus").as_str() {
                "00" => Outcome::Paid,
                "01" => Outcome::Unfinished,
                "04" | "07" => Outcome::Review,
                "02" => Outcome::Failed,
                _ => Outcome::Unfinished,
            };
            report.code = get("vnp_TransactionStatus");
            Answer::Told { report, raw }
        }
        "91" => Answer::NotFound { raw },
        code => Answer::Unknown { why: format!("code {code}"), raw },
    }
}

impl Gateway for Vnpay {
    fn adapter(&self) -> &'static str {
        ADAPTER
    }
    fn terminal(&self) -> &str {
        &self.config.tmn_code
    }
    fn expire_minutes(&self) -> i64 {
        i64::from(self.config.expire_minutes)
    }
    fn bounds(&self) -> (Vnd, Vnd) {
        (Vnd::dong(5_000), Vnd::dong(1_000_000_000))
    }

    fn start(&self, attempt: &Attempt, payer: IpAddr, lang: Lang) -> String {
        let code = attempt.details.get("code").and_then(Value::as_str).unwrap_or("");
        let params: BTreeMap<String, String> = [
            ("vnp_Version", "2.1.0".to_owned()),
            ("vnp_Command", "pay".to_owned()),
            ("vnp_TmnCode", self.config.tmn_code.clone()),
            ("vnp_Amount", (attempt.amount.get() * 100).to_string()),
            ("vnp_CreateDate", stamp(attempt.created_at)),
            ("vnp_CurrCode", "VND".to_owned()),
            ("vnp_IpAddr", payer.to_string()),
            ("vnp_Locale", if lang == Lang::En { "en" } else { "vn" }.to_owned()),
            ("vnp_OrderInfo", order_info(&attempt.reference, code)),
            ("vnp_OrderType", "other".to_owned()),
            ("vnp_ReturnUrl", format!("{}{}", self.public_url, crate::web::urls::page(crate::web::urls::VNPAY_RETURN).in_lang(lang))),
            ("vnp_ExpireDate", stamp(attempt.expires_at)),
            ("vnp_TxnRef", attempt.reference.clone()),
        ]
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v))
        .collect();
        pay_url(&self.config.pay_url, self.secret(), &params)
    }

    fn read(&self, query: &str) -> Result<Notice, Forged> {
        let params = verify(self.secret(), query)?;
        // a signed text without an answer is no notice: our own pay request, sent back, tells nothing
        if !params.contains_key("vnp_ResponseCode") && !params.contains_key("vnp_TransactionStatus") {
            return Err(Forged::Incomplete);
        }
        let get = |k: &str| params.get(k).cloned().unwrap_or_default();
        Ok(Notice { terminal: get("vnp_TmnCode"), reference: get("vnp_TxnRef"), report: report(get, &get("vnp_ResponseCode")) })
    }

    fn ask<'a>(&'a self, attempt: &'a Attempt, now: Moment) -> Pin<Box<dyn Future<Output = Answer> + Send + 'a>> {
        Box::pin(async move {
            let mut body: BTreeMap<String, String> = [
                ("vnp_RequestId", random::token()),
                ("vnp_Version", "2.1.0".to_owned()),
                ("vnp_Command", "querydr".to_owned()),
                ("vnp_TmnCode", self.config.tmn_code.clone()),
                ("vnp_TxnRef", attempt.reference.clone()),
                ("vnp_OrderInfo", format!("Truy van {}", attempt.reference)),
                ("vnp_TransactionDate", stamp(attempt.created_at)),
                ("vnp_CreateDate", stamp(now)),
                ("vnp_IpAddr", "127.0.0.1".to_owned()),
            ]
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v))
            .collect();
            body.insert("vnp_SecureHash".to_owned(), question(&body, self.secret()));
            let sent = self.client.post(&self.config.api_url).json(&body).send().await;
            let text = match sent {
                Ok(r) => r.text().await,
                Err(e) => Err(e),
            };
            match text {
                Err(e) => Answer::Unknown { raw: String::new(), why: format!("no answer: {}", e.without_url()) },
                Ok(raw) => match serde_json::from_str::<Value>(&raw) {
                    Ok(body) => read_answer(&body, raw, self.secret(), attempt),
                    Err(_) => Answer::Unknown { raw: raw.chars().take(2000).collect(), why: "no JSON".to_owned() },
                },
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../tests/data/payments/vectors.json")).expect("the vectors are JSON")
    }

    #[test]
    fn every_pay_address_of_the_vectors_is_signed_alike() {
        let v = vectors();
        let secret = v["vnpay"]["hash_secret"].as_str().expect("a secret");
        for case in v["vnpay"]["pay"].as_array().expect("a list") {
            let params: BTreeMap<String, String> = case["params"].as_object().expect("params").iter().map(|(k, v)| (k.clone(), wire(Some(v)))).collect();
            assert_eq!(hash_data(&params), case["hash_data"], "{}", case["name"]);
            let base = case["url"].as_str().and_then(|u| u.split_once('?')).expect("an address").0;
            assert_eq!(pay_url(base, secret, &params), case["url"], "{}", case["name"]);
        }
    }

    #[test]
    fn questions_and_answers_of_the_vectors_are_read_alike() {
        let v = vectors();
        let secret = v["vnpay"]["hash_secret"].as_str().expect("a secret");
        for case in v["vnpay"]["api"].as_array().expect("a list") {
            let body = case.get("body").expect("a body");
            match case["kind"].as_str().expect("a kind") {
                "querydr_request" => {
                    let map: BTreeMap<String, String> = body.as_object().expect("an object").iter().map(|(k, v)| (k.clone(), wire(Some(v)))).collect();
                    assert_eq!(question(&map, secret), body["vnp_SecureHash"], "{}", case["name"]);
                }
                "querydr_response" => assert_eq!(answer_is_signed(body, secret), case["hash_valid"] == true, "{}", case["name"]),
                _ => {}
            }
        }
    }

    #[test]
    fn reference_codes_of_the_vectors_are_found() {
        let v = vectors();
        for m in v["reference_codes"]["made"].as_array().expect("a list") {
            assert!(super::super::reference::is_sound(m["code"].as_str().expect("a code")), "{m}");
        }
        for s in v["reference_codes"]["scan"].as_array().expect("a list") {
            let found: Vec<Value> = super::super::reference::scan(s["text"].as_str().expect("a text")).into_iter().map(Value::from).collect();
            assert_eq!(Value::from(found), s["found"], "{}", s["text"]);
        }
        for t in v["reference_codes"]["typed"].as_array().expect("a list") {
            let code = super::super::reference::typed(t["typed"].as_str().expect("a text"));
            assert_eq!(super::super::reference::is_sound(&code), t["valid"] == true, "{t}");
        }
    }

    #[test]
    fn amounts_in_words_of_the_vectors() {
        use crate::base::number_words::{Dialect, amount};
        let v = vectors();
        for (list, dialect) in [("words", Dialect::North), ("words_southern", Dialect::South)] {
            for pair in v[list].as_array().expect("a list") {
                assert_eq!(amount(pair[0].as_i64().expect("a sum"), dialect), pair[1], "{}", pair[0]);
            }
        }
    }
}
