//! From when until when a certificate holds: the one thing of it that the TLS library does not tell. RFC 5280 4.1.

use jiff::{civil::date, tz::TimeZone};
use kernel::Timestamp;

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// `notBefore` and `notAfter` of a certificate in DER. None: it is none.
pub(crate) fn life(certificate: &[u8]) -> Option<(Timestamp, Timestamp)> {
    let (certificate, _) = element(certificate, SEQUENCE)?;
    let (signed, _) = element(certificate, SEQUENCE)?;
    let rest = element(signed, VERSION).map_or(signed, |(_, rest)| rest);
    let (_serial, rest) = element(rest, INTEGER)?;
    let (_algorithm, rest) = element(rest, SEQUENCE)?;
    let (_issuer, rest) = element(rest, SEQUENCE)?;
    let (validity, _) = element(rest, SEQUENCE)?;
    let (from, rest) = time(validity)?;
    let (until, _) = time(rest)?;
    Some((from, until))
}

/// The content of the element that begins here, and what follows it. None: it is another one.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = bytes.split_first_chunk()?;
    if found != tag {
        return None;
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        if length.len() > 4 {
            return None;
        }
        (length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
    };
    rest.split_at_checked(length)
}

/// As RFC 5280 has it: to the second, in UTC.
fn time(bytes: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (text, rest, century) = match element(bytes, UTC_TIME) {
        Some((text, rest)) => (text, rest, true),
        None => element(bytes, GENERALIZED_TIME).map(|(text, rest)| (text, rest, false))?,
    };
    let digits = str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, digits) = digits.split_at_checked(if century { 2 } else { 4 })?;
    let year: i16 = number(year)?;
    let year = match (century, year) {
        (true, 50..) => 1900 + year,
        (true, _) => 2000 + year,
        (false, _) => year,
    };
    if digits.len() != 10 {
        return None;
    }
    let two = |at: usize| number::<i8>(digits.get(at..at + 2)?);
    let day = date_of(year, two(0)?, two(2)?)?;
    let (hour, minute, second) = (two(4)?, two(6)?, two(8)?);
    let at = jiff::civil::Time::new(hour, minute, second, 0).ok()?;
    let at = day.to_datetime(at).to_zoned(TimeZone::UTC).ok()?;
    Some((Timestamp::from_secs(at.timestamp().as_second()), rest))
}

fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

fn date_of(year: i16, month: i8, day: i8) -> Option<jiff::civil::Date> {
    let first = date(year.clamp(0, 9999), 1, 1);
    first.with().month(month).day(day).build().ok()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    #[test]
    fn a_life_is_read_in_both_of_its_spellings() {
        let key = KeyPair::generate().unwrap();
        // From 2050 on the other one is written.
        for (until, seconds) in [((2027, 3, 1), 1_803_859_200), ((2051, 1, 2), 2_556_230_400)] {
            let mut params = CertificateParams::new(["a.example.com".to_owned()]).unwrap();
            params.not_before = date_time_ymd(2026, 1, 15);
            params.not_after = date_time_ymd(until.0, until.1, until.2);
            let made = params.self_signed(&key).unwrap();
            let expected = (Timestamp::from_secs(1_768_435_200), Timestamp::from_secs(seconds));
            assert_eq!(life(made.der()), Some(expected));
            for cut in 0..60 {
                assert_eq!(life(&made.der()[..cut]), None, "{cut}");
            }
        }
        for none in [
            &b""[..],
            b"\x30\x00",
            b"\x30\x84\xff\xff\xff\xff",
            b"\x30\x89",
            b"-----",
        ] {
            assert_eq!(life(none), None);
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            &b"2601151200Z"[..],
            b"261315120000Z",
            b"260132120000Z",
            b"26011512000+Z",
            b"260115120000",
        ] {
            let der = [&[UTC_TIME, u8::try_from(text.len()).unwrap()][..], text].concat();
            assert!(time(&der).is_none(), "{}", String::from_utf8_lossy(text));
        }
    }
}
