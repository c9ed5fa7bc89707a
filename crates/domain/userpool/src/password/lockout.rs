//! What wrong passwords and codes lead to: they are counted, and lock. Reference: user-pools 5.6, 5.10.

use std::time::Duration;

use kernel::{PoolId, Sub, Timestamp};
use store::{
    Read, Stop, StoreError, Tx,
    records::attempts::{self, Attempts},
};

use crate::{errors, user::limits::LONGEST_WINDOW};

/// What somebody may guess at. Failures of each are counted by themselves, across sign-ins; `since` is the time of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guess {
    /// Or SRP's proof of it.
    Password,
    /// Digits that were sent. Cognito was seen to take six wrong ones in a row (5.6); whether and when it locks is unconfirmed.
    Code,
    /// Digits of an authenticator app, or a recovery code: a code that was sent and right forgives none of these.
    App,
    /// The secret of a remembered device, which its client made up.
    Device,
}

const LONGEST_LOCK: Duration = Duration::from_secs(15 * 60);

impl Guess {
    fn label(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "sign-in-code",
            Self::App => "sign-in-app",
            Self::Device => "sign-in-device",
        }
    }

    /// How many failures have no consequence.
    fn free(self) -> i64 {
        match self {
            Self::Password | Self::Device => 4,
            Self::Code | Self::App => 9,
        }
    }

    /// Failures are forgotten so long after the last one.
    fn memory(self) -> Duration {
        match self {
            Self::Password | Self::Device => LONGEST_LOCK,
            // A code of three is right in a million: who starts anew each quarter of an hour gets there too soon.
            Self::Code | Self::App => LONGEST_WINDOW,
        }
    }

    /// How long the n-th failure locks: of passwords 2^(n-5) seconds from the fifth on, at most fifteen minutes. Reference: 5.10.
    fn lock_after(self, failures: i64) -> Duration {
        if failures <= self.free() {
            return Duration::ZERO;
        }
        let doublings = u32::try_from(failures - (self.free() + 1)).unwrap_or(u32::MAX);
        Duration::from_secs(1_u64.checked_shl(doublings).unwrap_or(u64::MAX)).min(LONGEST_LOCK)
    }

    /// The failures that count now.
    pub fn failures(
        self,
        r: &mut impl Read,
        pool: &PoolId,
        sub: &Sub,
        now: Timestamp,
    ) -> Result<Option<Attempts>, StoreError> {
        Ok(attempts::find(r, pool, sub, self.label())?.filter(|a| now.since(a.since) < self.memory()))
    }

    /// Whether sign-in is locked now. Attempts during a lock neither count nor extend it.
    pub fn is_locked(self, failures: Option<Attempts>, now: Timestamp) -> bool {
        failures.is_some_and(|a| now.since(a.since) < self.lock_after(a.count))
    }

    /// The failures that count now, unless they lock sign-in: asked in the transaction that acts on a right guess. Guesses
    /// run in parallel, and one that is right during a lock must gain nothing. Errors: NotAuthorized.
    pub fn unlocked(
        self,
        r: &mut impl Read,
        pool: &PoolId,
        sub: &Sub,
        now: Timestamp,
    ) -> Result<Option<Attempts>, Stop> {
        let failures = self.failures(r, pool, sub, now)?;
        if self.is_locked(failures, now) {
            return Err(errors::password_attempts_exceeded().into());
        }
        Ok(failures)
    }

    /// Counts one wrong guess, unless another one has locked the user meanwhile: then it is refused as what comes during
    /// a lock is, so that the answer doesn't tell right from wrong.
    pub fn count_failure(self, tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, now: Timestamp) -> Result<(), Stop> {
        self.reserve(tx, pool, sub, now).map(drop)
    }

    /// Counts a guess as wrong before somebody else is asked whether it is, who may take their time or never answer.
    ///
    /// Errors: NotAuthorized (locked).
    pub fn reserve(self, tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, now: Timestamp) -> Result<Reserved, Stop> {
        let before = self.unlocked(tx, pool, sub, now)?;
        let counted = Attempts {
            count: before.map_or(0, |a| a.count) + 1,
            since: now,
        };
        attempts::put(tx, pool, sub, self.label(), counted)?;
        Ok(Reserved {
            guess: self,
            before,
            counted,
        })
    }

    pub fn clear_failures(self, tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
        attempts::clear(tx, pool, sub, self.label())
    }
}

/// Whether a wrong guess is yet to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    Not,
    Already,
}

/// A guess that is counted already. Asked in parallel they are no more than those that come one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reserved {
    guess: Guess,
    before: Option<Attempts>,
    counted: Attempts,
}

impl Reserved {
    /// Asked in the transaction that acts on it when it turned out right. Errors: NotAuthorized (other guesses have locked sign-in).
    pub fn unlocked(self, r: &mut impl Read, pool: &PoolId, sub: &Sub, now: Timestamp) -> Result<(), Stop> {
        let others = self.others(self.guess.failures(r, pool, sub, now)?);
        if self.guess.is_locked(others, now) {
            return Err(errors::password_attempts_exceeded().into());
        }
        Ok(())
    }

    /// Of the failures that count now, those of others: the lock that this guess began, as if it were wrong, does not stop it.
    fn others(self, failures: Option<Attempts>) -> Option<Attempts> {
        match failures {
            Some(now) if now == self.counted => self.before,
            Some(now) => Some(Attempts {
                count: now.count - 1,
                ..now
            }),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserved_guess_is_stopped_by_the_locks_of_others_alone() {
        let at = Timestamp::from_millis;
        let failures = |count, since| {
            Some(Attempts {
                count,
                since: at(since),
            })
        };
        let counted = |before: Option<Attempts>, since| Reserved {
            guess: Guess::Password,
            before,
            counted: Attempts {
                count: before.map_or(0, |a| a.count) + 1,
                since: at(since),
            },
        };
        let ninth = counted(failures(8, 1_000), 20_000);
        for (reserved, stored, others) in [
            (counted(None, 0), failures(1, 0), None),
            // The lock of the eighth was over when it came.
            (ninth, failures(9, 20_000), failures(8, 1_000)),
            (ninth, failures(10, 60_000), failures(9, 60_000)),
            (ninth, None, None),
        ] {
            assert_eq!(reserved.others(stored), others, "{reserved:?}");
        }
        assert!(!Guess::Password.is_locked(ninth.others(failures(9, 20_000)), at(20_001)));
        assert!(Guess::Password.is_locked(ninth.others(failures(10, 60_000)), at(60_001)));
    }

    #[test]
    fn the_lock_doubles_from_the_fifth_failure() {
        let seconds =
            |what: Guess, from: i64| -> Vec<u64> { (from..from + 13).map(|n| what.lock_after(n).as_secs()).collect() };
        let doubled = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900];
        assert_eq!(seconds(Guess::Password, 4), doubled);
        assert_eq!(seconds(Guess::Device, 4), doubled);
        assert_eq!(seconds(Guess::Code, 9), doubled);
        assert_eq!(seconds(Guess::App, 9), doubled);
        for what in [Guess::Password, Guess::Code, Guess::App, Guess::Device] {
            assert_eq!(what.lock_after(1), Duration::ZERO);
            assert_eq!(what.lock_after(i64::MAX), LONGEST_LOCK);
        }
    }
}
