//! Letters and the names in them: nothing about what is over, one an hour, nobody's bait; every name people bear.

use crate::steps::{BIRTH, act, begin_birth, fill_form, send_papers, submit};
use crate::world::World;
use motcua::base::fold;
use motcua::demo::people::PASSWORD;
use motcua::platform::jobs::Outcome;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

/// All letters so far, the oldest first, with soft line breaks undone.
fn letters(world: &World) -> Vec<String> {
    let mut all: Vec<_> = std::fs::read_dir(world.app.portal.config.data.join("mail")).into_iter().flatten().flatten().map(|e| e.path()).collect();
    all.sort_by_key(|p| std::fs::metadata(p).unwrap().modified().unwrap());
    all.into_iter().map(|p| std::fs::read_to_string(p).unwrap().replace("=\r\n", "")).collect()
}

/// R19: what happens within an hour stands in one letter; what is over by then isn't told any more.
#[tokio::test]
async fn a_person_gets_one_letter_an_hour_about_a_dossier_and_none_about_what_is_over() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    world.confirm_mail().await;
    let code = crate::steps::file_birth(&mut lan).await;
    world.settle().await;
    assert_eq!(letters(&world).len(), 1, "it is filed");
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let mend = [("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi rõ.")];
    assert_eq!(act(&mut desk, &code, "bo-sung", &mend).await.status, 303);
    world.settle().await;
    assert_eq!(letters(&world).len(), 1, "the next one waits for its hour");
    // answered before the letter went out, and received
    lan.get(&format!("/ho-so/{code}/bo-sung")).await;
    assert_eq!(lan.post(&format!("/ho-so/{code}/bo-sung"), &[("_q", "child_birth_place"), ("child_birth_place", "Phường Thọ Xương")]).await.status, 303);
    assert_eq!(act(&mut desk, &code, "tiep-nhan", &[]).await.status, 303);
    world.settle().await;
    assert_eq!(letters(&world).len(), 1);
    world.clock("2026-11-25T10:30");
    world.settle().await;
    let all = letters(&world);
    assert_eq!(all.len(), 2, "one letter for all that happened");
    let text = quoted_printable(&all[1]);
    assert!(text.contains("đã được tiếp nhận") && !text.contains("cần bổ sung"), "{text}");
    assert_eq!(world.count("select count(*) from message where mail_verdict = 'no longer holds'").await, 2, "the request, and that it was answered");
    assert_eq!(world.count("select count(*) from message where mailed_at is null").await, 0);
}

fn quoted_printable(letter: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = letter.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|h| u8::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok());
        if let Some(b) = hex.filter(|_| *first == b'=') {
            bytes.push(b);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// R19: a reminder planned before the answer, the withdrawal or the collection says nothing after it; mail that was down for
/// two days says the state as of now.
#[tokio::test]
async fn a_letter_that_comes_late_says_how_it_stands_now() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    world.confirm_mail().await;
    let code = crate::steps::file_birth(&mut lan).await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    assert_eq!(act(&mut desk, &code, "bo-sung", &[("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", "Ghi rõ.")]).await.status, 303);
    // nobody ran the jobs for two days: withdrawn meanwhile
    world.clock("2026-11-27T09:00");
    let mut lan = world.back("/dang-nhap", "099190000025").await;
    lan.get(&format!("/ho-so/{code}/rut")).await;
    assert_eq!(lan.post(&format!("/ho-so/{code}/rut"), &[("ly-do", "")]).await.status, 303);
    world.settle().await;
    let all = letters(&world);
    assert_eq!(all.len(), 1, "one letter");
    let text = quoted_printable(&all[0]);
    assert!(text.contains("đã rút") && !text.contains("cần bổ sung"), "{text}");
    for day in ["2026-12-11T08:00", "2026-12-24T08:00", "2027-01-10T08:00"] {
        world.clock(day);
        assert!(matches!(motcua::dossier::daily::run(world.app.portal.clone()).await, Outcome::Again(_)));
        world.settle().await;
    }
    assert_eq!(letters(&world).len(), 1, "nothing more about what is over");
}

/// R15: free text never makes a link in a letter of ours, and an address nobody has confirmed gets none of it.
#[tokio::test]
async fn our_letters_carry_no_strangers_link() {
    let bait: serde_json::Value = serde_json::from_str(&std::fs::read_to_string("tests/data/reports/r15/tu-do.json").unwrap()).unwrap();
    let world = World::new().await;
    for name in bait["names"].as_array().unwrap() {
        let mut v = world.nobody();
        v.get("/dang-ky").await;
        let fields = [
            ("id_kind", "so"),
            ("number", "099190000025"),
            ("full_name", name.as_str().unwrap()),
            ("birth_date", "10/05/1990"),
            ("phone", "0900000001"),
            ("email", "nan-nhan@example.vn"),
            ("password", PASSWORD),
        ];
        let shown = v.post("/dang-ky", &fields).await;
        assert_eq!(shown.status, 422, "{name}");
        assert!(shown.text().contains("địa chỉ mạng") || shown.text().contains("không dùng được"), "{name}: in words");
    }
    world.settle().await;
    assert!(letters(&world).is_empty(), "no victim is written to");
    let mut lan = world.lan().await;
    lan.get("/to-chuc").await;
    let refused = lan.post("/to-chuc", &[("tax_code", "9900000016"), ("name", bait["organisation"].as_str().unwrap()), ("address", "")]).await;
    assert_eq!(refused.status, 422);
    world.confirm_mail().await;
    // a child's name and a clerk's note are free text: kept as typed on the page, no link anywhere
    let draft = begin_birth(&mut lan).await;
    let mut answers: Vec<(&str, &str)> = BIRTH.iter().copied().filter(|a| a.0 != "child_birth_place").collect();
    answers.push(("child_birth_place", "Xem ngay https://qua-tang.example/x"));
    fill_form(&mut lan, &draft, &answers).await;
    send_papers(&mut lan, &draft).await;
    let code = submit(&mut lan, &draft).await;
    world.settle().await;
    world.clock("2026-11-25T11:00");
    let mut desk = world.staff("thoxuong.mot-cua").await;
    let note = bait["note_of_clerk"].as_str().unwrap();
    assert_eq!(act(&mut desk, &code, "tu-choi", &[("ly-do", note), ("c:q:child_birth_place", "sua"), ("n:q:child_birth_place", note)]).await.status, 303);
    world.settle().await;
    let mut lan = world.back("/dang-nhap", "099190000025").await;
    for page in [format!("/ho-so/{code}"), format!("/ho-so/{code}/phieu-tu-choi")] {
        let shown = lan.get(&page).await;
        assert_eq!(shown.status, 200, "{page}");
        assert!(!shown.attrs("a", "href").iter().any(|h| h.contains("qua-tang")), "{page}");
    }
    let all = letters(&world);
    assert_eq!(all.len(), 2);
    for l in &all {
        let text = quoted_printable(l);
        assert!(!text.contains("qua-tang.example") && !text.contains("https://qua"), "{text}");
        assert!(!text.contains("Nguyễn"), "no name of anybody: {text}");
        assert_eq!(l.matches("\nTo:").count(), 1, "{l}");
        assert!(!l.contains("\nBcc"), "{l}");
    }
}

/// R9: each name as account, child, owner of a household business; found by any spelling; whole in lists and on slips.
#[tokio::test]
async fn names_of_one_word_of_eighty_letters_and_with_apostrophes_go_through_everything() {
    let all: serde_json::Value = serde_json::from_str(&std::fs::read_to_string("tests/data/reports/r09/ho-ten.json").unwrap()).unwrap();
    let world = World::new().await;
    let mut desk = world.staff("thoxuong.mot-cua").await;
    for (n, entry) in all.as_array().unwrap().iter().enumerate() {
        let typed = entry["name"].as_str().unwrap();
        let stored = fold::name(typed);
        let number = format!("099190{:06}", 500 + n);
        let mut v = world.citizen(typed, &number, "10/05/1990").await;
        assert_eq!(v.get("/tai-khoan").await.all(".rows dd").first().map(String::as_str), Some(&*stored), "as typed, spaces folded");
        let draft = begin_birth(&mut v).await;
        let answers: Vec<(&str, &str)> = BIRTH
            .iter()
            .map(|(k, x)| match *k {
                "child_name" | "mother_name" => (*k, typed),
                "mother_id" => (*k, number.as_str()),
                _ => (*k, *x),
            })
            .collect();
        let shown = fill_form(&mut v, &draft, &answers).await;
        assert_eq!(shown.status, 303, "{typed}: {:?}", shown.all(".summary li"));
        send_papers(&mut v, &draft).await;
        let code = submit(&mut v, &draft).await;
        // at the desk: whole, by its last word, without marks, with the other apostrophe, with none
        let last = stored.rsplit(' ').next().unwrap().to_owned();
        let other: String = stored.chars().map(|c| if "'’ʼ".contains(c) { '’' } else { c }).collect();
        let none: String = stored.chars().filter(|c| !"'’ʼ".contains(*c)).collect();
        for words in [stored.clone(), last, fold::search(&stored), other, none] {
            desk.get("/mot-cua").await;
            let found = desk.post("/mot-cua/tim", &[("tim", &words)]).await;
            assert!(found.text().contains(&code), "“{words}” finds {stored}");
        }
        let queue = desk.post("/mot-cua/tim", &[("tim", &code)]).await;
        let shown_names: Vec<String> = queue.all("main").into_iter().collect();
        assert!(shown_names.join(" ").contains(&stored), "the whole name in the queue: {stored}");
        assert!(v.get(&format!("/ho-so/{code}")).await.all("main").join(" ").contains(&stored));
        assert_eq!(act(&mut desk, &code, "tiep-nhan", &[]).await.status, 303);
        assert!(v.get(&format!("/ho-so/{code}/giay-hen")).await.all("main").join(" ").contains(&stored), "on the slip");
    }
}

/// A mail server that greets and then says 451 to everybody, or never says anything.
async fn bad_mail_server(silent: bool) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            if silent {
                held.push(stream);
                continue;
            }
            tokio::spawn(async move {
                let (read, mut write) = stream.into_split();
                let mut lines = BufReader::new(read).lines();
                let _ = write.write_all(b"220 mail.example\r\n").await;
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer: &[u8] = if line.starts_with("EHLO") { b"250 mail.example\r\n" } else { b"451 try again later\r\n" };
                    if write.write_all(answer).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    url
}

/// Row 14 of the faults: mail that is down, silent or says 451 slows nobody's filing; the letter is tried again with growing
/// waits, given up after three days where the staff see it, and sent by hand when mail is back.
#[tokio::test]
async fn mail_that_is_down_silent_or_refusing_slows_nobody_and_the_letter_is_not_lost() {
    for (server, silent) in [("smtp://127.0.0.1:1".to_owned(), false), (bad_mail_server(false).await, false), (bad_mail_server(true).await, true)] {
        let world = World::with(|c| c.smtp_url = Some(server.into())).await;
        let mut lan = world.lan().await;
        world.confirm_mail().await;
        crate::steps::file_birth(&mut lan).await;
        assert_eq!(world.one("select state || tries from job where kind = 'tell'").await, "waiting0", "filed before anybody spoke to the mail server");
        let mut waits = Vec::new();
        let mut now = world.app.portal.clock.now();
        while world.one("select state from job where kind = 'tell'").await == "waiting" {
            world.settle().await;
            let next: chrono::DateTime<chrono::Utc> = sqlx::query_scalar("select run_at from job where kind = 'tell'").fetch_one(&mut world.conn().await).await.unwrap();
            if next > now {
                waits.push((next - now).num_seconds());
                now = next + chrono::TimeDelta::seconds(1);
                world.app.portal.clock.set(now);
            }
            if silent && !waits.is_empty() {
                break;
            }
        }
        assert_eq!(world.count("select count(*) from message where mailed_at is not null").await, 0);
        if silent {
            continue;
        }
        assert!(waits.len() > 8 && waits[0] < 20 && waits[4] > waits[1] && waits[7] > 10_000, "{waits:?}");
        assert!((3 * 86_400..4 * 86_400).contains(&waits.iter().sum::<i64>()), "given up after three days: {waits:?}");
        assert_eq!(world.one("select state from job where kind = 'tell'").await, "given_up");
        let mut admin = world.staff("quan-tri").await;
        let page = admin.get("/quan-tri/van-hanh").await;
        assert!(page.all("main").join(" ").contains("tell"), "the staff see it");
    }
}
