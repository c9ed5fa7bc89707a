//! The nonce that the next proof of possession has to repeat (RFC 9449 section 8).

use http::HeaderValue;

use super::ask::Ask;
use crate::body::Response;

/// With the nonce for the next proof, where the pool gives them.
pub fn with_nonce(ask: &Ask<'_>, mut response: Response) -> Response {
    if ask.domain.switches().proof_nonces {
        let nonce = ask.app.user_pools.proof_nonce(&ask.cx, ask.pool());
        match nonce.map(HeaderValue::try_from) {
            Ok(Ok(nonce)) => {
                response.headers_mut().insert("dpop-nonce", nonce);
            }
            Ok(Err(_)) => {}
            Err(error) => tracing::error!(?error, "a nonce could not be made"),
        }
    }
    response
}
