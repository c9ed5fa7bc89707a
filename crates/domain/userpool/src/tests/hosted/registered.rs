//! Clients that registered themselves hear that a browser's session has ended. Reference: OpenID Connect Back-Channel Logout 1.0 section 2.2;
//! decision 22.

use std::time::Duration;

use kernel::PoolId;
use serde_json::{Value, json};

use super::{
    CALLBACK, People,
    hearing::{Hearing, SILENT},
    logouts::{cx, signed_out, tokens, told},
    oauth, signed_in,
};
use crate::{
    hosted::{Flow, LogoutAs, Metadata, NotRegistered, Registered, RegisteredAs},
    tests::log::Log,
};

const ON: &str = "poolhouse:backchannel-logout";

/// Ana, in a pool where anybody's client may register.
async fn people(tags: Value) -> People {
    let settings = json!({"DcrConfiguration": {"OpenDcrEnabled": true}, "UserPoolTags": tags});
    let people = People::with(settings, oauth()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people
}

async fn register(people: &People, uri: &str) -> Result<Registered, NotRegistered> {
    let logout = LogoutAs {
        uri: uri.to_owned(),
        needs_session: true,
    };
    let wanted = Metadata {
        name: "Notes".to_owned(),
        redirects: vec![CALLBACK.to_owned()],
        flows: vec![Flow::Code],
        registered: RegisteredAs {
            logout: Some(logout),
            ..RegisteredAs::default()
        },
        ..Metadata::default()
    };
    let pool = PoolId::new(people.pool.as_str());
    people.app.pools.register_client(&cx(people), &pool, None, wanted).await
}

async fn untag(people: &People, key: &str) {
    let described = people.admin("DescribeUserPool", json!({})).await.ok();
    let input = json!({"ResourceArn": described["UserPool"]["Arn"], "TagKeys": [key]});
    people.app.admin.call("UntagResource", input).await.ok();
}

#[tokio::test]
async fn it_hears_where_it_said_unless_the_pool_says_otherwise() {
    let people = people(json!({ON: "on"})).await;
    let (own, pools) = (Hearing::begin().await, Hearing::begin().await);
    let is = register(&people, &own.uri).await.unwrap();
    assert!(is.is.registered.logout.unwrap().needs_session);
    let client = is.id.as_str();

    let ana = signed_in(&people).await;
    let id = tokens(&people, &ana, client).await;
    signed_out(&people, &ana).await;
    assert_eq!(told(&people).await, 1);
    let (_, claims) = own.tokens().remove(0);
    assert_eq!((&claims["sid"], &claims["aud"]), (&id["sid"], &json!(client)));

    // Its settings are an administrator's to change; what it said of itself stays.
    let update = json!({"ClientId": client, "ClientName": "Other"});
    let update = testkit::merged(update, oauth());
    people.admin("UpdateUserPoolClient", update).await.ok();
    people.tag(json!({format!("{ON}:{client}"): pools.uri})).await;
    for (hearing, deaf) in [(&pools, &own), (&own, &pools)] {
        let ana = signed_in(&people).await;
        tokens(&people, &ana, client).await;
        signed_out(&people, &ana).await;
        assert_eq!(told(&people).await, 1);
        assert_eq!((hearing.requests().len(), deaf.requests().len()), (1, 0));
        untag(&people, &format!("{ON}:{client}")).await;
    }
}

#[tokio::test]
async fn nobody_hears_where_the_pool_has_it_off() {
    let people = people(json!({})).await;
    let hearing = Hearing::begin().await;
    let is = register(&people, "javascript:alert(1)").await.unwrap();
    assert_eq!(is.is.registered.logout, None, "it is told what is left");

    people.tag(json!({ON: "on"})).await;
    let client = register(&people, &hearing.uri).await.unwrap().id;
    let client = client.as_str();
    let ana = signed_in(&people).await;
    tokens(&people, &ana, client).await;
    untag(&people, ON).await;
    assert!(tokens(&people, &ana, client).await.get("sid").is_none());
    signed_out(&people, &ana).await;
    let (log, guard) = Log::begun();
    assert_eq!(told(&people).await, 0);
    drop(guard);
    assert!(hearing.requests().is_empty());
    let log = log.text();
    assert!(
        log.contains("does not want to hear any more") && !log.contains("ERROR"),
        "{log}"
    );
    assert_eq!(
        people.app.pools.until_next_logout(&cx(&people)).await.unwrap(),
        None,
        "it is dropped"
    );
}

#[tokio::test]
async fn an_address_is_what_a_tag_may_be() {
    let people = people(json!({ON: "on"})).await;
    let long = format!("https://app.example.com/{}", "a".repeat(240));
    for uri in [
        "",
        "http://app.example.com/out",
        "https://app.example.com/#x",
        "https://ana:secret@app.example.com/",
        "myapp://out",
        &long,
    ] {
        assert!(
            matches!(register(&people, uri).await, Err(NotRegistered::Metadata(why)) if why.starts_with("backchannel_logout_uri must be an https address")),
            "{uri}"
        );
    }
    let guarded = people.app.guarded_neighbour();
    let wanted = Metadata {
        redirects: vec![CALLBACK.to_owned()],
        flows: vec![Flow::Code],
        registered: RegisteredAs {
            logout: Some(LogoutAs {
                uri: "http://localhost:3000/out".to_owned(),
                needs_session: false,
            }),
            ..RegisteredAs::default()
        },
        ..Metadata::default()
    };
    let pool = PoolId::new(people.pool.as_str());
    let refused = guarded.register_client(&cx(&people), &pool, None, wanted).await;
    assert!(matches!(refused, Err(NotRegistered::Metadata(_))));
}

/// Anybody may name an address that hangs: those together have no more than a share.
#[tokio::test]
async fn those_that_hang_keep_no_vouched_for_client_waiting() {
    let people = people(json!({ON: "on"})).await;
    let (slow, hearing) = (Hearing::begin().await, Hearing::begin().await);
    slow.answers(SILENT);
    people
        .tag(json!({format!("{ON}:{}", people.client): hearing.uri}))
        .await;
    let mut clients = Vec::new();
    for _ in 0..6 {
        clients.push(register(&people, &slow.uri).await.unwrap().id);
    }
    for _ in 0..4 {
        let ana = signed_in(&people).await;
        for client in &clients {
            tokens(&people, &ana, client.as_str()).await;
        }
        tokens(&people, &ana, &people.client).await;
        signed_out(&people, &ana).await;
    }
    let (pools, of) = (people.app.pools.clone(), cx(&people));
    let telling = tokio::spawn(async move { pools.tell_logouts(&of).await });
    let heard = async {
        let mut count = 0;
        while count < 4 {
            count += hearing.requests().len();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(8), heard)
        .await
        .expect("all are told while the others hang");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(slow.requests().len(), 16, "their share");
    telling.abort();
}
