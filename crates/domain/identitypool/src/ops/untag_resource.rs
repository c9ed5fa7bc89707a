//! `UntagResource`: keys that are no tags are none afterwards either.

use api::cognito_identity::{UntagResourceInput, UntagResourceResponse};
use kernel::{Cx, Result};

use crate::{IdentityPools, settings::Providers};

impl IdentityPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn untag_resource(&self, cx: &Cx, input: UntagResourceInput) -> Result<UntagResourceResponse> {
        let pool = self.pool_by_arn(&input.resource_arn).await?;
        self.change(cx, &pool.id, Providers::Kept, move |settings| {
            let tags = settings.pool.identity_pool_tags.iter_mut();
            tags.for_each(|tags| tags.retain(|key, _| !input.tag_keys.contains(key)));
            Ok(())
        })
        .await?;
        Ok(UntagResourceResponse {})
    }
}
