//! What must not get through, and by which error.

use std::time::Duration;

use http::HeaderValue;

use super::{Request, SECRET, TOKEN, at, noon, signer};
use crate::{Authorization, BodyCheck, Canon, ContentHash, Error, Fault, Form, Payload, Rules, Secret};

const BODY: &[u8] = b"Action=GetCallerIdentity&Version=2011-06-15";

pub(super) fn sts() -> Request {
    let mut request = Request::new("POST", "/", &[("host", "localhost:4566"), ("x-custom", "one")], BODY);
    request.sign(&signer("sts", Some(TOKEN)), noon());
    request
}

pub(super) fn put() -> Request {
    let mut request = Request::new(
        "PUT",
        "/bucket/key?x-id=PutObject",
        &[("host", "localhost:4566")],
        b"hello",
    );
    request.sign(&signer("s3", Some(TOKEN)), noon());
    request
}

pub(super) fn presigned(seconds: u64) -> Request {
    let mut request = Request::new("GET", "/bucket/key", &[("host", "localhost:4566")], b"");
    let span = Duration::from_secs(seconds);
    request.query = signer("s3", Some(TOKEN))
        .presign(&request.parts(), ContentHash::Unsigned, noon(), span)
        .unwrap();
    request
}

pub(super) fn sts_rules() -> Rules<'static> {
    Rules::service("sts", noon())
}

pub(super) fn s3_rules() -> Rules<'static> {
    Rules::s3(noon())
}

/// Rewrites the authorization header.
fn edit(request: &mut Request, from: &str, to: &str) {
    let old = request.headers["authorization"].to_str().unwrap();
    assert!(old.contains(from), "{old} has no {from}");
    let new = old.replace(from, to);
    request.set("authorization", &new);
}

#[test]
fn an_unsigned_request_has_no_authorization() {
    let plain = Request::new("GET", "/bucket?prefix=a", &[("host", "localhost")], b"");
    assert!(Authorization::find(&plain.parts()).unwrap().is_none());
    let mut bearer = plain;
    bearer.set("authorization", "Bearer eyJhbGciOi");
    assert!(Authorization::find(&bearer.parts()).unwrap().is_none());
}

type Change = fn(&mut Request);

#[test]
fn what_was_changed_after_signing_does_not_match() {
    let changes: [(&str, Change); 9] = [
        ("method", |r| r.method = "GET".to_owned()),
        ("path", |r| r.path = "/other".to_owned()),
        ("query", |r| r.query = "Action=AssumeRole".to_owned()),
        ("body", |r| r.body = b"Action=AssumeRole&Version=2011-06-15".to_vec()),
        ("host", |r| r.set("host", "example.com")),
        ("header", |r| r.set("x-custom", "two")),
        ("a second header", |r| {
            r.headers.append("x-custom", HeaderValue::from_static("two"));
        }),
        ("a dropped header", |r| {
            r.headers.remove("x-custom");
        }),
        ("token", |r| r.set("x-amz-security-token", "another")),
    ];
    for (what, change) in changes {
        let mut request = sts();
        change(&mut request);
        let result = request.verify(SECRET, &sts_rules());
        assert!(matches!(result, Err(Error::Mismatch(_))), "{what}: {result:?}");
    }
    assert!(sts().verify(SECRET, &sts_rules()).is_ok());
    assert!(matches!(sts().verify("wrong", &sts_rules()), Err(Error::Mismatch(_))));
}

#[test]
fn signatures_of_other_shapes_do_not_match() {
    let right = sts().find().unwrap().signature().to_owned();
    for wrong in [
        "",
        "0",
        &right[..63],
        &format!("{right}0"),
        &right.to_uppercase(),
        &"é".repeat(32),
    ] {
        let mut request = sts();
        let old = request.headers["authorization"]
            .to_str()
            .unwrap()
            .replace(&right, wrong);
        request
            .headers
            .insert("authorization", HeaderValue::from_bytes(old.as_bytes()).unwrap());
        let result = request.verify(SECRET, &sts_rules());
        assert!(matches!(result, Err(Error::Mismatch(_))), "{wrong}: {result:?}");
    }
}

#[test]
fn a_swapped_body_is_found_although_the_header_matches() {
    let mut request = put();
    request.body = b"other".to_vec();
    let result = request.verify(SECRET, &s3_rules());
    assert!(matches!(result, Err(Error::PayloadMismatch { .. })), "{result:?}");

    let found = put().find().unwrap();
    let later = found
        .verify(&put().parts(), &Secret::new(SECRET), Payload::Unread, &s3_rules())
        .unwrap();
    assert_eq!(later.body, BodyCheck::Sha256(crate::sha256(b"hello")));
}

#[test]
fn only_s3_lets_the_body_out() {
    let mut request = sts();
    request.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    let signer = crate::Signer {
        canon: Canon::S3,
        ..signer("sts", None)
    };
    let target = crate::Target {
        method: "POST",
        path: "/",
        query: "",
    };
    signer
        .sign(target, &mut request.headers, ContentHash::Unsigned, noon())
        .unwrap();
    assert!(matches!(request.verify(SECRET, &sts_rules()), Err(Error::Mismatch(_))));
    let found = request.find().unwrap();
    let unread = found.verify(&request.parts(), &Secret::new(SECRET), Payload::Unread, &sts_rules());
    assert!(matches!(unread, Err(Error::Mismatch(_))));
}

#[test]
fn headers_that_must_be_signed() {
    let mut host = sts();
    edit(&mut host, "SignedHeaders=host;", "SignedHeaders=");
    assert_eq!(
        host.verify(SECRET, &sts_rules()).unwrap_err(),
        Error::NotSigned(vec!["host".to_owned()])
    );

    let mut target = sts();
    target.set("x-amz-target", "AWSCognitoIdentityProviderService.AdminDeleteUser");
    assert_eq!(
        target.verify(SECRET, &sts_rules()).unwrap_err(),
        Error::NotSigned(vec!["x-amz-target".to_owned()])
    );

    let mut user_agent = sts();
    user_agent.set("x-amz-user-agent", "aws-amplify");
    assert!(user_agent.verify(SECRET, &sts_rules()).is_ok());

    for mut request in [put(), presigned(60)] {
        request.set("x-amz-acl", "public-read");
        assert_eq!(
            request.verify(SECRET, &s3_rules()).unwrap_err(),
            Error::NotSigned(vec!["x-amz-acl".to_owned()])
        );
    }
}

#[test]
fn the_scope_must_be_the_expected_one() {
    let mut date = sts();
    date.set("x-amz-date", "20260116T120000Z");
    let error = date
        .verify(SECRET, &Rules::service("sts", at("20260116T120000Z")))
        .unwrap_err();
    assert!(
        matches!(error, Error::CredentialDate { form: Form::Header, .. }),
        "{error:?}"
    );

    let error = sts().verify(SECRET, &Rules::service("iam", noon())).unwrap_err();
    let (expected, given) = ("iam".to_owned(), "sts".to_owned());
    assert_eq!(
        error,
        Error::Service {
            form: Form::Header,
            expected,
            given
        }
    );

    let elsewhere = Rules {
        region: Some("eu-west-1"),
        ..sts_rules()
    };
    let (expected, given) = ("eu-west-1".to_owned(), "us-east-1".to_owned());
    assert_eq!(
        sts().verify(SECRET, &elsewhere).unwrap_err(),
        Error::Region {
            form: Form::Header,
            expected,
            given
        }
    );
    assert!(
        sts()
            .verify(
                SECRET,
                &Rules {
                    region: Some("us-east-1"),
                    ..sts_rules()
                }
            )
            .is_ok()
    );
}

#[test]
fn clocks_may_differ_by_so_much() {
    for (service, minutes) in [
        ("s3", 15),
        ("sts", 15),
        ("iam", 15),
        ("cognito-idp", 5),
        ("execute-api", 5),
    ] {
        let mut request = Request::new("GET", "/", &[("host", "localhost:4566")], b"");
        request.sign(&signer(service, None), noon());
        let window = Duration::from_secs(minutes * 60);
        let second = Duration::from_secs(1);
        let rules = |wall| {
            if service == "s3" {
                Rules::s3(wall)
            } else {
                Rules::service(service, wall)
            }
        };
        for wall in [noon().minus(window), noon().plus(window)] {
            assert!(request.verify(SECRET, &rules(wall)).is_ok(), "{wall:?}");
        }
        for wall in [noon().minus(window + second), noon().plus(window + second)] {
            let result = request.verify(SECRET, &rules(wall));
            assert!(matches!(result, Err(Error::Skewed { .. })), "{wall:?}: {result:?}");
        }
    }
}

#[test]
fn the_date_header_stands_in_for_a_missing_x_amz_date() {
    let mut request = Request::new(
        "GET",
        "/",
        &[("host", "localhost"), ("x-amz-date", "20260115T120000Z")],
        b"",
    );
    request.sign(&signer("sts", None), noon());
    // Sign again over `date` in place of `x-amz-date`: the text to sign holds the same time in the basic form.
    request.headers.remove("x-amz-date");
    request.set("date", "Thu, 15 Jan 2026 12:00:00 GMT");
    edit(&mut request, "host;x-amz-date", "date;host");
    let found = request.find().unwrap();
    let usual = crate::canonical::Reading::usual(Canon::Standard);
    let hash = ContentHash::of(b"").text();
    let canonical = found
        .canonical_request(&request.parts(), Canon::Standard, &hash, usual)
        .unwrap();
    let text = crate::string_to_sign(found.stamp, &found.scope, &canonical);
    let signature = crate::SigningKey::derive(&Secret::new(SECRET), &found.scope).sign(&text);
    edit(&mut request, found.signature(), &signature);
    assert!(request.verify(SECRET, &sts_rules()).is_ok());
}

#[test]
fn presigned_urls_live_from_their_date_for_their_span() {
    let request = presigned(60);
    let verify = |wall| request.verify(SECRET, &Rules::s3(wall));
    for wall in ["20260115T114500Z", "20260115T120000Z", "20260115T120100Z"] {
        assert_eq!(verify(at(wall)).unwrap().body, BodyCheck::Unsigned, "{wall}");
    }
    assert!(matches!(
        verify(at("20260115T120101Z")),
        Err(Error::PresignExpired { .. })
    ));
    assert!(matches!(
        verify(at("20260115T114459Z")),
        Err(Error::PresignEarly { .. })
    ));

    assert!(
        presigned(604_800)
            .verify(SECRET, &Rules::s3(at("20260122T120000Z")))
            .is_ok()
    );
    assert_eq!(
        presigned(604_801).verify(SECRET, &s3_rules()).unwrap_err(),
        Error::ExpiresTooLong
    );
    for text in ["0", "-1", "", "1.5", " 60", "soon"] {
        let mut request = presigned(60);
        request.query = request
            .query
            .replace("X-Amz-Expires=60", &format!("X-Amz-Expires={}", text.replace(' ', "+")));
        let error = request.find().unwrap_err();
        assert_eq!(
            error,
            Error::Malformed {
                form: Form::Presigned,
                fault: Fault::Expires(text.to_owned())
            }
        );
    }
}

#[test]
fn s3_wants_a_content_hash_that_it_knows() {
    let mut absent = put();
    absent.headers.remove("x-amz-content-sha256");
    assert_eq!(absent.verify(SECRET, &s3_rules()).unwrap_err(), Error::NoContentHash);
    for text in ["", "unsigned", "STREAMING", "abc", &"g".repeat(64)] {
        let mut strange = put();
        strange.set("x-amz-content-sha256", text);
        assert_eq!(
            strange.verify(SECRET, &s3_rules()).unwrap_err(),
            Error::ContentHash(text.to_owned())
        );
    }
}

#[test]
fn nothing_secret_is_printed() {
    let request = sts();
    let found = request.find().unwrap();
    let mismatch = request.verify("wrong", &sts_rules()).unwrap_err();
    let printed = format!(
        "{found:?} {mismatch:?} {mismatch} {:?} {:?}",
        signer("sts", Some(TOKEN)),
        found.token
    );
    assert!(
        !printed.contains(TOKEN) && !printed.contains(SECRET) && !printed.contains(found.signature()),
        "{printed}"
    );
}
