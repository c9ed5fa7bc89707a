//! `DeleteIdentityPool`: the pool is gone at once and nobody reaches its identities any more.

use api::cognito_identity::DeleteIdentityPoolInput;
use kernel::{Cx, IdentityPoolId, Result};

use crate::IdentityPools;

impl IdentityPools {
    /// The identities' rows go in the background. Errors: ResourceNotFound.
    pub async fn delete_identity_pool(&self, _: &Cx, input: DeleteIdentityPoolInput) -> Result<()> {
        let id = IdentityPoolId::new(input.identity_pool_id);
        self.remove(&id).await?;
        // Nobody waits for it.
        self.deletions.ring();
        Ok(())
    }
}
