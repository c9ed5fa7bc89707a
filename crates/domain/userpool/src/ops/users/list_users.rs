//! `ListUsers`: all users, or those that a filter lets pass, page by page. Reference: user-pools 4.10.

use api::cognito_idp::{ListUsersRequest, ListUsersResponse};
use kernel::{Cx, Result};

use crate::{
    UserPools, errors,
    external::shown::IDENTITIES,
    pages,
    user::{filter::Filter, search, view},
};

impl UserPools {
    /// Errors: InvalidParameter (filter, unknown attributes, token).
    pub async fn list_users(&self, cx: &Cx, input: ListUsersRequest) -> Result<ListUsersResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let wanted = input.attributes_to_get;
        let is_known = |name: &String| name == IDENTITIES || pool.schema.has(name);
        if !wanted.iter().flatten().all(is_known) {
            return Err(errors::requested_attributes_do_not_exist());
        }
        let text = input.filter.unwrap_or_default();
        let filter = Filter::parse(&text)?;
        let place = [pool.id.as_str(), "ListUsers", &text];
        let page = pages::open(
            &self.keyring,
            cx,
            &place,
            input.limit,
            input.pagination_token.as_deref(),
        )?;
        let (id, after, limit) = (pool.id.clone(), page.after(), page.limit());
        let found = self
            .store
            .read(move |r| search::run(r, &id, filter.as_ref(), &after, limit))
            .await?;
        let (found, pagination_token) = page.cut(&self.keyring, cx, found, |(key, _)| key.clone())?;
        let users = found
            .iter()
            .map(|(_, user)| view::user_type(user, wanted.as_deref()))
            .collect();
        Ok(ListUsersResponse {
            users: Some(users),
            pagination_token,
        })
    }
}
