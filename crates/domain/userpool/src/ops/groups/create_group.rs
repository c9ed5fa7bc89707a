//! `CreateGroup`. Reference: user-pools 9.

use api::cognito_idp::{CreateGroupRequest, CreateGroupResponse};
use kernel::{Cx, Result};
use store::records::{
    groups::{self, Group},
    pools,
};

use crate::{UserPools, errors, group::view};

impl UserPools {
    /// Errors: ResourceNotFound, GroupExists, InvalidParameter for a role of another account.
    pub async fn create_group(&self, cx: &Cx, input: CreateGroupRequest) -> Result<CreateGroupResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        view::check_role(&pool, input.role_arn.as_deref())?;
        let group = Group {
            name: input.group_name,
            description: input.description,
            role_arn: input.role_arn,
            precedence: input.precedence.map(i64::from),
            created: cx.now(),
            modified: cx.now(),
        };
        let created = view::described(&pool.id, group.clone());
        let id = pool.id.clone();
        self.store
            .write(move |tx| {
                if pools::by_id(tx, &id)?.is_none() {
                    return Err(errors::pool_does_not_exist(id.as_str()).into());
                }
                if groups::insert(tx, &id, &group)? {
                    Ok(())
                } else {
                    Err(errors::group_exists().into())
                }
            })
            .await?;
        Ok(CreateGroupResponse { group: Some(created) })
    }
}
