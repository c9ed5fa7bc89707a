//! `/oauth2/token`: what an app's client gets for a grant. Reference: oauth-and-federation 5.

use kernel::{ApiError, Cx};
use serde_json::{Map, Value, json};
use userpool::{
    UserPools,
    hosted::{CodeRefused, NotRefreshed, Place, Presented, Proof, TokenSet},
};

use crate::{
    Call, OAuthError, Parameters, client,
    device::{self, DEVICE_CODE},
    dpop::{self, SHOWN_BEFORE},
    machine,
    token_type::token_type,
};

/// What the client brings for tokens.
enum Grant {
    AuthorizationCode(Presented),
    RefreshToken(String),
    ClientCredentials,
    TokenExchange,
    /// Whether there is such a grant is the pool's to say.
    DeviceCode(Option<String>),
}

/// RFC 8693.
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// The answer's body.
///
/// Errors: as RFC 6749 section 5.2 has them.
pub async fn token(pools: &UserPools, cx: &Cx, call: &Call<'_>) -> Result<Value, OAuthError> {
    if call.form.has_repeats() {
        return Err(OAuthError::invalid_request("a parameter came twice"));
    }
    let grant = grant(call.form)?;
    let place = client::client(pools, cx, call).await?;
    let answer = traded(pools, cx, (&place, grant), call).await?;
    let noted = pools.keep_registered(cx, &place).await;
    noted.map_err(|error| OAuthError::of_grant(&error))?;
    Ok(answer)
}

async fn traded(
    pools: &UserPools,
    cx: &Cx,
    (place, grant): (&Place, Grant),
    call: &Call<'_>,
) -> Result<Value, OAuthError> {
    let proof = dpop::proof(pools, cx, call, place)?;
    let tokens = match grant {
        Grant::AuthorizationCode(presented) => {
            if !place.oauth().enabled || !place.oauth().code {
                return Err(OAuthError::unauthorized_client("the client has no code flow"));
            }
            let presented = Presented { proof, ..presented };
            pools.trade_code(cx, place, presented).await.map_err(refused)?
        }
        Grant::RefreshToken(token) => {
            let refreshed = pools.refresh_at(cx, place, &token, proof.as_ref()).await;
            refreshed.map_err(|refused| match refused {
                NotRefreshed::ShownBefore => OAuthError::bad_proof(SHOWN_BEFORE),
                NotRefreshed::Api(error) => OAuthError::of_grant(&error),
            })?
        }
        Grant::ClientCredentials => {
            let key = spent(pools, cx, place, proof).await?;
            return machine::client_credentials(pools, cx, place, (call.form, key.as_deref())).await;
        }
        Grant::TokenExchange => {
            let key = spent(pools, cx, place, proof).await?;
            return machine::exchange(pools, cx, place, (call.form, key.as_deref())).await;
        }
        Grant::DeviceCode(code) => device::traded(pools, cx, place, (code.as_deref(), proof.as_ref())).await?,
    };
    Ok(body(tokens))
}

/// The key of a proof, which is good no more.
///
/// Errors: `invalid_dpop_proof`.
async fn spent(pools: &UserPools, cx: &Cx, place: &Place, proof: Option<Proof>) -> Result<Option<String>, OAuthError> {
    let Some(proof) = proof else { return Ok(None) };
    let first = pools.show_once(cx, place.pool(), &proof.once).await;
    if first.map_err(|error| OAuthError::of_grant(&error))? {
        Ok(Some(proof.key))
    } else {
        Err(OAuthError::bad_proof(SHOWN_BEFORE))
    }
}

fn grant(form: &Parameters) -> Result<Grant, OAuthError> {
    let wanted = |name, because| {
        form.given(name)
            .map(str::to_owned)
            .ok_or(OAuthError::invalid_request(because))
    };
    match form.given("grant_type") {
        Some("authorization_code") => Ok(Grant::AuthorizationCode(Presented {
            code: wanted("code", "no code")?,
            redirect_uri: wanted("redirect_uri", "no redirect_uri")?,
            verifier: form.given("code_verifier").map(str::to_owned),
            proof: None,
        })),
        Some("refresh_token") => Ok(Grant::RefreshToken(wanted("refresh_token", "no refresh_token")?)),
        Some("client_credentials") => Ok(Grant::ClientCredentials),
        Some(TOKEN_EXCHANGE) => Ok(Grant::TokenExchange),
        Some(DEVICE_CODE) => Ok(Grant::DeviceCode(form.given("device_code").map(str::to_owned))),
        Some(_) => Err(OAuthError::unsupported_grant_type()),
        None => Err(OAuthError::invalid_request("no grant_type")),
    }
}

fn refused(refused: CodeRefused) -> OAuthError {
    match refused {
        CodeRefused::InvalidGrant(because) => OAuthError::invalid_grant(because),
        CodeRefused::ShownBefore => OAuthError::bad_proof(SHOWN_BEFORE),
        CodeRefused::OtherAddress => OAuthError::other_address(),
        CodeRefused::Api(error) => OAuthError::of_grant(&error),
    }
}

/// Without `openid` there is no member for an ID token, rather than one that is null.
fn body(tokens: TokenSet) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    if let Some(id_token) = tokens.id_token {
        put("id_token", json!(id_token));
    }
    put("access_token", json!(tokens.access_token));
    if let Some(refresh_token) = tokens.refresh_token {
        put("refresh_token", json!(refresh_token));
    }
    put("expires_in", json!(tokens.expires_in));
    put("token_type", json!(token_type(tokens.is_bound)));
    Value::Object(members)
}

/// `/oauth2/revoke`. Reference: oauth-and-federation 6.5; RFC 7009.
///
/// Errors: `invalid_client` (401), `invalid_request` (no token, the client's can't be revoked), `unsupported_token_type`.
pub async fn revoke(pools: &UserPools, cx: &Cx, call: &Call<'_>) -> Result<(), OAuthError> {
    let place = client::client(pools, cx, call).await;
    let place = place.map_err(OAuthError::challenging)?;
    let token = call
        .form
        .given("token")
        .ok_or(OAuthError::invalid_request("no token"))?;
    if !place.revokes_tokens() {
        return Err(OAuthError::invalid_request("the client's tokens can't be revoked"));
    }
    // ID and access tokens are JWS of three parts, refresh tokens have five.
    if token.split('.').count() == 3 {
        return Err(OAuthError::unsupported_token_type());
    }
    let revoked: Result<(), ApiError> = pools.revoke_at(&place, token).await;
    revoked.map_err(|error| OAuthError::of_grant(&error))
}
