//! Deadline arithmetic (Bộ luật Dân sự 2015, Điều 147, 148; NĐ 61/2018/NĐ-CP; Bộ luật Lao động 2019, Điều 112): the office calendar, office hours, limits, pauses.
//!
//! Everything is computed in local time; callers convert at the border. Sessions are half-open: 11:30:00 and 17:00:00 are
//! outside, but a computed end that falls on a close stays there. A year the calendar has no rows for is an error, never
//! a guess. To add a unit of limit: a variant of [`Limit`], an arm in [`Calendar::due`], its examples in the tests.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that the portal ships; 2027 is computed and unconfirmed.
const SHIPPED: &[(i32, bool, &str, &str)] = &[
    (2023, true, "01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04", ""),
    (2024, true, "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03", "05-04"),
    (2025, true, "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02", "04-26"),
    (2026, true, "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24", "01-10 08-22"),
    (2027, false, "01-01 02-04 02-05 02-08 02-09 02-10 04-16 04-30 05-03 09-02 09-03 11-24", ""),
];

/// Which days offices work. Versioned: a dossier remembers the version its date was computed by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub version: i32,
    /// Years with rows, and whether the official notice has confirmed them.
    pub years: BTreeMap<i32, bool>,
    /// Weekdays closed.
    pub closed: BTreeSet<NaiveDate>,
    /// Saturdays (or Sundays) worked instead.
    pub makeup: BTreeSet<NaiveDate>,
}

/// Office sessions of a working day, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours(pub Vec<(NaiveTime, NaiveTime)>);

impl Default for Hours {
    fn default() -> Self {
        let t = |h, m| NaiveTime::from_hms_opt(h, m, 0).expect("a time of day");
        Self(vec![(t(7, 30), t(11, 30)), (t(13, 30), t(17, 0))])
    }
}

impl Hours {
    fn open(&self) -> NaiveTime {
        self.0.first().map_or(NaiveTime::MIN, |s| s.0)
    }
    pub fn close(&self) -> NaiveTime {
        self.0.last().map_or(NaiveTime::MIN, |s| s.1)
    }
}

/// The legal length for resolving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    WorkingDays(u32),
    Days(u32),
    WorkingHours(u32),
    Hours(u32),
    Months(u32),
    /// Received up to and including this time: today; later: the next working day.
    SameDay(NaiveTime),
    None,
}

/// The places the law leaves open; the default is the legal reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// Due at the clock time of reception instead of the day's close.
    pub same_clock: bool,
    /// Eight working hours are one working day, whatever the sessions add up to.
    pub eight_hours_is_one_day: bool,
}

/// One line of "Vì sao ngày này?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub day: NaiveDate,
    pub kind: StepKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// The effective day of reception: not counted.
    Received,
    /// The n-th day counted.
    Counted(u32),
    Weekend,
    Holiday,
    /// Inside a pause: not counted.
    Paused,
    /// The raw end fell on a day off and rolled on.
    Rolled,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When counting begins.
    pub effective: NaiveDateTime,
    /// None where the procedure has no limit.
    pub at: Option<NaiveDateTime>,
    pub steps: Vec<Step>,
    /// Rows of a year without official notice were used: say "tạm tính".
    pub provisional: bool,
}

/// The calendar has no rows for this year, so no date can be promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the calendar has no rows for {0}")]
pub struct MissingYear(pub i32);

type Result<T> = std::result::Result<T, MissingYear>;

impl Calendar {
    pub fn shipped() -> Self {
        let mut calendar = Self { version: 1, years: BTreeMap::new(), closed: BTreeSet::new(), makeup: BTreeSet::new() };
        for (year, confirmed, closed, makeup) in SHIPPED {
            calendar.years.insert(*year, *confirmed);
            let days = |list: &str| -> Vec<NaiveDate> { list.split_whitespace().filter_map(|d| format!("{year}-{d}").parse().ok()).collect() };
            calendar.closed.extend(days(closed));
            calendar.makeup.extend(days(makeup));
        }
        calendar
    }

    pub fn is_working(&self, day: NaiveDate) -> Result<bool> {
        if !self.years.contains_key(&day.year()) {
            return Err(MissingYear(day.year()));
        }
        Ok(match day.weekday() {
            Weekday::Sat | Weekday::Sun => self.makeup.contains(&day),
            _ => !self.closed.contains(&day),
        })
    }

    fn next_working(&self, day: NaiveDate) -> Result<NaiveDate> {
        let mut d = tomorrow(day);
        while !self.is_working(d)? {
            d = tomorrow(d);
        }
        Ok(d)
    }

    /// The moment at which something that arrives at `t` counts as arrived (§5.4).
    pub fn effective(&self, hours: &Hours, t: NaiveDateTime) -> Result<NaiveDateTime> {
        if self.is_working(t.date())? {
            for (open, close) in &hours.0 {
                if t.time() < *open {
                    return Ok(t.date().and_time(*open));
                }
                if t.time() < *close {
                    return Ok(t);
                }
            }
        }
        Ok(self.next_working(t.date())?.and_time(hours.open()))
    }

    /// Office minutes between two moments.
    pub fn minutes(&self, hours: &Hours, from: NaiveDateTime, to: NaiveDateTime) -> Result<i64> {
        let mut total = 0;
        let mut day = from.date();
        while day <= to.date() {
            if self.is_working(day)? {
                for (open, close) in &hours.0 {
                    let a = day.and_time(*open).max(from);
                    let b = day.and_time(*close).min(to);
                    total += (b - a).num_minutes().max(0);
                }
            }
            day = tomorrow(day);
        }
        Ok(total)
    }

    /// The moment `minutes` office minutes after `from` (an effective moment). An end on a close stays there.
    pub fn add_minutes(&self, hours: &Hours, from: NaiveDateTime, minutes: i64) -> Result<NaiveDateTime> {
        let mut left = TimeDelta::minutes(minutes);
        let mut day = from.date();
        let mut at = from;
        loop {
            if self.is_working(day)? {
                for (open, close) in &hours.0 {
                    let a = day.and_time(*open).max(at);
                    let b = day.and_time(*close);
                    if a < b || a == b && left.is_zero() {
                        if a + left <= b {
                            return Ok(a + left);
                        }
                        left -= b - a;
                    }
                }
            }
            day = tomorrow(day);
            at = day.and_time(NaiveTime::MIN);
        }
    }

    /// When something accepted at `from` is due. `pauses` are half-open intervals; overlaps are merged.
    pub fn due(&self, hours: &Hours, from: NaiveDateTime, limit: Limit, pauses: &[(NaiveDateTime, NaiveDateTime)], rules: Rules) -> Result<Due> {
        let effective = self.effective(hours, from)?;
        let pauses = merged(pauses);
        let mut steps = vec![Step { day: effective.date(), kind: StepKind::Received }];
        let clock = if rules.same_clock { effective.time() } else { hours.close() };
        let at = match limit {
            Limit::None => None,
            Limit::WorkingDays(n) => Some(self.working_days(hours, effective, n, &pauses, &mut steps)?.and_time(clock)),
            Limit::SameDay(until) => {
                // minute precision: 15:00:59 is still "15 giờ"
                let minute = effective.time() < until + TimeDelta::minutes(1);
                let n = u32::from(!minute);
                Some(self.working_days(hours, effective, n, &pauses, &mut steps)?.and_time(hours.close()))
            }
            Limit::Days(n) => Some(self.calendar_days(hours, effective.date() + Days::new(u64::from(n)), &pauses, &mut steps)?.and_time(clock)),
            Limit::Months(n) => {
                let raw = effective.date().checked_add_months(Months::new(n)).ok_or(MissingYear(9999))?;
                Some(self.calendar_days(hours, raw, &pauses, &mut steps)?.and_time(clock))
            }
            Limit::Hours(n) => {
                let mut raw = effective + TimeDelta::hours(i64::from(n));
                for (a, b) in &pauses {
                    let (a, b) = ((*a).max(effective), *b);
                    if a < raw && a < b {
                        raw += b - a;
                    }
                }
                Some(if self.is_close(hours, raw)? { raw } else { self.effective(hours, raw)? })
            }
            Limit::WorkingHours(n) => Some(self.working_hours(hours, effective, n, &pauses, rules)?),
        };
        if let Some(at) = at
            && steps.last().is_some_and(|s| s.day < at.date())
        {
            self.fill(&mut steps, at.date())?;
        }
        let last = at.map_or(effective.date(), |a| a.date());
        let provisional = self.years.range(effective.date().year()..=last.year()).any(|(_, confirmed)| !confirmed);
        Ok(Due { effective, at, steps, provisional })
    }

    fn is_close(&self, hours: &Hours, t: NaiveDateTime) -> Result<bool> {
        Ok(self.is_working(t.date())? && hours.0.iter().any(|s| s.1 == t.time()))
    }

    /// Days shown in the arithmetic that no unit counted (hour limits).
    fn fill(&self, steps: &mut Vec<Step>, until: NaiveDate) -> Result<()> {
        let mut n = 0;
        while let Some(last) = steps.last().map(|s| s.day).filter(|d| *d < until) {
            let day = tomorrow(last);
            let kind = if self.is_working(day)? {
                n += 1;
                StepKind::Counted(n)
            } else {
                off_kind(day)
            };
            steps.push(Step { day, kind });
        }
        Ok(())
    }

    /// The n-th working day after the effective day, each pause shifting by the working days in (pause, resume] (§5.5).
    fn working_days(&self, hours: &Hours, effective: NaiveDateTime, n: u32, pauses: &[(NaiveDateTime, NaiveDateTime)], steps: &mut Vec<Step>) -> Result<NaiveDate> {
        let mut end = effective.date();
        for _ in 0..n {
            end = self.next_working(end)?;
        }
        let mut paused: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for (a, b) in pauses {
            let a = self.effective(hours, *a)?;
            // a pause that opens after the due time cures nothing
            if a > end.and_time(hours.close()) {
                continue;
            }
            let (from, to) = (a.date().max(effective.date()), self.effective(hours, *b)?.date());
            let mut day = from;
            while day < to {
                day = tomorrow(day);
                if self.is_working(day)? {
                    end = self.next_working(end)?;
                }
            }
            paused.push((from, to));
        }
        let mut count = 0;
        let mut day = effective.date();
        while day < end {
            day = tomorrow(day);
            let kind = if !self.is_working(day)? {
                off_kind(day)
            } else if paused.iter().any(|(a, b)| *a < day && day <= *b) {
                StepKind::Paused
            } else {
                count += 1;
                StepKind::Counted(count)
            };
            steps.push(Step { day, kind });
        }
        Ok(end)
    }

    /// Calendar days: the raw end is shifted by the calendar days of each pause, then rolled once to a working day.
    fn calendar_days(&self, hours: &Hours, raw: NaiveDate, pauses: &[(NaiveDateTime, NaiveDateTime)], steps: &mut Vec<Step>) -> Result<NaiveDate> {
        let start = steps.first().map_or(raw, |s| s.day);
        let mut raw = raw;
        let mut paused: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for (a, b) in pauses {
            let (a, b) = (self.effective(hours, *a)?.date().max(start), self.effective(hours, *b)?.date());
            if a > raw {
                continue;
            }
            let days = (b - a).num_days().max(0);
            raw += TimeDelta::days(days);
            paused.push((a, b));
        }
        let mut count = 0;
        let mut day = start;
        while day < raw {
            day = tomorrow(day);
            let kind = if paused.iter().any(|(a, b)| *a < day && day <= *b) {
                StepKind::Paused
            } else {
                count += 1;
                StepKind::Counted(count)
            };
            steps.push(Step { day, kind });
        }
        while !self.is_working(day)? {
            day = tomorrow(day);
            steps.push(Step { day, kind: StepKind::Rolled });
        }
        Ok(day)
    }

    fn working_hours(&self, hours: &Hours, effective: NaiveDateTime, n: u32, pauses: &[(NaiveDateTime, NaiveDateTime)], rules: Rules) -> Result<NaiveDateTime> {
        let mut cursor = effective;
        let mut left = i64::from(n) * 60;
        for (a, b) in pauses {
            let (a, b) = (self.effective(hours, *a)?, self.effective(hours, *b)?);
            if b <= cursor {
                continue;
            }
            let used = self.minutes(hours, cursor, a.max(cursor))?;
            if used >= left {
                break;
            }
            left -= used;
            cursor = b;
        }
        if rules.eight_hours_is_one_day {
            let mut day = cursor.date();
            while left >= 480 {
                day = self.next_working(day)?;
                left -= 480;
            }
            cursor = day.and_time(cursor.time());
        }
        self.add_minutes(hours, cursor, left)
    }
}

fn off_kind(day: NaiveDate) -> StepKind {
    match day.weekday() {
        Weekday::Sat | Weekday::Sun => StepKind::Weekend,
        _ => StepKind::Holiday,
    }
}

fn tomorrow(day: NaiveDate) -> NaiveDate {
    day + Days::new(1)
}

fn merged(pauses: &[(NaiveDateTime, NaiveDateTime)]) -> Vec<(NaiveDateTime, NaiveDateTime)> {
    let mut sorted: Vec<_> = pauses.iter().copied().filter(|(a, b)| a < b).collect();
    sorted.sort_unstable();
    let mut out: Vec<(NaiveDateTime, NaiveDateTime)> = Vec::new();
    for (a, b) in sorted {
        match out.last_mut() {
            Some(last) if a <= last.1 => last.1 = last.1.max(b),
            _ => out.push((a, b)),
        }
    }
    out
}

impl std::str::FromStr for Limit {
    type Err = String;

    /// `5wd 15d 8wh 24h 1m same_day none`
    fn from_str(s: &str) -> std::result::Result<Self, String> {
        let wrong = || format!("limit “{s}”: expected 5wd, 15d, 8wh, 24h, 1m, same_day or none");
        match s {
            "none" => return Ok(Self::None),
            "same_day" => return Ok(Self::SameDay(NaiveTime::from_hms_opt(15, 0, 0).expect("a time"))),
            _ => {}
        }
        let split = s.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let n: u32 = s[..split].parse().ok().filter(|n| (1..=3660).contains(n)).ok_or_else(wrong)?;
        match &s[split..] {
            "wd" => Ok(Self::WorkingDays(n)),
            "d" => Ok(Self::Days(n)),
            "wh" => Ok(Self::WorkingHours(n)),
            "h" => Ok(Self::Hours(n)),
            "m" => Ok(Self::Months(n)),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests;
