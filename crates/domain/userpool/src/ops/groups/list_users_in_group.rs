//! `ListUsersInGroup`, with all their attributes. Reference: user-pools 9.

use api::cognito_idp::{ListUsersInGroupRequest, ListUsersInGroupResponse};
use kernel::{Cx, Result};
use store::records::groups;

use crate::{UserPools, errors, pages, user::view};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn list_users_in_group(
        &self,
        cx: &Cx,
        input: ListUsersInGroupRequest,
    ) -> Result<ListUsersInGroupResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let place = ["ListUsersInGroup", pool.id.as_str(), &input.group_name];
        let page = pages::open(&self.keyring, cx, &place, input.limit, input.next_token.as_deref())?;
        let (id, group) = (pool.id.clone(), input.group_name.clone());
        let (after, limit) = (page.after(), page.limit());
        let users = self
            .store
            .read(move |r| {
                if groups::find(r, &id, &group)?.is_none() {
                    return Ok(None);
                }
                groups::members(r, &id, &group, &after, limit).map(Some)
            })
            .await?;
        let users = users.ok_or_else(errors::group_not_found)?;
        let (users, next_token) = page.cut(&self.keyring, cx, users, |user| user.sub.to_string())?;
        let shown = users.iter().map(|user| view::user_type(user, None)).collect();
        Ok(ListUsersInGroupResponse {
            users: Some(shown),
            next_token,
        })
    }
}
