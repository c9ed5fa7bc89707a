//! Many at once: shared commits, bounded lines, an orderly end.

use std::sync::mpsc;

use tokio::task::JoinSet;

use super::{ADD, Bed, PUT, n, on_both, put};
use crate::{Config, Limits, Read, Stop, Store, StoreError};

on_both!(
    a_full_line_refuses,
    waiting_writes_are_finished_at_the_end,
    who_stops_waiting_is_passed_over
);

/// Keeps one writing thread busy until the sender is dropped; ready once it is.
async fn block_a_writer(store: &Store) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (started, mut wait_for_start) = tokio::sync::mpsc::unbounded_channel();
    let store = store.clone();
    tokio::spawn(async move {
        let blocked = store.write(move |_| {
            // Nobody listens to the second run, if there is one.
            let _ = started.send(());
            let _ = held.recv();
            Ok(())
        });
        blocked.await
    });
    wait_for_start.recv().await.unwrap();
    release
}

fn spawn_writes(store: &Store, count: usize) -> JoinSet<Result<u64, Stop>> {
    spawn_writes_named(store, "thing", count)
}

fn spawn_writes_named(store: &Store, name: &'static str, count: usize) -> JoinSet<Result<u64, Stop>> {
    let mut calls = JoinSet::new();
    for i in 0..count {
        let store = store.clone();
        calls.spawn(async move {
            store
                .write(move |tx| Ok(tx.exec(PUT, (format!("{name} {i}"), 1))?))
                .await
        });
    }
    calls
}

async fn wait_until_waiting(store: &Store, count: u64) {
    while store.stats().waiting < count {
        tokio::task::yield_now().await;
    }
}

async fn all_done(mut calls: JoinSet<Result<u64, Stop>>) {
    while let Some(call) = calls.join_next().await {
        assert_eq!(call.unwrap().unwrap(), 1);
    }
}

#[tokio::test]
async fn writes_that_wait_together_share_a_commit() {
    for (batch, commits) in [(128, 1), (10, 7)] {
        let bed = Bed::sqlite();
        let store = bed
            .store_with(Limits {
                batch,
                ..Limits::default()
            })
            .await;
        let before = store.stats();
        let release = block_a_writer(&store).await;
        let calls = spawn_writes(&store, 64);
        wait_until_waiting(&store, 64).await;
        drop(release);
        all_done(calls).await;
        let after = store.stats();
        assert_eq!(
            (after.writes - before.writes, after.commits - before.commits),
            (65, commits)
        );
    }
}

#[tokio::test]
async fn one_that_fails_among_many_undoes_its_own_work_and_the_rest_share_the_commit() {
    let bed = Bed::sqlite();
    let store = bed.store().await;
    put(&store, "taken", 0).await;
    let before = store.stats();
    let release = block_a_writer(&store).await;
    let mut fails = JoinSet::new();
    let calls = spawn_writes(&store, 5);
    wait_until_waiting(&store, 5).await;
    fails.spawn({
        let store = store.clone();
        async move {
            let outcome = store.write(|tx| {
                tx.exec(PUT, ("undone", 1))?;
                Ok(tx.exec(PUT, ("taken", 1))?)
            });
            outcome.await
        }
    });
    wait_until_waiting(&store, 6).await;
    let more = spawn_writes_named(&store, "more", 5);
    wait_until_waiting(&store, 11).await;
    drop(release);
    all_done(calls).await;
    all_done(more).await;
    let outcome = fails.join_next().await.unwrap().unwrap();
    assert!(
        matches!(outcome, Err(Stop::Store(StoreError::Statement { .. }))),
        "{outcome:?}"
    );
    let after = store.stats();
    // The one that blocked and the five before it ran again with the one that failed; the five behind it have a commit of their own.
    assert_eq!((after.retries - before.retries, after.commits - before.commits), (7, 2));
    assert_eq!(after.writes - before.writes, 11);
    let undone = store
        .read(|r| r.value::<i64>("SELECT n FROM things WHERE name = $1", ("undone",)))
        .await;
    assert_eq!(undone.unwrap(), None);
}

/// The figure of the issue: at least ten rows a sync at concurrency 64.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_callers_share_syncs() {
    let bed = Bed::sqlite();
    let store = bed.store().await;
    let before = store.stats();
    let mut calls = JoinSet::new();
    for caller in 0..64 {
        let store = store.clone();
        calls.spawn(async move {
            for i in 0..20 {
                let name = format!("{caller}/{i}");
                store.write(move |tx| Ok(tx.exec(PUT, (&name, 1))?)).await.unwrap();
            }
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }
    let after = store.stats();
    let (rows, commits) = (after.writes - before.writes, after.commits - before.commits);
    assert_eq!(rows, 64 * 20);
    assert!(rows >= 10 * commits, "{rows} rows in {commits} commits");
    let counted = store
        .read(|r| r.one::<(i64,)>("SELECT COUNT(*) FROM things", ()))
        .await
        .unwrap();
    assert_eq!(counted, Some((64 * 20,)));
}

#[tokio::test]
async fn the_database_is_for_its_owner_alone() {
    use std::os::unix::fs::MetadataExt;
    let bed = Bed::sqlite();
    let store = bed.store().await;
    put(&store, "a", 1).await;
    let Config::Sqlite { path } = &bed.config else { panic!() };
    let files: Vec<_> = path.parent().unwrap().read_dir().unwrap().map(Result::unwrap).collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600, "{file:?}");
    }
    let nowhere = Config::Sqlite {
        path: path.join("no/such.db"),
    };
    assert!(matches!(Store::open(nowhere).err(), Some(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn sqlite_is_set_to_survive_a_power_cut() {
    let bed = Bed::sqlite();
    let store = bed.store().await;
    for (pragma, expected) in [
        ("PRAGMA synchronous", 2i64),
        ("PRAGMA foreign_keys", 1),
        ("PRAGMA query_only", 0),
    ] {
        let found = store.write(move |tx| Ok(tx.one::<(i64,)>(pragma, ())?)).await.unwrap();
        assert_eq!(found, Some((expected,)), "{pragma}");
    }
    let mode = store
        .read(|r| r.one::<(String,)>("PRAGMA journal_mode", ()))
        .await
        .unwrap();
    assert_eq!(mode, Some(("wal".to_owned(),)));
}

async fn a_full_line_refuses(bed: Bed) {
    let store = bed
        .store_with(Limits {
            waiting: 2,
            writers: 1,
            ..Limits::default()
        })
        .await;
    let release = block_a_writer(&store).await;
    let calls = spawn_writes(&store, 2);
    wait_until_waiting(&store, 2).await;
    let refused = store.write(|tx| Ok(tx.exec(PUT, ("more", 1))?)).await;
    assert!(
        matches!(refused, Err(Stop::Store(StoreError::Overloaded))),
        "{refused:?}"
    );
    // Readers have a line of their own.
    assert_eq!(n(&store, "more").await, None);
    drop(release);
    all_done(calls).await;
    put(&store, "more", 2).await;
}

async fn waiting_writes_are_finished_at_the_end(bed: Bed) {
    let store = bed
        .store_with(Limits {
            writers: 1,
            ..Limits::default()
        })
        .await;
    let release = block_a_writer(&store).await;
    let calls = spawn_writes(&store, 20);
    wait_until_waiting(&store, 20).await;
    let closing = tokio::spawn(store.clone().close());
    while !matches!(store.read(|_| Ok(())).await, Err(StoreError::Closed)) {
        tokio::task::yield_now().await;
    }
    drop(release);
    closing.await.unwrap();
    all_done(calls).await;
    let counted = bed
        .open()
        .read(|r| r.one::<(i64,)>("SELECT COUNT(*) FROM things", ()))
        .await
        .unwrap();
    assert_eq!(counted, Some((20,)));
}

async fn who_stops_waiting_is_passed_over(bed: Bed) {
    let store = bed
        .store_with(Limits {
            writers: 1,
            ..Limits::default()
        })
        .await;
    put(&store, "a", 0).await;
    let release = block_a_writer(&store).await;
    let abandoned = {
        let store = store.clone();
        tokio::spawn(async move { store.write(|tx| Ok(tx.exec(ADD, ("a",))?)).await })
    };
    wait_until_waiting(&store, 1).await;
    abandoned.abort();
    assert!(abandoned.await.unwrap_err().is_cancelled());
    drop(release);
    put(&store, "b", 0).await;
    assert_eq!(n(&store, "a").await, Some(0));
}
