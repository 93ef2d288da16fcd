//! Slow lines and slow readers: others are served, and each wait has its bound.

use crate::house::{Folder, Portal, free_port};
use crate::journal::{empty_slot, person};
use motcua::demo::world::pdf;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Kilobytes of memory that a process holds.
pub fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap().trim().trim_end_matches(" kB").parse().unwrap()
}

/// Row 15.
#[tokio::test(flavor = "multi_thread")]
async fn half_sent_headers_trickled_bodies_and_slow_readers_hold_up_nobody() {
    let folder = Folder::with_catalogue("slow");
    let portal = Portal::start_at(&folder, free_port(), &[]).await;
    let mut v = person(&portal, 0, Duration::from_secs(20)).await;
    let (draft, slot) = empty_slot(&mut v).await;
    let large = pdf(&"x".repeat(4_000_000));
    assert_eq!(v.upload(&format!("{draft}/giay-to/gui"), &[("slot", &slot)], &[("lon.pdf", &large)]).await.status, 303);
    let file = v.get(&format!("{draft}/giay-to")).await.attrs("main a[href*='/giay-to/']", "href").pop().unwrap();
    let before = memory(portal.child.id());
    let address = portal.url.trim_start_matches("http://").to_owned();
    let mut halves = Vec::new();
    for _ in 0..50 {
        let mut s = TcpStream::connect(&address).await.unwrap();
        s.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Half: ").await.unwrap();
        halves.push(s);
    }
    let mut trickles = Vec::new();
    for _ in 0..10 {
        let mut s = TcpStream::connect(&address).await.unwrap();
        s.write_all(b"POST /dang-nhap HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na").await.unwrap();
        trickles.push(s);
    }
    let mut readers = Vec::new();
    for _ in 0..20 {
        let mut s = TcpStream::connect(&address).await.unwrap();
        s.write_all(format!("GET {file} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", v.cookie_line()).as_bytes()).await.unwrap();
        let mut some = [0_u8; 1024];
        assert!(s.read(&mut some).await.unwrap() > 0);
        assert!(some.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&some));
        readers.push(s);
    }
    // others are served
    for _ in 0..20 {
        let begun = Instant::now();
        assert_eq!(v.get("/thu-tuc").await.status, 200);
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    let grown = memory(portal.child.id()).saturating_sub(before);
    assert!(grown < 40_000, "eighty slow ones took {grown} kB");
    // half headers are cut within fifteen seconds
    let begun = Instant::now();
    for mut s in halves {
        let mut rest = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(16), s.read_to_end(&mut rest)).await.expect("a half-sent header is held for ever");
    }
    assert!(begun.elapsed() < Duration::from_secs(16));
    drop((trickles, readers));
}

/// An upload is ended by silence or size, never by its total time: a slow line gets through.
#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_on_a_slow_line_arrives_and_a_cut_one_leaves_the_others() {
    let folder = Folder::with_catalogue("upload");
    let portal = Portal::start_at(&folder, free_port(), &[]).await;
    let mut v = person(&portal, 0, Duration::from_secs(3600)).await;
    let (draft, slot) = empty_slot(&mut v).await;
    let (kilobytes, pause) = if std::env::var_os("MOTCUA_FAULT_SLOW").is_some() { (4_000, 125) } else { (96, 125) };
    let bytes = pdf(&"x".repeat(kilobytes * 1000));
    let edge = "----motcua-slow";
    let head = format!(
        "--{edge}\r\nContent-Disposition: form-data; name=\"slot\"\r\n\r\n{slot}\r\n--{edge}\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\n{}\r\n--{edge}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"nguyen.pdf\"\r\nContent-Type: application/pdf\r\n\r\n",
        v.token
    );
    let first = pdf("nguyen");
    let next = format!("\r\n--{edge}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"cham.pdf\"\r\nContent-Type: application/pdf\r\n\r\n");
    let tail = format!("\r\n--{edge}--\r\n");
    let whole = [head.as_bytes(), &first, next.as_bytes(), &bytes, tail.as_bytes()].concat();
    let address = portal.url.trim_start_matches("http://").to_owned();
    let cookies = v.cookie_line();
    let begin = |length: usize| {
        format!(
            "POST {draft}/giay-to/gui HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: {cookies}\r\nContent-Type: multipart/form-data; boundary={edge}\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    // cut in the middle of the second file: the first is kept, the second isn't there
    let mut s = TcpStream::connect(&address).await.unwrap();
    s.write_all(begin(whole.len()).as_bytes()).await.unwrap();
    s.write_all(&whole[..head.len() + first.len() + next.len() + 20_000]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    drop(s);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let names = v.get(&format!("{draft}/giay-to")).await.all(".file b");
    assert_eq!(names, ["nguyen.pdf"], "only the whole one");
    // sixty-four kilobits a second
    let mut s = TcpStream::connect(&address).await.unwrap();
    s.write_all(begin(whole.len()).as_bytes()).await.unwrap();
    for piece in whole.chunks(1000) {
        s.write_all(piece).await.unwrap();
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    let mut answer = Vec::new();
    s.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 303"), "{}", String::from_utf8_lossy(&answer));
    // the one that had arrived before is no double
    assert_eq!(v.get(&format!("{draft}/giay-to")).await.all(".file b"), ["nguyen.pdf", "cham.pdf"]);
}
