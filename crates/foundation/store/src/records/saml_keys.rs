//! Keys of our own for SAML, each with its certificate. Private halves are sealed.

use kernel::{PoolId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

/// The pool's own, which signs, in the place of a provider's name.
pub const OWN: &str = "";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamlKey {
    pub pool: PoolId,
    /// Who encrypts for it, or [`OWN`].
    pub provider: String,
    /// PKCS#8, sealed.
    pub private: Vec<u8>,
    /// X.509, DER.
    pub certificate: Vec<u8>,
    /// When the certificate was made.
    pub created: Timestamp,
}

record! { $ SamlKey from saml_keys as saml_key_columns: [] (pool, provider) private, certificate, created }

/// False if there is one: whoever is quicker.
pub fn insert(tx: &mut Tx<'_>, key: &SamlKey) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO saml_keys (pool, provider, private, certificate, created) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (pool, provider) DO NOTHING",
        (
            &key.pool,
            &key.provider,
            key.private.as_slice(),
            key.certificate.as_slice(),
            key.created,
        ),
    )?;
    Ok(inserted == 1)
}

/// All of a pool's: what its cached settings hold.
pub fn all(r: &mut impl Read, pool: &PoolId) -> Result<Vec<SamlKey>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            saml_key_columns!(),
            " FROM saml_keys WHERE pool = $1 ORDER BY provider"
        ),
        (pool,),
    )
}

pub fn find(r: &mut impl Read, pool: &PoolId, provider: &str) -> Result<Option<SamlKey>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            saml_key_columns!(),
            " FROM saml_keys WHERE pool = $1 AND provider = $2"
        ),
        (pool, provider),
    )
}

/// Another certificate of the same key in the place of the one that was made at `before`. False if somebody else was quicker.
pub fn certify(tx: &mut Tx<'_>, key: &SamlKey, before: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE saml_keys SET certificate = $3, created = $4 WHERE pool = $1 AND provider = $2 AND created = $5",
        (
            &key.pool,
            &key.provider,
            key.certificate.as_slice(),
            key.created,
            before,
        ),
    )?;
    Ok(changed == 1)
}

pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, provider: &str) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM saml_keys WHERE pool = $1 AND provider = $2",
        (pool, provider),
    )?;
    Ok(())
}
