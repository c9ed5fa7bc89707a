use serde_json::{Value, json};
use testkit::text;

use super::app::{App, STAFF, aws};
use crate::ops;

const UNKNOWN: &str = "eu-west-1:00000000-0000-4000-8000-000000000000";

#[test]
fn the_table_names_operations_of_the_model() {
    testkit::table_is_modelled(&ops::TABLE);
    // Developer identities come later.
    assert_eq!(
        ops::TABLE.missing(),
        [
            "GetOpenIdTokenForDeveloperIdentity",
            "LookupDeveloperIdentity",
            "MergeDeveloperIdentities",
            "UnlinkDeveloperIdentity",
        ]
    );
}

#[tokio::test]
async fn policies_are_asked_about_the_pools_arn() {
    let app = App::new().await;
    let cx = app.cx();
    let resource = |operation: &str, input: Value| (ops::TABLE.entry(operation).unwrap().resource)(&cx, &input);
    let arn = format!("arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/{UNKNOWN}");
    for entry in ops::TABLE.entries {
        let input = json!({"IdentityPoolId": UNKNOWN, "ResourceArn": arn, "IdentityId": UNKNOWN});
        let on_any = [
            "CreateIdentityPool",
            "DeleteIdentities",
            "DescribeIdentity",
            "GetCredentialsForIdentity",
            "GetId",
            "GetOpenIdToken",
            "ListIdentityPools",
            "UnlinkIdentity",
        ];
        let expected = if on_any.contains(&entry.name) {
            "*"
        } else {
            arn.as_str()
        };
        assert_eq!(resource(entry.name, input), expected, "{}", entry.name);
    }
}

#[tokio::test]
async fn a_bare_pool_shows_little() {
    let app = App::new().await;
    let input = json!({
        "IdentityPoolName": "My pool, v=1", "AllowUnauthenticatedIdentities": false, "SamlProviderARNs": [],
        "SupportedLoginProviders": {}, "CognitoIdentityProviders": [], "OpenIdConnectProviderARNs": [],
    });
    let created = app.call("CreateIdentityPool", input).await.ok();
    let id = text(&created, "/IdentityPoolId");
    assert_eq!(id.len(), "eu-west-1:".len() + 36);
    let expected = json!({
        "IdentityPoolId": id, "IdentityPoolName": "My pool, v=1", "AllowUnauthenticatedIdentities": false,
        "IdentityPoolTags": {},
    });
    assert_eq!(created, expected);
    assert_eq!(
        app.call("DescribeIdentityPool", json!({"IdentityPoolId": id}))
            .await
            .ok(),
        expected
    );
    let roles = app
        .call("GetIdentityPoolRoles", json!({"IdentityPoolId": id}))
        .await
        .ok();
    assert_eq!(roles, json!({"IdentityPoolId": id}));
}

fn full() -> Value {
    json!({
        "IdentityPoolName": "full", "AllowUnauthenticatedIdentities": true, "AllowClassicFlow": true,
        "SupportedLoginProviders": {"api.twitter.com": "key;consumersecret", "graph.facebook.com": "7346241598935552"},
        "DeveloperProviderName": "login.mycompany",
        "OpenIdConnectProviderARNs": ["arn:aws:iam::123456789012:oidc-provider/login.example.com"],
        "CognitoIdentityProviders": [
            {"ProviderName": aws(STAFF), "ClientId": "web"},
            {"ProviderName": aws(STAFF), "ClientId": "app", "ServerSideTokenCheck": true},
        ],
        "SamlProviderARNs": ["arn:aws:iam::123456789012:saml-provider/Corp"],
        "IdentityPoolTags": {"team": "core"},
    })
}

#[tokio::test]
async fn a_full_pool_shows_what_it_was_given_and_an_update_replaces_it() {
    let app = App::new().await;
    let created = app.call("CreateIdentityPool", full()).await.ok();
    let id = text(&created, "/IdentityPoolId");
    let mut expected = full();
    expected["IdentityPoolId"] = json!(id);
    expected["CognitoIdentityProviders"][0]["ServerSideTokenCheck"] = json!(false);
    assert_eq!(created, expected);
    let describe = || app.call("DescribeIdentityPool", json!({"IdentityPoolId": id}));
    assert_eq!(describe().await.ok(), expected);

    // A provider's secret is in none of the readable columns.
    let stored = app.stored_pool(&id).await;
    assert!(!stored.doc.contains("consumersecret"));
    let sealed = stored.providers.unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("consumersecret"));

    let least = json!({
        "IdentityPoolId": id, "IdentityPoolName": "less", "AllowUnauthenticatedIdentities": false,
        "DeveloperProviderName": "login.mycompany",
    });
    let mut expected = least.clone();
    // Tags have operations of their own.
    expected["IdentityPoolTags"] = json!({"team": "core"});
    assert_eq!(app.call("UpdateIdentityPool", least.clone()).await.ok(), expected);
    assert_eq!(describe().await.ok(), expected);
    assert!(app.stored_pool(&id).await.providers.is_none());

    for other in [json!("login.other"), Value::Null] {
        let mut input = least.clone();
        input["DeveloperProviderName"] = other;
        app.call("UpdateIdentityPool", input).await.refused(
            "InvalidParameterException",
            "DeveloperProviderName can not be changed once it is set.",
        );
    }
}

#[tokio::test]
async fn providers_that_cannot_be_are_refused() {
    let app = App::new().await;
    let invalid = "Invalid Cognito Identity Provider";
    let user_pool = |name: &str| json!({"CognitoIdentityProviders": [{"ProviderName": name, "ClientId": "web"}]});
    let saml = |account: &str| format!("arn:aws:iam::{account}:saml-provider/Corp");
    let foreign = saml("999999999999");
    let foreign_sentence = format!("Identity provider {foreign} is not valid for account 123456789012");
    let id = app.identity_pool(json!({})).await;
    let before = app
        .call("DescribeIdentityPool", json!({"IdentityPoolId": id}))
        .await
        .ok();
    for (providers, sentence) in [
        (json!({"CognitoIdentityProviders": [{"ClientId": "web"}]}), invalid),
        (user_pool("login.example.com"), invalid),
        (user_pool(STAFF), invalid),
        (user_pool(&format!("x{}", aws(STAFF))), invalid),
        (
            user_pool(&format!("cognito-idp.us-east-1.amazonaws.com/{STAFF}")),
            invalid,
        ),
        (user_pool("localhost:4566/eu-west-1_Nobody"), invalid),
        (json!({ "SamlProviderARNs": [foreign] }), &foreign_sentence),
    ] {
        let mut input = json!({"IdentityPoolName": "n", "AllowUnauthenticatedIdentities": true});
        input
            .as_object_mut()
            .unwrap()
            .extend(providers.as_object().unwrap().clone());
        app.call("CreateIdentityPool", input.clone())
            .await
            .refused("InvalidParameterException", sentence);
        input["IdentityPoolId"] = json!(id);
        app.call("UpdateIdentityPool", input)
            .await
            .refused("InvalidParameterException", sentence);
    }
    let listed = app.call("ListIdentityPools", json!({"MaxResults": 60})).await.ok();
    assert_eq!(listed["IdentityPools"].as_array().unwrap().len(), 1);
    let after = app
        .call("DescribeIdentityPool", json!({"IdentityPoolId": id}))
        .await
        .ok();
    assert_eq!(after, before);
    // Of a pool that is nowhere AWS's name is fine, and an OpenID provider of another account is.
    app.identity_pool(user_pool(&aws("eu-west-1_Nobody"))).await;
    app.identity_pool(user_pool(&format!("localhost:4566/{STAFF}"))).await;
    app.identity_pool(json!({"OpenIdConnectProviderARNs": ["arn:aws:iam::999999999999:oidc-provider/a.example"]}))
        .await;
}

#[tokio::test]
async fn roles_and_tag_maps_survive_an_update() {
    let app = App::new().await;
    let id = app.identity_pool(json!({})).await;
    let roles = json!({"authenticated": "arn:aws:iam::123456789012:role/user"});
    app.call("SetIdentityPoolRoles", json!({"IdentityPoolId": id, "Roles": roles}))
        .await
        .ok();
    let update = json!({"IdentityPoolId": id, "IdentityPoolName": "n", "AllowUnauthenticatedIdentities": true});
    app.call("UpdateIdentityPool", update).await.ok();
    let shown = app
        .call("GetIdentityPoolRoles", json!({"IdentityPoolId": id}))
        .await
        .ok();
    assert_eq!(shown["Roles"], roles);
}

#[tokio::test]
async fn what_is_unknown_is_not_found() {
    let app = App::new().await;
    let sentence = format!("IdentityPool '{UNKNOWN}' not found.");
    let pool = |more: Value| {
        let mut input = json!({"IdentityPoolId": UNKNOWN});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    for (operation, input) in [
        ("DescribeIdentityPool", pool(json!({}))),
        ("DeleteIdentityPool", pool(json!({}))),
        (
            "UpdateIdentityPool",
            pool(json!({"IdentityPoolName": "n", "AllowUnauthenticatedIdentities": true})),
        ),
        ("GetIdentityPoolRoles", pool(json!({}))),
        ("SetIdentityPoolRoles", pool(json!({"Roles": {}}))),
        ("GetId", pool(json!({}))),
        ("ListIdentities", pool(json!({"MaxResults": 1}))),
        (
            "GetPrincipalTagAttributeMap",
            pool(json!({"IdentityProviderName": "p"})),
        ),
        (
            "SetPrincipalTagAttributeMap",
            pool(json!({"IdentityProviderName": "p"})),
        ),
    ] {
        app.call(operation, input)
            .await
            .refused("ResourceNotFoundException", &sentence);
    }
    let arn = format!("arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/{UNKNOWN}");
    for (operation, input) in [
        ("ListTagsForResource", json!({"ResourceArn": arn})),
        ("TagResource", json!({"ResourceArn": arn, "Tags": {"a": "b"}})),
        ("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["a"]})),
    ] {
        app.call(operation, input)
            .await
            .refused("ResourceNotFoundException", &sentence);
    }
    let sentence = format!("Identity '{UNKNOWN}' not found.");
    for (operation, input) in [
        ("DescribeIdentity", json!({"IdentityId": UNKNOWN})),
        ("GetCredentialsForIdentity", json!({"IdentityId": UNKNOWN})),
        ("GetOpenIdToken", json!({"IdentityId": UNKNOWN})),
        (
            "UnlinkIdentity",
            json!({"IdentityId": UNKNOWN, "Logins": {"a": "b"}, "LoginsToRemove": []}),
        ),
    ] {
        app.call(operation, input)
            .await
            .refused("ResourceNotFoundException", &sentence);
    }
    app.call("GetId", json!({"IdentityPoolId": "nowhere"})).await.refused(
        "ValidationException",
        "1 validation error detected: Value 'nowhere' at 'identityPoolId' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [\\w-]+:[0-9a-f-]+",
    );
}

#[tokio::test]
async fn a_provider_that_is_there_stays() {
    let app = App::new().await;
    let own = format!("localhost:4566/{STAFF}");
    let providers = |names: &[&str]| {
        let entry = |name| json!({"ProviderName": name, "ClientId": "web"});
        json!(names.iter().map(entry).collect::<Vec<_>>())
    };
    let id = app
        .identity_pool(json!({"CognitoIdentityProviders": providers(&[&own])}))
        .await;
    app.delete_user_pool(STAFF).await;
    let update = |names: &[&str]| {
        json!({"IdentityPoolId": id, "IdentityPoolName": "n", "AllowUnauthenticatedIdentities": false,
            "CognitoIdentityProviders": providers(names)})
    };
    app.call("UpdateIdentityPool", update(&[&own])).await.ok();
    let another = "localhost:4566/eu-west-1_Nobody";
    app.call("UpdateIdentityPool", update(&[&own, another]))
        .await
        .refused("InvalidParameterException", "Invalid Cognito Identity Provider");
    // What was taken away is not there any more.
    app.call("UpdateIdentityPool", update(&[])).await.ok();
    app.call("UpdateIdentityPool", update(&[&own]))
        .await
        .refused("InvalidParameterException", "Invalid Cognito Identity Provider");
}

#[tokio::test]
async fn a_tag_pins_the_id() {
    let app = App::new().await;
    let create = |id: &str| {
        let tags = json!({"_custom_id_": id});
        app.call(
            "CreateIdentityPool",
            json!({"IdentityPoolName": "n", "AllowUnauthenticatedIdentities": true, "IdentityPoolTags": tags}),
        )
    };
    let id = "us-east-2:11111111-2222-4333-8444-555555555555";
    let created = create(id).await.ok();
    assert_eq!(
        (
            text(&created, "/IdentityPoolId"),
            &created["IdentityPoolTags"]["_custom_id_"]
        ),
        (id.to_owned(), &json!(id))
    );
    create(id).await.refused(
        "ResourceConflictException",
        &format!("IdentityPool '{id}' already exists."),
    );
    let long = format!("eu-west-1:{}", "0".repeat(46));
    for malformed in [
        "",
        "eu-west-1",
        ":00",
        "eu-west-1:",
        "eu-west-1:XYZ",
        "eu west:00",
        &long,
    ] {
        create(malformed).await.refused(
            "InvalidParameterException",
            "The tag _custom_id_ must be an identity pool id: a Region, a colon, lower-case hexadecimal digits and '-'.",
        );
    }
}

#[tokio::test]
async fn tags_come_and_go() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({"IdentityPoolTags": {"a": "1"}})).await;
    let arn = format!("arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/{pool}");
    let tags = || app.call("ListTagsForResource", json!({"ResourceArn": arn}));
    let answer = app
        .call("TagResource", json!({"ResourceArn": arn, "Tags": {"a": "2", "b": ""}}))
        .await
        .ok();
    assert_eq!(answer, json!({}));
    assert_eq!(tags().await.ok(), json!({"Tags": {"a": "2", "b": ""}}));
    let answer = app
        .call("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["a", "none"]}))
        .await
        .ok();
    assert_eq!(answer, json!({}));
    assert_eq!(tags().await.ok(), json!({"Tags": {"b": ""}}));

    let many: serde_json::Map<String, Value> = (0..50).map(|n| (format!("k{n}"), json!(""))).collect();
    for (wrong, sentence) in [
        (json!({"aws:team": "x"}), "Tag keys that begin with aws: are reserved."),
        (Value::Object(many), "An identity pool can have at most 50 tags."),
    ] {
        app.call("TagResource", json!({"ResourceArn": arn, "Tags": wrong}))
            .await
            .refused("InvalidParameterException", sentence);
        // One more than the fifty, as it was with the tag that the pool has.
        let mut input =
            json!({"IdentityPoolName": "n", "AllowUnauthenticatedIdentities": true, "IdentityPoolTags": wrong});
        input["IdentityPoolTags"]["b"] = json!("");
        app.call("CreateIdentityPool", input)
            .await
            .refused("InvalidParameterException", sentence);
    }
    let foreign = arn.replace("123456789012", "999999999999");
    for wrong in ["arn:aws:iam::123456789012:role/x", "not an arn at all, that", &foreign] {
        app.call("ListTagsForResource", json!({"ResourceArn": wrong}))
            .await
            .refused(
                "InvalidParameterException",
                "ResourceArn must be the ARN of an identity pool.",
            );
    }
    // Those are kept that were there before the refusals.
    assert_eq!(tags().await.ok(), json!({"Tags": {"b": ""}}));
}
