//! `UpdateIdentityPool` replaces the pool's settings: what is left out falls back to its default. Tags that are left out
//! stay, because TagResource is their own way. Reference: identity-pools-iam 1.3, 1.4.

use api::cognito_identity::IdentityPool;
use kernel::{Cx, IdentityPoolId, Result};

use crate::{
    IdentityPools, errors,
    ops::tag_resource,
    settings::{self, Providers},
};

impl IdentityPools {
    /// Errors: ResourceNotFound, InvalidParameter for another developer provider or a provider that
    /// cannot be, ConcurrentModification.
    pub async fn update_identity_pool(&self, cx: &Cx, input: IdentityPool) -> Result<IdentityPool> {
        if let Some(tags) = &input.identity_pool_tags {
            tag_resource::check(tags)?;
        }
        let before = self.pool(&input.identity_pool_id).await?;
        self.check_providers(cx, &input, Some(&before.settings.pool)).await?;
        let id = IdentityPoolId::new(input.identity_pool_id.as_str());
        let sealed = self.seal_providers(cx, &input)?;
        let pool = self
            .change(cx, &id, Providers::Replaced(sealed), move |settings| {
                let fixed = &settings.pool.developer_provider_name;
                if fixed.is_some() && *fixed != input.developer_provider_name {
                    return Err(errors::developer_provider_fixed());
                }
                let tags = input.identity_pool_tags.clone();
                settings.pool = IdentityPool {
                    identity_pool_tags: tags.or_else(|| settings.pool.identity_pool_tags.take()),
                    ..input.clone()
                };
                Ok(settings.pool.clone())
            })
            .await?;
        Ok(settings::shown(pool))
    }
}
