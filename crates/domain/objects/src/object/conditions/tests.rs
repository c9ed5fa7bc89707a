use kernel::ApiError;

use super::*;

fn etag(value: &str) -> EtagTest {
    EtagTest::parse(value)
}

fn code(got: Result<()>) -> &'static str {
    got.map_or_else(|refusal| ApiError::from(refusal).code().0, |()| "ok")
}

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(secs)
}

#[test]
fn reads_by_etag() {
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
    ];
    check_reads(&table);
}

#[test]
fn reads_by_date() {
    let none = Conditions::default;
    let table = [
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
    check_reads(&table);
}

/// The object: ETag `abc`, modified at 100.9 s.
fn check_reads(table: &[(Conditions, &str)]) {
    for (conditions, expected) in table.iter().cloned() {
        let got = conditions.check_read("abc", Timestamp::from_millis(100_900), Reader::Client);
        assert_eq!(code(got), expected, "{conditions:?}");
        if expected == "NotModified" {
            let copy = conditions.check_read("abc", Timestamp::from_millis(100_900), Reader::Copy);
            assert_eq!(code(copy), "PreconditionFailed");
        }
    }
}

#[test]
fn a_refusal_names_the_header_that_failed() {
    let none = Conditions::default;
    for (conditions, header) in [
        (
            Conditions {
                if_match: Some(etag("x")),
                ..none()
            },
            "If-Match",
        ),
        (
            Conditions {
                if_none_match: Some(etag("abc")),
                ..none()
            },
            "If-None-Match",
        ),
        (
            Conditions {
                if_modified_since: Some(at(100)),
                ..none()
            },
            "If-Modified-Since",
        ),
        (
            Conditions {
                if_unmodified_since: Some(at(99)),
                ..none()
            },
            "If-Unmodified-Since",
        ),
    ] {
        let refusal = |reader| ApiError::from(conditions.check_read("abc", at(100), reader).unwrap_err());
        let expected = [("Condition", format!("x-amz-copy-source-{header}"))];
        assert_eq!(refusal(Reader::Copy).members(), expected);
        if refusal(Reader::Client).code().0 == "PreconditionFailed" {
            assert_eq!(refusal(Reader::Client).members(), [("Condition", header.to_owned())]);
        }
    }
}

#[test]
fn what_writes_may_ask() {
    let multiple = "Multiple conditional request headers present in the request";
    for (if_match, if_none_match, expected) in [
        (None, None, None),
        (Some("\"abc\""), None, None),
        (None, Some("*"), None),
        (
            Some("*"),
            None,
            Some((
                "If-Match",
                "We don't accept the provided value of If-Match header for this API",
            )),
        ),
        (
            None,
            Some("\"abc\""),
            Some((
                "If-None-Match",
                "We don't accept the provided value of If-None-Match header for this API",
            )),
        ),
        (Some("\"abc\""), Some("*"), Some(("If-Match,If-None-Match", multiple))),
        (Some("*"), Some("\"abc\""), Some(("If-Match,If-None-Match", multiple))),
    ] {
        let conditions = Conditions {
            if_match: if_match.map(etag),
            if_none_match: if_none_match.map(etag),
            ..Conditions::default()
        };
        let got = conditions.check_form_of_write();
        let expected =
            expected.map(|(header, more)| vec![("Header", header.to_owned()), ("additionalMessage", more.to_owned())]);
        let members = got.err().map(|refusal| ApiError::from(refusal).members().to_vec());
        assert_eq!(members, expected, "{conditions:?}");
    }
}

/// The object: ETag `abc`, modified at 100.9 s, 5 bytes.
#[test]
fn deletions() {
    let none = DeleteConditions::default;
    let etags = |value: &str| DeleteConditions {
        etag: Some(etag(value)),
        ..none()
    };
    let sized = |size| DeleteConditions {
        size: Some(size),
        ..none()
    };
    let modified = |secs| DeleteConditions {
        modified_at: Some(at(secs)),
        ..none()
    };
    for (conditions, expected, absent) in [
        (none(), "ok", "ok"),
        (etags("*"), "ok", "NoSuchKey"),
        (etags("\"abc\""), "ok", "NoSuchKey"),
        (etags("abc"), "ok", "NoSuchKey"),
        (etags("x"), "PreconditionFailed", "NoSuchKey"),
        (sized(5), "ok", "ok"),
        (sized(6), "PreconditionFailed", "ok"),
        (modified(100), "ok", "ok"),
        (modified(101), "PreconditionFailed", "ok"),
        (
            DeleteConditions {
                size: Some(6),
                ..etags("abc")
            },
            "PreconditionFailed",
            "NoSuchKey",
        ),
    ] {
        let got = conditions.check("abc", Timestamp::from_millis(100_900), 5);
        assert_eq!(
            (code(got), code(conditions.check_absent("k"))),
            (expected, absent),
            "{conditions:?}"
        );
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
        assert_eq!(code(got), expected, "{conditions:?} {current:?}");
    }
}
