//! What a file is: ending, magic bytes and a real parse agree; a copy without place, camera and author is what is kept.
//!
//! Pictures are judged by structure to their end, never decoded; JPEG and PNG are copied segment by segment, the turn
//! written back alone. Runs on the blocking pool, with a buffer and never the whole file.

use crate::base::fold;
use crate::text_enum;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

text_enum! {
    Media { Pdf = "application/pdf", Jpeg = "image/jpeg", Png = "image/png", Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document" }
}

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The button was pressed without a file.
    NotChosen,
    Empty,
    /// Neither of the kinds this slot takes.
    Kind(Vec<String>),
    Heic,
    Video,
    Broken,
    CutOff,
    LockedPdf,
    Pixels(u64),
    TooLarge(u64),
    Bomb,
    Total,
    Lost,
}

/// More pixels than any scanner or telephone makes.
const MOST_PIXELS: u64 = 300_000_000;

impl Media {
    /// The endings a form names for it.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Docx => &["docx"],
        }
    }

    pub const fn is_shown_in_page(self) -> bool {
        matches!(self, Self::Pdf | Self::Jpeg | Self::Png)
    }
}

/// Judges a file by its content and writes what is kept into `clean`; None: the bytes are kept as sent.
pub fn judge(sent: &Path, clean: &Path, accept: &[String]) -> io::Result<Result<(Media, bool), Fault>> {
    let mut head = [0_u8; 1024];
    let mut file = File::open(sent)?;
    let size = file.metadata()?.len();
    let n = file.read(&mut head)?;
    let head = &head[..n];
    if size == 0 {
        return Ok(Err(Fault::Empty));
    }
    let media = if head.starts_with(&[0xff, 0xd8, 0xff]) {
        Media::Jpeg
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Media::Png
    } else if head.trim_ascii_start().starts_with(b"%PDF-") || head.starts_with(b"\xef\xbb\xbf%PDF-") {
        Media::Pdf
    } else if head.starts_with(b"PK\x03\x04") {
        Media::Docx
    } else if head.get(4..8) == Some(b"ftyp") {
        let brand = head.get(8..12).unwrap_or_default();
        let heic = [&b"heic"[..], b"heix", b"mif1", b"msf1", b"hevc"].contains(&brand);
        return Ok(Err(if heic { Fault::Heic } else { Fault::Video }));
    } else {
        return Ok(Err(Fault::Kind(accept.to_vec())));
    };
    if !media.endings().iter().any(|e| accept.iter().any(|a| a == e)) {
        return Ok(Err(Fault::Kind(accept.to_vec())));
    }
    file.seek(SeekFrom::Start(0))?;
    let verdict = match media {
        Media::Jpeg => jpeg(BufReader::new(file), BufWriter::new(File::create(clean)?))?.map(|()| true),
        Media::Png => png(BufReader::new(file), BufWriter::new(File::create(clean)?))?.map(|()| true),
        Media::Pdf => pdf(file, size)?.map(|()| false),
        Media::Docx => docx(file).map(|()| false),
    };
    Ok(verdict.map(|cleaned| (media, cleaned)))
}

/// An end before the end is a cut file, not a fault of the machine.
fn cut<T>(r: io::Result<T>) -> io::Result<Result<T, Fault>> {
    match r {
        Ok(v) => Ok(Ok(v)),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(Err(Fault::CutOff)),
        Err(e) => Err(e),
    }
}

fn jpeg(mut r: impl Read, mut w: impl Write) -> io::Result<Result<(), Fault>> {
    let walked = walk_jpeg(&mut r, &mut w);
    match cut(walked)? {
        Ok(Ok(())) => {
            w.flush()?;
            Ok(Ok(()))
        }
        Ok(Err(f)) | Err(f) => Ok(Err(f)),
    }
}

fn byte(r: &mut impl Read) -> io::Result<u8> {
    let mut b = [0];
    r.read_exact(&mut b)?;
    Ok(b[0])
}

/// Copies what makes the picture: no APP segments but JFIF, colour profile and Adobe's, no comments, nothing after the end.
fn walk_jpeg(r: &mut impl Read, w: &mut impl Write) -> io::Result<Result<(), Fault>> {
    let mut start = [0; 2];
    r.read_exact(&mut start)?;
    w.write_all(&start)?;
    let mut seen_frame = false;
    let mut turned = false;
    loop {
        if byte(r)? != 0xff {
            return Ok(Err(Fault::Broken));
        }
        let mut marker = byte(r)?;
        while marker == 0xff {
            marker = byte(r)?;
        }
        loop {
            match marker {
                0xd9 => {
                    w.write_all(&[0xff, 0xd9])?;
                    return Ok(if seen_frame { Ok(()) } else { Err(Fault::Broken) });
                }
                0x01 | 0xd0..=0xd7 => {
                    w.write_all(&[0xff, marker])?;
                    break;
                }
                _ => {}
            }
            let length = usize::from(u16::from_be_bytes([byte(r)?, byte(r)?]));
            if length < 2 {
                return Ok(Err(Fault::Broken));
            }
            let mut body = vec![0; length - 2];
            r.read_exact(&mut body)?;
            let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
            if is_frame {
                seen_frame = true;
                let side = |i: usize| body.get(i..i + 2).map_or(0, |b| u64::from(u16::from_be_bytes([b[0], b[1]])));
                if side(1) * side(3) > MOST_PIXELS {
                    return Ok(Err(Fault::Pixels(side(1) * side(3))));
                }
            }
            if marker == 0xe1 && body.starts_with(b"Exif\0\0") && !turned {
                if let Some(turn) = orientation(&body[6..]).filter(|t| *t != 1) {
                    turned = true;
                    write_turn(w, turn)?;
                }
            } else if !matches!(marker, 0xe1 | 0xe3..=0xed | 0xef | 0xfe) {
                w.write_all(&[0xff, marker])?;
                w.write_all(&u16::try_from(length).unwrap_or(0).to_be_bytes())?;
                w.write_all(&body)?;
            }
            if marker != 0xda {
                break;
            }
            // coded data: until a marker that is neither stuffed nor a restart
            loop {
                let b = byte(r)?;
                if b != 0xff {
                    w.write_all(&[b])?;
                    continue;
                }
                let next = byte(r)?;
                if next == 0 || (0xd0..=0xd7).contains(&next) {
                    w.write_all(&[0xff, next])?;
                    continue;
                }
                if next == 0xff {
                    w.write_all(&[0xff])?;
                    continue;
                }
                marker = next;
                break;
            }
        }
    }
}

/// The turn of a TIFF header, 1 to 8.
fn orientation(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let u16_at = |i: usize| tiff.get(i..i + 2).map(|b| if little { u16::from_le_bytes([b[0], b[1]]) } else { u16::from_be_bytes([b[0], b[1]]) });
    let u32_at = |i: usize| tiff.get(i..i + 4).map(|b| if little { u32::from_le_bytes([b[0], b[1], b[2], b[3]]) } else { u32::from_be_bytes([b[0], b[1], b[2], b[3]]) });
    let ifd = usize::try_from(u32_at(4)?).ok()?;
    let n = usize::from(u16_at(ifd)?);
    (0..n.min(200)).map(|i| ifd + 2 + i * 12).find(|at| u16_at(*at) == Some(0x0112)).and_then(|at| u16_at(at + 8)).filter(|t| (1..=8).contains(t))
}

/// A TIFF header that says the turn and nothing else.
fn turn_tiff(turn: u16) -> Vec<u8> {
    let mut t = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    t.extend_from_slice(&turn.to_be_bytes());
    t.extend_from_slice(&[0, 0, 0, 0, 0, 0]);
    t
}

fn write_turn(w: &mut impl Write, turn: u16) -> io::Result<()> {
    let tiff = turn_tiff(turn);
    let length = u16::try_from(tiff.len() + 8).unwrap_or(0);
    w.write_all(&[0xff, 0xe1])?;
    w.write_all(&length.to_be_bytes())?;
    w.write_all(b"Exif\0\0")?;
    w.write_all(&tiff)
}

fn png(mut r: impl Read, mut w: impl Write) -> io::Result<Result<(), Fault>> {
    let walked = walk_png(&mut r, &mut w);
    match cut(walked)? {
        Ok(Ok(())) => {
            w.flush()?;
            Ok(Ok(()))
        }
        Ok(Err(f)) | Err(f) => Ok(Err(f)),
    }
}

/// Copies the chunks of the picture: no text, no time, no EXIF but its turn, nothing after the end.
fn walk_png(r: &mut impl Read, w: &mut impl Write) -> io::Result<Result<(), Fault>> {
    let mut start = [0; 8];
    r.read_exact(&mut start)?;
    w.write_all(&start)?;
    let mut first = true;
    loop {
        let mut head = [0; 8];
        r.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let kind = &head[4..];
        if first != (kind == b"IHDR") || length > 1 << 30 {
            return Ok(Err(Fault::Broken));
        }
        let drop = [&b"tEXt"[..], b"zTXt", b"iTXt", b"tIME", b"eXIf"].contains(&kind);
        let mut body = r.take(u64::from(length) + 4);
        if first {
            let mut ihdr = [0; 17];
            body.read_exact(&mut ihdr)?;
            let side = |i: usize| u64::from(u32::from_be_bytes([ihdr[i], ihdr[i + 1], ihdr[i + 2], ihdr[i + 3]]));
            if side(0) * side(4) > MOST_PIXELS {
                return Ok(Err(Fault::Pixels(side(0) * side(4))));
            }
            w.write_all(&head)?;
            w.write_all(&ihdr)?;
        } else if kind == b"eXIf" && length <= 1 << 16 {
            let mut exif = Vec::new();
            body.read_to_end(&mut exif)?;
            if let Some(turn) = orientation(&exif).filter(|t| *t != 1) {
                let tiff = turn_tiff(turn);
                let mut chunk = b"eXIf".to_vec();
                chunk.extend_from_slice(&tiff);
                w.write_all(&u32::try_from(tiff.len()).unwrap_or(0).to_be_bytes())?;
                w.write_all(&chunk)?;
                w.write_all(&crc(&chunk).to_be_bytes())?;
            }
        } else {
            let copied = if drop {
                io::copy(&mut body, &mut io::sink())?
            } else {
                w.write_all(&head)?;
                io::copy(&mut body, w)?
            };
            if copied != u64::from(length) + 4 {
                return Ok(Err(Fault::CutOff));
            }
        }
        if kind == b"IEND" {
            return Ok(Ok(()));
        }
        first = false;
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let mut c = flate2::Crc::new();
    c.update(bytes);
    c.sum()
}

/// Header, an end in the last kilobytes, and no lock: a locked one is named as such.
fn pdf(mut file: File, size: u64) -> io::Result<Result<(), Fault>> {
    const TAIL: u64 = 2048;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let has = |hay: &[u8], needle: &[u8]| hay.windows(needle.len()).any(|w| w == needle);
    if !has(&tail, b"%%EOF") {
        return Ok(Err(Fault::CutOff));
    }
    if !has(&tail, b"startxref") {
        return Ok(Err(Fault::Broken));
    }
    // after its end a PDF is over: what follows would be a second file in the same bytes
    let end = tail.windows(5).rposition(|w| w == b"%%EOF").map_or(0, |i| i + 5);
    if tail[end..].iter().any(|b| !(b.is_ascii_whitespace() || *b == 0)) {
        return Ok(Err(Fault::Broken));
    }
    // the trailer names the lock; cross-reference streams keep it in their own dictionary, which is plain text too
    file.seek(SeekFrom::Start(0))?;
    let mut r = BufReader::new(file);
    let mut window: Vec<u8> = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let n = r.read(&mut buffer)?;
        if n == 0 {
            return Ok(Ok(()));
        }
        window.extend_from_slice(&buffer[..n]);
        if has(&window, b"/Encrypt ") || has(&window, b"/Encrypt\n") || has(&window, b"/Encrypt\r") || has(&window, b"/Encrypt<<") {
            return Ok(Err(Fault::LockedPdf));
        }
        let keep = window.len().saturating_sub(16);
        window.drain(..keep);
    }
}

/// A Word file by its directory; nothing is unpacked.
fn docx(file: File) -> Result<(), Fault> {
    let Ok(mut zip) = zip::ZipArchive::new(BufReader::new(file)) else { return Err(Fault::Broken) };
    if zip.len() > 1000 {
        return Err(Fault::Bomb);
    }
    let (mut total, mut document) = (0_u64, false);
    for i in 0..zip.len() {
        let Ok(entry) = zip.by_index_raw(i) else { return Err(Fault::Broken) };
        total = total.saturating_add(entry.size());
        let Ok(name) = entry.name().map(|n| n.to_ascii_lowercase()) else { return Err(Fault::Broken) };
        document |= name == "word/document.xml";
        if total > 200 << 20
            || entry.size() > entry.compressed_size().max(1024).saturating_mul(100)
            || std::path::Path::new(&name).extension().is_some_and(|e| e == "zip")
            || name.ends_with("vbaproject.bin")
        {
            return Err(Fault::Bomb);
        }
    }
    if document { Ok(()) } else { Err(Fault::Broken) }
}

/// A file's name as data: NFC, forbidden signs as `_`, at most 200 characters with its ending.
pub fn name(sent: &str) -> String {
    let base = sent.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String = fold::text(base).chars().filter(|c| !fold::is_hidden(*c)).map(|c| if c.is_control() || ":*?\"<>|".contains(c) { '_' } else { c }).collect();
    let clean = clean.trim().to_owned();
    let clean = if clean.is_empty() || clean.starts_with('.') && clean.matches('.').count() == 1 { format!("tep{clean}") } else { clean };
    if clean.chars().count() <= 200 {
        return clean;
    }
    let (stem, ending) = clean.rsplit_once('.').filter(|(_, e)| e.len() <= 8).unwrap_or((&clean, ""));
    let stem: String = stem.chars().take(195 - ending.len()).collect();
    if ending.is_empty() { stem } else { format!("{}.{ending}", stem.trim_end()) }
}

/// The name with the ending of what it really is: nobody downloads a page or a program that came as a PDF.
pub fn with_ending(name: String, media: Media) -> String {
    let fits = name.rsplit_once('.').is_some_and(|(_, e)| media.endings().contains(&e.to_lowercase().as_str()));
    if fits { name } else { format!("{name}.{}", media.endings()[0]) }
}

/// A name for a header: plain letters, and the real one beside it (RFC 6266).
pub fn disposition(kind: &str, name: &str) -> String {
    let plain = fold::ascii(name, "._-()");
    let plain = if plain.is_empty() { "tep".to_owned() } else { plain };
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{}", crate::web::urls::escape(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(path: &str) -> Result<(Media, bool), Fault> {
        let clean = std::env::temp_dir().join(format!("motcua-test-{}", crate::base::random::token()));
        let accept: Vec<String> = ["pdf", "jpg", "jpeg", "png"].map(str::to_owned).to_vec();
        let verdict = judge(Path::new(path), &clean, &accept).expect("readable");
        if verdict.as_ref().is_ok_and(|v| v.1) {
            let bytes = std::fs::read(&clean).expect("a clean copy");
            for trace in [&b"GPS"[..], b"http://ns.adobe.com", b"Make"] {
                assert!(!bytes.windows(trace.len()).any(|w| w == trace), "{path} keeps a trace");
            }
        }
        let _ = std::fs::remove_file(clean);
        verdict
    }

    #[test]
    fn reported_files_get_the_right_word() {
        assert_eq!(judged("tests/data/reports/r14/rong.pdf"), Err(Fault::Empty));
        assert_eq!(judged("tests/data/reports/r14/dut-giua.jpg"), Err(Fault::CutOff));
        assert_eq!(judged("tests/data/reports/r12/binh-thuong.pdf"), Ok((Media::Pdf, false)));
        assert_eq!(judged("tests/data/reports/r12/mo-phai-co-mat-khau.pdf"), Err(Fault::LockedPdf));
        assert_eq!(judged("tests/data/reports/r16/co-vi-tri.png"), Ok((Media::Png, true)));
        for n in 1..=8 {
            assert_eq!(judged(&format!("tests/data/reports/r16/huong-{n}.jpg")), Ok((Media::Jpeg, true)));
        }
    }

    #[test]
    fn the_turn_stays_when_everything_else_goes() {
        let clean = std::env::temp_dir().join(format!("motcua-test-{}", crate::base::random::token()));
        let accept = vec!["jpg".to_owned()];
        judge(Path::new("tests/data/reports/r16/huong-6.jpg"), &clean, &accept).expect("readable").expect("a picture");
        let bytes = std::fs::read(&clean).expect("a clean copy");
        let at = bytes.windows(6).position(|w| w == b"Exif\0\0").expect("the turn");
        assert_eq!(orientation(&bytes[at + 6..]), Some(6));
        let _ = std::fs::remove_file(clean);
    }

    #[test]
    fn names_are_data_and_keep_whole_letters() {
        assert_eq!(with_ending("x.html".to_owned(), Media::Pdf), "x.html.pdf");
        assert_eq!(with_ending("Ảnh.JPG".to_owned(), Media::Jpeg), "Ảnh.JPG");
        assert_eq!(name("12:30.pdf"), "12_30.pdf");
        assert_eq!(name(".pdf"), "tep.pdf");
        assert_eq!(name("a\"b.pdf"), "a_b.pdf");
        assert_eq!(name("../../etc/passwd"), "passwd");
        let long = format!("{}.pdf", "Đơn ".repeat(60));
        let cut = name(&long);
        assert!(cut.chars().count() <= 200 && cut.ends_with("n.pdf"), "{cut}");
        assert!(disposition("inline", "Giấy khai sinh (2).pdf").is_ascii());
    }
}
