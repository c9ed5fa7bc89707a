//! Which identity a call's logins make. Reference: identity-pools-iam 1.7, 1.11.
//!
//! ```text
//!              no login                       a login nobody has        a login that B has
//! no identity  a new guest                    a new identity            B
//! guest G      G                              G, a guest no more        B; G is disabled
//! A            refused: A is no guest         A, if another login of    A, if another login of the call is A's:
//!                                             the call is A's           B is disabled. Else refused
//! ```
//!
//! Somebody else's identity is never joined by merely naming it. Of two identities that own logins of one call the one
//! that was named stays, because clients keep the id they have; where none was named, the older.

use kernel::{ApiError, Cx, IdentityId, IdentityPoolId};
use store::{
    Read, Stop, StoreError, Tx,
    records::{
        identities::{self, Identity},
        identity_pools,
    },
};

use crate::{IdentityPools, errors, logins::Login, settings::Pool};

const MOST_LOGINS: usize = 20;

/// What has to be written so that all logins lead to one identity.
#[derive(Debug)]
struct Plan {
    survivor: Identity,
    is_new: bool,
    /// Merged into the survivor.
    retired: Vec<Identity>,
    /// Logins that lead to the survivor from now on.
    claimed: Vec<identities::Login>,
}

impl Plan {
    fn changes_nothing(&self) -> bool {
        !self.is_new && self.retired.is_empty() && self.claimed.is_empty()
    }
}

impl IdentityPools {
    /// The one identity that `logins` lead to, after linking and merging what has to be. Without logins and without a named
    /// identity: a new guest.
    ///
    /// Errors: NotAuthorized for somebody else's identity, ResourceConflict, ResourceNotFound.
    pub(crate) async fn settle(
        &self,
        cx: &Cx,
        pool: &Pool,
        named: Option<Identity>,
        logins: &[Login],
    ) -> Result<IdentityId, ApiError> {
        let given: Vec<identities::Login> = logins.iter().map(|login| login.link.clone()).collect();
        if let Some(identity) = &named
            && is_settled(identity, &given)
        {
            return Ok(identity.identity.clone());
        }
        let linking = Linking {
            pool: pool.id.clone(),
            named: named.map(|identity| identity.identity),
            given,
            fresh: fresh(cx, &pool.id),
        };
        if !linking.given.is_empty() {
            let known = linking.clone();
            let plan = self.store.consult(move |r| known.plan(r)).await?;
            if plan.changes_nothing() {
                return Ok(plan.survivor.identity);
            }
        }
        Ok(self
            .store
            .write(move |tx| {
                if !identity_pools::exists(tx, &linking.pool)? {
                    return Err(errors::pool_not_found(&linking.pool).into());
                }
                let plan = linking.plan(tx)?;
                Ok(linking.carry_out(tx, plan)?)
            })
            .await?)
    }
}

/// The common case of a client that comes back: nothing to link and nothing to look up.
fn is_settled(identity: &Identity, given: &[identities::Login]) -> bool {
    let known = given.iter().all(|login| identity.logins.contains(login));
    identity.enabled && known && (!given.is_empty() || !identity.authenticated)
}

fn fresh(cx: &Cx, pool: &IdentityPoolId) -> Identity {
    Identity {
        pool: pool.clone(),
        identity: IdentityId::random(&pool.region(), cx.rng()),
        created: cx.now(),
        modified: cx.now(),
        enabled: true,
        authenticated: false,
        version: 1,
        logins: Vec::new(),
    }
}

/// What one call brings together.
#[derive(Clone)]
struct Linking {
    pool: IdentityPoolId,
    named: Option<IdentityId>,
    given: Vec<identities::Login>,
    /// What a new identity would be. Its dates are the call's.
    fresh: Identity,
}

impl Linking {
    fn plan(&self, r: &mut impl Read) -> Result<Plan, Stop> {
        let named = match &self.named {
            None => None,
            Some(id) => match identities::by_id(r, &self.pool, id)? {
                None => return Err(errors::identity_not_found(id).into()),
                found => found,
            },
        };
        let mut owners: Vec<Identity> = Vec::new();
        for login in &self.given {
            let mut known = named.iter().chain(&owners);
            if known.any(|identity| identity.logins.contains(login)) {
                continue;
            }
            if let Some(id) = identities::by_login(r, &self.pool, login)? {
                owners.extend(identities::by_id(r, &self.pool, &id)?);
            }
        }
        Ok(plan(named, owners, &self.given, self.fresh.clone())?)
    }

    fn carry_out(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<IdentityId, StoreError> {
        let now = self.fresh.modified;
        let survivor = Identity {
            modified: now,
            ..plan.survivor
        };
        if plan.is_new {
            identities::insert(tx, &survivor)?;
        } else {
            save(tx, &survivor)?;
        }
        for identity in plan.retired {
            let retired = Identity {
                enabled: false,
                logins: Vec::new(),
                modified: now,
                ..identity
            };
            save(tx, &retired)?;
        }
        for login in &plan.claimed {
            identities::claim(tx, &self.pool, login, &survivor.identity)?;
        }
        Ok(survivor.identity)
    }
}

/// The identity was read in this transaction: only a lost race can make the guard fail.
fn save(tx: &mut Tx<'_>, identity: &Identity) -> Result<(), StoreError> {
    if identities::update(tx, identity)? {
        Ok(())
    } else {
        Err(StoreError::Contention)
    }
}

/// `owners`: the other identities that own some of the given logins.
fn plan(
    named: Option<Identity>,
    mut owners: Vec<Identity>,
    given: &[identities::Login],
    fresh: Identity,
) -> Result<Plan, ApiError> {
    if let Some(identity) = &named {
        let owns_one = given.iter().any(|login| identity.logins.contains(login));
        if !identity.enabled || (identity.authenticated && !owns_one) {
            return Err(errors::access_to_identity_forbidden(&identity.identity));
        }
    }
    owners.sort_by(|a, b| (a.created, &a.identity).cmp(&(b.created, &b.identity)));
    let (mut survivor, is_new, retired) = match named {
        Some(identity) if identity.authenticated || owners.is_empty() => (identity, false, owners),
        guest => {
            let mut owners = owners.into_iter();
            match owners.next() {
                Some(oldest) => (oldest, false, owners.chain(guest).collect()),
                None => (fresh, true, Vec::new()),
            }
        }
    };

    let mut claimed = Vec::new();
    for login in retired.iter().flat_map(|identity| &identity.logins).chain(given) {
        if survivor.logins.contains(login) {
            continue;
        }
        if survivor.logins.iter().any(|known| known.provider == login.provider) {
            // Whose the identity is has one subject a provider: another is somebody else. What a merge would bring
            // together is a conflict.
            let of_the_call =
                !is_new && given.contains(login) && !retired.iter().any(|from| from.logins.contains(login));
            return Err(if of_the_call {
                errors::access_to_identity_forbidden(&survivor.identity)
            } else {
                errors::login_linked_elsewhere()
            });
        }
        survivor.logins.push(login.clone());
        claimed.push(login.clone());
    }
    if survivor.logins.len() > MOST_LOGINS {
        return Err(errors::too_many_logins());
    }
    survivor.authenticated |= !survivor.logins.is_empty();
    Ok(Plan {
        survivor,
        is_new,
        retired,
        claimed,
    })
}

#[cfg(test)]
mod tests;
