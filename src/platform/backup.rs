//! A copy of everything, made while the portal serves, and its way back.
//!
//! A backup folder holds `papers/` by digest, shared by all its snapshots and only ever added to, and one folder a
//! snapshot: `database.dump` (pg_dump's custom format), `papers.txt` (the digests it names) and `manifest.json`, which is
//! written last: a snapshot without it is none. The database is read under one exported snapshot; files are durable before
//! their rows and never removed, so whatever the dump names is on disk when it is copied.
//! A restore goes into an empty place only, compares every count and digest with the manifest, ends all sessions, and
//! leaves a mark: until an operator releases it, nothing goes out ([`Restored`]).

use super::db::{Db, Source};
use super::files::Files;
use super::store;
use crate::base::time::Moment;
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// Key of the setting a restore leaves.
pub const SETTING: &str = "restored";

/// From what moment the data are, and since when they are held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    pub from: Moment,
    pub at: Moment,
    pub released: Option<Moment>,
    pub released_by: Option<String>,
}

/// Whether letters and questions to gateways are held: the snapshot's moment while they are. Shared by workers and pages,
/// read anew from the database by every worker's round.
#[derive(Debug, Clone, Default)]
pub struct Hold(Arc<AtomicI64>);

impl Hold {
    pub fn since(&self) -> Option<Moment> {
        Some(self.0.load(Ordering::Relaxed)).filter(|n| *n != 0).and_then(Moment::from_timestamp_micros)
    }

    pub async fn refresh(&self, conn: &mut PgConnection) -> sqlx::Result<()> {
        let held = store::find_setting::<Restored>(conn, SETTING).await?.filter(|r| r.released.is_none());
        self.0.store(held.map_or(0, |r| r.from.timestamp_micros()), Ordering::Relaxed);
        Ok(())
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub at: Moment,
    /// SHA-256 of the dump.
    pub dump: String,
    /// Rows of every table.
    pub rows: BTreeMap<String, i64>,
    pub papers: usize,
    pub bytes: u64,
    /// Papers the database names that were not on disk, or no longer their own: the copy is whole but for these.
    pub missing: Vec<String>,
}

/// What a backup did.
pub struct Report {
    pub folder: PathBuf,
    pub manifest: Manifest,
    pub copied: usize,
    /// Papers the portal itself has lost or holds in another size, which an earlier snapshot had brought here.
    pub only_here: Vec<String>,
}

/// Copies everything into `to`, beside earlier snapshots.
pub async fn backup(source: &Source, files: &Files, to: &Path, now: Moment) -> anyhow::Result<Report> {
    let kept = Files::new(to)?;
    let name = now.format("%Y%m%dT%H%M%SZ").to_string();
    let part = to.join(format!("{name}.part"));
    if to.join(&name).exists() {
        bail!("a snapshot of this second is there already: {name}");
    }
    std::fs::create_dir(&part).with_context(|| format!("cannot make {}", part.display()))?;
    let mut conn = PgConnection::connect_with(&source.options).await.context("cannot open the database")?;
    let mut tx = conn.begin().await?;
    let snapshot = store::export_snapshot(&mut tx).await?;
    let rows = store::count_rows(&mut tx).await?;
    let digests = store::digests(&mut tx).await?;
    let dump = part.join("database.dump");
    run(source.program("pg_dump")?.args(["--format=custom", "--no-owner", "--snapshot"]).arg(&snapshot).arg("--file").arg(&dump), "pg_dump").await?;
    tx.rollback().await?;
    let (mut copied, mut bytes, mut missing, mut only_here) = (0, 0, Vec::new(), Vec::new());
    for digest in &digests {
        match copy(digest, files, &kept).await {
            Ok((size, new)) => {
                bytes += size;
                copied += usize::from(new);
                // an earlier snapshot brought it: what became of the portal's own since is worth a word
                if !new && files.size(digest).await != Some(size) {
                    only_here.push(digest.clone());
                }
            }
            Err(e) => missing.push(format!("{digest}: {e:#}")),
        }
    }
    write_durably(&part.join("papers.txt"), digests.join("\n").as_bytes())?;
    let manifest = Manifest { at: now, dump: digest_of(&dump)?, rows, papers: digests.len(), bytes, missing };
    write_durably(&part.join("manifest.json"), serde_json::to_string_pretty(&manifest)?.as_bytes())?;
    std::fs::File::open(&dump)?.sync_all()?;
    let folder = to.join(name);
    std::fs::rename(&part, &folder)?;
    std::fs::File::open(to)?.sync_all()?;
    Ok(Report { folder, manifest, copied, only_here })
}

/// Copies one paper unless it is there; its size, and whether it was new. What is copied has the bytes of its name.
async fn copy(digest: &str, from: &Files, to: &Files) -> anyhow::Result<(u64, bool)> {
    if let Some(size) = to.size(digest).await {
        return Ok((size, false));
    }
    let (mut file, size) = from.open(digest).await?;
    let mut incoming = to.incoming().await?;
    let mut buffer = vec![0_u8; 256 * 1024];
    loop {
        let n = file.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        incoming.write(&buffer[..n]).await?;
    }
    if incoming.digest() != digest {
        bail!("its bytes changed while they were copied");
    }
    to.keep(incoming).await?;
    Ok((size, true))
}

fn write_durably(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file = std::fs::File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

fn digest_of(path: &Path) -> anyhow::Result<String> {
    let mut file = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 256 * 1024];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..n]);
    }
}

async fn run(command: &mut Command, name: &str) -> anyhow::Result<()> {
    let out = command.output().await.with_context(|| format!("cannot run {name}; apt-get install postgresql-client"))?;
    if !out.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&out.stderr).trim());
    }
    Ok(())
}

/// The newest whole snapshot of a backup folder, or the one named.
fn snapshot(from: &Path, named: Option<&str>) -> anyhow::Result<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(from)
        .with_context(|| format!("cannot read {}", from.display()))?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_none() && p.join("manifest.json").exists())
        .filter(|p| named.is_none_or(|n| p.file_name().is_some_and(|f| f == n)))
        .collect();
    all.sort();
    all.pop().with_context(|| format!("{} holds no whole snapshot{}", from.display(), named.map_or_else(String::new, |n| format!(" named {n}"))))
}

/// Brings a snapshot back into an empty database and an empty folder of papers.
pub async fn restore(target: &Source, files: &Files, from: &Path, named: Option<&str>, now: Moment) -> anyhow::Result<Manifest> {
    let folder = snapshot(from, named)?;
    let manifest: Manifest = serde_json::from_slice(&std::fs::read(folder.join("manifest.json"))?).context("manifest.json cannot be read")?;
    let dump = folder.join("database.dump");
    if digest_of(&dump)? != manifest.dump {
        bail!("{} is not the dump its manifest names", dump.display());
    }
    let mut conn = PgConnection::connect_with(&target.options).await.context("cannot open the database")?;
    if store::any_table(&mut conn).await? {
        bail!("the database isn't empty: a restore goes into an empty one, so that nothing is mixed or lost");
    }
    if !files.is_empty()? {
        bail!("the folder of papers isn't empty: a restore goes into an empty one");
    }
    store::ensure_role(&mut conn).await?;
    run(target.program("pg_restore")?.args(["--no-owner", "--exit-on-error", "--single-transaction", "--dbname"]).arg(target.database()).arg(&dump), "pg_restore").await?;
    let rows = store::count_rows(&mut conn).await?;
    // held before anything is compared: what a restore that failed leaves behind sends nothing and knows no session
    hold(target, Restored { from: manifest.at, at: now, released: None, released_by: None }).await?;
    if rows != manifest.rows {
        let other: Vec<_> = manifest.rows.iter().filter(|(t, n)| rows.get(*t) != Some(n)).map(|(t, n)| format!("{t}: {n} expected, {:?} found", rows.get(t))).collect();
        bail!("the restored database differs from the manifest: {}", other.join("; "));
    }
    let kept = Files::reading(from)?;
    let lost: Vec<&str> = manifest.missing.iter().filter_map(|m| m.split(':').next()).collect();
    for digest in std::fs::read_to_string(folder.join("papers.txt"))?.lines().filter(|d| !lost.contains(d)) {
        copy(digest, &kept, files).await.with_context(|| format!("paper {digest}"))?;
    }
    Ok(manifest)
}

async fn hold(target: &Source, mark: Restored) -> anyhow::Result<()> {
    let db = Db::open(target.options.clone(), 1).await?;
    let mut tx = db.begin().await?;
    store::end_all_sessions(&mut tx).await?;
    store::set(&mut tx, SETTING, &mark).await?;
    tx.commit().await?;
    db.close().await;
    Ok(())
}
