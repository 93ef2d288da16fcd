//! Chance, from the operating system's generator: codes and secrets.

use rand::{Rng, TryRng};

/// Letters of look-up keys and reference codes: nothing that is read as something else (no 0 1 I O U).
pub const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTVWXYZ";

fn fill(bytes: &mut [u8]) {
    rand::rngs::SysRng.try_fill_bytes(bytes).expect("the operating system gives random bytes");
}

/// 128 random bits in hexadecimal: drafts' addresses, one-time links, session cookies.
pub fn token() -> String {
    let mut bytes = [0_u8; 16];
    fill(&mut bytes);
    hex::encode(bytes)
}

pub fn key() -> [u8; 32] {
    let mut bytes = [0_u8; 32];
    fill(&mut bytes);
    bytes
}

/// `n` letters of [`ALPHABET`], each equally likely.
pub fn letters(n: usize) -> String {
    let mut out = String::with_capacity(n);
    while out.len() < n {
        let mut byte = [0_u8; 1];
        fill(&mut byte);
        // 248 = 8 × 31: bytes above would favour the first letters
        if byte[0] < 248 {
            out.push(char::from(ALPHABET[usize::from(byte[0] % 31)]));
        }
    }
    out
}

/// A factor between 0.75 and 1.25, so that retries do not march in step.
pub fn jitter() -> f64 {
    0.75 + f64::from(rand::rng().next_u32()) / f64::from(u32::MAX) * 0.5
}
