//! Telephone numbers of Viet Nam (TT 22/2014/TT-BTTTT and the change of prefixes of 2018).

use std::sync::LazyLock;

static SHAPE: LazyLock<regex::Regex> = LazyLock::new(|| regex::Regex::new(r"^(?:\+?84|0)((?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])[0-9]{7}|2[0-9]{9})$").expect("a fixed pattern"));

/// The stored spelling: hidden signs, spaces and dots taken out. The prefix stays as typed.
pub fn clean(s: &str) -> String {
    crate::base::fold::number(s).chars().filter(|c| *c != ' ' && *c != '.').collect()
}

pub fn is_sound(cleaned: &str) -> bool {
    SHAPE.is_match(cleaned)
}

/// The national spelling with a leading zero, for showing and for search.
pub fn national(cleaned: &str) -> String {
    SHAPE.captures(cleaned).map_or_else(|| cleaned.to_owned(), |c| format!("0{}", &c[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobiles_and_landlines_are_sound_old_and_invented_prefixes_are_not() {
        for good in ["0900000001", "+84900000001", "84900000001", "02043123456"] {
            assert!(is_sound(&clean(good)), "{good}");
        }
        for bad in ["0100000000", "01234567890", "090000000", "0950000000"] {
            assert!(!is_sound(&clean(bad)), "{bad}");
        }
        assert_eq!(national(&clean("+84 900.000.001")), "0900000001");
    }
}
