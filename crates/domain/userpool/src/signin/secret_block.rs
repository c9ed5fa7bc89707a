//! SECRET_BLOCK: what the server must remember between SRP's two steps, sealed and carried by the client. Its length tells
//! nothing about the user. Reference: user-pools 5.3; DESIGN 3.7.

use kernel::{Cx, Sub};
use vault::{
    Purpose, TokenError,
    srp::{self, ClientPublic, ServerEphemeral},
};
use zeroize::Zeroizing;

use super::{Door, Result, Visit};
use crate::{UserPools, errors};

/// An SRP sign-in on its way.
pub(super) struct SecretBlock {
    pub client_public: ClientPublic,
    pub ephemeral: ServerEphemeral,
    /// Whom the challenge was made for; of nobody, if the user does not exist.
    pub sub: Sub,
    /// Spent by the proof.
    pub nonce: String,
    pub session: Session,
}

/// Whether a `Session` string goes with it. Reference: 5.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Session {
    Expected,
    None,
}

/// The proof can't be right: it signs another block.
fn unknown_block() -> kernel::ApiError {
    errors::incorrect_username_or_password()
}

impl UserPools {
    pub(super) fn seal_block(&self, cx: &Cx, visit: &Visit, block: &SecretBlock) -> Result<String> {
        let expires = cx.now().plus(visit.client.lifetimes.challenge);
        let sealed = self.keyring.seal_token(
            Purpose::SecretBlock,
            &place(visit),
            &block.encode(visit.door),
            expires,
            cx.rng(),
        )?;
        Ok(sealed)
    }

    /// Errors: NotAuthorized (expired; not of this pool, client and door).
    pub(super) fn open_block(&self, cx: &Cx, visit: &Visit, text: &str) -> Result<SecretBlock> {
        let bytes = self
            .keyring
            .open_token(Purpose::SecretBlock, &place(visit), text, cx.now())
            .map_err(|e| match e {
                TokenError::Malformed => unknown_block(),
                TokenError::Expired => errors::session_expired(),
            })?;
        SecretBlock::decode(bytes.as_bytes(), visit.door).ok_or_else(unknown_block)
    }
}

fn place(visit: &Visit) -> [&str; 2] {
    [visit.pool.id.as_str(), visit.client.id.as_str()]
}

/// `door (1) | session (1) | A (384) | b (32) | B (384) | length of nonce (1) | nonce | sub`
impl SecretBlock {
    fn encode(&self, door: Door) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
        bytes.push(u8::from(door == Door::Admin));
        bytes.push(u8::from(self.session == Session::Expected));
        bytes.extend_from_slice(self.client_public.as_bytes());
        bytes.extend_from_slice(self.ephemeral.secret());
        bytes.extend_from_slice(self.ephemeral.public());
        bytes.push(u8::try_from(self.nonce.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(self.nonce.as_bytes());
        bytes.extend_from_slice(self.sub.as_str().as_bytes());
        bytes
    }

    fn decode(bytes: &[u8], door: Door) -> Option<Self> {
        let ([at, session], rest) = bytes.split_first_chunk()?;
        let (a, rest) = rest.split_first_chunk::<{ srp::LEN }>()?;
        let (secret, rest) = rest.split_first_chunk::<32>()?;
        let (public, rest) = rest.split_first_chunk::<{ srp::LEN }>()?;
        let (length, rest) = rest.split_first()?;
        let (nonce, sub) = rest.split_at_checked(usize::from(*length))?;
        if *at != u8::from(door == Door::Admin) {
            return None;
        }
        Some(Self {
            client_public: ClientPublic::from_bytes(*a).ok()?,
            ephemeral: ServerEphemeral::from_parts(*secret, *public)?,
            sub: Sub::new(str::from_utf8(sub).ok()?),
            nonce: str::from_utf8(nonce).ok()?.to_owned(),
            session: if *session == 1 {
                Session::Expected
            } else {
                Session::None
            },
        })
    }
}
