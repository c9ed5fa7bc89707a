//! What is counted against a user: failed passwords, and what Cognito caps by the hour. Reference: user-pools 4.4, 5.10, 19.

use std::time::Duration;

use kernel::{PoolId, Sub, Timestamp};
use store::{
    Read, Stop, StoreError, Tx,
    records::attempts::{self, Attempts},
};

use crate::errors;

/// Calls that a user may make so many times an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capped {
    ConfirmSignUp,
    ResendConfirmationCode,
    /// ForgotPassword and ConfirmForgotPassword together.
    ForgotPassword,
    ChangePassword,
    SendVerificationCode,
    VerifyAttribute,
}

impl Capped {
    fn label(self) -> &'static str {
        match self {
            Self::ConfirmSignUp => "confirm-sign-up",
            Self::ResendConfirmationCode => "resend",
            Self::ForgotPassword => "forgot-password",
            Self::ChangePassword => "change-password",
            Self::SendVerificationCode => "send-verification",
            Self::VerifyAttribute => "verify-attribute",
        }
    }

    fn per_hour(self) -> i64 {
        match self {
            Self::ConfirmSignUp | Self::VerifyAttribute => 15,
            // AWS says 5 to 20 by risk; without risk scores the middle keeps a clumsy user going and a guesser out.
            Self::ForgotPassword => 10,
            Self::ResendConfirmationCode | Self::ChangePassword | Self::SendVerificationCode => 5,
        }
    }
}

const HOUR: Duration = Duration::from_secs(3600);

/// No counter means anything so long after its time: `sweep` forgets it.
pub(crate) const LONGEST_WINDOW: Duration = HOUR;

/// Counts one call. Errors: LimitExceeded if it is one too many.
pub(crate) fn count(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, what: Capped, now: Timestamp) -> Result<(), Stop> {
    let running = attempts::find(tx, pool, sub, what.label())?.filter(|a| now.since(a.since) < HOUR);
    let next = match running {
        Some(a) if a.count >= what.per_hour() => return Err(errors::attempt_limit_exceeded().into()),
        Some(a) => Attempts {
            count: a.count + 1,
            ..a
        },
        None => Attempts { count: 1, since: now },
    };
    Ok(attempts::put(tx, pool, sub, what.label(), next)?)
}

/// Failed password sign-ins. `since` is the time of the last one.
const PASSWORD: &str = "password";
const FREE_FAILURES: i64 = 4;
const LONGEST_LOCK: Duration = Duration::from_secs(15 * 60);

/// How long the n-th failure locks: 2^(n-5) seconds from the fifth on, at most fifteen minutes. Reference: 5.10.
fn lock_after(failures: i64) -> Duration {
    if failures <= FREE_FAILURES {
        return Duration::ZERO;
    }
    let doublings = u32::try_from(failures - (FREE_FAILURES + 1)).unwrap_or(u32::MAX);
    Duration::from_secs(1_u64.checked_shl(doublings).unwrap_or(u64::MAX)).min(LONGEST_LOCK)
}

/// The failures that count now: none after fifteen minutes without one.
pub(crate) fn password_failures(
    r: &mut impl Read,
    pool: &PoolId,
    sub: &Sub,
    now: Timestamp,
) -> Result<Option<Attempts>, StoreError> {
    Ok(attempts::find(r, pool, sub, PASSWORD)?.filter(|a| now.since(a.since) < LONGEST_LOCK))
}

/// Whether sign-in is locked now. Attempts during a lock neither count nor extend it.
pub(crate) fn is_locked(failures: Option<Attempts>, now: Timestamp) -> bool {
    failures.is_some_and(|a| now.since(a.since) < lock_after(a.count))
}

/// The failures that count now, unless they lock sign-in: asked in the transaction that acts on a right password. Guesses
/// run in parallel, and one that is right during a lock must gain nothing. Errors: NotAuthorized.
pub(crate) fn unlocked(r: &mut impl Read, pool: &PoolId, sub: &Sub, now: Timestamp) -> Result<Option<Attempts>, Stop> {
    let failures = password_failures(r, pool, sub, now)?;
    if is_locked(failures, now) {
        return Err(errors::password_attempts_exceeded().into());
    }
    Ok(failures)
}

/// Counts one wrong password, unless another one has locked the user meanwhile: then it is refused as what comes during
/// a lock is, so that the answer doesn't tell right from wrong.
pub(crate) fn count_password_failure(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, now: Timestamp) -> Result<(), Stop> {
    let count = unlocked(tx, pool, sub, now)?.map_or(0, |a| a.count) + 1;
    Ok(attempts::put(tx, pool, sub, PASSWORD, Attempts { count, since: now })?)
}

pub(crate) fn clear_password_failures(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
    attempts::clear(tx, pool, sub, PASSWORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_doubles_from_the_fifth_failure() {
        let seconds: Vec<u64> = (1..=16).map(|n| lock_after(n).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(lock_after(i64::MAX), LONGEST_LOCK);
    }
}
