//! `DeleteUserPoolDomain`: its name is free as soon as it is gone. Reference: user-pools 14.3.

use api::cognito_idp::{DeleteUserPoolDomainRequest, DeleteUserPoolDomainResponse};
use kernel::{Cx, PoolId, Result};
use store::records::domains;

use crate::{UserPools, domain::DomainKind, errors::hosted as errors, pool::stored};

impl UserPools {
    /// Errors: InvalidParameter.
    pub async fn delete_user_pool_domain(
        &self,
        _cx: &Cx,
        input: DeleteUserPoolDomainRequest,
    ) -> Result<DeleteUserPoolDomainResponse> {
        let (Some(pool), Some(kind)) = (PoolId::parse(&input.user_pool_id), DomainKind::of(&input.domain)) else {
            return Err(errors::no_such_domain());
        };
        let (name, key) = (input.domain.clone(), kind.key(&input.domain, &pool.region()));
        self.store
            .write(move |tx| {
                if !domains::delete(tx, &pool, kind.as_str(), &name)? {
                    return Err(errors::no_such_domain().into());
                }
                domains::release(tx, &key, &pool)?;
                // The prefix alone too, where it was this pool's.
                domains::release(tx, &name, &pool)?;
                Ok(stored::touch(tx, &pool)?)
            })
            .await?;
        self.domain_changes.ring();
        Ok(DeleteUserPoolDomainResponse {})
    }
}
