//! Whatever comes in is answered, and nothing unsigned gets through.

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

use super::{KEY, SECRET, noon};
use crate::{Authorization, Family, Parts, Payload, Rules, Secret};

/// Bytes that mean something to a parser of signatures, and bytes that don't.
fn noise() -> impl Strategy<Value = String> {
    let words = [
        "AWS4-HMAC-SHA256",
        "AWS",
        " ",
        "Credential=",
        "SignedHeaders=",
        "Signature=",
        ",",
        ";",
        "=",
        "/",
        "&",
        "%",
        "%2",
        "%F",
        "+",
        "host",
        "x-amz-date",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        "X-Amz-Credential=",
        "X-Amz-Date=",
        "X-Amz-Expires=",
        "X-Amz-SignedHeaders=",
        "X-Amz-Signature=",
        "20260115",
        "T120000Z",
        "us-east-1",
        "sts",
        "aws4_request",
        "99999999999999999999999",
        "-1",
        "é",
        "AWSAccessKeyId=",
    ];
    let word = prop::sample::select(words.map(str::to_owned).to_vec());
    prop::collection::vec(prop_oneof![4 => word, 1 => "\\PC{0,4}"], 0..14).prop_map(|words| words.concat())
}

/// An authorization with every part in its place and noise in one of them.
fn nearly_right() -> impl Strategy<Value = String> {
    let right = [
        KEY,
        "20260115",
        "us-east-1",
        "sts",
        "aws4_request",
        "host;x-amz-date",
        &"0".repeat(64),
    ]
    .map(str::to_owned);
    (0..right.len(), noise()).prop_map(move |(nth, noise)| {
        let mut parts = right.clone();
        parts[nth] = noise;
        let [key, date, region, service, end, headers, signature] = parts;
        format!("AWS4-HMAC-SHA256 Credential={key}/{date}/{region}/{service}/{end}, SignedHeaders={headers}, Signature={signature}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn any_bytes_are_answered(
        authorization in prop::option::of(prop_oneof![noise(), nearly_right()]),
        raw in prop::collection::vec(any::<u8>(), 0..12),
        date in prop_oneof![Just("20260115T120000Z".to_owned()), noise()],
        path in noise(),
        query in noise(),
        s3 in any::<bool>(),
    ) {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("localhost"));
        let values = [
            ("authorization", authorization.unwrap_or_default().into_bytes()),
            ("x-amz-date", date.into_bytes()),
            ("x-amz-security-token", raw.clone()),
            ("x-amz-content-sha256", raw),
        ];
        for (name, value) in values {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(name, value);
            }
        }
        let parts = Parts { method: "GET", path: &path, query: &query, headers: &headers };
        let rules = if s3 { Rules::s3(noon()) } else { Rules::service("sts", noon()) };
        let result = Authorization::find(&parts).map(|found| {
            found.map(|found| found.verify(&parts, &Secret::new(SECRET), Payload::Bytes(b""), &rules))
        });
        let error = match result {
            Ok(None) => return Ok(()),
            Ok(Some(Ok(_))) => panic!("noise was verified"),
            Ok(Some(Err(error))) | Err(error) => error,
        };
        for family in [Family::Json, Family::Query, Family::S3] {
            let refusal = error.refusal(family);
            prop_assert!((400..404).contains(&refusal.status) && !refusal.message.is_empty());
        }
    }
}
