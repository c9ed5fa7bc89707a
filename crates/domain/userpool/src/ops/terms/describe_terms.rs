//! `DescribeTerms` and `DescribeTermsByClient`. Reference: user-pools 14.6.

use api::cognito_idp::{
    DescribeTermsByClientRequest, DescribeTermsByClientResponse, DescribeTermsRequest, DescribeTermsResponse,
};
use kernel::{Cx, Result};
use store::records::terms;

use crate::{UserPools, errors::branding, terms::view};

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn describe_terms(&self, _cx: &Cx, input: DescribeTermsRequest) -> Result<DescribeTermsResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let id = pool.id.clone();
        let found = self.store.read(move |r| terms::by_id(r, &id, &input.terms_id)).await?;
        let found = found.ok_or_else(branding::terms_not_found)?;
        Ok(DescribeTermsResponse {
            terms: Some(view::described(&pool.id, found)),
        })
    }

    /// Errors: ResourceNotFound.
    pub async fn describe_terms_by_client(
        &self,
        _cx: &Cx,
        input: DescribeTermsByClientRequest,
    ) -> Result<DescribeTermsByClientResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let (id, client) = (pool.id.clone(), pool.client(&input.client_id)?.id.clone());
        let read = self
            .store
            .read(move |r| terms::of_client(r, &id, &client, &input.terms_name));
        let found = read.await?.ok_or_else(branding::terms_not_found)?;
        Ok(DescribeTermsByClientResponse {
            terms: Some(view::described(&pool.id, found)),
        })
    }
}
