//! What wrong passwords lead to: they are counted, and lock. Reference: user-pools 5.10.

use std::time::Duration;

use kernel::{PoolId, Sub, Timestamp};
use store::{
    Read, Stop, StoreError, Tx,
    records::attempts::{self, Attempts},
};

use crate::errors;

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
pub(crate) fn failures(
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
    let failures = failures(r, pool, sub, now)?;
    if is_locked(failures, now) {
        return Err(errors::password_attempts_exceeded().into());
    }
    Ok(failures)
}

/// Counts one wrong password, unless another one has locked the user meanwhile: then it is refused as what comes during
/// a lock is, so that the answer doesn't tell right from wrong.
pub(crate) fn count_failure(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, now: Timestamp) -> Result<(), Stop> {
    let count = unlocked(tx, pool, sub, now)?.map_or(0, |a| a.count) + 1;
    Ok(attempts::put(tx, pool, sub, PASSWORD, Attempts { count, since: now })?)
}

pub(crate) fn clear_failures(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
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
