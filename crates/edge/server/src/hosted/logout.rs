//! `/logout`: the browser's session ends. Tokens that apps have stay. Reference: oauth-and-federation 7; RP-Initiated Logout 1.0.

use http::{StatusCode, header};
use kernel::{ApiError, Code};
use oauth::{
    Parameters,
    logout::{After, NotDone, after, asked_for, asks_for_nothing},
};
use pages::hosted::{Done, Say, SignOut, SignedOut};
use tokens::{IdToken, Unverified};
use userpool::hosted::{Browser, NotLoggedOut};

use super::{
    ask::Ask,
    cookies::{CSRF, Kept, SESSION, Sent},
    frame::{self, Around},
    saml,
};
use crate::body::Response;

pub async fn answer(ask: &Ask<'_>) -> Response {
    // RP-Initiated Logout 1.0 section 2 has it posted as well.
    let parameters = if ask.is_post() { &ask.form } else { &ask.query };
    if parameters.has_repeats() {
        return frame::failed(ask, Some("Bad request"));
    }
    let hint = match parameters.given("id_token_hint") {
        Some(token) => match hint(ask, token).await {
            Some(hint) => Some(hint),
            None => return frame::failed(ask, Some("The id_token_hint is not valid")),
        },
        None => None,
    };
    let hinted = hint.as_ref().and_then(|hint| hint.claims.text("aud"));
    if let (Some(hinted), Some(client)) = (hinted, parameters.given("client_id"))
        && hinted != client
    {
        return frame::failed(ask, Some("The id_token_hint is of another client"));
    }
    let is_strict = ask.domain.switches().openid;
    let after = if is_strict && asks_for_nothing(parameters) {
        After::Said
    } else {
        match after(&ask.app.user_pools, ask.pool(), parameters, hinted).await {
            Ok(after) => after,
            Err(not_done) => return refused_by(ask, &not_done),
        }
    };
    if is_strict && let Some(response) = unanswered(ask, parameters, hint.as_ref()).await {
        return response;
    }
    gone(ask, after).await
}

/// Section 2: whoever is signed in at the browser is asked, unless the hint is a token of theirs. None: they want it, or nobody is.
async fn unanswered(ask: &Ask<'_>, parameters: &Parameters, hint: Option<&IdToken>) -> Option<Response> {
    let cookie = ask.cookie(SESSION)?;
    let browser = match ask.app.user_pools.held(&ask.cx, ask.pool(), cookie).await {
        Ok(browser) => browser?,
        Err(error) => {
            tracing::error!(?error, "a browser's session could not be looked up");
            return Some(frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None));
        }
    };
    if hint.is_some_and(|hint| is_of(hint, &browser)) {
        return None;
    }
    match ask.field("answer") {
        Some("yes") if ask.is_own_form() => None,
        Some(_) if ask.is_own_form() => {
            let page = Done {
                heading: Say::StillSignedIn.into(),
                sentence: Say::SafeToClose.into(),
                next: String::new(),
            };
            Some(frame::shown(ask, Around::default(), &page))
        }
        answer => {
            let client = hint.and_then(|hint| hint.claims.text("aud"));
            let page = SignOut {
                name: browser.name().to_owned(),
                fields: asked_for(parameters, client),
            };
            let around = Around {
                action: "/logout",
                error: answer.map(|_| Say::PageExpired.into()),
                ..Around::default()
            };
            Some(frame::shown(ask, around, &page))
        }
    }
}

/// Whether it is of the session, as far as it says of which it is.
fn is_of(hint: &IdToken, browser: &Browser) -> bool {
    hint.claims.text("sub") == Some(browser.sub()) && hint.claims.text("sid").is_none_or(|sid| sid == browser.id())
}

/// An ID token of this pool, whenever it expired.
async fn hint(ask: &Ask<'_>, token: &str) -> Option<IdToken> {
    match ask.app.tokens.verify_id(&ask.cx, token).await {
        Ok(id) if id.bearer.pool == *ask.pool() && id.claims.text("aud").is_some() => Some(id),
        Ok(_) | Err(Unverified::Refused(_)) => None,
        Err(Unverified::Internal(error)) => {
            tracing::error!(?error, "a hint could not be verified");
            None
        }
    }
}

async fn gone(ask: &Ask<'_>, after: After) -> Response {
    let then = match after {
        After::To(uri) => uri,
        After::LogIn(query) => format!("{}/login?{query}", ask.mount),
        After::Said => String::new(),
    };
    let response = match of_provider(ask, &then).await {
        Ok(Some(first)) => frame::redirect(ask, &first),
        Ok(None) => onward(ask, &then),
        Err(error) => {
            tracing::error!(?error, "a provider could not be told of a sign-out");
            onward(ask, &then)
        }
    };
    signed_out(ask, response).await
}

/// Where they are signed out by the provider that they came from. Reference: oauth-and-federation 11.7.
async fn of_provider(ask: &Ask<'_>, then: &str) -> Result<Option<String>, ApiError> {
    let Some(cookie) = ask.cookie(SESSION) else {
        return Ok(None);
    };
    let pools = &ask.app.user_pools;
    let Some(browser) = pools.held(&ask.cx, ask.pool(), cookie).await? else {
        return Ok(None);
    };
    let way = (saml::addresses(ask), then);
    pools.provider_logout(&ask.cx, ask.pool(), &browser, way).await
}

/// `/saml2/logout`: the provider has signed them out, and they go where they wanted.
pub async fn returned(ask: &Ask<'_>) -> Response {
    if ask.form.has_repeats() {
        return frame::failed(ask, Some("Bad request"));
    }
    let [relay_state, response] = ["RelayState", "SAMLResponse"].map(|name| ask.field(name).unwrap_or_default());
    let pools = &ask.app.user_pools;
    let answer = (relay_state, response);
    let then = pools.provider_logged_out(&ask.cx, ask.pool(), saml::addresses(ask), answer);
    match then.await {
        Ok(then) => onward(ask, &then),
        Err(NotLoggedOut::Unknown) => frame::failed(ask, Some("Invalid relayState from identity provider")),
        Err(NotLoggedOut::Refused(refusal)) => {
            tracing::info!(request_id = %ask.cx.request_id, because = refusal.because(), "a provider signs nobody out");
            let said = format!("Invalid SAML response received: {}", refusal.reason());
            frame::failed(ask, Some(&said))
        }
        Err(NotLoggedOut::Failed(error)) if error.code() == Code::TooManyRequests => {
            frame::refused(ask, StatusCode::TOO_MANY_REQUESTS, Some(Say::TooManyAttempts.into()))
        }
        Err(NotLoggedOut::Failed(error)) => {
            tracing::error!(?error, "an answer to a sign-out could not be read");
            frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None)
        }
    }
}

/// Where somebody goes who is signed out.
fn onward(ask: &Ask<'_>, then: &str) -> Response {
    match then {
        "" => frame::shown(ask, Around::default(), &SignedOut {}),
        then => frame::redirect(ask, then),
    }
}

/// The browser's session ends, and this is answered.
pub async fn signed_out(ask: &Ask<'_>, mut response: Response) -> Response {
    if let Some(cookie) = ask.cookie(SESSION)
        && let Err(error) = ask.app.user_pools.end_browser(&ask.cx, ask.pool(), cookie).await
    {
        tracing::error!(?error, "a browser's session could not be ended");
        return frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None);
    }
    let (jar, headers) = (ask.jar(), response.headers_mut());
    headers.remove(header::SET_COOKIE);
    let cookies = [
        jar.set(SESSION, "", Kept::No, Sent::Lax),
        jar.set(CSRF, &kernel::uuid(ask.cx.rng()), Kept::UntilClosed, Sent::Lax),
    ];
    for cookie in cookies.into_iter().flatten() {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn refused_by(ask: &Ask<'_>, not_done: &NotDone) -> Response {
    match not_done {
        NotDone::Missing(name) => {
            frame::failed(ask, Some(&format!("Required String parameter '{name}' is not present")))
        }
        NotDone::UnknownClient => frame::failed(ask, Some("invalid_request")),
        NotDone::RedirectMismatch => frame::failed(ask, Some("redirect_mismatch")),
        NotDone::Failed(error) => {
            tracing::error!(?error, "a sign-out failed");
            frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None)
        }
    }
}
