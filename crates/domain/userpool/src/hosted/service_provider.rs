//! What providers of SAML are told of a pool, as their service provider. Reference: oauth-and-federation 11.1.

use kernel::{ApiError, PoolId};
use saml::ServiceProvider;

use crate::{UserPools, provider::saml_keys::entity_id};

/// Where a pool is reached, at one of its domains.
#[derive(Clone, Debug)]
pub struct ServiceAddresses {
    /// Where answers are posted.
    pub consumer: String,
    /// Where messages of logouts are posted.
    pub logout: String,
}

impl UserPools {
    /// The pool's metadata, with what it signs by; `provider`: one whose assertions come encrypted, if they do. None: there is no such pool,
    /// or none of SAML by this name. Nothing is made: a pool has its key with its first provider. Errors: internal.
    pub async fn saml_metadata(
        &self,
        pool: &PoolId,
        at: ServiceAddresses,
        provider: Option<&str>,
    ) -> Result<Option<String>, ApiError> {
        let Some(pool) = self.load(pool).await? else {
            return Ok(None);
        };
        let encryption = match provider {
            None => None,
            Some(name) => match pool.providers.get(name).filter(|provider| provider.is_by_saml()) {
                None => return Ok(None),
                Some(provider) => provider.saml_key.as_ref().filter(|_| provider.encrypts()),
            },
        };
        let us = ServiceProvider {
            entity_id: entity_id(&pool.id),
            acs: at.consumer,
            slo: at.logout,
        };
        let signing = pool.saml_key.iter().map(|own| own.key.certificate.clone());
        let signing: Vec<_> = signing.collect();
        let encryption = encryption.map(|key| key.certificate.as_slice());
        Ok(Some(saml::metadata(&us, &signing, encryption)))
    }
}
