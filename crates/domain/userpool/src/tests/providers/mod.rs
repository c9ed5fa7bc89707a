//! Identity providers. Reference: user-pools 14.5, oauth-and-federation 10.1, 10.2, 10.5.

mod certificates;
mod contact;
mod life;
mod publisher;
mod refusals;
mod saml;
mod views;

use serde_json::{Value, json};
use testkit::merged;

use super::app::App;

const INVALID: &str = "InvalidParameterException";
const NOT_FOUND: &str = "ResourceNotFoundException";

/// The details of a provider of OpenID Connect that leave nothing to be asked of it.
pub(super) fn oidc_details() -> Value {
    json!({
        "client_id": "app", "client_secret": "hush", "authorize_scopes": "openid email",
        "oidc_issuer": "https://login.example.com", "attributes_request_method": "GET",
        "authorize_url": "https://login.example.com/authorize", "token_url": "https://login.example.com/token",
        "attributes_url": "https://login.example.com/userinfo", "jwks_uri": "https://login.example.com/keys",
    })
}

/// CreateIdentityProvider of one of OpenID Connect, with other settings.
fn oidc(pool: &str, name: &str, settings: Value) -> Value {
    let whole = json!({
        "UserPoolId": pool, "ProviderName": name, "ProviderType": "OIDC", "ProviderDetails": oidc_details(),
    });
    merged(whole, settings)
}

async fn created(app: &App, input: Value) -> Value {
    let answer = app.admin.call("CreateIdentityProvider", input).await.ok();
    answer["IdentityProvider"].clone()
}

async fn described(app: &App, pool: &str, name: &str) -> Value {
    let input = json!({"UserPoolId": pool, "ProviderName": name});
    let answer = app.admin.call("DescribeIdentityProvider", input).await.ok();
    answer["IdentityProvider"].clone()
}
