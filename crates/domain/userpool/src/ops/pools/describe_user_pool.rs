//! `DescribeUserPool`. Reference: user-pools 2.2.

use api::cognito_idp::{DescribeUserPoolRequest, DescribeUserPoolResponse};
use kernel::{Cx, Result};
use store::records::pools;

use crate::{UserPools, pool::view};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn describe_user_pool(
        &self,
        _cx: &Cx,
        input: DescribeUserPoolRequest,
    ) -> Result<DescribeUserPoolResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let id = pool.id.clone();
        let users = self.store.read(move |r| pools::estimate_users(r, &id)).await?;
        Ok(DescribeUserPoolResponse {
            user_pool: Some(view::described(&pool, users)),
        })
    }
}
