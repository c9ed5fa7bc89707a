//! What an answer that was right changes, as parts of the write that follows from it. Refusals commit what was written before, so a
//! write calls first what may refuse.

use kernel::{PoolId, Timestamp};
use store::{
    Read, Stop, StoreError, Tx,
    records::{passkeys, passwords, recovery_codes, software_tokens, spent},
};

use super::{method::Method, proof::Change};
use crate::{
    client::settings::LONGEST_CHALLENGE,
    errors,
    password::{kept::Owner, lockout::Guess, setting},
    pool::Pool,
    user::{
        attributes,
        names::{self, Contest},
    },
};

pub(super) struct Effect {
    /// What the answer showed: failures to guess it may have locked it, else they are forgiven.
    pub method: Option<Method>,
    pub change: Change,
}

impl Effect {
    pub const NONE: Self = Self {
        method: None,
        change: Change::None,
    };

    pub fn is_none(&self) -> bool {
        matches!((self.method, &self.change), (None, Change::None))
    }

    /// Whether it would prove an address that is another's alias by now, and what was shown counts without.
    pub fn is_in_vain(&self, r: &mut impl Read, pool: &Pool) -> Result<bool, StoreError> {
        match &self.change {
            Change::Proven(proven) if proven.is_aside => {
                let taken = names::taken(r, pool, Some(&proven.before), &proven.after, Contest::Yield)?;
                Ok(taken.is_some())
            }
            _ => Ok(false),
        }
    }

    /// The failures that what was shown is forgiven. Errors: NotAuthorized (they have locked it).
    pub fn unlocked(&self, r: &mut impl Read, owner: &Owner, now: Timestamp) -> Result<Option<Guess>, Stop> {
        unlocked(r, owner, self.method, now)
    }

    /// Whether [`Effect::save`] will go well, asked before anything is spent; errors as there.
    pub fn may_save(&self, r: &mut impl Read, pool: &Pool) -> Result<(), Stop> {
        match &self.change {
            Change::None | Change::TotpStep(_) | Change::RecoveryCode(_) | Change::Passkey(_) | Change::Kept { .. } => {
                Ok(())
            }
            Change::NewPassword(chosen) => attributes::may_save(r, pool, &chosen.before, &chosen.after),
            Change::Proven(proven) => attributes::may_save(r, pool, &proven.before, &proven.after),
            Change::Mapped(renewal) => renewal.may_save(r, pool),
        }
    }

    /// Errors: ExpiredCode.
    pub fn use_code(&self, tx: &mut Tx<'_>, owner: &Owner) -> Result<(), Stop> {
        match self.change {
            Change::TotpStep(step) if !software_tokens::use_step(tx, &owner.pool, &owner.sub, step)? => {
                Err(errors::software_token_used().into())
            }
            _ => Ok(()),
        }
    }

    /// After the question is spent: an answer that is sent again is no step back. Errors: NotAuthorized.
    pub fn use_passkey(&self, tx: &mut Tx<'_>, owner: &Owner) -> Result<(), Stop> {
        let Owner { pool, sub, .. } = owner;
        match &self.change {
            Change::Passkey(used) if !passkeys::note_use(tx, pool, sub, used)? => {
                let why = if passkeys::step_back(tx, pool, sub, used)? {
                    "the passkey's counter stepped back: it may have been copied"
                } else {
                    "the passkey was just deleted"
                };
                Err(errors::incorrect_username_or_password().because(why).into())
            }
            _ => Ok(()),
        }
    }

    /// After the question is spent: an answer that is sent again costs no other code. Errors: CodeMismatch (used meanwhile).
    pub fn use_recovery_code(&self, tx: &mut Tx<'_>, Owner { pool, sub, .. }: &Owner) -> Result<(), Stop> {
        match &self.change {
            Change::RecoveryCode(digest) if !recovery_codes::take(tx, pool, sub, digest)? => {
                let why = "the recovery code was just used";
                Err(errors::totp_mismatch().because(why).into())
            }
            _ => Ok(()),
        }
    }

    /// The user, and that their failures are forgiven. [`Stop::Raced`] if somebody has changed the same of the user since. Errors:
    /// AliasExists.
    pub fn save(&self, tx: &mut Tx<'_>, pool: &Pool, owner: &Owner, forgiven: Option<Guess>) -> Result<(), Stop> {
        match &self.change {
            Change::None | Change::TotpStep(_) | Change::RecoveryCode(_) | Change::Passkey(_) => {}
            Change::Kept { sealed, version } => {
                // False where a parallel sign-in has converted it already.
                passwords::reseal(tx, &owner.pool, &owner.sub, sealed, *version)?;
            }
            Change::NewPassword(chosen) => {
                attributes::save(tx, pool, &chosen.before, &chosen.after)?;
                setting::set(tx, owner, &chosen.password)?;
            }
            Change::Proven(proven) => {
                attributes::save(tx, pool, &proven.before, &proven.after)?;
            }
            Change::Mapped(renewal) => renewal.save(tx, pool)?,
        }
        if let Some(guess) = forgiven {
            guess.clear_failures(tx, &owner.pool, &owner.sub)?;
        }
        Ok(())
    }
}

/// The failures that this is forgiven. Errors: NotAuthorized (they have locked it).
pub(super) fn unlocked(
    r: &mut impl Read,
    owner: &Owner,
    method: Option<Method>,
    now: Timestamp,
) -> Result<Option<Guess>, Stop> {
    match method.and_then(Method::guessed) {
        Some(guess) => Ok(guess.unlocked(r, &owner.pool, &owner.sub, now)?.map(|_| guess)),
        None => Ok(None),
    }
}

/// The question is answered. Remembered as long as any question may live. Errors: NotAuthorized (answered before).
pub(super) fn spend(tx: &mut Tx<'_>, pool: &PoolId, nonce: Option<&str>, now: Timestamp) -> Result<(), Stop> {
    match nonce {
        Some(nonce) if !spent::spend(tx, pool, nonce, now.plus(LONGEST_CHALLENGE))? => {
            Err(errors::session_used().into())
        }
        _ => Ok(()),
    }
}
