//! Moments and days in Viet Nam's time (UTC+7, no summer time), and the clock as an argument.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};
use std::fmt;
use std::sync::{Arc, Mutex};

pub type Moment = DateTime<Utc>;

/// Asia/Ho_Chi_Minh.
pub fn zone() -> FixedOffset {
    FixedOffset::east_opt(7 * 3600).expect("seven hours are a valid offset")
}

pub fn local(m: Moment) -> NaiveDateTime {
    m.with_timezone(&zone()).naive_local()
}

pub fn day(m: Moment) -> NaiveDate {
    local(m).date()
}

pub fn from_local(t: NaiveDateTime) -> Moment {
    zone().from_local_datetime(&t).single().expect("a fixed offset has no gaps").with_timezone(&Utc)
}

/// `07/12/2026`
pub struct Day(pub NaiveDate);
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%d/%m/%Y"))
    }
}

pub fn dmy(m: Moment) -> String {
    local(m).format("%d/%m/%Y").to_string()
}
pub fn hm(m: Moment) -> String {
    local(m).format("%H:%M").to_string()
}
/// `07/12/2026, 09:24`
pub fn dmy_hm(m: Moment) -> String {
    local(m).format("%d/%m/%Y, %H:%M").to_string()
}

/// Where "now" comes from: the system, or a test's hand.
#[derive(Clone)]
pub enum Clock {
    System,
    Moved(Arc<Mutex<Moment>>),
}

impl Clock {
    pub fn at(m: Moment) -> Self {
        Self::Moved(Arc::new(Mutex::new(m)))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where the system's clock is read")]
    pub fn now(&self) -> Moment {
        match self {
            // whole microseconds: what PostgreSQL keeps, so that a stored moment equals itself
            Self::System => DateTime::from_timestamp_micros(Utc::now().timestamp_micros()).expect("this century"),
            Self::Moved(m) => *m.lock().expect("no panic while the clock is held"),
        }
    }

    /// Moves a clock that can be moved; the system's goes on by itself.
    pub fn set(&self, to: Moment) {
        if let Self::Moved(m) = self {
            *m.lock().expect("no panic while the clock is held") = to;
        }
    }

    pub fn today(&self) -> NaiveDate {
        day(self.now())
    }
}
