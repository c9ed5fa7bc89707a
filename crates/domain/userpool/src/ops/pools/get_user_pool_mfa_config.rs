//! `GetUserPoolMfaConfig`. Reference: user-pools 6.1.

use api::cognito_idp::{GetUserPoolMfaConfigRequest, GetUserPoolMfaConfigResponse};
use kernel::{Cx, Result};

use crate::{UserPools, pool::view};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn get_user_pool_mfa_config(
        &self,
        _cx: &Cx,
        input: GetUserPoolMfaConfigRequest,
    ) -> Result<GetUserPoolMfaConfigResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        Ok(view::mfa(&pool.settings, &pool.mfa_blocks))
    }
}
