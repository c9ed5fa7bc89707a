use base64::{Engine, engine::general_purpose::STANDARD};

use super::*;
use crate::Family;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// The policy of the S3 guide's example, whose lines end with carriage return and line feed.
const POLICY: &str = r#"{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}"#;

fn example() -> Vec<(&'static str, String)> {
    vec![
        ("x-amz-algorithm", ALGORITHM.to_owned()),
        (
            "x-amz-credential",
            "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request".to_owned(),
        ),
        ("x-amz-date", "20151229T000000Z".to_owned()),
        (
            "x-amz-signature",
            "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e".to_owned(),
        ),
        ("policy", STANDARD.encode(POLICY.replace('\n', "\r\n"))),
    ]
}

fn found(fields: &[(&str, String)]) -> Result<Option<SignedForm>, Error> {
    SignedForm::find(|name| {
        let field = fields.iter().find(|(known, _)| *known == name);
        field.map(|(_, value)| value.as_str())
    })
}

fn with(changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut fields = example();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, (*value).to_owned()));
    }
    fields
}

#[test]
fn the_guides_example_is_verified() {
    let form = found(&example()).unwrap().unwrap();
    assert_eq!(form.access_key.as_str(), "AKIAIOSFODNN7EXAMPLE");
    assert_eq!(form.stamp(), Stamp::parse("20151229T000000Z"));
    assert_eq!(form.verify(&Secret::new(SECRET)), Ok(()));
}

/// Computed by `openssl dgst -sha1 -hmac`.
#[test]
fn version_2_signs_the_policy_too() {
    let fields = [
        ("awsaccesskeyid", "AKIAIOSFODNN7EXAMPLE".to_owned()),
        ("policy", "eyJhIjoxfQ==".to_owned()),
        ("signature", "0x1e/mguux7FcW60ms9P29wyA7w=".to_owned()),
    ];
    let form = found(&fields).unwrap().unwrap();
    assert_eq!(form.stamp(), None);
    assert_eq!(form.verify(&Secret::new(SECRET)), Ok(()));
    assert!(matches!(form.verify(&Secret::new("another")), Err(Error::Mismatch(_))));
}

#[test]
fn another_policy_signature_or_secret_is_refused_with_the_string_that_was_to_be_signed() {
    for (fields, secret) in [
        (with(&[("policy", "eyJhIjoxfQ==")]), SECRET),
        (with(&[("x-amz-signature", "")]), SECRET),
        (
            with(&[(
                "x-amz-credential",
                "AKIAIOSFODNN7EXAMPLE/20151229/eu-west-1/s3/aws4_request",
            )]),
            SECRET,
        ),
        (example(), "another"),
    ] {
        let refused = found(&fields)
            .unwrap()
            .unwrap()
            .verify(&Secret::new(secret))
            .unwrap_err();
        let refusal = refused.refusal(Family::S3);
        assert_eq!((refusal.code.0, refusal.status), ("SignatureDoesNotMatch", 403));
        let names: Vec<&str> = refusal.members.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            [
                "AWSAccessKeyId",
                "StringToSign",
                "SignatureProvided",
                "StringToSignBytes"
            ]
        );
        let policy = fields.iter().find(|(name, _)| *name == "policy").unwrap();
        assert_eq!(refusal.members.get(1), Some(&("StringToSign", policy.1.clone())));
    }
}

#[test]
fn a_field_that_is_missing_is_named_and_without_any_nobody_signed() {
    let nobody = with(&[]);
    let nobody: Vec<_> = nobody.into_iter().filter(|(name, _)| *name == "policy").collect();
    assert!(found(&nobody).unwrap().is_none());
    let sentence = |name| {
        format!(
            "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields."
        )
    };
    for (without, named) in [
        (&["x-amz-algorithm"][..], "X-Amz-Algorithm"),
        (&["x-amz-algorithm", "x-amz-credential"], "X-Amz-Algorithm"),
        (&["x-amz-credential"], "X-Amz-Credential"),
        (&["x-amz-date"], "X-Amz-Date"),
        (&["x-amz-signature"], "X-Amz-Signature"),
        (&["policy"], "Policy"),
    ] {
        let fields: Vec<_> = example()
            .into_iter()
            .filter(|(name, _)| !without.contains(name))
            .collect();
        let refusal = found(&fields).err().unwrap().refusal(Family::S3);
        assert_eq!((refusal.code.0, refusal.status), ("InvalidArgument", 400));
        assert_eq!(refusal.message, sentence(named));
        let members = [("ArgumentName", named.to_owned()), ("ArgumentValue", String::new())];
        assert_eq!(refusal.members, members);
    }
    for (fields, named) in [
        ([("awsaccesskeyid", "AKIA".to_owned())], "Signature"),
        ([("signature", "x".to_owned())], "AWSAccessKeyId"),
    ] {
        let refusal = found(&fields).err().unwrap().refusal(Family::S3);
        assert_eq!(refusal.message, sentence(named));
    }
}

#[test]
fn malformed_fields() {
    let expecting = "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";
    for (name, value, code, message) in [
        (
            "x-amz-algorithm",
            "AWS4-ECDSA-P256-SHA256",
            "InvalidRequest",
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        ),
        ("x-amz-credential", "AKIA", "InvalidArgument", expecting),
        (
            "x-amz-credential",
            "AKIA/20151229/us-east-1/s3/aws5",
            "InvalidArgument",
            expecting,
        ),
        (
            "x-amz-date",
            "2015-12-29",
            "InvalidArgument",
            "X-Amz-Date must be formated via ISO8601 Long format",
        ),
        (
            "x-amz-credential",
            "AKIA/20151229/us-east-1/sqs/aws4_request",
            "InvalidArgument",
            expecting,
        ),
        (
            "x-amz-credential",
            "AKIA/20151228/us-east-1/s3/aws4_request",
            "InvalidArgument",
            expecting,
        ),
    ] {
        let outcome = match found(&with(&[(name, value)])) {
            Ok(form) => form.unwrap().verify(&Secret::new(SECRET)).unwrap_err(),
            Err(error) => error,
        };
        let refusal = outcome.refusal(Family::S3);
        assert_eq!((refusal.code.0, refusal.message.as_str()), (code, message));
    }
}
