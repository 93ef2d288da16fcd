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

/// Whom a page was made for, unreadable: it outlives the session, so that a page of somebody else is told apart.
fn mark(key: &[u8; 32], person: &str) -> String {
    hex::encode(&mac(key, &format!("person:{person}"))[..8])
}

/// A token of this holder, on a page made for this person (empty: nobody was signed in).
pub fn make(key: &[u8; 32], holder: &str, person: &str) -> String {
    let mask = crate::base::random::key();
    let masked: Vec<u8> = mac(key, holder).iter().zip(mask).map(|(a, b)| a ^ b).collect();
    format!("{}{}{}", hex::encode(mask), hex::encode(masked), mark(key, person))
}

/// The mark of a token: whom its page was made for; empty where there is none.
pub fn made_for(token: &str) -> &str {
    token.split_at_checked(128).map_or("", |t| t.1)
}

/// Whether a mark is this person's: nobody can make one but we.
pub fn is_mark_of(key: &[u8; 32], person: &str, made_for: &str) -> bool {
    !person.is_empty() && bool::from(mark(key, person).as_bytes().ct_eq(made_for.as_bytes()))
}

/// What a token says of the page it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    Yes,
    /// Of a session that is over, or no token at all.
    Stale,
    /// Made for another person than who is here now.
    Another,
}

pub fn fit(key: &[u8; 32], holder: &str, person: &str, token: &str) -> Fit {
    let Some((masked, made_for)) = token.split_at_checked(128) else { return Fit::Stale };
    let Ok(bytes) = hex::decode(masked) else { return Fit::Stale };
    let plain: Vec<u8> = bytes[..32].iter().zip(&bytes[32..]).map(|(a, b)| a ^ b).collect();
    if bool::from(plain.ct_eq(&mac(key, holder))) {
        return Fit::Yes;
    }
    let made_for_somebody = made_for.len() == 16 && made_for != mark(key, "");
    if made_for_somebody && !person.is_empty() && made_for != mark(key, person) { Fit::Another } else { Fit::Stale }
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
        let (a, b) = (make(&key, "an", "1"), make(&key, "an", "1"));
        assert_ne!(a, b);
        assert_eq!((fit(&key, "an", "1", &a), fit(&key, "an", "1", &b)), (Fit::Yes, Fit::Yes));
        assert!([fit(&key, "binh", "1", &a), fit(&key, "an", "1", ""), fit(&[8; 32], "an", "", &a)].iter().all(|f| *f == Fit::Stale));
    }

    #[test]
    fn a_page_of_somebody_else_is_told_from_an_old_page_of_ones_own() {
        let key = [7; 32];
        let page = make(&key, "phiên cũ", "1");
        assert_eq!(fit(&key, "phiên mới", "1", &page), Fit::Stale);
        assert_eq!(fit(&key, "phiên mới", "2", &page), Fit::Another);
        assert_eq!(fit(&key, "phiên mới", "", &page), Fit::Stale, "nobody is signed in: the words wait for their owner");
        assert_eq!(fit(&key, "phiên mới", "2", &make(&key, "khách", "")), Fit::Stale);
        assert!(is_mark_of(&key, "1", made_for(&page)) && !is_mark_of(&key, "2", made_for(&page)));
        assert!(!is_mark_of(&key, "", made_for(&make(&key, "khách", ""))), "nobody's page proves nothing");
        assert!(!is_mark_of(&key, "1", made_for(&format!("{}{}", "0".repeat(128), "f".repeat(16)))));
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
