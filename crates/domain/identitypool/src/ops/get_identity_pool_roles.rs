//! `GetIdentityPoolRoles`. Reference: identity-pools-iam 1.9.

use api::cognito_identity::{GetIdentityPoolRolesInput, GetIdentityPoolRolesResponse};
use kernel::{Cx, Result};

use crate::IdentityPools;

impl IdentityPools {
    /// Errors: ResourceNotFound.
    pub async fn get_identity_pool_roles(
        &self,
        _: &Cx,
        input: GetIdentityPoolRolesInput,
    ) -> Result<GetIdentityPoolRolesResponse> {
        let pool = self.pool(&input.identity_pool_id).await?;
        let (roles, mappings) = (&pool.settings.roles, &pool.settings.role_mappings);
        Ok(GetIdentityPoolRolesResponse {
            identity_pool_id: Some(input.identity_pool_id),
            roles: (!roles.is_empty()).then(|| roles.clone()),
            role_mappings: (!mappings.is_empty()).then(|| mappings.clone()),
        })
    }
}
