//! `AddCustomAttributes`. Reference: user-pools 2.4.

use api::cognito_idp::{AddCustomAttributesRequest, AddCustomAttributesResponse, UserPoolType};
use kernel::{Cx, Result};

use crate::{UserPools, errors::settings::TagsBy, pool::schema_input};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn add_custom_attributes(
        &self,
        cx: &Cx,
        input: AddCustomAttributesRequest,
    ) -> Result<AddCustomAttributesResponse> {
        self.change_pool(cx, &input.user_pool_id, TagsBy::Settings, |pool| {
            let before = pool.settings.clone();
            let schema = before.schema_attributes.unwrap_or_default();
            let schema = schema_input::extended(schema, input.custom_attributes.clone())?;
            Ok(UserPoolType {
                schema_attributes: Some(schema),
                ..before
            })
        })
        .await?;
        Ok(AddCustomAttributesResponse {})
    }
}
