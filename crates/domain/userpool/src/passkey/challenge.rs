//! The challenge of a registration is all that its answer brings back, so it carries what is to be known again, sealed: for whom it was drawn,
//! by which client, until when. Used once, it leaves a row. Reference: user-pools 7.2; decision 8.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ApiError, ClientId, Cx, PoolId, Sub, Timestamp};
use store::{StoreError, Tx, records::spent};
use vault::{Expiring, Keyring, Purpose};

use crate::errors::passkeys as errors;

/// How long a user has to find the authenticator.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// A challenge that was drawn here for this user, and has not run out. It may have been used.
pub(super) struct Challenge {
    text: String,
    until: Timestamp,
}

/// As the options spell it.
pub(super) fn draw(
    keyring: &Keyring,
    cx: &Cx,
    (pool, sub): (&PoolId, &Sub),
    client: &ClientId,
) -> Result<String, ApiError> {
    let challenge = Expiring {
        payload: client.as_str().as_bytes(),
        at: cx.now().plus(LIFETIME),
    };
    let place = [pool.as_str(), sub.as_str()];
    Ok(keyring.seal_token(Purpose::PasskeyChallenge, &place, challenge, cx.rng())?)
}

impl Challenge {
    /// Errors: WebAuthnChallengeNotFound, WebAuthnClientMismatch.
    pub fn open(
        keyring: &Keyring,
        cx: &Cx,
        (pool, sub): (&PoolId, &Sub),
        client: &ClientId,
        given: &[u8],
    ) -> Result<Self, ApiError> {
        let text = BASE64_URL_SAFE_NO_PAD.encode(given);
        let place = [pool.as_str(), sub.as_str()];
        let drawn_by = keyring
            .open_token(Purpose::PasskeyChallenge, &place, &text, cx.now())
            .map_err(|why| errors::challenge_not_found().because(why))?;
        if drawn_by.as_bytes() != client.as_str().as_bytes() {
            return Err(errors::client_mismatch());
        }
        let until = cx.now().plus(LIFETIME);
        Ok(Self { text, until })
    }

    /// False if it was spent before.
    pub fn spend(&self, tx: &mut Tx<'_>, pool: &PoolId) -> Result<bool, StoreError> {
        spent::spend(tx, pool, &self.text, self.until)
    }
}
