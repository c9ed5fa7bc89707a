//! `DeleteIdentityPool`: the pool is gone at once, its identities with it.

use api::cognito_identity::DeleteIdentityPoolInput;
use kernel::{Cx, IdentityPoolId, Result};

use crate::IdentityPools;

impl IdentityPools {
    /// Errors: ResourceNotFound.
    pub async fn delete_identity_pool(&self, _: &Cx, input: DeleteIdentityPoolInput) -> Result<()> {
        let id = IdentityPoolId::new(input.identity_pool_id);
        self.remove(&id).await?;
        self.purge(&id).await
    }
}
