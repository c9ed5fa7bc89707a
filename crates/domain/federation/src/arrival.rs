//! Somebody whom a provider vouches for.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// What a provider says, verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
