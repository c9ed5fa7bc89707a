//! What an authorization code stands for: under seal in the code itself, or, where that would be too long for an address, in a row that the
//! code names.

use kernel::{ApiError, Cx, Sub, Timestamp};
use serde::{Deserialize, Serialize};
use store::records::authorization_codes::{AuthorizationCode, Doc};
use vault::{Expiring, Keyring, Purpose, TokenError};

use super::Place;

/// Of a code, in characters. Addresses of two thousand are read everywhere, and an app's own members stand beside it.
const LONGEST: usize = 1024;

#[derive(Serialize, Deserialize)]
pub(super) struct Meaning {
    pub sub: Sub,
    pub doc: Doc,
}

impl Meaning {
    /// The code that carries it. None: it would be too long. Errors: internal.
    pub fn carried(
        &self,
        keyring: &Keyring,
        cx: &Cx,
        place: &Place,
        expires: Timestamp,
    ) -> Result<Option<String>, ApiError> {
        let payload = serde_json::to_vec(self).map_err(ApiError::internal)?;
        let sealed = Expiring {
            payload: &payload,
            at: expires,
        };
        let code = keyring.seal_token(Purpose::AuthorizationCode, &of(place), sealed, cx.rng())?;
        Ok(Some(code).filter(|code| code.len() <= LONGEST))
    }

    /// Of a code that was given at this place. Errors: it has expired; it carries nothing, or another's.
    pub fn of_carried(keyring: &Keyring, cx: &Cx, place: &Place, code: &str) -> Result<Self, TokenError> {
        let payload = keyring.open_token(Purpose::AuthorizationCode, &of(place), code, cx.now())?;
        serde_json::from_slice(payload.as_bytes()).map_err(|_| TokenError::Malformed)
    }

    /// The row of a code with this digest.
    pub fn kept(self, digest: String, expires: Timestamp) -> AuthorizationCode {
        AuthorizationCode {
            code: digest,
            sub: self.sub,
            expires,
            family: None,
            doc: self.doc,
        }
    }
}

/// What a code is sealed for.
fn of(place: &Place) -> [&str; 2] {
    [place.pool.id.as_str(), place.client.id.as_str()]
}
