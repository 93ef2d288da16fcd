//! What a screen reader is told: the accessibility tree of each step of filing and of paying, as Chromium makes it, is a
//! reviewed snapshot: names, roles, states, descriptions, errors, live regions, in order.

use crate::browser::{Browser, Driver};
use crate::walks::{begin, fill, open, register};
use crate::world::World;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

/// States worth hearing of.
const STATES: &[&str] = &["focused", "invalid", "required", "checked", "expanded", "disabled", "level", "live", "current"];
/// What only holds other things together, or repeats a name letter by letter.
const QUIET: &[&str] = &["none", "generic", "InlineTextBox", "StaticText", "ListMarker", "LineBreak", "paragraph", "Iframe"];

fn text<'a>(node: &'a Value, field: &str) -> &'a str {
    node[field]["value"].as_str().unwrap_or("")
}

fn line(node: &Value) -> String {
    let mut out = text(node, "role").to_owned();
    if !text(node, "name").is_empty() {
        let _ = write!(out, " “{}”", text(node, "name").split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if !text(node, "value").is_empty() {
        let _ = write!(out, " = {}", text(node, "value"));
    }
    if !text(node, "description").is_empty() {
        let _ = write!(out, " ({})", text(node, "description").split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let states: Vec<String> = node["properties"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|p| STATES.contains(&p["name"].as_str().unwrap_or("")))
        .map(|p| (p["name"].as_str().unwrap().to_owned(), p["value"]["value"].to_string().trim_matches('"').to_owned()))
        .filter(|(_, v)| v != "false")
        .map(|(n, v)| if v == "true" { n } else { format!("{n} {v}") })
        .collect();
    if !states.is_empty() {
        let _ = write!(out, " [{}]", states.join(", "));
    }
    out
}

fn walk(nodes: &HashMap<&str, &Value>, id: &str, depth: usize, out: &mut String) {
    let Some(node) = nodes.get(id) else { return };
    let role = text(node, "role");
    let hidden = node["ignored"].as_bool() == Some(true);
    // words that stand by themselves, not as the name of what holds them
    let alone = role == "StaticText" && !hidden;
    // a form without a name: one browser tells of it, another doesn't
    let quiet = hidden || QUIET.contains(&role) || role == "form" && text(node, "name").is_empty();
    if alone {
        let words = text(node, "name").split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            let _ = writeln!(out, "{}{words}", "  ".repeat(depth));
        }
        return;
    }
    if !quiet {
        let _ = writeln!(out, "{}{}", "  ".repeat(depth), line(node));
    }
    // a name made of its content isn't read twice
    let named = ["link", "button", "heading", "LabelText", "Legend", "option", "summary", "DisclosureTriangle"].contains(&role) && !text(node, "name").is_empty();
    if named || role == "combobox" {
        return;
    }
    for child in node["childIds"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        walk(nodes, child, depth + usize::from(!quiet), out);
    }
}

/// The tree of the page's main part, with what differs from run to run taken out.
async fn heard(b: &Browser, world: &World) -> String {
    tokio::time::sleep(Duration::from_millis(300)).await;
    b.ask("Accessibility.enable", json!({})).await.unwrap();
    let tree = b.ask("Accessibility.getFullAXTree", json!({})).await.unwrap();
    let all = tree["nodes"].as_array().unwrap();
    let nodes: HashMap<&str, &Value> = all.iter().map(|n| (n["nodeId"].as_str().unwrap(), n)).collect();
    let main = all.iter().find(|n| text(n, "role") == "main").unwrap();
    let mut out = format!("title: {}\n", b.client.title().await.unwrap());
    walk(&nodes, main["nodeId"].as_str().unwrap(), 0, &mut out);
    let keys: Vec<String> = sqlx::query_scalar("select lookup_key from dossier").fetch_all(&mut world.conn().await).await.unwrap();
    for key in keys {
        out = out.replace(&key, "KEY");
    }
    // the gateway's reference is random
    out.split_inclusive(|c: char| c.is_whitespace()).map(|w| if w.starts_with("MC") && w.trim().len() == 11 { format!("REFERENCE{}", &w[11..]) } else { w.to_owned() }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_filing_and_paying_is_told_in_order() {
    let driver = Driver::start();
    let (world, url) = open().await;
    let b = driver.browser(&url, 390, true).await;
    register(&b, "099190000025", "Nguyễn Thị Lan", "10/05/1990").await;
    b.goto("/nop/2.000488").await;
    insta::assert_snapshot!("filing_1_where", heard(&b, &world).await);
    b.press("main form button.button").await;
    b.find(".summary").await;
    insta::assert_snapshot!("filing_1_where_with_faults", heard(&b, &world).await);
    begin(&b, &[("case", "giam"), ("for_whom", "self"), ("channel", "electronic")]).await;
    insta::assert_snapshot!("filing_2_form", heard(&b, &world).await);
    b.press("p.acts button.button").await;
    b.find(".summary").await;
    insta::assert_snapshot!("filing_2_form_with_faults", heard(&b, &world).await);
    let steer = [("id_kind", "can-cuoc"), ("convicted", "khong"), ("ban", "khong"), ("married", "khong")];
    let typed: Vec<(&str, &str)> = crate::steps::RECORD.iter().copied().filter(|a| !["married", "id_kind", "convicted", "ban", "ban_info", "applicant_ethnicity"].contains(&a.0)).collect();
    fill(&b, &steer, &[("applicant_ethnicity", "Kinh"), ("ban_info", "khong")], &typed).await;
    b.press("p.acts button.button").await;
    b.find("form.upload").await;
    insta::assert_snapshot!("filing_3_papers", heard(&b, &world).await);
    b.press("p.acts a.button").await;
    b.find("#cam-doan").await;
    b.press("main form button.button").await;
    b.find(".summary").await;
    insta::assert_snapshot!("filing_4_check_with_faults", heard(&b, &world).await);
    b.client.back().await.unwrap();
    let draft = b.client.current_url().await.unwrap().path().trim_end_matches("/kiem-tra").trim_end_matches("/nop").to_owned();
    b.goto(&format!("{draft}/giay-to")).await;
    // of the same name in every run
    let folder = std::env::temp_dir().join(format!("motcua-heard-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("giay-uu-tien.pdf");
    std::fs::write(&file, motcua::demo::world::pdf("giấy ưu tiên")).unwrap();
    crate::walks::send_papers_and_file(&b, &file).await;
    std::fs::remove_dir_all(&folder).unwrap();
    insta::assert_snapshot!("filing_5_done", heard(&b, &world).await);
    let code = b.find(".codes dd").await.text().await.unwrap();
    b.goto(&format!("/ho-so/{code}")).await;
    insta::assert_snapshot!("paying_1_dossier", heard(&b, &world).await);
    b.press("#phi button").await;
    b.find("[name=cach]").await;
    insta::assert_snapshot!("paying_2_basket", heard(&b, &world).await);
    b.press("main form button.button").await;
    b.press("#truoc").await;
    b.sees("Tiền đã được ghi nhận").await;
    insta::assert_snapshot!("paying_3_returned", heard(&b, &world).await);
    b.client.close().await.unwrap();
}
