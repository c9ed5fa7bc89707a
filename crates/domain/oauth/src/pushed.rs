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
    client, dpop,
};

/// What shows who the client is, and is no part of the request.
const SHOWN: [&str; 4] = [
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];

/// The answer's body. Only a client that shows who it is pushes: what anybody could push would fill the disk, and prove nothing.
///
/// Errors: `invalid_client` (401), and those of the authorization request.
pub async fn push(pools: &UserPools, cx: &Cx, call: &Call<'_>) -> Result<Value, OAuthError> {
    let place = client::confidential_client(pools, cx, call).await;
    let place = place.map_err(OAuthError::challenging)?;
    if call.form.get("request_uri").is_some() {
        return Err(OAuthError::invalid_request("a name of another request"));
    }
    let proof = dpop::proof(pools, cx, call, &place)?;
    let key = proof.as_ref().map(|proof| proof.key.as_str());
    let named = call.form.given("dpop_jkt").filter(|_| key.is_some());
    if named.is_some_and(|named| Some(named) != key) {
        return Err(OAuthError::bad_proof("dpop_jkt is another key."));
    }
    let is_said = |name: &str| SHOWN.contains(&name) || (key.is_some() && name == "dpop_jkt");
    let pushed = call.form.iter().filter(|(name, _)| !is_said(name));
    let key = key.map(|key| ("dpop_jkt", key));
    let pushed = Parameters::of(
        [("client_id", place.client().as_str())]
            .into_iter()
            .chain(key)
            .chain(pushed),
    );
    let admitted = admission(pools, cx, call.pool, &pushed)
        .await
        .map_err(|refusal| match refusal {
            NotAdmitted::Failed(error) => OAuthError::of_grant(&error),
            refusal => OAuthError::of_request("invalid_request", Some(refusal.to_string().into())),
        })?;
    let read = Request::judged(&admitted, &pushed);
    read.map_err(|fault| OAuthError::of_request(fault.error, fault.description))?;
    if let Some(proof) = &proof {
        let first = pools.show_once(cx, call.pool, &proof.once).await;
        if !first.map_err(|error| OAuthError::of_grant(&error))? {
            return Err(OAuthError::bad_proof(dpop::SHOWN_BEFORE));
        }
    }
    let name = pools.push_request(cx, &place, pushed.encoded()).await;
    let name = name.map_err(|error| OAuthError::of_grant(&error))?;
    Ok(json!({ "request_uri": name, "expires_in": PUSHED_LIFE.as_secs() }))
}
