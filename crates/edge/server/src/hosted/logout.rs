//! `/logout`: the browser's session ends. Tokens that apps have stay. Reference: oauth-and-federation 7.

use http::{StatusCode, header};
use oauth::logout::{After, NotDone, after, asks_for_nothing};
use pages::hosted::SignedOut;
use tokens::Unverified;

use super::{
    ask::Ask,
    cookies::{CSRF, Kept, SESSION},
    frame::{self, Around},
};
use crate::body::Response;

pub async fn answer(ask: &Ask<'_>) -> Response {
    // RP-Initiated Logout 1.0 section 2 has it posted as well.
    let parameters = if ask.is_post() { &ask.form } else { &ask.query };
    if parameters.has_repeats() {
        return frame::failed(ask, Some("Bad request"));
    }
    if ask.domain.switches().openid && asks_for_nothing(parameters) {
        return gone(ask, After::Said).await;
    }
    let hinted = match parameters.given("id_token_hint") {
        Some(hint) => match client_of(ask, hint).await {
            Some(client) => Some(client),
            None => return frame::failed(ask, Some("The id_token_hint is not valid")),
        },
        None => None,
    };
    if let (Some(hinted), Some(client)) = (&hinted, parameters.given("client_id"))
        && hinted != client
    {
        return frame::failed(ask, Some("The id_token_hint is of another client"));
    }
    match after(&ask.app.user_pools, ask.pool(), parameters, hinted.as_deref()).await {
        Ok(after) => gone(ask, after).await,
        Err(NotDone::Missing(name)) => {
            frame::failed(ask, Some(&format!("Required String parameter '{name}' is not present")))
        }
        Err(NotDone::UnknownClient) => frame::failed(ask, Some("invalid_request")),
        Err(NotDone::RedirectMismatch) => frame::failed(ask, Some("redirect_mismatch")),
        Err(NotDone::Failed(error)) => {
            tracing::error!(?error, "a sign-out failed");
            frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None)
        }
    }
}

/// The client that an ID token of this pool is of, whenever it expired.
async fn client_of(ask: &Ask<'_>, token: &str) -> Option<String> {
    match ask.app.tokens.verify_id(&ask.cx, token).await {
        Ok(id) if id.bearer.pool == *ask.pool() => id.claims.text("aud").map(str::to_owned),
        Ok(_) | Err(Unverified::Refused(_)) => None,
        Err(Unverified::Internal(error)) => {
            tracing::error!(?error, "a hint could not be verified");
            None
        }
    }
}

async fn gone(ask: &Ask<'_>, after: After) -> Response {
    if let Some(cookie) = ask.cookie(SESSION)
        && let Err(error) = ask.app.user_pools.end_browser(&ask.cx, ask.pool(), cookie).await
    {
        tracing::error!(?error, "a browser's session could not be ended");
        return frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None);
    }
    let mut response = match after {
        After::To(uri) => frame::redirect(ask, &uri),
        After::LogIn(query) => frame::redirect(ask, &format!("{}/login?{query}", ask.mount)),
        After::Said => frame::shown(ask, Around::default(), &SignedOut {}),
    };
    let (jar, headers) = (ask.jar(), response.headers_mut());
    headers.remove(header::SET_COOKIE);
    let cookies = [
        jar.set(SESSION, "", Kept::No),
        jar.set(CSRF, &kernel::uuid(ask.cx.rng()), Kept::UntilClosed),
    ];
    for cookie in cookies.into_iter().flatten() {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
