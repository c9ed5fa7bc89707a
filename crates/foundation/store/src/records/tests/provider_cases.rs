//! Identity providers of user pools.

use kernel::PoolId;

use super::{NOW, later, pool, read, write};
use crate::{
    Store,
    records::{
        identity_providers::{self as providers, IdentityProvider},
        provider_documents::{self as documents, ProviderDocument},
        saml_keys::{self, OWN, SamlKey},
    },
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

pub(super) fn saml_key(pool: &PoolId, provider: &str) -> SamlKey {
    SamlKey {
        pool: pool.clone(),
        provider: provider.to_owned(),
        private: vec![0, 1],
        certificate: vec![2],
        created: NOW,
    }
}

pub(super) async fn a_saml_key_is_made_once(store: &Store) {
    let here = || pool("saml-keys");
    let insert = |key: SamlKey| write(store, move |tx| saml_keys::insert(tx, &key));
    assert!(insert(saml_key(&here(), OWN)).await);
    assert!(insert(saml_key(&here(), "Corporate")).await);
    let another = SamlKey {
        private: vec![9],
        ..saml_key(&here(), OWN)
    };
    assert!(!insert(another).await);
    assert!(insert(saml_key(&pool("strangers"), OWN)).await);

    let renewed = SamlKey {
        private: vec![9],
        certificate: vec![3],
        created: later(1),
        ..saml_key(&here(), OWN)
    };
    let certify = |key: &SamlKey| {
        let key = key.clone();
        write(store, move |tx| saml_keys::certify(tx, &key, NOW))
    };
    assert!(certify(&renewed).await);
    assert!(!certify(&renewed).await, "somebody was quicker");
    let kept = SamlKey {
        private: vec![0, 1],
        ..renewed
    };
    let all = || read(store, |r| saml_keys::all(r, &pool("saml-keys")));
    assert_eq!(all().await, [kept.clone(), saml_key(&here(), "Corporate")]);
    let find = |provider: &'static str| read(store, move |r| saml_keys::find(r, &pool("saml-keys"), provider));
    assert_eq!(find(OWN).await, Some(kept.clone()));
    assert_eq!(find("corporate").await, None);

    write(store, |tx| providers::delete(tx, &pool("saml-keys"), "Corporate")).await;
    assert_eq!(all().await, [kept], "one goes with its provider");
}

pub(super) fn document(pool: &PoolId, provider: &str) -> ProviderDocument {
    ProviderDocument {
        pool: pool.clone(),
        provider: provider.to_owned(),
        address: "https://idp.example.org/metadata".to_owned(),
        document: "<first/>".to_owned(),
        due: later(10),
    }
}

pub(super) async fn a_document_is_renewed_where_it_was_read(store: &Store) {
    let here = || pool("documents");
    for provider in ["Beta", "Alpha"] {
        write(store, move |tx| documents::put(tx, &document(&pool("documents"), provider))).await;
    }
    let due = |at| async move {
        let due = read(store, move |r| documents::due(r, later(at), 100)).await;
        let ours = due.into_iter().filter(|one| one.pool == pool("documents"));
        ours.map(|one| one.provider).collect::<Vec<_>>()
    };
    assert!(due(9).await.is_empty());
    assert_eq!(due(10).await, ["Alpha", "Beta"]);

    let as_read = |address: &str, due| ProviderDocument {
        address: address.to_owned(),
        due: later(due),
        ..document(&pool("documents"), "Beta")
    };
    let renew = |read| write(store, move |tx| documents::renew(tx, &read, "<second/>", later(20)));
    let postpone = |read| write(store, move |tx| documents::postpone(tx, &read, later(15)));
    let (elsewhere, at) = ("https://elsewhere.example.org/", "https://idp.example.org/metadata");
    assert!(!renew(as_read(elsewhere, 10)).await, "it is read at another address now");
    assert!(!renew(as_read(at, 9)).await, "somebody has written since");
    assert!(!postpone(as_read(elsewhere, 10)).await);
    assert!(!postpone(as_read(at, 9)).await);
    assert_eq!(due(10).await, ["Alpha", "Beta"]);
    assert!(postpone(as_read(at, 10)).await);
    assert_eq!(due(14).await, ["Alpha"]);
    assert!(!renew(as_read(at, 10)).await);
    assert!(renew(as_read(at, 15)).await);
    assert_eq!(due(19).await, ["Alpha"]);
    let all = || read(store, |r| documents::all(r, &pool("documents")));
    let renewed = ProviderDocument {
        document: "<second/>".to_owned(),
        due: later(20),
        ..document(&here(), "Beta")
    };
    assert_eq!(all().await, [document(&here(), "Alpha"), renewed]);

    let moved = as_read(elsewhere, 10);
    let put = moved.clone();
    write(store, move |tx| documents::put(tx, &put)).await;
    write(store, |tx| providers::delete(tx, &pool("documents"), "Alpha")).await;
    assert_eq!(all().await, [moved]);
}
