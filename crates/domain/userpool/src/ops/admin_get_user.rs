//! `AdminGetUser`. Reference: user-pools 4.2.

use api::cognito_idp::{AdminGetUserRequest, AdminGetUserResponse};
use kernel::{Cx, Result};

use crate::{UserPools, user_view};

impl UserPools {
    /// Errors: UserNotFound.
    pub async fn admin_get_user(&self, _cx: &Cx, input: AdminGetUserRequest) -> Result<AdminGetUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let user = self.user(&pool, &input.username).await?;
        Ok(AdminGetUserResponse {
            user_attributes: Some(user_view::attributes(&user)),
            user_create_date: Some(user.created),
            user_last_modified_date: Some(user.modified),
            enabled: Some(user.enabled),
            user_status: user_view::status(&user),
            username: user.username,
            ..AdminGetUserResponse::default()
        })
    }
}
