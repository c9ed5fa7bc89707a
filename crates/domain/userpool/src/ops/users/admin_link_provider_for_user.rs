//! `AdminLinkProviderForUser` and `AdminDisableProviderForUser`: who a user is elsewhere. Reference: oauth-and-federation 10.6.

use std::sync::Arc;

use api::cognito_idp::{
    AdminDisableProviderForUserRequest, AdminDisableProviderForUserResponse, AdminLinkProviderForUserRequest,
    AdminLinkProviderForUserResponse,
};
use kernel::{Cx, Result};
use store::retrying;

use crate::{
    UserPools,
    external::link::{self, Named},
};

impl UserPools {
    /// Errors: ResourceNotFound, UserNotFound, InvalidParameter, LimitExceeded.
    pub async fn admin_link_provider_for_user(
        &self,
        cx: &Cx,
        input: AdminLinkProviderForUserRequest,
    ) -> Result<AdminLinkProviderForUserResponse> {
        let (pool, now) = (self.pool(&input.user_pool_id).await?, cx.now());
        let destination = Arc::new(Named::of(input.destination_user)?);
        let source = Arc::new(Named::of(input.source_user)?);
        let linked = retrying(|| {
            let (pool, destination, source) = (Arc::clone(&pool), Arc::clone(&destination), Arc::clone(&source));
            self.store
                .write(move |tx| link::link(tx, &pool, (&destination, source.foreigner(&pool)?), now))
        });
        linked.await?;
        Ok(AdminLinkProviderForUserResponse {})
    }

    /// Sessions that began before go on. Errors: ResourceNotFound, UserNotFound, InvalidParameter.
    pub async fn admin_disable_provider_for_user(
        &self,
        cx: &Cx,
        input: AdminDisableProviderForUserRequest,
    ) -> Result<AdminDisableProviderForUserResponse> {
        let (pool, now) = (self.pool(&input.user_pool_id).await?, cx.now());
        let named = Arc::new(Named::of(input.user)?);
        let disabled = retrying(|| {
            let (pool, named) = (Arc::clone(&pool), Arc::clone(&named));
            self.store.write(move |tx| link::disable(tx, &pool, &named, now))
        });
        disabled.await?;
        Ok(AdminDisableProviderForUserResponse {})
    }
}
