//! `TagResource`: the same tags as UserPoolTags. Reference: user-pools 14.7.

use api::cognito_idp::{TagResourceRequest, TagResourceResponse, UserPoolType};
use kernel::{Cx, Result};

use crate::{UserPools, errors::settings::tagging_as_invalid_parameter, tags};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn tag_resource(&self, cx: &Cx, input: TagResourceRequest) -> Result<TagResourceResponse> {
        let pool = tags::pool_of(cx, &input.resource_arn)?;
        self.amend_pool(cx, pool.as_str(), |pool| {
            let before = pool.settings.clone();
            let mut tags = before.user_pool_tags.unwrap_or_default();
            tags.extend(input.tags.clone());
            Ok(UserPoolType {
                user_pool_tags: Some(tags),
                ..before
            })
        })
        .await
        .map_err(tagging_as_invalid_parameter)?;
        Ok(TagResourceResponse {})
    }
}
