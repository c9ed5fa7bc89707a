//! `If-Match` and its kin. Pure. RFC 9110 section 13.2.2 gives the order; S3 compares whole seconds.

use kernel::{ApiError, Timestamp};

use crate::{errors, whole_seconds};

/// The list of an `If-Match` or `If-None-Match` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EtagTest {
    /// `*`
    Any,
    /// Without quotes.
    OneOf(Vec<String>),
}

impl EtagTest {
    /// Reads the header's value; quotes and the weak mark are optional.
    pub fn parse(value: &str) -> Self {
        if value.trim() == "*" {
            return Self::Any;
        }
        let clean = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
        Self::OneOf(value.split(',').map(clean).collect())
    }

    fn holds(&self, etag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(tags) => tags.iter().any(|tag| tag == etag),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    pub if_match: Option<EtagTest>,
    pub if_none_match: Option<EtagTest>,
    pub if_modified_since: Option<Timestamp>,
    pub if_unmodified_since: Option<Timestamp>,
}

/// What a refused read is answered with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// 304: the client has it already.
    NotModified,
    /// 412: what a copy answers instead.
    Failed,
}

impl Conditions {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// For reads of an object that exists.
    pub(crate) fn check_read(&self, etag: &str, modified: Timestamp, unchanged: Refused) -> Result<(), ApiError> {
        let modified = whole_seconds(modified);
        match (&self.if_match, self.if_unmodified_since) {
            (Some(test), _) if !test.holds(etag) => return Err(errors::precondition_failed("If-Match")),
            (None, Some(t)) if modified > t.secs() => return Err(errors::precondition_failed("If-Unmodified-Since")),
            _ => {}
        }
        let refusal = match (&self.if_none_match, self.if_modified_since) {
            (Some(test), _) if test.holds(etag) => "If-None-Match",
            (None, Some(t)) if modified <= t.secs() => "If-Modified-Since",
            _ => return Ok(()),
        };
        match unchanged {
            Refused::NotModified => Err(errors::not_modified().with_member("ETag", etag)),
            Refused::Failed => Err(errors::precondition_failed(refusal)),
        }
    }

    /// For writes; `current` is the ETag of what is there.
    pub(crate) fn check_write(&self, key: &str, current: Option<&str>) -> Result<(), ApiError> {
        match (&self.if_match, current) {
            (Some(_), None) => return Err(errors::no_such_key(key)),
            (Some(test), Some(etag)) if !test.holds(etag) => return Err(errors::precondition_failed("If-Match")),
            _ => {}
        }
        match (&self.if_none_match, current) {
            (Some(test), Some(etag)) if test.holds(etag) => Err(errors::precondition_failed("If-None-Match")),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn etag(value: &str) -> EtagTest {
        EtagTest::parse(value)
    }

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    /// The object: ETag `abc`, modified at 100.9 s.
    #[test]
    fn reads() {
        let none = Conditions::default;
        let table = [
            (none(), "ok"),
            (
                Conditions {
                    if_match: Some(etag("\"abc\"")),
                    ..none()
                },
                "ok",
            ),
            (
                Conditions {
                    if_match: Some(etag("x, W/\"abc\"")),
                    ..none()
                },
                "ok",
            ),
            (
                Conditions {
                    if_match: Some(etag("x")),
                    ..none()
                },
                "PreconditionFailed",
            ),
            (
                Conditions {
                    if_none_match: Some(etag("*")),
                    ..none()
                },
                "NotModified",
            ),
            (
                Conditions {
                    if_none_match: Some(etag("x")),
                    if_modified_since: Some(at(200)),
                    ..none()
                },
                "ok",
            ),
            (
                Conditions {
                    if_modified_since: Some(at(100)),
                    ..none()
                },
                "NotModified",
            ),
            (
                Conditions {
                    if_modified_since: Some(at(99)),
                    ..none()
                },
                "ok",
            ),
            (
                Conditions {
                    if_unmodified_since: Some(at(100)),
                    ..none()
                },
                "ok",
            ),
            (
                Conditions {
                    if_unmodified_since: Some(at(99)),
                    ..none()
                },
                "PreconditionFailed",
            ),
            (
                Conditions {
                    if_match: Some(etag("abc")),
                    if_unmodified_since: Some(at(99)),
                    ..none()
                },
                "ok",
            ),
            (
                Conditions {
                    if_match: Some(etag("abc")),
                    if_none_match: Some(etag("abc")),
                    ..none()
                },
                "NotModified",
            ),
        ];
        for (conditions, expected) in table {
            let got = conditions.check_read("abc", Timestamp::from_millis(100_900), Refused::NotModified);
            assert_eq!(got.map_or_else(|e| e.code().0, |()| "ok"), expected, "{conditions:?}");
            if expected == "NotModified" {
                let copy = conditions.check_read("abc", Timestamp::from_millis(100_900), Refused::Failed);
                assert_eq!(copy.unwrap_err().code().0, "PreconditionFailed");
            }
        }
    }

    #[test]
    fn writes() {
        let none = Conditions::default;
        let table = [
            (none(), Some("abc"), "ok"),
            (
                Conditions {
                    if_none_match: Some(etag("*")),
                    ..none()
                },
                None,
                "ok",
            ),
            (
                Conditions {
                    if_none_match: Some(etag("*")),
                    ..none()
                },
                Some("abc"),
                "PreconditionFailed",
            ),
            (
                Conditions {
                    if_match: Some(etag("abc")),
                    ..none()
                },
                Some("abc"),
                "ok",
            ),
            (
                Conditions {
                    if_match: Some(etag("abc")),
                    ..none()
                },
                Some("def"),
                "PreconditionFailed",
            ),
            (
                Conditions {
                    if_match: Some(etag("abc")),
                    ..none()
                },
                None,
                "NoSuchKey",
            ),
        ];
        for (conditions, current, expected) in table {
            let got = conditions.check_write("k", current);
            assert_eq!(
                got.map_or_else(|e| e.code().0, |()| "ok"),
                expected,
                "{conditions:?} {current:?}"
            );
        }
    }
}
