//! Keys of ours for SAML: a pool's, which signs what we send, and providers', for which they encrypt. They are made when they are first
//! needed and lie sealed. Reference: oauth-and-federation 11.2, 11.3.

use std::{sync::Arc, time::Duration};

use kernel::{ApiError, Cx, PoolId, Result, Timestamp};
use saml::{CERTIFICATE_LIFE, Key};
use store::{
    Record, Stop, StoreError, Tx,
    records::{
        pools,
        saml_keys::{self, OWN, SamlKey},
    },
};
use vault::{Keyring, Purpose};
use zeroize::Zeroizing;

use crate::{UserPools, errors, pool::Pool, pool::stored};

/// How long one certificate of a pool's key is given out; another follows over the same key.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

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

/// Errors: it does not open.
pub(crate) fn opened(row: &SamlKey, keyring: &Keyring) -> Result<Key, StoreError> {
    let opened = keyring.open(Purpose::SamlKey, &place(row), &row.private);
    let private = opened.map_err(|error| row.corrupt("private", error))?;
    Ok(Key::new(
        row.certificate.clone(),
        Zeroizing::new(private.as_bytes().to_vec()),
    ))
}

fn place(row: &SamlKey) -> [&str; 2] {
    [row.pool.as_str(), &row.provider]
}

impl UserPools {
    /// A key that nobody has yet, as the row of a provider, or of the pool itself ([`OWN`]). Errors: internal.
    pub(crate) async fn new_saml_key(&self, cx: &Cx, pool: &PoolId, provider: &str) -> Result<SamlKey> {
        let private = self.tokens.new_key().await?.to_pkcs8()?;
        let private = Zeroizing::new(private.as_bytes().to_vec());
        let key = self.certified(cx, pool, Key::new(Vec::new(), private)).await?;
        let mut row = SamlKey {
            pool: pool.clone(),
            provider: provider.to_owned(),
            private: Vec::new(),
            certificate: key.certificate.clone(),
            created: cx.now(),
        };
        let sealed = self
            .keyring
            .seal(Purpose::SamlKey, &place(&row), key.private(), cx.rng());
        row.private = sealed.map_err(ApiError::internal)?;
        Ok(row)
    }

    /// The newest certificate of a pool's key, which is made where there is none; DER. Errors: ResourceNotFound.
    pub(crate) async fn signing_certificate(&self, cx: &Cx, pool: &Pool) -> Result<Vec<u8>> {
        let saved = match &pool.saml_key {
            Some(own) if cx.now().since(own.certified) < A_YEAR => return Ok(own.key.certificate.clone()),
            Some(own) => {
                let row = SamlKey {
                    pool: pool.id.clone(),
                    provider: OWN.to_owned(),
                    // What is certified anew stays.
                    private: Vec::new(),
                    certificate: self.certified(cx, &pool.id, own.key.clone()).await?.certificate,
                    created: cx.now(),
                };
                let before = own.certified;
                self.store
                    .write(move |tx| newest(tx, &row, |tx| saml_keys::certify(tx, &row, before)))
                    .await
            }
            None => {
                let row = self.new_saml_key(cx, &pool.id, OWN).await?;
                self.store
                    .write(move |tx| newest(tx, &row, |tx| saml_keys::insert(tx, &row)))
                    .await
            }
        };
        Ok(saved?)
    }

    async fn certified(&self, cx: &Cx, pool: &PoolId, key: Key) -> Result<Key> {
        let (env, pool) = (Arc::clone(&cx.env), pool.clone());
        let certified = self.cpu.run(move || {
            let (now, rng) = (env.clock.wall(), env.rng.as_ref());
            key.renewed(pool.as_str(), now, CERTIFICATE_LIFE, rng)
        });
        certified.await?.map_err(ApiError::internal)
    }
}

/// The certificate that the pool has once `save` has been tried: somebody else's, if they were quicker.
fn newest(
    tx: &mut Tx<'_>,
    row: &SamlKey,
    save: impl Fn(&mut Tx<'_>) -> Result<bool, StoreError>,
) -> Result<Vec<u8>, Stop> {
    if pools::by_id(tx, &row.pool)?.is_none() {
        return Err(errors::pool_does_not_exist(row.pool.as_str()).into());
    }
    if save(tx)? {
        stored::touch(tx, &row.pool)?;
        return Ok(row.certificate.clone());
    }
    let found = saml_keys::find(tx, &row.pool, OWN)?;
    found.map(|found| found.certificate).ok_or(Stop::Raced)
}
