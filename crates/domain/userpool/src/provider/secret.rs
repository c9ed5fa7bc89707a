//! What of a provider's details is secret lies sealed, for its pool and its name.

use std::collections::BTreeMap;

use kernel::{ApiError, PoolId, Rng};
use store::{Record, StoreError, records::identity_providers::IdentityProvider};
use vault::{Keyring, Purpose};

/// Apple's is given and never shown.
pub(super) const PRIVATE_KEY: &str = "private_key";

const SECRET: [&str; 2] = ["client_secret", PRIVATE_KEY];

/// Details as they are stored: those that anybody may read, and the others sealed. Errors: internal.
pub(super) fn sealed(
    keyring: &Keyring,
    (pool, name): (&PoolId, &str),
    details: BTreeMap<String, String>,
    rng: &dyn Rng,
) -> Result<(BTreeMap<String, String>, Vec<u8>), ApiError> {
    let (secret, open) = details
        .into_iter()
        .partition::<BTreeMap<_, _>, _>(|(name, _)| SECRET.contains(&name.as_str()));
    let json = serde_json::to_vec(&secret).map_err(ApiError::internal)?;
    let sealed = keyring.seal(Purpose::ProviderSecret, &[pool.as_str(), name], &json, rng);
    Ok((open, sealed.map_err(ApiError::internal)?))
}

/// What [`sealed`] sealed. Errors: it does not open.
pub(super) fn opened(keyring: &Keyring, row: &IdentityProvider) -> Result<BTreeMap<String, String>, StoreError> {
    let place = [row.pool.as_str(), row.name.as_str()];
    let opened = keyring.open(Purpose::ProviderSecret, &place, &row.secret);
    let opened = opened.map_err(|error| row.corrupt("secret", error))?;
    serde_json::from_slice(opened.as_bytes()).map_err(|error| row.corrupt("secret", error))
}
