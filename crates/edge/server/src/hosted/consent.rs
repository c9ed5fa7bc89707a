//! A client that registered itself is nobody's of the pool: whoever has signed in is asked each time whether it is answered. Else an
//! address that somebody is made to open would be enough to act for them. Reference: RFC 6819 section 4.4.1.8; RFC 9700 section 4.

use oauth::authorize::request::{Fault, Prompt, Request};
use pages::hosted::{Consent, Scope};

use super::{
    ask::Ask,
    authorize::{self, App, Asks},
    frame,
    present::Present,
};
use crate::body::Response;

pub fn is_needed(app: &App) -> bool {
    app.place.is_self_registered()
}

/// Whether a page is shown for it.
pub fn is_due(app: &App) -> bool {
    matches!(&app.asks, Asks::Redirect(request) if request.prompt != Prompt::Never) && is_needed(app)
}

pub fn asked(ask: &Ask<'_>, (app, request): (&App, &Request), present: &Present) -> Response {
    if request.prompt == Prompt::Never {
        return authorize::unasked(ask, &app.place, &request.refused(&Fault::new("consent_required")));
    }
    let scopes = request.approved.scopes.as_str().split_whitespace();
    let consent = Consent {
        client: app.place.client_name().to_owned(),
        place: place(&request.approved.redirect_uri).to_owned(),
        name: present.browser.name().to_owned(),
        scopes: scopes.map(|scope| Scope(scope.to_owned())).collect(),
    };
    frame::shown(ask, present.around(), &consent)
}

/// The person has answered, at a browser of theirs.
pub async fn answered(ask: &Ask<'_>, (app, request): (&App, &Request), is_allowed: bool) -> Response {
    if !is_allowed {
        return authorize::sent(ask, &request.refused(&Fault::new("access_denied")));
    }
    match Present::after(ask, app).await {
        Ok(present) => authorize::granted(ask, (app, request), &present.browser).await,
        Err(response) => *response,
    }
}

/// Where the answer goes, as people tell places apart: the host; of an app's own scheme all but the query, for some hand on what follows
/// them, to a browser (`microsoft-edge:https://…`).
fn place(uri: &str) -> &str {
    let is_web = |scheme: &str| ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    match uri.split_once("://") {
        Some((scheme, rest)) if is_web(scheme) => rest.split(['/', '?']).next().unwrap_or(rest),
        _ => uri.split('?').next().unwrap_or(uri),
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_place_is_what_people_know_it_by() {
        for (uri, expected) in [
            ("https://app.example.com/cb?x=1", "app.example.com"),
            ("HTTPS://app.example.com/cb", "app.example.com"),
            ("http://127.0.0.1:8080/cb", "127.0.0.1:8080"),
            ("http://localhost?x", "localhost"),
            ("com.example.app:/cb?x", "com.example.app:/cb"),
            (
                "microsoft-edge:https://a.example/cb",
                "microsoft-edge:https://a.example/cb",
            ),
            ("myapp://in", "myapp://in"),
        ] {
            assert_eq!(place(uri), expected);
        }
    }
}
