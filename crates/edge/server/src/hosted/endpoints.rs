//! The endpoints that answer JSON: token, revoke, userInfo. Any page may read them; no cookie is looked at. Reference:
//! oauth-and-federation 1.3, 5, 6.4, 6.5.

use http::{HeaderValue, StatusCode, header};
use oauth::OAuthError;
use serde_json::{Value, json};
use userpool::hosted::NoUserInfo;

use super::{ask::Ask, frame, turnstile::Attempt};
use crate::{answer, body::Response};

/// What a browser asks before a page's call.
pub fn preflight(ask: &Ask<'_>) -> Response {
    let mut response = answer::with(
        answer::empty(StatusCode::OK),
        &[
            ("access-control-allow-methods", "POST, GET, OPTIONS"),
            ("access-control-max-age", "86400"),
        ],
    );
    let wanted = ask.arrival.head.headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
    if let Some(wanted) = wanted {
        response
            .headers_mut()
            .insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    opened(ask, response)
}

pub async fn token(ask: &Ask<'_>) -> Response {
    let domain = ask.address();
    match oauth::token::token(&ask.app.user_pools, &ask.cx, &ask.call(&domain)).await {
        Ok(body) => text_of(ask, StatusCode::OK, oauth::members::written(&body)),
        Err(error) => refused(ask, &error),
    }
}

pub async fn revoke(ask: &Ask<'_>) -> Response {
    let domain = ask.address();
    match oauth::token::revoke(&ask.app.user_pools, &ask.cx, &ask.call(&domain)).await {
        Ok(()) => opened(ask, answer::empty(StatusCode::OK)),
        Err(error) => refused(ask, &error),
    }
}

/// By the header, or posted in a form (RFC 6750 section 2.2); never in the address.
pub async fn user_info(ask: &Ask<'_>) -> Response {
    let header = bearer(ask);
    let form = ask.form.given("access_token").filter(|_| ask.authorization().is_none());
    let Some(token) = header.or(form).filter(|token| !token.is_empty()) else {
        return challenge(
            ask,
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "Bad OAuth2 request at UserInfo Endpoint",
        );
    };
    let told = ask.app.user_pools.user_info(&ask.cx, ask.pool(), token).await;
    match told {
        Ok(claims) => json_of(ask, StatusCode::OK, &Value::Object(claims.0)),
        Err(NoUserInfo::InvalidToken) => challenge(
            ask,
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "Access token is expired, disabled, or deleted, or the user has globally signed out.",
        ),
        Err(NoUserInfo::WithoutOpenId) => challenge(
            ask,
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "Access token does not contain openid scope",
        ),
        Err(NoUserInfo::Api(error)) => refused(ask, &OAuthError::of_grant(&error)),
    }
}

/// The token of the header.
pub fn bearer<'a>(ask: &Ask<'a>) -> Option<&'a str> {
    let header = ask.authorization().and_then(|text| text.split_once(' '));
    header
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
}

/// A body that is no form, or too large.
pub fn unreadable(ask: &Ask<'_>, status: StatusCode) -> Response {
    json_of(ask, status, &json!({ "error": "invalid_request" }))
}

/// Of an address that has failed too often.
pub fn too_many(ask: &Ask<'_>) -> Response {
    let body = json!({ "error": "temporarily_unavailable" });
    json_of(ask, StatusCode::TOO_MANY_REQUESTS, &body)
}

pub fn refused(ask: &Ask<'_>, error: &OAuthError) -> Response {
    let request_id = &ask.cx.request_id;
    if let Some(ip) = ask.stranger().filter(|_| error.error == "invalid_client") {
        let turnstile = &ask.app.turnstile;
        turnstile.is_too_many(ask.cx.now(), (Attempt::Client, ask.pool(), ip));
    }
    if error.status >= 500 {
        tracing::error!(%request_id, because = %error.because, "a grant could not be answered");
    } else {
        tracing::info!(%request_id, error = error.error, because = %error.because, "a grant was refused");
    }
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = json_of(ask, status, &error.body());
    if status == StatusCode::UNAUTHORIZED {
        let headers = response.headers_mut();
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"oauth2\""),
        );
    }
    response
}

/// RFC 6750 section 3, and the same in the body.
fn challenge(ask: &Ask<'_>, status: StatusCode, error: &str, description: &str) -> Response {
    let body = json!({ "error": error, "error_description": description });
    let mut response = json_of(ask, status, &body);
    let value = format!("Bearer error=\"{error}\", error_description=\"{description}\"");
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

pub fn json_of(ask: &Ask<'_>, status: StatusCode, body: &Value) -> Response {
    text_of(ask, status, body.to_string())
}

fn text_of(ask: &Ask<'_>, status: StatusCode, json: String) -> Response {
    opened(ask, answer::text(status, "application/json;charset=UTF-8", json))
}

/// What any page may read.
pub fn opened(ask: &Ask<'_>, mut response: Response) -> Response {
    frame::secure(ask, &mut response);
    let headers = [
        ("expires", "0"),
        ("access-control-allow-origin", "*"),
        (
            "access-control-expose-headers",
            "x-amz-cognito-request-id, www-authenticate",
        ),
    ];
    answer::with(response, &headers)
}
