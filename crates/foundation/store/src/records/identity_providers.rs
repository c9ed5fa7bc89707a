//! Identity providers of a user pool, and the other names that they are chosen by. `doc` is the settings but for what is secret of them,
//! which `secret` is, sealed.

use kernel::{PoolId, Timestamp};

use super::{provider_documents, saml_keys};
use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct IdentityProvider {
    pub pool: PoolId,
    pub name: String,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    pub doc: String,
    pub secret: Vec<u8>,
}

record! { $ IdentityProvider from identity_providers as provider_columns:
    [] (pool, name) created, modified, version, doc, secret
}

/// With version 1 whatever `provider.version` says. Its identifiers are claimed beside. False if the pool has one of that name.
pub fn insert(tx: &mut Tx<'_>, provider: &IdentityProvider) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO identity_providers (pool, name, created, modified, version, doc, secret)
         VALUES ($1, $2, $3, $4, 1, $5, $6) ON CONFLICT (pool, name) DO NOTHING",
        (
            &provider.pool,
            &provider.name,
            provider.created,
            provider.modified,
            &provider.doc,
            provider.secret.as_slice(),
        ),
    )?;
    Ok(inserted == 1)
}

/// All of a pool's: what its cached settings hold.
pub fn all(r: &mut impl Read, pool: &PoolId) -> Result<Vec<IdentityProvider>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            provider_columns!(),
            " FROM identity_providers WHERE pool = $1 ORDER BY name"
        ),
        (pool,),
    )
}

pub fn exists(r: &mut impl Read, pool: &PoolId, name: &str) -> Result<bool, StoreError> {
    let found = r.value::<i64>(
        "SELECT version FROM identity_providers WHERE pool = $1 AND name = $2",
        (pool, name),
    )?;
    Ok(found.is_some())
}

pub fn count(r: &mut impl Read, pool: &PoolId) -> Result<i64, StoreError> {
    let providers = r.value("SELECT COUNT(*) FROM identity_providers WHERE pool = $1", (pool,))?;
    Ok(providers.unwrap_or(0))
}

/// Writes `doc`, `secret` and `modified`, guarded by `provider.version` (as it was read). False if somebody else was quicker.
pub fn update(tx: &mut Tx<'_>, provider: &IdentityProvider) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE identity_providers SET doc = $3, secret = $4, modified = $5, version = version + 1
         WHERE pool = $1 AND name = $2 AND version = $6",
        (
            &provider.pool,
            &provider.name,
            &provider.doc,
            provider.secret.as_slice(),
            provider.modified,
            provider.version,
        ),
    )?;
    Ok(changed == 1)
}

/// With its identifiers, the key that is encrypted for by it and what it publishes. False if there is none of that name.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, name: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM identity_providers WHERE pool = $1 AND name = $2",
        (pool, name),
    )?;
    release_identifiers(tx, pool, name)?;
    saml_keys::delete(tx, pool, name)?;
    provider_documents::delete(tx, pool, name)?;
    Ok(deleted == 1)
}

/// Whose an identifier is.
pub fn holder(r: &mut impl Read, pool: &PoolId, identifier: &str) -> Result<Option<String>, StoreError> {
    r.value(
        "SELECT name FROM provider_identifiers WHERE pool = $1 AND identifier = $2",
        (pool, identifier),
    )
}

/// Takes an identifier for a provider. False if it is taken, by this provider or another.
pub fn claim_identifier(tx: &mut Tx<'_>, pool: &PoolId, identifier: &str, name: &str) -> Result<bool, StoreError> {
    let claimed = tx.exec(
        "INSERT INTO provider_identifiers (pool, identifier, name) VALUES ($1, $2, $3)
         ON CONFLICT (pool, identifier) DO NOTHING",
        (pool, identifier, name),
    )?;
    Ok(claimed == 1)
}

/// Gives up all that a provider has.
pub fn release_identifiers(tx: &mut Tx<'_>, pool: &PoolId, name: &str) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM provider_identifiers WHERE pool = $1 AND name = $2",
        (pool, name),
    )?;
    Ok(())
}
