//! `DescribeUserPoolClient`: the secret in clear. Reference: user-pools 3.1.

use api::cognito_idp::{DescribeUserPoolClientRequest, DescribeUserPoolClientResponse};
use kernel::{Cx, Result};

use crate::{UserPools, client::view};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn describe_user_pool_client(
        &self,
        _cx: &Cx,
        input: DescribeUserPoolClientRequest,
    ) -> Result<DescribeUserPoolClientResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = pool.client(&input.client_id)?;
        Ok(DescribeUserPoolClientResponse {
            user_pool_client: Some(view::described(&pool.id, client)),
        })
    }
}
