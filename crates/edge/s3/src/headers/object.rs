//! What an answer says of an object.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use objects::{Checksum, Object};

use super::{dates::to_http_date, request::META};

/// Sets a header if its value can be one.
pub(crate) fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes())) {
        headers.insert(name, value);
    }
}

/// What GetObject and HeadObject say of an object, its length apart.
pub(crate) fn describe(object: &Object, out: &mut HeaderMap) {
    let h = &object.headers;
    set(
        out,
        header::CONTENT_TYPE.as_str(),
        h.content_type.as_deref().unwrap_or("binary/octet-stream"),
    );
    set(out, header::ETAG.as_str(), &format!("\"{}\"", object.etag));
    set(out, header::LAST_MODIFIED.as_str(), &to_http_date(object.modified_at));
    set(out, header::ACCEPT_RANGES.as_str(), "bytes");
    for (name, value) in [
        ("cache-control", &h.cache_control),
        ("content-disposition", &h.content_disposition),
        ("content-encoding", &h.content_encoding),
        ("content-language", &h.content_language),
        ("expires", &h.expires),
        ("x-amz-website-redirect-location", &h.website_redirect),
        ("x-amz-storage-class", &h.storage_class),
    ] {
        if let Some(value) = value {
            set(out, name, value);
        }
    }
    for (name, value) in &h.metadata {
        set(out, &format!("{META}{name}"), value);
    }
    if !object.tags.is_empty() {
        set(out, "x-amz-tagging-count", &object.tags.len().to_string());
    }
}

pub(crate) fn set_checksum(checksum: &Checksum, out: &mut HeaderMap) {
    set(out, checksum.algorithm.header(), &checksum.value);
    set(out, "x-amz-checksum-type", checksum.kind.name());
}
