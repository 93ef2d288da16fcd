//! What is killed, cut, filled up or started twice while eight people file and pay (a short round; `bin/fault` runs long ones).

use crate::house::{Folder, Portal, free_port, kill};
use crate::journal::{Journal, Shared, client, empty_slot, judge, nothing_hangs, person, ready_record, submit};
use crate::world::{Visitor, notice};
use motcua::demo::world::pdf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a round is: rounds of killing, aborted requests. The short round unless the environment says otherwise.
fn rounds(name: &str, short: usize) -> usize {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(short)
}

/// Chance that needs no secrecy.
fn random(below: u64) -> u64 {
    u64::from_str_radix(&motcua::base::random::token()[..8], 16).unwrap() % below
}

struct Crowd {
    journal: Shared,
    stop: Arc<AtomicBool>,
    clients: Vec<tokio::task::JoinHandle<()>>,
}

impl Crowd {
    async fn of(portal: &Portal, n: usize) -> Self {
        std::panic::set_hook(Box::new(|p| {
            // an answer that wasn't the expected one is tried again by the client; what fails a test is its own panic
            if std::thread::current().name().is_some_and(|n| n != "tokio-runtime-worker") {
                eprintln!("{p}");
            }
        }));
        let (journal, stop) = (Shared::default(), Arc::new(AtomicBool::new(false)));
        let mut clients = Vec::new();
        for i in 0..n {
            let v = person(portal, i, Duration::from_secs(10)).await;
            clients.push(tokio::spawn(client(v, Arc::clone(&journal), Arc::clone(&stop))));
        }
        Self { journal, stop, clients }
    }

    fn filed(&self) -> usize {
        self.journal.lock().unwrap().codes.len()
    }

    async fn until_filed(&self, n: usize) {
        let begun = Instant::now();
        while self.filed() < n {
            assert!(begun.elapsed() < Duration::from_secs(120), "nobody can file");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets everybody finish what they began, and gives the journal.
    async fn finish(self) -> Journal {
        self.stop.store(true, Ordering::SeqCst);
        for c in self.clients {
            tokio::time::timeout(Duration::from_secs(90), c).await.expect("a client is stuck").unwrap();
        }
        std::mem::take(&mut self.journal.lock().unwrap())
    }
}

/// Rows 1 and 3: portal and postmaster killed at random moments.
#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_while_eight_file_and_pay_nothing_acknowledged_is_lost() {
    let folder = Folder::with_catalogue("rounds");
    let port = free_port();
    let mut portal = Portal::start_at(&folder, port, &[]).await;
    let crowd = Crowd::of(&portal, 8).await;
    crowd.until_filed(1).await;
    let (n, mut slowest) = (rounds("MOTCUA_FAULT_ROUNDS", 4), Duration::ZERO);
    for round in 0..n {
        tokio::time::sleep(Duration::from_millis(200 + random(1500))).await;
        if round % 2 == 0 {
            kill("-KILL", &portal.child.id().to_string());
            portal.child.wait().unwrap();
            let begun = Instant::now();
            portal = Portal::start_at(&folder, port, &[]).await;
            slowest = slowest.max(begun.elapsed());
        } else {
            folder.kill_postmaster().await;
            portal.ready().await;
        }
    }
    let journal = crowd.finish().await;
    eprintln!("{n} rounds: {} codes and {} payments acknowledged; slowest start {slowest:?}", journal.codes.len(), journal.paid.len());
    assert!(journal.codes.len() >= 8 && journal.paid.len() >= 8, "too little was done to judge: {journal:?}");
    nothing_hangs(&folder).await;
    judge(&folder, &journal).await;
}

/// Row 2: asked to stop under load.
#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_under_load_it_finishes_what_it_began() {
    let folder = Folder::with_catalogue("term");
    let port = free_port();
    let mut portal = Portal::start_at(&folder, port, &[]).await;
    let crowd = Crowd::of(&portal, 4).await;
    crowd.until_filed(2).await;
    let begun = Instant::now();
    kill("-TERM", &portal.child.id().to_string());
    assert!(portal.child.wait().unwrap().success(), "it ends by itself, without a fault");
    assert!(begun.elapsed() < Duration::from_secs(30));
    let portal = Portal::start_at(&folder, port, &[]).await;
    let journal = crowd.finish().await;
    judge(&folder, &journal).await;
    drop(portal);
}

/// Row 4: every connection cut. Row 5: the pool used up by a lock that somebody holds.
#[tokio::test(flavor = "multi_thread")]
async fn cut_connections_and_a_held_lock_are_said_and_pass() {
    let folder = Folder::with_catalogue("cut");
    let portal = Portal::start_at(&folder, free_port(), &[]).await;
    let crowd = Crowd::of(&portal, 4).await;
    crowd.until_filed(1).await;
    for _ in 0..3 {
        sqlx::query("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()").execute(&mut folder.conn().await).await.unwrap();
        let before = crowd.filed();
        crowd.until_filed(before + 1).await;
    }
    // somebody holds the sessions' table: fifty people wait, and each is told within the bounds; health goes on
    let mut holder = folder.conn().await;
    sqlx::raw_sql("begin; lock table session in access exclusive mode").execute(&mut holder).await.unwrap();
    let visits: Vec<_> = (0..50)
        .map(|_| {
            let mut v = portal.impatient(Duration::from_secs(20));
            tokio::spawn(async move {
                // whoever waited longer than that would get no 503
                let shown = v.ask("GET", "/ho-so", &[("cookie", "motcua_s=0123456789abcdef0123456789abcdef")]).await;
                (shown.status, shown.headers.contains_key("retry-after"))
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(portal.impatient(Duration::from_secs(2)).get("/healthz").await.status, 200);
    for v in visits {
        assert_eq!(v.await.unwrap(), (503, true));
    }
    sqlx::raw_sql("rollback").execute(&mut holder).await.unwrap();
    let before = crowd.filed();
    crowd.until_filed(before + 1).await;
    let journal = crowd.finish().await;
    nothing_hangs(&folder).await;
    judge(&folder, &journal).await;
}

fn mount(options: &str, at: &std::path::Path) {
    let done = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at).output().unwrap();
    assert!(done.status.success(), "this test mounts a small disk and needs root: {}", String::from_utf8_lossy(&done.stderr));
}

struct Disk(std::path::PathBuf);

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Row 6: the disk of the papers is full.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_leaves_no_half_paper_and_no_row_without_one() {
    let folder = Folder::with_catalogue("full");
    let papers = folder.0.join("papers");
    std::fs::create_dir_all(&papers).unwrap();
    mount("size=3m", &papers);
    let disk = Disk(papers.clone());
    let portal = Portal::start_at(&folder, free_port(), &[]).await;
    let mut v = person(&portal, 0, Duration::from_secs(20)).await;
    let (draft, slot) = empty_slot(&mut v).await;
    let large = |n: u8| pdf(&n.to_string().repeat(880_000));
    let mut told = None;
    for n in 0..8 {
        let shown = v.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[("lon.pdf", &large(n))]).await;
        if shown.status != 303 {
            told = Some((n, shown));
            break;
        }
    }
    let (n, shown) = told.expect("the disk is full by now");
    assert!(n >= 1, "the first fits: {} {}", shown.status, shown.text());
    assert_eq!(shown.status, 503, "{}", shown.text());
    assert!(shown.headers.contains_key("retry-after"));
    // the draft and what was sent before are there; nothing half
    let page = v.get(&format!("{draft}/giay-to")).await;
    assert_eq!(page.all(".file .done").len(), usize::from(n));
    assert_eq!(std::fs::read_dir(papers.join("incoming")).unwrap().count(), 0, "a half file is left");
    judge(&folder, &Journal::default()).await;
    // room is made
    let done = Command::new("mount").args(["-o", "remount,size=64m"]).arg(&papers).status().unwrap();
    assert!(done.success());
    assert_eq!(v.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[("lon.pdf", &large(9))]).await.status, 303);
    drop(portal);
    drop(disk);
}

/// Row 10, the second half: two portals on one database, one killed; the other goes on, jobs and all.
#[tokio::test(flavor = "multi_thread")]
async fn two_portals_on_one_database_serve_and_one_that_is_killed_is_missed_by_nobody() {
    let folder = Folder::with_catalogue("twins");
    let first = Portal::start_at(&folder, free_port(), &[]).await;
    let url = folder.database_url().await;
    let second = Portal::start_at(&folder, free_port(), &[("DATABASE_URL", &url)]).await;
    let crowd = Crowd::of(&first, 2).await;
    let others = Crowd::of_more(&second, 2, 2, &crowd).await;
    crowd.until_filed(4).await;
    let mut second = second;
    kill("-KILL", &second.child.id().to_string());
    second.child.wait().unwrap();
    for o in &others {
        o.abort();
    }
    let before = crowd.filed();
    crowd.until_filed(before + 2).await;
    let journal = crowd.finish().await;
    judge(&folder, &journal).await;
    // nothing waits that is due: the survivor's workers took the other's jobs
    let begun = Instant::now();
    loop {
        let due: i64 =
            sqlx::query_scalar("select count(*) from job where state = 'waiting' and kind = 'tell' and run_at < now() - interval '3 minutes'").fetch_one(&mut folder.conn().await).await.unwrap();
        if due == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

impl Crowd {
    /// More clients at another portal, under the same journal.
    async fn of_more(portal: &Portal, from: usize, n: usize, like: &Self) -> Vec<tokio::task::JoinHandle<()>> {
        let mut all = Vec::new();
        for i in from..from + n {
            let v = person(portal, i, Duration::from_secs(10)).await;
            all.push(tokio::spawn(client(v, Arc::clone(&like.journal), Arc::clone(&like.stop))));
        }
        all
    }
}

/// Requests that are dropped at random moments leave no transaction open, and what was answered is there.
#[tokio::test(flavor = "multi_thread")]
async fn filings_and_payments_aborted_at_random_moments_leave_nothing_open() {
    let folder = Folder::with_catalogue("abort");
    let portal = Portal::start_at(&folder, free_port(), &[]).await;
    let mut v = person(&portal, 0, Duration::from_secs(20)).await;
    let n = rounds("MOTCUA_FAULT_ABORTS", 25);
    let mut journal = Journal::default();
    for i in 0..n {
        if i > 0 && i % 100 == 0 {
            v = person(&portal, i / 100, Duration::from_secs(20)).await;
        }
        let (after, draft) = ready_record(v.clone()).await;
        v = after;
        journal.drafts.push(draft.clone());
        let page = v.get(&format!("{draft}/kiem-tra")).await;
        let sum = page.attr("input[name=sum]", "value").unwrap();
        let mut hasty = hasty(&portal, &v, Duration::from_millis(1 + random(40)));
        let done = hasty.post(&format!("{draft}/nop"), &[("sum", &sum), ("cam-doan", "declared")]).await;
        if done.status == 303 {
            journal.codes.push(done.location().rsplit('/').nth(1).unwrap().to_owned());
        }
        if i % 5 == 4 {
            continue;
        }
        // the person presses again: the same dossier, or the first; then goes to pay, and the gateway tells, by lines that break
        let (after, code) = submit(v.clone(), draft).await;
        v = after;
        journal.codes.push(code.clone());
        let fee = v.get(&format!("/ho-so/{code}")).await.attr("input[name=khoan]", "value").unwrap();
        let basket = v.post("/thanh-toan", &[("khoan", &fee)]).await.location();
        v.get(&basket).await;
        let _ = self::hasty(&portal, &v, Duration::from_millis(1 + random(20))).post(&format!("{basket}/tra"), &[("cach", "vnpay"), ("van-tra", "1")]).await;
        let go = v.post(&format!("{basket}/tra"), &[("cach", "vnpay"), ("van-tra", "1")]).await.location();
        let reference = go.split("vnp_TxnRef=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let query = told(&reference, i);
        journal.references.push(reference.clone());
        let answer = self::hasty(&portal, &v, Duration::from_millis(1 + random(20))).get(&format!("/thanh-toan/vnpay/ipn?{query}")).await;
        if answer.status == 200 || i % 5 == 0 {
            // answered, or told again until it is
            let shown = v.get(&format!("/thanh-toan/vnpay/ipn?{query}")).await;
            assert!(shown.text().contains("\"00\"") || shown.text().contains("\"02\""), "{}", shown.text());
            journal.paid.push(reference);
        }
    }
    eprintln!("{n} filings and {} notices aborted: {} codes and {} payments acknowledged", journal.references.len(), journal.codes.len(), journal.paid.len());
    nothing_hangs(&folder).await;
    judge(&folder, &journal).await;
    // the pool is whole: as many at once as it has connections
    let visits: Vec<_> = (0..16)
        .map(|_| {
            let mut v = v.clone();
            tokio::spawn(async move { v.get("/ho-so").await.status })
        })
        .collect();
    for visit in visits {
        assert_eq!(visit.await.unwrap(), 200);
    }
}

/// A notice of 200,000 đồng as the gateway signs it, now.
fn told(reference: &str, number: usize) -> String {
    let when = motcua::base::time::local(motcua::base::time::Clock::System.now()).format("%Y%m%d%H%M%S").to_string();
    notice(reference, 200_000, ("00", "00"), &format!("7{number:07}"), &when)
}

/// The same person with a line that breaks.
fn hasty(portal: &Portal, v: &Visitor, patience: Duration) -> Visitor {
    Visitor { router: portal.impatient(patience).router, ..v.clone() }
}
