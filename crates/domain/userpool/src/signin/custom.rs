//! The spine of CUSTOM_AUTH: the pool's functions say what is asked and whether an answer is right. Reference: user-pools 5.9.
//!
//! A session is spent before a function judges its answer, so that of answers in parallel one is judged; where a function then fails,
//! or says what it can't, the session is given back.

use std::collections::BTreeMap;

use kernel::{ApiError, Cx, PoolId, Result};
use store::records::{spent, users::User};

use super::{
    attempt::Attempt,
    factor::{
        secret_block::{Companion, SecretBlock},
        srp,
    },
    method::{Method, Proved},
    protocol::{Challenge, Claim, Reply},
    state::{Asked, nonce},
};
use crate::{
    UserPools,
    client::settings::LONGEST_CHALLENGE,
    errors,
    password::lockout::Guess,
    trigger::{Defined, Presence, Round, Rounds},
    user::unknown,
};

const SRP_A: &str = "SRP_A";
const PASSWORD_VERIFIER: &str = "PASSWORD_VERIFIER";
const CUSTOM_CHALLENGE: &str = "CUSTOM_CHALLENGE";

/// What a `Session` may be at the most, by its model.
const LONGEST_SESSION: usize = 4096;

/// Why an answer leads nowhere.
enum Refused {
    /// Nothing was decided: the session is good for another answer.
    Meanwhile(ApiError),
    ForGood(ApiError),
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self::Meanwhile(error)
    }
}

impl UserPools {
    pub(super) async fn begin_custom(&self, cx: &Cx, mut attempt: Attempt, srp_a: Option<String>) -> Result<Reply> {
        let begun = srp_a.is_some().then(|| round(SRP_A, true, None));
        attempt.state.rounds = Some(begun.into_iter().collect());
        let said = self.go_on(cx, attempt, srp_a.as_deref()).await;
        self.told(None, said).await
    }

    /// Errors: NotAuthorized; those of the functions.
    pub(super) async fn answer_custom(&self, cx: &Cx, mut attempt: Attempt, answer: &str) -> Result<Reply> {
        let Asked::Custom { private, metadata } = attempt.state.asked.clone() else {
            return Err(errors::invalid_session());
        };
        let claimed = self.claim(cx, &mut attempt).await?;
        let judged = self.judge(cx, attempt, (private, metadata), answer).await;
        self.told(claimed, judged).await
    }

    async fn judge(
        &self,
        cx: &Cx,
        mut attempt: Attempt,
        (private, metadata): (BTreeMap<String, String>, Option<String>),
        answer: &str,
    ) -> Result<Reply, Refused> {
        let user = self.told_user(cx, &attempt);
        let scene = attempt.state.visit.scene(cx, &user);
        let presence = presence(&attempt);
        let functions = &self.functions;
        let right = functions
            .verify_auth_challenge(scene, presence, (&private, answer))
            .await?;
        attempt
            .state
            .rounds
            .get_or_insert_default()
            .push(round(CUSTOM_CHALLENGE, right, metadata));
        self.go_on(cx, attempt, None).await
    }

    /// SRP's proof within it: the functions hear of one that is right. Errors: NotAuthorized; those of the functions.
    pub(super) async fn try_srp_of_custom(
        &self,
        cx: &Cx,
        mut attempt: Attempt,
        block: SecretBlock,
        claim: Claim,
    ) -> Result<Reply> {
        attempt.candidate.may_try_password()?;
        let owner = attempt.candidate.owner.clone();
        let proof = srp::prove(&self.keyring, &self.cpu, &attempt.candidate, block, claim).await?;
        let Some(proof) = proof else {
            let wrong = errors::incorrect_username_or_password();
            return self.refuse_wrong(cx, &owner, Guess::Password, wrong).await;
        };
        let state = &mut attempt.state;
        let at = cx.now();
        state.proved.extend(proof.method.map(|method| Proved { method, at }));
        state.seen = attempt.candidate.password.as_ref().map(|row| row.set_at);
        state
            .rounds
            .get_or_insert_default()
            .push(round(PASSWORD_VERIFIER, true, None));
        let claimed = self.claim(cx, &mut attempt).await?;
        let said = self.go_on(cx, attempt, None).await;
        self.told(claimed, said).await
    }

    /// What the functions say of the rounds so far.
    async fn go_on(&self, cx: &Cx, mut attempt: Attempt, srp_a: Option<&str>) -> Result<Reply, Refused> {
        let user = self.told_user(cx, &attempt);
        let scene = attempt.state.visit.scene(cx, &user);
        let rounds = Rounds {
            presence: presence(&attempt),
            rounds: attempt.state.rounds.as_deref().unwrap_or_default(),
        };
        match self.functions.define_auth_challenge(scene, rounds).await? {
            Defined::Failure => Err(Refused::ForGood(errors::incorrect_username_or_password())),
            Defined::Tokens if attempt.candidate.user.is_none() => {
                Err(Refused::ForGood(errors::incorrect_username_or_password()))
            }
            Defined::Tokens => {
                let proof = self.nothing_more(Some(Method::Custom))?;
                Ok(self.settle(cx, attempt, proof).await?)
            }
            Defined::Challenge(name) => match (name.as_str(), srp_a) {
                (PASSWORD_VERIFIER, Some(srp_a)) => {
                    attempt.state.asked = Asked::SrpProof;
                    attempt.state.nonce = Some(nonce(cx));
                    Ok(self.challenge_by_srp(cx, &attempt, srp_a, Companion::Session).await?)
                }
                (CUSTOM_CHALLENGE, _) => {
                    let created = self
                        .functions
                        .create_auth_challenge(scene, rounds, CUSTOM_CHALLENGE)
                        .await?;
                    let asked = Asked::Custom {
                        private: created.private,
                        metadata: created.metadata,
                    };
                    Ok(self.ask_custom(cx, attempt, &asked, created.public)?)
                }
                ("NEW_PASSWORD_REQUIRED", _) => Err(errors::invalid_session_provided().into()),
                _ => Err(errors::triggers::unrecognizable_output().into()),
            },
        }
    }

    fn ask_custom(
        &self,
        cx: &Cx,
        attempt: Attempt,
        asked: &Asked,
        parameters: BTreeMap<String, String>,
    ) -> Result<Reply> {
        let session = attempt
            .state
            .going_on(asked, Some(&nonce(cx)))
            .seal(&self.keyring, cx)?;
        if session.len() > LONGEST_SESSION {
            return Err(
                errors::triggers::unrecognizable_output().because("a session can't hold the private parameters")
            );
        }
        Ok(Reply::Challenge(Challenge::Custom {
            parameters,
            user_id: attempt.candidate.user_id,
            session,
        }))
    }

    /// The question that is answered counts no more from now on: its nonce. Whoever showed a password with it may not be locked.
    ///
    /// Errors: NotAuthorized.
    async fn claim(&self, cx: &Cx, attempt: &mut Attempt) -> Result<Option<(PoolId, String)>> {
        let Attempt { state, candidate } = attempt;
        let (owner, now) = (candidate.owner.clone(), cx.now());
        let Some(nonce) = state.nonce.take() else {
            return Ok(None);
        };
        let shown = (state.asked == Asked::SrpProof).then_some(Guess::Password);
        let claimed = nonce.clone();
        self.store
            .write(move |tx| {
                let failures = match shown {
                    Some(guess) => guess.unlocked(tx, &owner.pool, &owner.sub, now)?.map(|_| guess),
                    None => None,
                };
                if !spent::spend(tx, &owner.pool, &claimed, now.plus(LONGEST_CHALLENGE))? {
                    return Err(errors::session_used().into());
                }
                if let Some(guess) = failures {
                    guess.clear_failures(tx, &owner.pool, &owner.sub)?;
                }
                Ok(())
            })
            .await?;
        Ok(Some((candidate.owner.pool.clone(), nonce)))
    }

    /// The reply; the session that was claimed is given back where a function is to blame.
    async fn told(&self, claimed: Option<(PoolId, String)>, said: Result<Reply, Refused>) -> Result<Reply> {
        match said {
            Ok(reply) => Ok(reply),
            Err(Refused::ForGood(refusal)) => Err(refusal),
            Err(Refused::Meanwhile(refusal)) => {
                if let Some((pool, nonce)) = claimed {
                    self.store
                        .write(move |tx| Ok(spent::give_back(tx, &pool, &nonce)?))
                        .await?;
                }
                Err(refusal)
            }
        }
    }

    /// Of whom the functions are told: where there is nobody, somebody of that name.
    pub(super) fn told_user(&self, cx: &Cx, attempt: &Attempt) -> User {
        let Attempt { state, candidate } = attempt;
        candidate
            .user
            .clone()
            .unwrap_or_else(|| unknown::stand_in(&self.keyring, &state.visit.pool, &candidate.owner.username, cx.now()))
    }
}

/// Whether functions are told that there is nobody.
pub(super) fn presence(attempt: &Attempt) -> Presence {
    match (&attempt.candidate.user, attempt.state.visit.client.hides_users()) {
        (None, _) => Presence::NotFound,
        (Some(_), true) => Presence::Found,
        (Some(_), false) => Presence::Known,
    }
}

fn round(name: &str, right: bool, metadata: Option<String>) -> Round {
    Round {
        name: name.to_owned(),
        right,
        metadata,
    }
}
