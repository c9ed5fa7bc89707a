//! Certificates that an authority gives by ACME (RFC 8555), for host names that somebody else says are to have one. Account, challenges
//! and certificates lie in the database, so that one node orders ([`Acme::renew`], a job) and every node answers: the authority with
//! what it asks for ([`Acme::challenge`], [`Acme::key_authorization`]), clients with what came of it ([`Acme::certificate`]). It
//! listens nowhere, and a name that only a client says is never looked for with the authority.
//!
//! Start at [`Acme`], then `renew`.

mod account;
mod certificate;
mod challenge;
mod http;
mod life;
mod order;
mod pace;
mod renew;
mod state;

use std::{num::NonZeroU32, sync::Arc};

use kernel::Env;
use rustls::sign::CertifiedKey;
use store::{Cache, Store};
use upstream::Upstream;
use vault::Keyring;
use zeroize::Zeroizing;

pub use state::State;

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Acme {
    store: Store,
    keyring: Arc<Keyring>,
    env: Arc<Env>,
    upstream: Upstream,
    settings: Arc<Settings>,
    certificates: Arc<Cache<String, CertifiedKey>>,
}

/// What it stands on.
pub struct Beneath {
    pub store: Store,
    pub keyring: Arc<Keyring>,
    pub env: Arc<Env>,
    /// What the authority's own certificates are checked by.
    pub upstream: Upstream,
}

/// Which authority, and who we are to it. Its terms have been agreed to.
pub struct Settings {
    /// The URL of its directory.
    pub directory: String,
    /// The mail address that it writes to.
    pub contact: Option<String>,
    pub binding: Option<Binding>,
    pub proof: Proof,
    /// Over all nodes: whoever may make names is not to use up what the authority allows us.
    pub orders_per_hour: NonZeroU32,
}

/// An account of elsewhere that ours belongs to. RFC 8555 7.3.4.
pub struct Binding {
    pub key_id: String,
    pub key: Zeroizing<Vec<u8>>,
}

/// How names are proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By a handshake on port 443. RFC 8737.
    TlsAlpn,
    /// By a file on port 80. RFC 8555 8.3.
    Http,
}

impl Acme {
    pub fn new(beneath: Beneath, settings: Settings) -> Self {
        Self {
            certificates: Arc::new(Cache::new(beneath.store.clone())),
            store: beneath.store,
            keyring: beneath.keyring,
            env: beneath.env,
            upstream: beneath.upstream,
            settings: Arc::new(settings),
        }
    }
}
