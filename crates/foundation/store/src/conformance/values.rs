//! Values, placeholders, order and counts are the same on both engines.

use kernel::{PoolId, Timestamp};

use super::{Bed, PUT, on_both, put};
use crate::{Read, StoreError, Value};

on_both!(
    values_come_back_as_they_were,
    placeholders_go_where_they_say,
    text_is_ordered_by_bytes,
    changes_are_counted,
    a_cell_of_another_kind_is_an_error,
    the_number_of_arguments_must_fit,
    lookups_by_key_are_explained,
);

type Thing = (PoolId, Timestamp, Option<String>, Option<Vec<u8>>, Option<bool>);
const ALL: &str = "SELECT name, n, note, raw, flag FROM things ORDER BY name";

async fn values_come_back_as_they_were(bed: Bed) {
    let store = bed.store().await;
    let things: Vec<Thing> = vec![
        (PoolId::new("a"), Timestamp::from_millis(i64::MAX), None, None, None),
        (
            PoolId::new("b"),
            Timestamp::from_millis(i64::MIN),
            Some("naïve 'x'; ✓".to_owned()),
            Some(vec![]),
            Some(true),
        ),
        (
            PoolId::new("c"),
            Timestamp::from_millis(0),
            Some(String::new()),
            Some(vec![0, 255, 39]),
            Some(false),
        ),
    ];
    let written = things.clone();
    let write = move |tx: &mut crate::Tx<'_>| {
        for (name, n, note, raw, flag) in &written {
            tx.exec(
                "INSERT INTO things (name, n, note, raw, flag) VALUES ($1, $2, $3, $4, $5)",
                (name, *n, note.as_deref(), raw.clone(), *flag),
            )?;
        }
        Ok(())
    };
    store.write(write).await.unwrap();
    assert_eq!(store.read(|r| r.rows::<Thing>(ALL, ())).await.unwrap(), things);

    let flagged: Vec<(String,)> = store
        .read(|r| r.rows("SELECT name FROM things WHERE flag = TRUE", ()))
        .await
        .unwrap();
    assert_eq!(flagged, [("b".to_owned(),)]);
    let (exists, count): (bool, i64) = store
        .read(|r| {
            r.one(
                "SELECT EXISTS (SELECT 1 FROM things WHERE flag = $1), COUNT(*) FROM things",
                (false,),
            )
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!((exists, count), (true, 3));
}

/// SQLite alone would number `$n` by first appearance.
async fn placeholders_go_where_they_say(bed: Bed) {
    let store = bed.store().await;
    for (sql, arguments, expected) in [
        ("SELECT 10 * $2 + CAST($1 AS BIGINT)", vec![1, 2], 21),
        (
            "SELECT 100 * CAST($3 AS BIGINT) + 10 * CAST($1 AS BIGINT) + CAST($2 AS BIGINT)",
            vec![1, 2, 3],
            312,
        ),
        (
            "SELECT 100 * CAST($2 AS BIGINT) + 10 * CAST($1 AS BIGINT) + CAST($2 AS BIGINT)",
            vec![1, 2],
            212,
        ),
        (
            "SELECT CASE WHEN '$2' = '$1' THEN 0 ELSE CAST($1 AS BIGINT) END -- $2",
            vec![7],
            7,
        ),
    ] {
        let found = store
            .read(move |r| {
                let values: Vec<Value> = arguments.iter().map(|n| Value::Int(*n)).collect();
                r.one::<(i64,)>(sql, &values)
            })
            .await;
        assert_eq!(found.unwrap(), Some((expected,)), "{sql}");
    }
    put(&store, "a", 1).await;
    let changed = store.write(|tx| {
        Ok(tx.exec(
            "UPDATE things SET note = $4, n = $3 WHERE name = $1 AND n = $2",
            ("a", 1, 2, "new"),
        )?)
    });
    assert_eq!(changed.await.unwrap(), 1);
    let found = store.read(|r| r.one::<(i64, String)>("SELECT n, note FROM things WHERE name = $1", ("a",)));
    assert_eq!(found.await.unwrap(), Some((2, "new".to_owned())));
}

async fn text_is_ordered_by_bytes(bed: Bed) {
    let store = bed.store().await;
    for name in ["b", "B", "_", "é", "a", "Z", "a b", "ab", "a-c"] {
        put(&store, name, 0).await;
    }
    let names: Vec<(String,)> = store
        .read(|r| r.rows("SELECT name FROM things ORDER BY name", ()))
        .await
        .unwrap();
    assert!(
        names.is_sorted_by(|(a,), (b,)| a.as_bytes() < b.as_bytes()),
        "{names:?}"
    );
    let upper: Vec<(String,)> = store
        .read(|r| {
            r.rows(
                "SELECT name FROM things WHERE name >= $1 AND name < $2 ORDER BY name",
                ("A", "a"),
            )
        })
        .await
        .unwrap();
    assert_eq!(upper.into_iter().map(|(name,)| name).collect::<String>(), "BZ_");
}

async fn changes_are_counted(bed: Bed) {
    let store = bed.store().await;
    let counts = store.write(|tx| {
        let offer = "INSERT INTO things (name, n) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        let upsert = "INSERT INTO things (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = excluded.n";
        let first = tx.exec(offer, ("a", 1))?;
        let second = tx.exec(offer, ("a", 2))?;
        let third = tx.exec(upsert, ("a", 3))?;
        tx.exec(PUT, ("b", 1))?;
        let same = tx.exec("UPDATE things SET n = n", ())?;
        let returned = tx.rows::<(i64,)>("UPDATE things SET n = n + $1 WHERE name = $2 RETURNING n", (10, "a"))?;
        let gone = tx.exec("DELETE FROM things WHERE name = $1", ("nobody",))?;
        Ok((vec![first, second, third, same, gone], returned))
    });
    assert_eq!(counts.await.unwrap(), (vec![1, 0, 1, 2, 0], vec![(13,)]));
}

async fn a_cell_of_another_kind_is_an_error(bed: Bed) {
    let store = bed.store().await;
    put(&store, "a", 2).await;
    let as_text = store.read(|r| r.one::<(String,)>("SELECT n FROM things", ())).await;
    assert!(
        matches!(as_text, Err(StoreError::Column { column: 0, .. })),
        "{as_text:?}"
    );
    let as_flag = store
        .read(|r| r.one::<(String, bool)>("SELECT name, n FROM things", ()))
        .await;
    assert!(
        matches!(as_flag, Err(StoreError::Column { column: 1, .. })),
        "{as_flag:?}"
    );
    let nothing = store.read(|r| r.one::<(String,)>("SELECT note FROM things", ())).await;
    assert!(matches!(nothing, Err(StoreError::Column { .. })), "{nothing:?}");
    let too_far = store.read(|r| r.one::<(i64, i64)>("SELECT n FROM things", ())).await;
    assert!(
        matches!(too_far, Err(StoreError::Column { column: 1, .. })),
        "{too_far:?}"
    );
}

async fn the_number_of_arguments_must_fit(bed: Bed) {
    let store = bed.store().await;
    let one = store
        .read(|r| r.rows::<(i64,)>("SELECT n FROM things WHERE n = $1 AND name = $2", (1,)))
        .await;
    assert!(matches!(one, Err(StoreError::Statement { .. })), "{one:?}");
    let two = store
        .read(|r| r.rows::<(i64,)>("SELECT n FROM things WHERE n = $1", (1, 2)))
        .await;
    assert!(matches!(two, Err(StoreError::Statement { .. })), "{two:?}");
}

async fn lookups_by_key_are_explained(bed: Bed) {
    let store = bed.store().await;
    let plan = |sql, value: Value| {
        let store = store.clone();
        async move { store.explain(sql, vec![value]).await.unwrap().join("\n") }
    };
    let by_key = plan("SELECT n FROM things WHERE name = $1", "a".into()).await;
    assert!(by_key.to_lowercase().contains("index"), "{by_key}");
    let by_note = plan("UPDATE things SET n = 0 WHERE note = $1", "a".into()).await;
    assert!(
        by_note.contains("SCAN things") || by_note.contains("Seq Scan"),
        "{by_note}"
    );
}
