//! `ListGroups`, by name. Reference: user-pools 9.

use api::cognito_idp::{ListGroupsRequest, ListGroupsResponse};
use kernel::{Cx, Result};
use store::records::groups;

use crate::{UserPools, group::view, pages};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn list_groups(&self, cx: &Cx, input: ListGroupsRequest) -> Result<ListGroupsResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let place = ["ListGroups", pool.id.as_str()];
        let page = pages::open(&self.keyring, cx, &place, input.limit, input.next_token.as_deref())?;
        let (id, after, limit) = (pool.id.clone(), page.after(), page.limit());
        let groups = self.store.read(move |r| groups::list(r, &id, &after, limit)).await?;
        let (groups, next_token) = page.cut(&self.keyring, cx, groups, |group| group.name.clone())?;
        Ok(ListGroupsResponse {
            groups: Some(view::all(&pool.id, groups)),
            next_token,
        })
    }
}
