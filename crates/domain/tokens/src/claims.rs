//! A verified token's claims, read leniently: what is absent or of another type is None. Reference: user-pools 8.

use kernel::Timestamp;
use serde_json::{Map, Value};

use crate::jti;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUse {
    Id,
    Access,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Claims(pub Map<String, Value>);

impl Claims {
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A list of texts; a single text counts as a list of one.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    pub fn token_use(&self) -> Option<TokenUse> {
        match self.text("token_use")? {
            "id" => Some(TokenUse::Id),
            "access" => Some(TokenUse::Access),
            _ => None,
        }
    }

    /// The thumbprint of the key that the token is bound to: `cnf.jkt` (RFC 9449 section 6.1).
    pub(crate) fn key(&self) -> Option<&str> {
        self.get("cnf")?.get("jkt")?.as_str()
    }

    /// Seconds since the epoch; a token without `exp` has long expired.
    pub fn expires_at(&self) -> i64 {
        self.get("exp").and_then(Value::as_i64).unwrap_or(i64::MIN)
    }

    /// A token that does not say so comes of a sign-in long ago.
    pub fn auth_time(&self) -> Timestamp {
        Timestamp::from_secs(self.get("auth_time").and_then(Value::as_i64).unwrap_or_default())
    }

    /// True time: to the millisecond where there is a `jti` of ours, else the beginning of the second.
    pub(crate) fn issued_at(&self) -> Option<Timestamp> {
        let by_iat = || self.get("iat").and_then(Value::as_i64).map(Timestamp::from_secs);
        self.text("jti").and_then(jti::issued_at).or_else(by_iat)
    }
}
