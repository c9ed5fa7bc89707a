//! Somebody whom a provider vouches for.

use std::{collections::BTreeMap, fmt};

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Provider, apple, claims};

/// What a provider says, verified.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Arrival {
    /// What the provider calls its user by, letter by letter: `sub`, `id`, `user_id`, the NameID.
    pub subject: String,
    /// By the names that a mapping asks for. A value that is a list is already written as reference oauth-and-federation 10.5 has it.
    pub attributes: BTreeMap<String, String>,
    /// What functions are told of it.
    pub told: Told,
    /// The level that the provider says was reached, in its own words (`acr`, AuthnContextClassRef).
    pub level: Option<String>,
    /// Whether the provider itself says that the e-mail address among the attributes is verified.
    pub has_verified_email: bool,
    pub saml: Option<SamlSession>,
    /// What must not be shown a second time.
    pub once: Option<Once>,
}

/// What the provider sent, for InboundFederation. Reference: oauth-and-federation 10.7.
#[derive(Clone, PartialEq, Eq)]
pub enum Told {
    OpenId {
        token_response: BTreeMap<String, String>,
        id_token: BTreeMap<String, String>,
        user_info: BTreeMap<String, String>,
    },
    Saml(BTreeMap<String, String>),
}

impl Default for Told {
    fn default() -> Self {
        Self::Saml(BTreeMap::new())
    }
}

/// By what a SAML identity provider knows the session again at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlSession {
    pub name_id: String,
    /// None: unspecified.
    pub format: Option<String>,
    pub index: Option<String>,
}

/// An assertion's id, until when it could be shown again. True time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    pub id: String,
    pub until: Timestamp,
}

/// The tokens that a mapping may ask for by name.
const TOKENS: [&str; 3] = ["id_token", "access_token", "refresh_token"];

impl Arrival {
    /// What the ID token says wins. `name`: Apple's form field of the first time.
    pub(crate) fn by_id_token(
        provider: &Provider,
        claims: &Map<String, Value>,
        user_info: &Map<String, Value>,
        tokens: &Map<String, Value>,
        name: Option<&str>,
    ) -> Self {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        // The word counts of the address beside which it stands, and only where that is the address that the pool takes.
        let of_email = if claims.contains_key("email") {
            claims
        } else {
            user_info
        };
        let is_taken = provider.mapping().get("email").is_some_and(|source| source == "email");
        let has_email = of_email.get("email").is_some_and(Value::is_string);
        let mut attributes = name.map(apple::name).unwrap_or_default();
        attributes.extend(claims::texts(user_info));
        attributes.extend(claims::texts(claims));
        attributes.extend(named(tokens));
        Self {
            subject: text("sub").unwrap_or_default(),
            attributes,
            level: text("acr"),
            has_verified_email: is_taken && has_email && claims::is_true(of_email.get("email_verified")),
            told: Told::OpenId {
                token_response: claims::texts(tokens),
                id_token: claims::texts(claims),
                user_info: claims::texts(user_info),
            },
            ..Self::default()
        }
    }

    /// Of a provider without ID tokens, none of which says that it has verified an address.
    pub(crate) fn by_profile(subject: String, said: &Map<String, Value>, tokens: &Map<String, Value>) -> Self {
        let mut attributes = claims::texts(said);
        attributes.extend(named(tokens));
        Self {
            subject,
            attributes,
            told: Told::OpenId {
                token_response: claims::texts(tokens),
                id_token: BTreeMap::new(),
                user_info: claims::texts(said),
            },
            ..Self::default()
        }
    }
}

fn named(tokens: &Map<String, Value>) -> impl Iterator<Item = (String, String)> {
    let named = TOKENS
        .into_iter()
        .filter_map(|name| Some((name, tokens.get(name)?.as_str()?)));
    named.map(|(name, token)| (name.to_owned(), token.to_owned()))
}

/// The names of attributes alone: what they say is a person's, and tokens are among it.
impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.attributes.keys().collect::<Vec<_>>();
        f.debug_struct("Arrival")
            .field("attributes", &names)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told(..)")
    }
}
