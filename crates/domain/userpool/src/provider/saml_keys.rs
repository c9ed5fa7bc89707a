//! Keys of ours for SAML: a pool's, which signs what we send, and providers', for which they encrypt. They lie sealed. Reference:
//! oauth-and-federation 11.2, 11.3.

use kernel::{PoolId, Rng, Timestamp};
use saml::Key;
use store::{Record, StoreError, records::saml_keys::SamlKey};
use vault::{Keyring, Purpose, SealError};
use zeroize::Zeroizing;

/// As what SAML identity providers know a pool. Reference: oauth-and-federation 11.1.
pub(crate) fn entity_id(pool: &PoolId) -> String {
    format!("urn:amazon:cognito:sp:{pool}")
}

/// A pool's own.
pub(crate) struct OwnKey {
    pub key: Key,
    /// When its certificate was made.
    pub certified: Timestamp,
}

impl OwnKey {
    /// Errors: it does not open.
    pub fn load(row: &SamlKey, keyring: &Keyring) -> Result<Self, StoreError> {
        Ok(Self {
            key: opened(row, keyring)?,
            certified: row.created,
        })
    }
}

/// The row of a provider's, or of the pool's own. `now`: when its certificate was made.
pub(crate) fn sealed(
    (pool, provider): (&PoolId, &str),
    key: &Key,
    now: Timestamp,
    keyring: &Keyring,
    rng: &dyn Rng,
) -> Result<SamlKey, SealError> {
    let place = [pool.as_str(), provider];
    Ok(SamlKey {
        pool: pool.clone(),
        provider: provider.to_owned(),
        private: keyring.seal(Purpose::SamlKey, &place, key.private(), rng)?,
        certificate: key.certificate.clone(),
        created: now,
    })
}

/// Errors: it does not open.
pub(crate) fn opened(row: &SamlKey, keyring: &Keyring) -> Result<Key, StoreError> {
    let place = [row.pool.as_str(), &row.provider];
    let opened = keyring.open(Purpose::SamlKey, &place, &row.private);
    let private = opened.map_err(|error| row.corrupt("private", error))?;
    let private = Zeroizing::new(private.as_bytes().to_vec());
    Ok(Key::new(row.certificate.clone(), private))
}
