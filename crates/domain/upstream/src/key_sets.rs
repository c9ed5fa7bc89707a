//! Sets of public keys that others publish (RFC 7517), fetched and kept for a while: a key that is not there is looked for again at most
//! once a minute, and a set outlives its publisher by an hour.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use kernel::Timestamp;
use vault::jws::{KeySet, Signed};

use crate::{
    Address, LARGEST, Upstream,
    kept::{Kept, Terms},
};

const TERMS: Terms = Terms {
    young: Duration::from_secs(10 * 60),
    stale: Duration::from_secs(3600),
    pause: Duration::from_secs(60),
    most: 5000,
};

/// Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct KeySets {
    upstream: Upstream,
    kept: Arc<Kept<Address, KeySet, ()>>,
}

impl KeySets {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            kept: Arc::new(Kept::on(TERMS)),
        }
    }

    /// The set at an address, in which the key of `signed` is looked for. `now`: true time. None: it can't be had.
    pub async fn at(&self, address: &Address, signed: &Signed<'_>, now: Timestamp) -> Option<Arc<KeySet>> {
        self.holding(address, |set| set.may_hold_signer(signed), now).await
    }

    /// The set at an address, fetched anew where it is not enough.
    pub(crate) async fn holding(
        &self,
        address: &Address,
        is_enough: impl Fn(&KeySet) -> bool,
        now: Timestamp,
    ) -> Option<Arc<KeySet>> {
        let fetching = async {
            let fetched = self.fetched(address).await;
            fetched.map_err(|because| tracing::warn!(because, "a set of keys can't be had"))
        };
        self.kept.get(address, now, is_enough, fetching).await.ok()
    }

    /// Errors: why not, for the log.
    async fn fetched(&self, address: &Address) -> Result<KeySet, String> {
        let accept = "application/jwk-set+json, application/json";
        let answer = self.upstream.document(address.clone(), accept, LARGEST).await;
        let answer = answer.map_err(|error| format!("{address}: {error}"))?;
        if answer.status != StatusCode::OK {
            return Err(format!("{address}: status {}", answer.status));
        }
        let set = serde_json::from_slice(&answer.body).map_err(|_| format!("{address}: no JSON object"))?;
        KeySet::published(&set).map_err(|error| format!("{address}: {error}"))
    }
}
