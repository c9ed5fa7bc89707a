//! `DeleteUserPoolClient`. Reference: user-pools 3.1.

use api::cognito_idp::DeleteUserPoolClientRequest;
use kernel::{ClientId, Cx, PoolId, Result};
use store::records::{clients, pools};

use crate::{UserPools, errors, pool::stored};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn delete_user_pool_client(&self, _cx: &Cx, input: DeleteUserPoolClientRequest) -> Result<()> {
        let (pool, client) = (PoolId::new(input.user_pool_id), ClientId::new(input.client_id));
        self.store
            .write(move |tx| {
                if pools::by_id(tx, &pool)?.is_none() {
                    return Err(errors::pool_does_not_exist(pool.as_str()).into());
                }
                if !clients::delete(tx, &pool, &client)? {
                    return Err(errors::client_does_not_exist(client.as_str()).into());
                }
                Ok(stored::touch(tx, &pool)?)
            })
            .await?;
        Ok(())
    }
}
