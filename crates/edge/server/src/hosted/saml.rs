//! What providers of SAML are told of a pool as their service provider: an extension, for Cognito publishes nothing. Reference:
//! oauth-and-federation 11.1.

use http::StatusCode;
use kernel::ApiError;
use userpool::hosted::ServiceAddresses;

use super::{ask::Ask, frame};
use crate::{answer, body::Response};

/// Where providers have their answers posted.
pub const CONSUMER: &str = "/saml2/idpresponse";

/// Where providers post messages of logouts.
const LOGOUT: &str = "/saml2/logout";

/// Where the pool is reached, at this domain.
pub fn addresses(ask: &Ask<'_>) -> ServiceAddresses {
    let address = ask.address();
    ServiceAddresses {
        consumer: format!("{address}{CONSUMER}"),
        logout: format!("{address}{LOGOUT}"),
    }
}

/// The pool's metadata at this domain; `provider` in the address adds what that one encrypts for. None: it is another pool, or there is no
/// such provider. Errors: internal.
pub async fn metadata(ask: &Ask<'_>, pool: &str) -> Result<Option<Response>, ApiError> {
    if pool != ask.pool().as_str() {
        return Ok(None);
    }
    let provider = ask.query.given("provider");
    let document = ask
        .app
        .user_pools
        .saml_metadata(ask.pool(), addresses(ask), provider)
        .await?;
    Ok(document.map(|document| {
        let mut response = answer::text(StatusCode::OK, "application/samlmetadata+xml", document);
        frame::secure(ask, &mut response);
        response
    }))
}
