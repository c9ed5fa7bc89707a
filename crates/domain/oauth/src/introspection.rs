//! `/oauth2/introspect`: what a token is worth, told to an API that it was shown to. Reference: RFC 7662.

use kernel::Cx;
use serde_json::{Value, json};
use userpool::UserPools;

use crate::{Call, OAuthError, client};

/// The answer's body. Who asks is a client of the pool that has a secret: what a public one brings, anybody can.
///
/// Errors: `invalid_client` (401), `invalid_request` (no token).
pub async fn introspect(pools: &UserPools, cx: &Cx, call: &Call<'_>) -> Result<Value, OAuthError> {
    let place = client::confidential_client(pools, cx, call).await;
    let place = place.map_err(OAuthError::challenging)?;
    let token = call
        .form
        .given("token")
        .ok_or(OAuthError::invalid_request("no token"))?;
    let told = pools.introspect(cx, &place, token).await;
    Ok(match told.map_err(|error| OAuthError::of_grant(&error))? {
        Some(mut claims) => {
            claims.insert("active".to_owned(), json!(true));
            Value::Object(claims)
        }
        None => json!({ "active": false }),
    })
}
