//! Files on their way in and out: streamed to disk, judged, kept; served to those who may see them.

use crate::base::id::PaperId;
use crate::base::time::Moment;
use crate::dossier::filing;
use crate::dossier::filing::content::{self, Fault, Media};
use crate::dossier::may_see;
use crate::dossier::store::{self, Holder, NewPaper};
use crate::platform::Portal;
use crate::web::extract::{Multipart, Path, Query, Read};
use crate::web::form::{TOKEN, check_origin};
use crate::web::headers::Policy;
use crate::web::limits;
use crate::web::session::{Presence, Visitor};
use crate::web::urls;
use crate::web::{Error, Result};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tokio_util::io::ReaderStream;

/// Bytes of all files of a dossier.
pub const MOST_TOTAL: i64 = 200 << 20;

/// `412 KB`, `1,8 MB`
pub fn size_words(bytes: i64) -> String {
    if bytes < 1 << 20 {
        return format!("{} KB", (bytes + 1023) / 1024);
    }
    let tenths = bytes * 10 / (1 << 20);
    format!("{},{} MB", tenths / 10, tenths % 10)
}

/// A file that came whole: what is kept, under which digests.
pub struct Arrived {
    pub name: String,
    pub media: Media,
    pub size: i64,
    pub digest: String,
    pub sent_digest: String,
}

/// Streams one file to disk, judges it, keeps its clean copy. Silence ends it, never the total time.
pub async fn receive(portal: &Portal, field: &mut axum::extract::multipart::Field<'_>, accept: &[String], max_mb: u64) -> Result<Result<Arrived, Fault>> {
    let name = content::name(field.file_name().unwrap_or(""));
    let mut incoming = portal.files.incoming().await?;
    loop {
        match tokio::time::timeout(Duration::from_secs(60), field.chunk()).await {
            Err(_) | Ok(Err(_)) => return Ok(Err(Fault::Lost)),
            Ok(Ok(None)) => break,
            Ok(Ok(Some(chunk))) => {
                if incoming.size + chunk.len() as u64 > max_mb << 20 {
                    // read on and throw away, so that the other files of the same page arrive
                    while let Ok(Ok(Some(_))) = tokio::time::timeout(Duration::from_secs(60), field.chunk()).await {}
                    return Ok(Err(Fault::TooLarge(max_mb)));
                }
                incoming.write(&chunk).await?;
            }
        }
    }
    incoming.flush().await?;
    let clean = portal.files.incoming().await?;
    let (sent_path, clean_path, accept) = (incoming.path().to_owned(), clean.path().to_owned(), accept.to_vec());
    let judged = tokio::task::spawn_blocking(move || content::judge(&sent_path, &clean_path, &accept)).await.map_err(anyhow::Error::new)??;
    let (media, cleaned) = match judged {
        Ok(m) => m,
        Err(f) => return Ok(Err(f)),
    };
    let sent_digest;
    let (digest, size);
    if cleaned {
        // the clean copy was written beside our handle: take its bytes in again to digest them
        let mut kept = portal.files.incoming().await?;
        let mut reader = tokio::fs::File::open(clean.path()).await?;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let n = tokio::io::AsyncReadExt::read(&mut reader, &mut buffer).await?;
            if n == 0 {
                break;
            }
            kept.write(&buffer[..n]).await?;
        }
        size = kept.size;
        digest = portal.files.keep(kept).await?;
        sent_digest = incoming.digest();
    } else {
        size = incoming.size;
        digest = portal.files.keep(incoming).await?;
        sent_digest = digest.clone();
    }
    let name = content::with_ending(name, media);
    Ok(Ok(Arrived { name, media, size: i64::try_from(size).unwrap_or(i64::MAX), digest, sent_digest }))
}

/// The token and slot of a multipart post; they stand before the files.
pub struct Uploading {
    pub slot: String,
    pub script: bool,
}

/// Reads the fields before the files and checks where the post comes from.
pub async fn before_files(portal: &Portal, presence: &Presence, headers: &HeaderMap, multipart: &mut Multipart) -> Result<Uploading> {
    check_origin(portal, headers)?;
    let mut uploading = Uploading { slot: String::new(), script: false };
    loop {
        let field = multipart.next_field().await?;
        let Some(field) = field else { return Err(Error::Bad(crate::web::text::BAD.into())) };
        let name = field.name().unwrap_or("").to_owned();
        let mut text = String::new();
        let mut field = field;
        while let Ok(Some(chunk)) = field.chunk().await {
            if text.len() + chunk.len() > 4096 {
                return Err(Error::TooLarge);
            }
            text.push_str(&String::from_utf8_lossy(&chunk));
        }
        match name.as_str() {
            "slot" => uploading.slot = text,
            "script" => uploading.script = true,
            TOKEN => {
                // the last field before the files
                presence.check(&portal.token_key, &text, Vec::new())?;
                let mut conn = portal.db.read().await?;
                limits::take(&mut conn, limits::UPLOAD, &presence.person(), portal.clock.now()).await?;
                return Ok(uploading);
            }
            _ => {}
        }
    }
}

/// The row comes after the file is durable.
pub async fn keep_row(tx: &mut crate::platform::db::Tx, holder: Holder, component: &str, question: Option<&str>, a: &Arrived, now: Moment) -> sqlx::Result<()> {
    store::insert_file(tx, &a.digest, a.size, now).await?;
    let new = NewPaper { component, question, name: &a.name, media: a.media.as_str(), size: a.size, digest: Some(&a.digest), sent_digest: Some(&a.sent_digest), declared: None };
    store::insert_paper(tx, holder, &new, now).await?;
    Ok(())
}

/// Serves a stored file with its name, harmless, and only if its bytes are still those that were kept.
pub async fn serve(portal: &Portal, digest: &str, name: &str, media: &str, download: bool) -> Result<Response> {
    let (file, size) = portal.files.open(digest).await?;
    let mut response = Body::from_stream(ReaderStream::new(file)).into_response();
    let shown = media.parse::<Media>().is_ok_and(Media::is_shown_in_page) && !download;
    let h = response.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_str(media).unwrap_or(HeaderValue::from_static("application/octet-stream")));
    h.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    let disposition = content::disposition(if shown { "inline" } else { "attachment" }, name);
    h.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment")));
    h.insert(header::CACHE_CONTROL, crate::web::cache::Cache::Nowhere.header());
    response.extensions_mut().insert(if media == Media::Pdf.as_str() { Policy::Pdf } else { Policy::Paper });
    Ok(response)
}

pub async fn open(State(portal): State<Portal>, presence: Presence, Path(id): Path<PaperId>, mut read: Read, query: Query) -> Result<Response> {
    let found = store::find_paper(&mut read.0, id).await?.ok_or(Error::NotFound)?;
    let allowed = match (&presence.visitor, found.draft_id, found.dossier_id) {
        (Visitor::Nobody, _, _) => return Err(Error::SignIn { next: urls::paper(&id), staff: false }),
        (Visitor::Citizen(c), Some(draft), None) => filing::load_draft(&mut read.0, draft).await?.is_of(c),
        (visitor, _, Some(dossier)) => may_see(&store::load_dossier(&mut read.0, dossier).await?, visitor),
        _ => false,
    };
    let p = found.paper;
    if let (true, Visitor::Staff(s), Some(dossier)) = (allowed, &presence.visitor, found.dossier_id) {
        store::insert_opening(&mut read.0, dossier, Some(&p.name), s.id, &s.unit, portal.clock.now()).await?;
    }
    drop(read);
    match p.digest.filter(|_| allowed) {
        Some(digest) => serve(&portal, &digest, &p.name, &p.media, query.get("tai").is_some()).await,
        None => Err(Error::NotFound),
    }
}
