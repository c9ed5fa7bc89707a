//! Dates as S3 reads and writes them.

use jiff::{fmt::strtime, tz::TimeZone};
use kernel::Timestamp;

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn http_date(value: &str) -> Option<Timestamp> {
    let parsed = strtime::parse("%a, %d %b %Y %H:%M:%S GMT", value.trim()).ok()?;
    let moment = parsed.to_datetime().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(Timestamp::from_secs(moment.timestamp().as_second()))
}

pub(crate) fn to_http_date(t: Timestamp) -> String {
    t.to_jiff().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `2026-01-15T12:00:00.000Z`: S3's lists show whole seconds so.
pub(crate) fn to_xml_date(t: Timestamp) -> String {
    t.to_jiff().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_both_ways() {
        let t = Timestamp::from_secs(784_111_777);
        assert_eq!(to_http_date(t), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(t));
        assert_eq!(http_date("yesterday"), None);
        assert_eq!(to_xml_date(t), "1994-11-06T08:49:37.000Z");
    }
}
