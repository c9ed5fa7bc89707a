//! `AdminConfirmSignUp`: confirms without a code and without verifying any attribute. Reference: user-pools 4.4.

use api::cognito_idp::{AdminConfirmSignUpRequest, AdminConfirmSignUpResponse, UserStatusType};
use kernel::{Cx, Result};

use crate::{UserPools, errors};

impl UserPools {
    /// Errors: UserNotFound, NotAuthorized (not UNCONFIRMED).
    pub async fn admin_confirm_sign_up(
        &self,
        cx: &Cx,
        input: AdminConfirmSignUpRequest,
    ) -> Result<AdminConfirmSignUpResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        self.amend_user(cx, &pool, &input.username, |user| {
            if user.status != UserStatusType::Unconfirmed.as_str() {
                return Err(errors::cannot_be_confirmed(&user.status));
            }
            UserStatusType::Confirmed.as_str().clone_into(&mut user.status);
            Ok(())
        })
        .await?;
        Ok(AdminConfirmSignUpResponse {})
    }
}
