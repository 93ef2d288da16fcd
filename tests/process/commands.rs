//! Commands, their answers and their refusals.

use crate::house::{Folder, motcua, said};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

#[test]
fn the_calendar_answers_line_by_line_and_a_bad_line_spoils_no_other() {
    let mut child = motcua(&["calendar", "due"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = "{\"from\":\"2023-12-29T16:00\",\"limit\":\"7wd\"}\nnot json\n{\"from\":\"2024-03-06T10:00\",\"limit\":\"none\"}\n{\"from\":\"2050-03-06T10:00\",\"limit\":\"5wd\"}\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    let said: Vec<Value> = String::from_utf8(out.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let answer = |n: usize, key: &str| said.get(n).unwrap().get(key).cloned();
    assert_eq!(answer(0, "due_at"), Some(json!("2024-01-10T17:00")));
    assert!(answer(1, "error").is_some());
    assert_eq!(answer(2, "due_at"), Some(Value::Null));
    assert!(answer(3, "error").unwrap().as_str().unwrap().contains("2050"));
}

#[test]
fn a_wrong_setting_is_refused_with_name_and_example_and_no_secret_is_printed() {
    let folder = Folder::new("settings");
    let cases: &[(&[(&str, &str)], &[&str])] = &[
        (&[("MOTCUA_PUBLIC_URL", "http://dichvucong.example.vn")], &["MOTCUA_PUBLIC_URL", "https://"]),
        (&[("MOTCUA_LISTEN", "8080")], &["MOTCUA_LISTEN", "127.0.0.1:8080"]),
        (&[("MOTCUA_TRUSTED_PROXIES", "10.0.0.5,nha")], &["MOTCUA_TRUSTED_PROXIES", "10.0.0.5"]),
        (&[("MOTCUA_SEARCHES_PER_SECOND", "0")], &["MOTCUA_SEARCHES_PER_SECOND", "above 0"]),
        (&[("MOTCUA_VNPAY_EXPIRE_MINUTES", "0")], &["MOTCUA_VNPAY_EXPIRE_MINUTES", "above 0"]),
        (&[("MOTCUA_VNPAY_TIMEOUT_SECONDS", "0")], &["MOTCUA_VNPAY_TIMEOUT_SECONDS", "above 0"]),
        (&[("MOTCUA_VNPAY_TMN_CODE", "MOTCUA01"), ("MOTCUA_VNPAY_HASH_SECRET", "VERYSECRETVALUE0123")], &["MOTCUA_VNPAY_PAY_URL", "MOTCUA_VNPAY_API_URL"]),
        (&[("MOTCUA_SMTP_URL", "mail.example.vn")], &["MOTCUA_SMTP_URL", "smtps://"]),
        (&[("DATABASE_URL", "mysql://secretuser:secretword@x/y")], &["DATABASE_URL", "postgres://"]),
        (&[("MOTCUA_VNPAY_HASH_SECRET_FILE", "/nowhere/secret")], &["MOTCUA_VNPAY_HASH_SECRET_FILE", "/nowhere/secret"]),
    ];
    for (env, words) in cases {
        let mut c = folder.in_it(motcua(&["serve"]));
        c.envs(env.iter().copied());
        let out = c.output().unwrap();
        let text = said(&out);
        assert!(!out.status.success(), "{env:?} was accepted");
        assert!(words.iter().all(|w| text.to_lowercase().contains(&w.to_lowercase())), "{env:?}: {text}");
        assert!(!text.contains("VERYSECRETVALUE0123") && !text.contains("secretword"), "{text}");
    }
}

/// The office works on: a catalogue comes in and a colleague is added without a stop.
#[tokio::test]
async fn commands_work_beside_a_portal_that_serves_and_refuse_an_unknown_office_or_number() {
    let house = Folder::with_catalogue("beside");
    let portal = crate::house::Portal::start(&house).await;
    let run = |args: &[&str]| house.in_it(motcua(args)).output().unwrap();
    let imported = run(&["catalogue", "import", "tests/data/catalogue"]);
    assert!(imported.status.success() && said(&imported).contains(" 0 records changed"), "{}", said(&imported));
    let add = ["staff", "add", "--sign-in", "hoa.nt", "--name", "Nguyễn Thị Hoa", "--unit", "trung-tam-hanh-chinh-cong", "--role", "desk_clerk"];
    for (extra, words) in [(["--office", "nix"], "--office: there is no office nix"), (["--number", "123"], "--number: 123 is no personal number")] {
        let refused = run(&[&add[..], &extra].concat());
        assert!(!refused.status.success() && said(&refused).contains(words), "{}", said(&refused));
    }
    let added = run(&add);
    assert!(added.status.success(), "{}", said(&added));
    assert_eq!(portal.visitor().get("/").await.status, 200);
}

/// A port that is taken: the start fails in words, and leaves no database server running.
#[tokio::test]
async fn a_start_that_fails_leaves_nothing_running_and_what_it_made_is_nobody_elses() {
    use std::os::unix::fs::PermissionsExt;
    let house = Folder::new("taken");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut c = house.in_it(motcua(&["serve"]));
    let out = c.env("MOTCUA_LISTEN", taken.local_addr().unwrap().to_string()).output().unwrap();
    assert!(!out.status.success() && said(&out).contains("MOTCUA_LISTEN"), "{}", said(&out));
    assert!(!house.0.join("pg/postmaster.pid").exists(), "the database server still runs");
    let modes: Vec<_> = ["papers", "postgres.log"].iter().map(|p| std::fs::metadata(house.0.join(p)).map(|m| m.permissions().mode() & 0o077)).collect();
    assert!(modes.iter().all(|m| m.as_ref().is_ok_and(|m| *m == 0)), "{modes:?}");
}

/// A copy of the shipped catalogue, changed.
fn spoilt(folder: &Folder, file: &str, change: impl FnOnce(&mut Value)) -> PathBuf {
    let to = folder.0.join("catalogue");
    std::fs::create_dir_all(&to).unwrap();
    for e in std::fs::read_dir("tests/data/catalogue").unwrap().flatten() {
        std::fs::copy(e.path(), to.join(e.file_name())).unwrap();
    }
    let mut json: Value = serde_json::from_str(&std::fs::read_to_string(to.join(file)).unwrap()).unwrap();
    change(&mut json);
    std::fs::write(to.join(file), serde_json::to_string(&json).unwrap()).unwrap();
    to
}

fn check(path: &Path) -> Output {
    motcua(&["catalogue", "check", path.to_str().unwrap()]).output().unwrap()
}

#[test]
fn a_catalogue_is_checked_with_all_its_faults_at_once_and_nothing_is_written() {
    let folder = Folder::new("check");
    assert!(check(Path::new("tests/data/catalogue")).status.success());
    let path = spoilt(&folder, "procedures.json", |json| {
        let list = json["procedures"].as_array_mut().unwrap();
        list[0]["field"] = json!("khong-co-linh-vuc-nay");
        list[1]["code"] = list[2]["code"].clone();
        list[3]["level"] = json!("galaxy");
    });
    let out = check(&path);
    assert_eq!(out.status.code(), Some(1));
    let text = said(&out);
    assert!(text.contains("procedures.json"), "{text}");
    // an enum that isn't one stops the reading of that record only by name; the rest is still told
    assert!(text.contains("galaxy") || text.contains("level"), "{text}");
}

#[test]
fn importing_twice_changes_nothing_and_a_changed_record_makes_a_version() {
    let folder = Folder::new("import");
    let import = |path: &str| {
        let out = folder.in_it(motcua(&["catalogue", "import", path])).output().unwrap();
        assert!(out.status.success(), "{}", said(&out));
        said(&out)
    };
    import("tests/data/catalogue");
    assert!(import("tests/data/catalogue").contains(" 0 records changed"));
    let path = spoilt(&folder, "procedures.json", |json| json["procedures"][0]["name"] = json!("Một tên khác"));
    assert!(import(path.to_str().unwrap()).contains(" 1 records changed"));
    let path = spoilt(&folder, "procedures.json", |json| json["procedures"][0]["field"] = json!("khong-co"));
    let refused = folder.in_it(motcua(&["catalogue", "import", path.to_str().unwrap()])).output().unwrap();
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(import("tests/data/catalogue").contains(" 1 records changed"));
}
