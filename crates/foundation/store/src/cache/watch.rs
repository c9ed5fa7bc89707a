//! What is known of the versions of scopes: looked at once a scope, whoever waits for it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Beyond this many scopes those are dropped of which nothing is cached any more.
const CAPACITY: usize = 10_000;

/// What has one version: the settings of a user pool or identity pool, the IAM of an account, a bucket, or the
/// certificates that came by ACME.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope(Arc<str>);

impl Scope {
    /// Of one user pool or identity pool.
    pub fn pool(id: impl AsRef<str>) -> Self {
        Self(format!("pool:{}", id.as_ref()).into())
    }

    /// Of an account's IAM.
    pub fn account(id: impl AsRef<str>) -> Self {
        Self(format!("account:{}", id.as_ref()).into())
    }

    /// Of one bucket, which so costs nobody else a reading. It goes with the bucket; a later namesake begins above it
    /// ([`crate::records::versions::begin`]).
    pub fn bucket(name: impl AsRef<str>) -> Self {
        Self(format!("bucket:{}", name.as_ref()).into())
    }

    /// Of all certificates that came by ACME.
    pub fn certificates() -> Self {
        Self("certificates".into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The watches of a store, by scope.
#[derive(Default)]
pub(crate) struct Watches(Mutex<HashMap<Scope, Weak<Watch>>>);

impl Watches {
    pub fn of(&self, scope: Scope) -> Arc<Watch> {
        let mut watches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watch) = watches.get(&scope).and_then(Weak::upgrade) {
            return watch;
        }
        if watches.len() >= CAPACITY {
            watches.retain(|_, watch| watch.strong_count() > 0);
        }
        let watch = Arc::new(Watch::of(scope.clone()));
        watches.insert(scope, Arc::downgrade(&watch));
        watch
    }

    /// A transaction that moved the scope's version was committed, or may have been.
    pub fn moved(&self, scope: &Scope) {
        let watches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watch) = watches.get(scope).and_then(Weak::upgrade) {
            watch.moves.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Nothing is known any more: versions begin anew. The watches stay, for who has one must hear of the next move.
    pub fn clear(&self) {
        let watches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for watch in watches.values().filter_map(Weak::upgrade) {
            *watch.seen.write().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

/// What is known of one scope's version.
pub(crate) struct Watch {
    pub scope: Scope,
    /// Held by the one request that looks; the others wait for what it sees.
    pub looking: tokio::sync::Mutex<()>,
    seen: RwLock<Option<Seen>>,
    /// How often it was moved here: what was looked at before the last time can't pass for the state after it.
    moves: AtomicU64,
}

#[derive(Clone, Copy)]
struct Seen {
    version: i64,
    look: Look,
}

/// The beginning of a look at the store.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    at: Instant,
    moves: u64,
}

impl Watch {
    fn of(scope: Scope) -> Self {
        Self {
            scope,
            looking: tokio::sync::Mutex::new(()),
            seen: RwLock::new(None),
            moves: AtomicU64::new(0),
        }
    }

    /// The version, if it was looked at within `age` and was not moved here since.
    pub fn version(&self, age: Duration) -> Option<i64> {
        let seen = (*self.seen.read().unwrap_or_else(PoisonError::into_inner))?;
        let current = seen.look.moves == self.moves.load(Ordering::Acquire) && seen.look.at.elapsed() < age;
        current.then_some(seen.version)
    }

    pub fn look(&self) -> Look {
        Look {
            at: Instant::now(),
            moves: self.moves.load(Ordering::Acquire),
        }
    }

    /// What a look has seen. Versions only grow: a lower one was read before what is known already.
    pub fn saw(&self, version: i64, look: Look) {
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        if seen.is_none_or(|seen| seen.version <= version) {
            *seen = Some(Seen { version, look });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn a_version_is_known_until_it_moves() {
        let watches = Watches::default();
        let scope = Scope::pool("p");
        let watch = watches.of(scope.clone());
        assert_eq!(watch.version(LONG), None);
        watch.saw(3, watch.look());
        assert_eq!((watch.version(LONG), watch.version(Duration::ZERO)), (Some(3), None));
        let begun_before = watch.look();
        watches.moved(&scope);
        watches.moved(&Scope::account("p"));
        assert_eq!(watch.version(LONG), None);
        watch.saw(4, begun_before);
        assert_eq!(
            watch.version(LONG),
            None,
            "what was begun before may be what was before"
        );
        watch.saw(4, watch.look());
        watch.saw(3, watch.look());
        assert_eq!(watch.version(LONG), Some(4), "what was read earlier came later");
    }

    #[test]
    fn what_is_forgotten_is_watched_still() {
        let watches = Watches::default();
        let scope = Scope::pool("p");
        let watch = watches.of(scope.clone());
        watch.saw(3, watch.look());
        watches.clear();
        assert_eq!(watch.version(LONG), None);
        watch.saw(1, watch.look());
        assert_eq!(watch.version(LONG), Some(1), "versions begin anew");
        watches.moved(&scope);
        assert_eq!(watch.version(LONG), None);
    }

    #[test]
    fn a_scope_is_watched_once_and_only_while_something_of_it_is_cached() {
        let watches = Watches::default();
        let kept = watches.of(Scope::pool("kept"));
        assert!(Arc::ptr_eq(&kept, &watches.of(Scope::pool("kept"))));
        for n in 0..CAPACITY {
            drop(watches.of(Scope::pool(n.to_string())));
        }
        assert!(watches.0.lock().unwrap().len() < CAPACITY);
        assert!(Arc::ptr_eq(&kept, &watches.of(Scope::pool("kept"))));
    }
}
