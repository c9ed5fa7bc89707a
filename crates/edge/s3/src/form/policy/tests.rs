use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::ApiError;

use super::*;

const EXPIRATION: &str = "2026-01-15T12:00:00Z";

fn fields(pairs: &[(&str, &str)]) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in pairs {
        fields.add((*name).to_owned(), value);
    }
    fields
}

fn parsed(json: &str) -> Result<PostPolicy> {
    PostPolicy::parse(&STANDARD.encode(json))
}

/// At the moment of expiration, which is the last that is fine.
fn checked(conditions: &str, form: &[(&str, &str)]) -> Result<Sizes> {
    let json = format!(r#"{{"expiration": "{EXPIRATION}", "conditions": [{{"bucket": "photos"}}{conditions}]}}"#);
    parsed(&json)?.check(&fields(form), "photos", Timestamp::from_secs(1_768_478_400))
}

fn said(error: &ApiError) -> (&'static str, &str) {
    (error.code().0, error.message())
}

#[test]
fn conditions_that_hold() {
    for (conditions, form) in [
        (r#", {"key": "a/b"}"#, &[("key", "a/b")][..]),
        (r#", ["eq", "$key", "a/b"]"#, &[("key", "a/b")]),
        (r#", ["starts-with", "$key", "a/"]"#, &[("key", "a/b")]),
        (r#", ["starts-with", "$key", ""]"#, &[("key", "")]),
        (r#", {"key": "a\\$b"}"#, &[("key", "a\\$b")]),
        (
            r#", ["eq", "$Content-TYPE", "text/plain"]"#,
            &[("content-type", "text/plain")],
        ),
        (r#", {"X-Amz-Meta-Tag": "x"}"#, &[("x-amz-meta-TAG", "x")]),
        (
            r#", {"x-amz-meta-tag": "Ninja,Stallman"}"#,
            &[("x-amz-meta-tag", "Ninja"), ("x-amz-meta-tag", "Stallman")],
        ),
        (
            r#", ["starts-with", "$Content-Type", "image/"]"#,
            &[("Content-Type", "image/jpg,image/png,image/gif")],
        ),
        (
            r#", ["starts-with", "$key", "a"], ["starts-with", "$key", "ab"]"#,
            &[("key", "abc")],
        ),
        (
            "",
            &[
                ("x-amz-signature", "s"),
                ("Policy", "p"),
                ("x-ignore-this", "1"),
                ("AWSAccessKeyId", "k"),
                ("signature", "s"),
            ],
        ),
        // Some clients name the bucket in the form as well; what counts is the address.
        ("", &[("bucket", "another")]),
    ] {
        let outcome = checked(conditions, form);
        assert_eq!(
            outcome.map_err(|e| e.message().to_owned()),
            Ok(Sizes::ANY),
            "{conditions}"
        );
    }
}

#[test]
fn conditions_that_fail_are_shown_as_the_policy_has_them() {
    for (conditions, form, shown) in [
        (
            r#", {"acl":"private"}"#,
            &[("acl", "Private")][..],
            r#"["eq", "$acl", "private"]"#,
        ),
        (
            r#",["eq","$Key","a \"b\""]"#,
            &[("key", "a")],
            r#"["eq", "$Key", "a \"b\""]"#,
        ),
        (
            r#", ["starts-with", "$key", "a/"]"#,
            &[("key", "A/b")],
            r#"["starts-with", "$key", "a/"]"#,
        ),
        (
            r#", ["starts-with", "$acl", ""]"#,
            &[],
            r#"["starts-with", "$acl", ""]"#,
        ),
        (r#", ["eq", "$acl", ""]"#, &[], r#"["eq", "$acl", ""]"#),
        (r#", ["eq", "key", "a"]"#, &[("key", "a")], r#"["eq", "key", "a"]"#),
        (
            r#", ["starts-with", "$Content-Type", "image/"]"#,
            &[("Content-Type", "image/jpg,text/plain")],
            r#"["starts-with", "$Content-Type", "image/"]"#,
        ),
        (
            r#", ["starts-with", "$Content-Length", ""]"#,
            &[],
            r#"["starts-with", "$Content-Length", ""]"#,
        ),
        (
            r#", {"bucket": "another"}"#,
            &[("bucket", "another")],
            r#"["eq", "$bucket", "another"]"#,
        ),
        (
            r#", ["content-length-range", "test", "10"]"#,
            &[],
            r#"["content-length-range", "test", "10"]"#,
        ),
    ] {
        let refused = checked(conditions, form).unwrap_err();
        let sentence = format!("Invalid according to Policy: Policy Condition failed: {shown}");
        assert_eq!(said(&refused), ("AccessDenied", sentence.as_str()));
    }
}

#[test]
fn every_field_and_the_bucket_are_named_by_a_condition() {
    for (conditions, form, extra) in [
        (
            "",
            &[("x-amz-signature", "s"), ("StorageClass", "STANDARD")][..],
            "StorageClass",
        ),
        (r#", ["eq", "key", "a"]"#, &[], "key"),
        (
            r#", ["content-length-range", 0, 9]"#,
            &[("content-length-range", "5")],
            "content-length-range",
        ),
        ("", &[("x-ignor", "")], "x-ignor"),
    ] {
        let refused = checked(conditions, form).unwrap_err();
        let expected = if conditions.contains(r#""eq""#) {
            r#"Policy Condition failed: ["eq", "key", "a"]"#.to_owned()
        } else {
            format!("Extra input fields: {extra}")
        };
        let sentence = format!("Invalid according to Policy: {expected}");
        assert_eq!(said(&refused), ("AccessDenied", sentence.as_str()));
    }
    let without = parsed(&format!(r#"{{"expiration": "{EXPIRATION}", "conditions": []}}"#)).unwrap();
    let refused = without
        .check(&fields(&[]), "photos", Timestamp::from_secs(0))
        .unwrap_err();
    assert_eq!(
        said(&refused),
        (
            "AccessDenied",
            "Invalid according to Policy: Extra input fields: bucket"
        )
    );
}

#[test]
fn ranges_of_sizes() {
    for (conditions, min, max) in [
        (r#", ["content-length-range", 5, 10]"#, 5, 10),
        (r#", ["content-length-range", "5", "10"]"#, 5, 10),
        (r#", ["content-length-range", 0, 0]"#, 0, 0),
        (
            r#", ["content-length-range", 5, 10], ["content-length-range", 1, 8]"#,
            5,
            8,
        ),
    ] {
        assert_eq!(checked(conditions, &[]).unwrap(), Sizes { min, max }, "{conditions}");
    }
}

#[test]
fn a_policy_ends_with_its_moment() {
    for (expiration, still_good) in [
        ("2026-01-15T12:00:00Z", true),
        ("2026-01-15T12:00:00.000Z", true),
        ("2026-01-15T11:59:59.999Z", false),
        ("2015-12-30T12:00:00.000Z", false),
        ("9999-12-31T23:59:59.999Z", true),
        ("1969-12-31T23:59:59Z", false),
    ] {
        let json = format!(r#"{{"expiration": "{expiration}", "conditions": [{{"bucket": "b"}}]}}"#);
        let outcome = parsed(&json)
            .unwrap()
            .check(&fields(&[]), "b", Timestamp::from_secs(1_768_478_400));
        let sentence = outcome.map_err(|e| (e.code().0, e.message().to_owned()));
        let expected = if still_good {
            Ok(Sizes::ANY)
        } else {
            Err((
                "AccessDenied",
                "Invalid according to Policy: Policy expired.".to_owned(),
            ))
        };
        assert_eq!(sentence, expected, "{expiration}");
    }
}

#[test]
fn what_is_no_policy() {
    let with = |conditions: &str| format!(r#"{{"expiration": "{EXPIRATION}", "conditions": {conditions}}}"#);
    let expires = |expiration: &str| format!(r#"{{"expiration": {expiration}, "conditions": []}}"#);
    for (json, sentence) in [
        ("{".to_owned(), "Invalid JSON."),
        ("[]".to_owned(), "Invalid JSON."),
        (with(r#"[["eq", "$key", "a"],]"#), "Invalid JSON."),
        (with(r#"[{"key": null}]"#), "Invalid JSON."),
        (with(r#"[["content-length-range", 0, 512.0]]"#), "Invalid JSON."),
        (with(r#"[["content-length-range", -1, 5]]"#), "Invalid JSON."),
        (
            r#"{"Version": "2012-10-17", "conditions": []}"#.to_owned(),
            "Unexpected: 'version'",
        ),
        (
            format!(r#"{{"EXPIRATION": "{EXPIRATION}", "conditions": []}}"#),
            "Unexpected: 'expiration'",
        ),
        (
            r#"{"conditions": []}"#.to_owned(),
            "'expiration' is missing or of the wrong type.",
        ),
        (expires("5"), "'expiration' is missing or of the wrong type."),
        (
            format!(r#"{{"expiration": "{EXPIRATION}"}}"#),
            "'conditions' is missing or of the wrong type.",
        ),
        (with("{}"), "'conditions' is missing or of the wrong type."),
        (
            expires(r#""2011-09-13T07:52:58+02:00""#),
            "Invalid 'expiration' value: '2011-09-13T07:52:58+02:00'",
        ),
        (
            expires(r#""2015-10-17 03:15:59 UTC""#),
            "Invalid 'expiration' value: '2015-10-17 03:15:59 UTC'",
        ),
        (
            expires(r#""2099-01-01T00:00Z""#),
            "Invalid 'expiration' value: '2099-01-01T00:00Z'",
        ),
        (
            expires(r#""2015-10-17 03:15:59Z""#),
            "Invalid 'expiration' value: '2015-10-17 03:15:59Z'",
        ),
        (
            with(r#"[{"bucket": "b", "key": "k"}]"#),
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
        (
            with("[{}]"),
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
        (
            with(r#"[{"Content-Length": 6199034}]"#),
            "Invalid Simple-Condition: value must be a string.",
        ),
        (with("[[]]"), "Invalid Condition: missing operation identifier."),
        (
            with(r#"[["ends-with", "$key", "a"]]"#),
            r#"Invalid Condition: ["ends-with", "$key", "a"]"#,
        ),
        (with(r#"[["eq", "$key"]]"#), r#"Invalid Condition: ["eq", "$key"]"#),
        (
            with(r#"[["content-length-range", 0]]"#),
            r#"Invalid Condition: ["content-length-range", 0]"#,
        ),
        (with(r#"["key"]"#), r#"Invalid Condition: "key""#),
    ] {
        let refused = parsed(&json).err().unwrap_or_else(|| panic!("{json}"));
        let sentence = format!("Invalid Policy: {sentence}");
        assert_eq!(said(&refused), ("InvalidPolicyDocument", sentence.as_str()), "{json}");
    }
    let refused = PostPolicy::parse("no base64!").err().unwrap();
    assert_eq!(
        said(&refused),
        ("InvalidPolicyDocument", "Invalid Policy: Invalid JSON.")
    );
}
