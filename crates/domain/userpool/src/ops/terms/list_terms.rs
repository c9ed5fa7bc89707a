//! `ListTerms` of a pool, by id. Reference: user-pools 14.6.

use api::cognito_idp::{ListTermsRequest, ListTermsResponse};
use kernel::{Cx, Result};
use store::records::terms;

use crate::{UserPools, pages, terms::view};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn list_terms(&self, cx: &Cx, input: ListTermsRequest) -> Result<ListTermsResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let place = ["ListTerms", pool.id.as_str()];
        let page = pages::open(
            &self.keyring,
            cx,
            &place,
            input.max_results,
            input.next_token.as_deref(),
        )?;
        let (id, after, limit) = (pool.id.clone(), page.after(), page.limit());
        let found = self.store.read(move |r| terms::list(r, &id, &after, limit)).await?;
        let (found, next_token) = page.cut(&self.keyring, cx, found, |terms| terms.id.clone())?;
        Ok(ListTermsResponse {
            terms: found.into_iter().map(view::listed).collect(),
            next_token,
        })
    }
}
