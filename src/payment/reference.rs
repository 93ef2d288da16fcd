//! The reference code of an attempt: `MC`, eight random letters, one check letter.
//!
//! Also what a payer reads out on the telephone and what stands first in a transfer's words. Random, never sequential.

use crate::base::random::{self, ALPHABET};
use unicode_normalization::UnicodeNormalization;

fn value(c: char) -> Option<usize> {
    ALPHABET.iter().position(|a| char::from(*a) == c)
}

fn check(body: &str) -> Option<char> {
    let sum = body.chars().enumerate().map(|(i, c)| value(c).map(|v| (i + 2) * v)).sum::<Option<usize>>()?;
    Some(char::from(ALPHABET[(31 - sum % 31) % 31]))
}

/// A fresh code.
pub fn fresh() -> String {
    let body = random::letters(8);
    let last = check(&body).unwrap_or('2');
    format!("MC{body}{last}")
}

pub fn is_sound(code: &str) -> bool {
    code.len() == 11 && code.is_ascii() && code.starts_with("MC") && check(&code[2..10]) == code.chars().last()
}

fn fold(text: &str) -> String {
    text.replace(['Đ', 'đ'], "D").nfd().filter(char::is_ascii_alphanumeric).flat_map(char::to_uppercase).collect()
}

/// Codes found in a text that a bank has upper-cased, spaced and wrapped in its own words; unique, in order.
pub fn scan(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut found: Vec<String> = Vec::new();
    for i in 0..folded.len().saturating_sub(10) {
        let window = &folded[i..i + 11];
        if is_sound(window) && !found.iter().any(|f| f == window) {
            found.push(window.to_owned());
        }
    }
    found
}

/// A code typed at a counter: `1` and `I` are L, `U` is V.
pub fn typed(text: &str) -> String {
    let folded = fold(text);
    match folded.strip_prefix("MC") {
        Some(rest) => format!("MC{}", rest.replace(['1', 'I'], "L").replace('U', "V")),
        None => folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_single_wrong_letter_and_every_swap_is_found() {
        let code = fresh();
        assert!(is_sound(&code));
        for i in 2..10 {
            for other in ALPHABET {
                let mut letters: Vec<char> = code.chars().collect();
                if letters[i] != char::from(*other) {
                    letters[i] = char::from(*other);
                    assert!(!is_sound(&letters.iter().collect::<String>()));
                }
            }
        }
    }
}
