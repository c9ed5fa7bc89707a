//! `ListTagsForResource`.

use api::cognito_identity::{ListTagsForResourceInput, ListTagsForResourceResponse};
use kernel::{Cx, Result};

use crate::IdentityPools;

impl IdentityPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn list_tags_for_resource(
        &self,
        _: &Cx,
        input: ListTagsForResourceInput,
    ) -> Result<ListTagsForResourceResponse> {
        let pool = self.pool_by_arn(&input.resource_arn).await?;
        let tags = pool.settings.pool.identity_pool_tags.clone();
        Ok(ListTagsForResourceResponse {
            tags: Some(tags.unwrap_or_default()),
        })
    }
}
