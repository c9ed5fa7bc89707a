//! Every operator on one key `t:k`: request value, policy values, verdict. Reference: identity-pools-iam 4.3.

use std::net::{IpAddr, Ipv4Addr};

use super::scene::A;
use crate::condition::Condition;
use crate::{Account, Context, Principal, Value};

fn holds(operator: &str, wanted: &[&str], context: &Context<'_>) -> bool {
    let wanted: Vec<String> = wanted.iter().map(|value| (*value).to_owned()).collect();
    Condition::new(operator, "T:k", &wanted, true)
        .expect(operator)
        .holds(context)
}

fn one(value: &str) -> Context<'_> {
    let mut context = Context::new();
    context.set("t:K", value);
    context
}

fn many<'a>(values: &[&'a str]) -> Context<'a> {
    let mut context = Context::new();
    context.set_all("t:k", values.iter().copied());
    context
}

#[test]
fn comparisons() {
    let cases = [
        ("StringEquals", "a", "a", true),
        ("StringEquals", "A", "a", false),
        ("StringEquals", "ab", "a*", false),
        ("StringEqualsIgnoreCase", "É", "é", true),
        ("StringNotEqualsIgnoreCase", "ANA", "ana", false),
        ("StringLike", "abc", "a*c", true),
        ("StringLike", "abc", "a?", false),
        ("StringNotLike", "abc", "x*", true),
        ("NumericEquals", "10", "10.0", true),
        ("NumericEquals", "0.30", "0.3", true),
        ("NumericEquals", "9007199254740993", "9007199254740992", false),
        ("NumericNotEquals", "1", "2", true),
        ("NumericLessThan", "-2", "-1", true),
        ("NumericLessThan", "9", "10", true),
        ("NumericLessThanEquals", "10", "10", true),
        ("NumericGreaterThan", "10", "10", false),
        ("NumericGreaterThanEquals", "10", "10", true),
        ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", true),
        ("DateEquals", "2026-01-01T02:00:00+02:00", "2026-01-01", true),
        ("DateNotEquals", "2026-01-01T00:00:01Z", "2026-01-01", true),
        ("DateLessThan", "2025-12-31T23:59:59Z", "2026", true),
        ("DateLessThanEquals", "2026-01-01", "2026-01", true),
        ("DateGreaterThan", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00", true),
        ("DateGreaterThanEquals", "1767225599", "2026-01-01", false),
        ("Bool", "TRUE", "true", true),
        ("Bool", "false", "true", false),
        ("BinaryEquals", "AQID", "AQID", true),
        ("BinaryEquals", "AQID", "AQIE", false),
        ("IpAddress", "10.2.3.4", "10.9.9.9/8", true),
        ("IpAddress", "::ffff:10.2.3.4", "10.0.0.0/8", true),
        ("IpAddress", "11.0.0.1", "10.0.0.0/8", false),
        ("IpAddress", "203.0.113.7", "203.0.113.7", true),
        ("IpAddress", "203.0.113.8", "0.0.0.0/0", true),
        ("IpAddress", "2001:db8:1::9", "2001:db8::/32", true),
        ("IpAddress", "10.0.0.1", "::/0", false),
        ("NotIpAddress", "11.0.0.1", "10.0.0.0/8", true),
        ("ArnEquals", "arn:aws:iam::1:role/a/b", "arn:aws:iam::*:role/*", true),
        ("ArnLike", "arn:aws:sns:us-east-1:1:t", "arn:aws:sns:us-*:1:?", true),
        ("ArnLike", "arn:aws:sqs:us-east-1:1:t", "arn:aws:s?s:*", true),
        ("ArnLike", "arn:aws:s3:::b", "arn:aws:s3:::B", false),
        ("ArnNotLike", "arn:aws:s3:::b", "arn:aws:s3:::c*", true),
        ("ArnNotEquals", "arn:aws:s3:::b", "arn:aws:s3:::b", false),
        ("Null", "", "false", true),
        ("Null", "x", "true", false),
    ];
    for (operator, value, wanted, expected) in cases {
        assert_eq!(
            holds(operator, &[wanted], &one(value)),
            expected,
            "{operator} {value} {wanted}"
        );
    }
}

#[test]
fn a_value_of_the_wrong_type_satisfies_neither_operator_nor_negation() {
    let cases = [
        ("NumericEquals", "NumericNotEquals", "ten", "10"),
        ("NumericLessThan", "NumericNotEquals", "1e3", "10"),
        ("DateEquals", "DateNotEquals", "today", "2026-01-01"),
        ("IpAddress", "NotIpAddress", "here", "10.0.0.0/8"),
        ("ArnLike", "ArnNotLike", "bucket", "arn:aws:s3:::b"),
        ("Bool", "Bool", "1", "true"),
    ];
    for (operator, negated, value, wanted) in cases {
        assert!(!holds(operator, &[wanted], &one(value)), "{operator}");
        assert!(!holds(negated, &[wanted], &one(value)), "{negated}");
    }
}

#[test]
fn absent_keys() {
    let absent = Context::new();
    let cases = [
        ("StringEquals", false),
        ("StringLike", false),
        ("StringNotEquals", true),
        ("StringNotLike", true),
        ("StringNotEqualsIgnoreCase", true),
        ("StringEqualsIfExists", true),
        ("StringNotEqualsIfExists", true),
        ("ForAllValues:StringEquals", true),
        ("ForAnyValue:StringEquals", false),
        ("ForAnyValue:StringNotEquals", false),
        ("ForAnyValue:StringEqualsIfExists", true),
    ];
    for (operator, expected) in cases {
        assert_eq!(holds(operator, &["a"], &absent), expected, "{operator}");
        assert_eq!(holds(operator, &["a"], &many(&[])), expected, "{operator}, empty set");
    }
    for (operator, wanted, expected) in [
        ("NumericEquals", "1", false),
        ("NumericNotEquals", "1", true),
        ("DateLessThan", "2026", false),
        ("DateNotEquals", "2026", true),
        ("IpAddress", "0.0.0.0/0", false),
        ("NotIpAddress", "10.0.0.0/8", true),
        ("ArnLike", "*", false),
        ("ArnNotLike", "*", true),
        ("Bool", "true", false),
        ("BoolIfExists", "true", true),
        ("BinaryEquals", "AA==", false),
        ("Null", "true", true),
        ("Null", "false", false),
    ] {
        assert_eq!(holds(operator, &[wanted], &absent), expected, "{operator}");
    }
}

#[test]
fn quantifiers() {
    let cases: [(&str, &[&str], bool); 10] = [
        ("ForAllValues:StringEquals", &["a", "b"], true),
        ("ForAllValues:StringEquals", &["a", "c"], false),
        ("ForAnyValue:StringEquals", &["c", "b"], true),
        ("ForAnyValue:StringEquals", &["c"], false),
        ("ForAllValues:StringNotEquals", &["c", "d"], true),
        ("ForAllValues:StringNotEquals", &["c", "a"], false),
        ("ForAnyValue:StringNotEquals", &["a", "c"], true),
        ("ForAnyValue:StringNotEquals", &["a", "b"], false),
        ("StringEquals", &["c", "a"], true),
        ("StringNotEquals", &["c", "a"], false),
    ];
    for (operator, values, expected) in cases {
        assert_eq!(
            holds(operator, &["a", "b"], &many(values)),
            expected,
            "{operator} {values:?}"
        );
    }
    assert!(holds("ForAnyValue:NumericEquals", &["2"], &many(&["1", "2"])));
    assert!(!holds("ForAllValues:NumericEquals", &["1"], &many(&["1", "one"])));
}

#[test]
fn typed_values_speak_every_family() {
    let mut context = Context::new();
    let noon = jiff::Timestamp::from_second(1_767_268_800).unwrap();
    context.set("t:k", noon);
    assert!(holds("DateEquals", &["2026-01-01T12:00:00Z"], &context));
    assert!(holds("StringEquals", &["2026-01-01T12:00:00Z"], &context));
    assert!(holds("NumericEquals", &["1767268800"], &context));
    context.set("t:k", 1_767_268_800_i64);
    assert!(holds("DateEquals", &["2026-01-01T12:00:00Z"], &context));
    assert!(holds("StringEquals", &["1767268800"], &context));
    context.set("t:k", IpAddr::V4(Ipv4Addr::new(10, 1, 2, 3)));
    assert!(holds("IpAddress", &["10.1.0.0/16"], &context));
    assert!(holds("StringLike", &["10.1.*"], &context));
    context.set("t:k", true);
    assert!(holds("Bool", &["True"], &context));
    assert!(holds("StringEquals", &["true"], &context));
    context.set("t:k", Value::Text("x".into()));
    assert!(holds("StringEquals", &["x"], &context));
}

#[test]
fn the_principals_own_keys() {
    let session = super::scene::SESSION;
    let cases: [(Principal<'_>, [Option<&str>; 5]); 4] = [
        (
            session,
            [
                Some("arn:aws:iam::123456789012:role/app/x"),
                Some("AROA11111111111111XX:CognitoIdentityCredentials"),
                None,
                Some("AssumedRole"),
                Some(A),
            ],
        ),
        (
            super::scene::ANN,
            [
                Some("arn:aws:iam::123456789012:user/Ann"),
                Some("AIDA1111111111111ANN"),
                Some("Ann"),
                Some("User"),
                Some(A),
            ],
        ),
        (
            Principal::Root {
                account: Account::new(A),
            },
            [
                Some("arn:aws:iam::123456789012:root"),
                Some(A),
                None,
                Some("Account"),
                Some(A),
            ],
        ),
        (
            Principal::Anonymous,
            [None, Some("anonymous"), None, Some("Anonymous"), Some("anonymous")],
        ),
    ];
    for (principal, expected) in cases {
        let context = Context::of(&principal);
        let keys = [
            "aws:principalarn",
            "aws:userid",
            "aws:username",
            "aws:principaltype",
            "aws:principalaccount",
        ];
        let found = keys.map(|key| {
            context
                .get(key)
                .map(|values| values.as_slice()[0].as_text().into_owned())
        });
        assert_eq!(found.each_ref().map(Option::as_deref), expected, "{principal:?}");
    }
}
