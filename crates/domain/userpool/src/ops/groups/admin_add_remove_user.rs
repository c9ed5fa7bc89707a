//! `AdminAddUserToGroup` and `AdminRemoveUserFromGroup`. Reference: user-pools 9.

use api::cognito_idp::{AdminAddUserToGroupRequest, AdminRemoveUserFromGroupRequest};
use kernel::{Cx, Result};
use store::records::groups;

use crate::{UserPools, errors, group::view::MOST_OF_A_USER, user::directory};

impl UserPools {
    /// Adding twice is adding once. Errors: ResourceNotFound, UserNotFound, InvalidParameter (in a hundred already).
    pub async fn admin_add_user_to_group(&self, _cx: &Cx, input: AdminAddUserToGroupRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        let added = self.store.write(move |tx| {
            let user = directory::existing(tx, &pool, &input.username)?;
            if groups::find(tx, &pool.id, &input.group_name)?.is_none() {
                return Err(errors::group_not_found().into());
            }
            if groups::count_others(tx, &pool.id, &input.group_name, &user.sub)? >= MOST_OF_A_USER {
                return Err(errors::too_many_groups().into());
            }
            Ok(groups::add_member(tx, &pool.id, &input.group_name, &user.sub)?)
        });
        Ok(added.await?)
    }

    /// Who is not in the group is not in it afterwards. Errors: ResourceNotFound, UserNotFound.
    pub async fn admin_remove_user_from_group(&self, _cx: &Cx, input: AdminRemoveUserFromGroupRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        let removed = self.store.write(move |tx| {
            let user = directory::existing(tx, &pool, &input.username)?;
            if groups::find(tx, &pool.id, &input.group_name)?.is_none() {
                return Err(errors::group_not_found().into());
            }
            Ok(groups::remove_member(tx, &pool.id, &input.group_name, &user.sub)?)
        });
        Ok(removed.await?)
    }
}
