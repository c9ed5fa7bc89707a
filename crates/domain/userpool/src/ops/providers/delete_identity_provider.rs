//! `DeleteIdentityProvider`: app clients may go on listing it, and its group stays. Reference: oauth-and-federation 10.1.

use api::cognito_idp::DeleteIdentityProviderRequest;
use kernel::{Cx, Result};
use store::records::identity_providers;

use crate::{UserPools, errors::providers, pool::stored};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn delete_identity_provider(&self, _cx: &Cx, input: DeleteIdentityProviderRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        let id = pool.id.clone();
        self.store
            .write(move |tx| {
                if !identity_providers::delete(tx, &id, &input.provider_name)? {
                    return Err(providers::provider_not_found(&input.provider_name).into());
                }
                Ok(stored::touch(tx, &id)?)
            })
            .await?;
        Ok(())
    }
}
