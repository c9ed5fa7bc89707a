//! `UpdateUserAttributes`: a signed-in user changes what the client may write. Reference: user-pools 4.8.

use api::cognito_idp::{UpdateUserAttributesRequest, UpdateUserAttributesResponse};
use kernel::{Cx, Result};

use crate::{UserPools, attributes::Occasion, revision::Revision};

impl UserPools {
    /// Errors: those of every access token (8.5), NotAuthorized (write permission), InvalidParameter (schema, immutable,
    /// required), AliasExists, CodeDeliveryFailure.
    pub async fn update_user_attributes(
        &self,
        cx: &Cx,
        input: UpdateUserAttributesRequest,
    ) -> Result<UpdateUserAttributesResponse> {
        let access = self.access(cx, &input.access_token).await?;
        let revision = Revision::Set(&input.user_attributes);
        let sent = self
            .revise(
                cx,
                &access.pool,
                Occasion::Update(&access.client),
                &access.user.sub,
                revision,
            )
            .await?;
        Ok(UpdateUserAttributesResponse {
            code_delivery_details_list: Some(sent),
        })
    }
}
