//! A newcomer shows the code that was sent: by a call, or by opening the link of a mail. One transaction; whoever gets in knows
//! that the address is theirs. Reference: user-pools 4.4, 17.2.

use std::sync::Arc;

use kernel::Timestamp;
use store::{
    Stop, StoreError, Tx,
    records::{status::Status, users::User},
};
use vault::Keyring;

use super::{
    addresses, directory,
    limits::{self, Capped},
    names::{self, Contest},
    unknown,
};
use crate::{
    client::Client,
    code::{
        Purpose, Target,
        kept::{self, Fresh, Judged},
    },
    errors,
    pool::Pool,
};

/// What somebody shows, and where.
pub(crate) struct Confirmation {
    pub keyring: Arc<Keyring>,
    pub pool: Arc<Pool>,
    pub client: Arc<Client>,
    /// What was typed.
    pub name: String,
    pub code: String,
    pub contest: Contest,
    pub now: Timestamp,
}

/// A user who is CONFIRMED from now on, and the address that they proved.
pub(crate) struct Confirmed {
    pub user: User,
    pub proved: Target,
}

impl Confirmation {
    /// Errors: CodeMismatch, ExpiredCode, AliasExists, LimitExceeded, NotAuthorized (already confirmed), UserNotFound or what
    /// stands in for it.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Result<Confirmed, Stop> {
        let user = self.user(tx)?;
        let is_confirmed = user.status != Status::Unconfirmed;
        if is_confirmed && !self.client.hides_users() {
            return Err(errors::cannot_be_confirmed(user.status).into());
        }
        let proved = self.judge(tx, &user, Purpose::SignUp)?.told_at_sign_up(&self.client)?;
        if is_confirmed {
            return Err(errors::cannot_be_confirmed(user.status).into());
        }
        self.confirm(tx, &user, proved)
    }

    /// The same by a link, which may be opened again: None, they were confirmed before, by this code. Who opens another link
    /// of a user who is confirmed learns no more than that the code is wrong.
    ///
    /// Errors: as above.
    pub fn open(&self, tx: &mut Tx<'_>) -> Result<Option<Confirmed>, Stop> {
        let user = self.user(tx)?;
        if user.status == Status::Unconfirmed {
            let proved = self.judge(tx, &user, Purpose::SignUp)?.told_at_sign_up(&self.client)?;
            return self.confirm(tx, &user, proved).map(Some);
        }
        self.judge(tx, &user, Purpose::SignedUp)?
            .told_at_sign_up(&self.client)?;
        Ok(None)
    }

    fn user(&self, tx: &mut Tx<'_>) -> Result<User, Stop> {
        if let Some(user) = names::find(tx, &self.pool, &self.name)? {
            return Ok(user);
        }
        if !self.client.hides_users() {
            return Err(errors::username_client_combination_not_found().into());
        }
        let nobody = unknown::stand_in_sub(&self.keyring, &self.pool, &self.name);
        limits::count(tx, &self.pool.id, &nobody, Capped::ConfirmSignUp, self.now)?;
        Err(errors::code_mismatch().into())
    }

    /// Counted although the call may be refused: a refusal commits what it learned.
    fn judge(&self, tx: &mut Tx<'_>, user: &User, purpose: Purpose) -> Result<Judged, Stop> {
        limits::count(tx, &self.pool.id, &user.sub, Capped::ConfirmSignUp, self.now)?;
        Ok(kept::judge(tx, &self.keyring, (user, purpose), &self.code, self.now)?)
    }

    fn confirm(&self, tx: &mut Tx<'_>, user: &User, proved: Target) -> Result<Confirmed, Stop> {
        let Self { pool, contest, now, .. } = self;
        let mut after = user.clone();
        after.status = Status::Confirmed;
        addresses::set_verified(&mut after, proved.kind, true);
        after.modified = *now;
        if let Some(alias) = names::taken(tx, pool, Some(user), &after, *contest)? {
            return Err(names::is_anothers(pool, alias).into());
        }
        if *contest == Contest::Seize {
            names::seize(tx, pool, &after, *now)?;
        }
        names::reclaim(tx, pool, Some(user), &after)?;
        // Ends the code in the transaction that confirms, so that two racing answers cannot both count.
        directory::save(tx, user, &after)?;
        self.remember(tx, &after, &proved)?;
        Ok(Confirmed { user: after, proved })
    }

    /// Links are opened more than once: by programs that look through mail, then by people.
    fn remember(&self, tx: &mut Tx<'_>, user: &User, proved: &Target) -> Result<(), StoreError> {
        if self.pool.messages.by_link.is_none() {
            return Ok(());
        }
        let fresh = Fresh::of(&self.keyring, (user, Purpose::SignedUp), proved, &self.code, self.now);
        fresh.keep(tx, &user.pool, &user.sub)
    }
}
