//! Passwords: argon2id (19 MiB, 2 passes), hashed away from the async workers and no more at once than cores less one.

use crate::base::random;
use crate::web::error::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::Semaphore;

static ROOM: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Semaphore::new((cores - 1).max(1))
});

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let permit = tokio::time::timeout(Duration::from_secs(2), ROOM.acquire()).await.map_err(|_| Error::Busy)?;
    let out = tokio::task::spawn_blocking(work).await.map_err(|e| Error::from(anyhow::Error::new(e)))?;
    drop(permit);
    Ok(out)
}

pub async fn hash(password: String) -> Result<String> {
    apart(move || -> anyhow::Result<String> {
        let hash: PasswordHash = argon().hash_password_with_salt(password.as_bytes(), &random::key()[..16]).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
        Ok(hash.to_string())
    })
    .await?
    .map_err(Error::from)
}

/// Compares; without a stored hash it takes as long and is wrong, so that nobody learns who has an account.
pub async fn fits(password: String, stored: Option<String>) -> Result<bool> {
    apart(move || {
        let there = stored.is_some();
        let text = stored.unwrap_or_else(|| DUMMY.clone());
        let right = PasswordHash::new(&text).is_ok_and(|h| argon().verify_password(password.as_bytes(), &h).is_ok());
        right && there
    })
    .await
}

static DUMMY: LazyLock<String> = LazyLock::new(|| {
    let hash: std::result::Result<PasswordHash, _> = argon().hash_password_with_salt(b"nobody", &[7; 16]);
    hash.map(|h| h.to_string()).unwrap_or_default()
});

/// Why a new password is not taken (ASVS 6.2): length, or made of what everybody knows of its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weak {
    Short(usize),
    Long,
    MadeOfYou,
    Common,
}

const COMMON: &[&str] =
    &["12345678", "123456789", "1234567890", "password", "matkhau123", "qwertyui", "11111111", "00000000", "88888888", "iloveyou", "anhyeuem", "abcd1234", "a1234567", "1q2w3e4r", "66668888"];

pub fn weakness(password: &str, known: &[&str]) -> Option<Weak> {
    let n = password.chars().count();
    if n < 8 {
        return Some(Weak::Short(n));
    }
    if n > 128 {
        return Some(Weak::Long);
    }
    let folded = crate::base::fold::search(password).replace(' ', "");
    if COMMON.contains(&folded.as_str()) {
        return Some(Weak::Common);
    }
    let own = known.iter().map(|k| crate::base::fold::search(k).replace(' ', "")).filter(|k| k.len() >= 6);
    own.chain(["motcua".to_owned()]).any(|k| folded.contains(&k)).then_some(Weak::MadeOfYou)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_enough_and_not_made_of_its_owner() {
        assert_eq!(weakness("ngắn", &[]), Some(Weak::Short(4)));
        assert_eq!(weakness("099190000025", &["099190000025"]), Some(Weak::MadeOfYou));
        assert_eq!(weakness("NguyenVanAn1", &["Nguyễn Văn An"]), Some(Weak::MadeOfYou));
        assert_eq!(weakness("12345678", &[]), Some(Weak::Common));
        assert_eq!(weakness("trời hôm nay xanh", &["Nguyễn Văn An"]), None);
    }
}
