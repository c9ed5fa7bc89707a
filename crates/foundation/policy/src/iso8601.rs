//! Dates as IAM reads them: a year; year-month; a day; a day with the time down to the hour, minute, second or its fraction,
//! in UTC unless an offset follows. It takes more than the calendar has: years far from ours, also before the first, a
//! 31st of every month (the first of the next). Reference: identity-pools-iam 4.3.

/// What the service's own clock can count.
const YEARS: std::ops::RangeInclusive<i64> = -292_275_054..=292_278_993;

/// Nanoseconds since 1970. `None`: no date; digits alone are a year only when there are four.
pub(crate) fn parse(text: &str) -> Option<i128> {
    let (day, time) = text.split_once('T').map_or((text, ""), |(day, time)| (day, time));
    let (sign, unsigned) = day.strip_prefix('-').map_or((1, day), |rest| (-1, rest));
    let mut parts = unsigned.split('-');
    let year = parts.next()?;
    let month = parts.next();
    let alone = month.is_none() && !text.contains('T');
    if alone && (sign < 0 || year.len() != 4) {
        return None;
    }
    let year = sign * number(year, 1..=9)?;
    let month = within(month, 1..=12, 1)?;
    let day = within(parts.next(), 1..=31, 1)?;
    if !YEARS.contains(&year) || parts.next().is_some() {
        return None;
    }
    let (seconds, fraction) = time_of_day(time)?;
    let seconds = i128::from(days(year, month, day)) * 86_400 + i128::from(seconds);
    Some(seconds * 1_000_000_000 + i128::from(fraction))
}

/// Seconds from midnight UTC, and nanoseconds.
fn time_of_day(text: &str) -> Option<(i64, i64)> {
    let (time, offset) = match text.find(['Z', '+', '-']) {
        Some(at) => (text.get(..at)?, offset(text.get(at..)?)?),
        None => (text, 0),
    };
    if time.is_empty() {
        return (offset == 0).then_some((0, 0));
    }
    let mut parts = time.split(':');
    let hour = within(parts.next(), 0..=23, 0)?;
    let minute = within(parts.next(), 0..=59, 0)?;
    let (second, fraction) = match parts.next() {
        Some(part) => part
            .split_once('.')
            .map_or((Some(part), None), |(s, f)| (Some(s), Some(f))),
        None => (None, None),
    };
    let second = within(second, 0..=59, 0)?;
    let nanoseconds = match fraction {
        Some(digits) => number(&format!("{:0<9}", digits.get(..9).unwrap_or(digits)), 9..=9)?,
        None => 0,
    };
    if fraction.is_some_and(|digits| number(digits, 1..=18).is_none()) || parts.next().is_some() {
        return None;
    }
    Some(((hour * 60 + minute) * 60 + second - offset, nanoseconds))
}

/// Seconds east of UTC of `Z`, `+02`, `+02:00` or `+0200`.
fn offset(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() == 2 => (digits, "00"),
        None => digits.split_at_checked(2)?,
    };
    let hours = within(Some(hours), 0..=23, 0)?;
    Some(sign * (hours * 60 + within(Some(minutes), 0..=59, 0)?) * 60)
}

fn within(text: Option<&str>, range: std::ops::RangeInclusive<i64>, absent: i64) -> Option<i64> {
    match text {
        Some(text) => number(text, 1..=2).filter(|n| range.contains(n)),
        None => Some(absent),
    }
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<i64> {
    if digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar; years are counted from March, so that the leap day is last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn seconds_since_1970() {
        let cases = [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-01-01", 1_767_225_600),
            ("2026-01", 1_767_225_600),
            ("2026", 1_767_225_600),
            ("2026T", 1_767_225_600),
            ("2026-1-1", 1_767_225_600),
            ("2026-01-01T02:00:00+02:00", 1_767_225_600),
            ("2026-01-01T02+02", 1_767_225_600),
            ("2025-12-31T22:30-0130", 1_767_225_600),
            ("2026-01-01T12", 1_767_268_800),
            ("2024-02-29T23:59:59", 1_709_251_199),
            ("2026-02-31", 1_772_496_000),
            ("0000-03-01", -62_162_035_200),
            ("-0001-01-01", -62_198_755_200),
            ("99999-01-01", 3_093_496_444_800),
        ];
        for (text, seconds) in cases {
            assert_eq!(parse(text), Some(seconds * 1_000_000_000), "{text}");
        }
        assert_eq!(parse("1970-01-01T00:00:00.0123456789Z"), Some(12_345_678));
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "T",
            "yesterday",
            "1767225600",
            "20260101",
            "-2026",
            "+2026-01-01",
            "2026-13-01",
            "2026-01-32",
            "2026-01-01-01",
            "2026-01-01T24",
            "2026-01-01T00:60",
            "2026-01-01T00:00:60",
            "2026-01-01T00:00:00.",
            "2026-01-01T00:00:00X",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01TZ0",
            "300000000-01-01",
            "2026-01-01T+02:00",
            "2026-01-01T1é",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
