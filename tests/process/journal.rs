//! Clients with a journal: each writes what it is about to send before it sends, and each acknowledgement after. After any
//! fault the journal judges: every acknowledged code is there once with its papers whole, every acknowledged payment is
//! booked, nothing unacknowledged was done twice, and the books balance.

use crate::house::{Folder, Portal};
use crate::steps;
use crate::world::{Visitor, notice};
use motcua::base::time::{self, Clock};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Default, Debug)]
pub struct Journal {
    /// Drafts about to be filed.
    pub drafts: Vec<String>,
    /// Codes a person has seen.
    pub codes: Vec<String>,
    /// References whose notice is about to be sent.
    pub references: Vec<String>,
    /// References the gateway was told "recorded" of.
    pub paid: Vec<String>,
}

pub type Shared = Arc<Mutex<Journal>>;

/// The n-th person of a fault: a sound number that is nobody's.
pub async fn person(portal: &Portal, n: usize, patience: Duration) -> Visitor {
    let mut v = portal.impatient(patience);
    let (number, born) = (format!("02419{}0001{n:02}", n % 10), format!("10/05/199{}", n % 10));
    let shown = v.register("Nguyễn Thị Thử", &number, &born).await;
    assert_eq!(shown.status, 303, "{:?}", shown.all(".summary li"));
    v
}

/// Does something that panics when an answer isn't the expected one; None: try again later.
async fn attempt<T: Send + 'static, F, Fut>(v: &mut Visitor, act: F) -> Option<T>
where
    F: FnOnce(Visitor) -> Fut,
    Fut: Future<Output = (Visitor, T)> + Send + 'static,
{
    if let Ok((after, got)) = tokio::spawn(act(v.clone())).await {
        *v = after;
        return Some(got);
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    None
}

/// A judicial record before its last press; its draft.
pub async fn ready_record(mut v: Visitor) -> (Visitor, String) {
    v.get("/nop/2.000488").await;
    let shown = v.post("/nop/2.000488", &[("case", "thuong"), ("for_whom", "self"), ("channel", "electronic"), ("exemption", "khong")]).await;
    let draft = shown.location().trim_end_matches("/noi-dung").to_owned();
    assert_eq!(steps::fill_form(&mut v, &draft, steps::RECORD).await.status, 303);
    steps::send_papers(&mut v, &draft).await;
    (v, draft)
}

/// A birth just begun, and its first slot for papers.
pub async fn empty_slot(v: &mut Visitor) -> (String, String) {
    let draft = steps::begin_birth(v).await;
    let page = v.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    (draft, slot)
}

/// Presses "file" on a draft, or finds that an earlier press counted; the code.
pub async fn submit(mut v: Visitor, draft: String) -> (Visitor, String) {
    let check = v.get(&format!("{draft}/kiem-tra")).await;
    let location = if check.status == 303 {
        check.location()
    } else {
        let sum = check.attr("input[name=sum]", "value").unwrap();
        let done = v.post(&format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await;
        assert_eq!(done.status, 303);
        done.location()
    };
    assert!(location.ends_with("/da-nop"), "{location}");
    (v, location.rsplit('/').nth(1).unwrap().to_owned())
}

/// Goes to the gateway for a code's fee; the payment's reference. None: it is paid already.
async fn to_gateway(mut v: Visitor, code: String) -> (Visitor, Option<String>) {
    let page = v.get(&format!("/ho-so/{code}")).await;
    assert_eq!(page.status, 200);
    let Some(fee) = page.attr("input[name=khoan]", "value") else { return (v, None) };
    let basket = v.post("/thanh-toan", &[("khoan", &fee)]).await.location();
    v.get(&basket).await;
    let go = v.post(&format!("{basket}/tra"), &[("cach", "vnpay"), ("van-tra", "1")]).await.location();
    (v, Some(go.split("vnp_TxnRef=").nth(1).unwrap().split('&').next().unwrap().to_owned()))
}

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// The gateway tells of a payment until it is answered "recorded".
async fn tell(mut v: Visitor, query: String) -> (Visitor, ()) {
    let shown = v.get(&format!("/thanh-toan/vnpay/ipn?{query}")).await;
    let answer: Value = serde_json::from_slice(&shown.body).unwrap();
    assert!(["00", "02"].contains(&answer["RspCode"].as_str().unwrap()), "{answer}");
    (v, ())
}

/// Files and pays until told to stop; never gives an acknowledged thing up, never begins a new one under an open key.
pub async fn client(mut v: Visitor, journal: Shared, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::SeqCst) {
        let Some(draft) = attempt(&mut v, ready_record).await else { continue };
        journal.lock().unwrap().drafts.push(draft.clone());
        let code = loop {
            if let Some(code) = attempt(&mut v, |v| submit(v, draft.clone())).await {
                break code;
            }
        };
        journal.lock().unwrap().codes.push(code.clone());
        let reference = loop {
            if let Some(reference) = attempt(&mut v, |v| to_gateway(v, code.clone())).await {
                break reference;
            }
        };
        let Some(reference) = reference else { continue };
        journal.lock().unwrap().references.push(reference.clone());
        let number = format!("9{:07}", NUMBER.fetch_add(1, Ordering::SeqCst));
        let when = time::local(Clock::System.now()).format("%Y%m%d%H%M%S").to_string();
        let query = notice(&reference, 200_000, ("00", "00"), &number, &when);
        while attempt(&mut v, |v| tell(v, query.clone())).await.is_none() {}
        journal.lock().unwrap().paid.push(reference);
    }
}

async fn number(conn: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(conn).await.unwrap()
}

/// The journal against the database and the disk.
pub async fn judge(folder: &Folder, journal: &Journal) {
    let mut conn = folder.conn().await;
    for code in &journal.codes {
        let n: i64 = sqlx::query_scalar("select count(*) from dossier where code = $1").bind(code).fetch_one(&mut conn).await.unwrap();
        assert_eq!(n, 1, "the acknowledged {code}");
    }
    for draft in &journal.drafts {
        let token = draft.rsplit('/').next().unwrap();
        let n: i64 = sqlx::query_scalar("select count(*) from dossier_event e join draft d on e.payload->>'draft' = d.id::text where e.action = 'submit' and d.token = $1")
            .bind(token)
            .fetch_one(&mut conn)
            .await
            .unwrap();
        assert!(n <= 1, "{draft} was filed {n} times");
    }
    for reference in &journal.paid {
        let state: String = sqlx::query_scalar("select state from attempt where reference = $1").bind(reference).fetch_one(&mut conn).await.unwrap();
        assert_eq!(state, "paid", "{reference} was acknowledged");
    }
    for (what, sql) in [
        ("the books", "select coalesce(sum(amount), 0)::bigint from ledger_posting"),
        (
            "receivables",
            "select coalesce(sum(p.amount), 0)::bigint - (select coalesce(sum(amount), 0)::bigint from obligation where state = 'due') from ledger_posting p where p.account like 'assets:receivable:%'",
        ),
        ("fees met twice", "select count(*) from (select obligation_id from allocation group by 1 having count(*) > 1) x"),
        ("money in suspense", "select count(*) from suspense"),
        ("papers without a row", "select count(*) from paper p where p.digest is not null and not exists (select from stored_file f where f.digest = p.digest)"),
        ("dossiers without a filing", "select count(*) from dossier d where not exists (select from dossier_event e where e.dossier_id = d.id and e.action = 'submit')"),
    ] {
        assert_eq!(number(&mut conn, sql).await, 0, "{what}");
    }
    let digests: Vec<String> = sqlx::query_scalar("select digest from stored_file").fetch_all(&mut conn).await.unwrap();
    for d in digests {
        let bytes = std::fs::read(folder.0.join("papers").join(&d[..2]).join(&d)).unwrap_or_else(|e| panic!("paper {d}: {e}"));
        assert_eq!(hex::encode(Sha256::digest(&bytes)), d, "a paper is not whole");
    }
}

/// After the dust has settled no connection of the portal sits in a transaction.
pub async fn nothing_hangs(folder: &Folder) {
    let mut conn = folder.conn().await;
    let begun = std::time::Instant::now();
    while number(&mut conn, "select count(*) from pg_stat_activity where state like 'idle in transaction%'").await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(15), "a connection is idle in transaction");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
