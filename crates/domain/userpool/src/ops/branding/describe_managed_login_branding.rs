//! `DescribeManagedLoginBranding` and `DescribeManagedLoginBrandingByClient`. Reference: user-pools 14.2.

use api::cognito_idp::{
    DescribeManagedLoginBrandingByClientRequest, DescribeManagedLoginBrandingByClientResponse,
    DescribeManagedLoginBrandingRequest, DescribeManagedLoginBrandingResponse, ManagedLoginBrandingType,
};
use kernel::{Cx, PoolId, Result};
use store::records::{login_styles, pictures, pictures::Part};

use crate::{
    UserPools,
    branding::view::{self, Shown},
    errors::branding,
};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn describe_managed_login_branding(
        &self,
        _cx: &Cx,
        input: DescribeManagedLoginBrandingRequest,
    ) -> Result<DescribeManagedLoginBrandingResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let shown = Shown::of(input.return_merged_resources);
        let style = self.style(&pool.id, &input.managed_login_branding_id, shown).await?;
        Ok(DescribeManagedLoginBrandingResponse {
            managed_login_branding: Some(style),
        })
    }

    /// Errors: ResourceNotFound.
    pub async fn describe_managed_login_branding_by_client(
        &self,
        _cx: &Cx,
        input: DescribeManagedLoginBrandingByClientRequest,
    ) -> Result<DescribeManagedLoginBrandingByClientResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = pool.client(&input.client_id)?.id.clone();
        let id = pool.id.clone();
        let found = self
            .store
            .read(move |r| login_styles::of_client(r, &id, &client))
            .await?;
        let found = found.ok_or_else(branding::style_not_found)?;
        let shown = Shown::of(input.return_merged_resources);
        Ok(DescribeManagedLoginBrandingByClientResponse {
            managed_login_branding: Some(self.style(&pool.id, &found.id, shown).await?),
        })
    }

    /// A style with its assets. Errors: ResourceNotFound.
    pub(super) async fn style(&self, pool: &PoolId, style: &str, shown: Shown) -> Result<ManagedLoginBrandingType> {
        let (id, name) = (pool.clone(), style.to_owned());
        let read = self.store.read(move |r| {
            let Some(row) = login_styles::by_id(r, &id, &name)? else {
                return Ok(None);
            };
            let pictures = pictures::all(r, (&id, row.client.as_str(), Part::Style))?;
            Ok(Some((row, pictures)))
        });
        let (row, pictures) = read.await?.ok_or_else(branding::style_not_found)?;
        Ok(view::style(pool, row, pictures, shown)?)
    }
}
