//! `/oauth2/authorize` itself, and the app's answer when somebody has signed in. Reference: oauth-and-federation 3.

use std::borrow::Cow;

use oauth::authorize::due::Due;
use userpool::hosted::SignInBy;

use super::{
    account::link,
    ask::Ask,
    authorize::{self, App, Asks},
    away, consent, device, frame,
    present::Present,
};
use crate::body::Response;

pub async fn answer(ask: &Ask<'_>) -> Response {
    // OIDC Core 3.1.2.1 has it posted as well.
    let parameters = if ask.is_post() { &ask.form } else { &ask.query };
    let app = match authorize::read(ask, parameters).await {
        Ok(app) => app,
        Err(response) => return *response,
    };
    let browser = match authorize::browser(ask, &app).await {
        Ok(browser) => browser,
        Err(response) => return *response,
    };
    let due = authorize::due_of(&app, browser.as_ref());
    let (request, browser) = match (&app.asks, browser) {
        (Asks::Redirect(request), browser) => (request, browser),
        // It is no page that devices lead to, nor an account.
        (Asks::Device(_) | Asks::Account { .. }, _) => return frame::redirect(ask, &ask.href("/login")),
    };
    let posted = ask.is_post().then(|| posted(ask, &app));
    let ask = posted.as_ref().unwrap_or(ask);
    match due {
        Due::Refusal => authorize::unasked(ask, &app.place, &request.login_required()),
        Due::SignIn => match &request.by {
            SignInBy::Provider(name) => away::leave(ask, &app, name).await,
            _ => frame::redirect(ask, &ask.href("/login")),
        },
        // Forms of a page repeat its address: what was posted has to stand there, or another request would be allowed than is shown.
        Due::Nothing if ask.is_post() && consent::is_due(&app) => frame::redirect(ask, &ask.href("/login")),
        Due::Nothing => match browser {
            Some(browser) => answered(ask, &app, &Present::before(browser)).await,
            None => authorize::unasked(ask, &app.place, &request.login_required()),
        },
    }
}

/// The app hears that somebody has signed in, or they are asked first; of a device they always are.
pub async fn answered(ask: &Ask<'_>, app: &App, present: &Present) -> Response {
    match &app.asks {
        Asks::Device(of) => device::asked(ask, (app, of), &present.browser, None),
        Asks::Account { section, .. } => frame::redirect(ask, &link::to(ask, &app.place, *section)),
        Asks::Redirect(request) if consent::is_needed(app) => consent::asked(ask, (app, request), present),
        Asks::Redirect(request) => authorize::granted(ask, (app, request), &present.browser).await,
    }
}

/// Pages that follow have in their address what was posted, or its name.
fn posted<'a>(ask: &Ask<'a>, app: &App) -> Ask<'a> {
    let request = match &ask.pushed {
        Some(name) => {
            let client = app.place.client().as_str();
            oauth::Parameters::of([("client_id", client), ("request_uri", name)]).encoded()
        }
        None => ask.form.encoded(),
    };
    Ask {
        request: Cow::Owned(request),
        ..ask.clone()
    }
}
