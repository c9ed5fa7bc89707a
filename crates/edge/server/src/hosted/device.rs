//! Devices that can't show pages: `/device`, where people enter the code that one shows, and the question whether it is allowed, which
//! follows their sign-in and is always asked. Nothing here leads anywhere else. Reference: RFC 8628 section 3.3.
//!
//! ```text
//!  /device ──the code──▶ /login?client_id&user_code, at this browser alone: the pages of a sign-in, or none
//!                                      ╰──▶ `asked`: which client, which code, what for, who ──▶ `answered`
//! ```

use http::{HeaderValue, StatusCode, header};
use oauth::{Parameters, authorize::due::Due};
use pages::hosted::{DeviceAllow, Done, Line, Say, Scope};
use userpool::hosted::{AskedDevice, Browser, DeviceAnswer, NotEntered};

use super::{
    ask::Ask,
    authorize::{self, App},
    cookies::{DEVICE, Kept, Sent},
    frame::{self, Around},
    page,
    tell::{self, Asked},
};
use crate::body::Response;

/// The code is entered: an address may have it, and the person sends it all the same.
pub async fn answer(ask: &Ask<'_>) -> Response {
    if !ask.domain.switches().device_grant {
        return frame::refused(ask, StatusCode::NOT_FOUND, None);
    }
    if !ask.is_post() {
        let code = ask.query.given("user_code").unwrap_or_default();
        return authorize::enter_code(ask, shortened(code), None);
    }
    let typed = ask.field("user_code").unwrap_or_default();
    if !ask.is_own_form() || ask.form.has_repeats() {
        return authorize::enter_code(ask, shortened(typed), Some(Say::PageExpired));
    }
    let browser = browser(ask);
    let entered = ask.app.user_pools.enter_user_code(&ask.cx, ask.pool(), &browser, typed);
    let mut response = match entered.await {
        Ok(entered) => {
            let query = [
                ("client_id", entered.client.as_str()),
                ("user_code", entered.user_code.as_str()),
            ];
            let language = ask.query.given("lang").map(|language| ("lang", language));
            let query = Parameters::of(query.into_iter().chain(language));
            frame::redirect(ask, &format!("{}/login?{}", ask.mount, query.encoded()))
        }
        Err(NotEntered::Wrong) => authorize::enter_code(ask, shortened(typed), Some(Say::UserCodeMismatch)),
        Err(NotEntered::TooMany) => {
            tracing::warn!(request_id = %ask.cx.request_id, "too many codes of devices are guessed");
            authorize::enter_code(ask, "", Some(Say::TooManyAttempts))
        }
        Err(NotEntered::Api(error)) => {
            tracing::error!(?error, "a device's code could not be looked up");
            return frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None);
        }
    };
    let cookie: Option<HeaderValue> = ask.jar().set(DEVICE, &browser, Kept::UntilClosed, Sent::Lax);
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Whether the device is allowed: what it is, what it shows and what it wants, and who would allow it.
pub fn asked(ask: &Ask<'_>, (app, device): (&App, &AskedDevice), browser: &Browser, error: Option<Line>) -> Response {
    let page = DeviceAllow {
        client: app.place.client_name().to_owned(),
        name: browser.name().to_owned(),
        user_code: device.user_code.clone(),
        scopes: device
            .scopes
            .list()
            .into_iter()
            .map(|scope| Scope(scope.to_owned()))
            .collect(),
    };
    let around = Around {
        action: "/login",
        error,
        ..Around::default()
    };
    frame::shown(ask, around, &page)
}

/// The person has answered, at a browser of theirs.
pub async fn answered(ask: &Ask<'_>, (app, device): (&App, &AskedDevice), is_allowed: bool) -> Response {
    let browser = match authorize::browser(ask, app).await {
        Ok(Some(browser)) if authorize::due_of(app, Some(&browser)) == Due::Nothing => browser,
        Ok(_) => return page::sign_in(ask, &app.place, "", Some(Say::SessionExpired.into())),
        Err(response) => return *response,
    };
    let (answer, heading, sentence) = if is_allowed {
        (DeviceAnswer::Allow(&browser), Say::DeviceConnected, Say::BackToDevice)
    } else {
        (DeviceAnswer::Deny, Say::DeviceDenied, Say::SafeToClose)
    };
    let at = (ask.cookie(DEVICE).unwrap_or_default(), device.user_code.as_str());
    match ask.app.user_pools.answer_device(&ask.cx, &app.place, at, answer).await {
        Ok(true) => {
            let done = Done {
                heading: heading.into(),
                sentence: sentence.into(),
                next: String::new(),
            };
            frame::shown(ask, Around::default(), &done)
        }
        Ok(false) => authorize::enter_code(ask, "", Some(Say::UserCodeMismatch)),
        Err(error) => {
            tracing::info!(request_id = %ask.cx.request_id, code = error.code().0, "a device could not be allowed");
            asked(ask, (app, device), &browser, Some(tell::line(&error, Asked::Else)))
        }
    }
}

/// What tells this browser from others: its cookie, or a new one.
fn browser(ask: &Ask<'_>) -> String {
    let known = ask.cookie(DEVICE).filter(|value| value.len() == LENGTH);
    known.map_or_else(|| kernel::uuid(ask.cx.rng()), str::to_owned)
}

/// Of a UUID.
const LENGTH: usize = 36;

/// What the page shows of what came: no code is longer.
fn shortened(code: &str) -> &str {
    code.get(..32).unwrap_or(code)
}
