//! What is written of a user whom a provider sends again: what it says of them now. Reference: oauth-and-federation 10.5, 10.6.

use kernel::{ApiError, Timestamp};
use store::{
    Read, Stop, Tx,
    records::{
        external_users::ExternalUser,
        users::{self, User},
    },
};

use super::{identities, mapping::Mapped};
use crate::{pool::Pool, provider::Provider, user::attributes};

/// A change that is made of the user as stored.
pub(crate) struct Renewal {
    mapped: Mapped,
    /// By which the user was found.
    row: ExternalUser,
    subject: String,
    now: Timestamp,
    foreseen: Option<User>,
}

impl Renewal {
    /// Of the user that was read. Errors: InvalidParameter.
    pub fn new(
        pool: &Pool,
        (user, row): (&User, ExternalUser),
        (subject, mapped): (String, Mapped),
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let mut renewal = Self {
            mapped,
            row,
            subject,
            now,
            foreseen: None,
        };
        renewal.foreseen = Some(renewal.onto(pool, user)?);
        Ok(renewal)
    }

    /// The user that was read, as they will be.
    pub fn foreseen(&self) -> Option<&User> {
        self.foreseen.as_ref()
    }

    /// A user with it. Errors: InvalidParameter.
    pub fn onto(&self, pool: &Pool, stored: &User) -> Result<User, ApiError> {
        let mut user = stored.clone();
        self.mapped.renew(pool, &mut user)?;
        if user.doc != stored.doc {
            user.modified = self.now;
        }
        Ok(user)
    }

    /// Errors: AliasExists, InvalidParameter; [`Stop::Raced`] if the user is gone.
    pub fn may_save(&self, r: &mut impl Read, pool: &Pool) -> Result<(), Stop> {
        let (stored, after) = self.due(r, pool)?;
        if after.doc == stored.doc {
            return Ok(());
        }
        attributes::may_save(r, pool, &stored, &after)
    }

    /// Nothing is written of a user who stays as they are. Errors: as above.
    pub fn save(&self, tx: &mut Tx<'_>, pool: &Pool) -> Result<(), Stop> {
        let (stored, mut after) = self.due(tx, pool)?;
        let provider = pool.providers.get(&self.row.provider);
        let issuer = provider.and_then(Provider::issuer);
        identities::come(tx, &mut after, &self.row, (&self.subject, issuer))?;
        if after.doc == stored.doc {
            return Ok(());
        }
        after.modified = self.now;
        attributes::save(tx, pool, &stored, &after)
    }

    fn due(&self, r: &mut impl Read, pool: &Pool) -> Result<(User, User), Stop> {
        let stored = users::by_sub(r, &pool.id, &self.row.sub)?.ok_or(Stop::Raced)?;
        let after = self.onto(pool, &stored)?;
        Ok((stored, after))
    }
}
