//! Whose a host is, when it changes hands and when many want it.

use kernel::PoolId;
use serde_json::json;
use testkit::Call;

use super::{CONFIGURED, INVALID, TAKEN, create, custom, delete, described, found, pool_in};
use crate::{ops::TABLE, tests::app::App};

#[tokio::test]
async fn prefixes_are_unique_in_a_region() {
    let app = App::new().await;
    let (here, there) = (app.pool(json!({})).await, pool_in(&app, "us-east-1").await);
    create(&app, &here, "staff", json!({})).await.ok();
    create(&app, &there, "staff", json!({})).await.ok();
    let at = |key: &'static str| found(&app.pools, key);
    let named = |pool: &str| Some((pool.to_owned(), "staff".to_owned()));
    assert_eq!(at("staff.auth.eu-west-1").await, named(&here));
    assert_eq!(at("staff.auth.us-east-1").await, named(&there));
    assert_eq!(at("staff").await, named(&here), "who came first has the short way");
    let elsewhere = app
        .admin
        .call_in("us-east-1", "DescribeUserPoolDomain", json!({"Domain": "staff"}));
    assert_eq!(elsewhere.await.ok()["DomainDescription"]["UserPoolId"], json!(there));

    // The second's deletion leaves the first's short way alone, the first's frees it for who comes next.
    delete(&app, &there, "staff").await.ok();
    assert_eq!(at("staff").await, named(&here));
    create(&app, &there, "staff", json!({})).await.ok();
    delete(&app, &here, "staff").await.ok();
    assert_eq!(at("staff").await, None);
    assert_eq!(at("staff.auth.eu-west-1").await, None);
    let next = app.pool(json!({})).await;
    create(&app, &next, "staff", json!({})).await.ok();
    assert_eq!(at("staff").await, named(&next));
    assert_eq!(at("staff.auth.us-east-1").await, named(&there));
}

/// A self-hosted server's Region may be any word, and its prefixes' hosts somebody's custom domain.
#[tokio::test]
async fn a_prefix_and_a_custom_domain_of_one_host_are_one_pools() {
    let app = App::new().await;
    let local = pool_in(&app, "Local").await;
    let other = app.pool(json!({})).await;
    create(&app, &other, "staff.auth.local", custom()).await.ok();
    create(&app, &local, "staff", json!({})).await.refused(INVALID, TAKEN);
    create(&app, &local, "guests", json!({})).await.ok();
    assert_eq!(found(&app.pools, "guests.auth.local").await.unwrap().0, local);
    create(&app, &other, "guests", json!({})).await.ok();
    delete(&app, &other, "staff.auth.local").await.ok();
    let refused = create(&app, &other, "guests.auth.local", custom()).await;
    refused.refused(INVALID, TAKEN);
    create(&app, &local, "guests.auth.local", custom())
        .await
        .refused(INVALID, CONFIGURED);
    assert_eq!(found(&app.pools, "guests").await.unwrap().0, local);
    assert_eq!(found(&app.pools, "guests.auth.eu-west-1").await.unwrap().0, other);
}

/// What a node remembers of a name is looked up in the pool, which is read anew when it has changed.
#[tokio::test]
async fn a_deleted_domain_is_not_found_where_it_is_remembered() {
    let app = App::new().await;
    let (first, second) = (app.pool(json!({})).await, app.pool(json!({})).await);
    create(&app, &first, "auth.example.com", custom()).await.ok();
    create(&app, &first, "staff", json!({})).await.ok();
    for key in ["auth.example.com", "staff", "staff.auth.eu-west-1"] {
        assert_eq!(found(&app.pools, key).await.unwrap().0, first);
    }
    for key in [
        "Auth.example.com",
        "staff.auth.us-east-1",
        "auth",
        "example.com",
        "",
        "staff.auth.eu-west-1.amazoncognito.com",
    ] {
        assert_eq!(found(&app.pools, key).await, None, "{key}");
    }
    delete(&app, &first, "auth.example.com").await.ok();
    assert_eq!(found(&app.pools, "auth.example.com").await, None);
    create(&app, &second, "auth.example.com", custom()).await.ok();
    assert_eq!(found(&app.pools, "auth.example.com").await.unwrap().0, second);
    assert_eq!(found(&app.neighbour(), "auth.example.com").await.unwrap().0, second);
    // Warm, it is no matter of the directory.
    assert_eq!(found(&app.pools, "staff").await.unwrap().0, first);
}

#[tokio::test]
async fn of_those_who_come_at_once_one_has_the_name() {
    let app = App::new().await;
    let pools = [
        app.pool(json!({})).await,
        app.pool(json!({})).await,
        app.pool(json!({})).await,
    ];
    for name in ["raced", "raced.example.com"] {
        let more = || if name.contains('.') { custom() } else { json!({}) };
        let (one, two, three) = tokio::join!(
            create(&app, &pools[0], name, more()),
            create(&app, &pools[1], name, more()),
            create(&app, &pools[2], name, more()),
        );
        let mut owners = Vec::new();
        for (answer, pool) in [one, two, three].into_iter().zip(&pools) {
            if answer.code().is_empty() {
                owners.push(pool);
            } else {
                answer.refused(INVALID, TAKEN);
            }
        }
        assert_eq!(owners.len(), 1, "{name}");
        assert_eq!(described(&app, name).await["UserPoolId"], json!(owners[0]));
    }
}

#[tokio::test]
async fn of_a_pools_names_that_come_at_once_it_has_one() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let (one, two, three) = tokio::join!(
        create(&app, &pool, "one", json!({})),
        create(&app, &pool, "two", json!({})),
        create(&app, &pool, "three", json!({})),
    );
    let answers = [one, two, three];
    assert_eq!(answers.iter().filter(|answer| answer.code().is_empty()).count(), 1);
    for answer in answers.into_iter().filter(|answer| !answer.code().is_empty()) {
        answer.refused(INVALID, CONFIGURED);
    }
    let mut left = 0;
    for name in ["one", "two", "three"] {
        left += usize::from(found(&app.pools, name).await.is_some());
    }
    assert_eq!(left, 1, "who was refused holds no name");
}

/// Whoever sets a domain up waits by describing it, maybe at another node, whose settings are of before.
#[tokio::test]
async fn another_node_describes_what_is_there_now() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let node = app.neighbour();
    let version = async |expected: Option<i64>| {
        let input = json!({"Domain": "staff"});
        let answer = Call::of(&TABLE, "DescribeUserPoolDomain", input).on(&node, &app.cx());
        let described = answer.await.ok()["DomainDescription"].clone();
        assert_eq!(described["ManagedLoginVersion"].as_i64(), expected, "{described}");
    };
    assert!(
        node.place(&PoolId::new(pool.as_str()), "none").await.unwrap().is_none(),
        "what it has read it keeps"
    );
    version(None).await;
    create(&app, &pool, "staff", json!({})).await.ok();
    version(Some(1)).await;
    assert_eq!(found(&node, "staff").await.map(|(owner, _)| owner), Some(pool.clone()));
    let other = json!({"UserPoolId": pool, "Domain": "staff", "ManagedLoginVersion": 2});
    app.admin.call("UpdateUserPoolDomain", other).await.ok();
    version(Some(2)).await;
    delete(&app, &pool, "staff").await.ok();
    version(None).await;
}
