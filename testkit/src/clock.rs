//! Time that stands still until a test moves it.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use kernel::{Clock, Timestamp};

/// Both clocks in one: `wall` and `now` are equal.
#[derive(Debug)]
pub struct MockClock {
    millis: AtomicI64,
}

impl MockClock {
    /// 2026-01-15T12:00:00Z.
    pub const START: Timestamp = Timestamp::from_secs(1_768_478_400);

    pub fn advance(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        self.millis.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Default for MockClock {
    /// At [`Self::START`].
    fn default() -> Self {
        Self {
            millis: AtomicI64::new(Self::START.millis()),
        }
    }
}

impl Clock for MockClock {
    fn wall(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.load(Ordering::Relaxed))
    }

    fn now(&self) -> Timestamp {
        self.wall()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_when_told() {
        let clock = MockClock::default();
        assert_eq!(clock.now().iso8601(), "2026-01-15T12:00:00Z");
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.wall().iso8601(), "2026-01-15T12:01:30Z");
        assert_eq!(clock.now(), clock.wall());
    }
}
