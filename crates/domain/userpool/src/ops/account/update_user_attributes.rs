//! `UpdateUserAttributes`: a signed-in user changes what the client may write; `AdminUpdateUserAttributes`: no permissions
//! asked, verified flags included. Reference: user-pools 4.8.

use api::cognito_idp::{
    AdminUpdateUserAttributesRequest, AdminUpdateUserAttributesResponse, UpdateUserAttributesRequest,
    UpdateUserAttributesResponse,
};
use kernel::{Cx, Result};

use super::{
    change_attributes::{Change, Wanted},
    code_delivery,
};
use crate::{
    UserPools,
    ops::access_token::Access,
    ops::given,
    user::{attribute_rules::Occasion, directory},
};

impl UserPools {
    /// Errors: those of every access token (8.5), NotAuthorized (write permission), InvalidParameter (schema, immutable,
    /// required), AliasExists, CodeDeliveryFailure.
    pub async fn update_user_attributes(
        &self,
        cx: &Cx,
        input: UpdateUserAttributesRequest,
    ) -> Result<UpdateUserAttributesResponse> {
        let access = self.access(cx, &input.access_token).await?;
        self.update_user_attributes_by(cx, access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn update_user_attributes_by(
        &self,
        cx: &Cx,
        access: Access,
        input: UpdateUserAttributesRequest,
    ) -> Result<UpdateUserAttributesResponse> {
        let given = given::attributes(input.user_attributes);
        let change = Change {
            occasion: Occasion::Update(&access.client),
            wanted: Wanted::Set(&given),
            metadata: input.client_metadata.as_ref(),
        };
        let sent = self
            .change_attributes(cx, &access.pool, &access.user.sub, change)
            .await?;
        Ok(UpdateUserAttributesResponse {
            code_delivery_details_list: Some(sent.iter().map(code_delivery::details).collect()),
        })
    }

    /// Errors: UserNotFound, InvalidParameter (schema, immutable, required), AliasExists, CodeDeliveryFailure.
    pub async fn admin_update_user_attributes(
        &self,
        cx: &Cx,
        input: AdminUpdateUserAttributesRequest,
    ) -> Result<AdminUpdateUserAttributesResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let given = given::attributes(input.user_attributes);
        let user = directory::find(&self.store, &pool, &input.username).await?;
        let change = Change {
            occasion: Occasion::Administration,
            wanted: Wanted::Set(&given),
            metadata: input.client_metadata.as_ref(),
        };
        self.change_attributes(cx, &pool, &user.sub, change).await?;
        Ok(AdminUpdateUserAttributesResponse {})
    }
}
