//! How names of principals are kept and read back. Reference: identity-pools-iam 2.3, 4.2.

use std::convert::Infallible;

use crate::PolicyKind::{Bucket, Trust};
use crate::{Policy, rename_principals, root_arn};

fn renamed(document: &str) -> String {
    let rename = |name: &str| {
        let new = match name {
            "arn:aws:iam::123456789012:role/Ops" => Some("AROAAAAAAAAAAAAAAAOPS".to_owned()),
            name => root_arn(name),
        };
        Ok::<_, Infallible>(new)
    };
    rename_principals(document, rename).unwrap()
}

#[test]
fn only_the_names_change() {
    let cases = [
        (
            r#"{ "Statement" :{"Principal": {"AWS" : "123456789012"},"Effect":"Allow" } }"#,
            r#"{ "Statement" :{"Principal": {"AWS" : "arn:aws:iam::123456789012:root"},"Effect":"Allow" } }"#,
        ),
        (
            r#"{"Statement":[{"NotPrincipal":{"Service":"123456789012","AWS":[ 111122223333 ,"*"]}}]}"#,
            r#"{"Statement":[{"NotPrincipal":{"Service":"123456789012","AWS":[ "arn:aws:iam::111122223333:root" ,"*"]}}]}"#,
        ),
        (
            "{\"Statement\":[{\"Principal\":\"*\"},\n {\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:role/\\u004fps\"}, \
             \"Condition\":{\"StringEquals\":{\"AWS\":\"123456789012\"}}}], \"Id\" : \"é\"}",
            "{\"Statement\":[{\"Principal\":\"*\"},\n {\"Principal\":{\"AWS\":\"AROAAAAAAAAAAAAAAAOPS\"}, \
             \"Condition\":{\"StringEquals\":{\"AWS\":\"123456789012\"}}}], \"Id\" : \"é\"}",
        ),
        ("123456789012", "123456789012"),
        (
            r#"{"Statement":[{"Principal":7}]}"#,
            r#"{"Statement":[{"Principal":7}]}"#,
        ),
    ];
    for (given, kept) in cases {
        assert_eq!(renamed(given), kept);
    }
}

#[test]
fn an_error_of_the_look_up_is_handed_on() {
    let document = r#"{"Statement":{"Principal":{"AWS":"arn:aws:iam::123456789012:user/Nobody"}}}"#;
    assert_eq!(
        rename_principals(document, |name| Err::<Option<String>, _>(name.to_owned())),
        Err("arn:aws:iam::123456789012:user/Nobody".to_owned())
    );
}

#[test]
fn what_may_be_named() {
    let cloudfront = "\"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABCDEFGHIJKL\"";
    let canonical = format!("\"{}\"", "0a".repeat(48));
    let cases = [
        ("AWS", "111122223333", true, true),
        ("AWS", "[\"111122223333\", 111122223333]", true, true),
        ("AWS", "11112222333", false, false),
        ("AWS", "true", false, false),
        ("Service", "111122223333", false, false),
        ("AWS", cloudfront, true, false),
        (
            "AWS",
            "\"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity *\"",
            false,
            false,
        ),
        ("CanonicalUser", &canonical, true, false),
        ("CanonicalUser", "\"0a\"", false, false),
    ];
    for (form, name, in_bucket_policy, in_trust_policy) in cases {
        let document =
            |rest: &str| format!(r#"{{"Statement":{{"Effect":"Allow","Principal":{{"{form}":{name}}},{rest}}}}}"#);
        let bucket = document(r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#);
        let trust = document(r#""Action":"sts:AssumeRole""#);
        assert_eq!(
            Policy::parse(&bucket, Bucket).is_ok(),
            in_bucket_policy,
            "{form} {name}"
        );
        assert_eq!(Policy::parse(&trust, Trust).is_ok(), in_trust_policy, "{form} {name}");
    }
}
