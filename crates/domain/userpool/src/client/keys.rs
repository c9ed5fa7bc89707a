//! The keys by which a client shows that it is this one (`private_key_jwt`, RFC 7523), and where they come from: a tag of its pool, or what
//! it said when it registered itself. Whatever can't be read is keys of nobody: who has registered some never shows less. decision 20.

use std::collections::BTreeMap;

use kernel::ClientId;
use upstream::Address;
use vault::jws::{KeySet, PublicKey};

use super::tag::ClientTag;

pub(crate) const TAG: ClientTag = ClientTag {
    name: "poolhouse:client-keys:",
    is_fit: |value, _| ClientKeys::of_tag(value).is_some(),
    may_be: "the URL of a JSON Web Key Set, or one public key as a JSON Web Key",
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ClientKeys {
    Here(KeySet),
    /// The address at which the client publishes them.
    At(Address),
}

impl ClientKeys {
    /// Those that the pool's tags have for a client.
    pub fn of_tags(tags: &BTreeMap<String, String>, client: &ClientId) -> Option<Self> {
        let value = TAG.of(tags, client)?;
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

    pub(super) fn of_nobody() -> Self {
        Self::Here(KeySet::default())
    }
}

/// Which addresses there are, and may be reached from here, is found out when they are asked.
pub(crate) fn is_address(text: &str) -> bool {
    address(text).is_some()
}

/// Which addresses there are, and may be reached from here, is found out when they are asked.
pub(super) fn address(text: &str) -> Option<Address> {
    let is_one = text.len() <= 1024 && !text.contains('#');
    Address::of_tenant(text).ok().filter(|_| is_one)
}

#[cfg(test)]
mod tests {
    use upstream::Reach;

    use super::*;

    const KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    #[test]
    fn a_tag_is_an_address_or_a_key() {
        let private = KEY.replace("\"x\"", "\"d\":\"AA\",\"x\"");
        let secret = r#"{"kty":"oct","k":"AAAA"}"#;
        for (value, fit) in [
            (KEY, true),
            ("https://app.example.com/jwks.json", true),
            ("http://localhost:3000/jwks.json", true),
            ("ftp://app.example.com/jwks", false),
            ("https://u:p@app.example.com/", false),
            ("https://app.example.com/#x", false),
            ("", false),
            ("{}", false),
            ("{", false),
            (&private, false),
            (secret, false),
        ] {
            assert_eq!((TAG.is_fit)(value, Reach::Public), fit, "{value}");
        }
    }

    #[test]
    fn a_tag_that_cannot_be_read_is_keys_of_nobody() {
        let tags = |value: &str| BTreeMap::from([("poolhouse:client-keys:abc".to_owned(), value.to_owned())]);
        let (own, other) = (ClientId::new("abc"), ClientId::new("ab"));
        assert!(matches!(
            ClientKeys::of_tags(&tags(KEY), &own),
            Some(ClientKeys::Here(_))
        ));
        assert_eq!(ClientKeys::of_tags(&tags(KEY), &other), None);
        assert_eq!(ClientKeys::of_tags(&tags("?"), &own), Some(ClientKeys::of_nobody()));
    }
}
