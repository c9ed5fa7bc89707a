//! Settings are read through a cache with one version a scope (decision 11): a change shows on its own node at once and on
//! others within [`FRESH`]. A version that could not be read for [`TRUSTED`] is trusted no longer.
//!
//! ```text
//! loaded at the scope's version, which was looked at lately ─────────────────────────────▶ the value
//!    │ not lately ─▶ look at the version, one request a scope ─ unchanged ────────────────▶ the value
//!    │                                                          └ moved ─┐
//!    └ not loaded, or at another version ────────────────────────────────┴─▶ load, one request a key ─▶ the value
//! ```

#[cfg(test)]
mod tests;
mod watch;

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

pub use watch::Scope;
pub(crate) use watch::{Watch, Watches};

use crate::{Reader, Store, StoreError, records::versions};

/// How long a value is used without looking at its scope's version again.
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
    watch: Arc<Watch>,
    loaded: RwLock<Option<Loaded<V>>>,
    /// Held by the one request that loads; the others wait for its value.
    loading: tokio::sync::Mutex<()>,
}

struct Loaded<V> {
    value: Arc<V>,
    version: i64,
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

    /// The value under `key`, loaded by `load` when the version of `scope` has moved. None (never kept) if `load` finds none.
    pub async fn load<F>(&self, key: &K, scope: impl FnOnce() -> Scope, load: F) -> Result<Option<Arc<V>>, StoreError>
    where
        F: Fn(&mut Reader<'_>) -> Result<Option<V>, StoreError> + Send + 'static,
    {
        let slot = self.slot(key, scope);
        if let Some(value) = slot.younger_than(FRESH) {
            return Ok(Some(value));
        }
        match slot.look_and_load(&self.store, load).await {
            Ok(Some(value)) => Ok(Some(value)),
            Ok(None) => {
                self.forget(key);
                Ok(None)
            }
            Err(error) => slot.younger_than(TRUSTED).map(Some).ok_or(error),
        }
    }

    /// Drops everything, and all that is known of versions: the store was replaced under us (reset in dev).
    pub fn clear(&self) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.store.watches().clear();
    }

    fn slot(&self, key: &K, scope: impl FnOnce() -> Scope) -> Arc<Slot<V>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(key) {
            return Arc::clone(slot);
        }
        if slots.len() >= CAPACITY {
            slots.retain(|_, slot| slot.younger_than(FRESH).is_some());
        }
        let slot = Arc::new(Slot::of(self.store.watches().of(scope())));
        slots.insert(key.clone(), Arc::clone(&slot));
        slot
    }

    fn forget(&self, key: &K) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

impl<V: Send + Sync + 'static> Slot<V> {
    fn of(watch: Arc<Watch>) -> Self {
        Self {
            watch,
            loaded: RwLock::new(None),
            loading: tokio::sync::Mutex::new(()),
        }
    }

    /// The value, if it is of the scope's version as that was seen within `age`.
    fn younger_than(&self, age: Duration) -> Option<Arc<V>> {
        self.watch.version(age).and_then(|version| self.of_version(version))
    }

    fn of_version(&self, version: i64) -> Option<Arc<V>> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        let current = loaded.as_ref().filter(|loaded| loaded.version == version);
        current.map(|loaded| Arc::clone(&loaded.value))
    }

    async fn look_and_load<F>(&self, store: &Store, load: F) -> Result<Option<Arc<V>>, StoreError>
    where
        F: Fn(&mut Reader<'_>) -> Result<Option<V>, StoreError> + Send + 'static,
    {
        if self.is_loaded() {
            let version = store.version_of(&self.watch).await?;
            if let Some(value) = self.of_version(version) {
                return Ok(Some(value));
            }
        }
        let _loading = self.loading.lock().await;
        if let Some(value) = self.younger_than(FRESH) {
            return Ok(Some(value));
        }
        let (look, scope) = (self.watch.look(), self.watch.scope.clone());
        // Both of one snapshot.
        let read = store.read(move |r| Ok((versions::version(r, &scope)?, load(r)?)));
        let (version, value) = read.await?;
        self.watch.saw(version, look);
        let Some(value) = value else { return Ok(None) };
        let value = Arc::new(value);
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Some(Loaded {
            value: Arc::clone(&value),
            version,
        });
        Ok(Some(value))
    }

    fn is_loaded(&self) -> bool {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

impl Store {
    /// The version of a scope, looked at unless it was lately.
    async fn version_of(&self, watch: &Watch) -> Result<i64, StoreError> {
        let _looking = watch.looking.lock().await;
        if let Some(version) = watch.version(FRESH) {
            return Ok(version);
        }
        let (look, scope) = (watch.look(), watch.scope.clone());
        let version = self.look_up(move |r| versions::version(r, &scope)).await?;
        watch.saw(version, look);
        Ok(version)
    }
}
