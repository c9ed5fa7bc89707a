//! `AdminAddUserToGroup`. Reference: user-pools 9.

use api::cognito_idp::AdminAddUserToGroupRequest;
use kernel::{Cx, Result};
use store::{done, records::groups, refuse};

use crate::{UserPools, errors, group_view, names};

impl UserPools {
    /// Adding twice is adding once. Errors: ResourceNotFound, UserNotFound, InvalidParameter (in a hundred already).
    pub async fn admin_add_user_to_group(&self, _cx: &Cx, input: AdminAddUserToGroupRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        self.store
            .write(move |tx| {
                let Some(user) = names::find(tx, &pool, &input.username)? else {
                    return refuse(errors::user_does_not_exist());
                };
                if groups::find(tx, &pool.id, &input.group_name)?.is_none() {
                    return refuse(errors::group_not_found());
                }
                if groups::count_others(tx, &pool.id, &input.group_name, &user.sub)? >= group_view::MOST_OF_A_USER {
                    return refuse(errors::too_many_groups());
                }
                done(groups::add_member(tx, &pool.id, &input.group_name, &user.sub)?)
            })
            .await?
    }
}
