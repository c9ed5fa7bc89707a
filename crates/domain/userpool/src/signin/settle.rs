//! The spine after a proof: the step that is due, or the end.

use std::sync::Arc;

use kernel::{ApiError, Cx, Result, Turn};
use store::{Stop, records::users::User};

use super::{
    acr,
    attempt::Attempt,
    candidate::Candidate,
    conclude::{Concluded, Ending, LoggedIn, Plan, SignedIn, conclude, may_count},
    effect::Effect,
    factor::new_password,
    method::SentBy,
    named::Named,
    next::{Next, Step, next},
    proof::{Change, Proof},
    protocol::{Challenge, Reply},
    question::Question,
    state::{Asked, State},
    visit::Door,
};
use crate::{
    UserPools, errors,
    group::roles,
    session::{Family, Grant, Shown, login::NewLogin, overrides::Overrides},
    trigger::{Functions, NewDevice, Source},
};

impl UserPools {
    /// Errors: those of [`UserPools::follow`].
    pub(super) async fn settle(&self, cx: &Cx, mut attempt: Attempt, proof: Proof) -> Result<Reply> {
        let Proof { method, change, turn } = proof;
        attempt.add_proved(method, cx.now());
        // Apart, or every call that may come here carries its future.
        Box::pin(self.follow(cx, attempt, Effect { method, change }, turn)).await
    }

    /// What follows what was proved, with the effect of the last of it.
    ///
    /// Errors: the refusals of [`next`] and of [`conclude`]; what a question can't be asked for.
    pub(super) async fn follow(&self, cx: &Cx, attempt: Attempt, effect: Effect, turn: Turn) -> Result<Reply> {
        let Attempt { state, candidate } = attempt;
        let Candidate {
            owner, user, device, ..
        } = candidate;
        let now = cx.now();
        let read = user.as_ref().ok_or_else(errors::incorrect_username_or_password)?;
        let decided = next(&state, effect.change.after().unwrap_or(read), &device, now);

        if decided.is_ok() && state.visit.pool.lambdas.hear_of_sign_in() {
            may_count(&self.store, &state, (&owner, effect.method), now).await?;
        }
        let after = effect.change.after().unwrap_or(read);
        // A refusal is the write's to tell: it is told to nobody during a lock.
        let (plan, overrides) = match &decided {
            Err(_) => (None, Overrides::default()),
            Ok(Next::Conclude) => {
                let overrides = self.tell_functions(cx, &state, after, &device).await?;
                (Some(self.ending(cx, &state, &device)?), overrides)
            }
            Ok(Next::Ask(step)) => {
                let question = self.questions(cx).of_step(&state, after, step).await?;
                (Some(Plan::Ask(step.clone(), question)), Overrides::default())
            }
        };
        let ending = Arc::new(Ending {
            state,
            owner,
            effect,
            plan,
        });
        match conclude(&self.store, Arc::clone(&ending), now).await {
            Ok(Concluded::Asked {
                user,
                token_name,
                recovery,
            }) => match &ending.plan {
                Some(Plan::Ask(step, question)) => {
                    self.ask(cx, &ending, (step, question), (user, token_name, recovery))
                }
                _ => Err(ApiError::internal("a question was asked that was not planned")),
            },
            Ok(Concluded::SignedIn { user, groups }) => match &ending.plan {
                Some(Plan::Begin(session)) => Ok(Reply::SignedIn(Box::new(SignedIn {
                    user,
                    groups,
                    session: session.clone(),
                    overrides,
                    turn,
                }))),
                _ => Err(ApiError::internal("a session began that was not planned")),
            },
            Ok(Concluded::LoggedIn {
                user,
                recovery_codes_left,
            }) => match &ending.plan {
                Some(Plan::LogIn(login)) => Ok(Reply::LoggedIn(Box::new(LoggedIn {
                    user,
                    login: login.clone(),
                    recovery_codes_left,
                }))),
                _ => Err(ApiError::internal("a browser's session began that was not planned")),
            },
            // Somebody changed the user since: what was decided was so then.
            Err(Stop::Raced) => Err(decided
                .err()
                .unwrap_or_else(|| errors::incorrect_username_or_password().because("the user was just changed"))),
            Err(stop) => Err(ApiError::from(stop)),
        }
    }

    /// PreTokenGeneration and PostAuthentication, of somebody who is about to be signed in. Reference: 5.4, 16.2.
    ///
    /// Errors: those of the functions.
    async fn tell_functions(&self, cx: &Cx, state: &State, user: &User, device: &Named) -> Result<Overrides> {
        let visit = &state.visit;
        let scene = visit.scene(cx, user);
        let groups = if Functions::changes_tokens(scene) {
            let (pool, sub) = (visit.pool.id.clone(), user.sub.clone());
            self.store.look_up(move |r| roles::of_user(r, &pool, &sub)).await?
        } else {
            Vec::new()
        };
        let source = match state.asked {
            Asked::NewPassword => Source::TokensOfNewPassword,
            Asked::DeviceProof => Source::TokensOfDevice,
            _ => Source::TokensOfSignIn,
        };
        // At hosted login tokens come later, by a code.
        let overrides = if visit.door == Door::Hosted {
            Overrides::default()
        } else {
            let scopes = Grant::of_api(&visit.client).scopes;
            let functions = &self.functions;
            functions.pre_token_generation(scene, source, &groups, &scopes).await?
        };
        if visit.is_first() {
            return Ok(overrides);
        }
        let is_new = visit.pool.devices.is_some() && device.key().is_none() && visit.brought.is_none();
        let new_device = if is_new { NewDevice::Used } else { NewDevice::None };
        self.functions.post_authentication(scene, new_device).await?;
        Ok(overrides)
    }

    /// What begins if this is all. Errors: internal.
    fn ending(&self, cx: &Cx, state: &State, device: &Named) -> Result<Plan> {
        let shown = Shown {
            since: state.credited,
            ..acr::shown(&state.visit.pool.levels, &state.proved)
        };
        Ok(match state.visit.door {
            Door::Hosted => Plan::LogIn(NewLogin::begin(cx, &state.visit, &state.sub, shown)),
            Door::Public | Door::Admin => Plan::Begin(self.family(cx, state, device, shown)?),
        })
    }

    /// Errors: internal.
    fn family(&self, cx: &Cx, state: &State, device: &Named, shown: Shown) -> Result<Family> {
        let visit = &state.visit;
        let grant = Grant::of_api(&visit.client);
        let family = Family::begin(&self.keyring, cx, (&visit.pool.id, &state.sub), &grant, shown)?;
        Ok(family.tracked(cx, (&visit.pool, visit.seen(cx)), device.key()))
    }

    /// The question of a step that is due, with the state that its answer continues.
    fn ask(
        &self,
        cx: &Cx,
        ending: &Ending,
        (step, question): (&Step, &Question),
        (user, token_name, recovery): (User, Option<String>, bool),
    ) -> Result<Reply> {
        if let Some(letter) = &question.letter {
            self.codes.posted(letter.clone());
        }
        let mut state = ending.state.going_on(&question.asked, question.nonce.as_deref());
        if let Change::NewPassword(chosen) = &ending.effect.change {
            state.seen = Some(chosen.password.set_at);
        }
        let session = state.seal(&self.keyring, cx)?;
        let visit = &state.visit;
        let asked = match step {
            Step::NewPassword => Challenge::NewPasswordRequired {
                required: new_password::missing_attributes(&visit.pool, &user),
                attributes: new_password::shown_attributes(&user, &visit.client),
                session,
                user_id: user.username,
            },
            Step::Device => Challenge::DeviceSrp {
                device_key: visit.device_of(&state.sub).unwrap_or_default().to_owned(),
                user_id: user.username,
                session,
            },
            Step::SecondFactor(factor) => match (SentBy::of_second(*factor), &question.target) {
                (Some(sent), Some(target)) => Challenge::Code {
                    sent,
                    target: target.clone(),
                    user_id: Some(user.username),
                    session,
                    available: Vec::new(),
                    recovery,
                },
                _ => Challenge::Totp {
                    name: token_name,
                    user_id: user.username,
                    session,
                    recovery,
                },
            },
            Step::SelectSecondFactor(factors) => Challenge::SelectSecondFactor {
                factors: factors.clone(),
                user_id: user.username,
                session,
            },
            Step::SetUpSecondFactor(factors) => Challenge::SetUpSecondFactor {
                factors: factors.clone(),
                user_id: user.username,
                session,
            },
        };
        Ok(Reply::Challenge(asked))
    }
}
