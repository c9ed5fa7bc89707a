//! `ListTagsForResource`. Reference: user-pools 14.7.

use api::cognito_idp::{ListTagsForResourceRequest, ListTagsForResourceResponse};
use kernel::{Cx, Result};

use crate::{UserPools, tags};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn list_tags_for_resource(
        &self,
        cx: &Cx,
        input: ListTagsForResourceRequest,
    ) -> Result<ListTagsForResourceResponse> {
        let pool = self.pool(tags::pool_of(cx, &input.resource_arn)?.as_str()).await?;
        Ok(ListTagsForResourceResponse {
            tags: Some(pool.settings.user_pool_tags.clone().unwrap_or_default()),
        })
    }
}
