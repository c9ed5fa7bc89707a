//! The one place where another's OpenID Connect ID token is believed: it is signed by a key of its issuer, says that it is of that issuer
//! and for us, and holds now. Reference: oauth-and-federation 10.3; OIDC Core 3.1.3.7.
//!
//! What a token's header says of keys (`jwk`, `jku`, `x5u`) is not looked at, but for a key's name, and that is looked for in the set at
//! the issuer's address alone.

use std::time::Duration;

use kernel::Timestamp;
use serde_json::{Map, Value};
use thiserror::Error;
use vault::{
    constant_time,
    jws::{JwsError, Signed, numeric_date, verify_shared},
};

use crate::{Address, KeySets};

/// Characters of an issuer that is told.
const LONGEST: usize = 2048;

/// What a token is held to.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// As which it may name itself, letter by letter.
    pub issuers: &'a [&'a str],
    /// Our ids at the issuer: the token is for one of them.
    pub audiences: &'a [&'a str],
    pub nonce: Nonce<'a>,
    /// Where the issuer publishes its keys.
    pub keys: &'a Address,
    /// The client secret, only where the client is set up for tokens that are signed by it (HS256, HS384, HS512).
    pub secret: Option<&'a str>,
    /// How far the issuer's clock may be from ours.
    pub skew: Duration,
}

/// What a token says of the request that it answers.
#[derive(Clone, Copy)]
pub enum Nonce<'a> {
    /// There was no request of ours.
    NotSent,
    Repeated(&'a str),
    /// Of providers that leave it out: nothing but the code's PKCE ties such a token to its request.
    RepeatedIfAny(&'a str),
}

/// Why a token is not believed. What is printed says nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotVerified {
    #[error("it is no JWT that can be read")]
    Malformed,
    #[error("it is signed by no algorithm that is taken")]
    Algorithm,
    #[error("it is a JWT for something else")]
    Typ,
    #[error("it names no key")]
    NoKeyName,
    #[error("the issuer's keys can't be had")]
    NoKeys,
    #[error("it names a key that the issuer does not have")]
    UnknownKey,
    #[error("its signature is not the key's")]
    Signature,
    /// What it names: the start of it.
    #[error("its issuer is another")]
    Issuer(String),
    #[error("it is for others")]
    Audience,
    #[error("it was given to another")]
    AuthorizedParty,
    #[error("it has no subject")]
    Subject,
    #[error("its exp, iat or nbf is no time")]
    Time,
    #[error("it has expired")]
    Expired,
    #[error("its time has not come")]
    TooEarly,
    #[error("it answers another request")]
    Nonce,
}

impl KeySets {
    /// The claims of a token that holds. `now`: true time.
    pub async fn verified(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now: Timestamp,
    ) -> Result<Map<String, Value>, NotVerified> {
        let claims = match (Signed::parse(token), expected.secret) {
            (Ok(signed), _) => self.signed_by_issuer(&signed, expected.keys, now).await?,
            (Err(JwsError::BadSignature), Some(secret)) => {
                verify_shared(token, secret.as_bytes()).map_err(|error| match error {
                    JwsError::Malformed => NotVerified::Malformed,
                    JwsError::UnknownKey => NotVerified::Algorithm,
                    JwsError::BadSignature => NotVerified::Signature,
                })?
            }
            (Err(JwsError::BadSignature), None) => return Err(NotVerified::Algorithm),
            (Err(_), _) => return Err(NotVerified::Malformed),
        };
        judge(&claims, expected, now.secs())?;
        Ok(claims)
    }

    async fn signed_by_issuer(
        &self,
        signed: &Signed<'_>,
        keys: &Address,
        now: Timestamp,
    ) -> Result<Map<String, Value>, NotVerified> {
        // RFC 8725 section 3.11: `at+jwt`, `logout+jwt` and their like are no ID tokens. Others write what they like here.
        if signed
            .typ()
            .is_some_and(|typ| typ.to_ascii_lowercase().ends_with("+jwt"))
        {
            return Err(NotVerified::Typ);
        }
        let kid = signed.kid().ok_or(NotVerified::NoKeyName)?;
        let set = self.holding(keys, |set| set.named(kid, signed).next().is_some(), now);
        let set = set.await.ok_or(NotVerified::NoKeys)?;
        let mut named = set.named(kid, signed).peekable();
        named.peek().ok_or(NotVerified::UnknownKey)?;
        let key = named.find(|key| signed.is_signed_by(key));
        let claims = signed.verify(key.ok_or(NotVerified::Signature)?);
        claims.map_err(|_| NotVerified::Malformed)
    }
}

/// `now`: true time, in seconds since the epoch.
fn judge(claims: &Map<String, Value>, expected: &Expected<'_>, now: i64) -> Result<(), NotVerified> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let iss = text("iss").unwrap_or_default();
    if iss.is_empty() || !expected.issuers.contains(&iss) {
        return Err(NotVerified::Issuer(iss.chars().take(LONGEST).collect()));
    }
    judge_audience(claims, expected.audiences)?;
    if text("sub").is_none_or(str::is_empty) {
        return Err(NotVerified::Subject);
    }
    judge_times(claims, i64::try_from(expected.skew.as_secs()).unwrap_or(i64::MAX), now)?;
    let repeats = |sent: &str| text("nonce").is_some_and(|said| constant_time::eq(said.as_bytes(), sent.as_bytes()));
    let is_answer = match expected.nonce {
        Nonce::NotSent => true,
        Nonce::Repeated(sent) => repeats(sent),
        Nonce::RepeatedIfAny(sent) => !claims.contains_key("nonce") || repeats(sent),
    };
    is_answer.then_some(()).ok_or(NotVerified::Nonce)
}

fn judge_audience(claims: &Map<String, Value>, audiences: &[&str]) -> Result<(), NotVerified> {
    let is_us = |said: &str| !said.is_empty() && audiences.contains(&said);
    let (is_for_us, is_for_several) = match claims.get("aud") {
        Some(Value::String(aud)) => (is_us(aud), false),
        Some(Value::Array(list)) => {
            let all: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            let all = all.ok_or(NotVerified::Audience)?;
            (all.iter().any(|aud| is_us(aud)), all.len() > 1)
        }
        _ => (false, false),
    };
    if !is_for_us {
        return Err(NotVerified::Audience);
    }
    let was_given_to_us = match claims.get("azp") {
        None => !is_for_several,
        Some(azp) => azp.as_str().is_some_and(is_us),
    };
    was_given_to_us.then_some(()).ok_or(NotVerified::AuthorizedParty)
}

fn judge_times(claims: &Map<String, Value>, skew: i64, now: i64) -> Result<(), NotVerified> {
    let expires = numeric_date(claims, "exp").ok_or(NotVerified::Time)?;
    let issued = numeric_date(claims, "iat").ok_or(NotVerified::Time)?;
    let begins = match claims.get("nbf") {
        None => issued,
        Some(_) => numeric_date(claims, "nbf").ok_or(NotVerified::Time)?,
    };
    if expires.saturating_add(skew) <= now {
        return Err(NotVerified::Expired);
    }
    if issued.max(begins) > now.saturating_add(skew) {
        return Err(NotVerified::TooEarly);
    }
    Ok(())
}
