//! Tax codes (TT 105/2020/TT-BTC, Điều 5): ten digits with a check digit, optionally a branch, or a sound personal number.

use super::person;

const WEIGHTS: [i64; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/// The check digit guards typing; it proves nothing about existence.
pub fn is_sound(code: &str, demo: bool, last_year: i32) -> bool {
    if person::read(code, demo, last_year).is_ok() {
        return true;
    }
    let (base, branch) = code.split_once('-').map_or((code, None), |(b, x)| (b, Some(x)));
    if let Some(b) = branch
        && (b.len() != 3 || b == "000" || !b.bytes().all(|c| c.is_ascii_digit()))
    {
        return false;
    }
    if base.len() != 10 || !base.bytes().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let digits: Vec<i64> = base.bytes().map(|b| i64::from(b - b'0')).collect();
    let sum: i64 = digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    10 - sum % 11 == digits[9]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invented_codes_are_sound_and_the_broken_ones_are_not() {
        for good in ["9900000016", "9900000104", "9900000030", "9900000016-001"] {
            assert!(is_sound(good, true, 2026), "{good}");
        }
        for bad in ["9900000017", "990000001", "9900000016-000", "9900000070"] {
            assert!(!is_sound(bad, true, 2026), "{bad}");
        }
    }
}
