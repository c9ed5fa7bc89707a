//! USER_AUTH: the app names a first factor or lets the user choose. Passwords are all there is to choose from so far.
//! Reference: user-pools 5.8.

use kernel::Cx;

use super::{
    Factor, Given, Result, Step, Visit,
    candidate::Candidate,
    finish::Proved,
    secret_block::Session,
    ticket::{self, Awaited},
};
use crate::{
    UserPools, errors,
    pool::{PasswordStore, Pool},
};

impl UserPools {
    pub(super) async fn offer_choice(
        &self,
        cx: &Cx,
        visit: &Visit,
        username: &str,
        preferred: Option<Factor>,
        given: Given,
    ) -> Result<Step> {
        let candidate = self.candidate(cx, visit, username).await?;
        let available = available(&visit.pool);
        let nonce = ticket::nonce(cx);
        let session = |nonce: &str| self.ticket(cx, visit, Awaited::FirstFactor, &candidate.owner.sub, nonce);
        match preferred.filter(|factor| available.contains(factor)) {
            Some(factor) if given.has(factor) => {
                let mut step = self.try_factor(cx, visit, candidate, factor, given, nonce).await?;
                if let Step::PasswordVerifier { available: beside, .. } = &mut step {
                    *beside = available;
                }
                Ok(step)
            }
            Some(factor) => Ok(Step::Asked {
                factor,
                session: session(&nonce)?,
                available,
            }),
            None => Ok(Step::SelectChallenge {
                available,
                session: session(&nonce)?,
            }),
        }
    }

    pub(super) async fn choose(
        &self,
        cx: &Cx,
        visit: &Visit,
        username: &str,
        session: &str,
        factor: Factor,
        given: Given,
    ) -> Result<Step> {
        let ticket = self.read_ticket(cx, visit, Awaited::FirstFactor, session)?;
        if !available(&visit.pool).contains(&factor) {
            return Err(errors::challenge_not_available());
        }
        let candidate = self.returning(cx, visit, username, &ticket.sub).await?;
        self.try_factor(cx, visit, candidate, factor, given, ticket.nonce).await
    }

    /// The nonce goes with the sign-in through all its steps: one success spends them together.
    async fn try_factor(
        &self,
        cx: &Cx,
        visit: &Visit,
        candidate: Candidate,
        factor: Factor,
        given: Given,
        nonce: String,
    ) -> Result<Step> {
        let parameter = given.parameter(factor)?;
        match factor {
            Factor::Password => self.try_password(cx, visit, candidate, parameter, Some(nonce)).await,
            Factor::PasswordSrp => {
                self.srp_challenge(cx, visit, &candidate, &parameter, nonce, Session::Expected)
                    .await
            }
            Factor::Other => Err(errors::challenge_not_available()),
        }
    }

    /// With the session that ConfirmSignUp gave no factor is asked for.
    pub(super) async fn first_sign_in(&self, cx: &Cx, visit: &Visit, username: &str, session: &str) -> Result<Step> {
        let turn = self.cpu.reserve()?;
        let ticket = self.read_ticket(cx, visit, Awaited::FirstSignIn, session)?;
        let candidate = self.returning(cx, visit, username, &ticket.sub).await?;
        let (Some(_), Some(method)) = (&candidate.user, ticket.proved) else {
            return Err(errors::invalid_session());
        };
        self.finish(
            cx,
            visit,
            Proved {
                candidate,
                method,
                nonce: Some(ticket.nonce),
                converted: None,
                turn,
            },
        )
        .await
    }
}

/// In the order in which AWS lists them. The same for every user, so that it doesn't tell who exists.
fn available(pool: &Pool) -> Vec<Factor> {
    match pool.password_store {
        PasswordStore::SrpVerifier => vec![Factor::PasswordSrp, Factor::Password],
        PasswordStore::Argon2id => vec![Factor::Password],
    }
}
