//! `AdminDeleteUserAttributes`. Reference: user-pools 4.8.

use api::cognito_idp::{AdminDeleteUserAttributesRequest, AdminDeleteUserAttributesResponse};
use kernel::{Cx, Result};

use crate::{UserPools, attributes::Occasion, revision::Revision};

impl UserPools {
    /// Errors: UserNotFound, InvalidParameter (unknown, immutable, required).
    pub async fn admin_delete_user_attributes(
        &self,
        cx: &Cx,
        input: AdminDeleteUserAttributesRequest,
    ) -> Result<AdminDeleteUserAttributesResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let user = self.user(&pool, &input.username).await?;
        let revision = Revision::Delete(&input.user_attribute_names);
        self.revise(cx, &pool, Occasion::Administration, &user.sub, revision)
            .await?;
        Ok(AdminDeleteUserAttributesResponse {})
    }
}
