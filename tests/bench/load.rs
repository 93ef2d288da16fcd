//! Closed-loop load over plain sockets: each line sends its next request when the last answer is whole.

use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One keep-alive connection.
struct Line {
    address: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Line {
    /// The answer's status; the whole body is read.
    async fn ask(&mut self, request: &[u8]) -> std::io::Result<u16> {
        if self.stream.is_none() {
            let s = TcpStream::connect(&self.address).await?;
            s.set_nodelay(true)?;
            self.stream = Some(s);
        }
        let stream = self.stream.as_mut().unwrap();
        stream.write_all(request).await?;
        self.buffer.clear();
        let (head, length, chunked) = loop {
            if stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(end) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).to_lowercase();
                let length = head.split("content-length: ").nth(1).and_then(|l| l.split("\r\n").next()).and_then(|l| l.trim().parse::<usize>().ok());
                break (end + 4, length, head.contains("transfer-encoding: chunked"));
            }
        };
        let status = std::str::from_utf8(&self.buffer[9..12]).ok().and_then(|s| s.parse().ok()).unwrap_or(0);
        while if chunked { !self.buffer.ends_with(b"0\r\n\r\n") } else { self.buffer.len() < head + length.unwrap_or(0) } {
            if stream.read_buf(&mut self.buffer).await? == 0 {
                break;
            }
        }
        Ok(status)
    }
}

#[derive(Debug, Clone, Default)]
pub struct Stats {
    pub rate: f64,
    pub p50: Duration,
    pub p99: Duration,
    pub other: usize,
}

/// `lines` connections ask for `time`, or until `make` has no more; `good` is the status expected.
pub async fn run(address: &str, lines: usize, time: Duration, good: u16, make: impl Fn() -> Option<Vec<u8>> + Send + Sync + 'static) -> Stats {
    let make = std::sync::Arc::new(make);
    let begun = Instant::now();
    let all: Vec<_> = (0..lines)
        .map(|_| {
            let make = std::sync::Arc::clone(&make);
            let mut line = Line { address: address.to_owned(), stream: None, buffer: Vec::with_capacity(128 * 1024) };
            tokio::spawn(async move {
                let (mut took, mut other) = (Vec::new(), 0);
                while begun.elapsed() < time {
                    let Some(request) = make() else { break };
                    let at = Instant::now();
                    match line.ask(&request).await {
                        Ok(status) if status == good => took.push(at.elapsed()),
                        Ok(_) => other += 1,
                        Err(_) => {
                            line.stream = None;
                            other += 1;
                        }
                    }
                }
                (took, other)
            })
        })
        .collect();
    let (mut took, mut other) = (Vec::new(), 0);
    for l in all {
        let (t, o) = l.await.unwrap();
        took.extend(t);
        other += o;
    }
    let seconds = begun.elapsed().as_secs_f64();
    took.sort();
    let at = |q: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a list")]
        let i = (took.len() as f64 * q) as usize;
        took.get(i.min(took.len().saturating_sub(1))).copied().unwrap_or_default()
    };
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = took.len() as f64 / seconds;
    Stats { rate, p50: at(0.5), p99: at(0.99), other }
}

/// A request as bytes.
pub fn get(path: &str, cookies: &str, compressed: bool) -> Vec<u8> {
    let gzip = if compressed { "Accept-Encoding: gzip, br\r\n" } else { "" };
    let cookie = if cookies.is_empty() { String::new() } else { format!("Cookie: {cookies}\r\n") };
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{gzip}{cookie}\r\n").into_bytes()
}

pub fn post(path: &str, cookies: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}
