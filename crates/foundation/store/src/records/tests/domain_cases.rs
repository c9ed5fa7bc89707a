//! Domains and whose their keys are.

use kernel::PoolId;

use super::{pool, read, rows_of, write};
use crate::{
    Store,
    records::{
        domains::{self, Domain},
        pools,
    },
};

pub(super) fn prefix(pool: &PoolId, name: &str) -> Domain {
    Domain {
        pool: pool.clone(),
        kind: "prefix".to_owned(),
        domain: name.to_owned(),
        bare: true,
        version: 1,
        doc: "{}".to_owned(),
    }
}

pub(super) async fn a_domain_is_kept_as_written(store: &Store) {
    let id = pool("domains");
    let custom = Domain {
        kind: "custom".to_owned(),
        bare: false,
        ..prefix(&id, "auth.example.com")
    };
    let (first, second) = (prefix(&id, "staff"), custom.clone());
    assert!(write(store, move |tx| domains::insert(tx, &first)).await);
    assert!(write(store, move |tx| domains::insert(tx, &second)).await);
    let another = prefix(&id, "another");
    assert!(!write(store, move |tx| domains::insert(tx, &another)).await);

    let change = |doc: &'static str, version| {
        let changed = Domain { doc: doc.to_owned(), version, ..prefix(&pool("domains"), "staff") };
        write(store, move |tx| domains::update(tx, &changed))
    };
    assert!(!change("early", 2).await);
    assert!(change("new", 1).await);
    assert!(!change("late", 1).await);
    let renamed = Domain { version: 2, ..prefix(&id, "another") };
    assert!(!write(store, move |tx| domains::update(tx, &renamed)).await, "another has come in its place");

    let found = read(store, |r| domains::all(r, &pool("domains"))).await;
    let seen: Vec<_> = found
        .iter()
        .map(|domain| (domain.domain.as_str(), domain.bare, domain.version, domain.doc.as_str()))
        .collect();
    assert_eq!(seen, [("auth.example.com", false, 1, "{}"), ("staff", true, 2, "new")]);

    let delete = |kind: &'static str, name: &'static str| {
        write(store, move |tx| domains::delete(tx, &pool("domains"), kind, name))
    };
    assert!(!delete("custom", "staff").await);
    assert!(!delete("prefix", "another").await);
    assert!(delete("prefix", "staff").await);
    assert!(!delete("prefix", "staff").await);
    assert_eq!(read(store, |r| domains::all(r, &pool("domains"))).await.len(), 1);
}

pub(super) async fn a_key_has_one_owner(store: &Store) {
    let claim = |name, key: &'static str| write(store, move |tx| domains::claim(tx, key, &pool(name)));
    let owner = |key: &'static str| read(store, move |r| domains::owner(r, key));
    assert!(claim("holder", "staff.auth.eu-west-1").await);
    assert!(!claim("holder", "staff.auth.eu-west-1").await);
    assert!(!claim("rival", "staff.auth.eu-west-1").await);
    assert!(claim("rival", "staff.auth.us-east-1").await);
    assert_eq!(owner("staff.auth.eu-west-1").await, Some(pool("holder")));
    assert_eq!(owner("Staff.auth.eu-west-1").await, None, "bytewise");

    write(store, |tx| domains::release(tx, "staff.auth.eu-west-1", &pool("rival"))).await;
    assert_eq!(owner("staff.auth.eu-west-1").await, Some(pool("holder")), "nobody gives up what is another's");
    write(store, |tx| domains::release(tx, "staff.auth.eu-west-1", &pool("holder"))).await;
    assert!(claim("rival", "staff.auth.eu-west-1").await);
}

/// Of two that come at once one has the key, on either engine.
pub(super) async fn a_key_is_claimed_once(store: &Store) {
    for round in 0..8 {
        let claims: Vec<_> = (0..4)
            .map(|n| {
                let store = store.clone();
                tokio::spawn(async move {
                    let key = format!("raced-{round}");
                    let id = pool(&format!("racer{n}"));
                    write(&store, move |tx| domains::claim(tx, &key, &id)).await
                })
            })
            .collect();
        let mut claimed = 0;
        for claim in claims {
            claimed += i32::from(claim.await.unwrap());
        }
        assert_eq!(claimed, 1);
    }
}

pub(super) async fn a_deleted_pool_has_no_domain(store: &Store) {
    let id = pool("homeless");
    let key = id.clone();
    write(store, move |tx| {
        pools::insert(tx, &super::a_pool(&key))?;
        domains::claim(tx, "homeless.auth.eu-west-1", &key)?;
        domains::claim(tx, "homeless", &key)?;
        domains::insert(tx, &prefix(&key, "homeless"))?;
        Ok(())
    })
    .await;
    let key = id.clone();
    assert!(write(store, move |tx| pools::delete(tx, &key)).await);
    for table in [
        "SELECT COUNT(*) FROM domains WHERE pool = $1",
        "SELECT COUNT(*) FROM domain_owners WHERE pool = $1",
    ] {
        assert_eq!(rows_of(store, table, &id).await, 0, "{table}");
    }
    assert_eq!(read(store, |r| domains::owner(r, "homeless")).await, None);
}

pub(super) async fn domains_page_by_kind(store: &Store) {
    let (one, two) = (pool("kinds1"), pool("kinds2"));
    for (pool, name) in [(&one, "zz1"), (&two, "zz1")] {
        let domain = Domain { kind: "paged".to_owned(), ..prefix(pool, name) };
        assert!(write(store, move |tx| domains::insert(tx, &domain)).await);
    }
    let page = |after: (&'static str, String)| {
        read(store, move |r| domains::of_kind(r, "paged", (after.0, &after.1), 1))
    };
    let first = page(("", String::new())).await;
    assert_eq!(first, [("zz1".to_owned(), one.clone())]);
    let second = page(("zz1", one.to_string())).await;
    assert_eq!(second, [("zz1".to_owned(), two.clone())]);
    assert!(page(("zz1", two.to_string())).await.is_empty());
}
