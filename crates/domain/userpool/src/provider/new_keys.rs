//! Keys of ours for SAML are made when they are first needed, and a pool's is certified anew by the year. Reference: oauth-and-federation
//! 11.2.

use std::{sync::Arc, time::Duration};

use kernel::{ApiError, Cx, PoolId, Result};
use saml::{CERTIFICATE_LIFE, Key};
use store::{
    Stop, StoreError, Tx,
    records::{
        pools,
        saml_keys::{OWN, SamlKey, certify, find, insert},
    },
};
use zeroize::Zeroizing;

use super::saml_keys;
use crate::{
    UserPools, errors,
    pool::{Pool, stored},
};

/// How long one certificate of a pool's key is given out; another follows over the same key.
const A_YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

impl UserPools {
    /// A key that nobody has yet, as the row of a provider, or of the pool itself ([`OWN`]). Errors: internal.
    pub(crate) async fn new_saml_key(&self, cx: &Cx, pool: &PoolId, provider: &str) -> Result<SamlKey> {
        let private = self.tokens.new_key().await?.to_pkcs8()?;
        let private = Zeroizing::new(private.as_bytes().to_vec());
        let key = self.certified(cx, pool, Key::new(Vec::new(), private)).await?;
        let owner = (pool, provider);
        saml_keys::sealed(owner, &key, cx.now(), &self.keyring, cx.rng()).map_err(ApiError::internal)
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
                    .write(move |tx| newest(tx, &row, |tx| certify(tx, &row, before)))
                    .await
            }
            None => {
                let row = self.new_saml_key(cx, &pool.id, OWN).await?;
                self.store
                    .write(move |tx| newest(tx, &row, |tx| insert(tx, &row)))
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
    let found = find(tx, &row.pool, OWN)?;
    found.map(|found| found.certificate).ok_or(Stop::Raced)
}
