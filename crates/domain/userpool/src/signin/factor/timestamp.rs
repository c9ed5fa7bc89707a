//! The TIMESTAMP that SRP's proof signs: `Tue Sep 5 08:09:10 UTC 2017`, to the letter. A day that is padded with a blank, as
//! some libraries print it, is taken too: whether Cognito does is unconfirmed.
//! Reference: user-pools 5.3.

use std::time::Duration;

use jiff::{civil::DateTime, tz::TimeZone};
use kernel::Timestamp;

/// A client's clock may be off by so much.
const SKEW: Duration = Duration::from_secs(300);

/// Whether the text is a time close to `wall`: the client's clock is the true one, also where ours is moved.
pub(super) fn is_current(text: &str, wall: Timestamp) -> bool {
    parse(text).is_some_and(|at| wall.since(at).max(at.since(wall)) <= SKEW)
}

fn parse(text: &str) -> Option<Timestamp> {
    let date = DateTime::strptime("%a %b %d %H:%M:%S UTC %Y", text).ok()?;
    let spelled = |form: &str| date.strftime(form).to_string() == text;
    // The parser is lenient with padding, the printer is not; and the printer works out the weekday.
    if !spelled("%a %b %-d %H:%M:%S UTC %Y") && !spelled("%a %b %e %H:%M:%S UTC %Y") {
        return None;
    }
    let at = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::from_millis(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tue Sep 5 08:09:10 UTC 2017
    const AT: i64 = 1_504_598_950;

    #[test]
    fn clients_spellings_are_read() {
        for text in ["Tue Sep 5 08:09:10 UTC 2017", "Tue Sep  5 08:09:10 UTC 2017"] {
            assert_eq!(parse(text), Some(Timestamp::from_secs(AT)), "{text}");
        }
        assert!(parse("Fri Sep 15 08:09:10 UTC 2017").is_some());
        for text in [
            "",
            "now",
            "Tue Sep 05 08:09:10 UTC 2017",
            "Wed Sep 5 08:09:10 UTC 2017",
            "tue Sep 5 08:09:10 UTC 2017",
            "Tue Sep 5 8:09:10 UTC 2017",
            "Tue  Sep 5 08:09:10 UTC 2017",
            "Tue Sep 5 08:09:10 UTC 2017 ",
            "Tue Sep 5 08:09:10 2017",
            "Tue Sep 5 08:09:10 CET 2017",
            "Tue Sep 31 08:09:10 UTC 2017",
            "Tue Set 5 08:09:10 UTC 2017",
            "Tue Sep 5 25:09:10 UTC 2017",
            "Tue Sep 5 08:09 UTC 2017",
            "Tue Sep 5 08:09:10 UTC 2017 again",
            "2017-09-05T08:09:10Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn five_minutes_either_way_are_current() {
        let text = "Tue Sep 5 08:09:10 UTC 2017";
        for (off, current) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
            assert_eq!(is_current(text, Timestamp::from_secs(AT + off)), current, "{off}");
        }
    }
}
