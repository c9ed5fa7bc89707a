//! Codes that are known before they are asked for: of tests, of reviewers of an app, of demonstrations. Whoever knows one can be
//! whoever has the number: docs/security.md says what that means.

use std::{collections::BTreeMap, fmt};

use crate::Channel;

#[derive(Clone, Default)]
pub struct KnownCodes {
    /// Every code that goes by mail or text message. dev alone.
    pub fixed: Option<String>,
    /// Phone number to code. Nothing is sent to these numbers.
    pub numbers: BTreeMap<String, String>,
}

impl KnownCodes {
    /// The code for an address, if it isn't drawn.
    pub fn of(&self, channel: Channel, to: &str) -> Option<&str> {
        let of_number = match channel {
            Channel::Sms => self.numbers.get(to),
            Channel::Email => None,
        };
        of_number.or(self.fixed.as_ref()).map(String::as_str)
    }

    pub(crate) fn is_silent(&self, channel: Channel, to: &str) -> bool {
        channel == Channel::Sms && self.numbers.contains_key(to)
    }
}

/// Without the codes.
impl fmt::Debug for KnownCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = self.numbers.len();
        write!(f, "KnownCodes(fixed: {}, numbers: {numbers})", self.fixed.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numbers_own_code_goes_before_the_fixed_one() {
        let (ours, other) = ("+12065550100", "+12065550101");
        let numbers = BTreeMap::from([(ours.to_owned(), "222222".to_owned())]);
        let none = KnownCodes::default();
        let test = KnownCodes {
            fixed: None,
            numbers: numbers.clone(),
        };
        let both = KnownCodes {
            fixed: Some("111111".to_owned()),
            numbers,
        };
        for (known, channel, to, code, silent) in [
            (&none, Channel::Sms, ours, None, false),
            (&test, Channel::Sms, ours, Some("222222"), true),
            (&test, Channel::Sms, other, None, false),
            (&test, Channel::Email, ours, None, false),
            (&both, Channel::Sms, ours, Some("222222"), true),
            (&both, Channel::Sms, other, Some("111111"), false),
            (&both, Channel::Email, "ana@example.com", Some("111111"), false),
        ] {
            assert_eq!(known.of(channel, to), code);
            assert_eq!(known.is_silent(channel, to), silent);
        }
        assert_eq!(format!("{both:?}"), "KnownCodes(fixed: true, numbers: 1)");
    }
}
