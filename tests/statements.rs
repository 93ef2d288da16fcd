//! Every statement of every store is prepared against the migrated schema: what `query!` would check at compile time,
//! without a database at build time and without generated files that go stale.
#![expect(clippy::unwrap_used, reason = "tests")]

use sqlx::{Connection, Executor, PgConnection, SqlSafeStr};
use std::path::{Path, PathBuf};

fn stores(dir: &Path, out: &mut Vec<PathBuf>) {
    for e in std::fs::read_dir(dir).unwrap().flatten() {
        let p = e.path();
        if p.is_dir() {
            stores(&p, out);
        } else if p.components().any(|c| c.as_os_str() == "store" || c.as_os_str() == "store.rs") {
            out.push(p);
        }
    }
}

/// String literals of a source file, in order; comments left out.
fn literals(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_statement_is_one_the_schema_understands() {
    let data = std::env::temp_dir().join(format!("motcua-statements-{}", std::process::id()));
    let embedded = motcua::platform::embedded::start(&data, None).await.unwrap();
    motcua::platform::db::migrate(&embedded.options()).await.unwrap();
    let mut conn = PgConnection::connect_with(&embedded.options()).await.unwrap();
    let mut files = Vec::new();
    stores(Path::new("src"), &mut files);
    let (mut checked, mut wrong) = (0, Vec::new());
    for p in files {
        let text = std::fs::read_to_string(&p).unwrap();
        let all = literals(&text);
        // bases of `macro_rules!` end where a tail is joined on
        let bases: Vec<(String, String)> = text
            .split("macro_rules! ")
            .skip(1)
            .map(|m| {
                let name = m.split(' ').next().unwrap().to_owned();
                let base = m.split('"').nth(1).unwrap().to_owned();
                let tail = m.split("$tail").nth(2).and_then(|t| t.split(')').next()).map(|t| t.trim_start_matches(',').trim().trim_matches('"').to_owned()).unwrap_or_default();
                (name, format!("{base}\u{1}{tail}"))
            })
            .collect();
        let mut statements: Vec<String> =
            all.iter().filter(|l| ["select ", "insert ", "update ", "delete "].iter().any(|k| l.starts_with(k))).filter(|l| !bases.iter().any(|b| b.1.starts_with(l.as_str()))).cloned().collect();
        for (name, base) in &bases {
            for call in text.split(&format!("{name}!(")).skip(1) {
                let tail = call.split('"').nth(1).unwrap_or("");
                let (head, end) = base.split_once('\u{1}').unwrap();
                statements.push(format!("{head}{tail}{end}"));
            }
        }
        for s in statements {
            checked += 1;
            let prepared = conn.prepare(sqlx::AssertSqlSafe(s.clone()).into_sql_str()).await;
            if let Err(e) = prepared {
                wrong.push(format!("{}: {e}\n{s}", p.display()));
            }
        }
    }
    conn.close().await.unwrap();
    embedded.stop().await;
    let _ = std::fs::remove_dir_all(&data);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(checked > 120, "only {checked} statements were found");
}
