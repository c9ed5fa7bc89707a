//! `DescribeIdentity`.

use api::cognito_identity::{DescribeIdentityInput, IdentityDescription};
use kernel::{Cx, Result};
use store::records::identities::Identity;

use crate::IdentityPools;

/// Logins by their providers' names alone; guests have no such member. Reference: identity-pools-iam 1.12.
pub(crate) fn described(identity: Identity) -> IdentityDescription {
    let logins: Vec<String> = identity.logins.into_iter().map(|login| login.provider).collect();
    IdentityDescription {
        identity_id: Some(identity.identity.into()),
        logins: (!logins.is_empty()).then_some(logins),
        creation_date: Some(identity.created),
        last_modified_date: Some(identity.modified),
    }
}

impl IdentityPools {
    /// Errors: ResourceNotFound.
    pub async fn describe_identity(&self, _: &Cx, input: DescribeIdentityInput) -> Result<IdentityDescription> {
        let (_, identity) = self.identity(&input.identity_id).await?;
        Ok(described(identity))
    }
}
