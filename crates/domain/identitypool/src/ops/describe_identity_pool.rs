//! `DescribeIdentityPool`. Reference: identity-pools-iam 1.4.

use api::cognito_identity::{DescribeIdentityPoolInput, IdentityPool};
use kernel::{Cx, Result};

use crate::{IdentityPools, settings};

impl IdentityPools {
    /// Errors: ResourceNotFound.
    pub async fn describe_identity_pool(&self, _: &Cx, input: DescribeIdentityPoolInput) -> Result<IdentityPool> {
        let pool = self.pool(&input.identity_pool_id).await?;
        Ok(settings::shown(pool.settings.pool.clone()))
    }
}
