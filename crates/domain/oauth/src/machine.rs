//! The grants that no browser takes part in: `client_credentials` (RFC 6749 section 4.4) and token exchange (RFC 8693). Reference:
//! oauth-and-federation 5.1; user-pools 15.4.

use std::collections::BTreeMap;

use kernel::Cx;
use serde_json::{Value, json};
use tokens::TokenUse;
use userpool::{
    UserPools,
    hosted::{ExchangeAsked, NoOwnToken, NotExchanged, OwnAsked, Place, Token},
};

use crate::{OAuthError, Parameters, token_type::token_type};

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

/// `key`: the thumbprint of the one of which a proof came along.
///
/// Errors: as RFC 6749 section 5.2 has them.
pub async fn client_credentials(
    pools: &UserPools,
    cx: &Cx,
    place: &Place,
    (form, key): (&Parameters, Option<&str>),
) -> Result<Value, OAuthError> {
    let scopes = scopes(form);
    let metadata = metadata(form)?;
    let asked = OwnAsked {
        scopes: scopes.as_deref(),
        metadata: metadata.as_ref(),
        key,
    };
    let made = pools.own_token(cx, place, asked).await;
    let token = made.map_err(|none| match none {
        // Seen so on Cognito (oauth-and-federation 5.3).
        NoOwnToken::Off => OAuthError::invalid_grant("the client has no OAuth flow"),
        NoOwnToken::OtherFlow => OAuthError::unauthorized_client("the client has other flows"),
        NoOwnToken::Scope => OAuthError::invalid_scope(),
        NoOwnToken::Api(error) => OAuthError::of_grant(&error),
    })?;
    Ok(json!({
        "access_token": token.access_token,
        "expires_in": token.expires_in,
        "token_type": token_type(key.is_some()),
    }))
}

/// `key`: the thumbprint of the one of which a proof came along.
///
/// Errors: as RFC 8693 section 2.2.2 has them.
pub async fn exchange(
    pools: &UserPools,
    cx: &Cx,
    place: &Place,
    (form, key): (&Parameters, Option<&str>),
) -> Result<Value, OAuthError> {
    let subject = presented(form, "subject_token", "subject_token_type")?;
    let subject = subject.ok_or(OAuthError::invalid_request("no subject_token"))?;
    let wanted = match form.given("requested_token_type") {
        None | Some(ACCESS_TOKEN) => TokenUse::Access,
        Some(ID_TOKEN) => TokenUse::Id,
        Some(_) => return Err(OAuthError::invalid_request("no such type of token")),
    };
    let (audience, resource) = (form.given("audience"), form.given("resource"));
    if audience.is_some() && resource.is_some() {
        return Err(OAuthError::invalid_request("an audience and a resource"));
    }
    let asked = ExchangeAsked {
        subject,
        actor: presented(form, "actor_token", "actor_token_type")?,
        wanted,
        scopes: scopes(form),
        audience,
        resource,
        key,
    };
    let made = pools.exchange_at(cx, place, asked).await;
    let token = made.map_err(|none| match none {
        NotExchanged::Flow => OAuthError::unauthorized_client("the client may not exchange tokens so"),
        NotExchanged::Token(_) => OAuthError::invalid_request("a token is worth nothing"),
        NotExchanged::Target(_) => OAuthError::invalid_target(),
        NotExchanged::Api(error) => OAuthError::of_grant(&error),
    })?;
    Ok(match wanted {
        TokenUse::Access => json!({
            "access_token": token.token,
            "issued_token_type": ACCESS_TOKEN,
            "token_type": token_type(key.is_some()),
            "expires_in": token.expires_in,
            "scope": token.scope,
        }),
        TokenUse::Id => json!({
            "access_token": token.token,
            "issued_token_type": ID_TOKEN,
            "token_type": "N_A",
            "expires_in": token.expires_in,
        }),
    })
}

/// None: all that there are.
fn scopes(form: &Parameters) -> Option<Vec<String>> {
    let scopes = form.given("scope")?;
    Some(scopes.split_whitespace().map(str::to_owned).collect())
}

/// What a function is told: a JSON object of texts.
fn metadata(form: &Parameters) -> Result<Option<BTreeMap<String, String>>, OAuthError> {
    let Some(text) = form.given("aws_client_metadata") else {
        return Ok(None);
    };
    let read = serde_json::from_str(text);
    read.map_err(|_| OAuthError::invalid_request("aws_client_metadata is no object of texts"))
}

fn presented<'f>(form: &'f Parameters, name: &str, kind: &str) -> Result<Option<Token<'f>>, OAuthError> {
    let kind = match form.given(kind) {
        None => None,
        Some(ACCESS_TOKEN) => Some(TokenUse::Access),
        Some(ID_TOKEN) => Some(TokenUse::Id),
        Some(_) => return Err(OAuthError::invalid_request("no such type of token")),
    };
    match (form.given(name), kind) {
        (Some(text), Some(kind)) => Ok(Some(Token { text, kind })),
        (None, None) => Ok(None),
        _ => Err(OAuthError::invalid_request(
            "a token without its type, or a type without its token",
        )),
    }
}
