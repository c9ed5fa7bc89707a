//! `DeleteUserPool`. Reference: user-pools 2.7.

use std::sync::Arc;

use api::cognito_idp::{DeleteUserPoolRequest, DeletionProtectionType};
use kernel::{Cx, PoolId, Result};
use store::records::{domains, pools};

use crate::{
    UserPools, errors,
    pool::{Pool, Rows, stored},
};

impl UserPools {
    /// The pool is gone when this returns; its users' rows go in the background.
    ///
    /// Errors: ResourceNotFound, InvalidParameter (protected, or with a domain).
    pub async fn delete_user_pool(&self, _cx: &Cx, input: DeleteUserPoolRequest) -> Result<()> {
        let id = input.user_pool_id;
        let pool = PoolId::parse(&id).ok_or_else(|| errors::pool_does_not_exist(&id))?;
        let keyring = Arc::clone(&self.keyring);
        self.store
            .write(move |tx| {
                let Some(row) = pools::by_id(tx, &pool)? else {
                    return Err(errors::pool_does_not_exist(pool.as_str()).into());
                };
                let settings = Pool::load(Rows::alone(row), &keyring)?.settings;
                if settings.deletion_protection == Some(DeletionProtectionType::Active) {
                    return Err(errors::deletion_protected().into());
                }
                if !domains::all(tx, &pool)?.is_empty() {
                    return Err(errors::hosted::pool_has_a_domain().into());
                }
                pools::delete(tx, &pool)?;
                Ok(stored::touch(tx, &pool)?)
            })
            .await?;

        // Nobody waits for it.
        self.deletions.ring();
        Ok(())
    }
}
