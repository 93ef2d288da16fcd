//! Spelling: what is thrown away before two texts are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Signs of zero width and of direction, which copied text carries unseen.
pub const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

const fn is_no_break(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// Text as it is stored: NFC, a line end is one sign.
pub fn text(s: &str) -> String {
    s.nfc().collect::<String>().replace("\r\n", "\n")
}

/// A name as it is stored: no hidden signs, single spaces, none at the ends.
pub fn name(s: &str) -> String {
    text(s).chars().filter(|c| !is_hidden(*c)).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number as it is stored: no hidden signs, no no-break spaces, none at the ends.
pub fn number(s: &str) -> String {
    text(s).chars().filter(|c| !is_hidden(*c) && !is_no_break(*c)).collect::<String>().trim().to_owned()
}

/// Digits and letters only: what a person types into a field for a number or code, grouped or not.
pub fn compact(s: &str) -> String {
    number(s).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Lower case, without marks, đ as d; everything else but letters and digits is one space.
pub fn search(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    let mut gap = false;
    for c in s.nfd().filter(|c| !is_combining_mark(*c) && !is_hidden(*c)).flat_map(char::to_lowercase) {
        let c = if c == 'đ' { 'd' } else { c };
        // an apostrophe joins: "chị Lan's", names like K’Brơi
        if matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`') {
            continue;
        }
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else {
            gap = true;
        }
    }
    out
}

/// Plain ASCII for those who take nothing else (gateways, file name fallbacks); signs become spaces but for `keep`.
pub fn ascii(s: &str, keep: &str) -> String {
    let folded: String = s
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            c if c.is_ascii_alphanumeric() || keep.contains(c) => c,
            _ => ' ',
        })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_the_struck_d_are_folded_in_either_normal_form() {
        assert_eq!(search("Đăng ký khai sinh"), "dang ky khai sinh");
        assert_eq!(search(&"Đăng ký".nfd().collect::<String>()), "dang ky");
        assert_eq!(search("  1.001193.H02 "), "1 001193 h02");
        assert_eq!(search("K’Brơi"), search("K'Broi"));
    }

    #[test]
    fn hidden_signs_leave_names_and_numbers() {
        assert_eq!(name(" Nguyễn\u{200b}  Văn An "), "Nguyễn Văn An");
        assert_eq!(number("\u{202a}099190000025\u{202c}"), "099190000025");
    }
}
