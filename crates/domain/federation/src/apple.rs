//! What Apple has of its own: a client secret that is a token of ours, and a name that comes with the form. Reference:
//! oauth-and-federation 10.3.

use std::{collections::BTreeMap, time::Duration};

use kernel::Timestamp;
use serde_json::{Map, Value, json};
use vault::jws::{Es256Key, KeyError};

/// Six months are allowed; it is used at once.
const LIFE: Duration = Duration::from_secs(300);

/// Of a part of a name, characters.
const LONGEST: usize = 256;

/// What the client secret is made with.
pub(crate) struct Key {
    team: String,
    id: String,
    pair: Es256Key,
}

impl Key {
    /// None: the private key is none for ES256.
    pub fn read(team: &str, id: &str, private_key: &str) -> Option<Self> {
        Some(Self {
            team: team.to_owned(),
            id: id.to_owned(),
            pair: Es256Key::read(private_key).ok()?,
        })
    }

    /// `audience`: Apple's issuer. `now`: true time.
    pub fn client_secret(&self, client_id: &str, audience: &str, now: Timestamp) -> Result<String, KeyError> {
        let claims = json!({
            "iss": self.team,
            "iat": now.secs(),
            "exp": now.plus(LIFE).secs(),
            "aud": audience,
            "sub": client_id,
        });
        self.pair.sign(&self.id, claims.to_string().as_bytes())
    }
}

/// The name that the form field `user` tells the first time, by the names that mappings have for it. Nobody has signed it: it comes by
/// the browser, and nothing else in it counts.
pub(crate) fn name(user: &str) -> BTreeMap<String, String> {
    let user = serde_json::from_str::<Map<String, Value>>(user).unwrap_or_default();
    let part = |name: &str| {
        let part = user.get("name").and_then(|name_of| name_of.get(name));
        let part = part.and_then(Value::as_str).map(str::trim);
        part.filter(|part| !part.is_empty() && part.chars().count() <= LONGEST && !part.contains(char::is_control))
    };
    let parts = [("firstName", part("firstName")), ("lastName", part("lastName"))];
    let given = parts.iter().filter_map(|(_, part)| *part).collect::<Vec<_>>();
    let whole = Some(given.join(" ")).filter(|whole| !whole.is_empty());
    let parts = parts
        .iter()
        .filter_map(|(name, part)| Some(((*name).to_owned(), (*part)?.to_owned())));
    parts.chain(whole.map(|whole| ("name".to_owned(), whole))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_all_that_the_form_can_tell() {
        let both = r#"{"name":{"firstName":"Ana","lastName":" Ruiz "},"email":"other@example.com","sub":"x"}"#;
        let expected = [("firstName", "Ana"), ("lastName", "Ruiz"), ("name", "Ana Ruiz")];
        assert_eq!(
            name(both),
            BTreeMap::from(expected.map(|(k, v)| (k.to_owned(), v.to_owned())))
        );
        let one = name(r#"{"name":{"firstName":"Ana","lastName":""}}"#);
        assert_eq!((one.len(), one["name"].as_str()), (2, "Ana"));
        let long = format!(r#"{{"name":{{"firstName":"{}"}}}}"#, "a".repeat(257));
        for user in [
            "",
            "[]",
            "{}",
            r#"{"name":"Ana"}"#,
            r#"{"name":{"firstName":["Ana"]}}"#,
            r#"{"name":{"firstName":"A\nna"}}"#,
            &long,
        ] {
            assert_eq!(name(user), BTreeMap::new(), "{user}");
        }
    }
}
