//! `GetUser`: the user that an access token stands for; `AdminGetUser`: one by name. Reference: user-pools 3.6, 4.2, 8.5.

use api::cognito_idp::{AdminGetUserRequest, AdminGetUserResponse, GetUserRequest, GetUserResponse};
use kernel::{Cx, Result};

use crate::{
    UserPools,
    user::{directory, view},
};

impl UserPools {
    /// Errors: those of every access token (8.5).
    pub async fn get_user(&self, cx: &Cx, input: GetUserRequest) -> Result<GetUserResponse> {
        let access = self.access(cx, &input.access_token).await?;
        Ok(GetUserResponse {
            user_attributes: view::readable_attributes(&access.user, &access.client),
            mfa_options: view::mfa_options(&access.user),
            preferred_mfa_setting: view::preferred_mfa(&access.user),
            user_mfa_setting_list: view::mfa_setting_list(&access.user),
            username: access.user.username,
        })
    }

    /// Errors: UserNotFound.
    pub async fn admin_get_user(&self, _cx: &Cx, input: AdminGetUserRequest) -> Result<AdminGetUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let user = directory::find(&self.store, &pool, &input.username).await?;
        Ok(AdminGetUserResponse {
            user_attributes: Some(view::attributes(&user)),
            user_create_date: Some(user.created),
            user_last_modified_date: Some(user.modified),
            enabled: Some(user.enabled),
            user_status: view::status(&user),
            mfa_options: view::mfa_options(&user),
            preferred_mfa_setting: view::preferred_mfa(&user),
            user_mfa_setting_list: view::mfa_setting_list(&user),
            username: user.username,
        })
    }
}
