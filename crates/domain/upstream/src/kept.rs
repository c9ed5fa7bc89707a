//! What is fetched and kept for a while, by where it comes from.
//!
//! ```text
//!  young, and enough  ──▶ as it is kept
//!  old, or not enough ──▶ fetched, not before the pause is over whoever asks, and by one at a time
//!  not to be had      ──▶ the old one, until it is stale
//! ```

use std::{hash::Hash, sync::Arc, time::Duration};

use kernel::{Memo, Timestamp};
use tokio::sync::Mutex;

#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// How long it is taken without asking anew.
    pub young: Duration,
    /// How long it is taken where asking comes to nothing.
    pub stale: Duration,
    /// Between two requests to one place.
    pub pause: Duration,
    /// How many places are remembered.
    pub most: usize,
}

pub(crate) struct Kept<K, T, E> {
    places: Memo<K, Arc<Mutex<Place<T, E>>>>,
    terms: Terms,
}

/// What is known of one place.
struct Place<T, E> {
    kept: Option<(Arc<T>, Timestamp)>,
    asked: Option<Timestamp>,
    /// Why the last request came to nothing.
    failed: Option<E>,
}

impl<K: Eq + Hash + Clone, T, E: Clone> Kept<K, T, E> {
    pub fn on(terms: Terms) -> Self {
        Self {
            places: Memo::of(terms.most),
            terms,
        }
    }

    /// `fetching` is begun only where what is kept won't do. Errors: those of the last request.
    pub async fn get(
        &self,
        key: &K,
        now: Timestamp,
        is_enough: impl Fn(&T) -> bool,
        fetching: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let place = self.place(key);
        // Whoever comes meanwhile waits for this one's answer.
        let mut place = place.lock().await;
        if let Some(kept) = place.within(self.terms.young, now).filter(|kept| is_enough(kept)) {
            return Ok(kept);
        }
        let is_time = place.asked.is_none_or(|asked| now.since(asked) >= self.terms.pause);
        if !is_time && let Some(kept) = place.within(self.terms.stale, now) {
            return Ok(kept);
        }
        if !is_time && let Some(error) = place.failed.clone() {
            return Err(error);
        }
        // Also where whoever asked went away before there was an answer.
        place.asked = Some(now);
        match fetching.await {
            Ok(fetched) => {
                let fetched = Arc::new(fetched);
                place.kept = Some((Arc::clone(&fetched), now));
                place.failed = None;
                Ok(fetched)
            }
            Err(error) => {
                place.failed = Some(error.clone());
                place.within(self.terms.stale, now).ok_or(error)
            }
        }
    }

    fn place(&self, key: &K) -> Arc<Mutex<Place<T, E>>> {
        self.places.get(key).unwrap_or_else(|| {
            let place = Arc::new(Mutex::new(Place {
                kept: None,
                asked: None,
                failed: None,
            }));
            self.places.remember(key.clone(), Arc::clone(&place));
            place
        })
    }
}

impl<T, E> Place<T, E> {
    fn within(&self, life: Duration, now: Timestamp) -> Option<Arc<T>> {
        let kept = self.kept.as_ref().filter(|(_, at)| now.since(*at) < life);
        kept.map(|(kept, _)| Arc::clone(kept))
    }
}
