//! A browser that comes with the name of a pushed request: what was pushed stands in the place of what its address says. Reference:
//! RFC 9126 section 4.

use http::StatusCode;
use oauth::Parameters;
use pages::hosted::Say;
use userpool::hosted::{Coming, Pushed};

use super::{
    ask::{Ask, CHOICE},
    frame,
    route::Route,
};
use crate::body::Response;

/// The name, of a pool that takes pushed requests.
fn name<'a>(ask: &'a Ask<'_>, parameters: &'a Parameters) -> Option<(&'a str, &'a str)> {
    let is_on = ask.domain.switches().pushed != Pushed::Off;
    let name = parameters.given("request_uri").filter(|_| is_on)?;
    Some((parameters.given("client_id")?, name))
}

/// Reads what was pushed into the request, or answers that there is no such thing.
pub async fn read(ask: &mut Ask<'_>, route: Route<'_>) -> Result<(), Box<Response>> {
    let Some(coming) = route.coming() else {
        return Ok(());
    };
    let is_posted = coming == Coming::First && ask.is_post();
    let came = if is_posted { &ask.form } else { &ask.query };
    let Some((client, name)) = name(ask, came) else {
        return Ok(());
    };
    let pools = &ask.app.user_pools;
    let found = pools.pushed_request(&ask.cx, ask.pool(), (client, name), coming).await;
    let found = match found {
        Ok(Some(found)) => Parameters::parse(&found).ok(),
        Ok(None) => None,
        Err(error) => {
            tracing::error!(?error, "a pushed request could not be read");
            return Err(Box::new(frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None)));
        }
    };
    let Some(found) = found else {
        return Err(Box::new(frame::refused(
            ask,
            StatusCode::BAD_REQUEST,
            Some(Say::PageExpired.into()),
        )));
    };
    ask.pushed = Some(name.to_owned());
    // The language is the person's to change, whatever was pushed; by whom they sign in, where that was left to them.
    let language = came.given("lang").map(|language| ("lang", language));
    let pushed = found.iter().filter(|(name, _)| *name != "lang" || language.is_none());
    let is_left = coming == Coming::Again && CHOICE.iter().all(|name| found.given(name).is_none());
    let choice = CHOICE.iter().filter(|_| is_left);
    let choice = choice.filter_map(|name| Some((*name, came.given(name)?)));
    let all = Parameters::of(pushed.chain(language).chain(choice));
    if is_posted {
        // The pages find it by their address.
        ask.form = all.clone();
    }
    ask.query = all;
    Ok(())
}

/// Whether an app's request is one that has to be pushed, and was not.
pub fn is_missing(ask: &Ask<'_>) -> bool {
    ask.domain.switches().pushed == Pushed::Required && ask.pushed.is_none()
}

/// The app is answered: nobody comes with the name any more.
pub async fn answered(ask: &Ask<'_>) {
    if let Some(name) = &ask.pushed
        && let Err(error) = ask.app.user_pools.forget_request(ask.pool(), name).await
    {
        tracing::warn!(?error, "a pushed request could not be forgotten");
    }
}
