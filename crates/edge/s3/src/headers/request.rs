//! Request headers.

use std::collections::BTreeMap;

use http::HeaderMap;
use kernel::{Result, Timestamp};
use objects::{Conditions, EtagTest, Headers, TagSet};

use super::dates::http_date;
use crate::{
    errors,
    request::address::{Query, decode},
};

pub(super) const META: &str = "x-amz-meta-";

/// A header's value as UTF-8; none if it is absent or not text.
pub(crate) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get(name)
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
}

/// What S3 acts upon is text. A condition that is none would be passed over by [`text`] and so not be kept; metadata may be
/// anything. Errors: InvalidArgument, with a sentence of our own.
pub(crate) fn check_text(headers: &HeaderMap) -> Result<()> {
    let acts = |name: &str| name.starts_with("if-") || (name.starts_with("x-amz-") && !name.starts_with(META));
    let unreadable = headers
        .iter()
        .find(|(name, value)| acts(name.as_str()) && std::str::from_utf8(value.as_bytes()).is_err());
    match unreadable {
        Some((name, _)) => Err(errors::invalid_argument(
            "The header's value is not text in UTF-8.",
            name.as_str(),
            "",
        )),
        None => Ok(()),
    }
}

/// Whether somebody is granted something by headers.
pub(crate) fn has_grants(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| name.as_str().starts_with("x-amz-grant-"))
}

fn owned(headers: &HeaderMap, name: &str) -> Option<String> {
    text(headers, name).filter(|v| !v.is_empty()).map(str::to_owned)
}

/// What a put says about the object. Errors: NotImplemented for encryption that is not there, InvalidArgument.
pub(crate) fn object_headers(headers: &HeaderMap) -> Result<Headers> {
    refuse_encryption(headers)?;
    let storage_class = owned(headers, "x-amz-storage-class").filter(|class| class != "STANDARD");
    if let Some(class) = &storage_class
        && !STORAGE_CLASSES.contains(&class.as_str())
    {
        return Err(errors::invalid_storage_class(class));
    }
    let mut metadata = BTreeMap::new();
    for name in headers.keys() {
        let Some(key) = name.as_str().strip_prefix(META) else {
            continue;
        };
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|v| String::from_utf8_lossy(v.as_bytes()))
            .collect();
        metadata.insert(key.to_owned(), values.join(","));
    }
    Ok(Headers {
        content_type: owned(headers, "content-type"),
        cache_control: owned(headers, "cache-control"),
        content_disposition: owned(headers, "content-disposition"),
        content_encoding: owned(headers, "content-encoding").and_then(|v| without_aws_chunked(&v)),
        content_language: owned(headers, "content-language"),
        expires: owned(headers, "expires"),
        website_redirect: website_redirect(headers)?,
        storage_class,
        metadata,
    })
}

/// Where the object's page leads. Errors: InvalidRedirectLocation.
fn website_redirect(headers: &HeaderMap) -> Result<Option<String>> {
    let location = owned(headers, "x-amz-website-redirect-location").filter(|l| !l.is_empty());
    let leads = |location: &String| {
        ["http://", "https://", "/"]
            .iter()
            .any(|prefix| location.starts_with(prefix))
    };
    if location.as_ref().is_some_and(|location| !leads(location)) {
        return Err(errors::invalid_redirect_location());
    }
    Ok(location)
}

const STORAGE_CLASSES: [&str; 5] = [
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
];

/// Encryption by S3's own keys, as S3 names it.
pub(crate) const SSE_S3: &str = "AES256";

/// How every object is encrypted.
pub(crate) const ENCRYPTION: (&str, &str) = ("x-amz-server-side-encryption", SSE_S3);

/// Encryption by keys of KMS or of the customer is refused rather than pretended.
fn refuse_encryption(headers: &HeaderMap) -> Result<()> {
    let customer = "x-amz-server-side-encryption-customer-algorithm";
    if headers.contains_key(customer) {
        return Err(errors::header_not_implemented(customer));
    }
    let (header, ours) = ENCRYPTION;
    match text(headers, header) {
        Some(kms) if kms.starts_with("aws:") => Err(errors::header_not_implemented(header)),
        Some(other) if other != ours => Err(errors::unknown_encryption(header, other)),
        _ => Ok(()),
    }
}

/// `aws-chunked` names the transfer, not the object. Reference: identity-pools-iam 10.3.
fn without_aws_chunked(value: &str) -> Option<String> {
    let kept: Vec<&str> = value
        .split(',')
        .map(str::trim)
        .filter(|v| !v.is_empty() && *v != "aws-chunked")
        .collect();
    (!kept.is_empty()).then(|| kept.join(", "))
}

/// `If-Match` and its kin; `prefix` is empty or `x-amz-copy-source-`. A date that is still to come is no valid
/// `If-Modified-Since` and is ignored. Reference: RFC 2616 14.25, which S3 keeps.
pub(crate) fn conditions(headers: &HeaderMap, prefix: &str, now: Timestamp) -> Conditions {
    let value = |name: &str| text(headers, &format!("{prefix}{name}"));
    Conditions {
        if_match: value("if-match").map(EtagTest::parse),
        if_none_match: value("if-none-match").map(EtagTest::parse),
        if_modified_since: value("if-modified-since")
            .and_then(http_date)
            .filter(|since| *since <= now),
        if_unmodified_since: value("if-unmodified-since").and_then(http_date),
    }
}

/// The conditions that writes know. Errors: NotImplemented.
pub(crate) fn write_conditions(headers: &HeaderMap) -> Result<Conditions> {
    let conditions = Conditions {
        if_match: text(headers, "if-match").map(EtagTest::parse),
        if_none_match: text(headers, "if-none-match").map(EtagTest::parse),
        ..Conditions::default()
    };
    conditions.check_form_of_write()?;
    Ok(conditions)
}

/// `x-amz-tagging: a=1&b=2`. Errors: InvalidArgument.
pub(crate) fn tags(headers: &HeaderMap) -> Result<BTreeMap<String, String>> {
    let Some(value) = text(headers, "x-amz-tagging") else {
        return Ok(BTreeMap::new());
    };
    let query = Query::parse(value)?;
    let mut tags = BTreeMap::new();
    for name in query.names() {
        if tags
            .insert(name.to_owned(), query.get(name).unwrap_or("").to_owned())
            .is_some()
        {
            return Err(errors::invalid_argument(
                "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
                "x-amz-tagging",
                value,
            ));
        }
    }
    TagSet::Object.check(&tags)?;
    Ok(tags)
}

/// `/bucket/key` or `bucket/key`, percent-encoded, perhaps with `?versionId=null`. Errors: InvalidArgument.
pub(crate) fn copy_source(headers: &HeaderMap) -> Result<(String, String)> {
    let raw = text(headers, "x-amz-copy-source").unwrap_or("");
    let invalid = || {
        errors::invalid_argument(
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
            "x-amz-copy-source",
            raw,
        )
    };
    let version = copied_version(headers);
    if let Some(version) = version.filter(|version| *version != "null") {
        return Err(errors::invalid_version(version));
    }
    let path = raw.split_once("?versionId=").map_or(raw, |(path, _)| path);
    // S3 reads it as it reads a query: clients that leave a plus as it is don't find their key, and some write blanks so.
    let decoded = decode(&path.replace('+', " "))?;
    let (bucket, key) = decoded
        .strip_prefix('/')
        .unwrap_or(&decoded)
        .split_once('/')
        .ok_or_else(invalid)?;
    if bucket.is_empty() || key.is_empty() {
        return Err(invalid());
    }
    Ok((bucket.to_owned(), key.to_owned()))
}

/// The version that `x-amz-copy-source` names.
pub(crate) fn copied_version(headers: &HeaderMap) -> Option<&str> {
    let (_, version) = text(headers, "x-amz-copy-source")?.split_once("?versionId=")?;
    Some(version)
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;
    use crate::headers::{set, to_http_date};

    #[test]
    fn what_is_acted_upon_is_text() {
        for (name, value, is_fine) in [
            ("if-match", &b"\"a\""[..], true),
            ("if-match", b"\xff", false),
            ("if-none-match", b"\xff*", false),
            ("x-amz-expected-bucket-owner", b"\xff", false),
            ("x-amz-copy-source-if-match", b"\xff", false),
            ("x-amz-copy-source", "/b/é".as_bytes(), true),
            ("x-amz-meta-album", b"\xff", true),
            ("user-agent", b"\xff", true),
        ] {
            let headers =
                HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap())]);
            let outcome = check_text(&headers).map_err(|error| error.code().0);
            assert_eq!(outcome, if is_fine { Ok(()) } else { Err("InvalidArgument") }, "{name}");
        }
    }

    #[test]
    fn the_transfer_leaves_no_trace_in_the_object() {
        let mut headers = HeaderMap::new();
        set(&mut headers, "content-encoding", "aws-chunked,gzip");
        set(&mut headers, "x-amz-meta-colour", "blau");
        let read = object_headers(&headers).unwrap();
        assert_eq!(read.content_encoding.as_deref(), Some("gzip"));
        assert_eq!(read.metadata["colour"], "blau");
        set(&mut headers, "content-encoding", "aws-chunked");
        assert_eq!(object_headers(&headers).unwrap().content_encoding, None);
        set(&mut headers, "x-amz-server-side-encryption", "aws:kms");
        assert_eq!(object_headers(&headers).unwrap_err().code().0, "NotImplemented");
        set(&mut headers, "x-amz-server-side-encryption", "AES512");
        assert_eq!(object_headers(&headers).unwrap_err().code().0, "InvalidArgument");
        set(&mut headers, "x-amz-server-side-encryption", "AES256");
        assert!(object_headers(&headers).is_ok());
    }

    #[test]
    fn a_date_to_come_is_no_condition() {
        let mut headers = HeaderMap::new();
        let t = Timestamp::from_secs(784_111_777);
        for prefix in ["", "x-amz-copy-source-"] {
            set(&mut headers, &format!("{prefix}if-modified-since"), &to_http_date(t));
            set(&mut headers, &format!("{prefix}if-unmodified-since"), &to_http_date(t));
            let read = |now| conditions(&headers, prefix, Timestamp::from_secs(now));
            assert_eq!(read(784_111_777).if_modified_since, Some(t));
            assert_eq!(read(784_111_776).if_modified_since, None);
            assert_eq!(read(784_111_776).if_unmodified_since, Some(t));
        }
    }

    #[test]
    fn copy_sources() {
        let mut headers = HeaderMap::new();
        for (value, expected) in [
            ("/b/a%20b", Ok(("b", "a b"))),
            ("b%2Fa+b%2F%C3%BC%2Bc", Ok(("b", "a b/ü+c"))),
            ("b/k/l?versionId=null", Ok(("b", "k/l"))),
            ("b", Err("InvalidArgument")),
            ("/b/", Err("InvalidArgument")),
            ("b/k?versionId=x", Err("InvalidArgument")),
        ] {
            set(&mut headers, "x-amz-copy-source", value);
            let got = copy_source(&headers);
            let got = got
                .as_ref()
                .map(|(b, k)| (b.as_str(), k.as_str()))
                .map_err(|e| e.code().0);
            assert_eq!(got, expected, "{value}");
        }
    }

    #[test]
    fn tags_are_limited() {
        let mut headers = HeaderMap::new();
        for (value, expected) in [
            ("a=1&b=", "ok"),
            ("a=1&a=2", "InvalidArgument"),
            ("aws:x=1", "InvalidTag"),
            ("=1", "InvalidTag"),
        ] {
            set(&mut headers, "x-amz-tagging", value);
            assert_eq!(
                tags(&headers).map_or_else(|e| e.code().0, |_| "ok"),
                expected,
                "{value}"
            );
        }
    }
}
