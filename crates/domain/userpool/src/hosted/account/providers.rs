//! Who somebody is at identity providers. Reference: oauth-and-federation 10.6.

use api::cognito_idp::AuthFactorType;
use kernel::{Cx, Result, Timestamp};
use store::{
    Stop,
    records::{
        external_users::{self, ExternalUser},
        users,
    },
};

use super::super::{Browser, Place};
use crate::{
    UserPools, errors,
    external::identities,
    user::{directory, standing::signs_in_here},
};

/// Somebody of a provider, as whom one may sign in.
pub struct OwnProvider {
    pub provider: String,
    /// What stands for them in a form.
    pub id: String,
    pub since: Timestamp,
    /// Whether the link may go: it is one, and another way in stays.
    pub may_go: bool,
}

impl Browser {
    /// Whether they prove here who they are, and not to a provider.
    pub fn signs_in_here(&self) -> bool {
        signs_in_here(&self.user)
    }

    /// Whether they are somebody at a provider.
    pub fn is_elsewhere(&self) -> bool {
        !self.user.doc.identities.is_empty()
    }
}

impl UserPools {
    /// Errors: internal.
    pub async fn providers_at(&self, place: &Place, browser: &Browser) -> Result<Vec<OwnProvider>> {
        let (pool, sub) = (browser.user.pool.clone(), browser.user.sub.clone());
        let rows = self
            .store
            .look_up(move |r| external_users::of_user(r, &pool, &sub))
            .await?;
        let has_others = rows.len() > 1 || self.has_own_way(place, browser).await?;
        let own = |row: ExternalUser| OwnProvider {
            id: id(&row),
            may_go: row.linked && has_others,
            provider: row.provider,
            since: row.created,
        };
        Ok(rows.into_iter().map(own).collect())
    }

    /// The link goes, as AdminDisableProviderForUser would have it, unless nobody could sign in then.
    ///
    /// Errors: InvalidParameter (no link of theirs; the last way in), UserNotFound (deleted meanwhile).
    pub async fn unlink_at(&self, cx: &Cx, place: &Place, browser: &Browser, which: &str) -> Result<()> {
        let has_own = self.has_own_way(place, browser).await?;
        let (pool, sub, now) = (browser.user.pool.clone(), browser.user.sub.clone(), cx.now());
        let which = which.to_owned();
        let unlinked = self.store.write(move |tx| {
            let before = users::by_sub(tx, &pool, &sub)?.ok_or_else(errors::user_does_not_exist)?;
            let rows = external_users::of_user(tx, &pool, &sub)?;
            let row = rows.iter().find(|row| row.linked && id(row) == which);
            let row = row.ok_or_else(errors::linking::not_linked)?;
            if rows.len() == 1 && !has_own {
                return Err(Stop::from(errors::linking::last_way_in()));
            }
            let mut user = before.clone();
            identities::release(tx, &mut user, row)?;
            user.modified = now;
            directory::save(tx, &before, &user)
        });
        Ok(unlinked.await?)
    }

    /// Whether they could sign in by no provider.
    async fn has_own_way(&self, place: &Place, browser: &Browser) -> Result<bool> {
        if !browser.signs_in_here() {
            return Ok(false);
        }
        let factors = self.configured_factors(&place.pool, &browser.user).await?;
        Ok(factors.iter().any(|factor| *factor != AuthFactorType::SoftwareToken))
    }
}

/// A digest, for it may be long and of any letters.
fn id(row: &ExternalUser) -> String {
    let of = format!("{}\n{}\n{}", row.provider, row.attribute, row.value);
    hex::encode(vault::sha256(of.as_bytes()))
}
