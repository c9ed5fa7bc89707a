//! Identity providers of user pools.

use kernel::PoolId;

use super::{NOW, later, pool, read, write};
use crate::{
    Store,
    records::identity_providers::{self as providers, IdentityProvider},
};

pub(super) fn provider(pool: &PoolId, name: &str) -> IdentityProvider {
    IdentityProvider {
        pool: pool.clone(),
        name: name.to_owned(),
        created: NOW,
        modified: NOW,
        version: 1,
        doc: "{}".to_owned(),
        secret: vec![1],
    }
}

pub(super) async fn a_provider_changes_by_version(store: &Store) {
    let insert = |pool_name, name: &'static str| {
        write(store, move |tx| providers::insert(tx, &provider(&pool(pool_name), name)))
    };
    assert!(insert("providers", "Google").await);
    assert!(insert("providers", "google").await, "bytewise another");
    assert!(!insert("providers", "Google").await);
    assert!(insert("strangers", "Google").await, "a pool's own matter");

    let change = |name: &'static str| {
        let changed = IdentityProvider {
            created: later(9),
            modified: later(1),
            doc: "changed".to_owned(),
            secret: vec![0, 2],
            ..provider(&pool("providers"), name)
        };
        write(store, move |tx| providers::update(tx, &changed))
    };
    assert!(change("Google").await);
    assert!(!change("Google").await, "it is version 2 now");
    assert!(!change("Nobody").await);

    let all = || read(store, |r| providers::all(r, &pool("providers")));
    let found = all().await;
    let names: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.version)).collect();
    assert_eq!(names, [("Google", 2), ("google", 1)]);
    assert_eq!((found[0].doc.as_str(), found[0].secret.as_slice()), ("changed", [0, 2].as_slice()));
    assert_eq!((found[0].created, found[0].modified), (NOW, later(1)), "never created twice");
    assert_eq!(read(store, |r| providers::count(r, &pool("providers"))).await, 2);

    let delete = || write(store, |tx| providers::delete(tx, &pool("providers"), "Google"));
    assert!(delete().await);
    assert!(!delete().await);
    assert_eq!(all().await.len(), 1);
    let exists = |pool_name, name: &'static str| read(store, move |r| providers::exists(r, &pool(pool_name), name));
    assert!(!exists("providers", "Google").await);
    assert!(exists("strangers", "Google").await);
}

pub(super) async fn an_identifier_has_one_provider(store: &Store) {
    let claim = |pool_name, identifier: &'static str, name: &'static str| {
        write(store, move |tx| providers::claim_identifier(tx, &pool(pool_name), identifier, name))
    };
    let holder = |identifier: &'static str| read(store, move |r| providers::holder(r, &pool("identifiers"), identifier));
    assert!(claim("identifiers", "a.example.com", "Alpha").await);
    assert!(claim("identifiers", "also-a", "Alpha").await);
    assert!(!claim("identifiers", "a.example.com", "Beta").await);
    assert!(!claim("identifiers", "a.example.com", "Alpha").await);
    assert!(claim("identifiers", "A.example.com", "Beta").await, "bytewise another");
    assert!(claim("elsewhere", "a.example.com", "Beta").await, "a pool's own matter");
    assert_eq!(holder("a.example.com").await.as_deref(), Some("Alpha"));
    assert_eq!(holder("b.example.com").await, None);

    write(store, |tx| providers::release_identifiers(tx, &pool("identifiers"), "Alpha")).await;
    assert_eq!(holder("a.example.com").await, None);
    assert_eq!(holder("also-a").await, None);
    assert_eq!(holder("A.example.com").await.as_deref(), Some("Beta"));
    write(store, |tx| providers::delete(tx, &pool("identifiers"), "Beta")).await;
    assert_eq!(holder("A.example.com").await, None, "goes with its provider");
}
