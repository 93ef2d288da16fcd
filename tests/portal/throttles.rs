//! Who tries too often is told to wait, in words and in seconds; whose account it is, and who only works, is never locked out.

use crate::steps::{begin_birth, file_birth};
use crate::world::visitor::Shown;
use crate::world::{Visitor, World};
use motcua::demo::people::PASSWORD;
use std::num::NonZeroU32;

/// Told to wait: how long, for programs and for people.
fn told_to_wait(shown: &Shown) {
    assert_eq!(shown.status, 429);
    let seconds: u32 = shown.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=3600).contains(&seconds));
    assert!(shown.text().contains("Thử quá nhiều lần") && shown.text().contains("Chờ "), "{}", shown.text());
}

async fn wrong_password(v: &mut Visitor) -> Shown {
    v.get("/dang-nhap").await;
    v.post("/dang-nhap", &[("number", "099190000025"), ("password", "sai mat khau")]).await
}

/// ASVS 6.1.1, 6.3.1: thirty wrong passwords lead to a wait; the owner's own telephone still gets in, from the same address.
#[tokio::test]
async fn guessing_a_password_ends_in_a_wait_and_the_owners_device_still_gets_in() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    lan.get("/ho-so").await;
    lan.post("/thoat", &[]).await;
    lan.sign_in("/dang-nhap", "099190000025").await;
    lan.get("/ho-so").await;
    lan.post("/thoat", &[]).await;
    let mut thief = world.nobody();
    let mut last = wrong_password(&mut thief).await;
    for _ in 0..29 {
        last = wrong_password(&mut thief).await;
    }
    told_to_wait(&last);
    thief.get("/dang-nhap").await;
    told_to_wait(&thief.post("/dang-nhap", &[("number", "099190000025"), ("password", PASSWORD)]).await);
    // the device that has signed in before
    lan.sign_in("/dang-nhap", "099190000025").await;
    // its own wrong tries are counted too
    lan.get("/ho-so").await;
    lan.post("/thoat", &[]).await;
    let mut last = wrong_password(&mut lan).await;
    for _ in 0..10 {
        last = wrong_password(&mut lan).await;
    }
    told_to_wait(&last);
}

#[tokio::test]
async fn guessing_from_many_addresses_ends_too_and_a_false_device_is_no_help() {
    let world = World::with(|c| c.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    let mut lan = world.lan().await;
    lan.get("/ho-so").await;
    lan.post("/thoat", &[]).await;
    lan.sign_in("/dang-nhap", "099190000025").await;
    let mut thief = world.nobody();
    thief.get("/dang-nhap").await;
    thief.cookies.insert("motcua_m".to_owned(), "0".repeat(32));
    let token = thief.token.clone();
    let mut last = None;
    for n in 0..101 {
        let from = format!("203.0.113.{n}");
        last = Some(thief.post_raw("/dang-nhap", &[("_token", &token), ("number", "099190000025"), ("password", "sai")], &[("x-forwarded-for", &from)]).await);
    }
    told_to_wait(&last.unwrap());
    // the owner's device
    lan.get("/ho-so").await;
    lan.post("/thoat", &[]).await;
    lan.sign_in("/dang-nhap", "099190000025").await;
}

/// ASVS 2.4.1: a hundred look-ups by guessed codes.
#[tokio::test]
async fn guessing_codes_or_keys_ends_in_a_wait() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let code = file_birth(&mut lan).await;
    let key = world.one("select lookup_key from dossier").await;
    let mut v = world.nobody();
    v.get("/tra-cuu").await;
    let (mut last, mut tried) = (None, 0);
    for n in 0..100 {
        let shown = v.post("/tra-cuu", &[("ma", &format!("H02.31.01-261125-{n:04}")), ("khoa", "ABCDEFGH")]).await;
        tried += usize::from(shown.status != 429);
        last = Some(shown);
    }
    told_to_wait(&last.unwrap());
    assert!(tried <= 60, "{tried}");
    // an hour later the owner's slip works from there again
    world.clock("2026-11-25T10:30");
    v.get("/tra-cuu").await;
    assert_eq!(v.post("/tra-cuu", &[("ma", &code), ("khoa", &key)]).await.status, 200);
}

#[tokio::test]
async fn registering_without_end_ends_in_a_wait() {
    let world = World::new().await;
    let place = motcua::web::limits::REGISTER;
    let mut v = world.nobody();
    let mut last = None;
    for n in 0..=place.tries {
        let number = format!("099190{n:06}");
        let shown = v.register("Nguyễn Thị Lan", &number, "1990").await;
        v = world.nobody();
        if n == 200 {
            assert_eq!(shown.status, 303, "an office helps two hundred people in an hour");
        }
        last = Some(shown);
    }
    told_to_wait(&last.unwrap());
}

/// Whoever runs down a list of numbers learns of sixty; after that a free number looks like a taken one.
#[tokio::test]
async fn asking_who_has_an_account_ends_in_a_wait_for_every_number() {
    let world = World::new().await;
    world.lan().await;
    let mut v = world.nobody();
    let (mut told, mut last) = (0, None);
    for _ in 0..=motcua::web::limits::REGISTER_TAKEN.tries {
        let shown = v.register("Nguyễn Thị Lan", "099190000025", "1990").await;
        told += i64::from(shown.status == 422);
        last = Some(shown);
    }
    assert_eq!(told, motcua::web::limits::REGISTER_TAKEN.tries);
    told_to_wait(&last.unwrap());
    told_to_wait(&world.nobody().register("Trần Văn Bình", "099085000017", "1985").await);
}

/// Hundreds of tries at one account cost its neighbours at the same address nothing.
#[tokio::test]
async fn guessing_one_account_shuts_nobody_elses_door() {
    let world = World::new().await;
    world.lan().await;
    world.binh().await;
    let mut thief = world.nobody();
    for _ in 0..220 {
        wrong_password(&mut thief).await;
    }
    world.back("/dang-nhap", "099085000017").await;
}

/// Each browser has a mark of its own, kept by a family together; one that was planted counts for nothing, and a new
/// password or the end of all other sessions makes every browser a stranger again.
#[tokio::test]
async fn a_known_device_is_one_device_and_is_forgotten_with_the_password() {
    let world = World::new().await;
    let mut phone = world.lan().await;
    let mut desk = world.back("/dang-nhap", "099190000025").await;
    let mark = |v: &Visitor| v.cookies.get("motcua_m").cloned().unwrap();
    assert_ne!(mark(&phone), mark(&desk));
    // another of the family on the same telephone
    let before = mark(&phone);
    phone.get("/ho-so").await;
    phone.post("/thoat", &[]).await;
    phone.register("Trần Văn Bình", "099085000017", "1985").await;
    assert_eq!(mark(&phone), before);
    let mut planted = world.nobody();
    planted.cookies.insert("motcua_m".to_owned(), "0".repeat(32));
    planted.sign_in("/dang-nhap", "099190000025").await;
    assert_ne!(mark(&planted), "0".repeat(32));
    // a new password makes a new mark: whoever noted the old one is a stranger
    let before = mark(&planted);
    planted.get("/tai-khoan").await;
    let spoilt = planted.post("/tai-khoan/mat-khau", &[("old_password", PASSWORD), ("password", "mua he sang nam 2027")]).await;
    assert_eq!(spoilt.status, 303, "{}", spoilt.text());
    assert_ne!(mark(&planted), before);
    planted.get("/tai-khoan").await;
    planted.post("/tai-khoan/mat-khau", &[("old_password", "mua he sang nam 2027"), ("password", PASSWORD)]).await;
    phone.register("Trần Văn Bình", "099085000017", "1985").await;
    desk = world.back("/dang-nhap", "099190000025").await;
    desk.get("/tai-khoan").await;
    assert_eq!(desk.post("/tai-khoan/phien", &[]).await.status, 303);
    assert_eq!(world.count("select count(*) from known_device d join account a on a.id = d.account_id where a.full_name like '%Lan'").await, 0);
    assert_eq!(world.count("select count(*) from known_device").await, 1, "the other of the family is still known");
}

#[tokio::test]
async fn searching_without_pause_ends_in_a_wait_of_a_second() {
    let world = World::with(|c| c.searches_per_second = NonZeroU32::new(2).unwrap()).await;
    for path in ["/thu-tuc?q=khai", "/thu-tuc/goi-y?q=khai"] {
        let mut v = world.nobody();
        let mut last = v.get(path).await;
        for n in 0..8 {
            last = v.get(&format!("{path}{n}")).await;
        }
        assert_eq!((last.status, last.headers["retry-after"].to_str().unwrap()), (429, "1"), "{path}");
        assert_eq!(v.get("/thu-tuc/1.001193").await.status, 200, "everything else stays open");
    }
}

#[tokio::test]
async fn sending_files_without_end_ends_in_a_wait() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = begin_birth(&mut lan).await;
    let page = lan.get(&format!("{draft}/giay-to")).await;
    let slot = page.attr("form.upload input[name=slot]", "value").unwrap();
    let send = format!("{draft}/giay-to/gui");
    for _ in 0..motcua::web::limits::UPLOAD.tries {
        assert_ne!(lan.upload(&send, &[("slot", &slot)], &[]).await.status, 429);
    }
    told_to_wait(&lan.upload(&send, &[("slot", &slot)], &[("a.pdf", &motcua::demo::world::pdf("a"))]).await);
    // another person sends on
    let mut binh = world.binh().await;
    let draft = begin_birth(&mut binh).await;
    binh.get(&format!("{draft}/giay-to")).await;
    assert_ne!(binh.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[]).await.status, 429);
}

#[tokio::test]
async fn saying_i_have_paid_again_and_again_ends_in_a_wait() {
    let world = World::new().await;
    let (mut binh, _, basket, _) = crate::payment::begun(&world).await;
    let mut last = None;
    for _ in 0..=motcua::web::limits::ASK_GATEWAY.tries {
        binh.get(&basket).await;
        last = Some(binh.post(&format!("{basket}/da-tra"), &[]).await);
    }
    told_to_wait(&last.unwrap());
}

/// Forty clerks sign in, each mistyping twice, and two hundred citizens file, search and look up: all from one address.
#[tokio::test]
async fn an_office_behind_one_address_works_all_morning_without_a_wait() {
    let world = World::new().await;
    let hash = motcua::account::password::hash(PASSWORD.to_owned()).await.unwrap();
    for n in 0..40 {
        let name = format!("thoxuong.can-bo-{n}");
        let mut tx = world.app.portal.db.begin().await.unwrap();
        motcua::account::add_staff(&mut tx, &name, "Người Thử", crate::steps::WARD, None, &[motcua::web::session::Role::DeskClerk], Some(&hash), crate::world::morning()).await.unwrap();
        tx.commit().await.unwrap();
        let mut v = world.nobody();
        for password in ["nham 1", "nham 2", PASSWORD] {
            v.get("/can-bo/dang-nhap").await;
            let shown = v.post("/can-bo/dang-nhap", &[("number", &name), ("password", password)]).await;
            assert_eq!(shown.status, if password == PASSWORD { 303 } else { 422 }, "{name}");
        }
    }
    let code = file_birth(&mut world.lan().await).await;
    let key = world.one("select lookup_key from dossier").await;
    for n in 0..200 {
        let mut v = world.citizen("Nguyễn Thị Thử", &format!("099190{:06}", 100 + n), "1990").await;
        assert_eq!(v.get("/thu-tuc?q=khai%20sinh").await.status, 200);
        v.get("/tra-cuu").await;
        // every fourth mistypes the key first
        if n % 4 == 0 {
            assert_eq!(v.post("/tra-cuu", &[("ma", &format!("H02.31.01-261125-{n:04}")), ("khoa", "ABCDEFGH")]).await.status, 422, "citizen {n}");
        }
        assert_eq!(v.post("/tra-cuu", &[("ma", &code), ("khoa", &key)]).await.status, 200, "citizen {n}");
    }
}
