//! What people are told and asked when they have signed in, before the app hears of it: how many recovery codes are left to whoever has
//! used one, whether the browser is remembered, and whether they make a passkey. Whoever leaves here is signed in. Reference: oauth-and-federation 9.1; user-pools 10.

use http::{HeaderValue, header};
use pages::hosted::{Line, PasskeyOffer, RecoveryUsed, RememberDevice, Say};
use userpool::hosted::{Browser, DeviceDue};

use super::{
    ask::Ask,
    authorization,
    authorize::App,
    cookies::{Kept, LATER, REMEMBERED, Sent},
    frame::{self, Around},
    present::Present,
};
use crate::body::Response;

/// In this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Device,
    Passkey,
}

impl Question {
    /// As a cookie's name has it.
    fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Passkey => "passkey",
        }
    }
}

/// How long a question rests that was put off.
const REST: Kept = Kept::Seconds(30 * 24 * 3600);

/// What is told to whoever came by a recovery code, where they are known on the next page; else what is [`next`].
pub async fn first(ask: &Ask<'_>, app: &App, present: &Present, recovery_codes_left: Option<u32>) -> Response {
    match recovery_codes_left.filter(|_| app.place.keeps_browsers()) {
        Some(left) => frame::shown(ask, present.around(), &RecoveryUsed { left }),
        None => next(ask, app, present, Question::Device).await,
    }
}

/// It was read.
pub async fn recovery(ask: &Ask<'_>, app: &App) -> Response {
    match Present::just_now(ask, app).await {
        Ok(present) => next(ask, app, &present, Question::Device).await,
        Err(response) => *response,
    }
}

/// The question that is due, beginning with this one, or the app's answer.
async fn next(ask: &Ask<'_>, app: &App, present: &Present, first: Question) -> Response {
    let (place, browser) = (&app.place, &present.browser);
    let mut cookie = None;
    if first == Question::Device {
        match ask.app.user_pools.device_due(place, browser).await {
            Ok(DeviceDue::Ask) if may_be_asked(ask, app, browser, Question::Device) => {
                return frame::shown(ask, present.around(), &RememberDevice {});
            }
            Ok(DeviceDue::Remember) => cookie = remembered(ask, app, browser).await,
            Ok(_) => {}
            Err(error) => tracing::error!(?error, "whether a browser is known could not be read"),
        }
    }
    let response = match ask.app.user_pools.lacks_passkey(place, browser).await {
        Ok(true) if may_be_asked(ask, app, browser, Question::Passkey) => offered(ask, app, present, None).await,
        Ok(_) => authorization::answered(ask, app, present).await,
        Err(error) => {
            tracing::error!(?error, "a user's passkeys could not be read");
            authorization::answered(ask, app, present).await
        }
    };
    with(response, cookie)
}

/// The browser is remembered, or not now.
pub async fn device(ask: &Ask<'_>, app: &App, is_remembered: bool) -> Response {
    let present = match Present::just_now(ask, app).await {
        Ok(present) => present,
        Err(response) => return *response,
    };
    let browser = &present.browser;
    let cookie = match ask.app.user_pools.device_due(&app.place, browser).await {
        Ok(DeviceDue::Ask) if is_remembered => remembered(ask, app, browser).await,
        Ok(DeviceDue::Ask) => later(ask, browser, Question::Device),
        _ => None,
    };
    with(next(ask, app, &present, Question::Passkey).await, cookie)
}

/// A passkey was made; None: not now.
pub async fn passkey(ask: &Ask<'_>, app: &App, credential: Option<&str>) -> Response {
    let present = match Present::just_now(ask, app).await {
        Ok(present) => present,
        Err(response) => return *response,
    };
    let browser = &present.browser;
    let Some(credential) = credential else {
        let cookie = later(ask, browser, Question::Passkey);
        return with(authorization::answered(ask, app, &present).await, cookie);
    };
    let (pools, place) = (&ask.app.user_pools, &app.place);
    match pools.add_passkey_at(&ask.cx, place, browser, credential).await {
        Ok(()) => authorization::answered(ask, app, &present).await,
        Err(error) => {
            tracing::info!(request_id = %ask.cx.request_id, code = error.code().0, "a passkey was not added");
            offered(ask, app, &present, Some(Say::PasskeyNotAdded.into())).await
        }
    }
}

/// Whoever can't be asked goes on.
async fn offered(ask: &Ask<'_>, app: &App, present: &Present, error: Option<Line>) -> Response {
    let (pools, place) = (&ask.app.user_pools, &app.place);
    match pools.passkey_options_at(&ask.cx, place, &present.browser).await {
        Ok(options) => {
            let around = Around {
                error,
                ..present.around()
            };
            frame::shown(ask, around, &PasskeyOffer { options })
        }
        Err(error) => {
            tracing::info!(code = error.code().0, "no passkey is offered");
            authorization::answered(ask, app, present).await
        }
    }
}

/// Not where it was put off, nor where nobody would know on the next page whose answer it is.
fn may_be_asked(ask: &Ask<'_>, app: &App, browser: &Browser, question: Question) -> bool {
    app.place.keeps_browsers() && ask.cookie(&put_off(browser, question)).is_none()
}

fn put_off(browser: &Browser, question: Question) -> String {
    format!("{LATER}{}-{}", question.name(), browser.tag())
}

fn later(ask: &Ask<'_>, browser: &Browser, question: Question) -> Option<HeaderValue> {
    ask.jar().set(&put_off(browser, question), "1", REST, Sent::Lax)
}

/// The browser's cookie. None: it could not be remembered, which stops nobody.
async fn remembered(ask: &Ask<'_>, app: &App, browser: &Browser) -> Option<HeaderValue> {
    let agent = ask
        .header(&header::USER_AGENT)
        .map(|agent| agent.chars().take(LONGEST_NAME).collect());
    let (pools, place) = (&ask.app.user_pools, &app.place);
    match pools.remember_browser(&ask.cx, place, browser, agent).await {
        Ok(remembered) => {
            let kept = Kept::Seconds(remembered.life.as_secs());
            let name = format!("{REMEMBERED}{}", browser.tag());
            ask.jar().set(&name, &remembered.cookie, kept, Sent::Lax)
        }
        Err(error) => {
            tracing::warn!(?error, "a browser could not be remembered");
            None
        }
    }
}

/// Characters of a device's name. Reference: user-pools B (`DeviceNameType`).
const LONGEST_NAME: usize = 1024;

fn with(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
