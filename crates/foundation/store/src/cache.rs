//! Settings are read through a cache with one version a scope (DESIGN 3.12): a change shows on its own node at once and on
//! others within [`FRESH`]. A version that could not be read for [`TRUSTED`] is trusted no longer.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{Reader, Store, StoreError, records::versions};

/// How long a value is used without looking at its version again.
const FRESH: Duration = Duration::from_millis(900);

/// How long it is used while the version can't be read.
const TRUSTED: Duration = Duration::from_secs(5);

/// Beyond this many entries the ones not looked at lately are dropped.
const CAPACITY: usize = 10_000;

/// Values of one kind, each under a key and guarded by the version of its scope.
pub struct Cache<K, V> {
    store: Store,
    slots: Mutex<HashMap<K, Arc<Slot<V>>>>,
}

struct Slot<V> {
    loaded: RwLock<Option<Loaded<V>>>,
    /// Held by the one request that looks; the others wait for its answer.
    looking: tokio::sync::Mutex<()>,
    /// Raised by `invalidate`, so that a look begun before a change can't pass its answer off as the state after it.
    epoch: AtomicU64,
}

struct Loaded<V> {
    value: Arc<V>,
    version: i64,
    looked_at: Instant,
    epoch: u64,
}

impl<V> Loaded<V> {
    fn younger_than(&self, age: Duration) -> bool {
        self.looked_at.elapsed() < age
    }
}

impl<K, V> Cache<K, V>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    pub fn new(store: Store) -> Self {
        Self {
            store,
            slots: Mutex::new(HashMap::new()),
        }
    }

    /// The value under `key`, loaded by `load` when `scope`'s version has moved. None (never kept) if `load` finds none.
    pub async fn load<F>(&self, key: &K, scope: &str, load: F) -> Result<Option<Arc<V>>, StoreError>
    where
        F: Fn(&mut Reader<'_>) -> Result<Option<V>, StoreError> + Send + 'static,
    {
        if let Some(value) = self.slot(key).and_then(|slot| slot.fresh()) {
            return Ok(Some(value));
        }
        let slot = self.slot_or_new(key);
        let _looking = slot.looking.lock().await;
        if let Some(value) = slot.fresh() {
            return Ok(Some(value));
        }
        let epoch = slot.epoch.load(Ordering::Acquire);
        let known = slot.version(epoch);
        let scope = scope.to_owned();
        let look = self
            .store
            .read(move |r| {
                let version = versions::version(r, &scope)?;
                if known == Some(version) {
                    return Ok((version, Look::Unchanged));
                }
                Ok((version, load(r)?.map_or(Look::Gone, Look::Changed)))
            })
            .await;
        match look {
            Ok((_, Look::Unchanged)) => Ok(slot.confirm(epoch)),
            Ok((version, Look::Changed(value))) => Ok(Some(slot.keep(Arc::new(value), version, epoch))),
            Ok((_, Look::Gone)) => {
                self.forget(key);
                Ok(None)
            }
            Err(error) => slot.trusted(epoch).map(Some).ok_or(error),
        }
    }

    /// Called after a committed change of what is under `key`: the next look reads the store.
    pub fn invalidate(&self, key: &K) {
        if let Some(slot) = self.slot(key) {
            slot.epoch.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Drops everything: the store was replaced under us (reset in dev).
    pub fn clear(&self) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn slot(&self, key: &K) -> Option<Arc<Slot<V>>> {
        self.slots
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    fn slot_or_new(&self, key: &K) -> Arc<Slot<V>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= CAPACITY && !slots.contains_key(key) {
            slots.retain(|_, slot| slot.fresh().is_some());
        }
        Arc::clone(slots.entry(key.clone()).or_insert_with(|| Arc::new(Slot::new())))
    }

    fn forget(&self, key: &K) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

enum Look<V> {
    Unchanged,
    Changed(V),
    Gone,
}

impl<V> Slot<V> {
    fn new() -> Self {
        Self {
            loaded: RwLock::new(None),
            looking: tokio::sync::Mutex::new(()),
            epoch: AtomicU64::new(0),
        }
    }

    fn within(&self, age: Duration, epoch: u64) -> Option<Arc<V>> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded
            .as_ref()
            .filter(|l| l.epoch == epoch && l.younger_than(age))
            .map(|l| Arc::clone(&l.value))
    }

    fn fresh(&self) -> Option<Arc<V>> {
        self.within(FRESH, self.epoch.load(Ordering::Acquire))
    }

    fn trusted(&self, epoch: u64) -> Option<Arc<V>> {
        self.within(TRUSTED, epoch)
    }

    fn version(&self, epoch: u64) -> Option<i64> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded.as_ref().filter(|l| l.epoch == epoch).map(|l| l.version)
    }

    fn confirm(&self, epoch: u64) -> Option<Arc<V>> {
        let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        let loaded = loaded.as_mut().filter(|l| l.epoch == epoch)?;
        loaded.looked_at = Instant::now();
        Some(Arc::clone(&loaded.value))
    }

    fn keep(&self, value: Arc<V>, version: i64, epoch: u64) -> Arc<V> {
        let loaded = Loaded {
            value: Arc::clone(&value),
            version,
            looked_at: Instant::now(),
            epoch,
        };
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Some(loaded);
        value
    }
}

/// The scope of one user pool or identity pool.
pub fn pool_scope(pool: impl AsRef<str>) -> String {
    format!("pool:{}", pool.as_ref())
}

/// The scope of an account's IAM.
pub fn account_scope(account: impl AsRef<str>) -> String {
    format!("account:{}", account.as_ref())
}
