//! `20260115T120000Z`: ISO 8601 basic format, in which SigV4 writes the time of a request.

use std::{fmt, fmt::Write as _};

use jiff::{civil::DateTime, fmt::rfc2822, tz::Offset};
use kernel::Timestamp;

/// The time of a request, in whole seconds; prints as `yyyymmddThhmmssZ`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp(Timestamp);

impl Stamp {
    pub fn new(at: Timestamp) -> Self {
        Self(Timestamp::from_secs(at.secs()))
    }

    /// `None` unless the text has exactly the form `yyyymmddThhmmssZ` and names a real time.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let digits = |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(date, 8) || !digits(time, 6) {
            return None;
        }
        let year = date.get(..4)?.parse().ok()?;
        let two = |text: &str, from: usize| text.get(from..from + 2)?.parse::<i8>().ok();
        let civil = DateTime::new(
            year,
            two(date, 4)?,
            two(date, 6)?,
            two(time, 0)?,
            two(time, 2)?,
            two(time, 4)?,
            0,
        )
        .ok()?;
        Some(Self(Timestamp::from_secs(
            Offset::UTC.to_timestamp(civil).ok()?.as_second(),
        )))
    }

    /// The `Date` header, which stands in for a missing `X-Amz-Date`: its own form or the basic one.
    pub(crate) fn parse_date_header(text: &str) -> Option<Self> {
        Self::parse(text).or_else(|| {
            let parsed = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
            Some(Self(Timestamp::from_secs(parsed.as_second())))
        })
    }

    pub fn time(self) -> Timestamp {
        self.0
    }

    /// The first eight digits: the date of the credential scope.
    pub fn date(self) -> String {
        let mut text = self.to_string();
        text.truncate(8);
        text
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = Offset::UTC.to_datetime(self.0.to_jiff());
        let (year, month, day) = (t.year(), t.month(), t.day());
        write!(
            f,
            "{year:04}{month:02}{day:02}T{:02}{:02}{:02}",
            t.hour(),
            t.minute(),
            t.second()
        )?;
        f.write_char('Z')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_reads_and_prints_the_same() {
        for text in ["20260115T120000Z", "19700101T000000Z", "20240229T235959Z"] {
            assert_eq!(Stamp::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(
            Stamp::parse("20260115T120000Z").unwrap().time(),
            Timestamp::from_secs(1_768_478_400)
        );
        assert_eq!(Stamp::parse("20260115T120000Z").unwrap().date(), "20260115");
    }

    #[test]
    fn other_forms_are_no_stamps() {
        for text in [
            "",
            "20260115",
            "2026-01-15T12:00:00Z",
            "20260115T120000",
            "20260115t120000Z",
            "20260230T120000Z",
            "20260115T250000Z",
            "20260115T1200+0Z",
            "20260115T12000\u{664}Z",
            " 20260115T120000Z",
        ] {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_date_header_may_have_either_form() {
        let expected = Stamp::parse("20260115T120000Z");
        assert_eq!(Stamp::parse_date_header("Thu, 15 Jan 2026 12:00:00 GMT"), expected);
        assert_eq!(Stamp::parse_date_header("20260115T120000Z"), expected);
        assert_eq!(Stamp::parse_date_header("yesterday"), None);
    }
}
