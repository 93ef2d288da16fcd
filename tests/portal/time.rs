//! What time brings: reminders that ask first whether they still hold, drafts that run out, the daily check, jobs run again.

use crate::steps::{act, begin_birth, decide, file_birth};
use crate::world::World;
use motcua::platform::jobs::Outcome;

async fn daily(world: &World) {
    assert!(matches!(motcua::dossier::daily::run(world.app.portal.clone()).await, Outcome::Again(_)));
    world.settle().await;
}

#[tokio::test]
async fn who_was_asked_for_a_supplement_is_reminded_at_half_and_at_nine_tenths_of_the_time() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    assert_eq!(act(&mut desk, &code, "bo-sung", &[("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi rõ.")]).await.status, 303);
    let reminders = "select count(*) from message where kind = 'supplement_due'";
    for (when, n) in [("2026-12-09T10:00", 0), ("2026-12-10T23:00", 0), ("2026-12-11T08:00", 1), ("2026-12-20T08:00", 1), ("2026-12-23T08:00", 2), ("2026-12-24T08:00", 2)] {
        world.clock(when);
        daily(&world).await;
        daily(&world).await;
        assert_eq!(world.count(reminders).await, n, "{when}");
    }
}

#[tokio::test]
async fn a_reminder_about_what_is_over_is_not_sent() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    world.confirm_mail().await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    assert_eq!(act(&mut desk, &code, "bo-sung", &[("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi rõ.")]).await.status, 303);
    world.settle().await;
    let letters = || std::fs::read_dir(world.app.portal.config.data.join("mail")).map_or(0, Iterator::count);
    let before = letters();
    world.clock("2026-12-11T08:00");
    assert!(matches!(motcua::dossier::daily::run(world.app.portal.clone()).await, Outcome::Again(_)));
    // withdrawn a moment before the letter goes out
    let mut lan = world.back("/dang-nhap", "099190000025").await;
    lan.get(&format!("/ho-so/{code}/rut")).await;
    assert_eq!(lan.post(&format!("/ho-so/{code}/rut"), &[("ly-do", "")]).await.status, 303);
    world.settle().await;
    assert_eq!(world.one("select mail_verdict from message where kind = 'supplement_due'").await, "no longer holds");
    assert_eq!(letters(), before + 1, "only the word that it is withdrawn");
}

#[tokio::test]
async fn a_result_that_waits_is_reminded_after_seven_and_thirty_days() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    decide(&world, &code).await;
    // signed and electronic it was returned at once; this one waits at the counter
    sqlx::raw_sql("update dossier set state = 'result_ready', ended_at = null").execute(&mut world.conn().await).await.unwrap();
    for (when, n) in [("2026-12-01T10:00", 0), ("2026-12-02T10:00", 1), ("2026-12-20T10:00", 1), ("2026-12-26T10:00", 2), ("2027-02-01T10:00", 2)] {
        world.clock(when);
        daily(&world).await;
        assert_eq!(world.count("select count(*) from message where kind = 'waiting'").await, n, "{when}");
    }
}

#[tokio::test]
async fn a_draft_that_ran_out_goes_with_its_papers_and_a_filed_one_stays() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let papers = "select count(*) from paper where dossier_id is not null";
    let filed = world.count(papers).await;
    begin_birth(&mut lan).await;
    world.clock("2028-11-25T09:00");
    daily(&world).await;
    assert_eq!(world.count("select count(*) from draft where submitted_as is null").await, 0);
    assert!(filed > 0);
    assert_eq!(world.count(papers).await, filed);
    assert_eq!(world.one("select code from dossier").await, code);
}

#[tokio::test]
async fn the_daily_check_is_quiet_when_all_is_well_and_names_what_is_not() {
    let world = World::new().await;
    let mut binh = world.binh().await;
    crate::steps::file_record(&mut binh).await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let now = crate::world::morning();
    let check = async || motcua::report::check::check(&world.app.portal, now).await.unwrap();
    assert!(check().await.is_sound(), "{:?}", check().await);
    let digest = world.one("select digest from stored_file limit 1").await;
    let path = world.app.portal.config.data.join("papers").join(&digest[..2]).join(&digest);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, b"short").unwrap();
    assert_eq!(check().await.files_missing, 1);
    let mut other = bytes.clone();
    other[10] ^= 1;
    std::fs::write(&path, &other).unwrap();
    assert!(!world.app.portal.files.open(&digest).await.is_ok_and(|f| f.1 > 0));
    std::fs::write(&path, &bytes).unwrap();
    sqlx::raw_sql("update dossier set state = 'cancelled', ended_at = now() where code like '%.31.01-%'; update obligation set amount = amount + 1, gross = gross + 1")
        .execute(&mut world.conn().await)
        .await
        .unwrap();
    let found = check().await;
    assert_eq!((found.states, found.balances), (1, 1), "{code}");
    let mut admin = world.staff("quan-tri").await;
    assert!(admin.get("/quan-tri/van-hanh").await.text().contains("Có chỗ lệch"));
}

/// T47: a job given up is run again by hand, counted and shown.
#[tokio::test]
async fn a_job_given_up_runs_again_by_hand() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    world.confirm_mail().await;
    file_birth(&mut lan).await;
    sqlx::raw_sql("update job set state = 'given_up', tries = 8, last_error = 'SMTP 451', finished_at = now() where kind = 'tell'").execute(&mut world.conn().await).await.unwrap();
    let mut admin = world.staff("quan-tri").await;
    let page = admin.get("/quan-tri/van-hanh").await;
    assert!(page.text().contains("SMTP 451") && page.text().contains("×8"));
    let retry = page.attr("main form", "action").unwrap();
    assert_eq!(admin.post(&retry, &[]).await.status, 303);
    world.settle().await;
    assert_eq!(world.count("select count(*) from job where kind = 'tell' and state = 'done' and tries = 9").await, 1);
    assert!(!admin.get("/quan-tri/van-hanh").await.text().contains("SMTP 451"));
}

/// Row 9: a clock that steps back and forth, over midnight and over New Year: no code twice, no session dies of a step back.
#[tokio::test]
async fn a_clock_that_steps_gives_no_code_twice() {
    let world = World::new().await;
    let mut codes = std::collections::HashSet::new();
    for moment in ["2026-11-25T10:30", "2026-11-25T09:30", "2026-11-24T10:00", "2026-11-25T23:59", "2026-11-26T00:01", "2026-11-25T23:58", "2026-12-31T23:59", "2027-01-01T00:01", "2026-12-31T23:58"] {
        world.clock(moment);
        let mut lan = world.nobody();
        lan.get("/dang-nhap").await;
        if lan.post("/dang-nhap", &[("number", "099190000025"), ("password", motcua::demo::people::PASSWORD)]).await.status != 303 {
            lan = world.lan().await;
        }
        for _ in 0..2 {
            assert!(codes.insert(crate::steps::file_record(&mut lan).await), "{moment}: a code twice");
        }
    }
    // an hour back within a session: it goes on
    world.clock("2026-11-26T10:00");
    let mut v = world.back("/dang-nhap", "099190000025").await;
    world.clock("2026-11-26T09:00");
    assert_eq!(v.get("/ho-so").await.status, 200);
}
