//! Who calls and what they may do: users, roles, policies, access keys, temporary credentials. It answers IAM's and STS's
//! operations and the two questions of every other service: [`Iam::authenticate`] and [`Iam::authorize`]. It knows no HTTP
//! and writes no SQL. Start at `caller.rs` (what is known of who calls), `credential.rs` (who signed), `rights.rs` (which
//! policies they have), `authorize.rs` (what those say), `assume.rs` (how temporary credentials are made). Source of truth: identity-pools-iam 2 to 8.

mod admin;
mod assume;
mod assume_service;
mod authorize;
mod caller;
mod change;
mod context;
mod credential;
mod developer;
mod doc;
mod documents;
mod entity;
mod errors;
mod granted;
mod handed_role;
mod last_use;
mod managed;
pub mod ops;
mod paging;
mod principals;
mod rights;
mod session;
pub mod sts;
mod target;
mod trust;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use kernel::{AccessKeyId, Memo};
use store::{Cache, Store};
use tokens::Tokens;
use vault::Keyring;

pub use assume::{AssumeRefusal, AssumeWithWebIdentity, Assumed, SessionPolicies};
pub use authorize::{Ask, Denial, Unauthorized};
pub use caller::{Caller, Credential, Unauthenticated};
pub use context::canonical_id;
pub use credential::{Origin, Signed};
pub use handed_role::{Fitness, Handed};

/// What a signature by a key that was never issued here is worth. decision 14.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownKeys {
    /// The administrator's: dev.
    Administrator,
    /// Nothing: serve.
    Refused,
}

/// How many texts of session policies are kept parsed.
const SESSION_POLICIES: usize = 512;

/// How many session tokens are kept opened.
const SESSIONS: usize = 2048;

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Iam {
    store: Store,
    keyring: Arc<Keyring>,
    tokens: Tokens,
    unknown_keys: UnknownKeys,
    keys: Arc<Cache<AccessKeyId, credential::LongTermKey>>,
    /// By the entity's unique id.
    rights: Arc<Cache<String, granted::Rights>>,
    /// By the role's ARN.
    roles: Arc<Cache<String, trust::TrustedRole>>,
    /// Parsed, by their texts.
    session_policies: Arc<Memo<String, policy::Policy>>,
    /// By their tokens.
    sessions: Arc<Memo<String, Arc<session::Opened>>>,
    last_uses: Arc<last_use::LastUses>,
}

impl Iam {
    pub fn new(store: Store, keyring: Arc<Keyring>, tokens: Tokens, unknown_keys: UnknownKeys) -> Self {
        Self {
            keys: Arc::new(Cache::new(store.clone())),
            rights: Arc::new(Cache::new(store.clone())),
            roles: Arc::new(Cache::new(store.clone())),
            session_policies: Arc::new(Memo::of(SESSION_POLICIES)),
            sessions: Arc::new(Memo::of(SESSIONS)),
            last_uses: Arc::default(),
            store,
            keyring,
            tokens,
            unknown_keys,
        }
    }

    /// Forgets what is cached: the store was emptied under us (reset in dev).
    pub fn forget(&self) {
        self.keys.clear();
        self.rights.clear();
        self.roles.clear();
    }
}
