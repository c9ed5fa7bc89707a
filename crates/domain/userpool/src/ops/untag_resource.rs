//! `UntagResource`. Reference: user-pools 14.7.

use api::cognito_idp::{UntagResourceRequest, UntagResourceResponse, UserPoolType};
use kernel::{Cx, Result};

use crate::{UserPools, errors::settings::tagging_as_invalid_parameter, tags};

impl UserPools {
    /// Keys that the pool does not have are passed over. Errors: ResourceNotFound, InvalidParameter.
    pub async fn untag_resource(&self, cx: &Cx, input: UntagResourceRequest) -> Result<UntagResourceResponse> {
        let pool = tags::pool_of(cx, &input.resource_arn)?;
        self.amend_pool(cx, pool.as_str(), |pool| {
            let before = pool.settings.clone();
            let mut tags = before.user_pool_tags.unwrap_or_default();
            tags.retain(|key, _| !input.tag_keys.contains(key));
            Ok(UserPoolType {
                user_pool_tags: Some(tags),
                ..before
            })
        })
        .await
        .map_err(tagging_as_invalid_parameter)?;
        Ok(UntagResourceResponse {})
    }
}
