//! Changing a user who is there: by whoever may, with codes for the addresses that want proof. Reference: user-pools 4.8.

use std::sync::Arc;

use api::cognito_idp::{AttributeType, CodeDeliveryDetailsType, UserStatusType};
use kernel::{ApiError, Cx, Sub};
use store::{
    Stop,
    records::users::{self, User},
    retrying,
};

use crate::{
    UserPools,
    attributes::{self, Occasion},
    codes::{self, Purpose},
    dispatch::Dispatch,
    errors, names,
    settings::Pool,
};

/// What is to become of a user's attributes.
#[derive(Clone, Copy)]
pub(crate) enum Revision<'a> {
    Set(&'a [AttributeType]),
    Delete(&'a [String]),
}

impl UserPools {
    /// The user that an administrator's request names. Errors: UserNotFound.
    pub(crate) async fn user(&self, pool: &Arc<Pool>, name: &str) -> Result<User, ApiError> {
        let (pool, name) = (Arc::clone(pool), name.to_owned());
        let user = self.store.look_up(move |r| names::find(r, &pool, &name)).await?;
        user.ok_or_else(errors::user_does_not_exist)
    }

    /// Applies a revision and sends the codes that it asks for; anew if somebody else changes the user meanwhile.
    ///
    /// Errors: those of [`attributes::change`], AliasExists, CodeDeliveryFailure, UserNotFound (deleted meanwhile).
    pub(crate) async fn revise(
        &self,
        cx: &Cx,
        pool: &Arc<Pool>,
        occasion: Occasion<'_>,
        sub: &Sub,
        revision: Revision<'_>,
    ) -> Result<Vec<CodeDeliveryDetailsType>, ApiError> {
        let stored = retrying(|| async {
            let (id, sub) = (pool.id.clone(), sub.clone());
            let found = self.store.look_up(move |r| users::by_sub(r, &id, &sub)).await?;
            let user = found.ok_or_else(errors::user_does_not_exist)?;
            let change = match revision {
                Revision::Set(given) => attributes::change(pool, occasion, &user, given, cx.now())?,
                Revision::Delete(names) => attributes::delete(pool, occasion, &user, names, cx.now())?,
            };
            let mut dispatches = Vec::with_capacity(change.unproven.len());
            for target in &change.unproven {
                let purpose = purpose_of_proof(&change.user, target.attribute);
                dispatches.push(self.dispatch(cx, pool, &change.user, purpose, target)?);
            }
            self.store_revision(pool, user, change.user, &dispatches).await?;
            Ok(dispatches)
        });
        Ok(stored.await?.into_iter().map(|dispatch| self.sent(dispatch)).collect())
    }

    async fn store_revision(
        &self,
        pool: &Arc<Pool>,
        before: User,
        after: User,
        dispatches: &[Dispatch],
    ) -> Result<(), Stop> {
        let (pool, dispatches) = (Arc::clone(pool), dispatches.to_vec());
        self.store
            .write(move |tx| {
                attributes::put(tx, &pool, &before, &after)?;
                for dispatch in &dispatches {
                    dispatch.enqueue(tx, &after)?;
                }
                Ok(())
            })
            .await
    }

    /// Reads a user by name and stores what `act` makes of it, in one transaction. `act` may refuse.
    ///
    /// Errors: UserNotFound, and those of `act`.
    pub(crate) async fn amend_user<F>(&self, cx: &Cx, pool: &Arc<Pool>, name: &str, act: F) -> Result<(), ApiError>
    where
        F: Fn(&mut User) -> Result<(), ApiError> + Send + 'static,
    {
        let (pool, name, now) = (Arc::clone(pool), name.to_owned(), cx.now());
        Ok(self
            .store
            .write(move |tx| {
                let Some(before) = names::find(tx, &pool, &name)? else {
                    return Err(errors::user_does_not_exist().into());
                };
                let mut user = before.clone();
                act(&mut user)?;
                user.modified = now;
                users::update(tx, &user)?;
                codes::follow(tx, &before, &user)?;
                Ok(())
            })
            .await?)
    }
}

/// A new address of somebody who is not confirmed yet confirms the sign-up too.
fn purpose_of_proof(user: &User, attribute: &str) -> Purpose {
    if user.status == UserStatusType::Unconfirmed.as_str() {
        Purpose::SignUp
    } else {
        Purpose::verify(attribute)
    }
}
