use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use kernel::Timestamp;
use testkit::Folder;
use tokio::task::JoinSet;

use super::*;
use crate::{Config, Stop};

struct Rig {
    store: Store,
    cache: Arc<Cache<&'static str, usize>>,
    loads: Arc<AtomicUsize>,
    _folder: Folder,
}

impl Rig {
    async fn new() -> Self {
        let folder = Folder::new().unwrap();
        let path = folder.path().join("db");
        let store = Store::open(Config::Sqlite { path }).unwrap();
        store.migrate(Timestamp::from_secs(0)).await.unwrap();
        Self {
            cache: Arc::new(Cache::new(store.clone())),
            store,
            loads: Arc::default(),
            _folder: folder,
        }
    }

    /// The number of the load that the value came of.
    async fn load(&self, key: &'static str, scope: &'static str) -> usize {
        let loads = Arc::clone(&self.loads);
        let load = move |_: &mut Reader<'_>| Ok(Some(loads.fetch_add(1, Ordering::Relaxed) + 1));
        *self
            .cache
            .load(&key, || Scope::pool(scope), load)
            .await
            .unwrap()
            .unwrap()
    }

    async fn bump(&self, scope: &'static str, outcome: impl Fn() -> Result<(), Stop> + Send + 'static) {
        let written = self.store.write(move |tx| {
            versions::bump(tx, Scope::pool(scope))?;
            outcome()
        });
        drop(written.await);
    }
}

#[tokio::test]
async fn a_value_stays_until_its_scope_changes() {
    let rig = Rig::new().await;
    assert_eq!(
        [
            rig.load("a", "p").await,
            rig.load("b", "p").await,
            rig.load("c", "q").await
        ],
        [1, 2, 3]
    );
    assert_eq!(
        [
            rig.load("a", "p").await,
            rig.load("b", "p").await,
            rig.load("c", "q").await
        ],
        [1, 2, 3]
    );
    rig.bump("p", || Ok(())).await;
    assert_eq!(
        [
            rig.load("b", "p").await,
            rig.load("a", "p").await,
            rig.load("c", "q").await
        ],
        [4, 5, 3]
    );
    assert_eq!([rig.load("a", "p").await, rig.load("b", "p").await], [5, 4]);
}

#[tokio::test]
async fn what_was_rolled_back_is_looked_at_and_not_loaded_again() {
    let rig = Rig::new().await;
    assert_eq!(rig.load("a", "p").await, 1);
    rig.bump("p", || Err(Stop::Raced)).await;
    assert_eq!(rig.load("a", "p").await, 1);
}

#[tokio::test]
async fn many_who_wait_cause_one_load() {
    let rig = Arc::new(Rig::new().await);
    for expected in [1, 2] {
        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let rig = Arc::clone(&rig);
            calls.spawn(async move { rig.load("a", "p").await });
        }
        while let Some(value) = calls.join_next().await {
            assert_eq!(value.unwrap(), expected);
        }
        rig.bump("p", || Ok(())).await;
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_kept() {
    let rig = Rig::new().await;
    let none = rig.cache.load(&"a", || Scope::pool("p"), |_| Ok(None)).await.unwrap();
    assert_eq!((none, rig.load("a", "p").await), (None, 1));
}

#[tokio::test]
async fn a_value_is_trusted_for_a_while_when_the_store_is_gone() {
    let rig = Rig::new().await;
    assert_eq!(rig.load("a", "p").await, 1);
    rig.store.clone().close().await;
    assert_eq!(rig.load("a", "p").await, 1, "known to be fresh");
    rig.store.watches().moved(&Scope::pool("p"));
    let load = |_: &mut Reader<'_>| Ok(Some(2));
    let refused = rig.cache.load(&"a", || Scope::pool("p"), load).await;
    assert!(
        matches!(refused, Err(StoreError::Closed)),
        "what was moved here is not trusted: {refused:?}"
    );
}
