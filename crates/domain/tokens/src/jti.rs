//! `jti`: a UUID of version 7, whose milliseconds tell what `iat` is too coarse for: whether a token is older than a
//! sign-out in the same second. Cognito promises no version.

use kernel::{Rng, Timestamp};
use uuid::{Uuid, Version};

/// For a token that is issued at `issued`, true time.
pub fn new_jti(issued: Timestamp, rng: &dyn Rng) -> String {
    kernel::uuid_in_order(issued, rng)
}

/// When the token that carries it was issued. None for other people's.
pub(crate) fn issued_at(jti: &str) -> Option<Timestamp> {
    let id = Uuid::try_parse(jti)
        .ok()
        .filter(|id| id.get_version() == Some(Version::SortRand))?;
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    let seconds = Timestamp::from_secs(i64::try_from(seconds).ok()?);
    Some(seconds.plus(std::time::Duration::from_nanos(u64::from(nanos))))
}

#[cfg(test)]
mod tests {
    use kernel::SystemRng;

    use super::*;

    #[test]
    fn it_tells_the_millisecond() {
        for millis in [0, 1, 999, 1_768_478_400_123] {
            let at = Timestamp::from_millis(millis);
            assert_eq!(issued_at(&new_jti(at, &SystemRng)), Some(at));
        }
        assert_ne!(
            new_jti(Timestamp::from_millis(5), &SystemRng),
            new_jti(Timestamp::from_millis(5), &SystemRng)
        );
        for other in ["", "a", &kernel::uuid(&SystemRng)] {
            assert_eq!(issued_at(other), None, "{other}");
        }
    }
}
