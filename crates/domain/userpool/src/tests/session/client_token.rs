//! Tokens of clients that act for themselves. Reference: user-pools 15.4, 16.3; oauth-and-federation 5.1, 6.2, 12.

use serde_json::{Map, Value, json};
use testkit::{Answer, merged, text};

use crate::tests::{functions::FUNCTION, people::People};

const SOURCE: &str = "TokenGeneration_ClientCredentials";
const INVALID: &str = "InvalidParameterException";
const NOT_AUTHORIZED: &str = "NotAuthorizedException";

/// A pool with an API, and a client that may do two things of it and one that has gone.
struct Bed {
    people: People,
    secret: String,
}

impl Bed {
    async fn new(pool: Value) -> Self {
        let people = People::of(pool).await;
        let api = |names: &[&str]| {
            let scopes: Vec<Value> = names
                .iter()
                .map(|name| json!({"ScopeName": name, "ScopeDescription": "x"}))
                .collect();
            json!({"Identifier": "orders", "Name": "Orders", "Scopes": scopes})
        };
        people
            .admin("CreateResourceServer", api(&["read", "write", "gone", "others"]))
            .await
            .ok();
        let mut bed = Self {
            people,
            secret: String::new(),
        };
        bed.client(json!({"AllowedOAuthScopes": ["orders/read", "orders/write", "orders/gone"]}))
            .await;
        bed.people
            .admin("UpdateResourceServer", api(&["read", "write", "others"]))
            .await
            .ok();
        bed
    }

    /// Another client, which takes the first one's place.
    async fn client(&mut self, settings: Value) {
        let input = json!({
            "ClientName": "service", "GenerateSecret": true, "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"],
            "AllowedOAuthScopes": ["orders/read"],
        });
        let made = self
            .people
            .admin("CreateUserPoolClient", merged(input, settings))
            .await
            .ok();
        self.people.client = text(&made, "/UserPoolClient/ClientId");
        self.secret = text(&made, "/UserPoolClient/ClientSecret");
    }

    async fn ask(&self, input: Value) -> Answer {
        let input = merged(json!({"Secret": self.secret}), input);
        self.people.public("GetClientToken", input).await
    }

    async fn claims(&self, answer: &Value) -> Map<String, Value> {
        self.people
            .claims(&text(answer, "/ClientAuthenticationResult/AccessToken"))
            .await
    }

    async fn scope(&self, input: Value) -> String {
        let claims = self.claims(&self.ask(input).await.ok()).await;
        claims["scope"].as_str().unwrap().to_owned()
    }
}

fn third_version() -> Value {
    json!({"LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": "V3_0", "LambdaArn": FUNCTION}}})
}

#[tokio::test]
async fn a_client_gets_a_token_for_itself() {
    let mut bed = Bed::new(json!({})).await;
    let answer = bed.ask(json!({})).await.ok();
    let result = &answer["ClientAuthenticationResult"];
    assert_eq!(
        (&result["ExpiresIn"], &result["TokenType"]),
        (&json!(3600), &json!("Bearer"))
    );
    let claims = bed.claims(&answer).await;
    let names: Vec<&str> = claims.keys().map(String::as_str).collect();
    let mut expected = vec![
        "auth_time",
        "client_id",
        "exp",
        "iat",
        "iss",
        "jti",
        "scope",
        "sub",
        "token_use",
        "version",
    ];
    expected.sort_unstable();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, expected);
    let client = bed.people.client.as_str();
    assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(client), &json!(client)));
    assert_eq!(
        (&claims["token_use"], &claims["version"]),
        (&json!("access"), &json!(2))
    );
    assert_eq!(
        claims["scope"], "orders/read orders/write",
        "what has gone is not granted"
    );
    assert_eq!(claims["auth_time"], claims["iat"]);
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert_eq!(exp - iat, 3600);

    bed.client(json!({"AccessTokenValidity": 10, "TokenValidityUnits": {"AccessToken": "minutes"}}))
        .await;
    let answer = bed.ask(json!({})).await.ok();
    assert_eq!(answer["ClientAuthenticationResult"]["ExpiresIn"], 600);
}

#[tokio::test]
async fn scopes_are_the_clients_own() {
    let bed = Bed::new(json!({})).await;
    for (asked, granted) in [
        (json!(["orders/write"]), "orders/write"),
        (
            json!(["orders/write", "orders/read", "orders/write"]),
            "orders/write orders/read",
        ),
        (json!(["orders/gone", "orders/read"]), "orders/read"),
        (json!(["orders/gone"]), ""),
        (json!([]), "orders/read orders/write"),
    ] {
        assert_eq!(bed.scope(json!({ "Scopes": asked })).await, granted, "{asked}");
    }
    for lacking in [
        "orders/others",
        "orders/none",
        "openid",
        "aws.cognito.signin.user.admin",
        "orders",
    ] {
        bed.ask(json!({"Scopes": ["orders/read", lacking]}))
            .await
            .refused(INVALID, &format!("Invalid scope requested: {lacking}"));
    }
}

#[tokio::test]
async fn the_secret_is_the_clients_own() {
    let mut bed = Bed::new(json!({})).await;
    let (client, secret) = (bed.people.client.clone(), bed.secret.clone());
    bed.client(json!({})).await;
    let wrong = "Invalid client or secret";
    for given in [bed.secret.as_str(), &"x".repeat(52), &secret[1..]] {
        bed.ask(json!({"ClientId": client, "Secret": given}))
            .await
            .refused(NOT_AUTHORIZED, wrong);
    }
    let empty = bed.ask(json!({"ClientId": client, "Secret": ""})).await;
    assert_eq!(empty.code(), INVALID);
    let absent = bed.people.public("GetClientToken", json!({"ClientId": client})).await;
    assert_eq!(absent.code(), INVALID);
    let public = bed.people.app.client(&bed.people.pool, json!({})).await;
    bed.ask(json!({"ClientId": public}))
        .await
        .refused(NOT_AUTHORIZED, wrong);
    bed.ask(json!({"ClientId": "nobody"}))
        .await
        .refused("ResourceNotFoundException", "User pool client nobody does not exist.");

    // A deleted secret counts no longer, the other does.
    let named = json!({"ClientId": client});
    let added = bed.people.admin("AddUserPoolClientSecret", named.clone()).await.ok();
    let second = text(&added, "/ClientSecretDescriptor/ClientSecretValue");
    for secret in [&secret, &second] {
        bed.ask(json!({"ClientId": client, "Secret": secret})).await.ok();
    }
    let listed = bed.people.admin("ListUserPoolClientSecrets", named.clone()).await.ok();
    let first = json!({"ClientSecretId": text(&listed, "/ClientSecrets/0/ClientSecretId")});
    bed.people
        .admin("DeleteUserPoolClientSecret", merged(named, first))
        .await
        .ok();
    bed.ask(json!({"ClientId": client, "Secret": secret}))
        .await
        .refused(NOT_AUTHORIZED, wrong);
    bed.ask(json!({"ClientId": client, "Secret": second})).await.ok();
}

#[tokio::test]
async fn the_flow_is_the_clients_own() {
    let mut bed = Bed::new(json!({})).await;
    let sentence = "CLIENT_TOKEN_AUTH is not enabled for the client.";
    let oauth = json!({"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthFlowsUserPoolClient": true});
    for flows in [json!([]), json!(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"])] {
        bed.client(merged(oauth.clone(), json!({ "ExplicitAuthFlows": flows })))
            .await;
        bed.ask(json!({})).await.refused(INVALID, sentence);
    }
    // Both doors may be open.
    bed.client(oauth).await;
    bed.ask(json!({})).await.ok();
}

/// Who acts for itself signs nobody in.
#[tokio::test]
async fn the_flow_stands_alone_and_wants_a_secret() {
    let bed = Bed::new(json!({})).await;
    let create = async |settings: Value| {
        let named = json!({"ClientName": "service", "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"]});
        bed.people.admin("CreateUserPoolClient", merged(named, settings)).await
    };
    let alone = "ALLOW_CLIENT_TOKEN_AUTH cannot be combined with other auth flows.";
    for other in [
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_TOKEN_EXCHANGE_DELEGATION",
    ] {
        let flows = json!({"GenerateSecret": true, "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH", other]});
        create(flows).await.refused(INVALID, alone);
    }
    create(json!({})).await.refused(
        INVALID,
        "ALLOW_CLIENT_TOKEN_AUTH requires a client with a client secret.",
    );
    let made = create(json!({"GenerateSecret": true})).await.ok();
    assert_eq!(
        made["UserPoolClient"]["ExplicitAuthFlows"],
        json!(["ALLOW_CLIENT_TOKEN_AUTH"])
    );
    let client = text(&made, "/UserPoolClient/ClientId");
    let parameters = json!({"USERNAME": "ana", "PASSWORD": "x"});
    let input = json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters});
    assert_eq!(
        bed.people.public("InitiateAuth", input).await.code(),
        "NotAuthorizedException"
    );
}

/// It is nobody's: no operation of users takes it.
#[tokio::test]
async fn a_clients_token_is_no_users() {
    let bed = Bed::new(third_version()).await;
    let token = |answer: &Value| text(answer, "/ClientAuthenticationResult/AccessToken");
    let plain = bed.ask(json!({})).await.ok();
    bed.people
        .get_user(&token(&plain))
        .await
        .refused(NOT_AUTHORIZED, "Access Token does not have required scopes");
    // A function may say what it likes.
    let details = json!({"accessTokenGeneration": {
        "scopesToAdd": ["aws.cognito.signin.user.admin"],
        "claimsToAddOrOverride": {"username": "ana", "sub": "ana", "origin_jti": "x"},
    }});
    let functions = &bed.people.app.functions;
    functions.respond(SOURCE, json!({ "claimsAndScopeOverrideDetails": details }));
    let feigned = bed.ask(json!({})).await.ok();
    for operation in ["GetUser", "GlobalSignOut", "DeleteUser"] {
        bed.people
            .with_token(&token(&feigned), operation, json!({}))
            .await
            .refused(NOT_AUTHORIZED, "Invalid Access Token");
    }
}

#[tokio::test]
async fn a_function_of_the_third_version_hears_of_it() {
    let bed = Bed::new(third_version()).await;
    let functions = bed.people.app.functions.clone();
    let details = json!({
        "idTokenGeneration": {"claimsToAddOrOverride": {"nothing": 1}},
        "accessTokenGeneration": {
            "claimsToAddOrOverride": {
                "tenant": {"id": 7}, "sub": "other", "client_id": "other", "version": 3, "exp": 0, "iss": "x",
                "aud": "other", "token_use": "id", "username": "ana", "cognito:groups": ["admins"], "act": {"sub": "x"},
            },
            "claimsToSuppress": ["jti", "scope", "iat"],
            "scopesToAdd": ["orders/others"], "scopesToSuppress": ["orders/read"],
        },
        "groupOverrideDetails": {"groupsToOverride": ["admins"]},
    });
    functions.respond(SOURCE, json!({ "claimsAndScopeOverrideDetails": details }));
    let answer = bed.ask(json!({"ClientMetadata": {"from": "the test"}})).await.ok();
    let event = functions.heard().pop().unwrap();
    let expected = json!({
        "version": "3", "triggerSource": SOURCE, "region": event["region"], "userPoolId": bed.people.pool,
        "userName": "ClientCredentials",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": bed.people.client},
        "request": {
            "userAttributes": {}, "groupConfiguration": null, "scopes": ["orders/read", "orders/write"],
            "clientMetadata": {"from": "the test"},
        },
        "response": {"claimsAndScopeOverrideDetails": null},
    });
    assert_eq!(event, expected);
    let claims = bed.claims(&answer).await;
    assert_eq!(claims["tenant"], json!({"id": 7}));
    assert_eq!(claims["scope"], "orders/write orders/others");
    assert_eq!(
        (&claims["sub"], &claims["version"]),
        (&json!(bed.people.client), &json!(2))
    );
    for absent in ["aud", "username", "cognito:groups", "act", "nothing"] {
        assert_eq!(claims.get(absent), None, "{absent}");
    }
    assert!(claims.contains_key("jti") && claims.contains_key("iat"));

    functions.raise(SOURCE, "not today");
    bed.ask(json!({}))
        .await
        .refused(NOT_AUTHORIZED, "PreTokenGeneration failed with error not today.");
    functions.garble(SOURCE, "[]");
    bed.ask(json!({}))
        .await
        .refused(NOT_AUTHORIZED, "Unrecognizable lambda output");
}

#[tokio::test]
async fn older_functions_hear_nothing_of_it() {
    for lambdas in [
        json!({"PreTokenGeneration": FUNCTION}),
        json!({"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": FUNCTION}}),
    ] {
        let bed = Bed::new(json!({ "LambdaConfig": lambdas })).await;
        bed.ask(json!({})).await.ok();
        assert_eq!(bed.people.app.functions.sources(), [""; 0]);
    }
}

/// Machines ask often: what is cached is not looked up again.
#[tokio::test]
async fn a_token_costs_no_look_into_the_store() {
    let bed = Bed::new(json!({})).await;
    bed.ask(json!({})).await.ok();
    let reads = || bed.people.app.store.stats().reads;
    let before = reads();
    for _ in 0..5 {
        // Without `Bed::ask`, which lets time pass.
        let cx = bed.people.app.cx();
        let input = json!({"ClientId": bed.people.client, "Secret": bed.secret});
        testkit::Call::of(&crate::ops::TABLE, "GetClientToken", input)
            .on(&bed.people.app.pools, &cx)
            .await
            .ok();
    }
    assert_eq!(reads(), before);
}
