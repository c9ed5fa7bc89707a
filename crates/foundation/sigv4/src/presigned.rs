//! The presigned form: the authorization stands in the query. Reference 10.1.

use std::{borrow::Cow, time::Duration};

use crate::{
    ALGORITHM, Authorization, Error, Parts, SessionToken, Stamp,
    authorization::{credential, signed_headers},
    error::Fault,
    parts::only,
    uri,
};

const WEEK: Duration = Duration::from_secs(604_800);

pub(crate) const SIGNATURE: &str = "X-Amz-Signature";
pub(crate) const SECURITY_TOKEN: &str = "X-Amz-Security-Token";

/// In the order in which S3's sentence lists them.
const REQUIRED: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    SIGNATURE,
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
];

/// The parameters that carry an authorization, names decoded, values as sent.
pub(crate) struct Parameters<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Parameters<'a> {
    pub(crate) fn of(parts: &Parts<'a>) -> Self {
        let named = parts
            .query_pairs()
            .filter_map(|(name, value)| Some((uri::decode(name)?, value)));
        Self(
            named
                .filter(|(name, _)| name.starts_with("X-Amz-") || name == "AWSAccessKeyId")
                .collect(),
        )
    }

    fn has(&self, wanted: &str) -> bool {
        self.0.iter().any(|(name, _)| name == wanted)
    }

    /// Any of these means that somebody meant to sign, if badly.
    pub(crate) fn is_signed(&self) -> bool {
        ["X-Amz-Algorithm", "X-Amz-Credential", SIGNATURE]
            .iter()
            .any(|name| self.has(name))
            || self.is_sigv2()
    }

    fn is_sigv2(&self) -> bool {
        self.has("AWSAccessKeyId")
    }

    /// Refused if it is there twice: two readers might take different ones.
    pub(crate) fn single(&self, wanted: &'static str) -> Result<Option<Cow<'a, str>>, Error> {
        let values = self.0.iter().filter(|(name, _)| name == wanted);
        only(values.map(|(_, value)| *value), wanted)
    }
}

pub(crate) fn read(parameters: &Parameters<'_>, parts: &Parts<'_>) -> Result<Authorization, Error> {
    if parameters.is_sigv2() {
        return Err(Error::UnsupportedAlgorithm("AWS".to_owned()));
    }
    let algorithm = parameters.single("X-Amz-Algorithm")?;
    if let Some(other) = algorithm.filter(|algorithm| algorithm != ALGORITHM) {
        return Err(Error::UnsupportedAlgorithm(other.into_owned()));
    }
    let missing: Vec<&'static str> = REQUIRED.into_iter().filter(|name| !parameters.has(name)).collect();
    if !missing.is_empty() {
        return Err(Error::in_query(Fault::Missing(missing)));
    }
    let required = |name: &'static str| parameters.single(name).map(Option::unwrap_or_default);

    let (access_key, scope) = credential(&required("X-Amz-Credential")?).map_err(Error::in_query)?;
    let date = required("X-Amz-Date")?;
    let token = match parameters.single(SECURITY_TOKEN)? {
        Some(token) => Some(SessionToken::new(token)),
        None => parts.single("x-amz-security-token")?.map(SessionToken::new),
    };
    Ok(Authorization {
        access_key,
        scope,
        stamp: Stamp::parse(&date).ok_or_else(|| Error::in_query(Fault::Date(date.into_owned())))?,
        signed_headers: signed_headers(&required("X-Amz-SignedHeaders")?).map_err(Error::in_query)?,
        token,
        expires: Some(expires(&required("X-Amz-Expires")?)?),
        signature: required(SIGNATURE)?.into_owned(),
    })
}

fn expires(text: &str) -> Result<Duration, Error> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // More digits than a u64 holds are still a number, and too long.
    let span = Duration::from_secs(text.parse().unwrap_or(u64::MAX));
    match span {
        _ if !digits || span.is_zero() => Err(Error::in_query(Fault::Expires(text.to_owned()))),
        _ if span > WEEK => Err(Error::ExpiresTooLong),
        span => Ok(span),
    }
}
