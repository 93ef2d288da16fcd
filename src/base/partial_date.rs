//! Dates that may be known only in part: `1938`, `1941-06`, `1990-02-07`. Kept and printed as known, never filled up.

use chrono::{Datelike, NaiveDate};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartialDate {
    Year(i32),
    Month(i32, u32),
    Day(NaiveDate),
}

impl PartialDate {
    /// Reads the stored spelling.
    pub fn parse(s: &str) -> Option<Self> {
        let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
        let mut parts = s.split('-');
        let year = parts.next().filter(|y| digits(y, 4))?.parse::<i32>().ok().filter(|y| *y > 0)?;
        let month = match parts.next() {
            None => return Some(Self::Year(year)),
            Some(m) if digits(m, 2) => m.parse::<u32>().ok().filter(|m| (1..=12).contains(m))?,
            Some(_) => return None,
        };
        let date = match parts.next() {
            None => return Some(Self::Month(year, month)),
            Some(d) if digits(d, 2) => NaiveDate::from_ymd_opt(year, month, d.parse().ok()?)?,
            Some(_) => return None,
        };
        parts.next().is_none().then_some(Self::Day(date))
    }

    pub fn year(self) -> i32 {
        match self {
            Self::Year(y) | Self::Month(y, _) => y,
            Self::Day(d) => d.year(),
        }
    }

    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Day(_))
    }

    pub fn first(self) -> NaiveDate {
        let ymd = |y, m| NaiveDate::from_ymd_opt(y, m, 1).unwrap_or(NaiveDate::MIN);
        match self {
            Self::Year(y) => ymd(y, 1),
            Self::Month(y, m) => ymd(y, m),
            Self::Day(d) => d,
        }
    }

    pub fn last(self) -> NaiveDate {
        match self {
            Self::Year(y) => NaiveDate::from_ymd_opt(y, 12, 31).unwrap_or(NaiveDate::MAX),
            Self::Month(y, m) => {
                let next = if m == 12 { NaiveDate::from_ymd_opt(y + 1, 1, 1) } else { NaiveDate::from_ymd_opt(y, m + 1, 1) };
                next.and_then(|d| d.pred_opt()).unwrap_or(NaiveDate::MAX)
            }
            Self::Day(d) => d,
        }
    }

    /// The stored spelling.
    pub fn iso(self) -> String {
        match self {
            Self::Year(y) => format!("{y:04}"),
            Self::Month(y, m) => format!("{y:04}-{m:02}"),
            Self::Day(d) => d.format("%Y-%m-%d").to_string(),
        }
    }
}

/// As papers print it: `1938`, `06/1941`, `07/02/1990`.
impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y}"),
            Self::Month(y, m) => write!(f, "{m:02}/{y}"),
            Self::Day(d) => write!(f, "{}", d.format("%d/%m/%Y")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_stands_for_all_its_days() {
        let d = PartialDate::parse("1938").expect("a year");
        assert_eq!((d.first().to_string(), d.last().to_string()), ("1938-01-01".into(), "1938-12-31".into()));
        assert_eq!(d.to_string(), "1938");
        assert_eq!(PartialDate::parse("1941-06").expect("a month").to_string(), "06/1941");
        assert_eq!(PartialDate::parse("2023-02-30"), None);
    }
}
