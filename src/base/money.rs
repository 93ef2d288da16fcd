//! Money: whole đồng, never a float.

use std::fmt;
use std::iter::Sum;

/// An amount in whole đồng, not negative. Signs exist only in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, sqlx::Type, serde::Serialize, serde::Deserialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct Vnd(i64);

impl Vnd {
    pub const ZERO: Self = Self(0);

    /// # Panics
    /// On a negative amount: a fault of the program, never of a visitor.
    pub const fn dong(amount: i64) -> Self {
        assert!(amount >= 0, "an amount is not negative");
        Self(amount)
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).filter(|n| *n >= 0).map(Self)
    }

    pub fn times(self, n: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(n)).map(Self)
    }

    /// What remains after `percent` is taken off, rounded down to a whole đồng.
    #[must_use]
    pub fn less_percent(self, percent: u8) -> Self {
        let keep = 100_i64 - i64::from(percent.min(100));
        Self(i64::try_from(i128::from(self.0) * i128::from(keep) / 100).unwrap_or(i64::MAX))
    }

    /// `100.000`, without the sign: for links and buttons, where the ₫ looks underlined.
    pub fn grouped(self) -> String {
        group(self.0)
    }
}

/// Thousands by dots, as Vietnamese papers write them.
pub fn group(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

impl fmt::Display for Vnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{a0}₫", self.grouped())
    }
}

impl Sum for Vnd {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, |a, b| a.checked_add(b).unwrap_or(Self(i64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_dots_and_an_unbroken_sign() {
        assert_eq!(Vnd::dong(1_234_567).to_string(), "1.234.567\u{a0}₫");
        assert_eq!(Vnd::dong(0).to_string(), "0\u{a0}₫");
        assert_eq!(Vnd::dong(999).grouped(), "999");
    }

    #[test]
    fn a_part_is_rounded_down_to_a_whole_dong() {
        assert_eq!(Vnd::dong(4_999).less_percent(50), Vnd::dong(2_499));
        assert_eq!(Vnd::dong(200_000).less_percent(100), Vnd::ZERO);
    }
}
