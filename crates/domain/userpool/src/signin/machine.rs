//! The spine of sign-in, which alone calls the steps: here its two entrances, whose rest is named in [`super`].

use kernel::{Cx, Result, Timestamp};

use super::{
    attempt::Attempt,
    candidate::{Candidate, Candidates},
    choice, custom,
    factor::{
        new_password,
        secret_block::{Companion, SecretBlock},
        srp,
    },
    protocol::{Answer, Claim, Otherwise, Reply, Start, StepUp},
    state::{Asked, State, nonce},
    visit::Visit,
};
use crate::{UserPools, errors};

impl UserPools {
    /// Errors: those of the first factor (reference 5.2), the refusals of [`next`].
    pub(crate) async fn begin_sign_in(&self, cx: &Cx, visit: Visit, start: Start) -> Result<Reply> {
        self.cpu.admit()?;
        match start {
            Start::Srp { username, srp_a } => {
                let candidate = self.candidates(cx, &visit).named(&username).await?;
                candidate.may_try_password()?;
                let state = State::new(visit, candidate.owner.sub.clone(), Asked::SrpProof, Some(nonce(cx)));
                let attempt = Attempt { state, candidate };
                self.ask_function(cx, &attempt).await?;
                self.challenge_by_srp(cx, &attempt, &srp_a, Companion::None).await
            }
            Start::Password {
                username,
                password,
                step_up,
            } => {
                let guess = self.migrate(cx, &visit, &username, &password).await?;
                let mut candidate = self.candidates(cx, &visit).named(&username).await?;
                candidate.guessed(guess);
                candidate.may_try_password()?;
                let mut state = State::new(visit, candidate.owner.sub.clone(), Asked::FirstFactor, None);
                aim(&mut state, &candidate, step_up, cx.now())?;
                let attempt = Attempt { state, candidate };
                self.ask_function(cx, &attempt).await?;
                self.try_password(cx, attempt, password).await
            }
            Start::Choice {
                username,
                preferred,
                given,
                step_up,
            } => {
                let candidate = self.candidates(cx, &visit).named(&username).await?;
                let mut state = State::new(visit, candidate.owner.sub.clone(), Asked::FirstFactor, Some(nonce(cx)));
                aim(&mut state, &candidate, step_up, cx.now())?;
                let attempt = Attempt { state, candidate };
                self.ask_function(cx, &attempt).await?;
                if attempt.state.has_first_factor() {
                    let proof = self.nothing_more(None)?;
                    return self.settle(cx, attempt, proof).await;
                }
                self.offer(cx, attempt, preferred, given).await
            }
            Start::SignedUp { username, session } => {
                let state = State::open(&self.keyring, cx, visit, &session)?.asking(&Asked::Nothing)?;
                let mut attempt = self.attempt(cx, state, &username).await?;
                if attempt.state.is_outdated(attempt.candidate.password_set_at()) {
                    return Err(errors::invalid_session().because("the password was set since"));
                }
                // From here on it is a sign-in by code.
                attempt.state.seen = None;
                self.ask_function(cx, &attempt).await?;
                let proof = self.nothing_more(None)?;
                self.settle(cx, attempt, proof).await
            }
            Start::Federated(vouched) => Box::pin(self.try_vouched(cx, visit, *vouched)).await,
            Start::Custom { username, srp_a } => {
                let candidate = self.candidates(cx, &visit).named(&username).await?;
                let state = State::new(visit, candidate.owner.sub.clone(), Asked::FirstFactor, None);
                let attempt = Attempt { state, candidate };
                self.ask_function(cx, &attempt).await?;
                // Apart, so that sign-ins of other kinds don't carry its future.
                Box::pin(self.begin_custom(cx, attempt, srp_a)).await
            }
        }
    }

    /// PreAuthentication: a function may forbid a sign-in before anything is looked at. Reference: 16.3.
    ///
    /// Errors: those of the function.
    pub(super) async fn ask_function(&self, cx: &Cx, attempt: &Attempt) -> Result<()> {
        let user = self.told_user(cx, attempt);
        let scene = attempt.state.visit.opening_scene(cx, &user);
        self.functions
            .pre_authentication(scene, custom::presence(attempt))
            .await
    }

    /// `username` is what the answer says, which must be whom the session is of.
    ///
    /// Errors: NotAuthorized in the forms of reference 5.6, CodeMismatch, ExpiredCode, those of the step.
    pub(crate) async fn answer_challenge(
        &self,
        cx: &Cx,
        visit: Visit,
        username: &str,
        answer: Answer,
    ) -> Result<Reply> {
        self.cpu.admit()?;
        match answer {
            Answer::PasswordVerifier { claim, session } => {
                self.answer_srp(cx, visit, username, (claim, session.as_deref())).await
            }
            Answer::Choice { session, factor, given } => {
                let attempt = self.asked(cx, visit, (&session, &Asked::FirstFactor), username).await?;
                let Attempt { state, candidate } = &attempt;
                if !choice::available(&state.visit, candidate, state.target).contains(&factor) {
                    return Err(errors::challenge_not_available());
                }
                self.try_factor(cx, attempt, factor, given).await
            }
            Answer::NewPassword {
                session,
                password,
                attributes,
            } => {
                let attempt = self.asked(cx, visit, (&session, &Asked::NewPassword), username).await?;
                attempt.candidate.before_password(&attempt.state.visit.client)?;
                let proof =
                    new_password::prove((&self.passwords, &self.cpu), cx, &attempt, (password, attributes)).await?;
                self.settle(cx, attempt, proof).await
            }
            Answer::Code { session, sent, digits } => {
                let attempt = self.answering(cx, visit, &session, username).await?;
                if !matches!(attempt.state.asked, Asked::Code { sent: asked, .. } if asked == sent) {
                    return Err(errors::invalid_session());
                }
                self.try_code(cx, attempt, &digits).await
            }
            Answer::Totp { session, digits } => {
                let attempt = self.asked(cx, visit, (&session, &Asked::Totp), username).await?;
                self.try_totp(cx, attempt, &digits).await
            }
            Answer::RecoveryCode { session, code } => {
                let attempt = self.answering(cx, visit, &session, username).await?;
                Box::pin(self.try_recovery_code(cx, attempt, &code)).await
            }
            Answer::DeviceSrp { session, srp_a } => {
                let attempt = self.asked(cx, visit, (&session, &Asked::Device), username).await?;
                if attempt.state.rounds.is_some() {
                    return self.begin_device_of_custom(cx, attempt, &srp_a).await;
                }
                self.challenge_device(cx, attempt, &srp_a).await
            }
            Answer::DeviceVerifier { session, claim } => {
                let block = SecretBlock::open(&self.keyring, cx, &visit, &claim.secret_block)?;
                let attempt = self.asked(cx, visit, (&session, &Asked::DeviceProof), username).await?;
                srp::check_time(cx, &claim)?;
                self.try_device(cx, attempt, block, claim).await
            }
            Answer::Browser { session } => {
                let attempt = self.asked(cx, visit, (&session, &Asked::Device), username).await?;
                Box::pin(self.try_browser(cx, attempt)).await
            }
            Answer::Passkey {
                session,
                credential,
                step_up,
            } => {
                self.answer_passkey(cx, visit, (&session, username), (&credential, step_up))
                    .await
            }
            Answer::Custom { session, answer } => {
                let attempt = self.answering(cx, visit, &session, username).await?;
                self.answer_custom(cx, attempt, &answer).await
            }
            Answer::SecondFactor { session, factor } => {
                let attempt = self.answering(cx, visit, &session, username).await?;
                self.choose_second_factor(cx, attempt, factor).await
            }
            Answer::SetUp { session, email } => {
                let state = State::open_set_up(&self.keyring, cx, visit, &session)?;
                let attempt = self.attempt(cx, state, username).await?;
                self.conclude_set_up(cx, attempt, email).await
            }
        }
    }

    /// Whose password it is, a session says or the name.
    async fn answer_srp(
        &self,
        cx: &Cx,
        visit: Visit,
        username: &str,
        (claim, session): (Claim, Option<&str>),
    ) -> Result<Reply> {
        let block = SecretBlock::open(&self.keyring, cx, &visit, &claim.secret_block)?;
        let state = self.state_of(cx, visit, &block, session)?;
        srp::check_time(cx, &claim)?;
        let attempt = match block.companion {
            Companion::Session => self.attempt(cx, state, username).await?,
            // Another name is one that the proof is not of.
            Companion::None => self.claimant(cx, state, username).await?,
        };
        self.try_srp(cx, attempt, block, claim).await
    }

    /// Whose passkey it is, the state says or the passkey.
    async fn answer_passkey(
        &self,
        cx: &Cx,
        visit: Visit,
        (session, username): (&str, &str),
        (credential, step_up): (&str, Option<StepUp>),
    ) -> Result<Reply> {
        let state = State::open(&self.keyring, cx, visit, session)?;
        if matches!(state.asked, Asked::AnyPasskey { .. }) {
            // Apart, as above.
            return Box::pin(self.try_any_passkey(cx, state, credential, step_up)).await;
        }
        let attempt = self.attempt(cx, state, username).await?;
        self.try_passkey(cx, attempt, credential).await
    }

    /// Who answers, where a session asks for this. Errors: NotAuthorized.
    async fn asked(&self, cx: &Cx, visit: Visit, (session, asked): (&str, &Asked), username: &str) -> Result<Attempt> {
        let state = State::open(&self.keyring, cx, visit, session)?.asking(asked)?;
        self.attempt(cx, state, username).await
    }

    /// The same of the state that a session carries, whatever it asks for. Errors: NotAuthorized.
    async fn answering(&self, cx: &Cx, visit: Visit, session: &str, username: &str) -> Result<Attempt> {
        let state = State::open(&self.keyring, cx, visit, session)?;
        self.attempt(cx, state, username).await
    }

    /// Who answers the question of a state, under the name that it is of: any other, answered otherwise, would tell who has it.
    /// Who has shown something is somebody. Reference: user-pools 5.6.
    ///
    /// Errors: NotAuthorized.
    async fn attempt(&self, cx: &Cx, state: State, username: &str) -> Result<Attempt> {
        let attempt = self.claimant(cx, state, username).await?;
        let Attempt { state, candidate } = &attempt;
        if candidate.user.is_some() || (candidate.has_own_name && !state.has_first_factor()) {
            Ok(attempt)
        } else {
            Err(errors::invalid_session())
        }
    }

    /// The same under whatever name.
    async fn claimant(&self, cx: &Cx, state: State, username: &str) -> Result<Attempt> {
        let candidates = self.candidates(cx, &state.visit);
        let candidate = candidates.returning(username, &state.sub).await?;
        Ok(Attempt { state, candidate })
    }

    pub(super) fn candidates<'a>(&'a self, cx: &'a Cx, visit: &'a Visit) -> Candidates<'a> {
        Candidates {
            store: &self.store,
            keyring: &self.keyring,
            cx,
            visit,
        }
    }
}

/// Towards what is to be shown at the least, with what was shown before. Errors: InvalidParameter (out of reach).
pub(super) fn aim(state: &mut State, candidate: &Candidate, step_up: Option<StepUp>, now: Timestamp) -> Result<()> {
    let Some(step_up) = step_up else { return Ok(()) };
    let target = match choice::target(&state.visit, candidate, &step_up.targets) {
        Err(_) if step_up.otherwise == Otherwise::Lower => return Ok(()),
        target => target?,
    };
    state.target = Some(target);
    state.proved = choice::credit(&state.visit.pool, &step_up, candidate, (target, now));
    state.credited = state.proved.iter().map(|proved| proved.at).min();
    state.seen = state.credited.and(candidate.password_set_at());
    Ok(())
}
