//! `DescribeIdentityProvider`, and `GetIdentityProviderByIdentifier`, which knows it by another name. Reference: user-pools 14.5.

use api::cognito_idp::{
    DescribeIdentityProviderRequest, DescribeIdentityProviderResponse, GetIdentityProviderByIdentifierRequest,
    GetIdentityProviderByIdentifierResponse,
};
use kernel::{Cx, Result};

use crate::{UserPools, errors::providers, provider::view};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn describe_identity_provider(
        &self,
        _cx: &Cx,
        input: DescribeIdentityProviderRequest,
    ) -> Result<DescribeIdentityProviderResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let provider = pool.provider(&input.provider_name)?;
        Ok(DescribeIdentityProviderResponse {
            identity_provider: view::described(&pool.id, provider),
        })
    }

    /// Errors: ResourceNotFound.
    pub async fn get_identity_provider_by_identifier(
        &self,
        _cx: &Cx,
        input: GetIdentityProviderByIdentifierRequest,
    ) -> Result<GetIdentityProviderByIdentifierResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let identifier = &input.idp_identifier;
        let mut providers = pool.providers.values();
        let provider = providers.find(|provider| provider.identifiers().contains(identifier));
        let provider = provider.ok_or_else(|| providers::identifier_not_found(identifier))?;
        Ok(GetIdentityProviderByIdentifierResponse {
            identity_provider: view::described(&pool.id, provider),
        })
    }
}
