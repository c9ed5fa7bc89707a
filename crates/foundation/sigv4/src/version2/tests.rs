use http::{HeaderName, HeaderValue};

use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const AUTH: &str = "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1175139620";

fn headers(sent: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in sent {
        headers.append(
            HeaderName::try_from(*name).unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    headers
}

/// Signs `signed`, then sends `sent` with that signature.
fn reused(signed: (&str, &str, &str), sent: (&str, &str, &str), with: &[(&str, &str)]) -> Result<(), Error> {
    let nothing = HeaderMap::new();
    let of = |(method, path, query): (&str, &str, &str), headers: &HeaderMap, signature: &str| {
        let query = format!(
            "{AUTH}&Signature={}&{query}",
            uri::encode(signature, uri::Component::Query)
        );
        let parts = Parts {
            method,
            path,
            query: &query,
            headers,
        };
        let found = Version2::find(&parts)?;
        let text = found.string_to_sign(&parts, path)?;
        let secret = Secret::new(SECRET);
        let wall = Timestamp::from_secs(1_175_139_620);
        Ok::<_, Error>((text, found.verify(&parts, path, &secret, wall)))
    };
    let (text, _) = of(signed, &nothing, "x").unwrap();
    of(sent, &headers(with), &sign(&Secret::new(SECRET), &text))?.1
}

#[test]
fn the_guides_example() {
    let headers = HeaderMap::new();
    let query = format!("{AUTH}&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D");
    let parts = Parts {
        method: "GET",
        path: "/photos/puppy.jpg",
        query: &query,
        headers: &headers,
    };
    let found = Version2::find(&parts).unwrap();
    let path = "/johnsmith/photos/puppy.jpg";
    assert_eq!(
        found.string_to_sign(&parts, path).unwrap(),
        "GET\n\n\n1175139620\n/johnsmith/photos/puppy.jpg"
    );
    let secret = Secret::new(SECRET);
    let at = |seconds| found.verify(&parts, path, &secret, Timestamp::from_secs(seconds));
    assert!(at(1_175_139_620).is_ok());
    assert!(matches!(at(1_175_139_621), Err(Error::Expired2 { .. })));
    let other = found.verify(&parts, "/other/photos/puppy.jpg", &secret, Timestamp::from_secs(0));
    assert!(matches!(other, Err(Error::Mismatch(_))));
}

#[test]
fn what_is_signed_stays_as_it_is() {
    let get = ("GET", "/b/k", "");
    let put = (
        "PUT",
        "/b/k",
        "content-type=a%2Fb&x-amz-meta-a=1&x-amz-security-token=T",
    );
    assert!(reused(get, get, &[]).is_ok());
    assert!(
        reused(put, put, &[("content-type", "other/type")]).is_ok(),
        "the address wins"
    );
    for (signed, sent, with) in [
        (get, ("HEAD", "/b/k", ""), &[][..]),
        (get, ("GET", "/b/l", ""), &[]),
        (get, ("GET", "/b/k", "acl"), &[]),
        (get, ("GET", "/b/k", "versionId=1"), &[]),
        (get, ("GET", "/b/k", "response-content-type=text%2Fhtml"), &[]),
        (get, ("GET", "/b/k", "x-amz-security-token=other"), &[]),
        (get, get, &[("x-amz-meta-a", "1")]),
        (get, get, &[("content-type", "a/b")]),
        (put, ("PUT", "/b/k", "content-type=a%2Fb&x-amz-meta-a=1"), &[]),
        (
            put,
            (
                "PUT",
                "/b/k",
                "content-type=a%2Fb&x-amz-meta-a=2&x-amz-security-token=T",
            ),
            &[],
        ),
        (
            put,
            ("PUT", "/b/k", "content-type=c&x-amz-meta-a=1&x-amz-security-token=T"),
            &[],
        ),
        (("GET", "/b/k%3Facl", ""), ("GET", "/b/k", "acl"), &[]),
    ] {
        let got = reused(signed, sent, with);
        assert!(matches!(got, Err(Error::Mismatch(_))), "{sent:?} {with:?}: {got:?}");
    }
}

#[test]
fn what_the_signature_leaves_open_is_not_taken() {
    let get = ("GET", "/b/k", "");
    for query in [
        "prefix=a",
        "list-type=2",
        "encryption",
        "publicAccessBlock",
        "policyStatus",
        "ownershipControls",
        "response-content-type=a&acl",
        "response-content-type=a&tagging",
        "x-id=GetObject",
        "%2578-amz-acl=1",
        "cache-control=no-store",
        "Content-Disposition=attachment",
        "content-encoding=gzip",
        "content-language=de",
        "if-none-match=%2A",
        "If-Match=a",
        "if-modified-since=a",
        "if-unmodified-since=a",
    ] {
        let got = reused(get, ("GET", "/b/k", query), &[]);
        assert!(matches!(got, Err(Error::UnsupportedAlgorithm(_))), "{query}: {got:?}");
    }
    let one_text = ("GET", "/b/k", "response-content-type=a%26tagging");
    let split = reused(one_text, ("GET", "/b/k", "response-content-type=a&tagging"), &[]);
    assert!(matches!(split, Err(Error::UnsupportedAlgorithm(_))), "{split:?}");
    for query in [
        "acl&acl",
        "Expires=1",
        "Signature=a",
        "AWSAccessKeyId=b",
        "x-amz-acl=a&X-Amz-Acl=b",
    ] {
        let got = reused(get, ("GET", "/b/k", query), &[]);
        assert!(matches!(got, Err(Error::Malformed { .. })), "{query}: {got:?}");
    }
    for method in ["DELETE", "POST", "OPTIONS", "get"] {
        let got = reused(get, (method, "/b/k", ""), &[]);
        assert!(matches!(got, Err(Error::UnsupportedAlgorithm(_))), "{method}: {got:?}");
    }
    let got = reused(get, ("GET", "/b/k", "X-Amz-Signature=00"), &[]);
    assert_eq!(got, Err(Error::SeveralMechanisms));
    let got = reused(get, get, &[("authorization", "AWS a:b")]);
    assert_eq!(got, Err(Error::SeveralMechanisms));
}

#[test]
fn sub_resources_are_sorted_and_decoded() {
    let query = "uploadId=a%2Bb&partNumber=2";
    let headers = HeaderMap::new();
    let query = format!("{AUTH}&Signature=x&{query}");
    let parts = Parts {
        method: "PUT",
        path: "/b/k",
        query: &query,
        headers: &headers,
    };
    let text = Version2::find(&parts).unwrap().string_to_sign(&parts, "/b/k").unwrap();
    assert_eq!(text, "PUT\n\n\n1175139620\n/b/k?partNumber=2&uploadId=a+b");
}

#[test]
fn incomplete_and_unreadable_ones() {
    let headers = HeaderMap::new();
    for (query, expected) in [
        ("AWSAccessKeyId=A&Signature=b", Error::Incomplete2),
        ("AWSAccessKeyId=A&Expires=1", Error::Incomplete2),
        (
            "AWSAccessKeyId=A&Signature=b&Expires=soon",
            Error::Expires2("soon".to_owned()),
        ),
        (
            "AWSAccessKeyId=A&Signature=b&Expires=-1",
            Error::Expires2("-1".to_owned()),
        ),
        ("AWSAccessKeyId=A&Signature=b&Expires=", Error::Expires2(String::new())),
    ] {
        let parts = Parts {
            method: "GET",
            path: "/b/k",
            query,
            headers: &headers,
        };
        assert_eq!(Version2::find(&parts).err(), Some(expected), "{query}");
    }
}
