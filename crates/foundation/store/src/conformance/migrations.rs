//! Migrations are applied once, by one node, and never to a database that another program shaped.

use kernel::{IdentityId, IdentityPoolId, PoolId, Sub};

use super::{Bed, NOW, SCHEMA, on_both};
use crate::{
    Read, Store, StoreError, Value,
    records::{client_secrets, identities, pools, sessions, users},
    schema::{BASELINE, MIGRATIONS, Migrations},
};

on_both!(
    each_is_applied_once_and_remembered,
    an_altered_one_is_refused,
    a_newer_database_is_refused,
    one_that_fails_leaves_nothing,
    nodes_may_start_together,
    the_embedded_ones_apply,
    a_new_database_is_as_if_it_had_been_migrated,
    users_of_before_are_folded_for_the_search,
    what_was_a_number_becomes_true_or_false,
    issuers_of_before_are_found_beside_their_settings,
    secrets_of_before_have_rows_of_their_own,
);

const TWO: Migrations = &[
    SCHEMA[0],
    (
        "0002_more",
        "CREATE TABLE more (id {key} PRIMARY KEY, raw {blob}); DROP TABLE things;",
    ),
];

fn complaint(outcome: Result<Vec<String>, StoreError>) -> String {
    match outcome {
        Err(StoreError::Migration(text)) => text,
        other => panic!("{other:?}"),
    }
}

async fn each_is_applied_once_and_remembered(bed: Bed) {
    let store = bed.open();
    assert_eq!(store.migrate_to(SCHEMA, NOW).await.unwrap(), ["0001_things"]);
    assert_eq!(store.migrate_to(SCHEMA, NOW).await.unwrap(), [""; 0]);
    assert_eq!(store.migrate_to(TWO, NOW).await.unwrap(), ["0002_more"]);
    store.close().await;
    let store = bed.open();
    assert_eq!(store.migrate_to(TWO, NOW).await.unwrap(), [""; 0]);
    let rows = store.read(|r| r.rows::<(String, i64)>("SELECT name, applied_at FROM migrations ORDER BY name", ()));
    let expected = ["0001_things", "0002_more"].map(|name| (name.to_owned(), NOW.millis()));
    assert_eq!(rows.await.unwrap(), expected);
}

async fn an_altered_one_is_refused(bed: Bed) {
    const ALTERED: Migrations = &[
        ("0001_things", "CREATE TABLE things (name {key} NOT NULL PRIMARY KEY)"),
        TWO[1],
    ];
    let store = bed.store().await;
    assert!(complaint(store.migrate_to(ALTERED, NOW).await).starts_with("0001_things was altered"));
    assert_eq!(store.migrate_to(TWO, NOW).await.unwrap(), ["0002_more"]);
}

async fn a_newer_database_is_refused(bed: Bed) {
    const OTHER: Migrations = &[("0001_else", "CREATE TABLE other (id {key} PRIMARY KEY)"), TWO[1]];
    const BACKWARDS: Migrations = &[TWO[1], TWO[0]];
    let store = bed.open();
    store.migrate_to(TWO, NOW).await.unwrap();
    assert!(complaint(store.migrate_to(SCHEMA, NOW).await).contains("has 0002_more"));
    assert!(complaint(store.migrate_to(OTHER, NOW).await).contains("has 0001_things"));
    assert!(complaint(store.migrate_to(BACKWARDS, NOW).await).contains("order"));
}

async fn one_that_fails_leaves_nothing(bed: Bed) {
    const BROKEN: Migrations = &[
        SCHEMA[0],
        (
            "0002_more",
            "CREATE TABLE more (id {key} PRIMARY KEY); INSERT INTO nowhere VALUES (1);",
        ),
    ];
    let store = bed.open();
    let outcome = store.migrate_to(BROKEN, NOW).await;
    assert!(matches!(outcome, Err(StoreError::Statement { .. })), "{outcome:?}");
    // A new database is made whole or not at all.
    assert_eq!(store.migrate_to(SCHEMA, NOW).await.unwrap(), ["0001_things"]);
    let outcome = store.migrate_to(BROKEN, NOW).await;
    assert!(matches!(outcome, Err(StoreError::Statement { .. })), "{outcome:?}");
    // The first stays, and of the second not even its table.
    assert_eq!(store.migrate_to(TWO, NOW).await.unwrap(), ["0002_more"]);
}

async fn nodes_may_start_together(bed: Bed) {
    let nodes = [bed.open(), bed.open(), bed.open(), bed.open()];
    let [a, b, c, d] = nodes.each_ref().map(|node| node.migrate_to(TWO, NOW));
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    let mut applied = [a, b, c, d].map(Result::unwrap).concat();
    applied.sort();
    assert_eq!(applied, ["0001_things", "0002_more"]);
}

async fn the_embedded_ones_apply(bed: Bed) {
    let names: Vec<&str> = MIGRATIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(bed.open().migrate(NOW).await.unwrap(), names);
}

/// Tables, columns in order, and indexes. What differs per engine is where it tells of them.
async fn shape(store: &Store, bed: &Bed) -> Vec<(String, String, String)> {
    const SQLITE: &str = "SELECT t.name, c.name,
            c.cid || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || coalesce(c.dflt_value, '-') || ' ' || c.pk
        FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'
        UNION ALL SELECT t.name, i.name || ' ' || x.seqno, i.\"unique\" || i.origin || i.partial || ' ' || coalesce(x.name, '-')
            || ' ' || x.coll || ' ' || coalesce((SELECT sql FROM sqlite_schema s WHERE s.name = i.name), '-')
        FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) x WHERE t.type = 'table'
        ORDER BY 1, 2";
    const POSTGRES: &str =
        "SELECT table_name::TEXT, column_name::TEXT, concat_ws(' ', data_type, is_nullable, column_default,
            collation_name, rank() OVER (PARTITION BY table_name ORDER BY ordinal_position))
        FROM information_schema.columns WHERE table_schema = current_schema()
        UNION ALL SELECT tablename::TEXT, indexname::TEXT, indexdef FROM pg_indexes WHERE schemaname = current_schema()
        ORDER BY 1, 2";
    let sql = if bed.writes_concurrently() { POSTGRES } else { SQLITE };
    store.read(move |r| r.rows(sql, ())).await.unwrap()
}

async fn a_new_database_is_as_if_it_had_been_migrated(bed: Bed) {
    let other = if bed.writes_concurrently() {
        Bed::postgres().unwrap()
    } else {
        Bed::sqlite()
    };
    let at = MIGRATIONS.iter().position(|(name, _)| *name == BASELINE.0).unwrap();
    let (made, migrated) = (bed.open(), other.open());
    made.migrate_to(&MIGRATIONS[..=at], NOW).await.unwrap();
    migrated.migrate_to(&MIGRATIONS[..at], NOW).await.unwrap();
    migrated.migrate_to(&MIGRATIONS[..=at], NOW).await.unwrap();
    let expected = shape(&migrated, &other).await;
    assert!(expected.len() > 200, "{}", expected.len());
    assert_eq!(shape(&made, &bed).await, expected);
}

/// More than a page of the step, with and without case, ASCII and not, and without the attribute.
async fn users_of_before_are_folded_for_the_search(bed: Bed) {
    const INSERT: &str =
        "INSERT INTO users (pool, sub, username, status, enabled, email, given_name, created, modified,
        version, doc) VALUES ($1, $2, $3, $4, 1, $5, $6, 0, 0, 7, $7)";
    let at = MIGRATIONS
        .iter()
        .position(|(name, _)| *name == "0008_folded_search")
        .unwrap();
    let store = bed.open();
    store.migrate_to(&MIGRATIONS[..at], NOW).await.unwrap();
    let written = store.write(|tx| {
        for n in 0..1002 {
            let (pool, sub) = (format!("p{}", n / 1001), format!("{n:04}"));
            let email = (n % 2 == 0).then(|| format!("ANN{n}@ÉXAMPLE.com"));
            let values = [
                pool.into(),
                sub.into(),
                "Ann".into(),
                "CONFIRMED".into(),
                email.into(),
                Value::from("ΖΩΉ\u{130}"),
                "{}".into(),
            ];
            tx.exec(INSERT, values.as_slice())?;
        }
        Ok(())
    });
    written.await.unwrap();
    let applied = store.migrate(NOW).await.unwrap();
    assert_eq!(applied[0], "0008_folded_search");
    let rows = store.read(|r| {
        r.rows::<(String, Option<String>, String, i64)>(
            "SELECT username, email, given_name, version FROM users ORDER BY pool, sub",
            (),
        )
    });
    let rows = rows.await.unwrap();
    assert_eq!(rows.len(), 1002);
    for (n, (username, email, given_name, version)) in rows.into_iter().enumerate() {
        let expected = (n % 2 == 0).then(|| format!("ann{n}@éxample.com"));
        assert_eq!((email, given_name.as_str()), (expected, "ζωή\u{130}"), "{n}");
        assert_eq!((username.as_str(), version), ("Ann", 7), "{n}");
    }
}

async fn what_was_a_number_becomes_true_or_false(bed: Bed) {
    const INSERTS: [&str; 3] = [
        "INSERT INTO users (pool, sub, username, status, enabled, created, modified, version, doc)
         VALUES ($1, 'a', 'a', 'CONFIRMED', $2, 0, 0, 1, '{\"attributes\":{}}')",
        "INSERT INTO sessions (pool, family, sub, client, token, created, used_at, expires, revoked, doc)
         VALUES ($1, 'f', 'a', 'c', $3, 0, 0, 0, $2, '{\"auth_time\":0,\"event_id\":\"\",\"scope\":\"\"}')",
        "INSERT INTO identities (pool, identity, created, modified, enabled, authenticated, version, doc)
         VALUES ($1, 'i', 0, 0, $2, $3, 1, '{\"logins\":[]}')",
    ];
    let store = bed.open();
    let at = MIGRATIONS
        .iter()
        .position(|(name, _)| *name == "0010_booleans")
        .unwrap();
    store.migrate_to(&MIGRATIONS[..at], NOW).await.unwrap();
    let written = store.write(|tx| {
        for pool in [0_i64, 1] {
            let name = pool.to_string();
            tx.exec(INSERTS[0], (&name, pool))?;
            tx.exec(INSERTS[1], (&name, pool, b"t"))?;
            tx.exec(INSERTS[2], (&name, pool, 1 - pool))?;
        }
        Ok(())
    });
    written.await.unwrap();
    store.migrate(NOW).await.unwrap();
    let read = store.read(|r| {
        let mut found = Vec::new();
        for pool in ["0", "1"] {
            let user = users::by_sub(r, &PoolId::new(pool), &Sub::new("a"))?.unwrap();
            let session = sessions::by_family(r, &PoolId::new(pool), "f")?.unwrap();
            let identity = identities::by_id(r, &IdentityPoolId::new(pool), &IdentityId::new("i"))?.unwrap();
            found.push([user.enabled, session.revoked, identity.enabled, identity.authenticated]);
        }
        Ok(found)
    });
    let expected = [[false, false, false, true], [true, true, true, false]];
    assert_eq!(read.await.unwrap(), expected);
}

async fn issuers_of_before_are_found_beside_their_settings(bed: Bed) {
    const INSERT: &str = "INSERT INTO pools (pool, account, region, created, modified, version, doc)
         VALUES ($1, 'a', 'r', 0, 0, 7, $2)";
    let cases = [
        ("none", r#"{"UserPoolTags":{"team":"blue"}}"#, None, false),
        (
            "tag",
            r#"{"UserPoolTags":{"poolhouse:issuer":"aws"}}"#,
            Some("aws"),
            false,
        ),
        ("updated", r#"{"IssuerConfiguration":{"Type":"UPDATED"}}"#, None, true),
        (
            "original",
            r#"{"IssuerConfiguration":{"Type":"ORIGINAL"}}"#,
            None,
            false,
        ),
    ];
    let store = bed.open();
    let at = MIGRATIONS
        .iter()
        .position(|(name, _)| *name == "0012_pool_issuers")
        .unwrap();
    store.migrate_to(&MIGRATIONS[..at], NOW).await.unwrap();
    let written = store.write(move |tx| {
        for (pool, doc, ..) in cases {
            tx.exec(INSERT, (pool, doc))?;
        }
        Ok(())
    });
    written.await.unwrap();
    store.migrate(NOW).await.unwrap();
    for (pool, _, issuer, updated) in cases {
        let read = store.read(move |r| pools::issuer(r, pool)).await.unwrap();
        assert_eq!(read, Some((issuer.map(str::to_owned), updated)), "{pool}");
    }
}

/// A pinned id may be as long as the API takes the id of a secret.
async fn secrets_of_before_have_rows_of_their_own(bed: Bed) {
    const INSERT: &str = "INSERT INTO clients (pool, client, created, modified, version, secret, doc)
         VALUES ('p', $1, $2, 0, 1, $3, '{}')";
    let store = bed.open();
    let at = MIGRATIONS
        .iter()
        .position(|(name, _)| *name == "0021_client_secrets")
        .unwrap();
    store.migrate_to(&MIGRATIONS[..at], NOW).await.unwrap();
    let long = "c".repeat(128);
    let names = [long.clone(), "public".to_owned(), "web".to_owned()];
    let written = store.write(move |tx| {
        for name in &names {
            let secret = (name != "public").then_some([0, 255].as_slice());
            tx.exec(INSERT, (name, NOW, secret))?;
        }
        Ok(())
    });
    written.await.unwrap();
    store.migrate(NOW).await.unwrap();
    let found = store.read(|r| client_secrets::all(r, &PoolId::new("p"))).await.unwrap();
    let expected = [
        (long.as_str(), format!("{}--{}", &long[..112], NOW.millis())),
        ("web", format!("web--{}", NOW.millis())),
    ];
    assert_eq!(found.len(), expected.len());
    for (found, (client, id)) in found.into_iter().zip(expected) {
        assert_eq!((found.client.as_str(), found.id), (client, id));
        assert_eq!((found.created, found.secret.as_slice()), (NOW, [0, 255].as_slice()));
    }
}
