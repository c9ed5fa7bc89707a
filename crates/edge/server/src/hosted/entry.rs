//! A request to a domain: read, and handed to whoever answers.

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use kernel::{ApiError, Region};
use oauth::Parameters;
use serde_json::json;
use userpool::ops::FoundDomain;

use super::{
    address::{self, At, Domain},
    ask::Ask,
    authorization, beyond, device,
    dress::Dress,
    dressing, endpoints, files, frame,
    frame::Around,
    login, logout, passkeys, pushed, recovery,
    route::{self, Route},
    sign_up,
    turnstile::Attempt,
    user_info,
};
use crate::{
    App, answer,
    arrival::Arrival,
    body::{self, Body, Response},
    confirm_user,
    hosts::HostKind,
};
use pages::hosted::{Line, Say};

/// Bytes of a request's body, and of its address.
const LARGEST: usize = 16 * 1024;

/// Errors: the body is given back, where the host is no domain's.
pub async fn answer(app: &App, arrival: &Arrival, body: Body) -> Result<Response, Body> {
    for at in places(app, arrival) {
        let (key, is_host) = match at.domain {
            Domain::Key(name) => (name.to_ascii_lowercase(), false),
            Domain::Host(name) => (name.to_ascii_lowercase(), true),
        };
        match app.user_pools.find_domain(&key).await {
            // A prefix is no host name of its own.
            Ok(Some(domain)) if domain.is_custom() || !is_host => {
                return Ok(of_domain(app, arrival, (at, domain), body).await);
            }
            Ok(_) if is_host => {}
            Ok(_) => {
                let said = ("invalid_request", "There is no such domain.");
                return Ok(undressed(&at, StatusCode::NOT_FOUND, said));
            }
            Err(error) => {
                tracing::error!(?error, "a domain could not be looked up");
                let said = ("server_error", "Internal error.");
                return Ok(undressed(&at, StatusCode::INTERNAL_SERVER_ERROR, said));
            }
        }
    }
    Err(body)
}

/// An answer of no domain: to an app's script in OAuth's form, which it can read, else as a line.
fn undressed(at: &At<'_>, status: StatusCode, (error, sentence): (&'static str, &'static str)) -> Response {
    if !route::route(at.path).is_some_and(Route::is_open) {
        return frame::guarded(answer::plain(status, sentence));
    }
    let told = answer::json(status, &json!({"error": error, "error_description": sentence}));
    let open = [("access-control-allow-origin", "*")];
    frame::guarded(answer::with(told, &open))
}

/// Which domains a request may mean. Under a pool's own name every path is that pool's; the path names one where the host is no pool's.
fn places<'a>(app: &App, arrival: &'a Arrival) -> impl Iterator<Item = At<'a>> + use<'a> {
    let (host, path) = (arrival.host(), arrival.path());
    let named = address::by_host(&app.hosts.login_bases, host, path);
    let custom = named.is_none() && arrival.host_kind == HostKind::Elsewhere;
    let custom = custom.then(|| address::by_custom_host(host, path));
    let by_path = if named.is_none() { address::by_path(path) } else { None };
    named.into_iter().chain(custom).chain(by_path)
}

async fn of_domain(app: &App, arrival: &Arrival, (at, domain): (At<'_>, FoundDomain), body: Body) -> Response {
    let region: Region = domain.pool().region();
    let cx = arrival.cx(app, Some(region));
    let csrf = Ask::csrf_of(arrival, &cx);
    let mut ask = Ask {
        app,
        arrival,
        cx,
        domain,
        mount: at.mount,
        path: at.path,
        query: Parameters::default(),
        form: Parameters::default(),
        body: Bytes::new(),
        pushed: None,
        csrf,
        dress: Dress::default(),
    };
    let Some(route) = route::route(at.path) else {
        // What the address says is on no page: `//evil.example` leads elsewhere.
        ask.path = "/error";
        return frame::refused(&ask, StatusCode::NOT_FOUND, None);
    };
    let method = &arrival.head.method;
    if !route.takes(method) {
        return not_taken(&ask, route);
    }
    if *method == Method::OPTIONS {
        return endpoints::preflight(&ask);
    }
    if tries_too_much(&ask, route) {
        return stopped(&ask, route);
    }
    if let Err(refusal) = read(&mut ask, route, body).await {
        return refusal.answer(&ask, route);
    }
    let mut response = match prepared(&mut ask, route).await {
        Ok(()) => open(&ask, route).await,
        Err(refusal) => *refusal,
    };
    if *method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// Whether the address that asks has sent too many forms, or failed too often to prove a client.
fn tries_too_much(ask: &Ask<'_>, route: Route<'_>) -> bool {
    let Some(ip) = ask.stranger() else { return false };
    let (turnstile, now) = (&ask.app.turnstile, ask.cx.now());
    if route.proves_clients() {
        turnstile.is_full(now, (Attempt::Client, ask.pool(), ip))
    } else {
        route.takes_guesses() && ask.is_post() && turnstile.is_too_many(now, (Attempt::Form, ask.pool(), ip))
    }
}

fn stopped(ask: &Ask<'_>, route: Route<'_>) -> Response {
    tracing::warn!(request_id = %ask.cx.request_id, ip = ?ask.arrival.peer.ip, "an address tries too much");
    let mut response = if route.is_open() {
        endpoints::too_many(ask)
    } else {
        frame::refused(ask, StatusCode::TOO_MANY_REQUESTS, Some(Say::TooManyAttempts.into()))
    };
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

/// Another method than the path has: nothing is shown. Reference: oauth-and-federation 1.3.
fn not_taken(ask: &Ask<'_>, route: Route<'_>) -> Response {
    let mut response = answer::empty(StatusCode::METHOD_NOT_ALLOWED);
    if let Ok(allow) = HeaderValue::try_from(route.allow()) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    if route.is_open() {
        return endpoints::opened(ask, response);
    }
    frame::secure(ask, &mut response);
    if let Some(cookie) = ask.csrf_cookie() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What was pushed before, and how the pages of its client look.
async fn prepared(ask: &mut Ask<'_>, route: Route<'_>) -> Result<(), Box<Response>> {
    pushed::read(ask, route).await?;
    ask.dress = dressing::dressed(ask, route).await?;
    Ok(())
}

/// What makes a request unreadable.
enum Unread {
    TooLarge,
    NoForm,
    Malformed,
    Body(body::BodyError),
}

impl Unread {
    fn answer(&self, ask: &Ask<'_>, route: Route<'_>) -> Response {
        let status = match self {
            Self::TooLarge | Self::Body(body::BodyError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(body::BodyError::Slow) => StatusCode::REQUEST_TIMEOUT,
            Self::NoForm | Self::Malformed | Self::Body(body::BodyError::Broken) => StatusCode::BAD_REQUEST,
        };
        if route.is_open() {
            return endpoints::unreadable(ask, status);
        }
        frame::refused(ask, status, Some(Say::InvalidInput.into()))
    }
}

async fn read(ask: &mut Ask<'_>, route: Route<'_>, body: Body) -> Result<(), Unread> {
    let query = ask.query_text();
    if query.len() > LARGEST {
        return Err(Unread::TooLarge);
    }
    ask.query = Parameters::parse(query).map_err(|_| Unread::Malformed)?;
    if !ask.is_post() {
        return Ok(());
    }
    let bytes = body::read(body, LARGEST).await.map_err(Unread::Body)?;
    if bytes.is_empty() {
        return Ok(());
    }
    if route == Route::Register {
        ask.body = bytes;
        return Ok(());
    }
    let kind = ask.header(&header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Unread::NoForm);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| Unread::Malformed)?;
    ask.form = Parameters::parse(text).map_err(|_| Unread::Malformed)?;
    Ok(())
}

/// The larger ones apart, so that the small ones don't carry their futures.
async fn open(ask: &Ask<'_>, route: Route<'_>) -> Response {
    match route {
        Route::Authorize => Box::pin(authorization::answer(ask)).await,
        Route::Login => Box::pin(login::answer(ask)).await,
        Route::SignUp => Box::pin(sign_up::answer(ask)).await,
        Route::Confirm => Box::pin(sign_up::confirm(ask)).await,
        Route::Forgot => Box::pin(recovery::forgot(ask)).await,
        Route::Reset => Box::pin(recovery::reset(ask)).await,
        Route::AddPasskey => Box::pin(passkeys::answer(ask)).await,
        Route::Logout => logout::answer(ask).await,
        Route::Error => error(ask),
        Route::Token => endpoints::token(ask).await,
        Route::Revoke => endpoints::revoke(ask).await,
        Route::UserInfo => user_info::answer(ask).await,
        Route::Introspect => beyond::introspect(ask).await,
        Route::Register => beyond::register(ask).await,
        Route::Push => beyond::push(ask).await,
        Route::DeviceAuthorization => beyond::begin_device(ask).await,
        Route::Device => device::answer(ask).await,
        Route::Resource => beyond::resource(ask).await,
        Route::ConfirmUser => link(ask).await,
        Route::File(name) => file(ask, Ok(files::answer(name))),
        Route::Style { client, digest } => {
            let style = files::style(ask.app, (ask.pool(), ask.mount), ask.skin(), (client, digest));
            file(ask, style.await)
        }
        Route::Picture(digest) => file(ask, files::picture(ask.app, ask.pool(), digest).await),
    }
}

fn file(ask: &Ask<'_>, found: Result<Option<Response>, ApiError>) -> Response {
    match found {
        Ok(Some(response)) => response,
        Ok(None) => frame::refused(ask, StatusCode::NOT_FOUND, None),
        Err(error) => {
            tracing::error!(?error, "a file of a look could not be read");
            frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None)
        }
    }
}

/// The link of a sign-up mail is opened at its own pool's domain.
async fn link(ask: &Ask<'_>) -> Response {
    let client = ask.query.given("client_id").unwrap_or_default();
    match ask.app.user_pools.place(ask.pool(), client).await {
        Ok(Some(_)) => confirm_user::answer(ask.app, ask.arrival).await,
        Ok(None) => frame::refused(ask, StatusCode::BAD_REQUEST, Some(Say::InvalidInput.into())),
        Err(error) => {
            tracing::error!(?error, "a link's client could not be looked up");
            frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None)
        }
    }
}

/// The terminal page. What it says of an error is ours: the address says only which.
fn error(ask: &Ask<'_>) -> Response {
    let detail = match ask.query.given("error") {
        Some("redirect_mismatch") => Some("redirect_mismatch"),
        Some("invalid_request") => Some("invalid_request"),
        _ => None,
    };
    let page = pages::hosted::Error {
        heading: Say::PageFailed.into(),
        detail: detail.map(|text| Line::Text(text.to_owned())),
        reference: ask.cx.request_id.to_string(),
        again: String::new(),
    };
    frame::with_status(ask, StatusCode::BAD_REQUEST, Around::default(), &page)
}
