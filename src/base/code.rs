//! The dossier code: agency, day, number of that day (TT 01/2018/TT-VPCP, Điều 7).

use chrono::NaiveDate;
use std::fmt;
use std::sync::LazyLock;

static SHAPE: LazyLock<regex::Regex> = LazyLock::new(|| regex::Regex::new(r"^(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{2,3}){0,3}-\d{6}-\d{4,6}$").expect("a fixed pattern"));

/// Given once, for ever: `H02.03-261119-0021`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, sqlx::Type, serde::Serialize, serde::Deserialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct DossierCode(String);

impl DossierCode {
    /// `number` is widened past 9999, never wrapped.
    pub fn new(agency: &str, day: NaiveDate, number: i32) -> Self {
        Self(format!("{agency}-{}-{number:04}", day.format("%y%m%d")))
    }

    /// Reads what a person types or a scanner sends: any case, spaces, hidden signs.
    pub fn parse(typed: &str) -> Option<Self> {
        let clean: String = super::fold::number(typed).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
        // dashes of word processors are dashes
        let clean = clean.replace(['–', '—', '‑', '−'], "-");
        if SHAPE.is_match(&clean) {
            return Some(Self(clean));
        }
        // read aloud and typed with spaces where the dashes stand
        let spoken = super::fold::number(typed).to_uppercase().split(|c: char| c.is_whitespace() || c == '-').filter(|p| !p.is_empty()).collect::<Vec<_>>().join("-");
        SHAPE.is_match(&spoken).then_some(Self(spoken))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The common front, and the four or more digits that tell today's dossiers apart.
    pub fn parts(&self) -> (&str, &str) {
        self.0.rfind('-').map_or(("", self.0.as_str()), |i| self.0.split_at(i + 1))
    }
}

impl fmt::Display for DossierCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_every_lawful_spelling() {
        for good in ["H99.01-240308-0007", "H99.25.12-240308-0001", "000.00.25.H99-240308-0134", "H99.01-241218-12045"] {
            assert!(DossierCode::parse(good).is_some(), "{good}");
            assert_eq!(DossierCode::parse(&good.replace('-', "  ")), DossierCode::parse(good));
        }
        assert_eq!(DossierCode::parse(" h99.01–240308–0007\u{200b} ").map(|c| c.0), Some("H99.01-240308-0007".into()));
        assert!(DossierCode::parse("H99.01-240308-007").is_none());
    }

    #[test]
    fn a_busy_day_widens_the_number() {
        let day = NaiveDate::from_ymd_opt(2024, 12, 18).expect("a day");
        assert_eq!(DossierCode::new("H99.01", day, 12045).as_str(), "H99.01-241218-12045");
        assert_eq!(DossierCode::new("H99.01", day, 7).as_str(), "H99.01-241218-0007");
    }
}
