//! USER_SRP_AUTH: the challenge and the proof. Reference: user-pools 5.3, 17.2.
//!
//! Whoever has no verifier (no such user, no password, a password kept as argon2id) gets a challenge like any other and
//! fails at the proof, after the same work.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{ApiError, CpuPool, Cx};
use store::records::passwords::Password;
use vault::{
    Keyring,
    srp::{self, ClientPublic, ServerEphemeral, Verifier},
};

use super::{secret_block::SecretBlock, timestamp};
use crate::{
    errors,
    password::kept::{self, Kept, Owner},
    signin::{
        candidate::Candidate,
        method::Method,
        proof::{Change, Proof},
        protocol::Claim,
    },
};

/// What the server knows of the password, and whether it is somebody's.
struct Known {
    salt: Vec<u8>,
    verifier: Box<Verifier>,
    genuine: bool,
}

impl Known {
    fn of(keyring: &Keyring, owner: &Owner, password: Option<&Password>) -> Result<Self, ApiError> {
        let kept = password
            .map(|row| Kept::open(keyring, owner, &row.secret))
            .transpose()?;
        Ok(match kept {
            Some(Kept::Srp { salt, verifier }) => Self {
                salt,
                verifier,
                genuine: true,
            },
            Some(Kept::Argon2id(_)) | None => {
                let (salt, verifier) = kept::decoy(keyring, owner);
                Self {
                    salt,
                    verifier,
                    genuine: false,
                }
            }
        })
    }
}

/// What the server answers to the client's public value.
pub(in crate::signin) struct ServerAnswer {
    pub salt: String,
    pub client_public: ClientPublic,
    pub ephemeral: ServerEphemeral,
}

/// Errors: InvalidParameter for an SRP_A that SRP forbids.
pub(in crate::signin) async fn challenge(
    keyring: &Arc<Keyring>,
    cpu: &CpuPool,
    cx: &Cx,
    candidate: &Candidate,
    srp_a: &str,
) -> Result<ServerAnswer, ApiError> {
    let client_public = ClientPublic::parse(srp_a).map_err(|e| errors::srp_a_not_valid().because(e))?;
    let (owner, password) = (candidate.owner.clone(), candidate.password.clone());
    let (keyring, rng) = (Arc::clone(keyring), Arc::clone(&cx.env.rng));
    let (salt, ephemeral) = cpu
        .run(move || {
            let known = Known::of(&keyring, &owner, password.as_ref())?;
            Ok::<_, ApiError>((known.salt, ServerEphemeral::new(&known.verifier, rng.as_ref())))
        })
        .await??;
    Ok(ServerAnswer {
        salt: srp::salt_hex(&salt),
        client_public,
        ephemeral,
    })
}

/// Asked before the proof is looked at: a stale answer is no guess and must not tell whether it would have been right.
///
/// Errors: NotAuthorized.
pub(in crate::signin) fn check_time(cx: &Cx, claim: &Claim) -> Result<(), ApiError> {
    if timestamp::is_current(&claim.timestamp, cx.wall()) {
        Ok(())
    } else {
        Err(errors::incorrect_username_or_password().because("TIMESTAMP is not current"))
    }
}

/// None: it is wrong.
pub(in crate::signin) async fn prove(
    keyring: &Arc<Keyring>,
    cpu: &CpuPool,
    candidate: &Candidate,
    block: SecretBlock,
    claim: Claim,
) -> Result<Option<Proof>, ApiError> {
    let (owner, password) = (candidate.owner.clone(), candidate.password.clone());
    let keyring = Arc::clone(keyring);
    let right = cpu
        .run(move || {
            let known = Known::of(&keyring, &owner, password.as_ref())?;
            let Some(key) = srp::session_key(&block.client_public, &block.ephemeral, &known.verifier) else {
                return Ok::<_, ApiError>(false);
            };
            let bytes = BASE64_STANDARD.decode(&claim.secret_block).unwrap_or_default();
            let right = key.check_claim(owner.identity(), &bytes, &claim.timestamp, &claim.signature);
            Ok(right && known.genuine)
        })
        .await??;
    Ok(right.then(|| Proof {
        method: Some(Method::Password),
        change: Change::None,
        turn: cpu.last_step(),
    }))
}
