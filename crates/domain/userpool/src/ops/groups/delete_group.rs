//! `DeleteGroup` drops the memberships with it. Reference: user-pools 9.

use api::cognito_idp::DeleteGroupRequest;
use kernel::{Cx, Result};
use store::records::groups;

use crate::{UserPools, errors};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn delete_group(&self, _cx: &Cx, input: DeleteGroupRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        let id = pool.id.clone();
        Ok(self
            .store
            .write(move |tx| {
                if groups::delete(tx, &id, &input.group_name)? {
                    Ok(())
                } else {
                    Err(errors::group_not_found().into())
                }
            })
            .await?)
    }
}
