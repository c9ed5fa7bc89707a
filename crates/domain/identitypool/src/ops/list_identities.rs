//! `ListIdentities`, in the order of their creation. Reference: identity-pools-iam 1.4.

use api::cognito_identity::{ListIdentitiesInput, ListIdentitiesResponse};
use kernel::{Cx, Result, Timestamp};
use store::records::identities::{self, Shown};

use crate::{IdentityPools, ops::describe_identity::described, pages};

impl IdentityPools {
    /// Errors: ResourceNotFound, InvalidParameter for a token of another list.
    pub async fn list_identities(&self, cx: &Cx, input: ListIdentitiesInput) -> Result<ListIdentitiesResponse> {
        let pool = self.pool(&input.identity_pool_id).await?;
        let (shown, kind) = match input.hide_disabled {
            Some(true) => (Shown::Enabled, "enabled"),
            _ => (Shown::All, "all"),
        };
        let place = ["ListIdentities", pool.id.as_str(), kind];
        let page = pages::open(
            &self.keyring,
            cx,
            &place,
            input.max_results,
            input.next_token.as_deref(),
        )?;
        let (id, after, limit) = (pool.id.clone(), page.after(), page.limit());
        let rows = self
            .store
            .read(move |r| identities::list(r, &id, position(&after), limit, shown))
            .await?;
        let key = |row: &identities::Identity| format!("{} {}", row.created.millis(), row.identity);
        let (rows, next_token) = page.cut(&self.keyring, cx, rows, key)?;
        Ok(ListIdentitiesResponse {
            identity_pool_id: Some(input.identity_pool_id),
            identities: Some(rows.into_iter().map(described).collect()),
            next_token,
        })
    }
}

/// What the page's key says; nothing comes before the beginning.
fn position(after: &str) -> (Timestamp, &str) {
    let parts = after.split_once(' ');
    let parsed = parts.and_then(|(created, id)| Some((Timestamp::from_millis(created.parse().ok()?), id)));
    parsed.unwrap_or((Timestamp::from_millis(i64::MIN), ""))
}
