//! `DeleteResourceServer`: app clients may go on listing its scopes, which are inactive. Reference: user-pools 14.4.

use api::cognito_idp::DeleteResourceServerRequest;
use kernel::{Cx, Result};
use store::records::resource_servers;

use crate::{UserPools, errors::hosted, pool::stored};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn delete_resource_server(&self, _cx: &Cx, input: DeleteResourceServerRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        let id = pool.id.clone();
        self.store
            .write(move |tx| {
                if !resource_servers::delete(tx, &id, &input.identifier)? {
                    return Err(hosted::resource_server_does_not_exist(&input.identifier).into());
                }
                Ok(stored::touch(tx, &id)?)
            })
            .await?;
        Ok(())
    }
}
