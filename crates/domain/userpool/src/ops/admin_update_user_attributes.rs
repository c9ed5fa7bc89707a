//! `AdminUpdateUserAttributes`: no permissions asked, verified flags included. Reference: user-pools 4.8.

use api::cognito_idp::{AdminUpdateUserAttributesRequest, AdminUpdateUserAttributesResponse};
use kernel::{Cx, Result};

use crate::{UserPools, attributes::Occasion, revision::Revision};

impl UserPools {
    /// Errors: UserNotFound, InvalidParameter (schema, immutable, required), AliasExists, CodeDeliveryFailure.
    pub async fn admin_update_user_attributes(
        &self,
        cx: &Cx,
        input: AdminUpdateUserAttributesRequest,
    ) -> Result<AdminUpdateUserAttributesResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let user = self.user(&pool, &input.username).await?;
        let revision = Revision::Set(&input.user_attributes);
        self.revise(cx, &pool, Occasion::Administration, &user.sub, revision)
            .await?;
        Ok(AdminUpdateUserAttributesResponse {})
    }
}
