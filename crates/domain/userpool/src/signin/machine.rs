//! The spine of sign-in: the two entrances, and what follows a proof. It alone calls the steps.

use std::sync::Arc;

use kernel::{ApiError, Cx, Result};
use store::Stop;

use super::{
    attempt::Attempt,
    candidate::{Candidate, Candidates},
    choice,
    conclude::{Concluded, Due, Ending, SignedIn, conclude},
    factor::{
        new_password, password,
        secret_block::{Companion, SecretBlock},
        srp,
    },
    next::{Step, next},
    proof::{Change, Device, Proof},
    protocol::{Answer, Challenge, Claim, FirstFactor, Given, Reply, Start},
    state::{Asked, Proved, State, nonce},
    visit::Visit,
};
use crate::{
    UserPools, errors,
    password::{kept::Owner, lockout},
    session::{Family, Grant},
};

impl UserPools {
    /// Errors: those of the first factor (reference 5.2), the refusals of [`next`].
    pub(crate) async fn begin_sign_in(&self, cx: &Cx, visit: Visit, start: Start) -> Result<Reply> {
        self.cpu.admit()?;
        match start {
            Start::Srp { username, srp_a } => {
                let candidate = self.candidates(cx, &visit).named(&username).await?;
                let state = State::new(visit, candidate.owner.sub.clone(), Asked::SrpProof, Some(nonce(cx)));
                self.challenge_by_srp(cx, &Attempt { state, candidate }, &srp_a, Companion::None)
                    .await
            }
            Start::Password { username, password } => {
                let candidate = self.candidates(cx, &visit).named(&username).await?;
                let state = State::new(visit, candidate.owner.sub.clone(), Asked::FirstFactor, None);
                self.try_password(cx, Attempt { state, candidate }, password).await
            }
            Start::Choice {
                username,
                preferred,
                given,
            } => {
                let candidate = self.candidates(cx, &visit).named(&username).await?;
                let state = State::new(visit, candidate.owner.sub.clone(), Asked::FirstFactor, Some(nonce(cx)));
                self.offer(cx, Attempt { state, candidate }, preferred, given).await
            }
            Start::SignedUp { username, session } => {
                // No factor had a turn, so the one for signing is reserved.
                let turn = self.cpu.reserve()?;
                let state = State::open(&self.keyring, cx, visit, &session)?.asking(Asked::Nothing)?;
                let candidate = self
                    .candidates(cx, &state.visit)
                    .returning(&username, &state.sub)
                    .await?;
                if candidate.user.is_none() {
                    return Err(errors::invalid_session());
                }
                let proof = Proof {
                    method: None,
                    device: Device::Unnamed,
                    change: Change::None,
                    turn,
                };
                self.settle(cx, Attempt { state, candidate }, proof).await
            }
        }
    }

    /// `username` is what the answer says, which must be whom the challenge was for.
    ///
    /// Errors: NotAuthorized in the forms of reference 5.6, those of the step.
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
                let block = SecretBlock::open(&self.keyring, cx, &visit, &claim.secret_block)?;
                let state = self.state_of(cx, visit, &block, session.as_deref())?;
                srp::check_time(cx, &claim)?;
                let candidate = self
                    .candidates(cx, &state.visit)
                    .returning(username, &state.sub)
                    .await?;
                self.try_srp(cx, Attempt { state, candidate }, block, claim).await
            }
            Answer::Choice { session, factor, given } => {
                let state = State::open(&self.keyring, cx, visit, &session)?.asking(Asked::FirstFactor)?;
                if !choice::available(&state.visit.pool).contains(&factor) {
                    return Err(errors::challenge_not_available());
                }
                let candidate = self
                    .candidates(cx, &state.visit)
                    .returning(username, &state.sub)
                    .await?;
                self.try_factor(cx, Attempt { state, candidate }, factor, given).await
            }
            Answer::NewPassword {
                session,
                password,
                attributes,
            } => {
                let state = State::open(&self.keyring, cx, visit, &session)?;
                if !matches!(state.asked, Asked::NewPassword { .. }) {
                    return Err(errors::invalid_session());
                }
                let candidate = self
                    .candidates(cx, &state.visit)
                    .returning(username, &state.sub)
                    .await?;
                let attempt = Attempt { state, candidate };
                let workers = (&self.passwords, &self.cpu);
                let proof = new_password::prove(workers, cx, &attempt, (password, attributes)).await?;
                self.settle(cx, attempt, proof).await
            }
        }
    }

    pub(super) fn candidates<'a>(&'a self, cx: &'a Cx, visit: &'a Visit) -> Candidates<'a> {
        Candidates {
            store: &self.store,
            keyring: &self.keyring,
            cx,
            visit,
        }
    }

    /// USER_AUTH begins: with the preferred factor, if there is such a one, else the user is asked.
    async fn offer(&self, cx: &Cx, attempt: Attempt, preferred: Option<FirstFactor>, given: Given) -> Result<Reply> {
        let state = &attempt.state;
        let available = choice::available(&state.visit.pool);
        match preferred.filter(|factor| available.contains(factor)) {
            Some(factor) if given.has(factor) => {
                let mut reply = self.try_factor(cx, attempt, factor, given).await?;
                if let Reply::Challenge(Challenge::PasswordVerifier { available: beside, .. }) = &mut reply {
                    *beside = available;
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

    async fn try_factor(&self, cx: &Cx, mut attempt: Attempt, factor: FirstFactor, given: Given) -> Result<Reply> {
        let parameter = given.parameter(factor)?;
        match factor {
            FirstFactor::Password => self.try_password(cx, attempt, parameter).await,
            FirstFactor::PasswordSrp => {
                attempt.state.asked = Asked::SrpProof;
                self.challenge_by_srp(cx, &attempt, &parameter, Companion::Session)
                    .await
            }
            FirstFactor::Other => Err(errors::challenge_not_available()),
        }
    }

    pub(super) async fn try_password(&self, cx: &Cx, attempt: Attempt, password: String) -> Result<Reply> {
        let workers = (&self.passwords, &self.cpu);
        match password::prove(workers, cx, &attempt, password).await? {
            Some(proof) => self.settle(cx, attempt, proof).await,
            None => self.refuse_wrong(cx, &attempt.candidate.owner).await,
        }
    }

    async fn challenge_by_srp(
        &self,
        cx: &Cx,
        Attempt { state, candidate }: &Attempt,
        srp_a: &str,
        companion: Companion,
    ) -> Result<Reply> {
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
    fn state_of(&self, cx: &Cx, visit: Visit, block: &SecretBlock, session: Option<&str>) -> Result<State> {
        match block.companion {
            Companion::None => {
                let nonce = Some(block.nonce.clone());
                Ok(State::new(visit, block.sub.clone(), Asked::SrpProof, nonce))
            }
            Companion::Session => {
                let session = session.ok_or_else(errors::invalid_session)?;
                let state = State::open(&self.keyring, cx, visit, session)?.asking(Asked::SrpProof)?;
                if state.nonce.as_deref() == Some(&block.nonce) && state.sub == block.sub {
                    Ok(state)
                } else {
                    Err(errors::invalid_session())
                }
            }
        }
    }

    async fn try_srp(&self, cx: &Cx, attempt: Attempt, block: SecretBlock, claim: Claim) -> Result<Reply> {
        match srp::prove(&self.keyring, &self.cpu, &attempt.candidate, block, claim).await? {
            Some(proof) => self.settle(cx, attempt, proof).await,
            None => self.refuse_wrong(cx, &attempt.candidate.owner).await,
        }
    }

    /// Counts a wrong password or proof. If parallel guesses have locked the user meanwhile, this one is answered as any
    /// during a lock, so that it doesn't tell whether it was right.
    ///
    /// Errors: NotAuthorized, always.
    async fn refuse_wrong(&self, cx: &Cx, owner: &Owner) -> Result<Reply> {
        let (owner, now) = (owner.clone(), cx.now());
        self.store
            .write(move |tx| lockout::count_failure(tx, &owner.pool, &owner.sub, now))
            .await?;
        Err(errors::incorrect_username_or_password())
    }

    /// What follows a proof: the step that is due, or the end.
    async fn settle(&self, cx: &Cx, attempt: Attempt, proof: Proof) -> Result<Reply> {
        let Attempt { mut state, candidate } = attempt;
        let Candidate {
            owner, user, password, ..
        } = candidate;
        let Proof {
            method,
            device,
            change,
            turn,
        } = proof;
        let now = cx.now();
        state.proved.extend(method.map(|method| Proved { method, at: now }));
        let decided = {
            let user = match &change {
                Change::NewPassword(chosen) => Some(&chosen.after),
                Change::None | Change::Kept { .. } => user.as_ref(),
            };
            let user = user.ok_or_else(errors::incorrect_username_or_password)?;
            next(&state, user, device, now)
        };

        // The triggers' place: PostAuthentication and PreTokenGeneration, when `decided` is to conclude (reference 16.2).

        let grant = Grant::of_api(&state.visit.client);
        let whose = (&state.visit.pool.id, &state.sub);
        let session = Family::begin(&self.keyring, cx, whose, &grant, state.amr())?;
        let ending = Arc::new(Ending {
            owner,
            seen: password.map(|row| row.set_at),
            device,
            change,
            // A refusal is the write's to tell: it is told to nobody during a lock.
            decided: decided.as_ref().ok().copied(),
            session,
            state,
        });
        match conclude(&self.store, Arc::clone(&ending), now).await {
            Ok(Concluded::Due(due)) => self.ask(cx, &ending.state, due),
            Ok(Concluded::SignedIn { user, groups }) => Ok(Reply::SignedIn(Box::new(SignedIn {
                user,
                groups,
                session: ending.session.clone(),
                turn,
            }))),
            // Somebody changed the user since: what was decided was so then.
            Err(Stop::Raced) => Err(decided
                .err()
                .unwrap_or_else(|| errors::incorrect_username_or_password().because("the user was just changed"))),
            Err(stop) => Err(ApiError::from(stop)),
        }
    }

    /// The question of a step that is due, with the state that its answer continues.
    fn ask(&self, cx: &Cx, state: &State, due: Due) -> Result<Reply> {
        let Due { step, user, set_at } = due;
        let State { visit, sub, proved, .. } = state;
        match step {
            Step::NewPassword => {
                let asked = Asked::NewPassword { set_at };
                let state = State {
                    proved: proved.clone(),
                    ..State::new(visit.clone(), sub.clone(), asked, None)
                };
                Ok(Reply::Challenge(Challenge::NewPasswordRequired {
                    required: new_password::missing_attributes(&visit.pool, &user),
                    attributes: new_password::shown_attributes(&user, &visit.client),
                    session: state.seal(&self.keyring, cx)?,
                    user_id: user.username,
                }))
            }
        }
    }
}
