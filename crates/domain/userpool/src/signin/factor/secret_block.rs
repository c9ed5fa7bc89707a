//! SECRET_BLOCK: what the server must remember between SRP's two steps, sealed and carried by the client. Its length tells
//! nothing about the user. Reference: user-pools 5.3; decision 8.

use kernel::{ApiError, Cx, Sub};
use vault::{
    Expiring, Keyring, Purpose, TokenError,
    srp::{self, ClientPublic, ServerEphemeral},
};
use zeroize::Zeroizing;

use crate::{
    errors,
    signin::visit::{Door, Visit},
};

/// An SRP sign-in on its way.
pub(in crate::signin) struct SecretBlock {
    pub client_public: ClientPublic,
    pub ephemeral: ServerEphemeral,
    /// Whom the challenge was made for; of nobody, if the user does not exist.
    pub sub: Sub,
    /// Spent by the proof.
    pub nonce: String,
    pub companion: Companion,
}

/// Whether a `Session` string goes with it. Reference: 5.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::signin) enum Companion {
    Session,
    None,
}

/// The proof can't be right: it signs another block.
fn unknown_block() -> ApiError {
    errors::incorrect_username_or_password()
}

/// `door (1) | companion (1) | A (384) | b (32) | B (384) | length of nonce (1) | nonce | sub`
impl SecretBlock {
    pub fn seal(&self, keyring: &Keyring, cx: &Cx, visit: &Visit) -> Result<String, ApiError> {
        let block = Expiring {
            payload: &self.encode(visit.door),
            at: cx.now().plus(visit.client.lifetimes.challenge),
        };
        Ok(keyring.seal_token(Purpose::SecretBlock, &visit.place(), block, cx.rng())?)
    }

    /// Errors: NotAuthorized (expired; not of this pool, client and door).
    pub fn open(keyring: &Keyring, cx: &Cx, visit: &Visit, text: &str) -> Result<Self, ApiError> {
        let bytes = keyring
            .open_token(Purpose::SecretBlock, &visit.place(), text, cx.now())
            .map_err(|e| match e {
                TokenError::Malformed => unknown_block(),
                TokenError::Expired => errors::session_expired(),
            })?;
        Self::decode(bytes.as_bytes(), visit.door).ok_or_else(unknown_block)
    }

    fn encode(&self, door: Door) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
        bytes.push(mark(door));
        bytes.push(u8::from(self.companion == Companion::Session));
        bytes.extend_from_slice(self.client_public.as_bytes());
        bytes.extend_from_slice(self.ephemeral.secret());
        bytes.extend_from_slice(self.ephemeral.public());
        bytes.push(u8::try_from(self.nonce.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(self.nonce.as_bytes());
        bytes.extend_from_slice(self.sub.as_str().as_bytes());
        bytes
    }

    fn decode(bytes: &[u8], door: Door) -> Option<Self> {
        let ([at, companion], rest) = bytes.split_first_chunk()?;
        let (a, rest) = rest.split_first_chunk::<{ srp::LEN }>()?;
        let (secret, rest) = rest.split_first_chunk::<32>()?;
        let (public, rest) = rest.split_first_chunk::<{ srp::LEN }>()?;
        let (length, rest) = rest.split_first()?;
        let (nonce, sub) = rest.split_at_checked(usize::from(*length))?;
        if *at != mark(door) {
            return None;
        }
        Some(Self {
            client_public: ClientPublic::from_bytes(*a).ok()?,
            ephemeral: ServerEphemeral::from_parts(*secret, *public)?,
            sub: Sub::new(str::from_utf8(sub).ok()?),
            nonce: str::from_utf8(nonce).ok()?.to_owned(),
            companion: if *companion == 1 {
                Companion::Session
            } else {
                Companion::None
            },
        })
    }
}

fn mark(door: Door) -> u8 {
    match door {
        Door::Public => 0,
        Door::Admin => 1,
        Door::Hosted => 2,
    }
}
