//! A copy made while people file comes back whole into an empty place, and nothing leaves the house before somebody looked.

use crate::house::{Folder, MOTHERS, Portal, file_birth, motcua, register, said};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn count(folder: &Folder, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut folder.conn().await).await.unwrap()
}

/// An administrator of the system, by the command.
async fn admin(folder: &Folder, portal: &Portal) -> crate::world::Visitor {
    // the portal holds the folder: staff are added through its database
    let url = folder.database_url().await;
    let out = folder
        .in_it(motcua(&["staff", "add", "--sign-in", "quan.tri", "--name", "Vũ Văn Trị", "--unit", "trung-tam-hanh-chinh-cong", "--role", "system_admin"]))
        .env("DATABASE_URL", url)
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", said(&out));
    let password = said(&out).trim().rsplit(' ').next().unwrap().to_owned();
    let mut v = portal.visitor();
    v.get("/can-bo/dang-nhap").await;
    assert_eq!(v.post("/can-bo/dang-nhap", &[("number", "quan.tri"), ("password", &password)]).await.status, 303);
    v
}

#[tokio::test]
async fn a_copy_made_while_people_file_comes_back_whole_and_holds_what_goes_out() {
    let (house, copies, empty) = (Folder::with_catalogue("backup-house"), Folder::new("backup-copies"), Folder::new("backup-empty"));
    let portal = Portal::start(&house).await;
    let mut lan = register(&portal, MOTHERS[0].0, MOTHERS[0].1, MOTHERS[0].2).await;
    let first = file_birth(&mut lan, MOTHERS[0]).await;
    // somebody files all the time
    let hoa = register(&portal, MOTHERS[1].0, MOTHERS[1].1, MOTHERS[1].2).await;
    let filed = Arc::new(AtomicUsize::new(0));
    let filing = tokio::spawn({
        let (mut hoa, filed) = (hoa.clone(), Arc::clone(&filed));
        async move {
            loop {
                file_birth(&mut hoa, MOTHERS[1]).await;
                filed.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    while filed.load(Ordering::SeqCst) < 1 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let path = copies.0.to_str().unwrap();
    let back_up = || {
        tokio::task::spawn_blocking({
            let mut c = house.in_it(motcua(&["backup", path]));
            move || c.output().unwrap()
        })
    };
    let one = back_up().await.unwrap();
    assert!(one.status.success(), "{}", said(&one));
    let papers = |o: &std::process::Output| said(o).split(" papers").next().unwrap().rsplit(' ').next().unwrap().parse::<usize>().unwrap();
    let new = |o: &std::process::Output| said(o).split('(').nth(1).unwrap().split(' ').next().unwrap().parse::<usize>().unwrap();
    assert_eq!(new(&one), papers(&one));
    while filed.load(Ordering::SeqCst) < 3 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // names of snapshots are of seconds
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let two = back_up().await.unwrap();
    assert!(two.status.success(), "{}", said(&two));
    assert!(new(&two) < papers(&two), "the papers of before are not copied again: {}", said(&two));
    filing.abort();
    let _ = filing.await;
    // a place that isn't empty is refused, and stays as it is
    let before = count(&house, "select count(*) from dossier").await;
    drop(portal);
    let refused = house.in_it(motcua(&["restore", path])).output().unwrap();
    assert!(!refused.status.success() && said(&refused).contains("isn't empty"), "{}", said(&refused));

    let restored = empty.in_it(motcua(&["restore", path])).output().unwrap();
    assert!(restored.status.success(), "{}", said(&restored));
    let portal = Portal::start(&empty).await;
    let dossiers = count(&empty, "select count(*) from dossier").await;
    assert!(dossiers >= 2 && dossiers <= before);
    let snapshot = std::fs::read_dir(&copies.0).unwrap().flatten().map(|e| e.path()).filter(|p| p.join("manifest.json").exists()).max().unwrap();
    let manifest: Value = serde_json::from_slice(&std::fs::read(snapshot.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["rows"]["dossier"], dossiers);
    assert_eq!(manifest["missing"].as_array().unwrap().len(), 0);
    // old sessions are dead; who signs in finds the dossier with its papers whole, and reads from what moment it is
    let mut old = portal.visitor();
    assert_eq!(old.get("/ho-so").await.status, 303);
    let mut lan = portal.visitor();
    lan.sign_in("/dang-nhap", MOTHERS[0].1).await;
    let page = lan.get(&format!("/ho-so/{first}")).await;
    assert!(page.text().contains("khôi phục từ bản sao lưu lúc"), "{}", page.text());
    for p in page.attrs("main a[href*='/giay-to/']", "href") {
        assert!(lan.get(&p).await.body.starts_with(b"%PDF"));
    }
    // a letter to be sent waits; the operator sees it since when, releases it, and it goes
    sqlx::raw_sql(crate::world::CONFIRM_MAIL).execute(&mut empty.conn().await).await.unwrap();
    let again = file_birth(&mut lan, MOTHERS[0]).await;
    assert_ne!(again, first);
    let waiting = "select count(*) from job where kind = 'tell' and state = 'waiting'";
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert!(count(&empty, waiting).await >= 1, "a letter went out before anybody looked");
    let mut admin = admin(&empty, &portal).await;
    let seen = admin.get("/quan-tri/van-hanh").await;
    assert!(seen.text().contains("tell"), "{}", seen.text());
    assert_eq!(admin.post("/quan-tri/van-hanh/tha", &[]).await.status, 303);
    let begun = std::time::Instant::now();
    while count(&empty, waiting).await > 0 {
        assert!(begun.elapsed().as_secs() < 30, "released, and still waiting");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(!lan.get("/").await.text().contains("khôi phục từ bản sao lưu"));
}

/// A paper the portal has lost since is told, though an earlier copy holds it; and a copy that is itself damaged fails in
/// words, leaving a portal that sends nothing and knows no session.
#[tokio::test]
async fn a_lost_paper_is_told_and_a_restore_that_fails_is_held_too() {
    let (house, copies, empty) = (Folder::with_catalogue("lost-house"), Folder::new("lost-copies"), Folder::new("lost-empty"));
    let portal = Portal::start(&house).await;
    let mut lan = register(&portal, MOTHERS[0].0, MOTHERS[0].1, MOTHERS[0].2).await;
    file_birth(&mut lan, MOTHERS[0]).await;
    let path = copies.0.to_str().unwrap();
    let back_up = || house.in_it(motcua(&["backup", path])).output().unwrap();
    assert!(back_up().status.success());
    let digest: String = sqlx::query_scalar("select digest from paper limit 1").fetch_one(&mut house.conn().await).await.unwrap();
    let find = |root: &std::path::Path| {
        let mut folders = vec![root.join("papers")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                match entry.path() {
                    p if p.is_dir() => folders.push(p),
                    p if p.ends_with(&digest) => return p,
                    _ => {}
                }
            }
        }
        panic!("no file {digest} under {}", root.display());
    };
    std::fs::remove_file(find(&house.0)).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let told = back_up();
    assert_eq!(told.status.code(), Some(1));
    assert!(said(&told).contains(&format!("LOST BY THE PORTAL {digest}")), "{}", said(&told));
    drop(portal);
    let copy = find(&copies.0);
    std::fs::set_permissions(&copy, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::write(&copy, b"%PDF-other").unwrap();
    let failed = empty.in_it(motcua(&["restore", path])).output().unwrap();
    assert!(!failed.status.success() && said(&failed).contains(&digest), "{}", said(&failed));
    let portal = Portal::start(&empty).await;
    assert!(portal.visitor().get("/").await.text().contains("khôi phục từ bản sao lưu lúc"));
    assert_eq!(count(&empty, "select count(*) from session").await, 0);
}
