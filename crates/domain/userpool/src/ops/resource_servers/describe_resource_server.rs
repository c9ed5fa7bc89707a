//! `DescribeResourceServer`. Reference: user-pools 14.4.

use api::cognito_idp::{DescribeResourceServerRequest, DescribeResourceServerResponse};
use kernel::{Cx, Result};

use crate::{UserPools, errors::hosted};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn describe_resource_server(
        &self,
        _cx: &Cx,
        input: DescribeResourceServerRequest,
    ) -> Result<DescribeResourceServerResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let found = pool.resource_servers.get(&input.identifier);
        let server = found.ok_or_else(|| hosted::resource_server_does_not_exist(&input.identifier))?;
        Ok(DescribeResourceServerResponse {
            resource_server: server.described(&pool.id),
        })
    }
}
