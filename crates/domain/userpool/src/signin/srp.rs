//! USER_SRP_AUTH: the challenge and the proof. Reference: user-pools 5.3, 17.2.
//!
//! Whoever has no verifier (no such user, no password, a password kept as argon2id) gets a challenge like any other and
//! fails at the proof, after the same work.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{ApiError, Cx};
use store::records::passwords::Password;
use vault::{
    Keyring,
    srp::{self, ClientPublic, ServerEphemeral, Verifier},
};

use super::{
    Claim, Method, Result, Step, Visit,
    candidate::Candidate,
    finish::Proved,
    secret_block::{SecretBlock, Session},
    ticket::Awaited,
    timestamp,
};
use crate::{
    UserPools, errors,
    password::{
        kept::{self, Kept, Owner},
        lockout,
    },
};

/// What the server knows of the password, and whether it is somebody's.
struct Known {
    salt: Vec<u8>,
    verifier: Box<Verifier>,
    genuine: bool,
}

impl Known {
    fn of(keyring: &Keyring, owner: &Owner, password: Option<&Password>) -> Result<Self> {
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

impl UserPools {
    /// Errors: InvalidParameter for an SRP_A that SRP forbids.
    pub(super) async fn srp_challenge(
        &self,
        cx: &Cx,
        visit: &Visit,
        candidate: &Candidate,
        srp_a: &str,
        nonce: String,
        session: Session,
    ) -> Result<Step> {
        let client_public = ClientPublic::parse(srp_a).map_err(|e| errors::srp_a_not_valid().because(e))?;
        let (owner, password) = (candidate.owner.clone(), candidate.password.clone());
        let (keyring, rng) = (Arc::clone(&self.keyring), Arc::clone(&cx.env.rng));
        let (salt, ephemeral) = self
            .cpu
            .run(move || {
                let known = Known::of(&keyring, &owner, password.as_ref())?;
                Ok::<_, ApiError>((known.salt, ServerEphemeral::new(&known.verifier, rng.as_ref())))
            })
            .await??;

        let sub = candidate.owner.sub.clone();
        let session_text = match session {
            Session::Expected => Some(self.ticket(cx, visit, Awaited::Proof, &sub, &nonce)?),
            Session::None => None,
        };
        let srp_b = ephemeral.public_hex();
        let block = SecretBlock {
            client_public,
            ephemeral,
            sub,
            nonce,
            session,
        };
        Ok(Step::PasswordVerifier {
            salt: srp::salt_hex(&salt),
            srp_b,
            secret_block: self.seal_block(cx, visit, &block)?,
            user_id: candidate.user_id.clone(),
            session: session_text,
            available: Vec::new(),
        })
    }

    pub(super) async fn srp_prove(
        &self,
        cx: &Cx,
        visit: &Visit,
        username: &str,
        claim: Claim,
        session: Option<&str>,
    ) -> Result<Step> {
        let block = self.open_block(cx, visit, &claim.secret_block)?;
        if block.session == Session::Expected {
            let ticket = self.read_ticket(cx, visit, Awaited::Proof, session.ok_or_else(errors::invalid_session)?)?;
            if ticket.nonce != block.nonce {
                return Err(errors::invalid_session());
            }
        }
        // Before the proof is looked at: a stale answer is no guess and must not tell whether it would have been right.
        if !timestamp::is_current(&claim.timestamp, cx.wall()) {
            return Err(errors::incorrect_username_or_password().because("TIMESTAMP is not current"));
        }
        let candidate = self.returning(cx, visit, username, &block.sub).await?;
        let (nonce, device_key) = (block.nonce.clone(), claim.device_key.clone());
        if !self.is_proved(&candidate, block, claim).await? {
            return Err(self.count_failure(cx, &candidate.owner).await);
        }
        if device_key.is_some() {
            return Err(self.unknown_device(cx, &candidate.owner).await);
        }
        self.finish(
            cx,
            visit,
            Proved {
                candidate,
                method: Method::Password,
                nonce: Some(nonce),
                converted: None,
                turn: self.cpu.last_step(),
            },
        )
        .await
    }

    /// What to answer to a right proof with a DEVICE_KEY: no device is ever registered here, so none is known. Clients
    /// forget it and send the same proof again, so nothing is spent by it; and as that answer tells that the proof was
    /// right, it is given only where the proof would be accepted.
    async fn unknown_device(&self, cx: &Cx, owner: &Owner) -> ApiError {
        let (owner, now) = (owner.clone(), cx.now());
        let checked = self
            .store
            .write(move |tx| lockout::unlocked(tx, &owner.pool, &owner.sub, now))
            .await;
        match checked {
            Ok(_) => errors::device_does_not_exist(),
            Err(stop) => stop.into(),
        }
    }

    async fn is_proved(&self, candidate: &Candidate, block: SecretBlock, claim: Claim) -> Result<bool> {
        let (owner, password) = (candidate.owner.clone(), candidate.password.clone());
        let keyring = Arc::clone(&self.keyring);
        self.cpu
            .run(move || {
                let known = Known::of(&keyring, &owner, password.as_ref())?;
                let Some(key) = srp::session_key(&block.client_public, &block.ephemeral, &known.verifier) else {
                    return Ok(false);
                };
                let bytes = BASE64_STANDARD.decode(&claim.secret_block).unwrap_or_default();
                let right = key.check_claim(owner.identity(), &bytes, &claim.timestamp, &claim.signature);
                Ok(right && known.genuine)
            })
            .await?
    }
}
