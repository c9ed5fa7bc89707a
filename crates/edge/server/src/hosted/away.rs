//! On to an identity provider. Reference: oauth-and-federation 3.2, 10.3.

use http::{StatusCode, header};
use kernel::{ApiError, Code};
use pages::hosted::{GoOn, Say};
use userpool::hosted::{Leaving, NotLeft, Place, Refusal};

use super::{
    ask::Ask,
    authorize::{self, App, Asks},
    cookies::{Kept, Sent, VISIT},
    frame::{self, Around},
    page, providers,
    saml::CONSUMER,
};
use crate::body::Response;

/// Where providers but those of SAML send browsers back to, on the domain by which this one came: what is registered with them.
pub const BACK: &str = "/oauth2/idpresponse";

/// The browser is sent to the client's provider of this name.
pub async fn leave(ask: &Ask<'_>, app: &App, provider: &str) -> Response {
    let path = if app.place.is_by_saml(provider) { CONSUMER } else { BACK };
    let back = format!("{}{path}", ask.address());
    let (prompt, locales) = match &app.asks {
        Asks::Redirect(request) => (
            // Who wants them asked anew is no less heard because a provider asks.
            request.max_age.map(|_| "login").or(request.passed_on.prompt.as_deref()),
            request.passed_on.locales.as_deref(),
        ),
        Asks::Account { section, .. } => (section.needs_fresh().then_some("login"), None),
        Asks::Device(_) => (None, None),
    };
    let leaving = Leaving {
        provider,
        back: &back,
        request: &ask.request,
        cookie: ask.cookie(VISIT),
        login_hint: app.login_hint(),
        prompt,
        locales,
        levels: app.levels(),
    };
    let left = match ask.app.user_pools.leave(&ask.cx, &app.place, leaving).await {
        Ok(left) => left,
        Err(NotLeft::TooLong) => return frame::refused(ask, StatusCode::URI_TOO_LONG, Some(Say::InvalidInput.into())),
        Err(NotLeft::Failed(error)) => return failed(ask, app, &error),
        Err(NotLeft::Refused(refusal)) => {
            tracing::info!(
                request_id = %ask.cx.request_id, provider, because = %refusal.because,
                "nobody is sent to an identity provider"
            );
            return told(ask, app, &refusal);
        }
    };
    let mut response = frame::redirect(ask, &left.to);
    let cookie = ask
        .jar()
        .set(VISIT, &left.cookie, Kept::Seconds(left.life.as_secs()), Sent::Always);
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// By the provider that an address of e-mail belongs to.
pub fn of_address(ask: &Ask<'_>, place: &Place, email: &str) -> Response {
    let Some(identifier) = place.identifier_of(email) else {
        return page::sign_in(ask, place, "", Some(Say::NoProviderForAddress.into()));
    };
    match providers::chosen(ask, &[("idp_identifier", identifier), ("login_hint", email.trim())]) {
        Some(to) => frame::shown(ask, Around::default(), &GoOn { to }),
        None => frame::refused(ask, StatusCode::BAD_REQUEST, None),
    }
}

/// Something of ours failed, or there is no room: the app hears which (RFC 6749 section 4.1.2.1).
pub fn failed(ask: &Ask<'_>, app: &App, error: &ApiError) -> Response {
    let said = if error.code() == Code::TooManyRequests {
        tracing::info!(request_id = %ask.cx.request_id, "there is no room for who goes to an identity provider or comes");
        "temporarily_unavailable"
    } else {
        tracing::error!(request_id = %ask.cx.request_id, ?error, "a sign-in by an identity provider failed");
        "server_error"
    };
    let refusal = Refusal {
        error: said.into(),
        description: String::new(),
        because: String::new(),
    };
    told(ask, app, &refusal)
}

/// The app hears that nobody comes, and why; of a device the person does.
pub fn told(ask: &Ask<'_>, app: &App, refusal: &Refusal) -> Response {
    let description = Some(refusal.description.as_str()).filter(|text| !text.is_empty());
    let error = refusal.error.as_ref();
    match &app.asks {
        Asks::Redirect(request) => authorize::unasked(ask, &app.place, &request.not_arrived(error, description)),
        Asks::Device(_) | Asks::Account { .. } => page::sign_in(ask, &app.place, "", Some(Say::ProviderFailed.into())),
    }
}
