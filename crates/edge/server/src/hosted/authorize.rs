//! `/oauth2/authorize`, over HTTP; and what every page of a sign-in begins with: the app's request, read anew. Reference:
//! oauth-and-federation 3.

use http::StatusCode;
use oauth::{
    Redirect, Response as Mode,
    authorize::{
        admission::{Admitted, NotAdmitted, admission},
        due::SoFar,
        request::{Fault, Request},
    },
};
use pages::hosted::{FormPost, Line};
use userpool::hosted::Browser;

use super::{
    ask::Ask,
    cookies::SESSION,
    frame::{self, Around},
    pushed,
};
use crate::body::Response;

/// What an app asks of whoever sits at the browser.
pub struct App {
    pub admitted: Admitted,
    pub request: Request,
}

/// The app's request, or what is answered in its place.
pub async fn read(ask: &Ask<'_>, parameters: &oauth::Parameters) -> Result<App, Box<Response>> {
    if pushed::is_missing(ask) {
        return Err(Box::new(not_admitted(
            ask,
            parameters,
            &NotAdmitted::Missing("request_uri"),
        )));
    }
    let admitted = match admission(&ask.app.user_pools, &ask.cx, ask.pool(), parameters).await {
        Ok(admitted) => admitted,
        Err(refusal) => return Err(Box::new(not_admitted(ask, parameters, &refusal))),
    };
    let request = Request::read(&admitted, parameters).map_err(|redirect| Box::new(sent(ask, &redirect)))?;
    let app = App { admitted, request };
    let named = parameters.given("identity_provider");
    let is_known =
        named.is_none_or(|name| name == userpool::hosted::COGNITO) && parameters.given("idp_identifier").is_none();
    if !is_known || !app.admitted.place.takes_own_users() {
        return Err(Box::new(sent(ask, &app.request.refused(Fault::new("invalid_request")))));
    }
    Ok(app)
}

/// Never to the address that was asked for.
fn not_admitted(ask: &Ask<'_>, parameters: &oauth::Parameters, refusal: &NotAdmitted) -> Response {
    if let NotAdmitted::Failed(error) = refusal {
        tracing::error!(?error, "an authorization request could not be read");
        return frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None);
    }
    if matches!(refusal, NotAdmitted::UnknownClient | NotAdmitted::RedirectMismatch) {
        let client = parameters.given("client_id").unwrap_or_default();
        let query = oauth::Parameters::of([("error", refusal.error()), ("client_id", client)]);
        return frame::redirect(ask, &format!("{}/error?{}", ask.mount, query.encoded()));
    }
    let page = pages::hosted::Error {
        heading: Line::Text("An error was encountered with the requested page.".to_owned()),
        detail: Some(Line::Text(refusal.to_string())),
        reference: ask.cx.request_id.to_string(),
        again: String::new(),
    };
    frame::with_status(ask, StatusCode::BAD_REQUEST, Around::default(), &page)
}

/// Whoever has signed in at this browser.
pub async fn browser(ask: &Ask<'_>, app: &App) -> Result<Option<Browser>, Box<Response>> {
    let Some(cookie) = ask.cookie(SESSION) else {
        return Ok(None);
    };
    let found = ask.app.user_pools.browser(&ask.cx, &app.admitted.place, cookie).await;
    found.map_err(|error| {
        tracing::error!(?error, "a browser's session could not be read");
        Box::new(frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None))
    })
}

pub fn so_far(app: &App, browser: &Browser) -> SoFar {
    SoFar {
        age: browser.age(),
        suffices: app.admitted.place.suffices(browser.acr(), &app.request.levels),
        is_another: app.request.expects_another(browser.sub()),
    }
}

/// The app hears that somebody has signed in.
pub async fn granted(ask: &Ask<'_>, app: &App, browser: &Browser) -> Response {
    let (pools, place) = (&ask.app.user_pools, &app.admitted.place);
    let redirect = app.request.answer(pools, &ask.cx, place, browser).await;
    pushed::answered(ask).await;
    sent(ask, &redirect)
}

/// By way of the browser.
pub fn sent(ask: &Ask<'_>, redirect: &Redirect) -> Response {
    if redirect.response != Mode::Form {
        return frame::redirect(ask, &redirect.location());
    }
    let page = FormPost {
        to: redirect.uri.clone(),
        fields: redirect.members.clone(),
    };
    frame::shown(ask, Around::default(), &page)
}
