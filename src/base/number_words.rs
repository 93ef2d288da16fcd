//! Amounts in Vietnamese words, as receipts and payment pages print them.

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

/// How a language area says a zero before units, and a thousand.
#[derive(Clone, Copy)]
pub enum Dialect {
    /// `linh`, `nghìn`
    North,
    /// `lẻ`, `ngàn`
    South,
}

/// `1.005.000` → `Một triệu không trăm linh năm nghìn đồng`.
pub fn amount(dong: i64, dialect: Dialect) -> String {
    let (odd, thousand) = match dialect {
        Dialect::North => ("linh", "nghìn"),
        Dialect::South => ("lẻ", "ngàn"),
    };
    let body = match dong {
        0 => "không".to_owned(),
        n => {
            let words = positive(n.unsigned_abs(), odd, thousand);
            if n < 0 { format!("âm {words}") } else { words }
        }
    };
    let mut chars = body.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{} đồng", chars.as_str())
}

fn positive(n: u64, odd: &str, thousand: &str) -> String {
    let mut groups = Vec::new();
    let mut rest = n;
    while rest > 0 {
        groups.push(rest % 1000);
        rest /= 1000;
    }
    let top = groups.len() - 1;
    let mut out: Vec<String> = Vec::new();
    for (place, &g) in groups.iter().enumerate().rev() {
        if g > 0 {
            out.push(group(g, place == top, odd));
            match place % 3 {
                1 => out.push(thousand.to_owned()),
                2 => out.push("triệu".to_owned()),
                _ => {}
            }
        }
        // the unit `tỷ` closes each run of three groups, as soon as anything stood in it
        if place > 0 && place % 3 == 0 && groups.iter().skip(place).take(3).any(|g| *g > 0) {
            out.push("tỷ".to_owned());
        }
    }
    out.join(" ")
}

fn group(g: u64, first: bool, odd: &str) -> String {
    let digit = |d: u64| DIGITS[usize::try_from(d).unwrap_or(0)];
    let (h, t, u) = (g / 100, g / 10 % 10, g % 10);
    let mut out: Vec<&str> = Vec::new();
    let hundreds = !first || h > 0;
    if hundreds {
        out.extend([digit(h), "trăm"]);
    }
    match t {
        0 if u > 0 && hundreds => out.push(odd),
        0 => {}
        1 => out.push("mười"),
        _ => out.extend([digit(t), "mươi"]),
    }
    match (t, u) {
        (_, 0) => {}
        (2..=9, 1) => out.push("mốt"),
        (2..=9, 4) => out.push("tư"),
        (1..=9, 5) => out.push("lăm"),
        _ => out.push(digit(u)),
    }
    out.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification() {
        for (n, words) in [
            (0, "Không đồng"),
            (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
            (21_024, "Hai mươi mốt nghìn không trăm hai mươi tư đồng"),
            (2_000_000_000_005, "Hai nghìn tỷ không trăm linh năm đồng"),
            (200_000, "Hai trăm nghìn đồng"),
        ] {
            assert_eq!(amount(n, Dialect::North), words);
        }
    }
}
