//! Static files: inside the binary, a digest in the address, compressed once.

use super::cache::Cache;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Write;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Embedded;

struct File {
    plain: Vec<u8>,
    brotli: Option<Vec<u8>>,
    gzip: Option<Vec<u8>>,
    kind: &'static str,
}

struct Files {
    by_address: HashMap<String, File>,
    addresses: HashMap<String, String>,
}

/// One stylesheet of all: later files may refine earlier ones (no `@layer`: old phones drop such rules whole).
const STYLES: &[&str] = &["css/tokens.css", "css/base.css", "css/layout.css", "css/components.css", "css/utilities.css"];
const STAFF_STYLES: &[&str] = &["css/staff.css"];

static FILES: LazyLock<Files> = LazyLock::new(|| {
    let mut files = Files { by_address: HashMap::new(), addresses: HashMap::new() };
    for name in Embedded::iter().filter(|n| !n.starts_with("css/")) {
        if let Some(f) = Embedded::get(&name) {
            files.add(&name, f.data.into_owned());
        }
    }
    for (name, parts) in [("motcua.css", STYLES), ("staff.css", STAFF_STYLES)] {
        let mut joined: Vec<u8> = Vec::new();
        for part in parts {
            if let Some(f) = Embedded::get(part) {
                joined.extend_from_slice(&f.data);
            }
        }
        let css = String::from_utf8_lossy(&joined).into_owned();
        // fonts are named by their hashed addresses
        let css = files.addresses.iter().filter(|(n, _)| n.starts_with("fonts/")).fold(css, |css, (n, a)| css.replace(&format!("/static/{n}"), &format!("/static/{a}")));
        files.add(name, minify(&css).into_bytes());
    }
    files
});

/// Comments and needless spaces out; selectors and values stay as written.
fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(open) = rest.find("/*") {
        out.push_str(&rest[..open]);
        rest = rest[open..].find("*/").map_or("", |close| &rest[open + close + 2..]);
    }
    out.push_str(rest);
    let mut lines = String::with_capacity(out.len());
    for line in out.lines().map(str::trim).filter(|l| !l.is_empty()) {
        lines.push_str(line);
        if !line.ends_with(['{', '}', ';', ',']) {
            lines.push(' ');
        }
    }
    lines.replace(": ", ":").replace(" {", "{").replace(", ", ",").replace(";}", "}")
}

impl Files {
    fn add(&mut self, name: &str, plain: Vec<u8>) {
        let digest = hex::encode(Sha256::digest(&plain));
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let address = format!("{stem}.{}.{ending}", &digest[..10]);
        let kind = match ending {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            "woff2" => "font/woff2",
            "png" => "image/png",
            "txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        let squeeze = matches!(ending, "css" | "js" | "svg" | "txt");
        let brotli = squeeze.then(|| {
            let mut out = Vec::new();
            let mut w = brotli::CompressorWriter::new(&mut out, 4096, 9, 22);
            let done = w.write_all(&plain);
            drop(w);
            done.map(|()| out)
        });
        let gzip = squeeze.then(|| {
            let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            w.write_all(&plain).and_then(|()| w.finish())
        });
        self.addresses.insert(name.to_owned(), address.clone());
        self.by_address.insert(address, File { plain, brotli: brotli.and_then(Result::ok), gzip: gzip.and_then(Result::ok), kind });
    }
}

/// The address of a file: `motcua.css` → `/static/motcua.0123456789.css`.
pub fn address(name: &str) -> String {
    format!("/static/{}", FILES.addresses.get(name).map_or(name, String::as_str))
}

pub async fn serve(super::extract::Path(path): super::extract::Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = FILES.by_address.get(&path) else { return super::Error::NotFound.into_response() };
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let (bytes, coding) = match (&file.brotli, &file.gzip) {
        (Some(b), _) if accepts.contains("br") => (b, Some("br")),
        (_, Some(g)) if accepts.contains("gzip") => (g, Some("gzip")),
        _ => (&file.plain, None),
    };
    let mut response = (StatusCode::OK, Body::from(bytes.clone())).into_response();
    let h = response.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    h.insert(header::CACHE_CONTROL, Cache::Forever.header());
    h.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        h.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}
