//! The spine of CUSTOM_AUTH: the pool's functions say what is asked, and whether an answer to their own questions is right. What they
//! ask for by name (`round`) is asked and proved as in any sign-in, and they hear that it was right; what is wrong is refused at once
//! and counted. An answer is claimed before, and what it changes is written after them (`claim`). Reference: user-pools 5.9.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{ApiError, Cx, Result};
use store::records::users::User;

use super::{
    attempt::Attempt,
    claim::Refused,
    effect::Effect,
    factor::{device, secret_block::Companion},
    method::Method,
    proof::Proof,
    protocol::{Challenge, Reply},
    round::{self, Begun, CUSTOM_CHALLENGE, DEVICE_SRP_AUTH, SRP_A, Wanted, round},
    state::{Asked, nonce},
};
use crate::{
    UserPools, errors,
    password::kept::Owner,
    pool::Pool,
    trigger::{Created, Defined, Presence, Rounds},
    user::unknown,
};

impl UserPools {
    pub(super) async fn begin_custom(&self, cx: &Cx, mut attempt: Attempt, srp_a: Option<String>) -> Result<Reply> {
        let begun = srp_a.is_some().then(|| round(SRP_A, true, None));
        attempt.state.rounds = Some(begun.into_iter().collect());
        let begun = srp_a.as_deref().map_or(Begun::Nothing, Begun::Password);
        let said = self.go_on(cx, attempt, begun, Effect::NONE).await;
        self.told(None, said).await
    }

    /// Errors: NotAuthorized (answered before); those of the functions.
    pub(super) async fn answer_custom(&self, cx: &Cx, mut attempt: Attempt, answer: &str) -> Result<Reply> {
        let Asked::Custom { private, metadata } = attempt.state.asked.clone() else {
            return Err(errors::invalid_session());
        };
        let claimed = self.claim(cx, &mut attempt, None).await?;
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
        let said = self.go_on(cx, attempt, Begun::Nothing, Effect::NONE).await;
        // Else who makes what follows fail could guess on.
        if right { said } else { said.map_err(Refused::for_good) }
    }

    /// A proof that was right, of any sign-in: the functions say what follows if it is theirs, else the machine does.
    ///
    /// Errors: those of [`UserPools::settle`], of [`UserPools::claim`] and [`UserPools::keep`], of the functions.
    pub(super) async fn proved(&self, cx: &Cx, mut attempt: Attempt, proof: Proof) -> Result<Reply> {
        let Some(name) = round::asked_by_functions(&attempt.state) else {
            return self.settle(cx, attempt, proof).await;
        };
        let Proof { method, change, turn } = proof;
        // Another is reserved for signing.
        drop(turn);
        let claimed = self.claim(cx, &mut attempt, method).await?;
        attempt.add_proved(method, cx.now());
        let Attempt { state, candidate } = &mut attempt;
        if let Some(after) = change.after() {
            candidate.user = Some(after.clone());
        }
        state.rounds.get_or_insert_default().push(round(name, true, None));
        let effect = Effect { method, change };
        let said = self.go_on(cx, attempt, Begun::Nothing, effect).await;
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
        let claimed = self.claim(cx, &mut attempt, None).await?;
        let rounds = attempt.state.rounds.get_or_insert_default();
        rounds.push(round(DEVICE_SRP_AUTH, true, None));
        let said = self.go_on(cx, attempt, Begun::Device(srp_a), Effect::NONE).await;
        self.told(claimed, said).await
    }

    /// What the functions say of the rounds so far, the last of which has this effect.
    async fn go_on(&self, cx: &Cx, mut attempt: Attempt, begun: Begun<'_>, effect: Effect) -> Result<Reply, Refused> {
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
                let turn = self.cpu.reserve()?;
                attempt.add_proved(Some(Method::Custom), cx.now());
                Ok(self.follow(cx, attempt, effect, turn).await?)
            }
            Defined::Challenge(name) => match round::wanted(&name, begun)? {
                Wanted::Custom => {
                    let created = self
                        .functions
                        .create_auth_challenge(scene, rounds, CUSTOM_CHALLENGE)
                        .await?;
                    Ok(self.ask_custom(cx, attempt, created, effect).await?)
                }
                wanted => Ok(self.ask_by_name(cx, attempt, wanted, effect).await?),
            },
        }
    }

    /// Errors: those of the factor's own challenge and of [`UserPools::keep`]; InvalidLambdaResponse (no device was named).
    async fn ask_by_name(&self, cx: &Cx, mut attempt: Attempt, wanted: Wanted<'_>, effect: Effect) -> Result<Reply> {
        attempt.state.nonce = Some(nonce(cx));
        let whose = whose(&attempt);
        let reply = match wanted {
            Wanted::PasswordProof(srp_a) => {
                attempt.state.asked = Asked::SrpProof;
                self.challenge_by_srp(cx, &attempt, srp_a, Companion::Session).await?
            }
            // Kept in the write that sends it.
            Wanted::Code(sent) => return self.challenge_by_code(cx, attempt, sent, effect).await,
            Wanted::Totp => self.challenge_by_app(cx, attempt).await?,
            Wanted::Device => self.ask_device(cx, attempt)?,
            Wanted::DeviceProof(srp_a) => self.challenge_device(cx, attempt, srp_a).await?,
            Wanted::Custom => return Err(ApiError::internal("a custom challenge is asked by its own function")),
        };
        self.keep(cx, whose, effect).await?;
        Ok(reply)
    }

    /// Errors: InvalidLambdaResponse (no session can hold it), those of [`UserPools::keep`].
    async fn ask_custom(&self, cx: &Cx, attempt: Attempt, created: Created, effect: Effect) -> Result<Reply> {
        let whose = whose(&attempt);
        let asked = Asked::Custom {
            private: created.private,
            metadata: created.metadata,
        };
        let going_on = attempt.state.going_on(&asked, Some(&nonce(cx)));
        let session = going_on.seal(&self.keyring, cx)?;
        self.keep(cx, whose, effect).await?;
        Ok(Reply::Challenge(Challenge::Custom {
            parameters: created.public,
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

    /// Of whom the functions are told: where there is nobody, somebody of that name.
    pub(super) fn told_user(&self, cx: &Cx, attempt: &Attempt) -> User {
        let Attempt { state, candidate } = attempt;
        candidate
            .user
            .clone()
            .unwrap_or_else(|| unknown::stand_in(&self.keyring, &state.visit.pool, &candidate.owner.username, cx.now()))
    }
}

/// Who keeps the effect of what was right.
fn whose(Attempt { state, candidate }: &Attempt) -> (Arc<Pool>, Owner) {
    (Arc::clone(&state.visit.pool), candidate.owner.clone())
}

/// Whether functions are told that there is nobody.
pub(super) fn presence(attempt: &Attempt) -> Presence {
    match (&attempt.candidate.user, attempt.state.visit.client.hides_users()) {
        (None, _) => Presence::NotFound,
        (Some(_), true) => Presence::Found,
        (Some(_), false) => Presence::Known,
    }
}
