//! `/passkeys/add`: an app sends somebody who is signed in here to make a passkey, and hears how it went, and nothing else: it authorizes
//! nothing, so that it need not be pushed where requests for codes must be (RFC 9126 section 4). Managed login alone. Reference:
//! oauth-and-federation 1.2.

use http::StatusCode;
use oauth::{Redirect, Response as Mode, authorize::admission::Admitted};
use pages::hosted::{Line, PasskeyOffer, Say};
use userpool::hosted::Browser;

use super::{
    ask::Ask,
    authorize,
    frame::{self, Around},
};
use crate::body::Response;

/// How it went, as the app is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Added,
    /// Nobody is signed in at this browser.
    NoSession,
    /// The person would rather not. The word is ours.
    Cancelled,
}

pub async fn answer(ask: &Ask<'_>) -> Response {
    if !ask.domain.is_managed() {
        return frame::refused(ask, StatusCode::NOT_FOUND, None);
    }
    let admitted = match authorize::admitted(ask, &ask.query).await {
        Ok(admitted) => admitted,
        Err(response) => return *response,
    };
    // Its page leads back to the address, whatever comes of it: nobody vouches for one that a client registered by itself.
    if admitted.place.is_self_registered() {
        return frame::refused(ask, StatusCode::BAD_REQUEST, None);
    }
    let browser = match authorize::browser_at(ask, &admitted.place).await {
        Ok(Some(browser)) if browser.is_fresh() => browser,
        // Who comes from an identity provider has no passkey here; a browser that was left open makes nobody one.
        Ok(_) => return ended(ask, &admitted, Ended::NoSession),
        Err(response) => return *response,
    };
    if !ask.is_post() {
        return offered(ask, &admitted, &browser, None).await;
    }
    if !ask.is_own_form() || ask.form.has_repeats() {
        return offered(ask, &admitted, &browser, Some(Say::PageExpired.into())).await;
    }
    if ask.field("answer").is_some() {
        return ended(ask, &admitted, Ended::Cancelled);
    }
    let credential = ask.field("credential").unwrap_or_default();
    let pools = &ask.app.user_pools;
    match pools
        .add_passkey_at(&ask.cx, &admitted.place, &browser, credential)
        .await
    {
        Ok(()) => ended(ask, &admitted, Ended::Added),
        Err(error) => {
            tracing::info!(request_id = %ask.cx.request_id, code = error.code().0, "a passkey was not added");
            offered(ask, &admitted, &browser, Some(Say::PasskeyNotAdded.into())).await
        }
    }
}

async fn offered(ask: &Ask<'_>, admitted: &Admitted, browser: &Browser, error: Option<Line>) -> Response {
    let pools = &ask.app.user_pools;
    match pools.passkey_options_at(&ask.cx, &admitted.place, browser).await {
        Ok(options) => {
            let around = Around {
                action: "/passkeys/add",
                error,
                ..Around::default()
            };
            frame::shown(ask, around, &PasskeyOffer { options })
        }
        Err(error) => {
            tracing::info!(request_id = %ask.cx.request_id, code = error.code().0, "no passkey can be added");
            frame::refused(ask, StatusCode::BAD_REQUEST, Some(Say::PasskeyNotAdded.into()))
        }
    }
}

fn ended(ask: &Ask<'_>, admitted: &Admitted, ended: Ended) -> Response {
    let result = match ended {
        Ended::Added => "success",
        Ended::NoSession => "invalid_session",
        Ended::Cancelled => "cancelled",
    };
    let redirect = Redirect {
        uri: admitted.redirect_uri.clone(),
        response: Mode::Query,
        members: vec![("result".to_owned(), result.to_owned())],
    };
    frame::redirect(ask, &redirect.location())
}
