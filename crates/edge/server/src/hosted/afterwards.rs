//! What people are asked when they have signed in, before the app hears of it: whether the browser is remembered, and whether they make a
//! passkey. Whoever leaves here is signed in. Reference: oauth-and-federation 9.1; user-pools 10.

use http::{HeaderValue, header};
use oauth::authorize::due::{Due, due};
use pages::hosted::{Line, PasskeyOffer, RememberDevice, Say};
use userpool::hosted::{Browser, DeviceDue};

use super::{
    ask::Ask,
    authorization,
    authorize::{self, App, Asks},
    consent,
    cookies::{Kept, LATER, REMEMBERED},
    frame::{self, Around},
    page,
};
use crate::body::Response;

/// In this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
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

/// The question that is due, beginning with this one, or the app's answer.
pub async fn next(ask: &Ask<'_>, app: &App, browser: &Browser, first: Question) -> Response {
    let place = &app.place;
    let mut cookie = None;
    if first == Question::Device {
        match ask.app.user_pools.device_due(place, browser).await {
            Ok(DeviceDue::Ask) if may_be_asked(ask, app, browser, Question::Device) => {
                let around = Around {
                    action: "/login",
                    ..Around::default()
                };
                return frame::shown(ask, around, &RememberDevice {});
            }
            Ok(DeviceDue::Remember) => cookie = remembered(ask, app, browser).await,
            Ok(_) => {}
            Err(error) => tracing::error!(?error, "whether a browser is known could not be read"),
        }
    }
    let response = match ask.app.user_pools.lacks_passkey(place, browser).await {
        Ok(true) if may_be_asked(ask, app, browser, Question::Passkey) => offered(ask, app, browser, None).await,
        Ok(_) => authorization::answered(ask, app, browser).await,
        Err(error) => {
            tracing::error!(?error, "a user's passkeys could not be read");
            authorization::answered(ask, app, browser).await
        }
    };
    with(response, cookie)
}

/// The browser is remembered, or not now.
pub async fn device(ask: &Ask<'_>, app: &App, is_remembered: bool) -> Response {
    let browser = match here(ask, app).await {
        Ok(browser) => browser,
        Err(response) => return *response,
    };
    let cookie = match ask.app.user_pools.device_due(&app.place, &browser).await {
        Ok(DeviceDue::Ask) if is_remembered => remembered(ask, app, &browser).await,
        Ok(DeviceDue::Ask) => later(ask, &browser, Question::Device),
        _ => None,
    };
    with(next(ask, app, &browser, Question::Passkey).await, cookie)
}

/// A passkey was made; None: not now.
pub async fn passkey(ask: &Ask<'_>, app: &App, credential: Option<&str>) -> Response {
    let browser = match here(ask, app).await {
        Ok(browser) => browser,
        Err(response) => return *response,
    };
    let Some(credential) = credential else {
        let cookie = later(ask, &browser, Question::Passkey);
        return with(authorization::answered(ask, app, &browser).await, cookie);
    };
    let (pools, place) = (&ask.app.user_pools, &app.place);
    match pools.add_passkey_at(&ask.cx, place, &browser, credential).await {
        Ok(()) => authorization::answered(ask, app, &browser).await,
        Err(error) => {
            tracing::info!(request_id = %ask.cx.request_id, code = error.code().0, "a passkey was not added");
            offered(ask, app, &browser, Some(Say::PasskeyNotAdded.into())).await
        }
    }
}

/// Whoever can't be asked goes on.
async fn offered(ask: &Ask<'_>, app: &App, browser: &Browser, error: Option<Line>) -> Response {
    let (pools, place) = (&ask.app.user_pools, &app.place);
    match pools.passkey_options_at(&ask.cx, place, browser).await {
        Ok(options) => {
            let around = Around {
                action: "/login",
                error,
                ..Around::default()
            };
            frame::shown(ask, around, &PasskeyOffer { options })
        }
        Err(error) => {
            tracing::info!(code = error.code().0, "no passkey is offered");
            authorization::answered(ask, app, browser).await
        }
    }
}

/// Whoever has just signed in, at the page that followed. Errors: what is answered where their session is over.
async fn here(ask: &Ask<'_>, app: &App) -> Result<Browser, Box<Response>> {
    match authorize::browser(ask, app).await? {
        Some(browser) if is_still(app, &browser) => Ok(browser),
        _ => Err(Box::new(page::sign_in(
            ask,
            &app.place,
            "",
            Some(Say::SessionExpired.into()),
        ))),
    }
}

fn is_still(app: &App, browser: &Browser) -> bool {
    match &app.asks {
        Asks::Redirect(request) => {
            let so_far = authorize::so_far((app, request), browser);
            due(&consent::after(request), Some(so_far)) == Due::Nothing
        }
        Asks::Device(_) => authorize::due_of(app, Some(browser)) == Due::Nothing,
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
    ask.jar().set(&put_off(browser, question), "1", REST)
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
            ask.jar()
                .set(&format!("{REMEMBERED}{}", browser.tag()), &remembered.cookie, kept)
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
