//! Times of messages, and how far clocks may be apart.

use std::time::Duration;

use kernel::Timestamp;

/// Reference: oauth-and-federation 11.3 (4).
pub(crate) const SKEW: Duration = Duration::from_secs(3 * 60);

/// How old a message may be that nobody asked for. Reference: oauth-and-federation 11.4.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(6 * 60);

/// `xs:dateTime` in UTC. None: something else, or another zone.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim_ascii();
    let is_utc = text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
    let instant: jiff::Timestamp = text.parse().ok().filter(|_| is_utc)?;
    Some(Timestamp::from_millis(instant.as_millisecond()))
}

/// Whether `start` is reached, by a clock that may be behind.
pub(crate) fn has_come(start: Timestamp, now: Timestamp) -> bool {
    start <= now.plus(SKEW)
}

/// Whether `end` is reached, by a clock that may be ahead.
pub(crate) fn has_passed(end: Timestamp, now: Timestamp) -> bool {
    end.plus(SKEW) <= now
}

/// Whether a message of this time is of these minutes.
pub(crate) fn is_fresh(issued: Timestamp, now: Timestamp) -> bool {
    has_come(issued, now) && now.since(issued) <= MAX_AGE
}
