//! Tags of pools, and issuers chosen by tag. Reference: user-pools 14.7; decision 12.

use kernel::PoolId;
use serde_json::{Value, json};
use testkit::BASE_URL;

use crate::tests::app::App;

const INVALID: &str = "InvalidParameterException";

fn arn(pool: &str) -> String {
    format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{pool}")
}

#[tokio::test]
async fn tags_are_the_pools_tags() {
    let app = App::new().await;
    let pool = app.pool(json!({"UserPoolTags": {"team": "core", "cost": "1"}})).await;
    let named = json!({"ResourceArn": arn(&pool)});
    let tag = json!({"ResourceArn": arn(&pool), "Tags": {"team": "web", "env": "dev"}});
    assert_eq!(app.admin.call("TagResource", tag).await.ok(), json!({}));
    let tags = json!({"team": "web", "cost": "1", "env": "dev"});
    assert_eq!(
        app.admin.call("ListTagsForResource", named.clone()).await.ok(),
        json!({"Tags": tags})
    );
    let described = app
        .admin
        .call("DescribeUserPool", json!({"UserPoolId": pool}))
        .await
        .ok();
    assert_eq!(described["UserPool"]["UserPoolTags"], tags);

    let untag = json!({"ResourceArn": arn(&pool), "TagKeys": ["team", "env", "nothing"]});
    assert_eq!(app.admin.call("UntagResource", untag).await.ok(), json!({}));
    assert_eq!(
        app.admin.call("ListTagsForResource", named).await.ok(),
        json!({"Tags": {"cost": "1"}})
    );
}

#[tokio::test]
async fn the_arn_must_name_a_pool_here() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let missing = "User pool eu-west-1_None does not exist.";
    let foreign = format!("User pool {pool} does not exist.");
    let cases = [
        (arn("eu-west-1_None"), "ResourceNotFoundException", missing),
        (
            arn(&pool).replace("123456789012", "111111111111"),
            "ResourceNotFoundException",
            foreign.as_str(),
        ),
        (
            arn(&pool).replace(":eu-west-1:", ":us-east-1:"),
            "ResourceNotFoundException",
            foreign.as_str(),
        ),
        (
            arn(&pool).replace("userpool/", "pool/"),
            INVALID,
            "Invalid ResourceArn: it does not name a user pool.",
        ),
        (
            arn(&pool).replace("cognito-idp", "s3"),
            INVALID,
            "Invalid ResourceArn: it does not name a user pool.",
        ),
    ];
    for (arn, code, sentence) in cases {
        let calls = [
            ("TagResource", json!({"ResourceArn": arn, "Tags": {"a": "b"}})),
            ("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["a"]})),
            ("ListTagsForResource", json!({"ResourceArn": arn})),
        ];
        for (operation, input) in calls {
            app.admin.call(operation, input).await.refused(code, sentence);
        }
    }
}

#[tokio::test]
async fn tags_that_may_not_be_are_refused_everywhere() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let many: serde_json::Map<String, Value> = (0..51).map(|n| (format!("k{n}"), json!(""))).collect();
    for (tags, sentence) in [
        (json!(many), "A resource cannot have more than 50 tags."),
        (json!({"aws:a": "b"}), "Tag keys that begin with aws: are reserved."),
        (
            json!({"poolhouse:unheard-of": "b"}),
            "The tag poolhouse:unheard-of is unknown.",
        ),
        (
            json!({"poolhouse:password-store": "plain"}),
            "The tag poolhouse:password-store must be argon2id.",
        ),
        (
            json!({"poolhouse:backchannel-logout:": "https://app.example.com/out"}),
            "The tag poolhouse:backchannel-logout: must end in the id of an app client of the user pool.",
        ),
        (
            json!({"poolhouse:client-keys:unknown": "https://app.example.com/jwks"}),
            "The tag poolhouse:client-keys:unknown must end in the id of an app client of the user pool.",
        ),
    ] {
        let tag = json!({"ResourceArn": arn(&pool), "Tags": tags});
        app.admin.call("TagResource", tag).await.refused(INVALID, sentence);
        let update = json!({"UserPoolId": pool, "UserPoolTags": tags});
        app.admin
            .call("UpdateUserPool", update)
            .await
            .refused("UserPoolTaggingException", sentence);
        let create = json!({"PoolName": "staff", "UserPoolTags": tags});
        app.admin
            .call("CreateUserPool", create)
            .await
            .refused("UserPoolTaggingException", sentence);
    }
    let tags = app
        .admin
        .call("ListTagsForResource", json!({"ResourceArn": arn(&pool)}))
        .await
        .ok();
    assert_eq!(tags, json!({"Tags": {}}));
}

#[tokio::test]
async fn an_issuer_of_ones_own_is_unique_and_takes_effect_at_once() {
    const TAKEN: &str = "The tag poolhouse:issuer names an issuer that another user pool has.";
    let app = App::new().await;
    let (first, second) = (app.pool(json!({})).await, app.pool(json!({})).await);
    let issuer = async |pool: &str| app.tokens.issuer(&app.cx(), &PoolId::new(pool)).await.unwrap().unwrap();
    let choose = |pool: &str, issuer: &str| {
        app.admin.call(
            "TagResource",
            json!({"ResourceArn": arn(pool), "Tags": {"poolhouse:issuer": issuer}}),
        )
    };
    let own = "https://id.example.com";
    assert_eq!(issuer(&first).await, format!("{BASE_URL}/{first}"));
    choose(&first, own).await.ok();
    assert_eq!(issuer(&first).await, own);
    choose(&first, own).await.ok();

    choose(&second, own).await.refused(INVALID, TAKEN);
    let tags = json!({"poolhouse:issuer": own});
    let update = json!({"UserPoolId": second, "UserPoolTags": tags});
    app.admin
        .call("UpdateUserPool", update.clone())
        .await
        .refused("UserPoolTaggingException", TAKEN);
    let create = json!({"PoolName": "staff", "UserPoolTags": tags});
    app.admin
        .call("CreateUserPool", create.clone())
        .await
        .refused("UserPoolTaggingException", TAKEN);
    assert_eq!(issuer(&second).await, format!("{BASE_URL}/{second}"));

    // Free again when its pool chooses another, drops the tag or is deleted.
    choose(&first, "https://other.example.com").await.ok();
    app.admin.call("UpdateUserPool", update).await.ok();
    choose(&first, own).await.refused(INVALID, TAKEN);
    let untag = json!({"ResourceArn": arn(&second), "TagKeys": ["poolhouse:issuer"]});
    app.admin.call("UntagResource", untag).await.ok();
    choose(&first, own).await.ok();
    app.admin
        .call("DeleteUserPool", json!({"UserPoolId": first}))
        .await
        .ok();
    app.admin.call("CreateUserPool", create).await.ok();
}

/// A pool may have a client's tag before the client, and has it after the client: what stays as it is keeps no other change away.
#[tokio::test]
async fn a_tag_of_a_client_may_outlive_it() {
    let app = App::new().await;
    let tags = json!({"_custom_id_:web": "webclient", "poolhouse:backchannel-logout:webclient": "https://app.example.com/out"});
    let pool = app.pool(json!({"UserPoolTags": tags})).await;
    let tag = json!({"ResourceArn": arn(&pool), "Tags": {"team": "web"}});
    let untag = json!({"ResourceArn": arn(&pool), "TagKeys": ["_custom_id_:web"]});
    app.admin.call("UntagResource", untag).await.ok();
    app.admin.call("TagResource", tag).await.ok();
    let other = json!({"ResourceArn": arn(&pool), "Tags": {"poolhouse:backchannel-logout:webclient": "https://app.example.com/"}});
    app.admin.call("TagResource", other).await.refused(
        INVALID,
        "The tag poolhouse:backchannel-logout:webclient must end in the id of an app client of the user pool.",
    );
}
