//! Signing: calls to upstream services, and the other half of the tests.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use kernel::{AccessKeyId, Region, Timestamp};

use crate::{
    ALGORITHM, Canon, ChunkSigner, ContentHash, Error, Form, Parts, Scope, Secret, SessionToken, SigningKey, Stamp,
    canonical::{self, Reading},
    error::Fault,
    string_to_sign,
    uri::{Component, encode},
};

/// Headers that proxies and HTTP libraries change on the way.
const NEVER_SIGNED: [&str; 6] = [
    "authorization",
    "connection",
    "expect",
    "transfer-encoding",
    "user-agent",
    "x-amzn-trace-id",
];

/// Credentials and what they are used for.
#[derive(Clone, Debug)]
pub struct Signer {
    pub access_key: AccessKeyId,
    pub secret: Secret,
    pub token: Option<SessionToken>,
    pub region: Region,
    /// The signing name.
    pub service: String,
    pub canon: Canon,
}

/// The request line, as it will be sent.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    pub method: &'a str,
    /// Percent-encoded.
    pub path: &'a str,
    /// Percent-encoded, without `?`.
    pub query: &'a str,
}

impl<'a> Target<'a> {
    /// The request that has these headers.
    pub fn with(self, headers: &'a HeaderMap) -> Parts<'a> {
        Parts {
            method: self.method,
            path: self.path,
            query: self.query,
            headers,
        }
    }
}

/// What came of signing: the signature is the seed of a stream's chunks.
#[derive(Clone, Debug)]
pub struct Signature {
    pub text: String,
    stamp: Stamp,
    scope: Scope,
    key: SigningKey,
}

impl Signature {
    pub fn chunks(self) -> ChunkSigner {
        ChunkSigner::new(self.key, self.stamp, &self.scope, &self.text)
    }
}

impl Signer {
    /// Adds `X-Amz-Date`, the token, for S3 `X-Amz-Content-Sha256`, and `Authorization`; signs all headers that are there,
    /// which must include `Host`. Errors: Malformed for values that no header can hold, NotSigned without a `Host`.
    pub fn sign(
        &self,
        target: Target<'_>,
        headers: &mut HeaderMap,
        content: ContentHash,
        at: Timestamp,
    ) -> Result<Signature, Error> {
        let stamp = Stamp::new(at);
        headers.remove("authorization");
        insert(headers, "x-amz-date", &stamp.to_string())?;
        if let Some(token) = &self.token {
            insert(headers, "x-amz-security-token", token.expose())?;
        }
        if self.canon == Canon::S3 {
            insert(headers, "x-amz-content-sha256", &content.text())?;
        }
        let signed_headers = signable(headers)?;
        let scope = self.scope(stamp);
        let signature = self.calculate(&target.with(headers), (Form::Header, &signed_headers), content, stamp)?;
        let (key, text) = (&self.access_key, &signature.text);
        let value = format!("{ALGORITHM} Credential={key}/{scope}, SignedHeaders={signed_headers}, Signature={text}");
        insert(headers, "authorization", &value)?;
        Ok(signature)
    }

    /// The query of a presigned URL, the given one included. Signs the headers, which the later request must repeat. S3 wants
    /// `ContentHash::Unsigned`. Errors as for `sign`.
    pub fn presign(
        &self,
        request: &Parts<'_>,
        content: ContentHash,
        at: Timestamp,
        expires: Duration,
    ) -> Result<String, Error> {
        let stamp = Stamp::new(at);
        let signed_headers = signable(request.headers)?;
        let credential = format!("{}/{}", self.access_key, self.scope(stamp));
        let mut query = request.query.to_owned();
        let mut add = |name: &str, value: &str| {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            query.push_str(&encode(value, Component::Query));
        };
        add("X-Amz-Algorithm", ALGORITHM);
        add("X-Amz-Credential", &credential);
        add("X-Amz-Date", &stamp.to_string());
        add("X-Amz-Expires", &expires.as_secs().to_string());
        add("X-Amz-SignedHeaders", &signed_headers);
        if let Some(token) = &self.token {
            add("X-Amz-Security-Token", token.expose());
        }
        let line = Parts {
            query: &query,
            ..*request
        };
        let signature = self.calculate(&line, (Form::Presigned, &signed_headers), content, stamp)?;
        query.push_str("&X-Amz-Signature=");
        query.push_str(&signature.text);
        Ok(query)
    }

    fn scope(&self, stamp: Stamp) -> Scope {
        Scope {
            date: stamp.date(),
            region: self.region.clone(),
            service: self.service.clone(),
        }
    }

    fn calculate(
        &self,
        request: &Parts<'_>,
        signed: (Form, &str),
        content: ContentHash,
        stamp: Stamp,
    ) -> Result<Signature, Error> {
        let canonical = canonical::request(request, self.canon, signed, &content.text(), Reading::usual(self.canon))?;
        let scope = self.scope(stamp);
        let key = SigningKey::derive(&self.secret, &scope);
        let text = key.sign(&string_to_sign(stamp, &scope, &canonical));
        Ok(Signature {
            text,
            stamp,
            scope,
            key,
        })
    }
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) -> Result<(), Error> {
    let value = HeaderValue::from_str(value).map_err(|_| Error::in_header(Fault::NotText(name.to_owned())))?;
    headers.insert(HeaderName::from_static(name), value);
    Ok(())
}

fn signable(headers: &HeaderMap) -> Result<String, Error> {
    let mut names: Vec<&str> = headers
        .keys()
        .map(HeaderName::as_str)
        .filter(|n| !NEVER_SIGNED.contains(n))
        .collect();
    if !names.contains(&"host") {
        return Err(Error::NotSigned(vec!["host".to_owned()]));
    }
    names.sort_unstable();
    Ok(names.join(";"))
}
