//! What people type, read as what is stored: dates, numbers, money, personal numbers (reports R6, R10, R11, R17).
//!
//! Vietnamese spelling is read as Vietnamese: a dot groups thousands, a comma is the decimal sign, the day comes first.
//! What can be read two ways is refused; nothing is guessed.

use super::fold;
use super::partial_date::PartialDate;
use chrono::NaiveDate;

/// `5/6/1985`, `05-06-1985`, `05.06.1985`, `05061985`; with `partial` also `1985` and `06/1985`. The stored spelling is read too.
pub fn date(typed: &str, partial: bool) -> Option<PartialDate> {
    let clean: String = fold::number(typed).chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(d) = PartialDate::parse(&clean).filter(|d| d.is_whole() || partial) {
        return Some(d);
    }
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if clean.len() == 8 && digits(&clean) {
        return ymd(&clean[4..], &clean[2..4], &clean[..2]);
    }
    let parts: Vec<&str> = clean.split(['/', '-', '.']).collect();
    if !parts.iter().all(|p| digits(p)) {
        return None;
    }
    match parts[..] {
        [d, m, y] => ymd(y, m, d),
        [m, y] if partial && y.len() == 4 && m.len() <= 2 => PartialDate::parse(&format!("{y}-{m:0>2}")),
        _ => None,
    }
}

/// `7:45`, `7h45`, `07 giờ 45`, `7h`, `0745` as `07:45`; what is no time stays as typed.
pub fn time(typed: &str) -> String {
    let clean: String = fold::number(typed).to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<&str> = clean.trim_end_matches("phút").split([':', 'h', '.', 'g']).map(|p| p.trim_start_matches("iờ")).collect();
    let (hour, minute) = match parts[..] {
        [h, ""] => (h, "00"),
        [h, m] => (h, m),
        [both] if both.len() == 4 && both.is_ascii() => both.split_at(2),
        _ => return typed.to_owned(),
    };
    match (hour.parse::<u32>(), minute.parse::<u32>()) {
        (Ok(h), Ok(m)) if h < 24 && m < 60 && hour.len() <= 2 && minute.len() == 2 => format!("{h:02}:{m:02}"),
        _ => typed.to_owned(),
    }
}

fn ymd(y: &str, m: &str, d: &str) -> Option<PartialDate> {
    if y.len() != 4 || m.len() > 2 || d.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?).map(PartialDate::Day)
}

/// `85,5`, `1.250`, `1.250,75`, `1250,75`, `85.5` (not three digits after the dot, so no group). None where it reads two ways.
pub fn number(typed: &str) -> Option<f64> {
    plain(typed)?.parse().ok().filter(|n: &f64| n.is_finite())
}

/// Whole đồng: `50.000.000 ₫`, `50 000 000`, `50,000,000`. No fractions, no words.
pub fn money(typed: &str) -> Option<i64> {
    let clean = fold::number(typed);
    let clean = clean.trim_end_matches(['₫', 'đ']).trim_end_matches("VND").trim();
    let spaceless: String = clean.chars().filter(|c| !c.is_whitespace()).collect();
    for sign in ['.', ','] {
        if spaceless.contains(sign) && grouped(&spaceless, sign) {
            return spaceless.replace(sign, "").parse().ok();
        }
    }
    if clean.contains(' ') && !grouped(clean, ' ') {
        return None;
    }
    spaceless.bytes().all(|b| b.is_ascii_digit()).then(|| spaceless.parse().ok()).flatten()
}

/// The stored spelling of a typed number: digits, at most one dot, a sign.
fn plain(typed: &str) -> Option<String> {
    let clean: String = fold::number(typed).chars().filter(|c| !c.is_whitespace()).collect();
    let (sign, body) = clean.strip_prefix(['-', '−']).map_or(("", clean.as_str()), |b| ("-", b));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match body.split_once(',') {
        Some((w, f)) if digits(f) => (w, Some(f)),
        Some(_) => return None,
        None => (body, None),
    };
    if digits(whole) {
        return Some(fraction.map_or_else(|| format!("{sign}{whole}"), |f| format!("{sign}{whole}.{f}")));
    }
    if grouped(whole, '.') {
        let whole = whole.replace('.', "");
        return Some(fraction.map_or_else(|| format!("{sign}{whole}"), |f| format!("{sign}{whole}.{f}")));
    }
    // one dot that cannot be a group: 85.5
    match (whole.split_once('.'), fraction) {
        (Some((w, f)), None) if digits(w) && digits(f) && f.len() != 3 => Some(format!("{sign}{w}.{f}")),
        _ => None,
    }
}

/// Groups of three after a first of one to three.
fn grouped(s: &str, sign: char) -> bool {
    let mut parts = s.split(sign);
    let first = parts.next().unwrap_or("");
    let rest: Vec<&str> = parts.collect();
    let digits = |p: &str| p.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&first.len()) && digits(first) && !rest.is_empty() && rest.iter().all(|p| p.len() == 3 && digits(p))
}

/// A personal number, tax code or card number: groups, full-width digits and hidden signs are no fault.
pub fn digits(typed: &str) -> String {
    fold::number(typed)
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + u8::try_from(u32::from(c) - u32::from('０')).unwrap_or(0)),
            c => c,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '–'))
        .collect()
}

/// A tax code keeps the dash before its branch.
pub fn tax_code(typed: &str) -> String {
    let plain = digits(typed);
    let dashed = fold::number(typed).contains(['-', '–']);
    if dashed && plain.len() == 13 { format!("{}-{}", &plain[..10], &plain[10..]) } else { plain }
}

/// A telephone number: brackets and dashes are how people write them.
pub fn phone(typed: &str) -> String {
    super::phone::clean(&fold::number(typed).replace(['(', ')', '-', '–', '\u{a0}'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (typed, stored) in
            [("7:45", "07:45"), ("7h45", "07:45"), ("7 giờ 45 phút", "07:45"), ("19h", "19:00"), ("0745", "07:45"), ("07.45", "07:45"), ("25:00", "25:00"), ("sáng", "sáng"), ("7:5", "7:5"), ("", "")]
        {
            assert_eq!(time(typed), stored, "{typed}");
        }
    }

    #[test]
    fn seven_spellings_mean_the_fifth_of_june_and_six_are_refused() {
        for s in ["5/6/1985", "05/06/1985", "5-6-1985", "05.06.1985", "05061985", " 5 / 6 / 1985 ", "05/06/1985\u{200e}"] {
            assert_eq!(date(s, false).map(PartialDate::iso), Some("1985-06-05".into()), "{s}");
        }
        for s in ["31/02/2001", "29/02/1900", "6/13/1985", "5/6/85", "05/06/19850", "1985-06-05T00:00:00+07:00", "1938", "06/1941"] {
            assert_eq!(date(s, false), None, "{s}");
        }
        assert_eq!(date("29/02/2000", false).map(PartialDate::iso), Some("2000-02-29".into()));
        assert_eq!(date("1938", true).map(PartialDate::iso), Some("1938".into()));
        assert_eq!(date("6/1941", true).map(PartialDate::iso), Some("1941-06".into()));
    }

    #[test]
    fn comma_and_dot_are_read_as_vietnamese() {
        for (s, n) in [("85,5", 85.5), ("1.250", 1250.0), ("1.250,75", 1250.75), ("1250,75", 1250.75), ("85.5", 85.5)] {
            assert_eq!(number(s), Some(n), "{s}");
        }
        for s in ["1,250.75", "1e3", "٨٥", "", "5.0000.000"] {
            assert_eq!(number(s), None, "{s}");
        }
        for s in ["50000000", "50.000.000", "50 000 000", "50.000.000 ₫", "50,000,000"] {
            assert_eq!(money(s), Some(50_000_000), "{s}");
        }
        for s in ["50 triệu", "50.000.000,50", "5.0000.000", "50,5"] {
            assert_eq!(money(s), None, "{s}");
        }
    }

    #[test]
    fn pasted_numbers_with_unseen_signs_are_read() {
        for s in [
            "099 190 000 025",
            "099\u{a0}190\u{a0}000\u{a0}025",
            "\u{200b}099190000025",
            "\u{200e}099190000025\u{200e}",
            "\u{feff}099190000025",
            "０９９１９０００００２５",
            "099.190.000.025",
            "099190000025\r\n",
            "099-190-000-025",
        ] {
            assert_eq!(digits(s), "099190000025", "{s}");
        }
        for s in ["O99190000025", "09919000002", "0991900000259", "٠٩٩١٩٠٠٠٠٠٢٥"] {
            assert!(super::super::person::read(&digits(s), true, 2026).is_err(), "{s}");
        }
        for s in ["0900 000 012", "+84\u{a0}900\u{a0}000\u{a0}012", "\u{202d}0900000012\u{202c}", "(090) 000 0012"] {
            assert_eq!(super::super::phone::national(&phone(s)), "0900000012", "{s}");
        }
    }
}
