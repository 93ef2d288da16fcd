//! The personal number: 12 digits for life (NĐ 137/2015/NĐ-CP, Điều 13). It has no check digit; only structure and agreement can be tested.

/// Place codes of birth registration (the provinces of 2004, unaffected by later mergers).
const PLACES: &str = "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096";
/// No province has it: invented people of a demo.
pub const DEMO_PLACE: &str = "099";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Male,
    Female,
}

/// What the digits say of their owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    pub birth_year: i32,
    pub sex: Sex,
}

/// Why a text is no personal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// How many digits were got instead of twelve.
    Length(usize),
    NotDigits,
    UnknownPlace,
    BornInFuture,
}

/// Reads a cleaned number (no spaces). `demo` lets the reserved place 099 in; a birth year after `last_year` is refused.
pub fn read(number: &str, demo: bool, last_year: i32) -> Result<Facts, Fault> {
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Fault::NotDigits);
    }
    if number.len() != 12 {
        return Err(Fault::Length(number.len()));
    }
    let place = &number[..3];
    let abroad = ("101"..="399").contains(&place);
    if !(abroad || PLACES.split(' ').any(|p| p == place) || demo && place == DEMO_PLACE) {
        return Err(Fault::UnknownPlace);
    }
    let century = i32::from(number.as_bytes()[3] - b'0');
    let year: i32 = number[4..6].parse().map_err(|_| Fault::NotDigits)?;
    let birth_year = 1900 + century / 2 * 100 + year;
    if birth_year > last_year {
        return Err(Fault::BornInFuture);
    }
    Ok(Facts { birth_year, sex: if century % 2 == 0 { Sex::Male } else { Sex::Female } })
}

/// `0991 9000 0025`, as pages show it.
pub fn grouped(number: &str) -> String {
    number.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join(" ")
}

/// `0991********25`, as lists show it.
pub fn masked(number: &str) -> String {
    let n = number.chars().count();
    number.chars().enumerate().map(|(i, c)| if i < 4 || i + 2 >= n { c } else { '•' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserved_numbers_of_the_rule_book_are_read() {
        for (n, year, sex) in [("099085000017", 1985, Sex::Male), ("099190000025", 1990, Sex::Female), ("099203000074", 2003, Sex::Male), ("099315000082", 2015, Sex::Female)] {
            assert_eq!(read(n, true, 2026), Ok(Facts { birth_year: year, sex }));
        }
    }

    #[test]
    fn what_cannot_be_a_number_is_refused_with_its_reason() {
        assert_eq!(read("09908500001", true, 2026), Err(Fault::Length(11)));
        assert_eq!(read("007090000011", true, 2026), Err(Fault::UnknownPlace));
        assert_eq!(read("000085000017", true, 2026), Err(Fault::UnknownPlace));
        assert_eq!(read("09908500001X", true, 2026), Err(Fault::NotDigits));
        assert_eq!(read("001290000091", true, 2026), Err(Fault::BornInFuture));
        assert_eq!(read("099085000017", false, 2026), Err(Fault::UnknownPlace));
    }
}
