//! The one write behind every answer that was right: it decides on the user as stored, spends the question, changes what the
//! answer changes, and asks the next question or begins the session family; only then tokens are signed (decision 7).
//! Reference: user-pools 5.4, 8.

use std::{fmt, sync::Arc};

use kernel::{ApiError, Timestamp, Turn};
use store::{
    Stop, Store, Tx,
    records::{
        devices,
        factor::Factor,
        groups::Group,
        passwords, recovery_codes, sessions, software_tokens, spent, sso_sessions,
        users::{self, User},
    },
};

use super::{
    effect::{self, Effect},
    factor::recovery,
    method::Method,
    named::Named,
    next::{Next, Step, next},
    proof::Change,
    question::Question,
    state::{Asked, State},
};
use crate::{
    errors,
    group::roles,
    password::kept::Owner,
    session::{Family, login::NewLogin, overrides::Overrides},
    user::rebase,
};

/// Somebody who has shown all that is wanted.
pub struct SignedIn {
    pub(crate) user: User,
    /// In the order of [`roles::of_user`], read in the write that concluded.
    pub(crate) groups: Vec<Group>,
    pub(crate) session: Family,
    /// What a function says otherwise in the tokens.
    pub(crate) overrides: Overrides,
    /// For signing what is made of it; had before the write, because what is stored must not be refused any more.
    pub(crate) turn: Turn,
}

/// Somebody who has shown all that is wanted at hosted login: their browser's session has begun, and nothing is given to an app yet.
pub struct LoggedIn {
    pub(crate) user: User,
    pub(crate) login: NewLogin,
    /// How many recovery codes are left. None: they came without one.
    pub recovery_codes_left: Option<u32>,
}

/// Without the cookie.
impl fmt::Debug for LoggedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LoggedIn({})", self.user.sub)
    }
}

/// Without the refresh token.
impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedIn({})", self.user.sub)
    }
}

/// How a sign-in is to go on.
pub(super) struct Ending {
    pub state: State,
    pub owner: Owner,
    pub effect: Effect,
    /// What [`next`] said of the user that was read, made ready. None: it refused.
    pub plan: Option<Plan>,
}

/// What is written and then told.
pub(super) enum Plan {
    Ask(Step, Question),
    Begin(Family),
    LogIn(NewLogin),
}

/// What came of it.
pub(super) enum Concluded {
    Asked {
        user: User,
        /// What the user calls their authenticator app, where it is asked.
        token_name: Option<String>,
        /// Whether a recovery code would do, too.
        recovery: bool,
    },
    SignedIn {
        user: User,
        groups: Vec<Group>,
    },
    LoggedIn {
        user: User,
        recovery_codes_left: Option<u32>,
    },
}

/// [`Stop::Raced`] if [`next`] has another opinion of the user as stored than it had of the user that was read; nothing is
/// written then.
///
/// Errors: NotAuthorized (locked meanwhile, a password changed meanwhile, the question answered before), those of [`next`],
/// ExpiredCode (a TOTP code that counted before), TooManyRequests (letters), AliasExists.
pub(super) async fn conclude(store: &Store, ending: Arc<Ending>, now: Timestamp) -> Result<Concluded, Stop> {
    store.write(move |tx| ending.conclude(tx, now)).await
}

/// Whether an answer that showed this can count at all, asked before a function hears of it: [`conclude`] asks again.
///
/// Errors: NotAuthorized (locked, a password changed meanwhile, the question answered before).
pub(super) async fn may_count(
    store: &Store,
    state: &State,
    (owner, shown): (&Owner, Option<Method>),
    now: Timestamp,
) -> Result<(), ApiError> {
    let (guess, nonce, of) = (shown.and_then(Method::guessed), state.nonce.clone(), owner.clone());
    let found = store.look_up(move |r| {
        let is_locked = match guess {
            Some(guess) => guess.is_locked(guess.failures(r, &of.pool, &of.sub, now)?, now),
            None => false,
        };
        let set_at = passwords::of_user(r, &of.pool, &of.sub)?.map(|row| row.set_at);
        let is_spent = match &nonce {
            Some(nonce) => spent::is_spent(r, &of.pool, nonce)?,
            None => false,
        };
        Ok((is_locked, set_at, is_spent))
    });
    match found.await? {
        (true, ..) => Err(errors::password_attempts_exceeded()),
        (_, set_at, _) if state.is_outdated(set_at) => Err(outdated(state, "the password was just changed")),
        (.., true) => Err(errors::session_used()),
        (.., false) => Ok(()),
    }
}

/// Of two answers by one session the second finds the password replaced.
fn outdated(state: &State, why: &'static str) -> ApiError {
    match state.asked {
        Asked::NewPassword => errors::session_used(),
        Asked::FirstFactor | Asked::SrpProof => errors::incorrect_username_or_password().because(why),
        _ => errors::invalid_session().because(why),
    }
}

impl Ending {
    /// Refusals commit what was written before, so what may refuse stands first.
    fn conclude(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Concluded, Stop> {
        let Self {
            owner, state, effect, ..
        } = self;
        let bare = Effect {
            method: effect.method,
            change: Change::None,
        };
        let effect = if effect.is_in_vain(tx, &state.visit.pool)? {
            &bare
        } else {
            effect
        };
        let forgiven = effect.unlocked(tx, owner, now)?;
        let stored = users::by_sub(tx, &owner.pool, &owner.sub)?.ok_or_else(errors::incorrect_username_or_password)?;
        if state.seen.is_some()
            && state.is_outdated(passwords::of_user(tx, &owner.pool, &owner.sub)?.map(|row| row.set_at))
        {
            return Err(outdated(state, "the password was just changed").into());
        }
        let user = match &effect.change {
            Change::NewPassword(chosen) => rebase::onto(&stored, &chosen.before, &chosen.after)
                .ok_or_else(|| outdated(state, "the user was just changed"))?,
            Change::Proven(proven) => rebase::onto(&stored, &proven.before, &proven.after).ok_or(Stop::Raced)?,
            Change::Mapped(renewal) => renewal.onto(&state.visit.pool, &stored)?,
            Change::None | Change::Kept { .. } | Change::TotpStep(_) | Change::RecoveryCode(_) | Change::Passkey(_) => {
                stored
            }
        };
        let device = Named::find(tx, &state.visit, &owner.sub)?;
        let plan = match (next(state, &user, &device, now)?, &self.plan) {
            (Next::Ask(step), Some(plan @ Plan::Ask(planned, question))) if step == *planned => {
                if !question.finds(&user) {
                    return Err(Stop::Raced);
                }
                plan
            }
            (Next::Conclude, Some(plan @ (Plan::Begin(_) | Plan::LogIn(_)))) => plan,
            _ => return Err(Stop::Raced),
        };
        effect.may_save(tx, &state.visit.pool)?;
        if let Plan::Ask(_, question) = plan {
            question.count(tx, owner, now)?;
        }
        effect.use_code(tx, owner)?;
        effect::spend(tx, &owner.pool, state.nonce.as_deref(), now)?;
        effect.use_passkey(tx, owner)?;
        effect.use_recovery_code(tx, owner)?;
        effect.save(tx, &state.visit.pool, owner, forgiven)?;
        self.follow(tx, plan, (user, &device), now)
    }

    /// What is due is asked, or what is earned begins.
    fn follow(
        &self,
        tx: &mut Tx<'_>,
        plan: &Plan,
        (user, device): (User, &Named),
        now: Timestamp,
    ) -> Result<Concluded, Stop> {
        let Self {
            owner, state, effect, ..
        } = self;
        Ok(match plan {
            Plan::Ask(step, question) => {
                question.enqueue(tx)?;
                let token_name = match step {
                    Step::SecondFactor(Factor::SoftwareToken) => {
                        software_tokens::find(tx, &owner.pool, &owner.sub)?.and_then(|token| token.name)
                    }
                    _ => None,
                };
                let recovery = match step {
                    Step::SecondFactor(_) if recovery::may_stand_in(state) => {
                        recovery_codes::left(tx, &owner.pool, &owner.sub)? > 0
                    }
                    _ => false,
                };
                Concluded::Asked {
                    user,
                    token_name,
                    recovery,
                }
            }
            Plan::Begin(session) => {
                session.make_room(tx, &state.visit.pool, now)?;
                if let Some(key) = device.key() {
                    devices::used(tx, &session.devices(&owner.pool), key, now, session.from.ip.as_deref())?;
                }
                sessions::insert(tx, &owner.pool, &session.row.begun_by(&user))?;
                // With the user, not before: between the two somebody may leave a group.
                let groups = roles::of_user(tx, &owner.pool, &owner.sub)?;
                Concluded::SignedIn { user, groups }
            }
            Plan::LogIn(login) => {
                if let Some(key) = device.key() {
                    let of = devices::DevicesOf {
                        pool: owner.pool.clone(),
                        sub: owner.sub.clone(),
                    };
                    devices::used(tx, &of, key, now, login.ip.as_deref())?;
                }
                sso_sessions::insert(tx, &owner.pool, &login.row.begun_by(&user))?;
                let recovery_codes_left = match effect.change {
                    Change::RecoveryCode(_) => Some(recovery_codes::left(tx, &owner.pool, &owner.sub)?),
                    _ => None,
                };
                Concluded::LoggedIn {
                    user,
                    recovery_codes_left,
                }
            }
        })
    }
}
