//! The store alone, in this process: how many rows share one sync to disk, and what the rows of a sign-up cost.

use std::{fs, time::Duration};

use kernel::PoolId;
use store::{
    Config, Store,
    records::{facts, names, passwords, users},
};
use testkit::Folder;

use crate::{child, load::count, seed};

const WRITERS: usize = 64;
const WRITES_EACH: usize = 100;

/// Rows a commit, with [`WRITERS`] writers that each wait for their acknowledgement.
pub async fn rows_a_sync() -> Result<f64, String> {
    one_row_each(WRITERS).await.map(|(rows, _)| rows)
}

/// This process's CPU for a row that is on disk when it is acknowledged, with so many writers at a time.
pub async fn durable_row(writers: usize) -> Result<Duration, String> {
    one_row_each(writers).await.map(|(_, cpu)| cpu)
}

/// Rows a commit, and the CPU of each row.
async fn one_row_each(count_of_writers: usize) -> Result<(f64, Duration), String> {
    let folder = Folder::new().map_err(|error| error.to_string())?;
    let store = Store::open(Config::Sqlite {
        path: folder.path().join("db"),
    })
    .map_err(|error| error.to_string())?;
    store
        .migrate(kernel::Timestamp::from_secs(0))
        .await
        .map_err(|error| error.to_string())?;
    let before = (store.stats(), child::usage(std::process::id())?.cpu);
    let mut writers = Vec::with_capacity(count_of_writers);
    for writer in 0..count_of_writers {
        let store = store.clone();
        writers.push(tokio::spawn(async move {
            for n in 0..WRITES_EACH {
                let name = format!("{writer}-{n}");
                let written = store.write(move |tx| Ok(facts::set_fact(tx, &name, "")?)).await;
                written.map_err(|error| error.to_string())?;
            }
            Ok::<(), String>(())
        }));
    }
    for writer in writers {
        writer.await.map_err(|error| error.to_string())??;
    }
    let commits = usize::try_from(store.stats().commits - before.0.commits).unwrap_or(usize::MAX);
    let used = child::usage(std::process::id())?.cpu.saturating_sub(before.1);
    store.close().await;
    let rows = count_of_writers * WRITES_EACH;
    Ok((
        count(rows) / count(commits.max(1)),
        used / u32::try_from(rows).unwrap_or(1).max(1),
    ))
}

/// This process's CPU for the rows of one sign-up (user, name, password), with [`WRITERS`] at a time, and the bytes on disk.
pub async fn sign_ups() -> Result<(Duration, f64), String> {
    const EACH: usize = 800;
    let folder = Folder::new().map_err(|error| error.to_string())?;
    let path = folder.path().join("db");
    let store = Store::open(Config::Sqlite { path: path.clone() }).map_err(|error| error.to_string())?;
    store
        .migrate(kernel::Timestamp::from_secs(0))
        .await
        .map_err(|error| error.to_string())?;
    let before = child::usage(std::process::id())?.cpu;
    let mut writers = Vec::with_capacity(WRITERS);
    for writer in 0..WRITERS {
        let store = store.clone();
        writers.push(tokio::spawn(async move {
            for n in 0..EACH {
                let user = seed::user(&PoolId::new("us-east-1_bench"), writer * EACH + n);
                let password = passwords::Password {
                    secret: vec![7; 500],
                    history: None,
                    set_at: user.created,
                    version: 1,
                };
                let written = store.write(move |tx| {
                    names::claim(tx, &user.pool, &user.username, "username", &user.sub)?;
                    users::insert(tx, &user)?;
                    passwords::put(tx, &user.pool, &user.sub, &password)?;
                    Ok(())
                });
                written.await.map_err(|error| error.to_string())?;
            }
            Ok::<(), String>(())
        }));
    }
    for writer in writers {
        writer.await.map_err(|error| error.to_string())??;
    }
    let used = child::usage(std::process::id())?.cpu.saturating_sub(before);
    store.close().await;
    let bytes = fs::metadata(path).map_err(|error| error.to_string())?.len();
    let sign_ups = u32::try_from(WRITERS * EACH).unwrap_or(1).max(1);
    Ok((
        used / sign_ups,
        count(usize::try_from(bytes).unwrap_or(usize::MAX)) / f64::from(sign_ups),
    ))
}
