//! `ListResourceServers`, by identifier. Reference: user-pools 14.4.

use std::ops::Bound;

use api::cognito_idp::{ListResourceServersRequest, ListResourceServersResponse};
use kernel::{Cx, Result};

use crate::{UserPools, pages};

/// What the model allows at most, and what callers that name no size get.
const LARGEST: i32 = 50;

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn list_resource_servers(
        &self,
        cx: &Cx,
        input: ListResourceServersRequest,
    ) -> Result<ListResourceServersResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let place = ["ListResourceServers", pool.id.as_str()];
        let size = input.max_results.or(Some(LARGEST));
        let page = pages::open(&self.keyring, cx, &place, size, input.next_token.as_deref())?;
        let after = page.after();
        let following = pool
            .resource_servers
            .range::<str, _>((Bound::Excluded(after.as_str()), Bound::Unbounded));
        let servers = following.map(|(_, server)| server).collect();
        let (servers, next_token) = page.cut(&self.keyring, cx, servers, |server| server.identifier.clone())?;
        Ok(ListResourceServersResponse {
            resource_servers: servers.into_iter().map(|server| server.described(&pool.id)).collect(),
            next_token,
        })
    }
}
