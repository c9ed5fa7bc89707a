//! Resource servers.

use kernel::PoolId;

use super::{pool, read, write};
use crate::{
    Store,
    records::resource_servers::{self, ResourceServer},
};

pub(super) fn server(pool: &PoolId, identifier: &str) -> ResourceServer {
    ResourceServer {
        pool: pool.clone(),
        identifier: identifier.to_owned(),
        doc: "{}".to_owned(),
    }
}

pub(super) async fn a_resource_server_is_kept_as_written(store: &Store) {
    let insert = |name, identifier: &'static str| {
        write(store, move |tx| resource_servers::insert(tx, &server(&pool(name), identifier)))
    };
    assert!(insert("apis", "https://api.example.com").await);
    assert!(insert("apis", "API").await);
    assert!(insert("apis", "api").await, "bytewise another");
    assert!(!insert("apis", "api").await);
    assert!(insert("elsewhere", "api").await, "a pool's own matter");

    let change = |identifier: &'static str| {
        let changed = ResourceServer { doc: "changed".to_owned(), ..server(&pool("apis"), identifier) };
        write(store, move |tx| resource_servers::update(tx, &changed))
    };
    assert!(change("api").await);
    assert!(!change("nothing").await);

    let all = || read(store, |r| resource_servers::all(r, &pool("apis")));
    let found = all().await.into_iter().map(|server| (server.identifier, server.doc));
    let expected = [("API", "{}"), ("api", "changed"), ("https://api.example.com", "{}")];
    let expected = expected.map(|(identifier, doc)| (identifier.to_owned(), doc.to_owned()));
    assert_eq!(found.collect::<Vec<_>>(), expected);
    assert_eq!(read(store, |r| resource_servers::count(r, &pool("apis"))).await, 3);

    let delete = || write(store, |tx| resource_servers::delete(tx, &pool("apis"), "api"));
    assert!(delete().await);
    assert!(!delete().await);
    assert_eq!(all().await.len(), 2);
    assert_eq!(read(store, |r| resource_servers::count(r, &pool("elsewhere"))).await, 1);
}
