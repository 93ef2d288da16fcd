//! Form tokens: bound to the session or, before signing in, to a visitor's cookie; masked anew on every page, so that
//! compression tells nothing of them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

fn mac(key: &[u8; 32], holder: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key is taken");
    mac.update(b"form:");
    mac.update(holder.as_bytes());
    mac.finalize().into_bytes().into()
}

pub fn make(key: &[u8; 32], holder: &str) -> String {
    let mask = crate::base::random::key();
    let masked: Vec<u8> = mac(key, holder).iter().zip(mask).map(|(a, b)| a ^ b).collect();
    format!("{}{}", hex::encode(mask), hex::encode(masked))
}

pub fn fits(key: &[u8; 32], holder: &str, token: &str) -> bool {
    let Ok(bytes) = hex::decode(token) else { return false };
    if bytes.len() != 64 {
        return false;
    }
    let plain: Vec<u8> = bytes[..32].iter().zip(&bytes[32..]).map(|(a, b)| a ^ b).collect();
    bool::from(plain.ct_eq(&mac(key, holder)))
}

/// Words that travel through a page and come back unchanged: with our mark before them. Not secret.
pub fn seal(key: &[u8; 32], holder: &str, words: &str) -> String {
    format!("{}:{words}", hex::encode(mac(key, &format!("sealed:{holder}:{words}"))))
}

/// The words of [`seal`], if this holder got them from us.
pub fn unseal<'a>(key: &[u8; 32], holder: &str, sealed: &'a str) -> Option<&'a str> {
    let (mark, words) = sealed.split_once(':')?;
    let mark = hex::decode(mark).ok()?;
    bool::from(mark.ct_eq(&mac(key, &format!("sealed:{holder}:{words}")))).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_holder_only_and_never_looks_the_same() {
        let key = [7; 32];
        let (a, b) = (make(&key, "an"), make(&key, "an"));
        assert_ne!(a, b);
        assert!(fits(&key, "an", &a) && fits(&key, "an", &b));
        assert!(!fits(&key, "binh", &a) && !fits(&key, "an", "") && !fits(&[8; 32], "an", &a));
    }

    #[test]
    fn sealed_words_come_back_to_their_holder_only_and_unchanged() {
        let key = [7; 32];
        let sealed = seal(&key, "an", "abc:tệp.pdf");
        assert_eq!(unseal(&key, "an", &sealed), Some("abc:tệp.pdf"));
        assert_eq!(unseal(&key, "binh", &sealed), None);
        assert_eq!(unseal(&key, "an", &sealed.replace("abc", "abd")), None);
    }
}
