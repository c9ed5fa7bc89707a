//! `TagResource`, `UntagResource` and `ListTagsForResource`: the same tags as UserPoolTags. Reference: user-pools 14.7.

use api::cognito_idp::{
    ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest, TagResourceResponse,
    UntagResourceRequest, UntagResourceResponse, UserPoolType,
};
use kernel::{ApiError, Cx, Result};

use crate::{
    UserPools,
    errors::settings::TagsBy,
    pool::tags::{self, Tags},
};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn tag_resource(&self, cx: &Cx, input: TagResourceRequest) -> Result<TagResourceResponse> {
        self.change_tags(cx, &input.resource_arn, |tags| tags.extend(input.tags.clone()))
            .await?;
        Ok(TagResourceResponse {})
    }

    /// Keys that the pool does not have are passed over. Errors: ResourceNotFound, InvalidParameter.
    pub async fn untag_resource(&self, cx: &Cx, input: UntagResourceRequest) -> Result<UntagResourceResponse> {
        self.change_tags(cx, &input.resource_arn, |tags| {
            tags.retain(|key, _| !input.tag_keys.contains(key));
        })
        .await?;
        Ok(UntagResourceResponse {})
    }

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

    /// The tags of the pool of this ARN, for policies to ask about (`aws:ResourceTag/`); of anything else none.
    /// Errors: internal. Reference: identity-pools-iam 6.2.
    pub async fn tags_of(&self, cx: &Cx, arn: &str) -> Result<Tags> {
        let Ok(id) = tags::pool_of(cx, arn) else {
            return Ok(Tags::new());
        };
        let pool = self.load(&id).await?;
        Ok(pool
            .and_then(|pool| pool.settings.user_pool_tags.clone())
            .unwrap_or_default())
    }

    async fn change_tags(&self, cx: &Cx, arn: &str, change: impl Fn(&mut Tags) + Send + Sync) -> Result<(), ApiError> {
        let pool = tags::pool_of(cx, arn)?;
        let changed = self.change_pool(cx, pool.as_str(), TagsBy::TagResource, |pool| {
            let before = pool.settings.clone();
            let mut tags = before.user_pool_tags.unwrap_or_default();
            change(&mut tags);
            Ok(UserPoolType {
                user_pool_tags: Some(tags),
                ..before
            })
        });
        changed.await
    }
}
