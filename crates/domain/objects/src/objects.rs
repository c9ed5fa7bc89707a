//! What every operation on buckets and objects has at hand.

use std::sync::Arc;

use iam::Iam;
use store::{Cache, Store};

use crate::{
    bucket::Bucket,
    content::folder::{Folder, shard_range, shards},
    error::Result,
};

/// All buckets of one Poolhouse. Cheap to clone.
#[derive(Clone)]
pub struct Objects {
    pub(crate) store: Store,
    pub(crate) iam: Iam,
    pub(crate) folder: Arc<Folder>,
    /// By name, with their settings and policy parsed. Each is a scope of its own: on many nodes the change of one bucket
    /// costs nobody else's users, roles or buckets a reading.
    pub(crate) buckets: Arc<Cache<String, Bucket>>,
}

impl Objects {
    /// `folder` is opened by [`Folder::open`]. Call [`Objects::sweep`] in the background afterwards, and from time
    /// to time.
    pub fn new(store: Store, iam: Iam, folder: Folder) -> Self {
        Self {
            buckets: Arc::new(Cache::new(store.clone())),
            store,
            iam,
            folder: Arc::new(folder),
        }
    }

    /// Forgets what is cached: the store was emptied under us (reset in dev).
    pub fn forget(&self) {
        self.buckets.clear();
    }

    /// Removes what a crash left: files that no row says are in use. Answers how many. Contents of puts in flight stay.
    pub async fn sweep(&self) -> Result<u64> {
        let mut removed = 0;
        for shard in shards() {
            let found = self.folder.in_shard(&shard).await?;
            if found.is_empty() {
                continue;
            }
            let (from, to) = shard_range(&shard);
            let used = self
                .store
                .read(move |r| store::records::objects::contents_between(r, &from, &to))
                .await?;
            for id in found.iter().filter(|id| used.binary_search(id).is_err()) {
                tracing::info!(%id, "removing a file that no object uses");
                self.folder.remove(id).await;
                removed += 1;
            }
        }
        Ok(removed)
    }
}
