//! What a client said of itself when it registered (RFC 7591) that Cognito has no setting for: it lies in the client's document beside its
//! settings, and stays when an administrator changes those. Decisions 20, 22.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use vault::jws::KeySet;

use super::keys::{self, ClientKeys};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// Its keys, or where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// It wants no token that is not bound to a key (RFC 9449).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_bound: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logout: Option<Logout>,
}

/// How it wants to hear that a browser's session has ended. OpenID Connect Back-Channel Logout 1.0 section 2.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logout {
    pub uri: String,
    /// Whether it needs `sid`, which is in every logout token.
    pub needs_session: bool,
}

impl Registered {
    /// As it is stored. What can't be read is keys of nobody: a client that has registered some never shows less.
    pub(crate) fn read(stored: Option<Value>) -> Self {
        let read = stored.map_or_else(|| Ok(Self::default()), serde_json::from_value);
        read.unwrap_or_else(|_| Self {
            jwks: Some(Map::new()),
            ..Self::default()
        })
    }

    /// None: it has none.
    pub(crate) fn keys(&self) -> Option<ClientKeys> {
        match (&self.jwks, &self.jwks_uri) {
            (None, None) => None,
            (Some(set), None) => Some(KeySet::read(set).map_or_else(|_| ClientKeys::of_nobody(), ClientKeys::Here)),
            (None, Some(at)) => Some(keys::address(at).map_or_else(ClientKeys::of_nobody, ClientKeys::At)),
            (Some(_), Some(_)) => Some(ClientKeys::of_nobody()),
        }
    }

    pub fn has_keys(&self) -> bool {
        self.jwks.is_some() || self.jwks_uri.is_some()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_keys_of_nobody() {
        assert_eq!(Registered::read(None).keys(), None);
        for stored in [
            json!(7),
            json!({"jwks": {"keys": []}}),
            json!({"jwks": {}, "jwks_uri": "https://a.example"}),
        ] {
            assert_eq!(Registered::read(Some(stored)).keys(), Some(ClientKeys::of_nobody()));
        }
    }
}
