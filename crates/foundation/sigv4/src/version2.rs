//! Signature Version 2 in the query of an S3 address (`AWSAccessKeyId`, `Expires`, `Signature`): what several clients presign
//! with by default. Reference 10.1; the string to sign is that of the S3 guide's chapter on REST authentication.
//!
//! The signature covers the method, `Content-MD5`, `Content-Type`, every `x-amz-*` header, the path and the sub-resources,
//! each decoded and joined by `&` and `=`. Two texts could therefore read as one: what is not covered, is there twice or
//! mixes overrides with sub-resources is not taken.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, Method};
use kernel::{AccessKeyId, Timestamp};

use crate::{Error, Form, Mismatch, Parts, Secret, SessionToken, error::Fault, hoisted, uri};

/// Parameters that are part of the resource.
const SUB_RESOURCES: [&str; 23] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "tagging",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

const OVERRIDE: &str = "response-";
const OVERRIDES: [&str; 6] = [
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
];

const KEY: &str = "AWSAccessKeyId";
const EXPIRES: &str = "Expires";
const SIGNATURE: &str = "Signature";

/// An address's authorization, read but not yet believed.
pub struct Version2 {
    pub access_key: AccessKeyId,
    pub token: Option<SessionToken>,
    pub expires: Timestamp,
    /// As written: whole seconds since 1970.
    expires_text: String,
    signature: String,
    /// The sub-resources in order, decoded.
    sub_resources: String,
}

impl Version2 {
    /// Whether an address claims to be signed so.
    pub fn is_meant(parts: &Parts<'_>) -> bool {
        parts
            .query_pairs()
            .any(|(name, _)| uri::decode(name).is_some_and(|name| name == KEY))
    }

    /// Errors: SeveralMechanisms, UnsupportedAlgorithm for what this version doesn't cover, Incomplete2, Expires2, Malformed.
    pub fn find(parts: &Parts<'_>) -> Result<Self, Error> {
        if parts.headers.contains_key(http::header::AUTHORIZATION) {
            return Err(Error::SeveralMechanisms);
        }
        let unsupported = || Error::UnsupportedAlgorithm("AWS".to_owned());
        if ![Method::GET, Method::HEAD, Method::PUT]
            .iter()
            .any(|method| *method == parts.method)
        {
            return Err(unsupported());
        }
        let (mut key, mut expires, mut signature) = (None, None, None);
        let mut covered: Vec<(Cow<'_, str>, Option<Cow<'_, str>>)> = Vec::new();
        for pair in parts.query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair
                .split_once('=')
                .map_or((pair, None), |(name, value)| (name, Some(value)));
            let name = uri::decode(name).ok_or_else(unsupported)?;
            let text = value
                .map(uri::decode)
                .map(|value| value.ok_or_else(|| Error::in_query(Fault::NotText(name.to_string()))))
                .transpose()?;
            let slot = match &*name {
                KEY => &mut key,
                EXPIRES => &mut expires,
                SIGNATURE => &mut signature,
                other if SUB_RESOURCES.contains(&other) || OVERRIDES.contains(&other) => {
                    if covered.iter().any(|(there, _)| *there == name) {
                        return Err(Error::in_query(Fault::Repeated(name.into_owned())));
                    }
                    covered.push((name, text));
                    continue;
                }
                _ if hoisted::named(&name).is_some_and(|header| is_signed(&header)) => continue,
                name if name.to_ascii_lowercase().starts_with("x-amz-") => return Err(Error::SeveralMechanisms),
                _ => return Err(unsupported()),
            };
            if slot.replace(text.unwrap_or_default()).is_some() {
                return Err(Error::in_query(Fault::Repeated(name.into_owned())));
            }
        }
        let (Some(key), Some(expires), Some(signature)) = (key, expires, signature) else {
            return Err(Error::Incomplete2);
        };
        // `response-content-type=a%26acl` and `response-content-type=a&acl` are signed as one text.
        let overrides = covered.iter().any(|(name, _)| name.starts_with(OVERRIDE));
        let acts_otherwise = |name: &str| !name.starts_with(OVERRIDE) && !matches!(name, "partNumber" | "versionId");
        if overrides && covered.iter().any(|(name, _)| acts_otherwise(name)) {
            return Err(unsupported());
        }
        let is_number = !expires.is_empty() && expires.bytes().all(|b| b.is_ascii_digit());
        let seconds = expires.parse().ok().filter(|_| is_number);
        Ok(Self {
            access_key: AccessKeyId::new(key.into_owned()),
            token: hoisted::value(parts, "x-amz-security-token")?
                .or(parts.single("x-amz-security-token")?.map(Cow::Borrowed))
                .map(SessionToken::new),
            // Beyond what a time can be it is still one that has not come.
            expires: Timestamp::from_secs(seconds.map_or(Err(Error::Expires2(expires.to_string())), |s: i64| {
                Ok(s.min(LAST_SECOND))
            })?),
            expires_text: expires.into_owned(),
            signature: signature.into_owned(),
            sub_resources: joined(covered),
        })
    }

    /// The time apart from the signature: what dev asks of keys that it does not know. Errors: Expired2.
    pub fn check_time(&self, wall: Timestamp) -> Result<(), Error> {
        if self.expires < wall {
            return Err(Error::Expired2 {
                expires: self.expires,
                wall,
            });
        }
        Ok(())
    }

    /// `path`: percent-encoded as received, with the bucket in front wherever the request named it. Errors: Expired2,
    /// Mismatch, those of [`Parts::presigned_headers`].
    pub fn verify(&self, parts: &Parts<'_>, path: &str, secret: &Secret, wall: Timestamp) -> Result<(), Error> {
        self.check_time(wall)?;
        let string_to_sign = self.string_to_sign(parts, path)?;
        let signature = sign(secret, &string_to_sign);
        if verify_slices_are_equal(signature.as_bytes(), self.signature.as_bytes()).is_ok() {
            return Ok(());
        }
        Err(Error::Mismatch(Box::new(Mismatch {
            access_key: self.access_key.clone(),
            canonical_request: String::new(),
            string_to_sign,
            provided: self.signature.clone(),
        })))
    }

    fn string_to_sign(&self, parts: &Parts<'_>, path: &str) -> Result<String, Error> {
        let mut headers = parts.presigned_headers()?;
        // The one kind that presigned requests pass over is signed all the same.
        for (name, value) in hoisted::hoisted(parts)? {
            headers.insert(name, value);
        }
        let plain = |name| text(&headers, name).map(Option::unwrap_or_default);
        let mut out = format!(
            "{}\n{}\n{}\n{}\n",
            parts.method,
            plain("content-md5")?,
            plain("content-type")?,
            self.expires_text
        );
        let mut names: Vec<&str> = headers
            .keys()
            .map(http::HeaderName::as_str)
            .filter(|name| name.starts_with("x-amz-"))
            .collect();
        names.sort_unstable();
        for name in names {
            out.push_str(name);
            out.push(':');
            out.push_str(&plain(name)?);
            out.push('\n');
        }
        out.push_str(path);
        out.push_str(&self.sub_resources);
        Ok(out)
    }
}

/// Whether the string to sign holds a header.
fn is_signed(header: &str) -> bool {
    header.starts_with("x-amz-") || matches!(header, "content-md5" | "content-type")
}

/// The end of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

fn joined(mut covered: Vec<(Cow<'_, str>, Option<Cow<'_, str>>)>) -> String {
    covered.sort_unstable();
    let mut out = String::new();
    for (name, value) in covered {
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(&name);
        if let Some(value) = value {
            out.push('=');
            out.push_str(&value);
        }
    }
    out
}

/// A header's values, joined.
fn text(headers: &HeaderMap, name: &str) -> Result<Option<String>, Error> {
    let mut values = Vec::new();
    for value in headers.get_all(name) {
        let text = std::str::from_utf8(value.as_bytes()).map_err(|_| Error::Malformed {
            form: Form::Presigned,
            fault: Fault::NotText(name.to_owned()),
        })?;
        values.push(text.trim());
    }
    Ok((!values.is_empty()).then(|| values.join(",")))
}

pub(crate) fn sign(secret: &Secret, string_to_sign: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.expose().as_bytes());
    STANDARD.encode(hmac::sign(&key, string_to_sign.as_bytes()))
}
