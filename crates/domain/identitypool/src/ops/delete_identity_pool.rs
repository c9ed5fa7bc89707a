//! `DeleteIdentityPool`: the pool is gone at once, its identities with it.

use api::cognito_identity::DeleteIdentityPoolInput;
use kernel::{ApiError, Cx, IdentityPoolId, Result};
use store::{
    cache, done,
    records::{identity_pools, versions},
    refuse,
};

use crate::{IdentityPools, errors};

impl IdentityPools {
    /// Errors: ResourceNotFound.
    pub async fn delete_identity_pool(&self, _: &Cx, input: DeleteIdentityPoolInput) -> Result<()> {
        let id = IdentityPoolId::new(input.identity_pool_id);
        let gone = id.clone();
        self.store
            .write(move |tx| {
                if !identity_pools::delete(tx, &gone)? {
                    return refuse(errors::pool_not_found(&gone));
                }
                versions::bump(tx, &cache::pool_scope(&gone))?;
                done(())
            })
            .await??;
        self.pools.invalidate(&id);
        self.purge(&id).await
    }

    /// Deletes what is left of a pool that is no more, a few hundred identities a transaction.
    pub(crate) async fn purge(&self, id: &IdentityPoolId) -> Result<(), ApiError> {
        loop {
            let gone = id.clone();
            let more = self
                .store
                .write(move |tx| done(identity_pools::purge(tx, &gone)?))
                .await??;
            if !more {
                return Ok(());
            }
        }
    }
}
