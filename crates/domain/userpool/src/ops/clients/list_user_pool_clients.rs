//! `ListUserPoolClients`. Reference: user-pools 3.1.

use std::ops::Bound;

use api::cognito_idp::{ListUserPoolClientsRequest, ListUserPoolClientsResponse};
use kernel::{Cx, Result};

use crate::{UserPools, client::view, pages};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter.
    pub async fn list_user_pool_clients(
        &self,
        cx: &Cx,
        input: ListUserPoolClientsRequest,
    ) -> Result<ListUserPoolClientsResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let place = ["ListUserPoolClients", pool.id.as_str()];
        let page = pages::open(
            &self.keyring,
            cx,
            &place,
            input.max_results,
            input.next_token.as_deref(),
        )?;
        let after = page.after();
        let following = pool
            .clients
            .range::<str, _>((Bound::Excluded(after.as_str()), Bound::Unbounded));
        let clients = following.map(|(_, client)| client).collect();
        let (clients, next_token) = page.cut(&self.keyring, cx, clients, |client| client.id.to_string())?;
        // A page is cut before it is filtered: as on AWS it may be short, or empty, with more to come.
        let listed = clients
            .into_iter()
            .filter(|client| input.client_type.is_none_or(|wanted| client.kind() == wanted))
            .map(|client| view::listed(&pool.id, client))
            .collect();
        Ok(ListUserPoolClientsResponse {
            user_pool_clients: Some(listed),
            next_token,
        })
    }
}
