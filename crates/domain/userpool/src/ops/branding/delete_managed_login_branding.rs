//! `DeleteManagedLoginBranding`, with its assets. Reference: user-pools 14.2.

use api::cognito_idp::DeleteManagedLoginBrandingRequest;
use kernel::{Cx, Result};
use store::records::{login_styles, pictures, pictures::Part};

use crate::{UserPools, errors::branding, pool::stored};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn delete_managed_login_branding(
        &self,
        _cx: &Cx,
        input: DeleteManagedLoginBrandingRequest,
    ) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        let id = pool.id.clone();
        Ok(self
            .store
            .write(move |tx| {
                let Some(row) = login_styles::by_id(tx, &id, &input.managed_login_branding_id)? else {
                    return Err(branding::style_not_found().into());
                };
                login_styles::delete(tx, &id, &row.id)?;
                pictures::delete(tx, (&id, row.client.as_str(), Part::Style))?;
                Ok(stored::touch(tx, &id)?)
            })
            .await?)
    }
}
