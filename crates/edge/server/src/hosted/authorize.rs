//! `/oauth2/authorize`, over HTTP; and what every page of a sign-in begins with: the app's request, read anew. Reference:
//! oauth-and-federation 3.

use http::StatusCode;
use oauth::{
    Redirect, Response as Mode,
    authorize::{
        admission::{Admitted, NotAdmitted, admission},
        due::{Due, SoFar, due},
        request::Request,
    },
};
use pages::hosted::{DeviceCode, FormPost, Line, Say};
use userpool::hosted::{AskedDevice, Browser, Place, SignInBy};

use super::{
    account::section::{Section, is_apps},
    ask::{Ask, CHOICE},
    cookies::{DEVICE, REMEMBERED, SESSION},
    frame::{self, Around},
    pushed,
};
use crate::body::Response;

/// Where whoever sits at the browser is to sign in, and what for.
pub struct App {
    pub place: Place,
    pub asks: Asks,
}

/// Who hears of it.
pub enum Asks {
    /// An app, by way of the browser.
    Redirect(Box<Request>),
    /// A device, by itself: nothing is redirected.
    Device(AskedDevice),
    /// Nobody: they come to their own account, by whom they choose.
    Account { section: Section, by: SignInBy },
}

impl App {
    /// The levels that the app wishes for.
    pub fn levels(&self) -> &[String] {
        match &self.asks {
            Asks::Redirect(request) => &request.levels,
            Asks::Device(_) | Asks::Account { .. } => &[],
        }
    }

    /// By whom they are to sign in.
    pub fn by(&self) -> SignInBy {
        match &self.asks {
            Asks::Redirect(request) => request.by.clone(),
            Asks::Account { by, .. } => by.clone(),
            Asks::Device(_) => SignInBy::Pool,
        }
    }

    /// Whether people of the pool itself may.
    pub fn takes_own_users(&self) -> bool {
        self.place.takes_own_users() && !matches!(self.by(), SignInBy::Provider(_))
    }

    pub fn login_hint(&self) -> Option<&str> {
        match &self.asks {
            Asks::Redirect(request) => request.login_hint.as_deref(),
            Asks::Device(_) | Asks::Account { .. } => None,
        }
    }
}

/// The app's request, or what is answered in its place.
pub async fn read(ask: &Ask<'_>, parameters: &oauth::Parameters) -> Result<App, Box<Response>> {
    if let Some(section) = Section::wanted(parameters) {
        return of_account(ask, parameters, section).await;
    }
    if let Some(user_code) = device_code(ask, parameters) {
        return of_device(ask, parameters, user_code).await;
    }
    if pushed::is_missing(ask) {
        return Err(Box::new(not_admitted(
            ask,
            parameters,
            &NotAdmitted::Missing("request_uri"),
        )));
    }
    let admitted = admitted(ask, parameters).await?;
    let request =
        Request::read(&admitted, parameters).map_err(|redirect| Box::new(unasked(ask, &admitted.place, &redirect)))?;
    Ok(App {
        place: admitted.place,
        asks: Asks::Redirect(Box::new(request)),
    })
}

/// The same for pages that are about users of the pool itself, which there may be none of.
pub async fn read_own(ask: &Ask<'_>) -> Result<App, Box<Response>> {
    let app = read(ask, &ask.query).await?;
    if app.takes_own_users() {
        Ok(app)
    } else {
        Err(Box::new(frame::redirect(ask, &ask.href("/login"))))
    }
}

/// The account page of a client that has one. Errors: what is answered in its place.
pub async fn of_account(ask: &Ask<'_>, parameters: &oauth::Parameters, section: Section) -> Result<App, Box<Response>> {
    let not_admitted = |refusal| Err(Box::new(not_admitted(ask, parameters, &refusal)));
    if parameters.repeats("client_id") {
        return not_admitted(NotAdmitted::Repeated("client_id"));
    }
    let Some(client) = parameters.given("client_id") else {
        return not_admitted(NotAdmitted::Missing("client_id"));
    };
    let [named, identifier] = CHOICE.map(|name| parameters.given(name));
    match ask.app.user_pools.place(ask.pool(), client).await {
        Ok(Some(place)) if ask.domain.is_managed() && place.has_account_page() => {
            let Some(by) = section.by(&place, named, identifier) else {
                return Err(Box::new(frame::refused(ask, StatusCode::BAD_REQUEST, None)));
            };
            Ok(App {
                asks: Asks::Account { section, by },
                place: here(ask, place),
            })
        }
        Ok(Some(_)) => Err(Box::new(frame::refused(ask, StatusCode::NOT_FOUND, None))),
        Ok(None) => not_admitted(NotAdmitted::UnknownClient),
        Err(error) => not_admitted(NotAdmitted::Failed(error)),
    }
}

/// The code of a device that the pages are about.
fn device_code<'a>(ask: &Ask<'_>, parameters: &'a oauth::Parameters) -> Option<&'a str> {
    let is_on = ask.domain.switches().device_grant;
    parameters.given("user_code").filter(|_| is_on && !is_apps(parameters))
}

/// Only at the browser where its code was entered: else the code is asked for.
async fn of_device(ask: &Ask<'_>, parameters: &oauth::Parameters, user_code: &str) -> Result<App, Box<Response>> {
    let pools = &ask.app.user_pools;
    let failed = |error: kernel::ApiError| {
        tracing::error!(?error, "a device's request could not be read");
        Box::new(frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None))
    };
    let client = parameters.given("client_id").unwrap_or_default();
    let place = pools.place(ask.pool(), client).await.map_err(failed)?;
    let browser = ask.cookie(DEVICE).unwrap_or_default();
    let (Some(place), false) = (place, parameters.has_repeats()) else {
        return Err(Box::new(frame::redirect(ask, &format!("{}/device", ask.mount))));
    };
    let found = pools.asked_device(&ask.cx, &place, (browser, user_code)).await;
    match found.map_err(failed)? {
        Some(device) if place.takes_own_users() => Ok(App {
            place: here(ask, place),
            asks: Asks::Device(device),
        }),
        _ => Err(Box::new(enter_code(ask, "", Some(Say::UserCodeMismatch)))),
    }
}

/// The page where a device's code is entered.
pub fn enter_code(ask: &Ask<'_>, user_code: &str, error: Option<Say>) -> Response {
    let page = DeviceCode {
        user_code: user_code.to_owned(),
    };
    let around = Around {
        action: "/device",
        error: error.map(Line::from),
        ..Around::default()
    };
    frame::shown(ask, around, &page)
}

/// The app's client and address, on this page and at this browser.
pub async fn admitted(ask: &Ask<'_>, parameters: &oauth::Parameters) -> Result<Admitted, Box<Response>> {
    let pools = &ask.app.user_pools;
    let admitted = match admission(pools, &ask.cx, ask.pool(), parameters).await {
        Ok(admitted) => admitted,
        Err(refusal) => return Err(Box::new(not_admitted(ask, parameters, &refusal))),
    };
    Ok(Admitted {
        place: here(ask, admitted.place),
        ..admitted
    })
}

/// On this page, at this browser.
fn here(ask: &Ask<'_>, place: Place) -> Place {
    let devices = ask
        .app
        .user_pools
        .devices_at(&ask.cx, ask.pool(), ask.cookies(REMEMBERED));
    place.at(ask.page().as_ref(), devices)
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
    frame::failed(ask, Some(&refusal.to_string()))
}

/// Whoever has signed in at this browser.
pub async fn browser(ask: &Ask<'_>, app: &App) -> Result<Option<Browser>, Box<Response>> {
    browser_at(ask, &app.place).await
}

/// The same, whatever an app asks.
pub async fn browser_at(ask: &Ask<'_>, place: &Place) -> Result<Option<Browser>, Box<Response>> {
    let Some(cookie) = ask.cookie(SESSION) else {
        return Ok(None);
    };
    let found = ask.app.user_pools.browser(&ask.cx, place, cookie).await;
    found.map_err(|error| {
        tracing::error!(?error, "a browser's session could not be read");
        Box::new(frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None))
    })
}

/// `browser`: whoever has signed in.
pub fn due_of(app: &App, browser: Option<&Browser>) -> Due {
    match &app.asks {
        Asks::Redirect(request) => due(request, browser.map(|browser| so_far((app, request), browser))),
        // Whoever it is: they are told who, and asked.
        Asks::Device(_) => taken(app, browser).map_or(Due::SignIn, |_| Due::Nothing),
        Asks::Account { section, .. } => match taken(app, browser) {
            Some(browser) if !section.needs_fresh() || browser.is_fresh() => Due::Nothing,
            _ => Due::SignIn,
        },
    }
}

/// Somebody whom the client takes, from wherever they have come.
fn taken<'b>(app: &App, browser: Option<&'b Browser>) -> Option<&'b Browser> {
    browser.filter(|browser| !app.place.is_of_another(browser, &SignInBy::Any))
}

fn so_far((app, request): (&App, &Request), browser: &Browser) -> SoFar {
    SoFar {
        age: browser.age(),
        suffices: app.place.suffices(browser.acr(), &request.levels),
        is_another: request.expects_another(browser.sub()),
        is_of_another: app.place.is_of_another(browser, &request.by),
    }
}

/// The app hears that somebody has signed in.
pub async fn granted(ask: &Ask<'_>, (app, request): (&App, &Request), browser: &Browser) -> Response {
    let redirect = request.answer(&ask.app.user_pools, &ask.cx, &app.place, browser).await;
    pushed::answered(ask).await;
    sent(ask, &redirect)
}

/// The same as [`sent`], before the person has done anything here. For an address that a client registered by itself nobody vouches:
/// they are not led there, but told what the app would have heard. Reference: RFC 9700 section 4.11.2.
pub fn unasked(ask: &Ask<'_>, place: &Place, redirect: &Redirect) -> Response {
    if !place.is_self_registered() {
        return sent(ask, redirect);
    }
    let error = redirect.members.iter().find(|(name, _)| name == "error");
    frame::failed(ask, error.map(|(_, error)| error.as_str()))
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
