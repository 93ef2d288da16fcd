//! Accounts: signing in, one-time links, sessions.

use crate::world::World;
use motcua::demo::people::PASSWORD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_number_look_the_same_and_are_throttled() {
    let world = World::new().await;
    world.lan().await;
    let mut v = world.nobody();
    v.get("/dang-nhap").await;
    let known = v.post("/dang-nhap", &[("number", "099190000025"), ("password", "sai hoàn toàn")]).await;
    let unknown = v.post("/dang-nhap", &[("number", "099085000017"), ("password", "sai hoàn toàn")]).await;
    assert_eq!((known.status, known.all(".summary li")), (422, unknown.all(".summary li")));
    for _ in 0..12 {
        v.post("/dang-nhap", &[("number", "099190000025"), ("password", "sai")]).await;
    }
    let full = v.post("/dang-nhap", &[("number", "099190000025"), ("password", "sai")]).await;
    assert_eq!(full.status, 429);
    assert!(full.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn a_number_pasted_with_unseen_signs_signs_in() {
    let world = World::new().await;
    world.lan().await;
    for typed in ["099 190 000 025", "\u{200e}099190000025\u{200e}", "０９９１９０００００２５"] {
        world.back("/dang-nhap", typed).await;
    }
}

#[tokio::test]
async fn fetching_a_one_time_link_uses_nothing_up() {
    let world = World::new().await;
    let mut lan = world.nobody();
    lan.get("/dang-ky").await;
    lan.post(
        "/dang-ky",
        &[("id_kind", "so"), ("number", "099190000025"), ("full_name", "Nguyễn Thị Lan"), ("birth_date", "1990"), ("phone", "0900000001"), ("email", "lan@example.vn"), ("password", PASSWORD)],
    )
    .await;
    world.settle().await;
    let letter = std::fs::read_dir(world.app.portal.config.data.join("mail")).unwrap().next().unwrap().unwrap().path();
    let letter = std::fs::read_to_string(letter).unwrap();
    assert!(!letter.contains("Lan") && !letter.contains("099190000025"), "the first letter is neutral");
    let token = letter.replace("=\r\n", "").split("/lien-ket/").nth(1).unwrap().chars().take(32).collect::<String>();
    let link = format!("/lien-ket/{token}");
    for _ in 0..3 {
        assert_eq!(world.nobody().get(&link).await.status, 200);
    }
    assert_eq!(world.count("select count(*) from account where email_confirmed_at is not null").await, 0);
    let mut v = world.nobody();
    v.get(&link).await;
    assert_eq!(v.post(&link, &[]).await.status, 200);
    assert_eq!(world.count("select count(*) from account where email_confirmed_at is not null").await, 1);
    assert!(v.post(&link, &[]).await.text().contains("đã dùng"));
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    lan.get("/ho-so").await;
    let kept = lan.clone();
    let out = lan.post("/thoat", &[]).await;
    assert!(out.headers.get("clear-site-data").is_some());
    let mut stolen = kept;
    assert_eq!(stolen.get("/ho-so").await.status, 303);
}

#[tokio::test]
async fn correcting_ones_name_needs_the_password_keeps_the_old_value_and_drafts_follow() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let draft = crate::steps::begin_birth(&mut lan).await;
    lan.get("/tai-khoan/nhan-than").await;
    let wrong = lan.post("/tai-khoan/nhan-than", &[("full_name", "Nguyễn Thị Lan Anh"), ("birth_date", "10/05/1990"), ("sex", "nu"), ("old_password", "không phải")]).await;
    assert_eq!(wrong.status, 422);
    let right = lan.post("/tai-khoan/nhan-than", &[("full_name", "Nguyễn Thị Lan Anh"), ("birth_date", "10/05/1990"), ("sex", "nu"), ("old_password", PASSWORD)]).await;
    assert_eq!(right.status, 303);
    assert_eq!(world.one("select old_value from account_change").await, "Nguyễn Thị Lan");
    assert!(lan.get(&format!("{draft}/noi-dung")).await.all(".known dd").contains(&"Nguyễn Thị Lan Anh".to_owned()));
}

/// A mail server that takes one letter, and gives what it was told.
async fn mail_server() -> (String, tokio::task::JoinHandle<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 mail.example\r\n").await.unwrap();
        let (mut letter, mut in_letter) = (String::new(), false);
        while let Ok(Some(line)) = lines.next_line().await {
            if in_letter && line != "." {
                letter.push_str(&line);
                letter.push('\n');
                continue;
            }
            let answer: &[u8] = match line.get(..4).unwrap_or("") {
                "DATA" => b"354 go on\r\n",
                "QUIT" => b"221 bye\r\n",
                _ => b"250 fine\r\n",
            };
            in_letter = line.starts_with("DATA");
            write.write_all(answer).await.unwrap();
            if line == "." {
                break;
            }
        }
        letter
    });
    (url, server)
}

#[tokio::test]
async fn with_a_mail_server_letters_go_there_and_none_stays_in_the_folder() {
    let (url, server) = mail_server().await;
    let world = World::with(|c| c.smtp_url = Some(url.into())).await;
    let mut v = world.nobody();
    v.get("/dang-ky").await;
    v.post(
        "/dang-ky",
        &[("id_kind", "so"), ("number", "099190000025"), ("full_name", "Nguyễn Thị Lan"), ("birth_date", "1990"), ("phone", "0900000001"), ("email", "lan@example.vn"), ("password", PASSWORD)],
    )
    .await;
    world.settle().await;
    let letter = server.await.unwrap();
    assert!(letter.contains("lan@example.vn") && letter.contains("/lien-ket/"), "{letter}");
    assert_eq!(world.count("select count(*) from job where kind = 'send_link' and state = 'done'").await, 1);
    assert!(!world.app.portal.config.data.join("mail").exists());
}

#[tokio::test]
async fn a_new_password_without_e_mail_takes_two_members_of_staff_and_the_card() {
    let world = World::new().await;
    world.staff_of_demo().await;
    let mut binh = world.binh().await;
    let (mut clerk, mut leader, mut elsewhere) = (world.nobody(), world.nobody(), world.nobody());
    for (v, who) in [(&mut clerk, "thoxuong.mot-cua"), (&mut leader, "thoxuong.lanh-dao"), (&mut elsewhere, "ngoquyen.lanh-dao")] {
        v.sign_in("/can-bo/dang-nhap", who).await;
    }
    let path = "/mot-cua/mat-khau";
    clerk.get(path).await;
    assert_eq!(clerk.post(path, &[("number", "099085000017")]).await.status, 422, "the card comes first");
    assert_eq!(clerk.post(path, &[("number", "099085000018"), ("doi-chieu", "1")]).await.status, 422, "nobody has this number");
    assert_eq!(clerk.post(path, &[("number", "099 085 000 017"), ("doi-chieu", "1")]).await.status, 303);
    // the same hands don't give, another unit doesn't see
    let waiting = world.one("select id::text from password_reset").await;
    let own = clerk.get(path).await;
    assert!(own.text().contains("người khác trong đơn vị in mã"));
    assert!(clerk.post(&format!("{path}/{waiting}"), &[]).await.status >= 400);
    assert!(!elsewhere.get(path).await.text().contains("Trần Văn Bình"));
    assert!(elsewhere.post(&format!("{path}/{waiting}"), &[]).await.status >= 400);
    let seen = leader.get(path).await;
    assert!(seen.text().contains("Trần Văn Bình") && seen.text().contains("02/03/1985"));
    let given = leader.post(&format!("{path}/{waiting}"), &[]).await;
    let code = given.all(".copy").join("").trim().to_owned();
    assert_eq!(code.len(), 10, "{}", given.text());
    assert!(leader.post(&format!("{path}/{waiting}"), &[]).await.text().contains("Làm lại từ đầu"), "once");
    // the person types the code anywhere, as it comes, and sets the password
    let mut anywhere = world.nobody();
    anywhere.get("/quen-mat-khau").await;
    let wrong = anywhere.post("/quen-mat-khau/ma", &[("ma", "AAAAAAAAAA")]).await;
    assert!(wrong.text().contains("đã dùng hoặc đã hết hạn"));
    let spaced = format!(" {} {}", code[..5].to_lowercase(), &code[5..]);
    let link = anywhere.post("/quen-mat-khau/ma", &[("ma", &spaced)]).await;
    assert_eq!(link.status, 303);
    anywhere.get(&link.location()).await;
    let set = anywhere.post(&link.location(), &[("password", "một mật khẩu khác hẳn")]).await;
    assert!(set.text().contains("Đã đặt mật khẩu mới"));
    assert_eq!(binh.get("/tai-khoan").await.status, 303, "sessions of before are over");
    anywhere.get("/dang-nhap").await;
    assert_eq!(anywhere.post("/dang-nhap", &[("number", "099085000017"), ("password", "một mật khẩu khác hẳn")]).await.status, 303);
    let told = anywhere.get("/tai-khoan").await;
    assert!(told.text().contains("đặt lại tại quầy") && told.text().contains("Thọ Xương"), "the person is told");
    assert_eq!(world.count("select count(*) from password_reset where given_by is not null and given_by <> asked_by").await, 1);
    // thirty minutes, and it is over
    clerk.get(path).await;
    assert_eq!(clerk.post(path, &[("number", "099085000017"), ("doi-chieu", "1")]).await.status, 303);
    world.clock("2026-11-25T09:56");
    assert!(!leader.get(path).await.text().contains("Trần Văn Bình"));
}

/// Whoever copied the cookie is out, the person who typed the new password goes on.
#[tokio::test]
async fn a_new_password_gives_a_new_session_and_ends_every_other() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    let mut copied = world.nobody();
    copied.cookies.clone_from(&lan.cookies);
    assert_eq!(copied.get("/ho-so").await.status, 200);
    lan.get("/tai-khoan").await;
    let changed = lan.post("/tai-khoan/mat-khau", &[("old_password", PASSWORD), ("password", "mua he sang nam 2027")]).await;
    assert_eq!(changed.status, 303, "{}", changed.text());
    assert_eq!(lan.get("/ho-so").await.status, 200);
    assert_eq!(copied.get("/ho-so").await.status, 303, "the copied cookie still opens the account");
}

/// While a password changes, nobody comes in with the old one: whoever did is out when the change is done.
#[tokio::test]
async fn the_old_password_opens_nothing_that_outlives_the_change() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    lan.get("/tai-khoan").await;
    let thieves: Vec<_> = (0..8)
        .map(|n| {
            let mut v = world.nobody();
            tokio::spawn(async move {
                v.get("/dang-nhap").await;
                tokio::time::sleep(std::time::Duration::from_millis(40 * n)).await;
                v.post("/dang-nhap", &[("number", "099190000025"), ("password", PASSWORD)]).await;
                v
            })
        })
        .collect();
    let changed = lan.post("/tai-khoan/mat-khau", &[("old_password", PASSWORD), ("password", "mua he sang nam 2027")]).await;
    assert_eq!(changed.status, 303, "{}", changed.text());
    for thief in thieves {
        assert_eq!(thief.await.unwrap().get("/ho-so").await.status, 303, "signed in with the old password");
    }
    assert_eq!(lan.get("/ho-so").await.status, 200);
}

#[tokio::test]
async fn a_password_is_not_ones_own_number_and_a_birth_year_fits_it() {
    let world = World::new().await;
    let mut lan = world.lan().await;
    lan.get("/tai-khoan").await;
    assert_eq!(lan.post("/tai-khoan/mat-khau", &[("old_password", PASSWORD), ("password", "099190000025")]).await.status, 422);
    lan.get("/tai-khoan/nhan-than").await;
    let odd = lan.post("/tai-khoan/nhan-than", &[("full_name", "Nguyễn Thị Lan"), ("birth_date", "1/1/1950"), ("sex", "nu"), ("old_password", PASSWORD)]).await;
    assert_eq!(odd.status, 422);
    assert_eq!(lan.post("/tai-khoan", &[("phone", "0900000001"), ("email", ""), ("address", &"a".repeat(400))]).await.status, 422);
}
