//! `UpdateGroup` replaces the members that were sent. Reference: user-pools 9.

use api::cognito_idp::{UpdateGroupRequest, UpdateGroupResponse};
use kernel::{Cx, Result};
use store::records::groups::{self, Group};

use crate::{UserPools, errors, group::view};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter for a role of another account.
    pub async fn update_group(&self, cx: &Cx, input: UpdateGroupRequest) -> Result<UpdateGroupResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        view::check_role(&pool, input.role_arn.as_deref())?;
        let (id, now) = (pool.id.clone(), cx.now());
        let group = self
            .store
            .write(move |tx| {
                let Some(before) = groups::find(tx, &id, &input.group_name)? else {
                    return Err(errors::group_not_found().into());
                };
                let after = Group {
                    description: input.description.clone().or(before.description),
                    role_arn: input.role_arn.clone().or(before.role_arn),
                    precedence: input.precedence.map(i64::from).or(before.precedence),
                    modified: now,
                    ..before
                };
                groups::update(tx, &id, &after)?;
                Ok(after)
            })
            .await?;
        Ok(UpdateGroupResponse {
            group: Some(view::described(&pool.id, group)),
        })
    }
}
