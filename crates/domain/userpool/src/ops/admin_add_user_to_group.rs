//! `AdminAddUserToGroup`. Reference: user-pools 9.

use api::cognito_idp::AdminAddUserToGroupRequest;
use kernel::{Cx, Result};
use store::records::groups;

use crate::{UserPools, errors, group_view, names};

impl UserPools {
    /// Adding twice is adding once. Errors: ResourceNotFound, UserNotFound, InvalidParameter (in a hundred already).
    pub async fn admin_add_user_to_group(&self, _cx: &Cx, input: AdminAddUserToGroupRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        Ok(self
            .store
            .write(move |tx| {
                let Some(user) = names::find(tx, &pool, &input.username)? else {
                    return Err(errors::user_does_not_exist().into());
                };
                if groups::find(tx, &pool.id, &input.group_name)?.is_none() {
                    return Err(errors::group_not_found().into());
                }
                if groups::count_others(tx, &pool.id, &input.group_name, &user.sub)? >= group_view::MOST_OF_A_USER {
                    return Err(errors::too_many_groups().into());
                }
                Ok(groups::add_member(tx, &pool.id, &input.group_name, &user.sub)?)
            })
            .await?)
    }
}
