//! Identity pools: identities, the logins that lead to them, which role they get, and the way to credentials. It hands out
//! nothing itself: tokens are signed by `tokens`, credentials come from `iam`, which asks the role's trust policy.
//!
//! Start at [`ops`] for the table of operations; `logins` is who somebody has proved to be, `linking` which identity that
//! makes, `roles` what it may become.

mod admission;
mod deletion;
mod errors;
mod guests;
mod linking;
mod logins;
mod openid;
pub mod ops;
mod pages;
mod provider_rules;
mod providers;
mod roles;
mod settings;
mod tags;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use iam::Iam;
use kernel::IdentityPoolId;
use store::{Cache, Store, Wake};
use tokens::Tokens;
use vault::Keyring;

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct IdentityPools {
    store: Store,
    keyring: Arc<Keyring>,
    tokens: Tokens,
    iam: Iam,
    pools: Arc<Cache<IdentityPoolId, settings::Pool>>,
    deletions: Wake,
}

impl IdentityPools {
    pub fn new(store: Store, keyring: Arc<Keyring>, tokens: Tokens, iam: Iam) -> Self {
        let pools = Arc::new(Cache::new(store.clone()));
        Self {
            store,
            keyring,
            tokens,
            iam,
            pools,
            deletions: Wake::default(),
        }
    }

    /// Rung when a pool was deleted: see [`IdentityPools::finish_deletions`].
    pub fn deletions(&self) -> &Wake {
        &self.deletions
    }

    /// Forgets what is cached: the store was emptied under us (reset in dev).
    pub fn forget(&self) {
        self.pools.clear();
    }
}
