//! `/logout`: Cognito's own form and OpenID Connect's (RP-Initiated Logout 1.0). Pure but for the client. Reference:
//! oauth-and-federation 7.

use kernel::{ApiError, PoolId};
use userpool::UserPools;

use crate::{Parameters, parameters::encode};

/// Where the browser goes when it has been signed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// To an address that the client has listed.
    To(String),
    /// To the login page, with this query.
    LogIn(String),
    /// Nowhere: a page of ours says that it is done.
    Said,
}

/// Why nothing is done: what the error page shows.
#[derive(Debug)]
pub enum NotDone {
    Missing(&'static str),
    UnknownClient,
    RedirectMismatch,
    Failed(ApiError),
}

/// What the login page takes along.
const PASSED: [&str; 7] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
];

/// What the request comes again with when its person has been asked: in the place of the hint, which is a secret, its client.
pub fn asked_for(parameters: &Parameters, hinted: Option<&str>) -> Vec<(String, String)> {
    let client = parameters.given("client_id").or(hinted);
    let rest = ["logout_uri", "post_logout_redirect_uri", "code_challenge_method"];
    let rest = PASSED.iter().filter(|name| **name != "client_id").chain(&rest);
    let rest = rest.filter_map(|name| Some((*name, parameters.given(name)?)));
    let all = client.map(|client| ("client_id", client)).into_iter().chain(rest);
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Whether somebody wants to be signed out and no more: by OpenID Connect they are, and on Cognito the client is missing.
pub fn asks_for_nothing(parameters: &Parameters) -> bool {
    let names = [
        "client_id",
        "id_token_hint",
        "post_logout_redirect_uri",
        "logout_uri",
        "redirect_uri",
    ];
    names.iter().all(|name| parameters.given(name).is_none())
}

/// `hinted`: the client that an ID token given as hint is of, and that was verified.
pub async fn after(
    pools: &UserPools,
    pool: &PoolId,
    parameters: &Parameters,
    hinted: Option<&str>,
) -> Result<After, NotDone> {
    let is_oidc = ["id_token_hint", "post_logout_redirect_uri"]
        .iter()
        .any(|name| parameters.given(name).is_some());
    let is_cognitos = ["logout_uri", "redirect_uri"]
        .iter()
        .any(|name| parameters.given(name).is_some());
    let client = parameters.given("client_id").or(hinted);
    if is_oidc && !is_cognitos {
        return oidc(pools, pool, parameters, client).await;
    }
    let id = client.ok_or(NotDone::Missing("client_id"))?;
    let place = pools.place(pool, id).await.map_err(NotDone::Failed)?;
    let oauth = place.as_ref().ok_or(NotDone::UnknownClient)?.oauth();
    if let Some(uri) = parameters
        .given("logout_uri")
        .filter(|uri| oauth.logouts.iter().any(|known| known == uri))
    {
        return Ok(After::To(uri.to_owned()));
    }
    let uri = parameters
        .given("redirect_uri")
        .ok_or(NotDone::Missing("redirect_uri"))?;
    if !oauth.callbacks.iter().any(|known| known == uri) {
        return Err(NotDone::RedirectMismatch);
    }
    if parameters.given("response_type").is_none() {
        return Err(NotDone::Missing("response_type"));
    }
    let passed = PASSED.iter().chain(&["code_challenge_method"]);
    let passed = passed.filter_map(|name| Some((*name, parameters.given(name)?)));
    Ok(After::LogIn(encode(passed)))
}

/// An address only beside a client, who has listed it; where none is given, or nobody says whose it is, our own page speaks.
async fn oidc(
    pools: &UserPools,
    pool: &PoolId,
    parameters: &Parameters,
    client: Option<&str>,
) -> Result<After, NotDone> {
    let Some(uri) = parameters.given("post_logout_redirect_uri") else {
        return Ok(After::Said);
    };
    let id = client.ok_or(NotDone::Missing("client_id"))?;
    let place = pools.place(pool, id).await.map_err(NotDone::Failed)?;
    let place = place.ok_or(NotDone::UnknownClient)?;
    if !place.oauth().logouts.iter().any(|known| known == uri) {
        return Err(NotDone::RedirectMismatch);
    }
    Ok(After::To(match parameters.given("state") {
        Some(state) => {
            let join = if uri.contains('?') { '&' } else { '?' };
            format!("{uri}{join}{}", encode([("state", state)]))
        }
        None => uri.to_owned(),
    }))
}
