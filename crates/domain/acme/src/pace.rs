//! When the next order is due. Pure.

use std::time::Duration;

use kernel::Timestamp;
use store::records::acme_certificates::Past;

/// After the first order that came to nothing; then at doubling distances.
const FIRST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// However often it has.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// However long the authority asks for.
const LONGEST_ASKED: Duration = Duration::from_secs(7 * 24 * 3600);

/// A certificate is renewed when a third of its life is left, be that past already: but not at once.
pub(crate) fn renewal((from, until): (Timestamp, Timestamp), now: Timestamp) -> Timestamp {
    from.plus(until.since(from) * 2 / 3).max(now.plus(FIRST_PAUSE))
}

/// `failures`: in a row, this one too. `asked`: what the authority asked for with its refusal.
pub(crate) fn after_failure(failures: i64, asked: Option<Duration>) -> Duration {
    let doublings = u32::try_from(failures.saturating_sub(1).clamp(0, 16)).unwrap_or(0);
    let own = (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE);
    own.max(asked.unwrap_or_default().min(LONGEST_ASKED))
}

/// The hour that a moment is in: orders are counted by it.
pub(crate) fn hour(now: Timestamp) -> Timestamp {
    Timestamp::from_secs(now.secs().div_euclid(3600) * 3600)
}

/// Of an hour's orders, how many may have begun when another one of such names does. Whoever makes domains that lead nowhere is to keep
/// neither others' new ones waiting nor, with whatever, those that a certificate runs out for.
pub(crate) fn share(past: Past, an_hour: u32) -> u32 {
    match past {
        Past::Certificate => an_hour,
        Past::Nothing => an_hour - an_hour / 4,
        Past::Failures => an_hour.div_ceil(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_of_a_life_is_left_for_renewal() {
        let at = Timestamp::from_secs;
        assert_eq!(renewal((at(0), at(9000)), at(0)), at(6000));
        assert_eq!(
            renewal((at(0), at(9000)), at(5999)),
            at(6299),
            "an authority whose clock is behind"
        );
        assert_eq!(renewal((at(90), at(0)), at(0)), at(300), "none");
    }

    #[test]
    fn failures_double_the_pause_to_an_end() {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        for (failures, asked, pause) in [
            (1, None, minutes(5)),
            (2, None, minutes(10)),
            (6, None, minutes(160)),
            (7, None, minutes(320)),
            (8, None, minutes(360)),
            (i64::MAX, None, minutes(360)),
            (0, None, minutes(5)),
            (1, Some(minutes(1)), minutes(5)),
            (1, Some(minutes(600)), minutes(600)),
            (1, Some(Duration::MAX), LONGEST_ASKED),
        ] {
            assert_eq!(after_failure(failures, asked), pause, "{failures} {asked:?}");
        }
    }

    #[test]
    fn names_that_failed_leave_half_of_an_hour_to_others() {
        let shares = |an_hour| [Past::Certificate, Past::Nothing, Past::Failures].map(|past| share(past, an_hour));
        for (an_hour, expected) in [
            (50, [50, 38, 25]),
            (4, [4, 3, 2]),
            (3, [3, 3, 2]),
            (1, [1, 1, 1]),
            (u32::MAX, [u32::MAX, 3_221_225_472, 2_147_483_648]),
        ] {
            assert_eq!(shares(an_hour), expected, "{an_hour}");
        }
    }

    #[test]
    fn an_hour_begins_on_the_hour() {
        let at = Timestamp::from_secs;
        assert_eq!(
            [hour(at(3599)), hour(at(3600)), hour(at(-1))],
            [at(0), at(3600), at(-3600)]
        );
    }
}
