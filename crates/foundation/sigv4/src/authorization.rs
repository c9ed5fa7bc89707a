//! What a request says about its signature, read but not yet believed.

use std::{fmt, time::Duration};

use http::HeaderName;
use kernel::{AccessKeyId, Region};

use crate::{Form, Scope, SessionToken, Stamp, error::Fault, key::TERMINATOR};

/// The authorization of a request, in either form.
#[derive(Clone)]
pub struct Authorization {
    pub access_key: AccessKeyId,
    pub scope: Scope,
    /// `X-Amz-Date`, or `Date` where that is missing.
    pub stamp: Stamp,
    /// Lower-case names, sorted, joined by `;`.
    pub signed_headers: String,
    pub token: Option<SessionToken>,
    /// From `stamp` on; presigned form only.
    pub expires: Option<Duration>,
    pub(crate) signature: String,
}

impl Authorization {
    pub fn form(&self) -> Form {
        if self.expires.is_some() {
            Form::Presigned
        } else {
            Form::Header
        }
    }

    /// As the request gave it. Once verified it seeds the chunks of a signed stream.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    pub(crate) fn signs(&self, header: &str) -> bool {
        self.signed_headers.split(';').any(|name| name == header)
    }
}

/// Without the signature and the token: a presigned URL's signature is as good as a password.
impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            access_key,
            scope,
            stamp,
            signed_headers,
            ..
        } = self;
        write!(f, "Authorization({access_key}, {scope}, {stamp}, {signed_headers})")
    }
}

/// `key/date/region/service/aws4_request`.
pub(crate) fn credential(text: &str) -> Result<(AccessKeyId, Scope), Fault> {
    let wrong = || Fault::Credential(text.to_owned());
    let elements: Vec<&str> = text.split('/').collect();
    let [key, date, region, service, terminator] = elements.as_slice() else {
        return Err(wrong());
    };
    if [key, date, region, service].iter().any(|element| element.is_empty()) {
        return Err(wrong());
    }
    if *terminator != TERMINATOR {
        return Err(Fault::Terminator((*terminator).to_owned()));
    }
    let scope = Scope {
        date: (*date).to_owned(),
        region: Region::new(*region),
        service: (*service).to_owned(),
    };
    Ok((AccessKeyId::new(*key), scope))
}

/// The names in canonical order. A name that appears twice would let two readers disagree on what is signed.
pub(crate) fn signed_headers(text: &str) -> Result<String, Fault> {
    let lower = text.to_ascii_lowercase();
    let mut names: Vec<&str> = lower.split(';').collect();
    names.sort_unstable();
    let twice = names.iter().zip(names.iter().skip(1)).any(|(a, b)| a == b);
    if twice
        || names
            .iter()
            .any(|name| HeaderName::from_bytes(name.as_bytes()).is_err())
    {
        return Err(Fault::SignedHeaders(text.to_owned()));
    }
    Ok(names.join(";"))
}
