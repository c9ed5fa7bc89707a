//! The spine of the proof of a device that stands in for a second factor. Reference: user-pools 5.3, 5.4, 10.

use std::sync::Arc;

use kernel::{Cx, Result};

use super::{
    attempt::Attempt,
    factor::{
        device,
        secret_block::{Companion, SecretBlock},
    },
    named::Named,
    protocol::{Challenge, Claim, Reply},
    state::Asked,
};
use crate::{UserPools, errors, password::lockout::Guess};

impl UserPools {
    /// A browser proves itself by the secret that it keeps. Whose is not right is as any other browser: the second factor is asked.
    ///
    /// Errors: those of what follows.
    pub(super) async fn try_browser(&self, cx: &Cx, mut attempt: Attempt) -> Result<Reply> {
        let Attempt { state, candidate } = &attempt;
        let workers = (&self.keyring, &self.cpu);
        let proof = match candidate.device.remembered() {
            Some(device) => device::prove_browser(workers, &candidate.owner, device, &state.visit.browser).await?,
            None => None,
        };
        if let Some(proof) = proof {
            return self.settle(cx, attempt, proof).await;
        }
        attempt.state.visit.browser = Arc::default();
        attempt.candidate.device = Named::None;
        let proof = self.nothing_more(None)?;
        self.settle(cx, attempt, proof).await
    }

    /// DEVICE_SRP_AUTH was answered: the challenge to the device's proof.
    ///
    /// Errors: ResourceNotFound (forgotten meanwhile), InvalidParameter for an SRP_A that SRP forbids.
    pub(super) async fn challenge_device(&self, cx: &Cx, attempt: Attempt, srp_a: &str) -> Result<Reply> {
        let Attempt { mut state, candidate } = attempt;
        let device = candidate
            .device
            .remembered()
            .ok_or_else(errors::device_does_not_exist)?;
        let answer = device::challenge((&self.keyring, &self.cpu), cx, &candidate.owner, device, srp_a).await?;
        let srp_b = answer.ephemeral.public_hex();
        let block = SecretBlock {
            client_public: answer.client_public,
            ephemeral: answer.ephemeral,
            sub: state.sub.clone(),
            nonce: state.nonce.clone().unwrap_or_default(),
            companion: Companion::Session,
        };
        state.asked = Asked::DeviceProof;
        Ok(Reply::Challenge(Challenge::DeviceVerifier {
            salt: answer.salt,
            srp_b,
            secret_block: block.seal(&self.keyring, cx, &state.visit)?,
            device_key: device.key.to_string(),
            user_id: candidate.user_id,
            session: state.seal(&self.keyring, cx)?,
        }))
    }

    /// Errors: NotAuthorized (the block is of another question; the proof is wrong), those of what follows.
    pub(super) async fn try_device(
        &self,
        cx: &Cx,
        attempt: Attempt,
        block: SecretBlock,
        claim: Claim,
    ) -> Result<Reply> {
        let state = &attempt.state;
        if state.nonce.as_deref() != Some(&block.nonce) || state.sub != block.sub {
            return Err(errors::invalid_session());
        }
        let device = attempt
            .candidate
            .device
            .remembered()
            .ok_or_else(errors::device_does_not_exist)?;
        let owner = &attempt.candidate.owner;
        let Some(proof) = device::prove((&self.keyring, &self.cpu), owner, device, block, claim).await? else {
            let wrong = errors::incorrect_username_or_password();
            return self.refuse_wrong(cx, owner, Guess::Device, wrong).await;
        };
        self.proved(cx, attempt, proof).await
    }
}
