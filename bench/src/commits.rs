//! How many rows share one sync to disk: the store alone, in this process.

use store::{Config, Store, done, records::facts};
use testkit::Folder;

use crate::load::count;

const WRITERS: usize = 64;
const WRITES_EACH: usize = 100;

/// Rows a commit, with [`WRITERS`] writers that each wait for their acknowledgement.
pub async fn rows_a_sync() -> Result<f64, String> {
    let folder = Folder::new().map_err(|error| error.to_string())?;
    let store = Store::open(Config::Sqlite {
        path: folder.path().join("db"),
    })
    .map_err(|error| error.to_string())?;
    store
        .migrate(kernel::Timestamp::from_secs(0))
        .await
        .map_err(|error| error.to_string())?;
    let before = store.stats();
    let mut writers = Vec::with_capacity(WRITERS);
    for writer in 0..WRITERS {
        let store = store.clone();
        writers.push(tokio::spawn(async move {
            for n in 0..WRITES_EACH {
                let name = format!("{writer}-{n}");
                let written = store.write(move |tx| done(facts::set_fact(tx, &name, "")?)).await;
                written
                    .map_err(|error| error.to_string())?
                    .map_err(|error| error.to_string())?;
            }
            Ok::<(), String>(())
        }));
    }
    for writer in writers {
        writer.await.map_err(|error| error.to_string())??;
    }
    let commits = usize::try_from(store.stats().commits - before.commits).unwrap_or(usize::MAX);
    store.close().await;
    Ok(count(WRITERS * WRITES_EACH) / count(commits.max(1)))
}
