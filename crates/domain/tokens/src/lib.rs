//! Whoever needs a JWT asks here: key pairs and whose they are, issuing, verifying, the issuer's spellings, revocation, and
//! the form of refresh tokens. It decides nothing about sign-in and never learns what a claim is for.
//!
//! Tokens are typed by what they are for: `issue` signs what an ID, an access or an OpenID token says, `verify` gives each back.
//! Start there; `issuer` says what `iss` is, `keys` where key pairs come from.

mod claims;
mod issue;
mod issuer;
mod jti;
mod keys;
mod refresh;
mod scopes;
mod standing;
mod verify;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use kernel::{ApiError, CpuPool, Memo, Turn};
use store::{Cache, Store};
use vault::Keyring;

pub use claims::{Claims, TokenUse};
pub use issue::{AccessClaims, Binding, IdClaims, LogoutClaims, OpenIdClaims, UserClaims, UserTokens};
pub use issuer::{IssuerMode, Issuers};
pub use jti::new_jti;
pub use keys::{NewKeys, OPENID_OWNER};
pub use refresh::RefreshToken;
pub use scopes::Scopes;
pub use standing::Standing;
pub use verify::{AccessToken, Bearer, IdToken, Refusal, Unverified};

/// Two a pool.
const KIDS: usize = 200_000;

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Tokens {
    store: Store,
    keyring: Arc<Keyring>,
    cpu: CpuPool,
    issuers: Arc<Issuers>,
    owners: Arc<Cache<String, keys::OwnerKeys>>,
    /// Whose a key id is; only ids that exist.
    kids: Arc<Memo<String, Arc<str>>>,
    spares: Arc<keys::Spares>,
}

impl Tokens {
    pub fn new(store: Store, keyring: Arc<Keyring>, cpu: CpuPool, issuers: Issuers) -> Self {
        let owners = Arc::new(Cache::new(store.clone()));
        Self {
            store,
            keyring,
            cpu,
            issuers: Arc::new(issuers),
            owners,
            kids: Arc::new(Memo::of(KIDS)),
            spares: Arc::default(),
        }
    }

    /// Forgets what is cached: the store was emptied under us (reset in dev). Spare keys stay.
    pub fn forget(&self) {
        self.owners.clear();
        self.kids.clear();
    }

    /// Whether there is room for a signature: asked before a request that ends in one has cost anything. Errors:
    /// TooManyRequestsException.
    pub fn admit(&self) -> Result<(), ApiError> {
        self.cpu.admit()
    }

    /// A place in line for signing, for what has had no turn on the CPU pool before. Errors: TooManyRequestsException.
    pub fn reserve(&self) -> Result<Turn, ApiError> {
        self.cpu.reserve()
    }

    pub fn issuers(&self) -> &Issuers {
        &self.issuers
    }
}
