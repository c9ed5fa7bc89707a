//! What the pages of hosted login ask for: how they look, and the pictures that browsers fetch. Reference: oauth-and-federation 9.

use std::sync::Arc;

use api::cognito_idp::AssetExtensionType;
use kernel::{ApiError, ClientId, PoolId, Result};
use store::{Scope, records::pictures};

use super::{
    appearance::Appearance,
    picture::{self, Asset},
};
use crate::UserPools;

impl UserPools {
    /// How hosted login looks for an app client. None: there is no such client.
    pub async fn appearance(&self, pool: &PoolId, client: &ClientId) -> Result<Option<Arc<Appearance>>> {
        let key = (pool.clone(), client.clone());
        let (id, name) = key.clone();
        let load = self
            .appearances
            .load(&key, || Scope::pool(pool), move |r| Appearance::read(r, &id, &name));
        Ok(load.await?)
    }

    /// A picture by the digest in its address: another one never has it, so browsers may keep it for ever.
    pub async fn asset(&self, pool: &PoolId, digest: &str) -> Result<Option<Asset>> {
        let (pool, digest) = (pool.clone(), digest.to_owned());
        let found = self
            .store
            .look_up(move |r| pictures::by_digest(r, &pool, &digest))
            .await?;
        let Some((format, bytes)) = found else {
            return Ok(None);
        };
        let format = AssetExtensionType::parse(&format).ok_or_else(|| ApiError::internal("a picture's format"))?;
        Ok(Some(Asset {
            content_type: picture::content_type(format),
            bytes,
        }))
    }
}
