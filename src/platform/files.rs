//! Papers on disk by the digest of their bytes: temporary name → fsync → rename → fsync the folder → only then the row.
//!
//! A file is never whole in memory. What is served is hashed first: bytes that changed on disk are refused, never shown.

use anyhow::Context;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::fs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
}

/// A file on its way in; removed when dropped without being kept.
pub struct Incoming {
    path: PathBuf,
    file: fs::File,
    hash: Sha256,
    pub size: u64,
    kept: bool,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Incoming {
    pub async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        self.file.write_all(bytes).await
    }

    /// Where the bytes are, for a look at their content before they are kept.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The digest of what was written so far.
    pub fn digest(&self) -> String {
        hex::encode(self.hash.clone().finalize())
    }

    pub async fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush().await
    }
}

impl Files {
    pub fn new(data: &Path) -> anyhow::Result<Self> {
        let root = data.join("papers");
        std::fs::create_dir_all(root.join("incoming")).with_context(|| format!("cannot make {}", root.display()))?;
        Ok(Self { root: std::fs::canonicalize(root)? })
    }

    /// A folder that is only read, such as a backup's; nothing is made in it.
    pub fn reading(data: &Path) -> anyhow::Result<Self> {
        let root = data.join("papers");
        Ok(Self { root: std::fs::canonicalize(&root).with_context(|| format!("cannot read {}", root.display()))? })
    }

    /// The folder belongs to one database, whose mark it carries; a fresh folder takes the mark. With another's papers the
    /// portal would show rows without files: it doesn't start.
    pub fn belongs_to(data: &Path, mark: &str) -> anyhow::Result<()> {
        let path = data.join("mark");
        match std::fs::read_to_string(&path) {
            Ok(there) if there.trim() == mark => Ok(()),
            Ok(_) => anyhow::bail!(
                "MOTCUA_DATA: {} holds the papers of another database than DATABASE_URL names; give the folder that belongs to this database, or an empty one for a fresh database",
                data.display()
            ),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(std::fs::write(&path, mark).with_context(|| format!("cannot write {}", path.display()))?),
            Err(e) => Err(e).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    pub async fn incoming(&self) -> std::io::Result<Incoming> {
        let path = self.root.join("incoming").join(crate::base::random::token());
        let file = fs::File::create_new(&path).await?;
        Ok(Incoming { path, file, hash: Sha256::new(), size: 0, kept: false })
    }

    /// Makes the file durable under its digest, and gives the digest.
    pub async fn keep(&self, mut incoming: Incoming) -> std::io::Result<String> {
        incoming.file.flush().await?;
        incoming.file.sync_all().await?;
        let digest = hex::encode(incoming.hash.clone().finalize());
        let target = self.path(&digest);
        let folder = target.parent().unwrap_or(&self.root).to_owned();
        fs::create_dir_all(&folder).await?;
        fs::rename(&incoming.path, &target).await?;
        incoming.kept = true;
        tokio::task::spawn_blocking({
            let root = self.root.clone();
            move || {
                std::fs::File::open(&folder)?.sync_all()?;
                std::fs::File::open(root)?.sync_all()
            }
        })
        .await
        .map_err(std::io::Error::other)??;
        Ok(digest)
    }

    /// Keeps bytes made by the portal itself.
    pub async fn keep_bytes(&self, bytes: &[u8]) -> std::io::Result<String> {
        let mut incoming = self.incoming().await?;
        incoming.write(bytes).await?;
        self.keep(incoming).await
    }

    /// Whether no paper is kept here.
    pub fn is_empty(&self) -> std::io::Result<bool> {
        Ok(std::fs::read_dir(&self.root)?.flatten().filter(|e| e.file_name() != "incoming").count() == 0)
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.root.join(&digest[..2]).join(digest)
    }

    /// Opens a file whose bytes are still those of its digest; an error (and an alarm in the log) where they are not.
    pub async fn open(&self, digest: &str) -> anyhow::Result<(fs::File, u64)> {
        let path = self.path(digest);
        let mut file = fs::File::open(&path).await.with_context(|| format!("paper {} is not on disk", &digest[..8]))?;
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        let mut buffer = vec![0_u8; 64 * 1024];
        loop {
            let n = file.read(&mut buffer).await?;
            if n == 0 {
                break;
            }
            size += n as u64;
            hash.update(&buffer[..n]);
        }
        if hex::encode(hash.finalize()) != digest {
            tracing::error!(paper = &digest[..8], "ALARM: a stored paper has changed on disk");
            anyhow::bail!("paper {} has changed on disk", &digest[..8]);
        }
        Ok((fs::File::open(&path).await?, size))
    }

    /// How large a kept file is; None if it isn't there.
    pub async fn size(&self, digest: &str) -> Option<u64> {
        fs::metadata(self.path(digest)).await.ok().map(|m| m.len())
    }

    /// Removes what was left half-way more than a day ago.
    pub fn sweep(&self, older_than: std::time::Duration) {
        for entry in std::fs::read_dir(self.root.join("incoming")).into_iter().flatten().flatten() {
            let old = entry.metadata().and_then(|m| m.modified()).ok().and_then(|t| t.elapsed().ok()).is_some_and(|age| age > older_than);
            if old {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_belongs_to_the_database_that_used_it_first() {
        let folder = std::env::temp_dir().join(format!("motcua-test-{}", crate::base::random::token()));
        std::fs::create_dir_all(&folder).expect("a folder");
        assert!(Files::belongs_to(&folder, "a").is_ok());
        assert!(Files::belongs_to(&folder, "a").is_ok());
        let refused = Files::belongs_to(&folder, "b").expect_err("another database");
        assert!(refused.to_string().contains("MOTCUA_DATA"));
        let _ = std::fs::remove_dir_all(folder);
    }
}
