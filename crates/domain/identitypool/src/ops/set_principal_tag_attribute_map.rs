//! `SetPrincipalTagAttributeMap` replaces a provider's map. Reference: identity-pools-iam 1.14.

use api::cognito_identity::{SetPrincipalTagAttributeMapInput, SetPrincipalTagAttributeMapResponse};
use kernel::{Cx, IdentityPoolId, Result};

use crate::{IdentityPools, providers, settings::Providers, tags};

impl IdentityPools {
    /// Errors: ResourceNotFound, InvalidParameter for a map that is too long.
    pub async fn set_principal_tag_attribute_map(
        &self,
        cx: &Cx,
        input: SetPrincipalTagAttributeMapInput,
    ) -> Result<SetPrincipalTagAttributeMapResponse> {
        let map = SetPrincipalTagAttributeMapResponse {
            identity_pool_id: Some(input.identity_pool_id.clone()),
            identity_provider_name: Some(input.identity_provider_name.clone()),
            use_defaults: Some(input.use_defaults.unwrap_or(false)),
            principal_tags: Some(input.principal_tags.unwrap_or_default()),
        };
        map.principal_tags.as_ref().map_or(Ok(()), tags::check)?;
        let id = IdentityPoolId::new(input.identity_pool_id);
        let (provider, stored) = (providers::plain(&input.identity_provider_name), map.clone());
        self.change(cx, &id, Providers::Kept, move |settings| {
            settings.tag_maps.insert(provider.clone(), stored.clone());
            Ok(())
        })
        .await?;
        Ok(map)
    }
}
