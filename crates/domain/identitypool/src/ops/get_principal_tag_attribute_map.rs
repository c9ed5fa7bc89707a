//! `GetPrincipalTagAttributeMap`: a provider without a map has an empty one. Reference: identity-pools-iam 1.14.

use api::cognito_identity::{GetPrincipalTagAttributeMapInput, GetPrincipalTagAttributeMapResponse};
use kernel::{Cx, Result};

use crate::IdentityPools;

impl IdentityPools {
    /// Errors: ResourceNotFound.
    pub async fn get_principal_tag_attribute_map(
        &self,
        _: &Cx,
        input: GetPrincipalTagAttributeMapInput,
    ) -> Result<GetPrincipalTagAttributeMapResponse> {
        let pool = self.pool(&input.identity_pool_id).await?;
        let map = pool.settings.tag_map(&input.identity_provider_name);
        Ok(GetPrincipalTagAttributeMapResponse {
            identity_pool_id: Some(input.identity_pool_id),
            identity_provider_name: Some(input.identity_provider_name),
            use_defaults: Some(map.and_then(|map| map.use_defaults).unwrap_or(false)),
            principal_tags: Some(map.and_then(|map| map.principal_tags.clone()).unwrap_or_default()),
        })
    }
}
