//! `/oauth2/userInfo`. Reference: oauth-and-federation 6.4; RFC 9449 section 7.

use http::{HeaderValue, StatusCode, header};
use oauth::{
    OAuthError,
    user_info::{Asked, Refused, Scheme},
};
use serde_json::{Value, json};

use super::{ask::Ask, endpoints, proofs};
use crate::body::Response;

pub async fn answer(ask: &Ask<'_>) -> Response {
    let address = format!("{}{}", ask.address(), ask.path);
    let asked = Asked {
        pool: ask.pool(),
        switches: ask.domain.switches(),
        authorization: ask.authorization(),
        posted: ask.form.given("access_token"),
        proof: ask.proof(),
        method: ask.arrival.head.method.as_str(),
        address: &address,
    };
    let told = oauth::user_info::user_info(&ask.app.user_pools, &ask.cx, asked).await;
    let response = match told {
        Ok(claims) => endpoints::json_of(ask, StatusCode::OK, &Value::Object(claims.0)),
        Err(refused) => refusal(ask, refused),
    };
    proofs::with_nonce(ask, response)
}

fn refusal(ask: &Ask<'_>, refused: Refused) -> Response {
    match refused {
        Refused::Malformed => challenge(
            ask,
            (StatusCode::BAD_REQUEST, Scheme::Bearer),
            "invalid_request",
            "Bad OAuth2 request at UserInfo Endpoint",
        ),
        Refused::Token(scheme) => challenge(
            ask,
            (StatusCode::UNAUTHORIZED, scheme),
            "invalid_token",
            "Access token is expired, disabled, or deleted, or the user has globally signed out.",
        ),
        Refused::WithoutOpenId(scheme) => challenge(
            ask,
            (StatusCode::UNAUTHORIZED, scheme),
            "invalid_token",
            "Access token does not contain openid scope",
        ),
        Refused::Proof(why) => challenge(ask, (StatusCode::UNAUTHORIZED, Scheme::DPoP), "invalid_dpop_proof", why),
        Refused::Nonce => challenge(
            ask,
            (StatusCode::UNAUTHORIZED, Scheme::DPoP),
            "use_dpop_nonce",
            "The proof has to repeat the nonce.",
        ),
        Refused::Failed(error) => endpoints::refused(ask, &OAuthError::of_grant(&error)),
    }
}

/// RFC 6750 section 3, RFC 9449 section 7.1, and the same in the body.
fn challenge(ask: &Ask<'_>, (status, scheme): (StatusCode, Scheme), error: &str, description: &str) -> Response {
    let body = json!({ "error": error, "error_description": description });
    let mut response = endpoints::json_of(ask, status, &body);
    let value = match scheme {
        Scheme::Bearer => format!("Bearer error=\"{error}\", error_description=\"{description}\""),
        Scheme::DPoP => {
            let algorithms = oauth::discovery::PROOF_ALGORITHMS.join(" ");
            format!("DPoP error=\"{error}\", error_description=\"{description}\", algs=\"{algorithms}\"")
        }
    };
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}
