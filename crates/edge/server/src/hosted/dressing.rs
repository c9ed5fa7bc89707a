//! A request's pages are dressed for the client that it names, or there are none to be shown.

use http::StatusCode;
use pages::hosted::{Say, Skin};
use userpool::{branding::Appearance, hosted::Place};

use super::{
    ask::Ask,
    dress::{self, Dress},
    frame,
    route::Route,
};
use crate::{Profile, body::Response};

/// Dresses the pages of a request, where it names a client of the pool. Errors: what is answered in their place.
pub async fn dressed(ask: &Ask<'_>, route: Route<'_>) -> Result<Dress, Box<Response>> {
    if !route.shows_pages() {
        return Ok(Dress::default());
    }
    let client = ask.query.given("client_id").or_else(|| ask.form.given("client_id"));
    let skin = ask.skin();
    let found = dress::of_client(ask.app, ask.pool(), client.unwrap_or_default()).await;
    let found = found.map_err(|error| {
        tracing::error!(?error, "a client's look could not be read");
        Box::new(frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None))
    })?;
    let Some((place, appearance)) = found else {
        return Ok(Dress::default());
    };
    if skin == Skin::Managed && route.belongs_to_client() && !is_available(ask.app.profile, &place, &appearance) {
        tracing::info!(
            request_id = %ask.cx.request_id,
            client,
            "a client has no managed login style: CreateManagedLoginBranding makes one, or the pool's tag poolhouse:default-style lets it \
             have the built-in look"
        );
        let text = Some(Say::PagesUnavailable.into());
        return Err(Box::new(frame::refused(ask, StatusCode::FORBIDDEN, text)));
    }
    Ok(dress::dress(ask.app, &place, appearance, (skin, ask.mount)))
}

/// A client's managed login wants a style, on AWS always. Here nobody who develops is stopped by a missing one, and an operator may say
/// that the built-in one will do. docs/hosted-login.md
fn is_available(profile: Profile, place: &Place, appearance: &Appearance) -> bool {
    appearance.style.is_some() || profile == Profile::Dev || place.switches().default_style
}
