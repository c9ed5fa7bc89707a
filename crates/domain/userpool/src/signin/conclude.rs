//! The one write behind every way to end: it decides on the user as stored, spends the question, changes the password and
//! begins the session family; only then tokens are signed (decision 7). Reference: user-pools 5.4, 8.

use std::{fmt, sync::Arc};

use kernel::{ApiError, Timestamp, Turn};
use store::{
    Stop, Store, StoreError, Tx,
    records::{
        groups::Group,
        passwords, sessions, spent,
        users::{self, User},
    },
};

use super::{
    next::{Next, Step, next},
    proof::{Change, Device},
    state::{Asked, State},
};
use crate::{
    client::settings::LONGEST_CHALLENGE,
    errors,
    group::roles,
    password::{kept::Owner, lockout, setting},
    session::Family,
    user::attributes,
};

/// Somebody who has shown all that is wanted.
pub(crate) struct SignedIn {
    pub user: User,
    /// In the order of [`roles::of_user`], read in the write that concluded.
    pub groups: Vec<Group>,
    pub session: Family,
    /// For signing what is made of it; had before the write, because what is stored must not be refused any more.
    pub turn: Turn,
}

/// Without the refresh token.
impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedIn({})", self.user.sub)
    }
}

/// How a sign-in is to end.
pub(super) struct Ending {
    pub state: State,
    pub owner: Owner,
    /// When the password was set that was looked at.
    pub seen: Option<Timestamp>,
    pub device: Device,
    pub change: Change,
    /// What [`next`] said of the user that was read. None: it refused.
    pub decided: Option<Next>,
    pub session: Family,
}

/// What came of it.
pub(super) enum Concluded {
    Due(Due),
    SignedIn { user: User, groups: Vec<Group> },
}

/// A step that is still due.
pub(super) struct Due {
    pub step: Step,
    pub user: User,
    /// When the password was set.
    pub set_at: Option<Timestamp>,
}

/// [`Stop::Raced`] if [`next`] has another opinion of the user as stored than it had of the user that was read; nothing is
/// written then.
///
/// Errors: NotAuthorized (locked meanwhile, a password changed meanwhile, the question answered before), those of [`next`],
/// AliasExists.
pub(super) async fn conclude(store: &Store, ending: Arc<Ending>, now: Timestamp) -> Result<Concluded, Stop> {
    store.write(move |tx| ending.conclude(tx, now)).await
}

impl Ending {
    /// Refusals commit what was written before, so what may refuse stands first.
    fn conclude(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Concluded, Stop> {
        let Self { owner, state, .. } = self;
        let failures = lockout::unlocked(tx, &owner.pool, &owner.sub, now)?;
        let stored = users::by_sub(tx, &owner.pool, &owner.sub)?.ok_or_else(errors::incorrect_username_or_password)?;
        let set_at = passwords::of_user(tx, &owner.pool, &owner.sub)?.map(|row| row.set_at);
        if set_at != self.seen {
            return Err(self.outdated("the password was just changed").into());
        }
        let user = match &self.change {
            Change::NewPassword(chosen) if chosen.before.version != stored.version => {
                return Err(self.outdated("the user was just changed").into());
            }
            Change::NewPassword(chosen) => &chosen.after,
            Change::None | Change::Kept { .. } => &stored,
        };
        let due = next(state, user, self.device, now)?;
        if Some(due) != self.decided {
            return Err(Stop::Raced);
        }
        if !self.spend(tx, now)? {
            return Err(errors::session_used().into());
        }
        self.change_password(tx)?;
        if failures.is_some() {
            lockout::clear_failures(tx, &owner.pool, &owner.sub)?;
        }
        let user = user.clone();
        Ok(match due {
            Next::Ask(step) => Concluded::Due(Due { step, user, set_at }),
            Next::Conclude => {
                sessions::insert(tx, &owner.pool, &self.session.row.begun_by(&user))?;
                // With the user, not before: between the two somebody may leave a group.
                let groups = roles::of_user(tx, &owner.pool, &owner.sub)?;
                Concluded::SignedIn { user, groups }
            }
        })
    }

    /// Of two answers by one session the second finds the password replaced.
    fn outdated(&self, why: &'static str) -> ApiError {
        match self.state.asked {
            Asked::NewPassword { .. } => errors::session_used(),
            _ => errors::incorrect_username_or_password().because(why),
        }
    }

    /// False if the question was answered before. Remembered as long as any question may live.
    fn spend(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
        match &self.state.nonce {
            Some(nonce) => spent::spend(tx, &self.owner.pool, nonce, now.plus(LONGEST_CHALLENGE)),
            None => Ok(true),
        }
    }

    fn change_password(&self, tx: &mut Tx<'_>) -> Result<(), Stop> {
        let Owner { pool, sub, .. } = &self.owner;
        match &self.change {
            Change::None => {}
            Change::Kept { sealed, version } => {
                // False where a parallel sign-in has converted it already.
                passwords::reseal(tx, pool, sub, sealed, *version)?;
            }
            Change::NewPassword(chosen) => {
                attributes::save(tx, &self.state.visit.pool, &chosen.before, &chosen.after)?;
                setting::set(tx, &self.owner, &chosen.password)?;
            }
        }
        Ok(())
    }
}
