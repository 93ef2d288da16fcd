//! At the size of a year (250,000 dossiers): what people ask for all day reads by an index, never a table that grows.

use crate::world::World;
use motcua::base::time::{self, Clock};
use motcua::demo::world::fill as demo;
use motcua::platform::jobs::Outcome;
use std::collections::BTreeMap;
use std::time::Duration;

#[path = "../bench/fill.rs"]
mod year;

/// Tables that grow with use.
const GROWING: [&str; 18] = [
    "identity",
    "known_device",
    "dossier",
    "queue_row",
    "dossier_event",
    "paper",
    "obligation",
    "message",
    "account",
    "party",
    "session",
    "draft",
    "draft_answer",
    "supplement",
    "opening",
    "pause",
    "attempt",
    "basket",
];

async fn read_by_scan(world: &World) -> BTreeMap<String, i64> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select relname::text, coalesce(seq_tup_read, 0)::bigint from pg_stat_user_tables where schemaname = current_schema()").fetch_all(&mut world.conn().await).await.unwrap();
    rows.into_iter().filter(|r| GROWING.contains(&r.0.as_str())).collect()
}

#[tokio::test]
async fn at_a_years_size_no_page_of_the_day_scans_a_table_that_grows() {
    let world = World::new().await;
    sqlx::raw_sql("delete from setting where key = 'demo'").execute(&mut world.conn().await).await.unwrap();
    demo(world.app.portal.db.clone(), &world.app.portal.config.data).await.unwrap();
    let n: i64 = std::env::var("MOTCUA_YEAR").ok().and_then(|n| n.parse().ok()).unwrap_or(250_000);
    year::fill(&mut world.conn().await, n).await.unwrap();
    world.clock(&time::local(Clock::System.now()).format("%Y-%m-%dT%H:%M").to_string());
    let mut citizen = world.back("/dang-nhap", "099190000025").await;
    let mut desk = world.back("/can-bo/dang-nhap", "thoxuong.mot-cua").await;
    let mut officer = world.back("/can-bo/dang-nhap", "thoxuong.ho-tich").await;
    let mut leader = world.back("/can-bo/dang-nhap", "tp.lanh-dao").await;
    let own = world.one("select d.code from dossier d join account a on a.party_id = d.party_id where a.personal_number = '099190000025' limit 1").await;
    let there = world
        .one(
            "select d.code from dossier d join queue_row q on q.dossier_id = d.id where q.unit = 'thanh-pho-bac-giang/phuong-tho-xuong' and q.state = 'submitted' order by q.submitted_at desc limit 1",
        )
        .await;
    let paper = world.one("select p.id::text from paper p join dossier d on d.id = p.dossier_id join account a on a.party_id = d.party_id where a.personal_number = '099190000025' limit 1").await;
    // figures are folded beside the pages
    let portal = || world.app.portal.clone();
    assert!(matches!(motcua::report::fold::run(portal()).await, Outcome::Again(_)));
    tokio::time::sleep(Duration::from_secs(20)).await;
    let before = read_by_scan(&world).await;
    let mut asked = 0;
    for path in [
        "/",
        "/thu-tuc?q=khai%20sinh",
        "/thong-ke",
        "/ho-so",
        "/thanh-toan",
        "/tai-khoan",
        "/to-chuc",
        &format!("/ho-so/{own}"),
        &format!("/ho-so/{own}/vi-sao-ngay-nay"),
        &format!("/giay-to/{paper}"),
    ] {
        assert!(citizen.get(path).await.status < 500, "{path}");
        asked += 1;
    }
    for v in [&mut desk, &mut officer, &mut leader] {
        let first = v.get("/mot-cua").await;
        assert_eq!(first.status, 200);
        for tab in first.attrs(".tabs a", "href") {
            let page = v.get(&tab).await;
            assert_eq!(page.status, 200, "{tab}");
            asked += 1;
            if let Some(next) = page.attr("a[rel=next]", "href") {
                assert_eq!(v.get(&next).await.status, 200, "{next}");
            }
        }
        for sought in ["nguyen thi an", "099000001234", "0900001234", &there[there.len() - 6..], "khong co ai ten nay"] {
            assert_eq!(v.post("/mot-cua/tim", &[("tim", sought)]).await.status, 200, "{sought}");
            asked += 1;
        }
    }
    assert_eq!(desk.get(&format!("/mot-cua/ho-so/{there}")).await.status, 200);
    // the machine's own rounds
    for done in [motcua::dossier::clock::watch(portal()).await, motcua::dossier::daily::run(portal()).await, motcua::web::clean_up::run(portal()).await] {
        assert!(matches!(done, Outcome::Again(_)));
    }
    tokio::time::sleep(Duration::from_secs(20)).await;
    let after = read_by_scan(&world).await;
    let scanned: Vec<String> = after.iter().filter_map(|(t, n)| Some(format!("{t}: {} rows", n - before.get(t)?)).filter(|_| n - before[t] > 20_000)).collect();
    assert!(asked > 30 && scanned.is_empty(), "read by scanning: {scanned:?}");
}
