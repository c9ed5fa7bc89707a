//! `TagResource`.

use std::collections::BTreeMap;

use api::cognito_identity::{TagResourceInput, TagResourceResponse};
use kernel::{Cx, Result};

use crate::{IdentityPools, errors, settings::Providers};

const MOST: usize = 50;

/// Whether a pool may have these tags. Errors: InvalidParameter.
pub(crate) fn check(tags: &BTreeMap<String, String>) -> Result<()> {
    if tags.len() > MOST {
        return Err(errors::too_many_tags());
    }
    if tags.keys().any(|key| key.to_ascii_lowercase().starts_with("aws:")) {
        return Err(errors::reserved_tag());
    }
    Ok(())
}

impl IdentityPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn tag_resource(&self, cx: &Cx, input: TagResourceInput) -> Result<TagResourceResponse> {
        let pool = self.pool_by_arn(&input.resource_arn).await?;
        self.change(cx, &pool.id, Providers::Kept, move |settings| {
            let mut tags = settings.pool.identity_pool_tags.take().unwrap_or_default();
            tags.extend(input.tags.clone());
            check(&tags)?;
            settings.pool.identity_pool_tags = Some(tags);
            Ok(())
        })
        .await?;
        Ok(TagResourceResponse {})
    }
}
