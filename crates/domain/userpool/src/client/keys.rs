//! The keys by which a client shows that it is this one (`private_key_jwt`, RFC 7523), and where they come from: a tag of its pool, or what
//! it said when it registered itself. Whatever can't be read is keys of nobody: who has registered some never shows less. decision 20.

use std::collections::BTreeMap;

use kernel::ClientId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use upstream::Address;
use vault::jws::{KeySet, PublicKey};

/// What a tag's name begins with; the client's id follows.
const TAG: &str = "poolhouse:client-keys:";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ClientKeys {
    Here(KeySet),
    /// The address at which the client publishes them.
    At(Address),
}

/// What a client said of itself that Cognito has no setting for.
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
}

impl ClientKeys {
    /// Those that the pool's tags have for a client.
    pub fn of_tags(tags: &BTreeMap<String, String>, client: &ClientId) -> Option<Self> {
        let (_, value) = tags
            .range(TAG.to_owned()..)
            .take_while(|(name, _)| name.starts_with(TAG))
            .find(|(name, _)| name.strip_prefix(TAG) == Some(client.as_str()))?;
        Some(Self::of_tag(value).unwrap_or_else(Self::of_nobody))
    }

    /// An address, or a single key. None: it is neither.
    fn of_tag(value: &str) -> Option<Self> {
        if !value.starts_with('{') {
            return address(value).map(Self::At);
        }
        let key = PublicKey::read(&serde_json::from_str(value).ok()?).ok()?;
        Some(Self::Here(KeySet::of(key)))
    }

    fn of_nobody() -> Self {
        Self::Here(KeySet::default())
    }
}

/// Whether a tag is one of these.
pub(crate) fn is_tag(name: &str) -> bool {
    name.starts_with(TAG)
}

/// Whether it may be: of a client, and with keys.
pub(crate) fn is_tag_fit(name: &str, value: &str) -> bool {
    let client = name.strip_prefix(TAG).and_then(ClientId::parse);
    client.is_some() && ClientKeys::of_tag(value).is_some()
}

pub(crate) fn is_address(text: &str) -> bool {
    address(text).is_some()
}

/// Which addresses there are, and may be reached from here, is found out when they are asked.
fn address(text: &str) -> Option<Address> {
    let is_one = text.len() <= 1024 && !text.contains('#');
    Address::of_tenant(text).ok().filter(|_| is_one)
}

impl Registered {
    /// As it is stored.
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
            (None, Some(at)) => Some(address(at).map_or_else(ClientKeys::of_nobody, ClientKeys::At)),
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

    const KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    #[test]
    fn a_tag_is_an_address_or_a_key() {
        let private = KEY.replace("\"x\"", "\"d\":\"AA\",\"x\"");
        let secret = r#"{"kty":"oct","k":"AAAA"}"#;
        for (name, value, fit) in [
            ("poolhouse:client-keys:abc", KEY, true),
            ("poolhouse:client-keys:abc", "https://app.example.com/jwks.json", true),
            ("poolhouse:client-keys:abc", "http://localhost:3000/jwks.json", true),
            ("poolhouse:client-keys:abc", "ftp://app.example.com/jwks", false),
            ("poolhouse:client-keys:abc", "https://u:p@app.example.com/", false),
            ("poolhouse:client-keys:abc", "https://app.example.com/#x", false),
            ("poolhouse:client-keys:abc", "", false),
            ("poolhouse:client-keys:abc", "{}", false),
            ("poolhouse:client-keys:abc", "{", false),
            ("poolhouse:client-keys:abc", &private, false),
            ("poolhouse:client-keys:abc", secret, false),
            ("poolhouse:client-keys:", KEY, false),
            ("poolhouse:client-keys:a b", KEY, false),
        ] {
            assert!(is_tag(name));
            assert_eq!(is_tag_fit(name, value), fit, "{name} {value}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_keys_of_nobody() {
        let tags = |value: &str| BTreeMap::from([("poolhouse:client-keys:abc".to_owned(), value.to_owned())]);
        let (own, other) = (ClientId::new("abc"), ClientId::new("ab"));
        assert!(matches!(
            ClientKeys::of_tags(&tags(KEY), &own),
            Some(ClientKeys::Here(_))
        ));
        assert_eq!(ClientKeys::of_tags(&tags(KEY), &other), None);
        assert_eq!(ClientKeys::of_tags(&tags("?"), &own), Some(ClientKeys::of_nobody()));
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
