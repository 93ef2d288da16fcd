//! Floor 0: pure values and rules. No async, no SQL, no HTTP; what is here can be tested with plain values.
//!
//! To add a value type: one file, a private field, a parser that says what is wrong, and its tests at the foot.
//! Types that are stored derive `sqlx::Type` transparently; that is the only thing this floor knows of a database.

pub mod calendar;
pub mod code;
pub mod fold;
pub mod id;
pub mod lang;
pub mod money;
pub mod number_words;
pub mod partial_date;
pub mod person;
pub mod phone;
pub mod random;
pub mod tax_code;
pub mod time;
pub mod typed;
