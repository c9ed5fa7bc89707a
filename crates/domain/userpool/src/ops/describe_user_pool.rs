//! `DescribeUserPool`. Reference: user-pools 2.2.

use api::cognito_idp::{DescribeUserPoolRequest, DescribeUserPoolResponse};
use kernel::{Cx, Result};

use crate::{UserPools, settings};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn describe_user_pool(
        &self,
        cx: &Cx,
        input: DescribeUserPoolRequest,
    ) -> Result<DescribeUserPoolResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let users = self.estimated_users(cx, &pool.id).await?;
        Ok(DescribeUserPoolResponse {
            user_pool: Some(settings::pool::described(&pool, users)),
        })
    }
}
