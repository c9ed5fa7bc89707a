//! A request to a domain: read, and handed to whoever answers.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use kernel::{ApiError, Region};
use oauth::Parameters;
use serde_json::json;
use userpool::ops::FoundDomain;

use super::{
    account,
    address::{self, At},
    ask::Ask,
    authorization, beyond, device,
    dress::Dress,
    dressing, endpoints,
    facts::{LARGEST, Posted},
    files, frame, login, logout, passkeys, pushed, recovery, returned,
    route::{self, Route},
    saml, sign_up,
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
use pages::hosted::Say;

/// Errors: the body is given back, where the host is no domain's.
pub async fn answer(app: &App, arrival: &Arrival, body: Body) -> Result<Response, Body> {
    match found(app, arrival).await {
        Ok(Found::Domain(at, domain)) => Ok(of_domain(app, arrival, (at, *domain), body).await),
        Ok(Found::NoHost) => Err(body),
        Ok(Found::Nothing) => {
            let said = ("invalid_request", "There is no such domain.");
            Ok(undressed(arrival, StatusCode::NOT_FOUND, said))
        }
        Err(error) => {
            tracing::error!(?error, "a domain could not be looked up");
            let said = ("server_error", "Internal error.");
            Ok(undressed(arrival, StatusCode::INTERNAL_SERVER_ERROR, said))
        }
    }
}

/// An answer of no domain: to an app's script in OAuth's form, which it can read, else as a line.
fn undressed(arrival: &Arrival, status: StatusCode, (error, sentence): (&'static str, &'static str)) -> Response {
    let path = address::by_path(arrival.path()).map_or(arrival.path(), |at| at.path);
    if !route::route(path).is_some_and(Route::is_open) {
        return frame::guarded(answer::plain(status, sentence));
    }
    let told = answer::json(status, &json!({"error": error, "error_description": sentence}));
    let open = [("access-control-allow-origin", "*")];
    frame::guarded(answer::with(told, &open))
}

/// What a request's host and path lead to.
enum Found<'a> {
    Domain(At<'a>, Box<FoundDomain>),
    /// The host is no domain's, and the path names none.
    NoHost,
    /// One was named that there is not.
    Nothing,
}

async fn found<'a>(app: &App, arrival: &'a Arrival) -> Result<Found<'a>, ApiError> {
    let (host, path) = (arrival.host(), arrival.path());
    let by_host = address::by_host(&app.hosts.login_bases, host, path);
    // Before the path: there others' pages would have the custom domain's origin.
    if arrival.host_kind == HostKind::Elsewhere {
        let at = address::by_custom_host(host, path);
        // A prefix is no host name of its own.
        if let Some(domain) = find(app, at).await?.filter(FoundDomain::is_custom) {
            return Ok(Found::Domain(at, Box::new(domain)));
        }
    }
    let Some(at) = by_host.or_else(|| address::by_path(path)) else {
        return Ok(Found::NoHost);
    };
    let domain = find(app, at).await?;
    Ok(domain.map_or(Found::Nothing, |domain| Found::Domain(at, Box::new(domain))))
}

async fn find(app: &App, at: At<'_>) -> Result<Option<FoundDomain>, ApiError> {
    app.user_pools.find_domain(&at.key.to_ascii_lowercase()).await
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
        request: Cow::Borrowed(arrival.head.uri.query().unwrap_or_default()),
        query: Parameters::default(),
        form: Parameters::default(),
        body: Bytes::new(),
        pushed: None,
        returned: None,
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
    match route.counted() {
        Some(attempt @ Attempt::Client) => turnstile.is_full(now, (attempt, ask.pool(), ip)),
        Some(attempt @ Attempt::Form) => ask.is_post() && turnstile.is_too_many(now, (attempt, ask.pool(), ip)),
        Some(attempt @ (Attempt::Return | Attempt::Saml)) => turnstile.is_too_many(now, (attempt, ask.pool(), ip)),
        None => false,
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

/// What was asked before, and how the pages of its client look.
async fn prepared(ask: &mut Ask<'_>, route: Route<'_>) -> Result<(), Box<Response>> {
    returned::read(ask, route)?;
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
    if ask.request.len() > LARGEST {
        return Err(Unread::TooLarge);
    }
    ask.query = Parameters::parse(&ask.request).map_err(|_| Unread::Malformed)?;
    let largest = match route.posted() {
        Posted::Form(largest) | Posted::Raw(largest) if ask.is_post() => largest,
        _ => return Ok(()),
    };
    let bytes = body::read(body, largest).await.map_err(Unread::Body)?;
    if bytes.is_empty() {
        return Ok(());
    }
    if matches!(route.posted(), Posted::Raw(_)) {
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
        Route::Returned | Route::AssertionConsumer => Box::pin(returned::answer(ask)).await,
        Route::SamlLogout => logout::returned(ask).await,
        Route::SamlMetadata(pool) => file(ask, saml::metadata(ask, pool).await),
        Route::Login => Box::pin(login::answer(ask)).await,
        Route::SignUp => Box::pin(sign_up::answer(ask)).await,
        Route::Confirm => Box::pin(sign_up::confirm(ask)).await,
        Route::Forgot => Box::pin(recovery::forgot(ask)).await,
        Route::Reset => Box::pin(recovery::reset(ask)).await,
        Route::AddPasskey => Box::pin(passkeys::answer(ask)).await,
        Route::Account(section) => Box::pin(account::answer(ask, section)).await,
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
    frame::failed(ask, detail)
}
