//! `/oauth2/par`: what an app's server asks for before it sends its user's browser, which then carries no more than a name. Reference:
//! RFC 9126.

use kernel::Cx;
use serde_json::{Value, json};
use userpool::{UserPools, hosted::PUSHED_LIFE};

use crate::{
    Call, OAuthError, Parameters,
    authorize::{
        admission::{NotAdmitted, admission},
        request::Request,
    },
    client,
};

/// The answer's body. Only a client with a secret pushes: what anybody could push would fill the disk, and prove nothing.
///
/// Errors: `invalid_client` (401), and those of the authorization request.
pub async fn push(pools: &UserPools, cx: &Cx, call: &Call<'_>) -> Result<Value, OAuthError> {
    let place = client::confidential_client(pools, cx, call).await;
    let place = place.map_err(OAuthError::challenging)?;
    if call.form.get("request_uri").is_some() {
        return Err(OAuthError::invalid_request("a name of another request"));
    }
    let own = |name: &str| !matches!(name, "client_id" | "client_secret");
    let pushed = call.form.iter().filter(|(name, _)| own(name));
    let pushed = Parameters::of([("client_id", place.client().as_str())].into_iter().chain(pushed));
    let admitted = admission(pools, cx, call.pool, &pushed)
        .await
        .map_err(|refusal| match refusal {
            NotAdmitted::Failed(error) => OAuthError::of_grant(&error),
            refusal => OAuthError::of_request("invalid_request", Some(refusal.to_string())),
        })?;
    let read = Request::judged(&admitted, &pushed);
    read.map_err(|fault| OAuthError::of_request(fault.error, fault.description.map(str::to_owned)))?;
    let name = pools.push_request(cx, &place, pushed.encoded()).await;
    let name = name.map_err(|error| OAuthError::of_grant(&error))?;
    Ok(json!({ "request_uri": name, "expires_in": PUSHED_LIFE.as_secs() }))
}
