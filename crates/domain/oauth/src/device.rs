//! Devices that can't show pages: what one gets to begin with, at `/oauth2/device_authorization`, and what it hears at the token endpoint.
//! Reference: RFC 8628.

use kernel::Cx;
use serde_json::{Value, json};
use userpool::{
    UserPools,
    hosted::{DeviceRefused, Place, Proof, TokenSet},
};

use crate::{
    Call, OAuthError,
    authorize::request::{resource, scopes},
    client,
    dpop::SHOWN_BEFORE,
    parameters::encode,
};

pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The answer's body. A client may whose users sign in for codes: this is the same with a page less.
///
/// Errors: `invalid_client` (401), `unauthorized_client`, `invalid_scope`, `invalid_target`, `temporarily_unavailable`.
pub async fn begin(pools: &UserPools, cx: &Cx, call: &Call<'_>) -> Result<Value, OAuthError> {
    let place = client::client(pools, cx, call).await;
    let place = place.map_err(OAuthError::challenging)?;
    may(&place)?;
    let scopes = scopes(&place, call.form.given("scope")).map_err(|_| OAuthError::invalid_scope())?;
    let resource = resource(call.form).map_err(|_| OAuthError::invalid_target())?;
    let begun = pools.begin_device(cx, &place, &scopes, resource).await;
    let codes = begun.map_err(|error| OAuthError::of_grant(&error))?;
    let uri = format!("{}/device", call.domain);
    let complete = encode([("user_code", codes.user_code.as_str())]);
    Ok(json!({
        "device_code": codes.device_code,
        "user_code": codes.user_code,
        "verification_uri": uri,
        "verification_uri_complete": format!("{uri}?{complete}"),
        "expires_in": codes.expires_in,
        "interval": codes.interval,
    }))
}

/// Errors: as RFC 8628 section 3.5 has them.
pub(crate) async fn traded(
    pools: &UserPools,
    cx: &Cx,
    place: &Place,
    (device_code, proof): (Option<&str>, Option<&Proof>),
) -> Result<TokenSet, OAuthError> {
    if !place.switches().device_grant {
        return Err(OAuthError::unsupported_grant_type());
    }
    may(place)?;
    let device_code = device_code.ok_or(OAuthError::invalid_request("no device_code"))?;
    let traded = pools.trade_device_code(cx, place, device_code, proof).await;
    traded.map_err(|refused| match refused {
        DeviceRefused::Pending => OAuthError::of_device("authorization_pending"),
        DeviceRefused::SlowDown => OAuthError::of_device("slow_down"),
        DeviceRefused::Denied => OAuthError::of_device("access_denied"),
        DeviceRefused::Expired => OAuthError::of_device("expired_token"),
        DeviceRefused::ShownBefore => OAuthError::bad_proof(SHOWN_BEFORE),
        DeviceRefused::InvalidGrant(because) => OAuthError::invalid_grant(because),
        DeviceRefused::Api(error) => OAuthError::of_grant(&error),
    })
}

fn may(place: &Place) -> Result<(), OAuthError> {
    if place.oauth().enabled && place.oauth().code {
        Ok(())
    } else {
        Err(OAuthError::unauthorized_client("the client has no code flow"))
    }
}
