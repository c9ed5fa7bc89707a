//! `GetUser`: the user that an access token stands for. Reference: user-pools 3.6, 8.5.

use api::cognito_idp::{GetUserRequest, GetUserResponse};
use kernel::{Cx, Result};

use crate::{UserPools, user_view};

impl UserPools {
    /// Errors: those of every access token (8.5).
    pub async fn get_user(&self, cx: &Cx, input: GetUserRequest) -> Result<GetUserResponse> {
        let access = self.access(cx, &input.access_token).await?;
        Ok(GetUserResponse {
            user_attributes: user_view::readable_attributes(&access.user, &access.client),
            username: access.user.username,
            mfa_options: None,
            preferred_mfa_setting: None,
            user_mfa_setting_list: None,
        })
    }
}
