//! How many messages a pool may send in a window of time: what a stranger who signs up again and again can cost. All nodes share a
//! budget. A node takes a share of it at a time, durably and before anything is sent by it, and gives it out in memory: the row
//! is not written for every message, so that sign-ups of one pool don't wait for each other, and a budget is never exceeded.
//! What a node has left when it stops is lost to the window. Reference: user-pools 19.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use kernel::{ApiError, PoolId, Timestamp};
use store::{Store, records::message_budgets};

use crate::Channel;

/// What each pool may send; None: as much as it likes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Budgets {
    /// A day begins at 09:00 UTC, as Amazon's.
    pub mails_per_day: Option<NonZeroU32>,
    pub texts_per_hour: Option<NonZeroU32>,
}

const HOUR: i64 = 3600 * 1000;
const DAY: i64 = 24 * HOUR;
const DAYS_BEGIN: i64 = 9 * HOUR;

/// A node takes the sixty-fourth part of a budget at once, but never more than this.
const SHARES: i64 = 64;
const LARGEST_SHARE: i64 = 256;

impl Budgets {
    fn of(self, channel: Channel) -> Option<i64> {
        let budget = match channel {
            Channel::Email => self.mails_per_day,
            Channel::Sms => self.texts_per_hour,
        };
        budget.map(|budget| i64::from(budget.get()))
    }
}

/// When the window began that `now` lies in.
fn window(channel: Channel, now: Timestamp) -> Timestamp {
    let (length, begins) = match channel {
        Channel::Email => (DAY, DAYS_BEGIN),
        Channel::Sms => (HOUR, 0),
    };
    Timestamp::from_millis(now.millis() - (now.millis() - begins).rem_euclid(length))
}

/// What this node has taken and not given out.
#[derive(Default)]
pub(crate) struct Allowances {
    budgets: Budgets,
    left: Mutex<HashMap<Key, Left>>,
}

type Key = (PoolId, Channel);

#[derive(Clone, Copy)]
struct Left {
    since: Timestamp,
    count: i64,
}

/// Leave to send one message. Dropped unused, it is somebody else's.
pub(crate) struct Permit {
    /// Where it came from, and of which window. None: nobody counts.
    from: Option<(Arc<Allowances>, Key, Timestamp)>,
    used: AtomicBool,
}

impl Allowances {
    pub fn new(budgets: Budgets) -> Arc<Self> {
        Arc::new(Self {
            budgets,
            left: Mutex::default(),
        })
    }

    /// None: the budget is spent.
    pub async fn take(
        self: &Arc<Self>,
        store: &Store,
        pool: &PoolId,
        channel: Channel,
        now: Timestamp,
    ) -> Result<Option<Permit>, ApiError> {
        let Some(budget) = self.budgets.of(channel) else {
            return Ok(Some(Permit::uncounted()));
        };
        let (key, since) = ((pool.clone(), channel), window(channel, now));
        if !self.give_out(&key, since) {
            let share = reserve(store, &key, since, budget).await?;
            if share == 0 {
                return Ok(None);
            }
            // One of them is ours.
            self.put_back(&key, since, share - 1);
        }
        Ok(Some(Permit {
            from: Some((Arc::clone(self), key, since)),
            used: AtomicBool::new(false),
        }))
    }

    fn give_out(&self, key: &Key, since: Timestamp) -> bool {
        match self.left().get_mut(key) {
            Some(left) if left.since == since && left.count > 0 => {
                left.count -= 1;
                true
            }
            _ => false,
        }
    }

    /// What is of an earlier window is worth nothing.
    fn put_back(&self, key: &Key, since: Timestamp, count: i64) {
        let mut left = self.left();
        match left.get_mut(key) {
            Some(kept) if kept.since == since => kept.count += count,
            Some(kept) if kept.since > since => {}
            _ => {
                // Pools that are gone are forgotten with their window.
                left.retain(|(_, channel), kept| *channel != key.1 || kept.since >= since);
                left.insert(key.clone(), Left { since, count });
            }
        }
    }

    /// The store was emptied under us.
    pub fn forget(&self) {
        self.left().clear();
    }

    fn left(&self) -> MutexGuard<'_, HashMap<Key, Left>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many were taken of the budget; 0: it is spent.
async fn reserve(store: &Store, (pool, channel): &Key, since: Timestamp, budget: i64) -> Result<i64, ApiError> {
    let (pool, channel) = (pool.clone(), channel.label());
    let of = pool.clone();
    let taken = store.look_up(move |r| message_budgets::taken(r, &of, channel, since));
    // Who is refused writes nothing.
    if taken.await? >= budget {
        return Ok(0);
    }
    let share = store.write(move |tx| {
        let taken = message_budgets::taken(tx, &pool, channel, since)?;
        let share = share(budget, taken);
        if share > 0 {
            message_budgets::put(tx, &pool, channel, since, taken + share)?;
        }
        Ok(share)
    });
    Ok(share.await?)
}

fn share(budget: i64, taken: i64) -> i64 {
    (budget / SHARES).clamp(1, LARGEST_SHARE).min(budget - taken).max(0)
}

impl Permit {
    pub fn uncounted() -> Self {
        Self {
            from: None,
            used: AtomicBool::new(false),
        }
    }

    /// The message is on its way.
    pub fn spend(&self) {
        self.used.store(true, Ordering::Relaxed);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some((allowances, key, since)) = &self.from
            && !*self.used.get_mut()
        {
            allowances.put_back(key, *since, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_begin_with_the_hour_and_at_nine() {
        let at = |text: &str| Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        for (channel, now, begun) in [
            (Channel::Sms, "2026-01-15T12:00:00Z", "2026-01-15T12:00:00Z"),
            (Channel::Sms, "2026-01-15T12:59:59.999Z", "2026-01-15T12:00:00Z"),
            (Channel::Email, "2026-01-15T08:59:59Z", "2026-01-14T09:00:00Z"),
            (Channel::Email, "2026-01-15T09:00:00Z", "2026-01-15T09:00:00Z"),
            (Channel::Email, "2026-01-15T23:00:00Z", "2026-01-15T09:00:00Z"),
            (Channel::Email, "1969-12-31T00:00:00Z", "1969-12-30T09:00:00Z"),
        ] {
            assert_eq!(window(channel, at(now)), at(begun), "{channel:?} {now}");
        }
    }

    #[test]
    fn a_share_is_small_and_never_more_than_is_left() {
        for (budget, taken, expected) in [
            (1, 0, 1),
            (50, 0, 1),
            (50, 50, 0),
            (50, 51, 0),
            (1000, 0, 15),
            (1000, 990, 10),
            (50_000, 0, 256),
            (i64::from(u32::MAX), 0, 256),
        ] {
            assert_eq!(share(budget, taken), expected, "{budget} {taken}");
        }
    }
}
