//! `DeleteUserPoolClient`. Reference: user-pools 3.1.

use api::cognito_idp::DeleteUserPoolClientRequest;
use kernel::{ClientId, Cx, PoolId, Result};
use store::records::{clients, pools};

use crate::{UserPools, errors, pool::stored};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn delete_user_pool_client(&self, _cx: &Cx, input: DeleteUserPoolClientRequest) -> Result<()> {
        let pool = PoolId::parse(&input.user_pool_id);
        let pool = pool.ok_or_else(|| errors::pool_does_not_exist(&input.user_pool_id))?;
        self.store
            .write(move |tx| {
                if pools::by_id(tx, &pool)?.is_none() {
                    return Err(errors::pool_does_not_exist(pool.as_str()).into());
                }
                let deleted = match ClientId::parse(&input.client_id) {
                    Some(client) => clients::delete(tx, &pool, &client)?,
                    None => false,
                };
                if !deleted {
                    return Err(errors::client_does_not_exist(&input.client_id).into());
                }
                Ok(stored::touch(tx, &pool)?)
            })
            .await?;
        Ok(())
    }
}
