//! `/oauth2/idpresponse`, `/saml2/idpresponse`: back from an identity provider. What the app had asked comes along sealed, as `state` or
//! RelayState, takes the place of the address and is read anew. Reference: oauth-and-federation 3.6, 10.3, 11.3; decision 23.
//!
//! ```text
//!  posted (Apple) ──▶ a page of ours that goes on by GET, with the cookies that a form of another site does not bring
//!  posted (SAML) ──▶ too long for that: taken here, without the cookie of a session
//!        ╰─ RelayState is an app's request, by a provider that may begin ──▶ who has come, as below
//!  state ──none of this pool, of this browser, in time──▶ a page of ours: no app hears of it
//!    ╰──▶ the app's request ──no more good──▶ as `authorize` says
//!                 ╰──▶ who has come ──nobody──▶ the app hears why
//!                            ╰──▶ as after a password
//! ```

use std::borrow::Cow;

use http::{Method, StatusCode};
use oauth::Parameters;
use pages::hosted::{GoOn, Say};
use userpool::hosted::{BroughtBack, NotArrived, ProviderAnswer, Reply, SignInBy};

use super::{
    ask::{Ask, CHOICE, Returned},
    authorize::{self, App, Asks},
    away::{self, BACK},
    cookies::VISIT,
    frame::{self, Around},
    outcome,
    route::Route,
    saml::CONSUMER,
    tell::Asked,
};
use crate::body::Response;

/// What goes on of a form that a provider made.
const ANSWER: [&str; 6] = ["code", "state", "error", "error_description", "iss", "user"];

/// The app's request stands in the place of the address. Errors: this browser has not left for anywhere, or too long ago.
pub fn read(ask: &mut Ask<'_>, route: Route<'_>) -> Result<(), Box<Response>> {
    let (came, state) = match (route, &ask.arrival.head.method) {
        (Route::Returned, &Method::GET) => (&ask.query, "state"),
        (Route::AssertionConsumer, &Method::POST) => (&ask.form, "RelayState"),
        _ => return Ok(()),
    };
    let state = came.given(state).filter(|_| !came.has_repeats()).map(str::to_owned);
    let cookie = ask.cookie(VISIT).unwrap_or_default();
    let pools = &ask.app.user_pools;
    let away = state
        .as_deref()
        .and_then(|state| pools.away(&ask.cx, ask.pool(), (state, cookie)));
    let request = match &away {
        Some(away) => Some(away.request().to_owned()),
        None => state.filter(|_| route == Route::AssertionConsumer),
    };
    let parsed = request.and_then(|request| Some((Parameters::parse(&request).ok()?, request)));
    let Some((query, request)) = parsed.filter(|(query, _)| away.is_some() || is_begun_elsewhere(query)) else {
        tracing::info!(request_id = %ask.cx.request_id, "somebody came back who had not left");
        return Err(Box::new(unknown(ask, route)));
    };
    ask.request = Cow::Owned(request);
    let query = std::mem::replace(&mut ask.query, query);
    let form = std::mem::take(&mut ask.form);
    let response = form.given("SAMLResponse").unwrap_or_default().to_owned();
    ask.returned = Some(match (away, route) {
        (Some(away), Route::AssertionConsumer) => Returned::Response(away, response),
        (Some(away), _) => Returned::Answer(away, query),
        (None, _) => Returned::Unasked(response),
    });
    // What follows are the pages of the sign-in.
    ask.path = "/login";
    Ok(())
}

/// Whether a RelayState is an app's request that a provider has written. Reference: oauth-and-federation 11.4.
fn is_begun_elsewhere(relay_state: &Parameters) -> bool {
    let is_there = |name: &&str| relay_state.given(name).is_some();
    is_there(&"client_id") && is_there(&"response_type") && CHOICE.iter().any(is_there)
}

/// No app hears of it. Reference: oauth-and-federation 11.3 (1).
fn unknown(ask: &Ask<'_>, route: Route<'_>) -> Response {
    match route {
        Route::AssertionConsumer => frame::failed(ask, Some("Invalid relayState from identity provider")),
        _ => frame::refused(ask, StatusCode::BAD_REQUEST, Some(Say::SessionExpired.into())),
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

async fn arrived(ask: &Ask<'_>, returned: &Returned) -> Response {
    let app = match authorize::read(ask, &ask.query).await {
        Ok(app) => app,
        Err(response) => return *response,
    };
    match reply(ask, &app, returned).await {
        Ok(Some(reply)) => outcome::replied(ask, &app, ("", Asked::Else), Ok(reply), None).await,
        Ok(None) => unknown(ask, Route::AssertionConsumer),
        Err(NotArrived::Failed(error)) => away::failed(ask, &app, &error),
        Err(NotArrived::Refused(refusal)) => {
            tracing::info!(
                request_id = %ask.cx.request_id, error = %refusal.error, because = %refusal.because,
                "nobody comes from an identity provider"
            );
            away::told(ask, &app, &refusal)
        }
    }
}

/// Who has come. None: nobody asked, and nobody may come unasked.
async fn reply(ask: &Ask<'_>, app: &App, returned: &Returned) -> Result<Option<Reply>, NotArrived> {
    let pools = &ask.app.user_pools;
    let (away, answer) = match returned {
        Returned::Unasked(response) => {
            let (Asks::Redirect(_), SignInBy::Provider(provider)) = (&app.asks, app.by()) else {
                return Ok(None);
            };
            let consumer = format!("{}{CONSUMER}", ask.address());
            let from = (provider.as_str(), consumer.as_str());
            return pools.arrived_unasked(&ask.cx, &app.place, from, response).await;
        }
        Returned::Response(away, response) => (away, BroughtBack::Response(response)),
        Returned::Answer(away, came) => {
            let answer = ProviderAnswer {
                code: came.given("code"),
                error: came.given("error"),
                error_description: came.given("error_description"),
                iss: came.given("iss"),
                user: came.given("user"),
            };
            (away, BroughtBack::Answer(answer))
        }
    };
    pools.arrived(&ask.cx, &app.place, away, answer).await.map(Some)
}
