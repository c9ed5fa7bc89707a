//! The endpoints that answer JSON: token and revoke (userInfo: `user_info`). Any page may read them; no cookie is looked at. Reference:
//! oauth-and-federation 1.3, 5, 6.4, 6.5.

use http::{HeaderValue, StatusCode, header};
use oauth::OAuthError;
use serde_json::{Value, json};

use super::{ask::Ask, frame, proofs, turnstile::Attempt};
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
    let answered = oauth::token::token(&ask.app.user_pools, &ask.cx, &ask.call(&domain)).await;
    proofs::with_nonce(
        ask,
        match answered {
            Ok(body) => text_of(ask, StatusCode::OK, oauth::members::written(&body)),
            Err(error) => refused(ask, &error),
        },
    )
}

pub async fn revoke(ask: &Ask<'_>) -> Response {
    let domain = ask.address();
    match oauth::token::revoke(&ask.app.user_pools, &ask.cx, &ask.call(&domain)).await {
        Ok(()) => opened(ask, answer::empty(StatusCode::OK)),
        Err(error) => refused(ask, &error),
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
            "x-amz-cognito-request-id, www-authenticate, dpop-nonce",
        ),
    ];
    answer::with(response, &headers)
}
