//! `UpdateUserAttributes`: a signed-in user changes what the client may write; `AdminUpdateUserAttributes`: no permissions
//! asked, verified flags included. Reference: user-pools 4.8.

use api::cognito_idp::{
    AdminUpdateUserAttributesRequest, AdminUpdateUserAttributesResponse, UpdateUserAttributesRequest,
    UpdateUserAttributesResponse,
};
use kernel::{Cx, Result};

use super::{change_attributes::Wanted, code_delivery};
use crate::{
    UserPools,
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
        let given = given::attributes(input.user_attributes);
        let wanted = (Occasion::Update(&access.client), Wanted::Set(&given));
        let sent = self
            .change_attributes(cx, &access.pool, &access.user.sub, wanted)
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
        let wanted = (Occasion::Administration, Wanted::Set(&given));
        self.change_attributes(cx, &pool, &user.sub, wanted).await?;
        Ok(AdminUpdateUserAttributesResponse {})
    }
}
