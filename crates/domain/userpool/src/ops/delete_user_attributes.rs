//! `DeleteUserAttributes`. Reference: user-pools 4.8.

use api::cognito_idp::{DeleteUserAttributesRequest, DeleteUserAttributesResponse};
use kernel::{Cx, Result};

use crate::{UserPools, attributes::Occasion, revision::Revision};

impl UserPools {
    /// Errors: those of every access token (8.5), NotAuthorized (write permission), InvalidParameter (unknown, immutable,
    /// required).
    pub async fn delete_user_attributes(
        &self,
        cx: &Cx,
        input: DeleteUserAttributesRequest,
    ) -> Result<DeleteUserAttributesResponse> {
        let access = self.access(cx, &input.access_token).await?;
        let revision = Revision::Delete(&input.user_attribute_names);
        self.revise(
            cx,
            &access.pool,
            Occasion::Update(&access.client),
            &access.user.sub,
            revision,
        )
        .await?;
        Ok(DeleteUserAttributesResponse {})
    }
}
