//! The endpoints that Cognito has not: introspection, registration, pushed requests, where a device begins, and who the authorization
//! server of userInfo is. Each is there only where the pool turns it on; else its path is as unknown as any. Reference: docs/oauth.md.

use http::{HeaderValue, StatusCode, header};
use oauth::registration::Refusal;
use serde_json::json;
use userpool::hosted::{Proofs, Pushed};

use super::{ask::Ask, endpoints, frame, proofs};
use crate::{body::Response, discovery};

/// RFC 7662.
pub async fn introspect(ask: &Ask<'_>) -> Response {
    if !ask.domain.switches().introspection {
        return absent(ask);
    }
    let (pools, domain) = (&ask.app.user_pools, ask.address());
    match oauth::introspection::introspect(pools, &ask.cx, &ask.call(&domain)).await {
        Ok(body) => endpoints::json_of(ask, StatusCode::OK, &body),
        Err(error) => endpoints::refused(ask, &error),
    }
}

/// RFC 7591.
pub async fn register(ask: &Ask<'_>) -> Response {
    if !ask.domain.registers() {
        return absent(ask);
    }
    let pools = &ask.app.user_pools;
    let token = endpoints::bearer(ask);
    let registered = oauth::registration::register(pools, &ask.cx, ask.pool(), token, &ask.body).await;
    let refusal = match registered {
        Ok(body) => return endpoints::json_of(ask, StatusCode::CREATED, &body),
        Err(refusal) => refusal,
    };
    let request_id = &ask.cx.request_id;
    match &refusal {
        Refusal::Failed(error) => tracing::error!(%request_id, ?error, "a client could not be registered"),
        refusal => tracing::info!(%request_id, ?refusal, "a client was not registered"),
    }
    let (status, body) = refusal.told();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = endpoints::json_of(ask, status, &body);
    let headers = response.headers_mut();
    if let Refusal::Token(error) = &refusal {
        let challenge = match error {
            None => Ok(HeaderValue::from_static("Bearer")),
            Some(error) => HeaderValue::try_from(format!("Bearer error=\"{error}\"")),
        };
        if let Ok(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
    }
    if matches!(refusal, Refusal::TooMany) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("3600"));
    }
    response
}

/// RFC 9126.
pub async fn push(ask: &Ask<'_>) -> Response {
    if ask.domain.switches().pushed == Pushed::Off {
        return absent(ask);
    }
    let (pools, domain) = (&ask.app.user_pools, ask.address());
    let pushed = oauth::pushed::push(pools, &ask.cx, &ask.call(&domain)).await;
    proofs::with_nonce(
        ask,
        match pushed {
            Ok(body) => endpoints::json_of(ask, StatusCode::CREATED, &body),
            Err(error) => endpoints::refused(ask, &error),
        },
    )
}

/// RFC 8628.
pub async fn begin_device(ask: &Ask<'_>) -> Response {
    if !ask.domain.switches().device_grant {
        return absent(ask);
    }
    let domain = ask.address();
    match oauth::device::begin(&ask.app.user_pools, &ask.cx, &ask.call(&domain)).await {
        Ok(body) => endpoints::json_of(ask, StatusCode::OK, &body),
        Err(error) => endpoints::refused(ask, &error),
    }
}

/// RFC 9728, of the pool's own API: userInfo.
pub async fn resource(ask: &Ask<'_>) -> Response {
    if !ask.domain.switches().resource_metadata {
        return absent(ask);
    }
    match discovery::places(ask.app, &ask.cx, ask.pool()).await {
        Ok(Some(places)) => {
            let at = places.domain.unwrap_or_default();
            let switches = ask.domain.switches();
            let mut body = json!({
                "resource": format!("{at}/oauth2/userInfo"),
                "authorization_servers": [places.issuer],
                "bearer_methods_supported": ["header", "body"],
                "scopes_supported": ["openid", "email", "phone", "profile"],
            });
            if switches.proofs != Proofs::Off
                && let Some(members) = body.as_object_mut()
            {
                let algorithms = json!(oauth::discovery::PROOF_ALGORITHMS);
                members.insert("dpop_signing_alg_values_supported".to_owned(), algorithms);
            }
            endpoints::json_of(ask, StatusCode::OK, &body)
        }
        Ok(None) => absent(ask),
        Err(error) => {
            tracing::error!(?error, "a resource's metadata could not be made");
            frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None)
        }
    }
}

fn absent(ask: &Ask<'_>) -> Response {
    frame::refused(ask, StatusCode::NOT_FOUND, None)
}
