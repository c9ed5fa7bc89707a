//! A provider as everything beneath the operations sees it: parsed once, cached with its pool.

use api::{
    Wire,
    cognito_idp::{IdentityProviderType, IdentityProviderTypeType as Kind},
};
use kernel::{ApiError, PoolId, Rng, Timestamp};
use store::{
    Record, StoreError,
    records::{identity_providers::IdentityProvider, provider_documents::ProviderDocument, saml_keys::SamlKey},
};
use vault::Keyring;

use super::{
    kind::{self, ENCRYPTED_RESPONSES, IDP_INIT, IDP_SIGN_OUT, METADATA_FILE, SIGNING_ALGORITHM, USERNAME},
    saml_keys, secret,
};
use crate::pool::acr::Level;

/// It has no Debug, for its secrets are in clear.
pub(crate) struct Provider {
    pub name: String,
    pub created: Timestamp,
    pub modified: Timestamp,
    /// The row's version, which an update must name.
    pub version: i64,
    /// As it was asked for, without ids and dates.
    pub settings: IdentityProviderType,
    /// Of SAML: as its metadata describes it. None: it is of another kind, or that can't be read any more.
    pub metadata: Option<saml::IdentityProvider>,
    /// Of SAML: what assertions are encrypted for. None: that was not asked for yet.
    pub saml_key: Option<saml::Key>,
}

/// What lies beside a provider's row.
#[derive(Default)]
pub(crate) struct Beside {
    pub document: Option<ProviderDocument>,
    pub key: Option<SamlKey>,
}

impl Provider {
    /// From the store. Errors: corrupt settings, secrets that do not open.
    pub fn load(row: IdentityProvider, beside: Beside, keyring: &Keyring) -> Result<Self, StoreError> {
        let json = row.document("doc", &row.doc)?;
        let mut settings = IdentityProviderType::from_json(json).map_err(|error| row.corrupt("doc", error))?;
        let details = settings.provider_details.get_or_insert_default();
        details.extend(secret::opened(keyring, &row)?);
        let given = details.get(METADATA_FILE).filter(|file| !file.is_empty());
        let metadata = match (given, &beside.document) {
            (Some(file), _) => Some(file.as_str()),
            (None, Some(published)) => Some(published.document.as_str()),
            (None, None) => None,
        };
        Ok(Self {
            metadata: metadata.and_then(|text| saml::IdentityProvider::read(text).ok()),
            saml_key: beside.key.map(|key| saml_keys::opened(&key, keyring)).transpose()?,
            name: row.name,
            created: row.created,
            modified: row.modified,
            version: row.version,
            settings,
        })
    }

    /// As a row of a pool, its secrets sealed. Errors: internal.
    pub fn row(&self, pool: &PoolId, keyring: &Keyring, rng: &dyn Rng) -> Result<IdentityProvider, ApiError> {
        let details = self.settings.provider_details.clone().unwrap_or_default();
        let (details, secret) = secret::sealed(keyring, (pool, &self.name), details, rng)?;
        let settings = IdentityProviderType {
            provider_details: Some(details),
            ..self.settings.clone()
        };
        Ok(IdentityProvider {
            pool: pool.clone(),
            name: self.name.clone(),
            created: self.created,
            modified: self.modified,
            version: self.version,
            doc: settings.to_json().to_string(),
            secret,
        })
    }

    pub fn kind(&self) -> Kind {
        self.settings.provider_type.unwrap_or_default()
    }

    pub fn is_by_saml(&self) -> bool {
        self.kind() == Kind::Saml
    }

    /// What it calls itself, where users' identities tell it: SAML's entity id. Reference: oauth-and-federation 6.1.
    pub fn issuer(&self) -> Option<&str> {
        self.metadata.as_ref().map(|idp| idp.entity_id.as_str())
    }

    /// Whether its assertions are to be encrypted. Reference: oauth-and-federation 11.3 (7).
    pub fn encrypts(&self) -> bool {
        self.is_on(ENCRYPTED_RESPONSES)
    }

    /// Whether it sends people whom nobody sent to it. Reference: oauth-and-federation 11.4.
    pub fn begins_by_itself(&self) -> bool {
        self.is_by_saml() && self.is_on(IDP_INIT)
    }

    /// Whether who is signed out here is to be signed out there. Reference: oauth-and-federation 11.7.
    pub fn signs_out(&self) -> bool {
        self.is_by_saml() && self.is_on(IDP_SIGN_OUT)
    }

    /// Whether it wants requests signed. Reference: oauth-and-federation 11.2.
    pub fn signs_requests(&self) -> bool {
        self.detail(SIGNING_ALGORITHM).is_some()
    }

    /// What is empty is not there.
    pub fn detail(&self, name: &str) -> Option<&str> {
        let details = self.settings.provider_details.as_ref();
        let detail = details.and_then(|details| details.get(name)).map(String::as_str);
        detail.filter(|detail| !detail.is_empty())
    }

    fn is_on(&self, switch: &str) -> bool {
        self.detail(switch)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The pool's attributes that it says something of, and what it calls them.
    pub fn mapping(&self) -> impl Iterator<Item = (&str, &str)> {
        let mapping = self.settings.attribute_mapping.iter().flatten();
        let pairs = mapping.map(|(name, source)| (name.as_str(), source.as_str()));
        pairs.filter(|(name, _)| *name != USERNAME)
    }

    /// The level that it means by a word of its own; the lowest where it means none. Reference: oauth-and-federation 14.
    pub fn level(&self, said: Option<&str>) -> Level {
        let named = |level: &Level| {
            let levels = self.settings.acr_mapping.as_ref()?;
            levels.get(level.key()).filter(|name| Some(name.as_str()) == said)
        };
        let mut levels = Level::ALL.into_iter().rev();
        levels.find(|level| named(level).is_some()).unwrap_or(Level::One)
    }

    /// Whether there is one such provider in the world.
    pub fn is_social(&self) -> bool {
        kind::is_social(self.kind())
    }

    /// Whether it says what an attribute of the pool is to be. The user's name is none.
    pub fn maps(&self, attribute: &str) -> bool {
        let mapping = self.settings.attribute_mapping.as_ref();
        attribute != USERNAME && mapping.is_some_and(|mapping| mapping.contains_key(attribute))
    }

    /// The other names that it is chosen by.
    pub fn identifiers(&self) -> &[String] {
        self.settings.idp_identifiers.as_deref().unwrap_or_default()
    }
}
