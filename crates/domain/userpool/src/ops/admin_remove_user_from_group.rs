//! `AdminRemoveUserFromGroup`. Reference: user-pools 9.

use api::cognito_idp::AdminRemoveUserFromGroupRequest;
use kernel::{Cx, Result};
use store::records::groups;

use crate::{UserPools, errors, names};

impl UserPools {
    /// Who is not in the group is not in it afterwards. Errors: ResourceNotFound, UserNotFound.
    pub async fn admin_remove_user_from_group(&self, _cx: &Cx, input: AdminRemoveUserFromGroupRequest) -> Result<()> {
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
                Ok(groups::remove_member(tx, &pool.id, &input.group_name, &user.sub)?)
            })
            .await?)
    }
}
