//! Atomic, isolated, serialisable; a refusal is kept, a store error is not.

use std::sync::{
    Arc, Barrier,
    atomic::{AtomicBool, Ordering},
    mpsc,
};

use tokio::task::JoinSet;

use super::{ADD, Bed, PUT, n, n_of, on_both, put, refusal};
use crate::{Read, Stop, StoreError, retrying};

on_both!(
    an_acknowledged_write_is_read_at_once,
    data_outlives_the_store,
    a_refusal_keeps_what_it_wrote,
    who_is_too_late_keeps_nothing,
    who_is_too_late_begins_anew_with_what_was_quicker,
    a_store_error_undoes_its_own_closure_only,
    a_failed_statement_can_not_be_ignored,
    a_panic_undoes_its_own_closure_only,
    a_reader_sees_one_snapshot,
    a_reader_can_not_write,
    a_look_up_is_a_read,
    write_skew_is_refused_to_one,
    increments_are_never_lost,
    one_of_many_takes_a_unique_value,
);

async fn an_acknowledged_write_is_read_at_once(bed: Bed) {
    let store = bed.store().await;
    for round in 0..50i64 {
        let set = "INSERT INTO things (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = excluded.n";
        let inside = store.write(move |tx| {
            tx.exec(set, ("a", round))?;
            Ok(n_of(tx, "a")?)
        });
        assert_eq!(inside.await.unwrap(), Some(round));
        assert_eq!(n(&store, "a").await, Some(round));
    }
}

async fn data_outlives_the_store(bed: Bed) {
    let store = bed.store().await;
    put(&store, "a", 7).await;
    let other = store.clone();
    store.close().await;
    assert!(matches!(other.read(|r| n_of(r, "a")).await, Err(StoreError::Closed)));
    assert_eq!(n(&bed.open(), "a").await, Some(7));
}

async fn a_refusal_keeps_what_it_wrote(bed: Bed) {
    let store = bed.store().await;
    put(&store, "wrong codes", 0).await;
    for _ in 0..3 {
        let outcome: Result<(), Stop> = store
            .write(|tx| {
                tx.exec(ADD, ("wrong codes",))?;
                Err(refusal().into())
            })
            .await;
        assert!(matches!(outcome, Err(Stop::Refused(told)) if told.code() == refusal().code()));
    }
    store.close().await;
    assert_eq!(n(&bed.open(), "wrong codes").await, Some(3));
}

async fn who_is_too_late_keeps_nothing(bed: Bed) {
    let store = bed.store().await;
    for other in ["one", "two", "three"] {
        let late = store.write(|tx| {
            tx.exec(PUT, ("late", 1))?;
            Err::<(), Stop>(Stop::Raced)
        });
        let (late, ()) = tokio::join!(late, put(&store, other, 2));
        assert!(matches!(late, Err(Stop::Raced)), "{late:?}");
        assert_eq!((n(&store, "late").await, n(&store, other).await), (None, Some(2)));
    }
}

/// The others run beside it, on SQLite in the same transaction.
/// Four that each read, compute and write: whoever loses has lost to one of the other three, so nobody loses more than thrice.
async fn who_is_too_late_begins_anew_with_what_was_quicker(bed: Bed) {
    let store = bed.store().await;
    put(&store, "count", 0).await;
    for round in 1..=50 {
        let mut calls = JoinSet::new();
        for _ in 0..4 {
            let store = store.clone();
            calls.spawn(async move {
                retrying(|| async {
                    let seen = n(&store, "count").await.unwrap();
                    let write = move |tx: &mut crate::Tx<'_>| {
                        let now = tx.exec("UPDATE things SET n = n + 1 WHERE name = 'count' AND n = $1", (seen,))?;
                        if now == 1 { Ok(()) } else { Err(Stop::Raced) }
                    };
                    store.write(write).await
                })
                .await
            });
        }
        while let Some(outcome) = calls.join_next().await {
            outcome.unwrap().unwrap();
        }
        assert_eq!(n(&store, "count").await, Some(4 * round));
    }
}

async fn a_store_error_undoes_its_own_closure_only(bed: Bed) {
    let store = bed.store().await;
    put(&store, "taken", 0).await;
    let mut calls = JoinSet::new();
    for i in 0..30 {
        let store = store.clone();
        calls.spawn(async move {
            let outcome = store
                .write(move |tx| {
                    tx.exec(PUT, (format!("thing {i}"), 1))?;
                    if i % 3 == 0 {
                        tx.exec(PUT, ("taken", 1))?;
                    }
                    Ok(())
                })
                .await;
            (i, outcome)
        });
    }
    while let Some(call) = calls.join_next().await {
        let (i, outcome) = call.unwrap();
        assert_eq!(
            matches!(outcome, Err(Stop::Store(StoreError::Statement { .. }))),
            i % 3 == 0,
            "{i}: {outcome:?}"
        );
    }
    let kept: Vec<(String,)> = store
        .read(|r| r.rows("SELECT name FROM things WHERE n = $1 ORDER BY name", (1,)))
        .await
        .unwrap();
    let mut expected: Vec<_> = (0..30)
        .filter(|i| i % 3 != 0)
        .map(|i| (format!("thing {i}"),))
        .collect();
    expected.sort();
    assert_eq!(kept, expected);
}

async fn a_failed_statement_can_not_be_ignored(bed: Bed) {
    let store = bed.store().await;
    put(&store, "taken", 0).await;
    let outcome = store
        .write(|tx| {
            tx.exec(PUT, ("before", 1))?;
            assert!(tx.exec(PUT, ("taken", 1)).is_err());
            assert!(matches!(tx.exec(PUT, ("after", 1)), Err(StoreError::IgnoredFailure)));
            Ok(())
        })
        .await;
    assert!(
        matches!(outcome, Err(Stop::Store(StoreError::IgnoredFailure))),
        "{outcome:?}"
    );
    assert_eq!((n(&store, "before").await, n(&store, "after").await), (None, None));
    put(&store, "next", 1).await;
}

async fn a_panic_undoes_its_own_closure_only(bed: Bed) {
    let store = bed.store().await;
    for _ in 0..10 {
        let outcome: Result<(), Stop> = store
            .write(|tx| {
                tx.exec(PUT, ("a", 1))?;
                panic!("on purpose")
            })
            .await;
        assert!(
            matches!(outcome, Err(Stop::Store(StoreError::Panicked(ref text))) if text == "on purpose"),
            "{outcome:?}"
        );
        let outcome: Result<(), _> = store.read(|_| panic!("on purpose")).await;
        assert!(matches!(outcome, Err(StoreError::Panicked(_))), "{outcome:?}");
    }
    assert_eq!(n(&store, "a").await, None);
    put(&store, "a", 2).await;
    assert_eq!(n(&store, "a").await, Some(2));
}

async fn a_reader_sees_one_snapshot(bed: Bed) {
    let store = bed.store().await;
    put(&store, "a", 0).await;
    let (first_seen, wait_for_first) = tokio::sync::oneshot::channel();
    let first_seen = std::sync::Mutex::new(Some(first_seen));
    let (written, wait_for_write) = mpsc::channel();
    let reading = store.read(move |r| {
        let first = n_of(r, "a")?;
        if let Some(first_seen) = first_seen.lock().unwrap().take() {
            first_seen.send(()).unwrap();
            wait_for_write.recv().unwrap();
        }
        Ok((first, n_of(r, "a")?))
    });
    let writing = async {
        wait_for_first.await.unwrap();
        store.write(|tx| Ok(tx.exec(ADD, ("a",))?)).await.unwrap();
        written.send(()).unwrap();
    };
    let (seen, ()) = tokio::join!(reading, writing);
    assert_eq!(seen.unwrap(), (Some(0), Some(0)));
    assert_eq!(n(&store, "a").await, Some(1));
}

async fn a_reader_can_not_write(bed: Bed) {
    let store = bed.store().await;
    let outcome = store
        .read(|r| r.rows::<(i64,)>("INSERT INTO things (name, n) VALUES ('a', 1) RETURNING n", ()))
        .await;
    assert!(matches!(outcome, Err(StoreError::Statement { .. })), "{outcome:?}");
    assert_eq!(n(&store, "a").await, None);
}

async fn a_look_up_is_a_read(bed: Bed) {
    let store = bed.store().await;
    for round in 0..50i64 {
        let name = format!("thing {round}");
        let (put, looked) = (name.clone(), name.clone());
        let written = store.write(move |tx| Ok(tx.exec(PUT, (put.as_str(), round))?)).await;
        written.unwrap();
        let found = store.look_up(move |r| n_of(r, &looked)).await.unwrap();
        assert_eq!(found, Some(round), "{name} was acknowledged");
    }
    let writes = store
        .look_up(|r| r.rows::<(i64,)>("DELETE FROM things RETURNING n", ()))
        .await;
    assert!(matches!(writes, Err(StoreError::Statement { .. })), "{writes:?}");
    let panics = store.look_up(|_| -> Result<(), StoreError> { panic!("boom") }).await;
    assert!(matches!(panics, Err(StoreError::Panicked(_))), "{panics:?}");
    let found = store.look_up(|r| n_of(r, "thing 7")).await;
    assert_eq!(found.unwrap(), Some(7), "a connection is as good as before");
    let other = store.clone();
    store.close().await;
    assert!(matches!(
        other.look_up(|r| n_of(r, "thing 7")).await,
        Err(StoreError::Closed)
    ));
}

/// Each of two on call may leave while the other stays: read what the other writes, write what the other reads.
async fn write_skew_is_refused_to_one(bed: Bed) {
    let store = bed.store().await;
    for (ana, ben) in [("a1", "b1"), ("a2", "b2"), ("a3", "b3"), ("a4", "b4"), ("a5", "b5")] {
        put(&store, ana, 1).await;
        put(&store, ben, 1).await;
        // Both have read before either writes, wherever two can be under way.
        let both_have_read = bed.writes_concurrently().then(|| Arc::new(Barrier::new(2)));
        let leave = |me: &'static str, other: &'static str| {
            let (both_have_read, first_run) = (both_have_read.clone(), AtomicBool::new(true));
            store.write(move |tx| {
                let other_stays = n_of(tx, other)? == Some(1);
                if let Some(barrier) = &both_have_read
                    && first_run.swap(false, Ordering::Relaxed)
                {
                    barrier.wait();
                }
                if !other_stays {
                    return Err(refusal().into());
                }
                tx.exec("UPDATE things SET n = 0 WHERE name = $1", (me,))?;
                Ok(())
            })
        };
        let (one, two) = tokio::join!(leave(ana, ben), leave(ben, ana));
        assert_eq!([allowed(one), allowed(two)].iter().filter(|left| **left).count(), 1);
        assert_eq!(n(&store, ana).await.unwrap() + n(&store, ben).await.unwrap(), 1);
    }
    assert_eq!(store.stats().retries >= 5, bed.writes_concurrently());
}

async fn increments_are_never_lost(bed: Bed) {
    let store = bed.store().await;
    put(&store, "count", 0).await;
    let mut calls = JoinSet::new();
    for _ in 0..40 {
        let store = store.clone();
        calls.spawn(async move {
            store
                .write(|tx| {
                    let seen = n_of(tx, "count")?.ok_or(StoreError::IgnoredFailure)?;
                    Ok(tx.exec("UPDATE things SET n = $1 WHERE name = $2", (seen + 1, "count"))?)
                })
                .await
        });
    }
    while let Some(call) = calls.join_next().await {
        assert_eq!(call.unwrap().unwrap(), 1);
    }
    assert_eq!(n(&store, "count").await, Some(40));
}

async fn one_of_many_takes_a_unique_value(bed: Bed) {
    let store = bed.store().await;
    let mut calls = JoinSet::new();
    for owner in 0..24i64 {
        let store = store.clone();
        calls.spawn(async move {
            store
                .write(move |tx| {
                    let claim = "INSERT INTO things (name, n) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
                    if tx.exec(claim, ("ana", owner))? == 0 {
                        Err(refusal().into())
                    } else {
                        Ok(owner)
                    }
                })
                .await
        });
    }
    let mut owners = Vec::new();
    while let Some(call) = calls.join_next().await {
        match call.unwrap() {
            Ok(owner) => owners.push(owner),
            Err(stop) => assert!(matches!(stop, Stop::Refused(_)), "{stop:?}"),
        }
    }
    assert_eq!(owners.len(), 1);
    assert_eq!(n(&store, "ana").await, owners.first().copied());
}

/// Whether it was done, or else refused: no error of the store is either.
fn allowed(outcome: Result<(), Stop>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(Stop::Refused(_)) => false,
        Err(stop) => panic!("{stop}"),
    }
}
