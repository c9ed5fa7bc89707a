//! `AdminListGroupsForUser`, by name. Reference: user-pools 9.

use api::cognito_idp::{AdminListGroupsForUserRequest, AdminListGroupsForUserResponse};
use kernel::{Cx, Result};
use store::records::groups;

use crate::{UserPools, errors, group::view, pages, user::names};

impl UserPools {
    /// Errors: ResourceNotFound, UserNotFound, InvalidParameter.
    pub async fn admin_list_groups_for_user(
        &self,
        cx: &Cx,
        input: AdminListGroupsForUserRequest,
    ) -> Result<AdminListGroupsForUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let place = ["AdminListGroupsForUser", pool.id.as_str(), &input.username];
        let page = pages::open(&self.keyring, cx, &place, input.limit, input.next_token.as_deref())?;
        let (pool_of_user, username) = (pool.clone(), input.username.clone());
        let (after, limit) = (page.after(), page.limit());
        let groups = self
            .store
            .read(move |r| {
                let Some(user) = names::find(r, &pool_of_user, &username)? else {
                    return Ok(None);
                };
                groups::of_user(r, &pool_of_user.id, &user.sub, &after, limit).map(Some)
            })
            .await?;
        let groups = groups.ok_or_else(errors::user_does_not_exist)?;
        let (groups, next_token) = page.cut(&self.keyring, cx, groups, |group| group.name.clone())?;
        Ok(AdminListGroupsForUserResponse {
            groups: Some(view::all(&pool.id, groups)),
            next_token,
        })
    }
}
