//! The context that every operation gets beside its input.

use std::{any::Any, net::IpAddr, sync::Arc};

use crate::{AccountId, Clock, Principal, Region, RequestId, Rng, Timestamp};

/// What one process has one of.
pub struct Env {
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
    /// The account whose resources these are.
    pub account: AccountId,
    /// For unsigned calls that name no region.
    pub default_region: Region,
}

/// One request: where it came from, for whom it is made, and the process's clock and chance.
#[derive(Clone)]
pub struct Cx {
    pub env: Arc<Env>,
    pub request_id: RequestId,
    pub region: Region,
    /// `scheme://authority` as the client spelled it: what the issuer mode `request` is made from.
    pub base_url: Arc<str>,
    pub source_ip: Option<IpAddr>,
    pub user_agent: Option<Arc<str>>,
    pub referer: Option<Arc<str>>,
    /// The request came over TLS (or through a trusted proxy that says so): `aws:SecureTransport`.
    pub secure: bool,
    /// Who signed. Absent on public operations, and where the program itself acts.
    pub caller: Option<Authenticated>,
}

/// Who signed a request.
#[derive(Clone)]
pub struct Authenticated {
    pub principal: Arc<Principal>,
    /// `iam::Caller`: what was granted to them is for iam alone to read, but it travels with the request, so that nobody
    /// finds it twice.
    pub caller: Arc<dyn Any + Send + Sync>,
}

impl Cx {
    /// A context that no request caused: start-up, background work, the demo's seed.
    pub fn internal(env: &Arc<Env>, base_url: &str) -> Self {
        Self {
            env: Arc::clone(env),
            request_id: RequestId::random(env.rng.as_ref()),
            region: env.default_region.clone(),
            base_url: base_url.into(),
            source_ip: None,
            user_agent: None,
            referer: None,
            secure: false,
            caller: None,
        }
    }

    /// The time by which things expire here.
    pub fn now(&self) -> Timestamp {
        self.env.clock.now()
    }

    /// True time.
    pub fn wall(&self) -> Timestamp {
        self.env.clock.wall()
    }

    pub fn rng(&self) -> &dyn Rng {
        self.env.rng.as_ref()
    }

    pub fn account(&self) -> &AccountId {
        &self.env.account
    }
}
