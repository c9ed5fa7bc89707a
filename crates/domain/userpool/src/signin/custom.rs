//! The spine of CUSTOM_AUTH: the pool's functions say what is asked, and whether an answer to their own questions is right. What they
//! ask for by name (`round`) is asked and proved as in any sign-in, and they hear that it was right; what is wrong is refused at once
//! and counted. Reference: user-pools 5.9.
//!
//! A session is spent before a function judges its answer or hears of it, so that of answers in parallel one counts; where a function
//! then fails, or says what it can't, the session is given back.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{ApiError, Cx, PoolId, Result};
use store::{
    Stop,
    records::{spent, users::User},
};

use super::{
    attempt::Attempt,
    conclude::{self, Ending},
    factor::{device, secret_block::Companion},
    method::{Method, Proved},
    proof::{Change, Proof},
    protocol::{Challenge, Reply},
    round::{self, Begun, CUSTOM_CHALLENGE, DEVICE_SRP_AUTH, SRP_A, Wanted, round},
    state::{Asked, nonce},
};
use crate::{
    UserPools, errors,
    trigger::{Defined, Presence, Rounds},
    user::unknown,
};

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
        let begun = srp_a.as_deref().map_or(Begun::Nothing, Begun::Password);
        let said = self.go_on(cx, attempt, begun).await;
        self.told(None, said).await
    }

    /// Errors: NotAuthorized; those of the functions.
    pub(super) async fn answer_custom(&self, cx: &Cx, mut attempt: Attempt, answer: &str) -> Result<Reply> {
        let Asked::Custom { private, metadata } = attempt.state.asked.clone() else {
            return Err(errors::invalid_session());
        };
        let claimed = self.claim(cx, &mut attempt, (None, Change::None)).await?;
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
        let rounds = attempt.state.rounds.get_or_insert_default();
        rounds.push(round(CUSTOM_CHALLENGE, right, metadata));
        self.go_on(cx, attempt, Begun::Nothing).await
    }

    /// A proof that was right, of any sign-in: the functions say what follows if it is theirs, else the machine does.
    ///
    /// Errors: those of [`UserPools::settle`], of [`conclude::claim`] and of the functions.
    pub(super) async fn proved(&self, cx: &Cx, mut attempt: Attempt, proof: Proof) -> Result<Reply> {
        let Some(name) = round::asked_by_functions(&attempt.state) else {
            return self.settle(cx, attempt, proof).await;
        };
        let Proof { method, change, turn } = proof;
        // Another is reserved for signing.
        drop(turn);
        let claimed = self.claim(cx, &mut attempt, (method, change)).await?;
        let Attempt { state, candidate } = &mut attempt;
        let at = cx.now();
        state.proved.extend(method.map(|method| Proved { method, at }));
        if method == Some(Method::Password) {
            state.seen = candidate.password.as_ref().map(|row| row.set_at);
        }
        state.rounds.get_or_insert_default().push(round(name, true, None));
        let said = self.go_on(cx, attempt, Begun::Nothing).await;
        self.told(claimed, said).await
    }

    /// DEVICE_SRP_AUTH was answered, which proves nothing yet: the functions are to ask for the proof.
    ///
    /// Errors: ResourceNotFound (forgotten meanwhile), InvalidParameter for an SRP_A that SRP forbids, those of the functions.
    pub(super) async fn begin_device_of_custom(&self, cx: &Cx, mut attempt: Attempt, srp_a: &str) -> Result<Reply> {
        device::public_value(srp_a)?;
        if !attempt.candidate.device.is_remembered() {
            return Err(errors::device_does_not_exist());
        }
        let claimed = self.claim(cx, &mut attempt, (None, Change::None)).await?;
        let rounds = attempt.state.rounds.get_or_insert_default();
        rounds.push(round(DEVICE_SRP_AUTH, true, None));
        let said = self.go_on(cx, attempt, Begun::Device(srp_a)).await;
        self.told(claimed, said).await
    }

    /// What the functions say of the rounds so far.
    async fn go_on(&self, cx: &Cx, attempt: Attempt, begun: Begun<'_>) -> Result<Reply, Refused> {
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
            Defined::Challenge(name) => match round::wanted(&name, begun)? {
                Wanted::Custom => {
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
                wanted => Ok(self.ask_by_name(cx, attempt, wanted).await?),
            },
        }
    }

    /// Errors: those of the factor's own challenge; InvalidLambdaResponse (no device was named).
    async fn ask_by_name(&self, cx: &Cx, mut attempt: Attempt, wanted: Wanted<'_>) -> Result<Reply> {
        attempt.state.nonce = Some(nonce(cx));
        match wanted {
            Wanted::PasswordProof(srp_a) => {
                attempt.state.asked = Asked::SrpProof;
                self.challenge_by_srp(cx, &attempt, srp_a, Companion::Session).await
            }
            Wanted::Code(sent) => self.challenge_by_code(cx, attempt, sent).await,
            Wanted::Totp => self.challenge_by_app(cx, attempt).await,
            Wanted::Device => self.ask_device(cx, attempt),
            Wanted::DeviceProof(srp_a) => self.challenge_device(cx, attempt, srp_a).await,
            Wanted::Custom => Err(ApiError::internal("a custom challenge is asked by its own function")),
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

    /// DEVICE_SRP_AUTH. Errors: InvalidLambdaResponse (none was named), ResourceNotFound (not this user's, or not remembered).
    fn ask_device(&self, cx: &Cx, attempt: Attempt) -> Result<Reply> {
        let Attempt { state, candidate } = attempt;
        let Some(device_key) = state.visit.device.clone() else {
            return Err(errors::triggers::unrecognizable_output().because("no device was named"));
        };
        if !candidate.device.is_remembered() {
            return Err(errors::device_does_not_exist());
        }
        Ok(Reply::Challenge(Challenge::DeviceSrp {
            device_key,
            user_id: candidate.user_id,
            session: state
                .going_on(&Asked::Device, state.nonce.as_deref())
                .seal(&self.keyring, cx)?,
        }))
    }

    /// The question that is answered counts no more from now on, and what its answer changes is written.
    ///
    /// Errors: those of [`conclude::claim`].
    async fn claim(
        &self,
        cx: &Cx,
        attempt: &mut Attempt,
        (shown, change): (Option<Method>, Change),
    ) -> Result<Option<(PoolId, String)>> {
        let Attempt { state, candidate } = attempt;
        let ending = Ending {
            state: state.going_on(&state.asked, state.nonce.as_deref()),
            owner: candidate.owner.clone(),
            shown,
            version: candidate.user.as_ref().map_or(0, |user| user.version),
            change,
            plan: None,
        };
        let claimed = state.nonce.take().map(|nonce| (candidate.owner.pool.clone(), nonce));
        state.asked = Asked::Nothing;
        match conclude::claim(&self.store, Arc::new(ending), cx.now()).await {
            Ok(Some(user)) => candidate.user = Some(user),
            Ok(None) => {}
            Err(Stop::Raced) => {
                return Err(errors::incorrect_username_or_password().because("the user was just changed"));
            }
            Err(stop) => return Err(stop.into()),
        }
        Ok(claimed)
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
