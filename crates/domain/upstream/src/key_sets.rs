//! Sets of public keys that others publish (RFC 7517), fetched and kept for a while.
//!
//! ```text
//!  young, and may hold the key ──▶ as it is kept
//!  old, or without the key     ──▶ fetched, at most once a minute whoever asks, and by one at a time
//!  not to be had               ──▶ the old one, for an hour
//! ```

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kernel::{Memo, Timestamp};
use tokio::sync::Mutex;
use vault::jws::{KeySet, Signed};

use crate::{Address, Fetch, Upstream};

/// How long a set is taken without asking anew.
const YOUNG: Duration = Duration::from_secs(10 * 60);

/// How long it is taken where asking comes to nothing.
const STALE: Duration = Duration::from_secs(3600);

/// Between two requests to one address.
const PAUSE: Duration = Duration::from_secs(60);

const WITHIN: Duration = Duration::from_secs(3);
const LARGEST: usize = 64 * 1024;

/// How many addresses are remembered.
const ADDRESSES: usize = 1000;

/// Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct KeySets {
    upstream: Upstream,
    places: Arc<Memo<Address, Arc<Mutex<Place>>>>,
}

/// What is known of one address.
#[derive(Default)]
struct Place {
    kept: Option<(Arc<KeySet>, Timestamp)>,
    asked: Option<Timestamp>,
}

impl KeySets {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            places: Arc::new(Memo::of(ADDRESSES)),
        }
    }

    /// The set at an address, in which the key of `signed` is looked for. `now`: true time. None: it can't be had.
    pub async fn at(&self, address: &Address, signed: &Signed<'_>, now: Timestamp) -> Option<Arc<KeySet>> {
        let place = self.places.get(address).unwrap_or_else(|| {
            let place = Arc::default();
            self.places.remember(address.clone(), Arc::clone(&place));
            place
        });
        // Whoever comes meanwhile waits for this one's answer.
        let mut place = place.lock().await;
        let kept = |place: &Place, life| {
            let kept = place.kept.as_ref().filter(|(_, at)| now.since(*at) < life);
            kept.map(|(set, _)| Arc::clone(set))
        };
        if let Some(set) = kept(&place, YOUNG).filter(|set| set.may_hold_signer(signed)) {
            return Some(set);
        }
        if place.asked.is_none_or(|asked| now.since(asked) >= PAUSE) {
            place.asked = Some(now);
            match self.fetched(address).await {
                Ok(set) => place.kept = Some((Arc::new(set), now)),
                Err(because) => tracing::warn!(because, "a set of keys can't be had"),
            }
        }
        kept(&place, STALE)
    }

    /// Errors: why not, for the log.
    async fn fetched(&self, address: &Address) -> Result<KeySet, String> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static("application/jwk-set+json, application/json"),
        );
        let fetch = Fetch {
            address: address.clone(),
            method: Method::GET,
            headers,
            body: Bytes::new(),
            within: WITHIN,
            largest: LARGEST,
        };
        let answer = self.upstream.fetch(fetch).await;
        let answer = answer.map_err(|error| format!("{address}: {error}"))?;
        if answer.status != StatusCode::OK {
            return Err(format!("{address}: status {}", answer.status));
        }
        let set = serde_json::from_slice(&answer.body).map_err(|_| format!("{address}: no JSON object"))?;
        KeySet::read(&set).map_err(|error| format!("{address}: {error}"))
    }
}
