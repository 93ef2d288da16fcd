//! The worked examples of the rule book, each by its number, and a count by the minute beside the rule.

use super::*;
use proptest::prelude::*;

fn at(s: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(s, "%Y-%m-%dT%H:%M").expect("a local time")
}

fn due(from: &str, limit: &str, pauses: &[(&str, &str)], rules: Rules) -> NaiveDateTime {
    let pauses: Vec<_> = pauses.iter().map(|(a, b)| (at(a), at(b))).collect();
    let limit = limit.parse().expect("a limit");
    Calendar::shipped().due(&Hours::default(), at(from), limit, &pauses, rules).expect("rows for the year").at.expect("a limit")
}

/// Number, accepted, limit, due. 48 and 49 are the two four-hour examples below the table.
const PLAIN: &[(u32, &str, &str, &str)] = &[
    (1, "2024-03-08T16:59", "5wd", "2024-03-15T17:00"),
    (2, "2024-03-08T17:00", "5wd", "2024-03-18T17:00"),
    (3, "2024-03-06T12:00", "3wd", "2024-03-11T17:00"),
    (4, "2024-03-09T10:15", "3wd", "2024-03-14T17:00"),
    (5, "2024-03-05T23:40", "1wd", "2024-03-07T17:00"),
    (6, "2024-03-05T06:10", "1wd", "2024-03-06T17:00"),
    (7, "2024-02-07T15:00", "3wd", "2024-02-19T17:00"),
    (8, "2024-02-08T09:00", "3wd", "2024-02-20T17:00"),
    (9, "2024-02-01T09:00", "10wd", "2024-02-22T17:00"),
    (10, "2024-04-26T10:00", "2wd", "2024-05-03T17:00"),
    (11, "2024-04-29T10:00", "2wd", "2024-05-04T17:00"),
    (12, "2024-05-02T16:00", "2wd", "2024-05-04T17:00"),
    (13, "2024-05-04T09:00", "1wd", "2024-05-06T17:00"),
    (14, "2024-08-30T16:30", "1wd", "2024-09-04T17:00"),
    (15, "2023-12-29T16:00", "7wd", "2024-01-10T17:00"),
    (16, "2023-04-28T09:00", "1wd", "2023-05-04T17:00"),
    (17, "2025-01-24T16:45", "1wd", "2025-02-03T17:00"),
    (18, "2025-04-26T09:00", "3wd", "2025-05-05T17:00"),
    (19, "2025-08-29T14:00", "1wd", "2025-09-03T17:00"),
    (20, "2026-02-13T16:30", "5wd", "2026-02-27T17:00"),
    (21, "2026-08-21T16:30", "1wd", "2026-08-22T17:00"),
    (22, "2026-08-28T11:00", "1wd", "2026-09-03T17:00"),
    (23, "2024-03-01T09:00", "15d", "2024-03-18T17:00"),
    (24, "2024-04-15T09:00", "15d", "2024-05-02T17:00"),
    (25, "2024-01-30T09:00", "10d", "2024-02-15T17:00"),
    (26, "2024-08-20T09:00", "13d", "2024-09-04T17:00"),
    (27, "2024-03-08T09:00", "30d", "2024-04-08T17:00"),
    (28, "2024-03-06T08:00", "8wh", "2024-03-07T08:30"),
    (29, "2024-03-06T12:00", "8wh", "2024-03-07T14:00"),
    (30, "2024-03-08T16:00", "8wh", "2024-03-11T16:30"),
    (31, "2024-03-08T16:59", "8wh", "2024-03-12T07:59"),
    (32, "2024-03-09T20:00", "8wh", "2024-03-12T08:00"),
    (33, "2024-02-07T16:30", "8wh", "2024-02-15T17:00"),
    (34, "2024-05-03T16:00", "8wh", "2024-05-04T16:30"),
    (35, "2024-04-26T16:00", "8wh", "2024-05-02T16:30"),
    (36, "2024-08-30T16:30", "8wh", "2024-09-04T17:00"),
    (44, "2024-03-06T15:00", "same_day", "2024-03-06T17:00"),
    (45, "2024-03-06T15:01", "same_day", "2024-03-07T17:00"),
    (46, "2024-04-26T15:10", "same_day", "2024-05-02T17:00"),
    (47, "2024-05-04T14:00", "same_day", "2024-05-04T17:00"),
    (48, "2024-03-06T11:29", "4wh", "2024-03-07T07:59"),
    (49, "2024-03-06T07:30", "4wh", "2024-03-06T11:30"),
];

/// The same, by the clock time of reception.
const SAME_CLOCK: &[(u32, &str)] = &[
    (1, "03-15T16:59"),
    (2, "03-18T07:30"),
    (3, "03-11T13:30"),
    (4, "03-14T07:30"),
    (5, "03-07T07:30"),
    (6, "03-06T07:30"),
    (7, "02-19T15:00"),
    (8, "02-20T07:30"),
    (9, "02-22T09:00"),
    (10, "05-03T10:00"),
    (11, "05-04T07:30"),
    (12, "05-04T16:00"),
    (13, "05-06T09:00"),
    (14, "09-04T16:30"),
    (15, "01-10T16:00"),
    (16, "05-04T09:00"),
    (17, "02-03T16:45"),
    (18, "05-05T09:00"),
    (19, "09-03T14:00"),
    (20, "02-27T16:30"),
    (21, "08-22T16:30"),
    (22, "09-03T11:00"),
];

/// The same, with eight hours as one day.
const EIGHT_HOURS: &[(u32, &str)] =
    &[(28, "03-07T08:00"), (29, "03-07T13:30"), (30, "03-11T16:00"), (31, "03-11T16:59"), (32, "03-12T07:30"), (33, "02-15T16:30"), (34, "05-04T16:00"), (35, "05-02T16:00"), (36, "09-04T16:30")];

/// Number, accepted, limit, pause, complete supplement, due.
const PAUSED: &[(u32, &str, &str, &str, &str, &str)] = &[
    (37, "2024-03-04T08:00", "5wd", "2024-03-06T10:00", "2024-03-15T14:00", "2024-03-20T17:00"),
    (38, "2024-02-05T09:00", "7wd", "2024-02-07T11:00", "2024-02-20T08:30", "2024-02-27T17:00"),
    (39, "2024-04-22T14:00", "10wd", "2024-04-26T16:00", "2024-05-06T09:00", "2024-05-14T17:00"),
    (40, "2024-03-04T08:00", "5wd", "2024-03-06T08:00", "2024-03-06T16:00", "2024-03-11T17:00"),
    (41, "2024-03-04T08:00", "5wd", "2024-03-06T10:00", "2024-03-09T21:00", "2024-03-14T17:00"),
    (42, "2024-03-06T08:00", "8wh", "2024-03-06T10:00", "2024-03-08T14:00", "2024-03-11T10:30"),
    (43, "2024-03-06T15:00", "16wh", "2024-03-06T16:30", "2024-03-07T09:00", "2024-03-11T08:30"),
];

#[test]
fn the_plain_examples() {
    for (n, from, limit, want) in PLAIN {
        assert_eq!(due(from, limit, &[], Rules::default()), at(want), "example {n}");
    }
}

#[test]
fn the_same_clock_examples() {
    for (n, want) in SAME_CLOCK {
        let (_, from, limit, _) = PLAIN.iter().find(|p| p.0 == *n).expect("listed");
        let got = due(from, limit, &[], Rules { same_clock: true, ..Rules::default() });
        assert_eq!(got.format("%m-%dT%H:%M").to_string(), *want, "example {n}");
    }
}

#[test]
fn the_eight_hours_examples() {
    for (n, want) in EIGHT_HOURS {
        let (_, from, limit, _) = PLAIN.iter().find(|p| p.0 == *n).expect("listed");
        let got = due(from, limit, &[], Rules { eight_hours_is_one_day: true, ..Rules::default() });
        assert_eq!(got.format("%m-%dT%H:%M").to_string(), *want, "example {n}");
    }
}

#[test]
fn the_paused_examples() {
    for (n, from, limit, pause, resume, want) in PAUSED {
        assert_eq!(due(from, limit, &[(pause, resume)], Rules::default()), at(want), "example {n}");
    }
}

#[test]
fn the_working_days_of_each_year_are_as_announced() {
    let calendar = Calendar::shipped();
    for (year, want) in [(2023, 249), (2024, 251), (2025, 250), (2026, 249), (2027, 249)] {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a day");
        let n = first.iter_days().take_while(|d| d.year() == year).filter(|d| calendar.is_working(*d).expect("rows")).count();
        assert_eq!(n, want, "{year}");
    }
}

#[test]
fn a_year_without_rows_is_an_error_and_an_unconfirmed_one_is_said() {
    let calendar = Calendar::shipped();
    let due = |from, limit: &str| calendar.due(&Hours::default(), at(from), limit.parse().expect("a limit"), &[], Rules::default());
    assert_eq!(due("2027-12-30T09:00", "5wd"), Err(MissingYear(2028)));
    assert_eq!(due("2022-12-30T09:00", "5wd"), Err(MissingYear(2022)));
    assert!(due("2026-12-30T09:00", "5wd").expect("rows").provisional);
    assert!(!due("2026-11-25T09:00", "5wd").expect("rows").provisional);
}

#[test]
fn a_pause_after_the_due_time_cures_nothing() {
    let late = due("2024-03-04T08:00", "5wd", &[("2024-03-13T08:00", "2024-03-20T08:00")], Rules::default());
    assert_eq!(late, at("2024-03-11T17:00"));
}

/// The plain way: walk minute by minute through open offices.
fn by_the_minute(from: NaiveDateTime, minutes: i64, pauses: &[(NaiveDateTime, NaiveDateTime)]) -> NaiveDateTime {
    let (calendar, hours) = (Calendar::shipped(), Hours::default());
    let open = |t: NaiveDateTime| calendar.is_working(t.date()).expect("rows") && hours.0.iter().any(|(a, b)| *a <= t.time() && t.time() < *b);
    let (mut t, mut left) = (from, minutes);
    while left > 0 {
        if open(t) && !pauses.iter().any(|(a, b)| *a <= t && t < *b) {
            left -= 1;
        }
        t += TimeDelta::minutes(1);
    }
    t
}

fn moments() -> impl Strategy<Value = NaiveDateTime> {
    (0_i64..900 * 24 * 60).prop_map(|m| at("2024-01-01T00:00") + TimeDelta::minutes(m))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn working_hours_agree_with_a_count_by_the_minute(from in moments(), n in 1_u32..60, lag in 0_i64..5000, length in 1_i64..5000) {
        let pause = (from + TimeDelta::minutes(lag), from + TimeDelta::minutes(lag + length));
        let got = Calendar::shipped().due(&Hours::default(), from, Limit::WorkingHours(n), &[pause], Rules::default()).expect("rows");
        prop_assert_eq!(got.at, Some(by_the_minute(from, i64::from(n) * 60, &[pause])));
    }

    #[test]
    fn a_pause_never_brings_the_date_nearer(from in moments(), n in 1_u32..40, lag in 0_i64..20_000, length in 1_i64..20_000, unit in 0..4) {
        let limit = [Limit::WorkingDays(n), Limit::Days(n), Limit::WorkingHours(n), Limit::Months(n % 4 + 1)][usize::try_from(unit).expect("small")];
        let pause = (from + TimeDelta::minutes(lag), from + TimeDelta::minutes(lag + length));
        let calendar = Calendar::shipped();
        let plain = calendar.due(&Hours::default(), from, limit, &[], Rules::default()).expect("rows");
        let paused = calendar.due(&Hours::default(), from, limit, &[pause], Rules::default()).expect("rows");
        prop_assert!(paused.at >= plain.at);
    }

    #[test]
    fn a_due_date_is_a_working_day_and_its_steps_count_to_the_limit(from in moments(), n in 1_u32..60) {
        let calendar = Calendar::shipped();
        let due = calendar.due(&Hours::default(), from, Limit::WorkingDays(n), &[], Rules::default()).expect("rows");
        prop_assert!(calendar.is_working(due.at.expect("a limit").date()).expect("rows"));
        let counted = due.steps.iter().filter(|s| matches!(s.kind, StepKind::Counted(_))).count();
        prop_assert_eq!(counted, usize::try_from(n).expect("small"));
    }
}
