//! Hour after hour the same: memory, file handles and connections stay, and the log grows by what it grows by.
//! A short round by default; `MOTCUA_FAULT_MINUTES` for longer (`bin/fault`).

use crate::house::{Folder, Portal};
use crate::journal::{Journal, judge, nothing_hangs, person, ready_record, submit};
use crate::slow::memory;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// One look at the portal: seconds since the start, kilobytes, file handles, connections to the database.
type Look = (f64, f64, usize, i64);

/// Kilobytes a minute, by least squares.
fn slope(looks: &[Look]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred looks")]
    let n = looks.len() as f64;
    let (x, y) = (looks.iter().map(|l| l.0).sum::<f64>() / n, looks.iter().map(|l| l.1).sum::<f64>() / n);
    let (top, bottom) = looks.iter().fold((0.0, 0.0), |(t, b), l| (t + (l.0 - x) * (l.1 - y), b + (l.0 - x).powi(2)));
    top / bottom * 60.0
}

#[tokio::test(flavor = "multi_thread")]
async fn under_steady_load_memory_handles_and_connections_stay_as_they_are() {
    let minutes: f64 = std::env::var("MOTCUA_FAULT_MINUTES").ok().and_then(|n| n.parse().ok()).unwrap_or(0.4);
    let folder = Folder::with_catalogue("steady");
    let (portal, log) = Portal::logging(&folder, "info").await;
    let end = Instant::now() + Duration::from_secs_f64(minutes * 60.0);
    let (journal, asked) = (Arc::new(Mutex::new(Journal::default())), Arc::new(AtomicUsize::new(0)));
    let mut load = Vec::new();
    // eight people file one dossier after another, with pauses; four read
    for n in 0..8 {
        let mut v = person(&portal, n, Duration::from_secs(20)).await;
        let journal = Arc::clone(&journal);
        load.push(tokio::spawn(async move {
            while Instant::now() < end {
                let (after, draft) = ready_record(v).await;
                journal.lock().unwrap().drafts.push(draft.clone());
                let (after, code) = submit(after, draft).await;
                journal.lock().unwrap().codes.push(code);
                v = after;
                tokio::time::sleep(Duration::from_secs(15).min(end.saturating_duration_since(Instant::now()))).await;
            }
        }));
    }
    for _ in 0..4 {
        let mut v = portal.visitor();
        let asked = Arc::clone(&asked);
        load.push(tokio::spawn(async move {
            while Instant::now() < end {
                for path in ["/", "/thu-tuc?q=khai%20sinh", "/thu-tuc/1.001193", "/thong-ke", "/khong-co"] {
                    v.get(path).await;
                    asked.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }));
    }
    let pid = portal.child.id();
    let (begun, mut looks): (Instant, Vec<Look>) = (Instant::now(), Vec::new());
    let mut conn = folder.conn().await;
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let handles = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count();
        let connections: i64 = sqlx::query_scalar("select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()").fetch_one(&mut conn).await.unwrap();
        #[expect(clippy::cast_precision_loss, reason = "kilobytes")]
        looks.push((begun.elapsed().as_secs_f64(), memory(pid) as f64, handles, connections));
    }
    for l in load {
        l.await.unwrap();
    }
    nothing_hangs(&folder).await;
    let text = std::fs::read_to_string(&log).unwrap();
    let (lines, bytes) = (text.lines().filter(|l| l.contains("\"answered\"")).count(), text.len());
    // the first third warms up
    let later = &looks[looks.len() / 3..];
    let most = later.iter().fold((0.0_f64, 0, 0), |m, l| (m.0.max(l.1), m.1.max(l.2), m.2.max(l.3)));
    let journal = std::mem::take(&mut *journal.lock().unwrap());
    eprintln!(
        "{minutes} min: {} filed, {} pages; memory at most {:.1} MB, slope {:.2} MB in 10 min; {} file handles, {} connections at most; the log grew {} bytes a request",
        journal.codes.len(),
        asked.load(Ordering::Relaxed),
        most.0 / 1024.0,
        slope(later) * 10.0 / 1024.0,
        most.1,
        most.2,
        bytes / lines
    );
    assert!(most.1 < 120 && most.2 <= 20, "{} handles, {} connections", most.1, most.2);
    assert!(bytes / lines < 400, "{} bytes a request", bytes / lines);
    assert!(minutes < 30.0 || slope(later) * 10.0 < 1024.0, "memory grows by {:.0} kB in ten minutes", slope(later) * 10.0);
    judge(&folder, &journal).await;
}
