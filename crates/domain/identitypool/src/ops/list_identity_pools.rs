//! `ListIdentityPools`: those of the caller's region.

use api::cognito_identity::{IdentityPoolShortDescription, ListIdentityPoolsInput, ListIdentityPoolsResponse};
use kernel::{Cx, Result};
use store::records::identity_pools;

use crate::{IdentityPools, pages, settings::Pool};

impl IdentityPools {
    /// Errors: InvalidParameter for a token of another list.
    pub async fn list_identity_pools(
        &self,
        cx: &Cx,
        input: ListIdentityPoolsInput,
    ) -> Result<ListIdentityPoolsResponse> {
        let place = ["ListIdentityPools", cx.region.as_str()];
        let page = pages::open(
            &self.keyring,
            cx,
            &place,
            input.max_results,
            input.next_token.as_deref(),
        )?;
        let (account, region) = (cx.account().clone(), cx.region.clone());
        let (after, limit) = (page.after(), page.limit());
        let rows = self
            .store
            .read(move |r| identity_pools::list(r, &account, &region, &after, limit))
            .await?;
        let (rows, next_token) = page.cut(&self.keyring, cx, rows, |row| row.pool.to_string())?;
        let mut pools = Vec::with_capacity(rows.len());
        for row in rows {
            let pool = Pool::load(row, &self.keyring)?;
            pools.push(IdentityPoolShortDescription {
                identity_pool_id: Some(pool.id.to_string()),
                identity_pool_name: Some(pool.settings.pool.identity_pool_name),
            });
        }
        Ok(ListIdentityPoolsResponse {
            identity_pools: Some(pools),
            next_token,
        })
    }
}
