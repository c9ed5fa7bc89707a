//! The table of reference 10.5.

use std::time::Duration;

use kernel::{AccessKeyId, ApiError, Timestamp};

use super::Family;
use crate::{
    Error, Fault, Form, Rules, SessionToken, Stamp,
    tests::{KEY, Request, SECRET, noon, signer},
};

const NO_MATCH: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
    Secret Access Key and signing method. Consult the service documentation for details.";

fn mismatch() -> Error {
    let mut request = Request::new("GET", "/bucket", &[("host", "localhost:9000")], b"");
    request.sign(&signer("s3", None), noon());
    request.verify("wrong", &Rules::s3(noon())).unwrap_err()
}

fn skewed(wall: Timestamp, minutes: u64) -> Error {
    Error::Skewed {
        at: Stamp::new(noon()),
        wall,
        allowed: Duration::from_secs(minutes * 60),
    }
}

fn key() -> AccessKeyId {
    AccessKeyId::new(KEY)
}

fn token() -> SessionToken {
    SessionToken::new("tok")
}

/// Error, code in JSON, status and code in Query, sentence.
type Plain = (Error, &'static str, (u16, &'static str), &'static str);

fn check_plain(rows: impl IntoIterator<Item = Plain>) {
    for (error, json, query, text) in rows {
        let answer = error.refusal(Family::Json);
        assert_eq!(
            (answer.status, answer.code.0, answer.message.as_str()),
            (400, json, text)
        );
        let answer = error.refusal(Family::Query);
        assert_eq!(
            (answer.status, answer.code.0, answer.message.as_str()),
            (query.0, query.1, text)
        );
        assert!(answer.members.is_empty());
    }
}

#[test]
fn json_and_query_services_on_keys_and_tokens() {
    let invalid = "The security token included in the request is invalid.";
    let expired = "The security token included in the request is expired";
    let missing = "Missing Authentication Token";
    check_plain([
        (
            Error::UnknownKey(key()),
            "UnrecognizedClientException",
            (403, "InvalidClientTokenId"),
            invalid,
        ),
        (
            Error::InvalidToken(key(), None),
            "UnrecognizedClientException",
            (403, "InvalidClientTokenId"),
            invalid,
        ),
        (
            Error::ExpiredToken(token()),
            "ExpiredTokenException",
            (403, "ExpiredToken"),
            expired,
        ),
        (
            mismatch(),
            "InvalidSignatureException",
            (403, "SignatureDoesNotMatch"),
            NO_MATCH,
        ),
    ]);
    let answer = Error::MissingAuthentication.refusal(Family::Json);
    assert_eq!(
        (answer.status, answer.code.0, answer.message.as_str()),
        (400, "MissingAuthenticationTokenException", missing)
    );
    let answer = Error::MissingAuthentication.refusal(Family::Query);
    assert_eq!((answer.status, answer.code.0), (403, "MissingAuthenticationToken"));
    assert_eq!(answer.message, "Request is missing Authentication Token");
}

#[test]
fn json_and_query_services_on_clocks_and_headers() {
    let late = noon().plus(Duration::from_secs(600));
    let early = noon().minus(Duration::from_secs(600));
    check_plain([
        (
            skewed(late, 5),
            "InvalidSignatureException",
            (403, "SignatureDoesNotMatch"),
            "Signature expired: 20260115T120000Z is now earlier than 20260115T120500Z (20260115T121000Z - 5 min.)",
        ),
        (
            skewed(early, 5),
            "InvalidSignatureException",
            (403, "SignatureDoesNotMatch"),
            "Signature not yet current: 20260115T120000Z is still later than 20260115T115500Z (20260115T115000Z + 5 min.)",
        ),
        (
            skewed(crate::tests::at("20260115T121600Z"), 15),
            "InvalidSignatureException",
            (403, "SignatureDoesNotMatch"),
            "Signature expired: 20260115T120000Z is now earlier than 20260115T120100Z (20260115T121600Z - 15 min.)",
        ),
        (
            Error::in_header(Fault::Missing(vec!["Credential", "Date"])),
            "IncompleteSignatureException",
            (400, "IncompleteSignature"),
            "Authorization header requires 'Credential' parameter. Authorization header requires existence of either a \
             'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256",
        ),
        (
            Error::UnsupportedAlgorithm("AWS4-ECDSA-P256-SHA256".to_owned()),
            "IncompleteSignatureException",
            (400, "IncompleteSignature"),
            "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.",
        ),
    ]);
}

/// Error, status, code, sentence, further elements.
type Row = (
    Error,
    u16,
    &'static str,
    &'static str,
    Vec<(&'static str, &'static str)>,
);

fn check_s3(rows: Vec<Row>) {
    for (error, status, code, text, members) in rows {
        let answer = error.refusal(Family::S3);
        assert_eq!(
            (answer.status, answer.code.0, answer.message.as_str()),
            (status, code, text)
        );
        let found: Vec<(&str, &str)> = answer
            .members
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(found, members, "{code}");
    }
}

#[test]
fn s3_on_keys_tokens_and_clocks() {
    let wall = noon().plus(Duration::from_secs(1800));
    check_s3(vec![
        (
            Error::MissingAuthentication,
            403,
            "AccessDenied",
            "Access Denied",
            vec![],
        ),
        (
            Error::UnknownKey(key()),
            403,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
            vec![("AWSAccessKeyId", KEY)],
        ),
        (
            skewed(wall, 15),
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
            vec![
                ("RequestTime", "20260115T120000Z"),
                ("ServerTime", "2026-01-15T12:30:00Z"),
                ("MaxAllowedSkewMilliseconds", "900000"),
            ],
        ),
        (
            Error::ExpiredToken(token()),
            400,
            "ExpiredToken",
            "The provided token has expired.",
            vec![("Token-0", "tok")],
        ),
        (
            Error::InvalidToken(key(), Some(token())),
            400,
            "InvalidToken",
            "The provided token is malformed or otherwise invalid.",
            vec![("Token-0", "tok")],
        ),
    ]);
}

#[test]
fn s3_on_scope_and_presigned_urls() {
    let wall = noon().plus(Duration::from_secs(1800));
    let at = Stamp::new(noon());
    let region = |form| Error::Region {
        form,
        expected: "eu-west-1".to_owned(),
        given: "us-east-1".to_owned(),
    };
    check_s3(vec![
        (
            region(Form::Header),
            400,
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
            vec![("Region", "eu-west-1")],
        ),
        (
            region(Form::Presigned),
            400,
            "AuthorizationQueryParametersError",
            "Error parsing the X-Amz-Credential parameter; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
            vec![("Region", "eu-west-1")],
        ),
        (
            Error::PresignExpired {
                at,
                expires: Duration::from_secs(900),
                wall,
            },
            403,
            "AccessDenied",
            "Request has expired",
            vec![
                ("X-Amz-Expires", "900"),
                ("Expires", "2026-01-15T12:15:00Z"),
                ("ServerTime", "2026-01-15T12:30:00Z"),
            ],
        ),
        (
            Error::ExpiresTooLong,
            400,
            "AuthorizationQueryParametersError",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than \
             604800 seconds",
            vec![],
        ),
        (
            Error::PayloadMismatch {
                declared: "a".to_owned(),
                computed: "b".to_owned(),
            },
            400,
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
            vec![("ClientComputedContentSHA256", "a"), ("S3ComputedContentSHA256", "b")],
        ),
    ]);
}

#[test]
fn s3_shows_what_it_calculated() {
    let answer = mismatch().refusal(Family::S3);
    assert_eq!((answer.status, answer.code.0), (403, "SignatureDoesNotMatch"));
    assert_eq!(
        answer.message,
        "The request signature we calculated does not match the signature you provided. Check your key and signing method."
    );
    let names: Vec<&str> = answer.members.iter().map(|(name, _)| *name).collect();
    let expected = [
        "AWSAccessKeyId",
        "StringToSign",
        "SignatureProvided",
        "StringToSignBytes",
        "CanonicalRequest",
        "CanonicalRequestBytes",
    ];
    assert_eq!(names, expected);
    let value = |nth: usize| answer.members[nth].1.as_str();
    assert!(value(1).starts_with("AWS4-HMAC-SHA256\n20260115T120000Z\n20260115/us-east-1/s3/aws4_request\n"));
    assert!(value(3).starts_with("41 57 53 34 2d 48"));
    assert!(value(4).starts_with("GET\n/bucket\n\nhost:localhost:9000\n"));
    assert!(!answer.members.iter().any(|(_, value)| value.contains(SECRET)));

    let error = ApiError::from(answer.clone());
    assert_eq!(
        (error.code(), error.members()),
        (answer.code, answer.members.as_slice())
    );
}
