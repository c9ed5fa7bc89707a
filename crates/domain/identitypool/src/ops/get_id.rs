//! `GetId`: the identity that logins lead to, or a new guest. Reference: identity-pools-iam 1.7.

use api::cognito_identity::{GetIdInput, GetIdResponse};
use kernel::{Cx, Result};

use crate::{IdentityPools, errors};

impl IdentityPools {
    /// Errors: ResourceNotFound, NotAuthorized, InvalidParameter, those of the logins and of linking.
    pub async fn get_id(&self, cx: &Cx, input: GetIdInput) -> Result<GetIdResponse> {
        let pool = self.pool(&input.identity_pool_id).await?;
        let logins = input.logins.unwrap_or_default();
        let logins = if logins.is_empty() {
            if !pool.allows_guests() {
                return Err(errors::guests_not_supported());
            }
            Vec::new()
        } else {
            self.verify_logins(cx, &pool, &logins).await?
        };
        let identity = self.settle(cx, &pool, None, &logins).await?;
        Ok(GetIdResponse {
            identity_id: Some(identity.into()),
        })
    }
}
