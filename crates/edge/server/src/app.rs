//! What every request handler shares.

use std::sync::Arc;

use delivery::Delivery;
use iam::Iam;
use identitypool::IdentityPools;
use kernel::Env;
use pages::hosted::Hosted;
use s3::S3;
use store::Store;
use tokens::Tokens;
use triggers::Triggers;
use userpool::UserPools;

use crate::documents::Documents;
use crate::hosted::{Looks, Turnstile};
use crate::hosts::OwnHosts;

/// The two profiles of one program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Serve,
}

/// The services of one process, and how its edge behaves.
pub struct App {
    pub env: Arc<Env>,
    pub profile: Profile,
    pub store: Store,
    pub tokens: Tokens,
    pub delivery: Delivery,
    pub triggers: Triggers,
    pub user_pools: UserPools,
    pub identity_pools: IdentityPools,
    pub iam: Iam,
    pub s3: S3,
    /// The test doors of dev; absent in serve, where their routes do not exist.
    pub doors: Option<Doors>,
    pub hosts: OwnHosts,
    /// A proxy stands in front and says whom it speaks for.
    pub behind_proxy: bool,
    /// The pages of hosted login.
    pub hosted_pages: Hosted,
    /// Clients' looks, ready to be shown.
    pub hosted_looks: Looks,
    /// What one address may try there.
    pub turnstile: Turnstile,
    /// What issuers say of themselves, ready to be sent.
    pub documents: Documents,
    /// The configured base URL, without a slash at its end. `scheme://host` of the request where there is none.
    pub public_url: Option<Arc<str>>,
    pub version: &'static str,
}

/// What the doors need beside the services.
pub struct Doors {
    /// Moves `now`.
    pub advance: Box<dyn Fn(std::time::Duration) + Send + Sync>,
    /// Makes the server as freshly started.
    pub reset: Box<dyn Fn() -> ResetDone + Send + Sync>,
}

pub type ResetDone = std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
