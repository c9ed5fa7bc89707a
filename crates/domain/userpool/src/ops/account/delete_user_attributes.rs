//! `DeleteUserAttributes` and `AdminDeleteUserAttributes`. Reference: user-pools 4.8.

use api::cognito_idp::{
    AdminDeleteUserAttributesRequest, AdminDeleteUserAttributesResponse, DeleteUserAttributesRequest,
    DeleteUserAttributesResponse,
};
use kernel::{Cx, Result};

use super::change_attributes::Wanted;
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
        let wanted = (
            Occasion::Update(&access.client),
            Wanted::Delete(&input.user_attribute_names),
        );
        self.change_attributes(cx, &access.pool, &access.user.sub, wanted)
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
        let wanted = (Occasion::Administration, Wanted::Delete(&input.user_attribute_names));
        self.change_attributes(cx, &pool, &user.sub, wanted).await?;
        Ok(AdminDeleteUserAttributesResponse {})
    }
}
