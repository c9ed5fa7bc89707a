//! The spine of the first factor: chosen, asked for, tried. Reference: user-pools 5.2, 5.3, 5.8, 17.2.

use std::sync::Arc;

use kernel::{ApiError, Cx, Result};
use store::{Stop, records::users};

use super::{
    attempt::Attempt,
    choice,
    effect::Effect,
    factor::{
        code, passkey, password,
        secret_block::{Companion, SecretBlock},
        srp,
    },
    method::SentBy,
    protocol::{Challenge, Claim, FirstFactor, Given, Reply},
    question::{Question, Questions},
    state::{Asked, State, nonce},
    visit::Visit,
};
use crate::{
    UserPools,
    code::Target,
    errors,
    passkey::assertion,
    password::{
        kept::Owner,
        lockout::{Counted, Guess},
    },
    user::{standing::signs_in_here, unknown},
};

impl UserPools {
    /// USER_AUTH begins: with the preferred factor, if there is such a one, else the user is asked.
    pub(super) async fn offer(
        &self,
        cx: &Cx,
        attempt: Attempt,
        preferred: Option<FirstFactor>,
        given: Given,
    ) -> Result<Reply> {
        let state = &attempt.state;
        let available = choice::available(&state.visit, &attempt.candidate, state.target);
        match preferred.filter(|factor| available.contains(factor)) {
            Some(factor) if given.has(factor) => {
                let mut reply = self.try_factor(cx, attempt, factor, given).await?;
                match &mut reply {
                    // What follows a password is none that the app wished for.
                    Reply::Challenge(challenge) if factor != FirstFactor::Password => challenge.beside(available),
                    _ => {}
                }
                Ok(reply)
            }
            Some(factor) => Ok(Reply::Challenge(Challenge::Chosen {
                factor,
                session: state.seal(&self.keyring, cx)?,
                available,
            })),
            None => Ok(Reply::Challenge(Challenge::Select {
                session: state.seal(&self.keyring, cx)?,
                available,
            })),
        }
    }

    pub(super) async fn try_factor(
        &self,
        cx: &Cx,
        mut attempt: Attempt,
        factor: FirstFactor,
        given: Given,
    ) -> Result<Reply> {
        match factor {
            FirstFactor::Password => self.try_password(cx, attempt, given.parameter(factor)?).await,
            FirstFactor::PasswordSrp => {
                let srp_a = given.parameter(factor)?;
                attempt.state.asked = Asked::SrpProof;
                self.challenge_by_srp(cx, &attempt, &srp_a, Companion::Session).await
            }
            FirstFactor::EmailOtp => {
                self.challenge_by_code(cx, attempt, SentBy::EmailOtp, Effect::NONE)
                    .await
            }
            FirstFactor::SmsOtp => self.challenge_by_code(cx, attempt, SentBy::SmsOtp, Effect::NONE).await,
            FirstFactor::WebAuthn => self.challenge_by_passkey(cx, &attempt),
            FirstFactor::Other => Err(errors::challenge_not_available()),
        }
    }

    pub(super) async fn try_password(&self, cx: &Cx, attempt: Attempt, password: String) -> Result<Reply> {
        attempt.candidate.may_try_password()?;
        attempt.candidate.before_password(&attempt.state.visit.client)?;
        let workers = (&self.passwords, &self.cpu);
        let proof = password::prove(workers, cx, &attempt, password).await?;
        let Some(proof) = proof.filter(|_| attempt.candidate.has_good_password(&attempt.state.visit.client)) else {
            let wrong = errors::incorrect_username_or_password();
            if attempt.candidate.guess == Counted::Already {
                return Err(wrong);
            }
            return self
                .refuse_wrong(cx, &attempt.candidate.owner, Guess::Password, wrong)
                .await;
        };
        self.settle(cx, attempt, proof).await
    }

    pub(super) async fn challenge_by_srp(
        &self,
        cx: &Cx,
        Attempt { state, candidate }: &Attempt,
        srp_a: &str,
        companion: Companion,
    ) -> Result<Reply> {
        candidate.may_try_password()?;
        candidate.before_password(&state.visit.client)?;
        let answer = srp::challenge(&self.keyring, &self.cpu, cx, candidate, srp_a).await?;
        let session = match companion {
            Companion::Session => Some(state.seal(&self.keyring, cx)?),
            Companion::None => None,
        };
        let srp_b = answer.ephemeral.public_hex();
        let block = SecretBlock {
            client_public: answer.client_public,
            ephemeral: answer.ephemeral,
            sub: state.sub.clone(),
            nonce: state.nonce.clone().unwrap_or_default(),
            companion,
        };
        Ok(Reply::Challenge(Challenge::PasswordVerifier {
            salt: answer.salt,
            srp_b,
            secret_block: block.seal(&self.keyring, cx, &state.visit)?,
            user_id: candidate.user_id.clone(),
            session,
            available: Vec::new(),
        }))
    }

    /// The state that an answer to PASSWORD_VERIFIER continues: of its session, or where none was given, of the block alone.
    ///
    /// Errors: NotAuthorized.
    pub(super) fn state_of(&self, cx: &Cx, visit: Visit, block: &SecretBlock, session: Option<&str>) -> Result<State> {
        match block.companion {
            Companion::None => {
                let nonce = Some(block.nonce.clone());
                Ok(State::new(visit, block.sub.clone(), Asked::SrpProof, nonce))
            }
            Companion::Session => {
                let session = session.ok_or_else(errors::invalid_session)?;
                let state = State::open(&self.keyring, cx, visit, session)?.asking(&Asked::SrpProof)?;
                if state.nonce.as_deref() == Some(&block.nonce) && state.sub == block.sub {
                    Ok(state)
                } else {
                    Err(errors::invalid_session())
                }
            }
        }
    }

    pub(super) async fn try_srp(&self, cx: &Cx, attempt: Attempt, block: SecretBlock, claim: Claim) -> Result<Reply> {
        attempt.candidate.may_try_password()?;
        attempt.candidate.before_password(&attempt.state.visit.client)?;
        let proof = srp::prove(&self.keyring, &self.cpu, &attempt.candidate, block, claim).await?;
        let Some(proof) = proof.filter(|_| attempt.candidate.has_good_password(&attempt.state.visit.client)) else {
            let wrong = errors::incorrect_username_or_password();
            return self
                .refuse_wrong(cx, &attempt.candidate.owner, Guess::Password, wrong)
                .await;
        };
        self.proved(cx, attempt, proof).await
    }

    /// Sends a code, or does as if: to nobody, and to a disabled user or a provider's whom the client hides, nothing goes. What the answer
    /// before changes is written with it.
    pub(super) async fn challenge_by_code(
        &self,
        cx: &Cx,
        attempt: Attempt,
        sent: SentBy,
        effect: Effect,
    ) -> Result<Reply> {
        let Attempt { state, candidate } = attempt;
        let hidden = state.visit.client.hides_users();
        let questions = self.questions(cx);
        // The sign-in's own: with the code, whatever it was chosen from is answered.
        let nonce = state.nonce.clone().unwrap_or_else(|| nonce(cx));
        let question = match &candidate.user {
            Some(user) if !user.enabled => Err(errors::user_is_disabled()),
            Some(user) if !signs_in_here(user) => Err(errors::linking::signs_in_elsewhere()),
            Some(user) => questions.code(&state, user, sent, nonce.clone()).await,
            None => Err(errors::user_does_not_exist()),
        };
        let question = match question {
            Err(why) if hidden => {
                tracing::warn!(code = why.code().0, "a code for a sign-in was not sent");
                let typed = &candidate.owner.username;
                let target = unknown::guessed_address(&self.keyring, &state.visit.pool, typed, sent.address());
                let target = candidate
                    .user
                    .as_ref()
                    .and_then(|user| Target::of(user, sent.address()))
                    .unwrap_or(target);
                questions.pretended_code(&state, target, sent, nonce)
            }
            question => question?,
        };
        // As a first factor it tells no name. Reference: 5.5.
        let user_id = state.rounds.is_some().then_some(candidate.user_id);
        // Before the code goes: not every session can be sealed.
        let reply = self.asked_for_code(cx, &state, &question, (sent, user_id))?;
        let question = Arc::new(question);
        let asked = Arc::clone(&question);
        let (owner, pool, now) = (candidate.owner.clone(), Arc::clone(&state.visit.pool), cx.now());
        let is_somebody = candidate.user.is_some();
        self.store
            .write(move |tx| {
                let is_found = match users::by_sub(tx, &owner.pool, &owner.sub)? {
                    Some(user) => is_somebody && asked.finds(&user) && (user.enabled || asked.letter.is_none()),
                    None => !is_somebody,
                };
                if !is_found {
                    return Err(Stop::Raced);
                }
                let forgiven = effect.unlocked(tx, &owner, now)?;
                effect.may_save(tx, &pool)?;
                asked.count(tx, &owner, now)?;
                effect.use_code(tx, &owner)?;
                effect.save(tx, &pool, &owner, forgiven)?;
                Ok(asked.enqueue(tx)?)
            })
            .await?;
        if let Some(letter) = &question.letter {
            self.codes.posted(letter.clone());
        }
        Ok(reply)
    }

    fn asked_for_code(
        &self,
        cx: &Cx,
        state: &State,
        question: &Question,
        (sent, user_id): (SentBy, Option<String>),
    ) -> Result<Reply> {
        let target = question.target.clone().ok_or_else(|| state.visit.no_second_factor())?;
        Ok(Reply::Challenge(Challenge::Code {
            sent,
            target,
            user_id,
            session: state
                .going_on(&question.asked, question.nonce.as_deref())
                .seal(&self.keyring, cx)?,
            available: Vec::new(),
            recovery: false,
        }))
    }

    pub(super) async fn try_code(&self, cx: &Cx, attempt: Attempt, digits: &str) -> Result<Reply> {
        let turn = self.cpu.reserve()?;
        let Some(proof) = code::prove(&self.keyring, cx, &attempt, digits, turn)? else {
            let wrong = errors::sign_in_code_mismatch();
            return self
                .refuse_wrong(cx, &attempt.candidate.owner, Guess::Code, wrong)
                .await;
        };
        self.proved(cx, attempt, proof).await
    }

    /// Of somebody who is not there it asks as of a user. Errors: NotAuthorized (disabled), InvalidParameter.
    fn challenge_by_passkey(&self, cx: &Cx, Attempt { state, candidate }: &Attempt) -> Result<Reply> {
        let hidden = state.visit.client.hides_users();
        if candidate.user.as_ref().is_some_and(|user| !user.enabled && !hidden) {
            return Err(errors::user_is_disabled());
        }
        let challenge = assertion::challenge(cx.rng());
        let options = assertion::options(&state.visit.passkeys, &challenge, &candidate.passkeys)?;
        let asked = Asked::Passkey { challenge };
        Ok(Reply::Challenge(Challenge::Passkey {
            options,
            session: state.going_on(&asked, state.nonce.as_deref()).seal(&self.keyring, cx)?,
            available: Vec::new(),
        }))
    }

    pub(super) async fn try_passkey(&self, cx: &Cx, attempt: Attempt, credential: &str) -> Result<Reply> {
        let turn = self.cpu.reserve()?;
        let proof = passkey::prove(cx, &attempt, credential, turn)?;
        self.settle(cx, attempt, proof).await
    }

    pub(super) fn questions<'a>(&'a self, cx: &'a Cx) -> Questions<'a> {
        Questions {
            codes: &self.codes,
            functions: &self.functions,
            keyring: &self.keyring,
            cx,
        }
    }

    /// Counts a wrong guess. If parallel guesses have locked the user meanwhile, this one is answered as any during a lock, so
    /// that it doesn't tell whether it was right.
    ///
    /// Errors: always, `wrong` or NotAuthorized.
    pub(super) async fn refuse_wrong(&self, cx: &Cx, owner: &Owner, guess: Guess, wrong: ApiError) -> Result<Reply> {
        let (owner, now) = (owner.clone(), cx.now());
        self.store
            .write(move |tx| guess.count_failure(tx, &owner.pool, &owner.sub, now))
            .await?;
        Err(wrong)
    }
}
