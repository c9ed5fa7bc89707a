//! PostgreSQL's connection is cut: before COMMIT the closure runs again and counts once; during COMMIT nobody knows, and
//! it must not run again.

use super::{
    ADD, Bed, NOW, SCHEMA, n,
    proxy::{Cut, Proxy},
    put,
};
use crate::{Config, Limits, Read, Stop, Store, StoreError};

/// Statements are prepared once, so the proxy recognises their arguments.
const NAME: &str = "the counter";

/// One writer and one reader, through a proxy, with the row NAME of 0; and a store that goes around it.
async fn beds() -> Option<(Proxy, Store, Store)> {
    let bed = Bed::postgres()?;
    let Config::Postgres { url } = &bed.config else {
        return None;
    };
    let (proxy, through) = Proxy::before(url);
    let limits = Limits {
        writers: 1,
        readers: 1,
        ..Limits::default()
    };
    let store = Store::open_with(Config::Postgres { url: through }, limits).unwrap();
    store.migrate_to(SCHEMA, NOW).await.unwrap();
    put(&store, NAME, 0).await;
    // Then the reader has its connection too, so that those are counted which are made anew.
    assert_eq!(n(&store, NAME).await, Some(0));
    Some((proxy, store, bed.open()))
}

#[tokio::test]
async fn a_connection_lost_before_commit_is_made_anew_and_the_write_counts_once() {
    let Some((proxy, store, direct)) = beds().await else {
        return;
    };
    let moments = ["BEGIN", "the update", "the look-up"];
    let cases = moments
        .iter()
        .flat_map(|text| [(text, Cut::BeforeTheServerHears), (text, Cut::AfterTheServerAnswered)]);
    for ((moment, cut), round) in cases.zip(1..) {
        let connections = store.stats().connections;
        proxy.cut_once(moment, cut);
        let written = store
            .write(|tx| {
                let changed = tx.exec(
                    "UPDATE things SET n = n + 1, note = $1 WHERE name = $2",
                    ("the update", NAME),
                )?;
                let found = "SELECT n FROM things WHERE name = $1 AND note <> $2";
                Ok((changed, tx.one::<(i64,)>(found, (NAME, "the look-up"))?))
            })
            .await;
        assert_eq!(written.unwrap(), (1, Some((round,))), "{moment}");
        assert!(proxy.has_cut(), "{moment}");
        assert_eq!(store.stats().connections, connections + 1, "{moment}");
        assert_eq!(n(&direct, NAME).await, Some(round), "{moment}");
    }
    assert_eq!(store.stats().retries, 6);
}

#[tokio::test]
async fn a_connection_lost_during_commit_is_reported_and_never_repeated() {
    let Some((proxy, store, direct)) = beds().await else {
        return;
    };
    let (mut kept, retries) = (0, store.stats().retries);
    for (cut, happens) in [
        (Cut::BeforeTheServerHears, 0),
        (Cut::AfterTheServerAnswered, 1),
        (Cut::AfterTheServerAnswered, 1),
        (Cut::BeforeTheServerHears, 0),
    ] {
        proxy.cut_once("COMMIT", cut);
        let outcome = store.write(|tx| Ok(tx.exec(ADD, (NAME,))?)).await;
        assert!(
            matches!(outcome, Err(Stop::Store(StoreError::OutcomeUnknown(_)))),
            "{outcome:?}"
        );
        assert!(proxy.has_cut());
        kept += happens;
        assert_eq!(n(&direct, NAME).await, Some(kept));
    }
    assert_eq!(store.stats().retries, retries);
    store.write(|tx| Ok(tx.exec(ADD, (NAME,))?)).await.unwrap();
    assert_eq!(n(&direct, NAME).await, Some(kept + 1));
}

#[tokio::test]
async fn a_lost_reader_reads_again() {
    let Some((proxy, store, _direct)) = beds().await else {
        return;
    };
    for moment in ["BEGIN", NAME, "COMMIT"] {
        proxy.cut_once(moment, Cut::BeforeTheServerHears);
        assert_eq!(n(&store, NAME).await, Some(0), "{moment}");
        assert!(proxy.has_cut(), "{moment}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_at_once() {
    let Some(bed) = Bed::postgres() else { return };
    let Config::Postgres { url } = bed.config else { return };
    let outcome = Store::open(Config::Postgres {
        url: format!("{url}_of_another"),
    });
    assert!(matches!(outcome.err(), Some(StoreError::Unavailable(_))));
}
