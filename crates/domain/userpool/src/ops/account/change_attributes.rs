//! Changing the attributes of a user who is there: by whoever may, with codes for the addresses that want proof. Reference:
//! user-pools 4.8.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{ApiError, Cx, Sub};
use store::{
    records::{
        address::Address,
        status::Status,
        users::{self, User},
    },
    retrying,
};

use crate::{
    UserPools,
    code::{Purpose, Target, sending::Errand},
    errors,
    pool::Pool,
    trigger::{Caller, Scene, Source},
    user::{
        attribute_rules::{GivenAttribute, Occasion},
        attributes,
        limits::{self, Capped},
    },
};

/// A change, and who wants it.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    pub occasion: Occasion<'a>,
    pub wanted: Wanted<'a>,
    pub metadata: Option<&'a BTreeMap<String, String>>,
}

/// What is to become of a user's attributes.
#[derive(Clone, Copy)]
pub(super) enum Wanted<'a> {
    Set(&'a [GivenAttribute]),
    Delete(&'a [String]),
}

impl UserPools {
    /// Applies what is wanted and sends the codes that it asks for: where they went. Anew if somebody else changes the user
    /// meanwhile.
    ///
    /// Errors: those of [`attributes::apply`], AliasExists, CodeDeliveryFailure, TooManyRequests, UserNotFound (deleted meanwhile), those
    /// of the function.
    pub(super) async fn change_attributes(
        &self,
        cx: &Cx,
        pool: &Arc<Pool>,
        sub: &Sub,
        change: Change<'_>,
    ) -> Result<Vec<Target>, ApiError> {
        let Change {
            occasion,
            wanted,
            metadata,
        } = change;
        let caller = match occasion {
            Occasion::Update(client) => Caller::Client(&client.id),
            _ => Caller::NotApplicable,
        };
        let changed = retrying(|| async {
            let (id, sub) = (pool.id.clone(), sub.clone());
            let found = self.store.look_up(move |r| users::by_sub(r, &id, &sub)).await?;
            let before = found.ok_or_else(errors::user_does_not_exist)?;
            let applied = match wanted {
                Wanted::Set(given) => attributes::apply(pool, occasion, &before, given, cx.now())?,
                Wanted::Delete(names) => attributes::remove(pool, occasion, &before, names, cx.now())?,
            };
            let after = applied.user;
            let mut dispatches = Vec::with_capacity(applied.unproven.len());
            for (purpose, target) in &proofs(&after, applied.unproven) {
                let scene = Scene {
                    cx,
                    pool,
                    user: &after,
                    caller,
                    metadata,
                };
                let source = Source::MessageOfChangedAttribute;
                let telling = self.functions.telling(scene, source, target).await?;
                let errand = Errand {
                    user: &after,
                    purpose: *purpose,
                    target,
                    // Whoever asks is no newcomer, or an administrator.
                    signs_up_by: None,
                    telling: &telling,
                };
                let dispatch = self.codes.dispatch(cx, pool, errand).await;
                dispatches.push(dispatch.map_err(errors::without_limit_exceeded)?);
            }
            let (pool, enqueued, now) = (Arc::clone(pool), dispatches.clone(), cx.now());
            let is_own = matches!(occasion, Occasion::Update(_));
            self.store
                .write(move |tx| {
                    if is_own {
                        for _ in &enqueued {
                            limits::count(tx, &before.pool, &before.sub, Capped::ChangedAddress, now)?;
                        }
                    }
                    attributes::save(tx, &pool, &before, &after)?;
                    for dispatch in &enqueued {
                        dispatch.enqueue(tx, &after)?;
                    }
                    Ok(())
                })
                .await?;
            Ok(dispatches)
        });
        let sent = changed.await?.into_iter();
        Ok(sent.map(|dispatch| self.codes.sent(dispatch)).collect())
    }
}

/// What codes are to prove, and where they go. Of those for one purpose the newest alone would count, so there is one: for the phone, as at
/// sign-up; the mail address stays unverified. Reference: user-pools 4.3, 4.4.
fn proofs(user: &User, unproven: Vec<Target>) -> Vec<(Purpose, Target)> {
    let mut found: Vec<(Purpose, Target)> = Vec::with_capacity(unproven.len());
    for target in unproven {
        let purpose = purpose_of_proof(user, target.kind);
        match found.iter_mut().find(|(other, _)| *other == purpose) {
            None => found.push((purpose, target)),
            Some((_, place)) if target.kind == Address::Phone => *place = target,
            Some(_) => {}
        }
    }
    found
}

/// A new address of somebody who is not confirmed yet confirms the sign-up too.
fn purpose_of_proof(user: &User, address: Address) -> Purpose {
    if user.status == Status::Unconfirmed {
        Purpose::SignUp
    } else {
        Purpose::Verify(address)
    }
}
