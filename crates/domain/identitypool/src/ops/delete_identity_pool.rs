//! `DeleteIdentityPool`: the pool is gone at once, its identities with it.

use api::cognito_identity::DeleteIdentityPoolInput;
use kernel::{Cx, IdentityPoolId, Result};
use store::{
    cache, done,
    records::{identity_pools, versions},
    refuse,
};

use crate::{IdentityPools, deletion, errors};

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
                deletion::begin(tx, &gone)?;
                versions::bump(tx, &cache::pool_scope(&gone))?;
                done(())
            })
            .await??;
        self.pools.invalidate(&id);
        self.purge(&id).await
    }
}
