//! Two clocks (decision 4): `wall` for what other machines check, `now` for what expires here and may be moved in dev.

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z. AWS's JSON timestamps are seconds with these milliseconds as the fraction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds, rounded down: the unit of JWT claims.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// How long ago `earlier` was; zero if it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// `2026-01-15T12:00:00Z`, the form of the query protocols. Whole seconds.
    pub fn iso8601(self) -> String {
        jiff::Timestamp::from_second(self.secs()).map_or_else(|_| String::new(), |t| t.to_string())
    }

    /// Civil UTC time, for the texts that spell a date out.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

pub trait Clock: Send + Sync + 'static {
    /// True time: TLS, SigV4 skew, presigned dates, the `iat` of tokens.
    fn wall(&self) -> Timestamp;

    /// The time by which codes, sessions, tokens, credentials and passwords expire. Equals `wall` outside dev and tests.
    fn now(&self) -> Timestamp;
}

/// The machine's clock, with the offset that `POST /_poolhouse/clock` may add to `now` in dev.
#[derive(Debug, Default)]
pub struct SystemClock {
    offset_millis: AtomicI64,
}

impl SystemClock {
    pub fn advance(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        self.offset_millis.fetch_add(millis, Ordering::Relaxed);
    }

    pub fn reset(&self) {
        self.offset_millis.store(0, Ordering::Relaxed);
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn wall(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.wall().0.saturating_add(self.offset_millis.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_down_on_both_sides_of_the_epoch() {
        assert_eq!(Timestamp::from_millis(1999).secs(), 1);
        assert_eq!(Timestamp::from_millis(-1).secs(), -1);
        assert_eq!(Timestamp::from_secs(1_547_833_345).iso8601(), "2019-01-18T17:42:25Z");
    }

    #[test]
    fn a_span_to_the_future_is_zero() {
        let t = Timestamp::from_secs(10);
        assert_eq!(t.since(t.plus(Duration::from_secs(1))), Duration::ZERO);
        assert_eq!(t.plus(Duration::from_secs(5)).since(t), Duration::from_secs(5));
    }

    #[test]
    fn the_movable_clock_leaves_wall_alone() {
        let clock = SystemClock::default();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now().since(clock.wall()) >= Duration::from_secs(3599));
        clock.reset();
        assert!(clock.now().since(clock.wall()) < Duration::from_secs(5));
    }
}
