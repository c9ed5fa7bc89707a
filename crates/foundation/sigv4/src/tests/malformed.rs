//! Authorizations that can't be read, and which error says so.

use http::HeaderValue;

use super::{
    KEY, Request, SECRET, noon,
    refusals::{presigned, put, s3_rules, sts, sts_rules},
    signer,
};
use crate::{Error, Fault, Form};

#[test]
fn presigned_parameters_stand_once_and_all() {
    for name in [
        "Algorithm",
        "Credential",
        "Date",
        "Expires",
        "SignedHeaders",
        "Signature",
        "Security-Token",
    ] {
        let mut twice = presigned(60);
        twice.query = format!("{}&X-Amz-{name}=1", twice.query);
        let error = twice.find().unwrap_err();
        let fault = Fault::Repeated(format!("X-Amz-{name}"));
        assert_eq!(
            error,
            Error::Malformed {
                form: Form::Presigned,
                fault
            },
            "{name}"
        );

        // Spelled otherwise it is still the same parameter.
        let mut disguised = presigned(60);
        disguised.query = format!("{}&%58-Amz-{name}=1", disguised.query);
        assert_eq!(disguised.find().unwrap_err(), error);

        if name != "Security-Token" {
            let mut missing = presigned(60);
            let kept: Vec<&str> = missing
                .query
                .split('&')
                .filter(|pair| !pair.starts_with(&format!("X-Amz-{name}=")))
                .collect();
            missing.query = kept.join("&");
            let error = missing.find().unwrap_err();
            assert!(
                matches!(&error, Error::Malformed { fault: Fault::Missing(names), .. } if names.len() == 1),
                "{name}: {error:?}"
            );
        }
    }
    let mut ordinary = Request::new("GET", "/bucket?a=1&a=2&a=1", &[("host", "localhost")], b"");
    ordinary.sign(&signer("s3", None), noon());
    assert!(ordinary.verify(SECRET, &s3_rules()).is_ok());
}

#[test]
fn other_algorithms_are_named_and_refused() {
    let headers = [("host", "localhost"), ("date", "Thu, 15 Jan 2026 12:00:00 GMT")];
    for (authorization, name) in [
        ("AWS AKIAEXAMPLEEXAMPLE01:frJIUN8DYpKDtOLCwo//yllqDzg=", "AWS"),
        (
            "AWS4-ECDSA-P256-SHA256 Credential=AKIA/20260115/s3/aws4_request, SignedHeaders=host, Signature=30",
            "AWS4-ECDSA-P256-SHA256",
        ),
        ("AWS4-HMAC-SHA512 Credential=x", "AWS4-HMAC-SHA512"),
        ("AWS3-HTTPS AWSAccessKeyId=x", "AWS3-HTTPS"),
    ] {
        let mut request = Request::new("GET", "/bucket", &headers, b"");
        request.set("authorization", authorization);
        assert_eq!(
            request.find().unwrap_err(),
            Error::UnsupportedAlgorithm(name.to_owned())
        );
    }
    for (query, name) in [
        (
            "AWSAccessKeyId=AKIAEXAMPLEEXAMPLE01&Signature=x%3D&Expires=1768478400",
            "AWS",
        ),
        (
            "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Region-Set=*",
            "AWS4-ECDSA-P256-SHA256",
        ),
    ] {
        let request = Request::new("GET", &format!("/bucket?{query}"), &headers, b"");
        assert_eq!(
            request.find().unwrap_err(),
            Error::UnsupportedAlgorithm(name.to_owned())
        );
    }
    let mut both = presigned(60);
    both.set("authorization", put().headers["authorization"].to_str().unwrap());
    assert_eq!(both.find().unwrap_err(), Error::SeveralMechanisms);

    let mut chunks = put();
    let marker = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";
    chunks.set("x-amz-content-sha256", marker);
    assert!(matches!(
        chunks.verify(SECRET, &s3_rules()),
        Err(Error::UnsupportedAlgorithm(_))
    ));
}

#[test]
fn malformed_headers_are_named() {
    let signature = "0".repeat(64);
    let right = format!("{KEY}/20260115/us-east-1/sts/aws4_request");
    let full = |credential: &str, headers: &str| {
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={headers}, Signature={signature}")
    };
    for (text, fault) in [
        (
            "AWS4-HMAC-SHA256".to_owned(),
            Fault::Missing(vec!["Credential", "Signature", "SignedHeaders"]),
        ),
        (
            format!("AWS4-HMAC-SHA256 Credential={right}"),
            Fault::Missing(vec!["Signature", "SignedHeaders"]),
        ),
        (
            "AWS4-HMAC-SHA256 Credential".to_owned(),
            Fault::NotKeyValue("Credential".to_owned()),
        ),
        (
            format!("{}, Signature=1", full(&right, "host")),
            Fault::Repeated("Signature".to_owned()),
        ),
        (full("a/b/c", "host"), Fault::Credential("a/b/c".to_owned())),
        (
            full("a/b/c/d/aws4_request/f", "host"),
            Fault::Credential("a/b/c/d/aws4_request/f".to_owned()),
        ),
        (
            full("a//c/d/aws4_request", "host"),
            Fault::Credential("a//c/d/aws4_request".to_owned()),
        ),
        (
            full("a/20260115/c/d/aws5_request", "host"),
            Fault::Terminator("aws5_request".to_owned()),
        ),
        (full(&right, ""), Fault::SignedHeaders(String::new())),
        (full(&right, "host;host"), Fault::SignedHeaders("host;host".to_owned())),
        (full(&right, "host;Host"), Fault::SignedHeaders("host;Host".to_owned())),
        (full(&right, "host;;x"), Fault::SignedHeaders("host;;x".to_owned())),
        (full(&right, "host;x y"), Fault::SignedHeaders("host;x y".to_owned())),
    ] {
        let mut request = sts();
        request.set("authorization", &text);
        assert_eq!(request.find().unwrap_err(), Error::in_header(fault), "{text}");
    }
}

#[test]
fn malformed_and_repeated_headers_beside_the_authorization() {
    for name in ["authorization", "x-amz-date", "x-amz-security-token"] {
        let mut twice = sts();
        let value = twice.headers[name].clone();
        twice.headers.append(name, value);
        assert_eq!(
            twice.find().unwrap_err(),
            Error::in_header(Fault::Repeated(name.to_owned()))
        );
    }
    let mut date = sts();
    date.set("x-amz-date", "2026-01-15T12:00:00Z");
    assert_eq!(
        date.find().unwrap_err(),
        Error::in_header(Fault::Date("2026-01-15T12:00:00Z".to_owned()))
    );
    date.headers.remove("x-amz-date");
    assert_eq!(date.find().unwrap_err(), Error::in_header(Fault::Missing(vec!["Date"])));

    let mut bytes = sts();
    bytes
        .headers
        .insert("x-custom", HeaderValue::from_bytes(b"\xff").unwrap());
    let error = bytes.verify(SECRET, &sts_rules()).unwrap_err();
    assert_eq!(error, Error::in_header(Fault::NotText("x-custom".to_owned())));
}
