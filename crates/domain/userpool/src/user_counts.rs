//! How many users pools have: counting reads them all, so an answer serves for a minute. Reference: user-pools 2.2
//! (EstimatedNumberOfUsers is updated lazily).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::{ApiError, Cx, PoolId, Timestamp};
use store::records::pools;

use crate::UserPools;

const SERVES: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(crate) struct UserCounts(Mutex<HashMap<PoolId, (i64, Timestamp)>>);

impl UserCounts {
    fn fresh(&self, pool: &PoolId, now: Timestamp) -> Option<i64> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .get(pool)
            .filter(|(_, at)| now.since(*at) < SERVES)
            .map(|(count, _)| *count)
    }

    fn keep(&self, pool: &PoolId, count: i64, now: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|_, (_, at)| now.since(*at) < SERVES);
        counts.insert(pool.clone(), (count, now));
    }

    /// The pool is gone.
    pub fn forget(&self, pool: &PoolId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(pool);
    }

    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl UserPools {
    pub(crate) async fn estimated_users(&self, cx: &Cx, pool: &PoolId) -> Result<i64, ApiError> {
        let now = cx.wall();
        if let Some(count) = self.counts.fresh(pool, now) {
            return Ok(count);
        }
        let id = pool.clone();
        let count = self.store.read(move |r| pools::count_users(r, &id)).await?;
        self.counts.keep(pool, count, now);
        Ok(count)
    }
}
