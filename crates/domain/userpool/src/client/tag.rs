//! Tags of an app client. Cognito's clients have none: the pool has them, under a name that ends in the client's id. What a client may have by
//! tag is a [`ClientTag`], and a row of [`crate::pool::tags`].

use std::collections::BTreeMap;

use kernel::ClientId;
use upstream::Reach;

pub(crate) struct ClientTag {
    /// What its name begins with; the client's id follows.
    pub name: &'static str,
    pub is_fit: fn(&str, Reach) -> bool,
    /// What it may be, as refusals say it.
    pub may_be: &'static str,
}

impl ClientTag {
    /// Whether a tag's name is one of these, of whatever client.
    pub fn is_named(&self, key: &str) -> bool {
        key.starts_with(self.name)
    }

    /// None: it is another tag, or names no client.
    pub fn client_of(&self, key: &str) -> Option<ClientId> {
        key.strip_prefix(self.name).and_then(ClientId::parse)
    }

    /// What a pool's tags have for a client.
    pub fn of<'t>(&self, tags: &'t BTreeMap<String, String>, client: &ClientId) -> Option<&'t str> {
        let key = format!("{}{}", self.name, client.as_str());
        tags.get(&key).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_its_client() {
        let tag = ClientTag {
            name: "poolhouse:keys:",
            is_fit: |_, _| true,
            may_be: "keys",
        };
        for (key, is_named, client) in [
            ("poolhouse:keys:1example23456789", true, Some("1example23456789")),
            ("poolhouse:keys", false, None),
            ("poolhouse:keys:", true, None),
            ("poolhouse:keys:a b", true, None),
            ("poolhouse:keysx:1abc", false, None),
        ] {
            assert_eq!(tag.is_named(key), is_named, "{key}");
            assert_eq!(tag.client_of(key).as_ref().map(ClientId::as_str), client, "{key}");
        }
        let tags = BTreeMap::from([("poolhouse:keys:abc".to_owned(), "x".to_owned())]);
        for (client, value) in [("abc", Some("x")), ("ab", None), ("abcd", None)] {
            assert_eq!(tag.of(&tags, &ClientId::new(client)), value, "{client}");
        }
    }
}
