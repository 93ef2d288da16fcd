//! The law of the house (`src/lib.rs`): imports go down only, SQL stands in stores, and small manners that no lint knows.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

/// Modules in the order of `lib.rs`: a later one may import an earlier one, never the other way round.
fn order() -> Vec<String> {
    std::fs::read_to_string("src/lib.rs").unwrap().lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_owned).collect()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for e in std::fs::read_dir(dir).unwrap().flatten() {
        let p = e.path();
        if p.is_dir() {
            out.extend(files(&p));
        } else if p.extension().is_some_and(|x| x == "rs") {
            out.push(p);
        }
    }
    out
}

/// The feature a file belongs to: `src/dossier/web/form.rs` → `dossier`.
fn feature(p: &Path) -> String {
    let first = p.strip_prefix("src").unwrap().components().next().unwrap().as_os_str().to_str().unwrap().to_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn production(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn imports_go_down_only_and_never_into_another_features_private_files() {
    let order = order();
    let place = |m: &str| order.iter().position(|o| o == m);
    let mut breaches = Vec::new();
    for p in files(Path::new("src")) {
        let own = feature(&p);
        let Some(mine) = place(&own) else { continue };
        let text = std::fs::read_to_string(&p).unwrap();
        for (n, line) in text.lines().enumerate() {
            for part in line.split("crate::").skip(1) {
                let mut words = part.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                let module = words.next().unwrap_or("");
                let second = words.nth(1).unwrap_or("");
                let Some(other) = place(module) else { continue };
                if other > mine {
                    breaches.push(format!("{}:{}: {own} imports {module}, which stands above it", p.display(), n + 1));
                }
                if module != own && ["store", "web"].contains(&second) && !["platform", "web"].contains(&module) {
                    breaches.push(format!("{}:{}: {module}::{second} is private to {module}", p.display(), n + 1));
                }
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn sql_stands_in_stores_only() {
    let mut breaches = Vec::new();
    for p in files(Path::new("src")) {
        let text = std::fs::read_to_string(&p).unwrap();
        let in_store = p.components().any(|c| c.as_os_str() == "store" || c.as_os_str() == "store.rs");
        if !in_store && (text.contains("sqlx::query") || text.contains("sqlx::raw_sql")) {
            breaches.push(p.display().to_string());
        }
        assert!(!text.contains("AssertSqlSafe"), "{}: no statement is put together from parts", p.display());
    }
    assert!(breaches.is_empty(), "{breaches:?}");
}

#[test]
fn no_address_is_written_twice_outside_the_table() {
    for p in files(Path::new("src")) {
        if p.ends_with("web/urls.rs") || p.starts_with("src/demo") {
            continue;
        }
        let text = std::fs::read_to_string(&p).unwrap();
        for path in ["\"/thu-tuc", "\"/ho-so", "\"/thanh-toan", "\"/mot-cua", "\"/nhap/", "\"/nop/", "\"/tra-cuu"] {
            assert!(!production(&text).contains(path), "{}: {path}", p.display());
        }
    }
}

#[test]
fn no_shell_no_stub_and_heads_that_teach() {
    for p in files(Path::new("src")) {
        let text = std::fs::read_to_string(&p).unwrap();
        assert!(!text.contains("sh\").arg(\"-c\""), "{}: a shell", p.display());
        assert!(!production(&text).contains("unimplemented!") && !production(&text).contains("TODO"), "{}: a stub", p.display());
        assert!(text.starts_with("//!"), "{}: its head says what it is", p.display());
    }
}
