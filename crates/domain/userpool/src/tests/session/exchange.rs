//! Tokens in exchange for others. Reference: user-pools 15.4.

use std::time::Duration;

use serde_json::{Map, Value, json};
use testkit::{Answer, merged, text};

use crate::tests::{functions::FUNCTION, people::People};

pub(super) const INVALID: &str = "InvalidParameterException";
pub(super) const NOT_AUTHORIZED: &str = "NotAuthorizedException";
pub(super) const ADMIN: &str = "aws.cognito.signin.user.admin";

/// Ana signs in with an app, whose tokens a service exchanges; an agent has a token for itself.
pub(super) struct Bed {
    pub people: People,
    /// The app.
    pub app: String,
    /// Of the service, whose client the calls are by.
    pub service: String,
    pub secret: String,
    /// The agent's.
    pub agent: String,
    pub agent_token: String,
    /// Ana's, of the app.
    pub access: String,
    pub id: String,
}

fn api() -> Value {
    let scopes: Vec<Value> = ["read", "write", "others"]
        .iter()
        .map(|name| json!({"ScopeName": name, "ScopeDescription": "x"}))
        .collect();
    json!({"Identifier": "orders", "Name": "Orders", "Scopes": scopes})
}

/// What grants scopes to a client that exchanges tokens.
pub(super) fn exchanging(scopes: &[&str]) -> Value {
    json!({
        "ClientName": "service", "GenerateSecret": true, "AllowedOAuthFlows": ["code"],
        "CallbackURLs": ["https://app.example.com/"], "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthScopes": scopes,
        "ExplicitAuthFlows": [
            "ALLOW_TOKEN_EXCHANGE_DELEGATION", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_USER_PASSWORD_AUTH",
        ],
    })
}

impl Bed {
    /// The function gives the sign-in the scopes that hosted login would.
    pub async fn new() -> Self {
        Self::of(json!({}), json!({})).await
    }

    pub async fn of(pool: Value, app: Value) -> Self {
        let function = json!({"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": FUNCTION}});
        let pool = merged(json!({ "LambdaConfig": function }), pool);
        let people = People::with(pool, app).await;
        people
            .member("ana", &[("email", "ana@example.com"), ("name", "Ana")])
            .await;
        people.admin("CreateResourceServer", api()).await.ok();
        let details = json!({"accessTokenGeneration": {"scopesToAdd": ["orders/read", "orders/write"]}});
        people.app.functions.respond(
            "TokenGeneration_Authentication",
            json!({ "claimsAndScopeOverrideDetails": details }),
        );
        let tokens = people.tokens("ana").await;
        people
            .app
            .functions
            .respond("TokenGeneration_Authentication", json!({}));
        let mut bed = Self {
            app: people.client.clone(),
            people,
            service: String::new(),
            secret: String::new(),
            agent: String::new(),
            agent_token: String::new(),
            access: text(&tokens, "/AccessToken"),
            id: text(&tokens, "/IdToken"),
        };
        let agent = json!({
            "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["orders/others"],
            "CallbackURLs": [], "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"],
        });
        let (agent, secret) = bed.client(agent).await;
        let asked = json!({"ClientId": agent, "Secret": secret});
        let answer = bed.people.public("GetClientToken", asked).await.ok();
        bed.agent_token = text(&answer, "/ClientAuthenticationResult/AccessToken");
        bed.agent = agent;
        (bed.service, bed.secret) = bed.client(json!({})).await;
        bed
    }

    /// Another client that may exchange tokens, and its secret.
    pub async fn client(&self, settings: Value) -> (String, String) {
        let input = merged(exchanging(&["openid", "orders/read", ADMIN]), settings);
        let made = self.people.admin("CreateUserPoolClient", input).await.ok();
        let made = &made["UserPoolClient"];
        let secret = made["ClientSecret"].as_str().unwrap_or_default();
        (text(made, "/ClientId"), secret.to_owned())
    }

    /// With Ana's access token, unless the input says otherwise.
    pub async fn exchange(&self, input: Value) -> Answer {
        let asked = json!({
            "ClientId": self.service, "ClientSecret": self.secret,
            "SubjectToken": self.access, "SubjectTokenType": "ACCESS_TOKEN",
        });
        self.people.public("GetDerivedToken", merged(asked, input)).await
    }

    pub async fn claims(&self, answer: &Value) -> Map<String, Value> {
        self.people.claims(&text(answer, "/IssuedToken")).await
    }
}

pub(super) fn acting(token: &str) -> Value {
    json!({"ActorToken": token, "ActorTokenType": "ACCESS_TOKEN"})
}

#[tokio::test]
async fn an_access_token_is_made_of_another() {
    let bed = Bed::new().await;
    bed.people.app.advance(Duration::from_secs(60));
    let answer = bed.exchange(json!({})).await.ok();
    let rest = json!({
        "IssuedToken": answer["IssuedToken"], "IssuedTokenType": "ACCESS_TOKEN", "TokenType": "Bearer",
        "ExpiresIn": 3540, "Scopes": ["orders/read"],
    });
    assert_eq!(answer, rest, "what is left of the subject's hour");
    let (before, after) = (bed.people.claims(&bed.access).await, bed.claims(&answer).await);
    for same in [
        "sub",
        "username",
        "iss",
        "origin_jti",
        "event_id",
        "auth_time",
        "exp",
        "token_use",
    ] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert_eq!(after["client_id"], bed.service.as_str());
    assert_eq!(after["scope"], "orders/read");
    assert_ne!(after["jti"], before["jti"]);
    assert!(after["iat"].as_i64() > before["iat"].as_i64());
    for absent in ["act", "aud", "version"] {
        assert_eq!(after.get(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn a_short_lived_client_gives_short_lived_tokens() {
    let bed = Bed::new().await;
    let short = json!({"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}});
    let (client, secret) = bed.client(short).await;
    let answer = bed
        .exchange(json!({"ClientId": client, "ClientSecret": secret}))
        .await
        .ok();
    assert_eq!(answer["ExpiresIn"], 300);
}

#[tokio::test]
async fn an_id_token_is_made_of_an_id_token() {
    let bed = Bed::new().await;
    let (client, secret) = bed.client(json!({"ReadAttributes": ["name"]})).await;
    let asked = json!({
        "ClientId": client, "ClientSecret": secret, "SubjectToken": bed.id, "SubjectTokenType": "ID_TOKEN",
        "RequestedTokenType": "ID_TOKEN",
    });
    let answer = bed.exchange(asked.clone()).await.ok();
    assert_eq!(
        (&answer["IssuedTokenType"], &answer["TokenType"], answer.get("Scopes")),
        (&json!("ID_TOKEN"), &json!("N_A"), None)
    );
    let claims = bed.claims(&answer).await;
    assert_eq!((&claims["name"], claims.get("email")), (&json!("Ana"), None));
    assert_eq!(claims["aud"], client.as_str());
    assert_eq!(claims["cognito:username"], "ana");
    let own = bed
        .exchange(merged(asked.clone(), json!({"Audiences": [client]})))
        .await
        .ok();
    assert_eq!(bed.claims(&own).await["aud"], client.as_str());
    // An access token made of an ID token has no scopes.
    let access = merged(
        asked,
        json!({"RequestedTokenType": "ACCESS_TOKEN", "Scopes": ["openid", ADMIN, "orders/read"]}),
    );
    let answer = bed.exchange(access).await.ok();
    assert_eq!(answer["Scopes"], json!([]));
    assert_eq!(bed.claims(&answer).await["scope"], "");
}

#[tokio::test]
async fn who_acts_is_told() {
    let bed = Bed::new().await;
    let answer = bed.exchange(acting(&bed.agent_token)).await.ok();
    let claims = bed.claims(&answer).await;
    let agent = json!({"sub": bed.agent, "client_id": bed.agent});
    assert_eq!(claims["act"], agent);
    assert_eq!(claims["username"], "ana");

    // Another who acts next names the first; whoever impersonates hides nobody.
    bed.people.member("bea", &[]).await;
    bed.people
        .app
        .functions
        .respond("TokenGeneration_Authentication", json!({}));
    let bea = bed.people.tokens("bea").await;
    let derived = text(&answer, "/IssuedToken");
    let as_bea = json!({"ActorToken": text(&bea, "/IdToken"), "ActorTokenType": "ID_TOKEN"});
    let next = merged(json!({ "SubjectToken": derived }), as_bea);
    let next = bed.claims(&bed.exchange(next).await.ok()).await;
    let sub = bed.people.claims(&text(&bea, "/IdToken")).await["sub"].clone();
    assert_eq!(next["act"], json!({"sub": sub, "client_id": bed.app, "act": agent}));
    let again = bed.exchange(json!({ "SubjectToken": derived })).await.ok();
    assert_eq!(bed.claims(&again).await["act"], agent);

    // The line of them ends.
    let mut token = derived;
    for _ in 0..7 {
        let asked = merged(json!({ "SubjectToken": token }), acting(&bed.agent_token));
        token = text(&bed.exchange(asked).await.ok(), "/IssuedToken");
    }
    bed.exchange(merged(json!({ "SubjectToken": token }), acting(&bed.agent_token)))
        .await
        .refused(INVALID, "The subject token has too many actors.");
}

#[tokio::test]
async fn each_way_is_the_clients_to_allow() {
    let bed = Bed::new().await;
    for (flows, impersonates, delegates) in [
        (json!(["ALLOW_TOKEN_EXCHANGE_IMPERSONATION"]), true, false),
        (json!(["ALLOW_TOKEN_EXCHANGE_DELEGATION"]), false, true),
        (json!(["ALLOW_REFRESH_TOKEN_AUTH"]), false, false),
        (json!([]), false, false),
    ] {
        let (client, secret) = bed.client(json!({ "ExplicitAuthFlows": flows })).await;
        let client = json!({"ClientId": client, "ClientSecret": secret});
        for (asked, allowed, name) in [
            (json!({}), impersonates, "IMPERSONATION"),
            (acting(&bed.agent_token), delegates, "DELEGATION"),
        ] {
            let answer = bed.exchange(merged(client.clone(), asked)).await;
            if allowed {
                answer.ok();
            } else {
                let sentence = format!("TOKEN_EXCHANGE_{name} is not enabled for the client.");
                answer.refused(INVALID, &sentence);
            }
        }
    }
}

#[tokio::test]
async fn a_token_is_for_a_resource() {
    let bed = Bed::new().await;
    for target in [json!({"Resources": ["orders"]}), json!({"Audiences": ["orders"]})] {
        let answer = bed.exchange(target).await.ok();
        assert_eq!(bed.claims(&answer).await["aud"], "orders");
        // And for no other any more.
        let bound = json!({"SubjectToken": text(&answer, "/IssuedToken")});
        let again = bed.exchange(bound.clone()).await.ok();
        assert_eq!(bed.claims(&again).await["aud"], "orders");
        bed.exchange(merged(bound, json!({"Audiences": [bed.service]})))
            .await
            .refused(INVALID, &format!("A token cannot be derived for {}.", bed.service));
    }
    for (target, sentence) in [
        (
            json!({"Audiences": ["orders"], "Resources": ["orders"]}),
            "Audiences and Resources cannot both be given.".to_owned(),
        ),
        (
            json!({"Resources": ["https://elsewhere.example.com"]}),
            "A token cannot be derived for https://elsewhere.example.com.".to_owned(),
        ),
        (
            json!({"Audiences": [bed.app]}),
            format!("A token cannot be derived for {}.", bed.app),
        ),
    ] {
        bed.exchange(target).await.refused(INVALID, &sentence);
    }
}

#[tokio::test]
async fn a_function_narrows_and_adds_claims() {
    let bed = Bed::new().await;
    let functions = bed.people.app.functions.clone();
    functions.heard();
    let details = json!({"accessTokenGeneration": {
        "claimsToAddOrOverride": {"tenant": "t", "act": {"sub": "x"}, "origin_jti": "x"},
        "scopesToAdd": ["orders/write", "orders/others"], "scopesToSuppress": ["openid"],
    }});
    functions.respond(
        "TokenGeneration_Authentication",
        json!({ "claimsAndScopeOverrideDetails": details }),
    );
    let answer = bed.exchange(json!({})).await.ok();
    let event = functions.heard().pop().unwrap();
    assert_eq!(event["callerContext"]["clientId"], bed.service.as_str());
    assert_eq!(event["request"]["scopes"], json!(["orders/read"]));
    let claims = bed.claims(&answer).await;
    assert_eq!((&claims["tenant"], claims.get("act")), (&json!("t"), None));
    assert_eq!(
        claims["scope"], "orders/read",
        "a function takes scopes away and adds none"
    );
    assert_eq!(claims["origin_jti"], bed.people.claims(&bed.access).await["origin_jti"]);

    functions.raise("TokenGeneration_Authentication", "no");
    bed.exchange(json!({})).await.refused(
        "UserLambdaValidationException",
        "PreTokenGeneration failed with error no.",
    );
}

#[tokio::test]
async fn what_is_missing_or_foreign_is_named() {
    let bed = Bed::new().await;
    let no_provider = format!(
        "The provider Corporate does not exist for User Pool {}.",
        bed.people.pool
    );
    for (input, sentence) in [
        (
            json!({"SubjectTokenType": "SAML2"}),
            "SubjectTokenType SAML2 is not supported.",
        ),
        (
            json!({"ActorToken": "x", "ActorTokenType": "SAML2"}),
            "ActorTokenType SAML2 is not supported.",
        ),
        (
            json!({"ActorToken": bed.agent_token}),
            "Missing required parameter ActorTokenType",
        ),
        (
            json!({"ActorTokenType": "ID_TOKEN"}),
            "Missing required parameter ActorToken",
        ),
        (json!({"SubjectTokenProviderName": "Corporate"}), &no_provider),
        (json!({"ActorTokenProviderName": "Corporate"}), &no_provider),
    ] {
        bed.exchange(input).await.refused(INVALID, sentence);
    }
    bed.exchange(json!({"SubjectTokenProviderName": "COGNITO"})).await.ok();
    bed.exchange(json!({"ClientId": "nobody"}))
        .await
        .refused("ResourceNotFoundException", "User pool client nobody does not exist.");
}
