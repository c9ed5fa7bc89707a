//! Headers that the signer of an S3 address put into its query: S3 reads such a parameter as if the header had been sent,
//! in presigned requests only. Reference 10.1; what SDKs put there is known from their sources.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{Error, Parts, error::Fault, parts::only, uri};

/// The signature's own parameters, in lower case.
const OF_THE_SIGNATURE: [&str; 6] = [
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-expires",
    "x-amz-signature",
    "x-amz-signedheaders",
];

/// Beside `x-amz-*`: the first three are what SDKs put into queries, the rest is of their kind (unconfirmed): a condition
/// that the signer made is never dropped.
const PLAIN: [&str; 10] = [
    "cache-control",
    "content-md5",
    "content-type",
    "content-disposition",
    "content-encoding",
    "content-language",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
];

impl Parts<'_> {
    /// The headers of a presigned request, those in its query among them. Where a header that need not be signed says
    /// otherwise, the address wins: it is what the signer meant. Errors: NotSigned for an `x-amz-*` header that
    /// contradicts the address; Malformed for what is there twice, under whatever spelling, or can be no header.
    pub fn presigned_headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = self.headers.clone();
        for (name, value) in hoisted(self)? {
            if is_checksum(name.as_str()) {
                continue;
            }
            if name.as_str().starts_with("x-amz-") && headers.get(&name).is_some_and(|sent| *sent != value) {
                return Err(Error::NotSigned(vec![name.as_str().to_owned()]));
            }
            headers.insert(name, value);
        }
        Ok(headers)
    }
}

/// A checksum of the body. SDKs presign that of the empty body which they hold while they sign, so S3 passes over it.
fn is_checksum(name: &str) -> bool {
    name.strip_prefix("x-amz-checksum-")
        .is_some_and(|rest| !matches!(rest, "algorithm" | "mode" | "type"))
}

/// All headers in the query. Errors: Malformed.
pub(crate) fn hoisted(parts: &Parts<'_>) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
    let mut found: Vec<(HeaderName, HeaderValue)> = Vec::new();
    for (name, value) in parts.query_pairs() {
        let Some(name) = header_name(name) else { continue };
        let unreadable = || Error::in_query(Fault::NotText(name.clone()));
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unreadable())?;
        if found.iter().any(|(other, _)| *other == header) {
            return Err(Error::in_query(Fault::Repeated(name)));
        }
        let text = uri::decode(value).ok_or_else(unreadable)?;
        let value = HeaderValue::from_bytes(text.trim().as_bytes()).map_err(|_| unreadable())?;
        found.push((header, value));
    }
    Ok(found)
}

/// One of them, as the canonical request has it. Errors: Malformed if it is there twice.
pub(crate) fn value<'a>(parts: &Parts<'a>, wanted: &str) -> Result<Option<Cow<'a, str>>, Error> {
    let values = parts
        .query_pairs()
        .filter(|(name, _)| header_name(name).is_some_and(|name| name == wanted));
    only(values.map(|(_, value)| value), wanted)
}

/// The lower-case name of the header that a parameter stands for.
pub(crate) fn header_name(parameter: &str) -> Option<String> {
    named(&uri::decode(parameter)?)
}

/// The same of a name that is decoded.
pub(crate) fn named(parameter: &str) -> Option<String> {
    let name = parameter.to_ascii_lowercase();
    let taken = name.starts_with("x-amz-") && !OF_THE_SIGNATURE.contains(&name.as_str());
    (taken || PLAIN.contains(&name.as_str())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, sent: &[(&'static str, &str)]) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        let parts = Parts {
            method: "PUT",
            path: "/b/k",
            query,
            headers: &headers,
        };
        parts.presigned_headers()
    }

    #[test]
    fn parameters_stand_for_headers() {
        for (query, sent, name, expected) in [
            ("x-amz-meta-album=harbour", &[][..], "x-amz-meta-album", Some("harbour")),
            ("X-Amz-Meta-Album=a%20b%2Bc", &[], "x-amz-meta-album", Some("a b+c")),
            ("x-amz-meta-a=%C3%A9", &[], "x-amz-meta-a", Some("é")),
            (
                "x-amz-acl=private",
                &[("x-amz-acl", "private")],
                "x-amz-acl",
                Some("private"),
            ),
            ("If-None-Match=%2A", &[], "if-none-match", Some("*")),
            (
                "Content-Type=text%2Fplain",
                &[("content-type", "a/b")],
                "content-type",
                Some("text/plain"),
            ),
            (
                "x-amz-checksum-mode=ENABLED",
                &[],
                "x-amz-checksum-mode",
                Some("ENABLED"),
            ),
            (
                "x-amz-checksum-algorithm=CRC32",
                &[],
                "x-amz-checksum-algorithm",
                Some("CRC32"),
            ),
            ("x-amz-checksum-crc32=AAAAAA%3D%3D", &[], "x-amz-checksum-crc32", None),
            ("X-Amz-Date=20260115T120000Z", &[], "x-amz-date", None),
            ("x-amz-signature=00", &[], "x-amz-signature", None),
            (
                "Expires=1&Range=bytes%3D0-1&Host=evil&Content-Length=1",
                &[],
                "host",
                None,
            ),
            (
                "authorization=AWS4&origin=x&expect=100-continue",
                &[],
                "authorization",
                None,
            ),
        ] {
            let headers = read(query, sent).unwrap();
            let got = headers.get(name).map(|v| std::str::from_utf8(v.as_bytes()).unwrap());
            assert_eq!(got, expected, "{query}");
        }
        let harmless = read("Expires=1&Range=x&Host=evil&Content-Length=1&prefix=a", &[]).unwrap();
        assert!(harmless.is_empty(), "{harmless:?}");
    }

    #[test]
    fn what_two_readers_might_read_differently_is_refused() {
        for query in [
            "x-amz-acl=private&x-amz-acl=public-read",
            "x-amz-acl=private&X-Amz-Acl=private",
            "x-amz-acl=private&%78-amz-acl=public-read",
            "content-type=a&Content-Type=b",
            "x-amz-meta-a=1%0D%0Ax-amz-acl:public-read",
            "x-amz-meta-a=1%0Ax",
            "x-amz-meta-%C3%A9=1",
            "x-amz-meta-a%20b=1",
            "x-amz-meta-a=%FF",
        ] {
            assert!(matches!(read(query, &[]), Err(Error::Malformed { .. })), "{query}");
        }
        let contradicted = read("x-amz-acl=private", &[("x-amz-acl", "public-read")]);
        assert_eq!(contradicted, Err(Error::NotSigned(vec!["x-amz-acl".to_owned()])));
    }
}
