//! `ListUserPools` of the caller's region. Reference: user-pools 2.2.

use api::cognito_idp::{ListUserPoolsRequest, ListUserPoolsResponse, UserPoolDescriptionType};
use kernel::{Cx, Result};
use store::records::pools;

use crate::{
    UserPools, pages,
    pool::{Pool, Rows},
};

impl UserPools {
    /// Errors: InvalidParameter.
    pub async fn list_user_pools(&self, cx: &Cx, input: ListUserPoolsRequest) -> Result<ListUserPoolsResponse> {
        let place = ["ListUserPools", cx.account().as_str(), cx.region.as_str()];
        let page = pages::open(
            &self.keyring,
            cx,
            &place,
            Some(input.max_results),
            input.next_token.as_deref(),
        )?;
        let (account, region) = (cx.account().clone(), cx.region.clone());
        let (after, limit) = (page.after(), page.limit());
        let rows = self
            .store
            .read(move |r| pools::list(r, &account, &region, &after, limit))
            .await?;
        let (rows, next_token) = page.cut(&self.keyring, cx, rows, |row| row.pool.to_string())?;

        let mut user_pools = Vec::with_capacity(rows.len());
        for row in rows {
            let pool = Pool::load(Rows::alone(row), &self.keyring)?;
            user_pools.push(UserPoolDescriptionType {
                id: Some(pool.id.to_string()),
                name: pool.settings.name,
                lambda_config: pool.settings.lambda_config,
                creation_date: Some(pool.created),
                last_modified_date: Some(pool.modified),
                ..UserPoolDescriptionType::default()
            });
        }
        Ok(ListUserPoolsResponse {
            user_pools: Some(user_pools),
            next_token,
        })
    }
}
