//! Passwords: argon2id (19 MiB, 2 passes), hashed on threads of their own with their own memory, no more than cores less
//! one, and less urgent than everything else: a storm of people signing in leaves the pages alone.

use crate::base::random;
use crate::web::error::{Error, Result};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use std::sync::{Arc, LazyLock, Mutex, mpsc};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

type Work = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

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
            let mut blocks = Vec::new();
            while let Ok(work) = line.lock().map_err(drop).and_then(|l| l.recv().map_err(drop)) {
                work(&mut blocks);
            }
        });
    }
    Hashers { room: Semaphore::new(n), work }
});

fn params() -> Params {
    Params::new(19 * 1024, 2, 1, None).unwrap_or_default()
}

fn digest(blocks: &mut Vec<Block>, params: Params, password: &str, salt: &Salt) -> anyhow::Result<Output> {
    blocks.resize(params.block_count(), Block::new());
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, blocks.as_mut_slice()).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    Output::new(&out).map_err(|e| anyhow::anyhow!("argon2: {e}"))
}

fn make(blocks: &mut Vec<Block>, password: &str, salt: &[u8]) -> anyhow::Result<String> {
    let made = || -> argon2::password_hash::phc::Result<_> { Ok((Salt::new(salt)?, ParamsString::try_from(&params()))) };
    let (salt, params_string) = made().map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    let params_string = params_string.map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    let hash = digest(blocks, params(), password, &salt)?;
    Ok(PasswordHash { algorithm: ARGON2ID_IDENT, version: Some(Version::V0x13.into()), params: params_string, salt: Some(salt), hash: Some(hash) }.to_string())
}

/// With the parameters that stand in the stored hash; the outputs are compared in constant time.
fn is_of(blocks: &mut Vec<Block>, password: &str, stored: &str) -> Option<bool> {
    let stored = PasswordHash::new(stored).ok().filter(|h| h.algorithm == ARGON2ID_IDENT)?;
    let made = digest(blocks, Params::try_from(&stored).ok()?, password, &stored.salt?).ok()?;
    Some(made == stored.hash?)
}

async fn apart<T: Send + 'static>(work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static) -> Result<T> {
    let permit = tokio::time::timeout(Duration::from_secs(2), HASHERS.room.acquire()).await.map_err(|_| Error::Busy)?;
    let (done, result) = oneshot::channel();
    let sent = HASHERS.work.send(Box::new(move |blocks| drop(done.send(work(blocks)))));
    sent.map_err(|_| anyhow::anyhow!("no thread hashes"))?;
    let out = result.await.map_err(anyhow::Error::new)?;
    drop(permit);
    Ok(out)
}

pub async fn hash(password: String) -> Result<String> {
    apart(move |blocks| make(blocks, &password, &random::key()[..16])).await?.map_err(Error::from)
}

/// Compares; without a stored hash it takes as long and is wrong, so that nobody learns who has an account.
pub async fn fits(password: String, stored: Option<String>) -> Result<bool> {
    apart(move |blocks| {
        let there = stored.is_some();
        let text = stored.unwrap_or_else(|| DUMMY.clone());
        is_of(blocks, &password, &text) == Some(true) && there
    })
    .await
}

static DUMMY: LazyLock<String> = LazyLock::new(|| make(&mut Vec::new(), "nobody", &[7; 16]).unwrap_or_default());

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
        let mut blocks = Vec::new();
        let stored = make(&mut blocks, "mưa xuân", &[1; 16]).expect("a hash");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(is_of(&mut blocks, "mưa xuân", &stored), Some(true));
        assert_eq!(is_of(&mut blocks, "mưa thu", &stored), Some(false));
        assert_eq!(is_of(&mut blocks, "x", "$argon2i$v=19$m=8,t=1,p=1$AAAA"), None);
        // made by the library's own hasher
        let other = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$ZhYJvx3HoXX5zlQYsZbHUGZxnZZnvfWyHC9gqTYJRDM";
        assert!(is_of(&mut blocks, "password", other).is_some());
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
