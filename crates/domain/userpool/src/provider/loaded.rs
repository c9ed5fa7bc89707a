//! A provider as everything beneath the operations sees it: parsed once, cached with its pool.

use api::{
    Wire,
    cognito_idp::{IdentityProviderType, IdentityProviderTypeType as Kind},
};
use kernel::{ApiError, PoolId, Rng, Timestamp};
use store::{Record, StoreError, records::identity_providers::IdentityProvider};
use vault::Keyring;

use super::{
    kind::{self, USERNAME},
    secret,
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
}

impl Provider {
    /// From the store. Errors: corrupt settings, secrets that do not open.
    pub fn load(row: IdentityProvider, keyring: &Keyring) -> Result<Self, StoreError> {
        let json = row.document("doc", &row.doc)?;
        let mut settings = IdentityProviderType::from_json(json).map_err(|error| row.corrupt("doc", error))?;
        let details = settings.provider_details.get_or_insert_default();
        details.extend(secret::opened(keyring, &row)?);
        Ok(Self {
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
