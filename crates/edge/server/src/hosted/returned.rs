//! `/oauth2/idpresponse`, `/saml2/idpresponse`: back from an identity provider. What the app had asked comes along sealed, as `state` or
//! RelayState, takes the place of the address and is read anew. Reference: oauth-and-federation 3.6, 10.3, 11.3; decision 23.
//!
//! ```text
//!  posted (Apple) ──▶ a page of ours that goes on by GET, with the cookies that a form of another site does not bring
//!  posted (SAML) ──▶ too long for that: taken here, without the cookie of a session
//!  state ──none of this pool, of this browser, in time──▶ a page of ours: no app hears of it
//!    ╰──▶ the app's request ──no more good──▶ as `authorize` says
//!                 ╰──▶ who has come ──nobody──▶ the app hears why
//!                            ╰──▶ as after a password
//! ```

use std::borrow::Cow;

use http::{Method, StatusCode};
use oauth::Parameters;
use pages::hosted::{GoOn, Say};
use userpool::hosted::{BroughtBack, NotArrived, ProviderAnswer, Refusal};

use super::{
    ask::{Ask, By, Returned},
    authorize,
    away::{self, BACK},
    cookies::VISIT,
    frame::{self, Around},
    outcome,
    route::Route,
    tell::Asked,
};
use crate::body::Response;

/// What goes on of a form that a provider made.
const ANSWER: [&str; 6] = ["code", "state", "error", "error_description", "iss", "user"];

/// The app's request stands in the place of the address. Errors: this browser has not left for anywhere, or too long ago.
pub fn read(ask: &mut Ask<'_>, route: Route<'_>) -> Result<(), Box<Response>> {
    let (by, came) = match (route, &ask.arrival.head.method) {
        (Route::Returned, &Method::GET) => (By::OAuth, &ask.query),
        (Route::AssertionConsumer, &Method::POST) => (By::Saml, &ask.form),
        _ => return Ok(()),
    };
    let state = came.given(by.state()).filter(|_| !came.has_repeats());
    let cookie = ask.cookie(VISIT).unwrap_or_default();
    let pools = &ask.app.user_pools;
    let away = state.and_then(|state| pools.away(&ask.cx, ask.pool(), (state, cookie)));
    let request = away.as_ref().and_then(|away| Parameters::parse(away.request()).ok());
    let (Some(away), Some(request)) = (away, request) else {
        tracing::info!(request_id = %ask.cx.request_id, "somebody came back who had not left");
        return Err(Box::new(unknown(ask, by)));
    };
    ask.request = Cow::Owned(away.request().to_owned());
    let (query, form) = (
        std::mem::replace(&mut ask.query, request),
        std::mem::take(&mut ask.form),
    );
    let came = match by {
        By::OAuth => query,
        By::Saml => form,
    };
    ask.returned = Some(Returned { away, came, by });
    // What follows are the pages of the sign-in.
    ask.path = "/login";
    Ok(())
}

/// No app hears of it. Reference: oauth-and-federation 11.3 (1).
fn unknown(ask: &Ask<'_>, by: By) -> Response {
    match by {
        By::OAuth => frame::refused(ask, StatusCode::BAD_REQUEST, Some(Say::SessionExpired.into())),
        By::Saml => frame::failed(ask, Some("Invalid relayState from identity provider")),
    }
}

pub async fn answer(ask: &Ask<'_>) -> Response {
    match &ask.returned {
        Some(returned) => arrived(ask, returned).await,
        None if ask.is_post() => posted(ask),
        None => frame::refused(ask, StatusCode::BAD_REQUEST, None),
    }
}

fn posted(ask: &Ask<'_>) -> Response {
    let answer = ask.form.iter().filter(|(name, _)| ANSWER.contains(name));
    let to = format!("{}{BACK}?{}", ask.mount, Parameters::of(answer).encoded());
    frame::shown(ask, Around::default(), &GoOn { to })
}

async fn arrived(ask: &Ask<'_>, Returned { away, came, by }: &Returned) -> Response {
    let app = match authorize::read(ask, &ask.query).await {
        Ok(app) => app,
        Err(response) => return *response,
    };
    let answer = match by {
        By::Saml => BroughtBack::Response(came.given("SAMLResponse").unwrap_or_default()),
        By::OAuth => BroughtBack::Answer(ProviderAnswer {
            code: came.given("code"),
            error: came.given("error"),
            error_description: came.given("error_description"),
            iss: came.given("iss"),
            user: came.given("user"),
        }),
    };
    match ask.app.user_pools.arrived(&ask.cx, &app.place, away, answer).await {
        Ok(reply) => outcome::replied(ask, &app, ("", Asked::Else), Ok(reply), None).await,
        Err(NotArrived::Failed(error)) => {
            tracing::error!(request_id = %ask.cx.request_id, ?error, "somebody who came back could not be signed in");
            let refusal = Refusal {
                error: "server_error".into(),
                description: String::new(),
                because: String::new(),
            };
            away::told(ask, &app, &refusal)
        }
        Err(NotArrived::Refused(refusal)) => {
            tracing::info!(
                request_id = %ask.cx.request_id, error = %refusal.error, description = refusal.description,
                because = %refusal.because, "nobody comes from an identity provider"
            );
            away::told(ask, &app, &refusal)
        }
    }
}
