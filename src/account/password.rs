//! Passwords: argon2id (19 MiB, 2 passes), hashed on threads of their own, no more than cores less one (so that their
//! memory stays in few places), and less urgent than everything else: a storm of people signing in leaves the pages alone.

use crate::base::random;
use crate::web::error::{Error, Result};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::{Arc, LazyLock, Mutex, mpsc};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

type Work = Box<dyn FnOnce() + Send>;

struct Hashers {
    room: Semaphore,
    work: mpsc::Sender<Work>,
}

static HASHERS: LazyLock<Hashers> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let n = (cores - 1).max(1);
    let (work, line) = mpsc::channel::<Work>();
    let line = Arc::new(Mutex::new(line));
    for _ in 0..n {
        let line = Arc::clone(&line);
        std::thread::spawn(move || {
            // of this thread alone; where it isn't allowed, hashing is as urgent as the rest
            let _ = rustix::process::setpriority_process(None, 10);
            while let Ok(work) = line.lock().map_err(drop).and_then(|l| l.recv().map_err(drop)) {
                work();
            }
        });
    }
    Hashers { room: Semaphore::new(n), work }
});

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

fn make(password: &str, salt: &[u8]) -> anyhow::Result<String> {
    let hash: PasswordHash = argon().hash_password_with_salt(password.as_bytes(), salt).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    Ok(hash.to_string())
}

fn is_of(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored).is_ok_and(|h| argon().verify_password(password.as_bytes(), &h).is_ok())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let permit = tokio::time::timeout(Duration::from_secs(2), HASHERS.room.acquire()).await.map_err(|_| Error::Busy)?;
    let (done, result) = oneshot::channel();
    let sent = HASHERS.work.send(Box::new(move || drop(done.send(work()))));
    sent.map_err(|_| anyhow::anyhow!("no thread hashes"))?;
    let out = result.await.map_err(anyhow::Error::new)?;
    drop(permit);
    Ok(out)
}

pub async fn hash(password: String) -> Result<String> {
    apart(move || make(&password, &random::key()[..16])).await?.map_err(Error::from)
}

/// Compares; without a stored hash it takes as long and is wrong, so that nobody learns who has an account.
pub async fn fits(password: String, stored: Option<String>) -> Result<bool> {
    apart(move || {
        let there = stored.is_some();
        let text = stored.unwrap_or_else(|| DUMMY.clone());
        is_of(&password, &text) && there
    })
    .await
}

static DUMMY: LazyLock<String> = LazyLock::new(|| make("nobody", &[7; 16]).unwrap_or_default());

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
    fn what_was_hashed_is_known_again_and_nothing_else() {
        let stored = make("mưa xuân", &[1; 16]).expect("a hash");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(is_of("mưa xuân", &stored));
        assert!(!is_of("mưa thu", &stored));
        // made with other parameters, which stand in it
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).expect("sound"));
        let hash: PasswordHash = cheap.hash_password_with_salt("mưa xuân".as_bytes(), &[2; 16]).expect("a hash");
        assert!(is_of("mưa xuân", &hash.to_string()));
        for broken in ["", "x", "$argon2id$v=19$m=19456,t=2,p=1$AAAA"] {
            assert!(!is_of("mưa xuân", broken), "{broken}");
        }
    }

    #[test]
    fn a_password_is_long_enough_and_not_made_of_its_owner() {
        assert_eq!(weakness("ngắn", &[]), Some(Weak::Short(4)));
        assert_eq!(weakness("099190000025", &["099190000025"]), Some(Weak::MadeOfYou));
        assert_eq!(weakness("NguyenVanAn1", &["Nguyễn Văn An"]), Some(Weak::MadeOfYou));
        assert_eq!(weakness("12345678", &[]), Some(Weak::Common));
        assert_eq!(weakness("trời hôm nay xanh", &["Nguyễn Văn An"]), None);
    }
}
