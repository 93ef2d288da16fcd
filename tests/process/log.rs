//! The log: one JSON line a request, nothing personal in it, and no line that a visitor wrote.

use crate::house::{Folder, MOTHERS, Portal, file_birth, register};
use crate::steps;
use motcua::demo::people::PASSWORD;

/// ASVS 16.2.5, 16.4.1: people register, file, look up, mistype and attack; the log knows none of it.
#[tokio::test(flavor = "multi_thread")]
async fn asvs_16_2_5_and_16_4_1_the_log_names_nobody_and_nobody_writes_in_it() {
    let folder = Folder::with_catalogue("log");
    let (portal, at) = Portal::logging(&folder, "debug").await;
    let (name, number, born) = MOTHERS[0];
    let mut lan = register(&portal, name, number, born).await;
    let code = file_birth(&mut lan, MOTHERS[0]).await;
    let page = lan.get(&format!("/ho-so/{code}")).await;
    let key = page.all("main").join(" ");
    let mut conn = folder.conn().await;
    let lookup: String = sqlx::query_scalar("select lookup_key from dossier").fetch_one(&mut conn).await.unwrap();
    assert!(key.contains(&lookup));
    let mut v = portal.visitor();
    v.get("/tra-cuu").await;
    v.post("/tra-cuu", &[("ma", &code), ("khoa", &lookup)]).await;
    v.get("/dang-nhap").await;
    v.post("/dang-nhap", &[("number", number), ("password", "mot mat khau sai 2026")]).await;
    v.post("/dang-nhap", &[("number", number), ("password", PASSWORD)]).await;
    for path in [
        "/thu-tuc?q=%0D%0A%7B%22level%22:%22ERROR%22,%22message%22:%22gia%20mao%22%7D",
        "/ke-khac%0D%0A%7B%22level%22:%22ERROR%22%7D",
        "/thu-tuc?q=Nguy%E1%BB%85n%20Th%E1%BB%8B%20Lan",
        "/thanh-toan/vnpay/ipn?vnp_TxnRef=gia-mao%0A&vnp_SecureHash=x",
    ] {
        v.get(path).await;
    }
    // something breaks while a person's words are under way
    sqlx::raw_sql("alter table draft rename column saved_at to saved_gone").execute(&mut conn).await.unwrap();
    lan.get("/nop/1.001193").await;
    lan.post("/nop/1.001193", &[("commune", steps::WARD), ("case", "thuong"), ("for_whom", "child"), ("channel", "electronic")]).await;
    drop(lan);
    let log = std::fs::read_to_string(&at).unwrap();
    let lines: Vec<serde_json::Value> = log.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect();
    assert!(lines.len() > 20 && lines.iter().any(|l| l["level"] == "ERROR"), "{log}");
    assert!(lines.iter().all(|l| l["timestamp"].is_string() && l["level"].is_string()), "each line is one of ours");
    let session = v.cookies.get("motcua_s").cloned().unwrap_or_default();
    let mother_no_marks = motcua::base::fold::search(name);
    for secret in [name, &mother_no_marks, number, "0900000001", "Trần Minh Khôi", &lookup, PASSWORD, "mot mat khau sai", "Nguy%E1%BB%85n", &session, "gia mao", "tổ dân phố", "Sản - Nhi"] {
        assert!(secret.is_empty() || !log.contains(secret), "the log knows “{secret}”: {}", log.lines().find(|l| l.contains(secret)).unwrap_or_default());
    }
}
