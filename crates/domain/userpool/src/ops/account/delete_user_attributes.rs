//! `DeleteUserAttributes` and `AdminDeleteUserAttributes`. Reference: user-pools 4.8.

use api::cognito_idp::{
    AdminDeleteUserAttributesRequest, AdminDeleteUserAttributesResponse, DeleteUserAttributesRequest,
    DeleteUserAttributesResponse,
};
use kernel::{Cx, Result};

use super::change_attributes::{Change, Wanted};
use crate::{
    UserPools,
    user::{attribute_rules::Occasion, directory},
};

impl UserPools {
    /// Errors: those of every access token (8.5), NotAuthorized (write permission), InvalidParameter (unknown, immutable,
    /// required).
    pub async fn delete_user_attributes(
        &self,
        cx: &Cx,
        input: DeleteUserAttributesRequest,
    ) -> Result<DeleteUserAttributesResponse> {
        let access = self.access(cx, &input.access_token).await?;
        let change = Change {
            occasion: Occasion::Update(&access.client),
            wanted: Wanted::Delete(&input.user_attribute_names),
            metadata: None,
        };
        self.change_attributes(cx, &access.pool, &access.user.sub, change)
            .await?;
        Ok(DeleteUserAttributesResponse {})
    }

    /// Errors: UserNotFound, InvalidParameter (unknown, immutable, required).
    pub async fn admin_delete_user_attributes(
        &self,
        cx: &Cx,
        input: AdminDeleteUserAttributesRequest,
    ) -> Result<AdminDeleteUserAttributesResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let user = directory::find(&self.store, &pool, &input.username).await?;
        let change = Change {
            occasion: Occasion::Administration,
            wanted: Wanted::Delete(&input.user_attribute_names),
            metadata: None,
        };
        self.change_attributes(cx, &pool, &user.sub, change).await?;
        Ok(AdminDeleteUserAttributesResponse {})
    }
}
