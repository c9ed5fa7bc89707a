//! User pools: pools, app clients, users, groups, sign-in. It decides what Cognito decides; it knows no HTTP and no SQL.
//! Start at [`ops`] for the table of operations; `signin` is the one state machine behind every way to sign in; each
//! other folder is a noun: `pool`, `client`, `resource_server`, `provider`, `domain`, `branding` and `terms` are settings, `user`, `device`, `password`, `code`,
//! `mfa`, `group` and `session` what operations act on, `external` who users are elsewhere.

pub mod branding;
mod client;
mod code;
mod device;
mod domain;
mod errors;
mod external;
mod found;
mod group;
pub mod hosted;
mod jobs;
mod lasting;
mod mfa;
pub mod ops;
mod pages;
mod passkey;
mod password;
mod pool;
mod provider;
mod resource_server;
mod session;
mod signin;
mod terms;
mod trigger;
mod user;

use std::sync::Arc;

use api::cognito_idp::SmsConfigurationType;
use branding::Appearance;
use code::sending::Codes;
use delivery::Delivery;
pub use domain::OwnHosts;
use kernel::{ApiError, Arn, ClientId, CpuPool, Cx, Memo, PoolId, Timestamp};
use password::hashing::Passwords;
pub use pool::sms_role::{Judging, SmsRole, SmsRoleFitness, SmsRoles};
use pool::{Pool, sms_role};
use store::{Cache, Store, Wake};
pub use terms::agreement::Agreement;
use tokens::Tokens;
use trigger::Functions;
use triggers::Triggers;
use upstream::{KeySets, Upstream};
use vault::Keyring;

/// How many clients' owners are remembered, how many domains', and how many devices' polls.
const OWNERS: usize = 100_000;

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct UserPools {
    store: Store,
    keyring: Arc<Keyring>,
    cpu: CpuPool,
    tokens: Tokens,
    codes: Codes,
    passwords: Passwords,
    functions: Functions,
    /// What clients sign with, where they publish it.
    key_sets: KeySets,
    sms_roles: Arc<dyn SmsRoles>,
    own_hosts: OwnHosts,
    login_base: Arc<str>,
    pools: Arc<Cache<PoolId, Pool>>,
    /// Whose client an id is: most calls name a client alone. Who looks here then looks into the pool, whose settings are current,
    /// so a client that is gone, or pinned to another pool since, is not found by mistake.
    owners: Arc<Memo<ClientId, PoolId>>,
    /// Whose domain a host is: the same.
    hosts: Arc<Memo<String, PoolId>>,
    /// What hosted login shows for a client.
    appearances: Arc<Cache<(PoolId, ClientId), Appearance>>,
    /// When devices polled last at this node, by the digests of their codes.
    polls: Arc<Memo<String, Timestamp>>,
    upstream: Upstream,
    deletions: Wake,
    logouts: Wake,
    domain_changes: Wake,
}

/// What user pools stand on.
pub struct Beneath {
    pub store: Store,
    pub keyring: Arc<Keyring>,
    pub cpu: CpuPool,
    pub tokens: Tokens,
    pub delivery: Delivery,
    pub triggers: Triggers,
    pub sms_roles: Arc<dyn SmsRoles>,
    pub own_hosts: OwnHosts,
    pub upstream: Upstream,
    /// What prefix domains are beneath: `<prefix>.auth.<region>.<base>`.
    pub login_base: String,
}

impl UserPools {
    pub fn new(beneath: Beneath) -> Self {
        let Beneath {
            store,
            keyring,
            cpu,
            tokens,
            delivery,
            triggers,
            sms_roles,
            own_hosts,
            upstream,
            login_base,
        } = beneath;
        let pools = Arc::new(Cache::new(store.clone()));
        let appearances = Arc::new(Cache::new(store.clone()));
        Self {
            codes: Codes::new(store.clone(), Arc::clone(&keyring), delivery),
            passwords: Passwords::new(Arc::clone(&keyring), cpu.clone()),
            functions: Functions::new(triggers),
            key_sets: KeySets::new(upstream.clone()),
            sms_roles,
            own_hosts,
            login_base: login_base.into(),
            store,
            keyring,
            cpu,
            tokens,
            pools,
            owners: Arc::new(Memo::of(OWNERS)),
            hosts: Arc::new(Memo::of(OWNERS)),
            appearances,
            polls: Arc::new(Memo::of(OWNERS)),
            upstream,
            deletions: Wake::default(),
            logouts: Wake::default(),
            domain_changes: Wake::default(),
        }
    }

    /// Rung when a pool was deleted: see [`UserPools::finish_deletions`].
    pub fn deletions(&self) -> &Wake {
        &self.deletions
    }

    /// Rung when a domain came or went: see [`UserPools::custom_domains`].
    pub fn domain_changes(&self) -> &Wake {
        &self.domain_changes
    }

    /// Forgets what is cached: the store was emptied under us (reset in dev).
    pub fn forget(&self) {
        self.pools.clear();
        self.owners.clear();
        self.hosts.clear();
        self.appearances.clear();
        self.polls.clear();
    }

    /// What a pool's SmsConfiguration is to be. Errors: those of [`sms_role::check`].
    pub(crate) async fn check_sms_role(
        &self,
        cx: &Cx,
        pool: &PoolId,
        configured: Option<&SmsConfigurationType>,
    ) -> Result<(), ApiError> {
        let pool = Arn::user_pool(pool, cx.account());
        sms_role::check(self.sms_roles.as_ref(), cx, &pool, configured).await
    }
}

#[cfg(test)]
mod tests;
