//! `GetGroup`. Reference: user-pools 9.

use api::cognito_idp::{GetGroupRequest, GetGroupResponse};
use kernel::{Cx, Result};
use store::records::groups;

use crate::{UserPools, errors, group::view};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn get_group(&self, _cx: &Cx, input: GetGroupRequest) -> Result<GetGroupResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let id = pool.id.clone();
        let group = self
            .store
            .read(move |r| groups::find(r, &id, &input.group_name))
            .await?;
        let group = group.ok_or_else(errors::group_not_found)?;
        Ok(GetGroupResponse {
            group: Some(view::described(&pool.id, group)),
        })
    }
}
