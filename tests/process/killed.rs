//! Killed while people file; refused a second time on one folder; the database started again; stopped when asked.

use crate::house::{Folder, MOTHERS, Portal, file_birth, kill, motcua, register, said};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

#[tokio::test]
async fn killed_while_two_people_file_every_acknowledged_code_is_there_once_with_whole_papers() {
    let folder = Folder::with_catalogue("kill");
    let mut portal = Portal::start(&folder).await;
    let mut people = Vec::new();
    for (name, number, born) in MOTHERS {
        people.push(register(&portal, name, number, born).await);
    }
    let codes: [Arc<Mutex<Vec<String>>>; 2] = [Arc::default(), Arc::default()];
    let filing: Vec<_> = people
        .iter()
        .zip(MOTHERS)
        .zip(&codes)
        .map(|((v, mother), acknowledged)| {
            let (mut v, acknowledged) = (v.clone(), Arc::clone(acknowledged));
            tokio::spawn(async move {
                loop {
                    let code = file_birth(&mut v, mother).await;
                    acknowledged.lock().unwrap().push(code);
                }
            })
        })
        .collect();
    let count = |n: usize| codes.get(n).unwrap().lock().unwrap().len();
    let begun = Instant::now();
    while count(0) < 2 || count(1) < 2 {
        assert!(begun.elapsed() < Duration::from_secs(120), "nobody can file");
        assert!(filing.iter().all(|f| !f.is_finished()), "a filing failed before anything was killed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    kill("-KILL", &portal.child.id().to_string());
    portal.child.wait().unwrap();
    for f in filing {
        f.abort();
    }

    // the database outlived the portal, or is started again: either way everything acknowledged is there
    let portal = Portal::start(&folder).await;
    for (n, (_, number, _)) in MOTHERS.into_iter().enumerate() {
        let mut v = portal.visitor();
        v.sign_in("/dang-nhap", number).await;
        let mine = v.get("/ho-so").await;
        let shown = mine.attrs("main a[href^='/ho-so/']", "href");
        let acknowledged = codes.get(n).unwrap().lock().unwrap().clone();
        for code in &acknowledged {
            let times = shown.iter().filter(|h| h.ends_with(code.as_str())).count();
            assert_eq!(times, 1, "{code} in {shown:?}");
            let page = v.get(&format!("/ho-so/{code}")).await;
            let papers = page.attrs("main a[href*='/giay-to/']", "href");
            assert!(!papers.is_empty(), "{code} has lost its papers");
            for p in papers {
                let paper = v.get(&p).await;
                assert!(paper.status == 200 && paper.body.starts_with(b"%PDF") && paper.body.trim_ascii_end().ends_with(b"%%EOF"), "{p} is not whole");
            }
        }
    }

    // another portal on the same folder is refused in words
    let second = folder.in_it(motcua(&["serve"])).env("MOTCUA_LISTEN", "127.0.0.1:0").output().unwrap();
    assert!(!second.status.success());
    assert!(said(&second).contains("another"), "{}", said(&second));

    // the database killed under a running portal comes back by itself
    folder.kill_postmaster().await;
    portal.ready().await;
    assert_eq!(portal.visitor().get("/").await.status, 200);

    // asked to stop, the portal stops and takes the database with it
    let mut portal = portal;
    kill("-TERM", &portal.child.id().to_string());
    assert!(portal.child.wait().unwrap().success());
    assert!(!folder.0.join("pg/postmaster.pid").exists());
}
