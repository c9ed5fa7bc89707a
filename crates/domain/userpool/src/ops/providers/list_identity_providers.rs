//! `ListIdentityProviders`, by name. Reference: user-pools 14.5.

use std::ops::Bound;

use api::cognito_idp::{ListIdentityProvidersRequest, ListIdentityProvidersResponse};
use kernel::{Cx, Result};

use crate::{UserPools, pages, provider::view};

/// The model lets callers ask for 60, and answers hold 50.
const LARGEST: i32 = 50;

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn list_identity_providers(
        &self,
        cx: &Cx,
        input: ListIdentityProvidersRequest,
    ) -> Result<ListIdentityProvidersResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let place = ["ListIdentityProviders", pool.id.as_str()];
        let size = input.max_results.filter(|size| *size > 0).unwrap_or(LARGEST);
        let size = Some(size.min(LARGEST));
        let page = pages::open(&self.keyring, cx, &place, size, input.next_token.as_deref())?;
        let after = page.after();
        let following = pool
            .providers
            .range::<str, _>((Bound::Excluded(after.as_str()), Bound::Unbounded));
        let providers = following.map(|(_, provider)| provider).collect();
        let (providers, next_token) = page.cut(&self.keyring, cx, providers, |provider| provider.name.clone())?;
        Ok(ListIdentityProvidersResponse {
            providers: providers.into_iter().map(view::listed).collect(),
            next_token,
        })
    }
}
