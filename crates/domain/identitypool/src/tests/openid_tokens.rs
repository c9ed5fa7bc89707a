use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};
use testkit::{ACCOUNT, Answer, text};
use tokens::OPENID_OWNER;

use super::app::{App, CLIENT, STAFF, aws, role_arn};

const INVALID_PARAMETER: &str = "InvalidParameterException";

impl App {
    async fn openid_token(&self, identity: &str, logins: Value) -> Answer {
        let mut input = json!({ "IdentityId": identity });
        if !logins.is_null() {
            input["Logins"] = logins;
        }
        self.call("GetOpenIdToken", input).await
    }

    /// Through STS's table.
    async fn assume(&self, role: &str, token: &str) -> Result<Value, String> {
        let input = json!({
            "RoleArn": role_arn(role), "RoleSessionName": "classic", "WebIdentityToken": token, "DurationSeconds": 900,
        });
        let entry = iam::sts::TABLE.entry("AssumeRoleWithWebIdentity").unwrap();
        let answer = (entry.call)(&self.iam, &self.cx(), input).await;
        answer.map(model::Answered::tree).map_err(|error| error.to_string())
    }
}

/// By a library that knows nothing of ours, with the key set that is served.
async fn read(app: &App, pool: &str, token: &str) -> Value {
    let header = decode_header(token).unwrap();
    assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::RS512, Some("JWS")));
    let jwks = app.tokens.jwks(OPENID_OWNER).await.unwrap().unwrap();
    let jwks: JwkSet = serde_json::from_str(&jwks).unwrap();
    let key = jwks.find(&header.kid.unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS512);
    validation.set_audience(&[pool]);
    validation.set_issuer(&["https://cognito-identity.amazonaws.com"]);
    // Times are the mock clock's: checked below.
    validation.validate_exp = false;
    decode(token, &DecodingKey::from_jwk(key).unwrap(), &validation)
        .unwrap()
        .claims
}

#[tokio::test]
async fn the_token_says_who_somebody_is() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({})).await;
    let now = app.now().secs();
    let arn = format!("arn:aws:cognito-identity:eu-west-1:{ACCOUNT}:identitypool/{pool}");
    let guest = app.id(&pool, Value::Null).await;
    let answer = app.openid_token(&guest, Value::Null).await.ok();
    assert_eq!(answer["IdentityId"], json!(guest));
    assert_eq!(
        read(&app, &pool, &text(&answer, "/Token")).await,
        json!({
            "sub": guest, "aud": pool, "amr": ["unauthenticated"], "iss": "https://cognito-identity.amazonaws.com",
            "https://cognito-identity.amazonaws.com/identity-pool-arn": arn, "iat": now, "exp": now + 600,
        })
    );

    let map = json!({"IdentityPoolId": pool, "IdentityProviderName": aws(STAFF), "UseDefaults": true});
    app.call("SetPrincipalTagAttributeMap", map).await.ok();
    let logins = app.logins(STAFF, "ana").await;
    let ana = app.id(&pool, logins.clone()).await;
    let answer = app.openid_token(&ana, logins).await.ok();
    let claims = read(&app, &pool, &text(&answer, "/Token")).await;
    assert_eq!(claims["sub"], json!(ana));
    assert_eq!(
        claims["amr"],
        json!([
            "authenticated",
            aws(STAFF),
            format!("{}:CognitoSignIn:ana", aws(STAFF)),
            format!("localhost:4566/{STAFF}"),
            format!("localhost:4566/{STAFF}:CognitoSignIn:ana"),
        ])
    );
    assert_eq!(
        claims["https://aws.amazon.com/tags"],
        json!({"principal_tags": {"client": [CLIENT], "username": ["ana"]}})
    );
}

#[tokio::test]
async fn sts_takes_the_token_until_it_expires() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let logins = app.logins(STAFF, "ana").await;
    let ana = app.id(&pool, logins.clone()).await;
    let token = text(&app.openid_token(&ana, logins).await.ok(), "/Token");
    let answer = app.assume("user", &token).await.unwrap();
    let principal = app.principal(&answer["Credentials"]).await;
    assert_eq!(
        principal.principal.arn.as_str(),
        "arn:aws:sts::123456789012:assumed-role/user/classic"
    );
    assert_eq!(
        app.may(&principal, "s3:GetObject", &format!("arn:aws:s3:::b/{ana}/x"))
            .await,
        Ok(())
    );
    assert!(app.assume("guest", &token).await.is_err());

    // A guest of the classic flow is not narrowed.
    let guest = app.id(&pool, Value::Null).await;
    let guests = text(&app.openid_token(&guest, Value::Null).await.ok(), "/Token");
    assert!(app.assume("user", &guests).await.is_err());
    let answer = app.assume("guest", &guests).await.unwrap();
    let principal = app.principal(&answer["Credentials"]).await;
    assert_eq!(app.may(&principal, "iam:ListRoles", "*").await, Ok(()));

    app.clock.advance(Duration::from_secs(600));
    let refusal = app.assume("user", &token).await.unwrap_err();
    assert!(refusal.starts_with("ExpiredToken"), "{refusal}");
}

#[tokio::test]
async fn a_pool_may_forbid_the_classic_flow() {
    let app = App::new().await;
    for (allowed, works) in [(Value::Null, true), (json!(true), true), (json!(false), false)] {
        let pool = app.identity_pool(json!({ "AllowClassicFlow": allowed })).await;
        let shown = app
            .call("DescribeIdentityPool", json!({"IdentityPoolId": pool}))
            .await
            .ok();
        assert_eq!(shown.get("AllowClassicFlow").cloned().unwrap_or_default(), allowed);
        let guest = app.id(&pool, Value::Null).await;
        let answer = app.openid_token(&guest, Value::Null).await;
        if works {
            answer.ok();
        } else {
            answer.refused(
                INVALID_PARAMETER,
                "Basic (classic) flow is not enabled, please use enhanced flow.",
            );
        }
    }
}

#[tokio::test]
async fn role_mappings_forbid_the_classic_flow() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let guest = app.id(&pool, Value::Null).await;
    let mapping = json!({ format!("{}:{CLIENT}", aws(STAFF)): {"Type": "Token", "AmbiguousRoleResolution": "Deny"} });
    let roles = json!({"unauthenticated": role_arn("guest")});
    let input = json!({"IdentityPoolId": pool, "Roles": roles, "RoleMappings": mapping});
    app.call("SetIdentityPoolRoles", input).await.ok();
    app.openid_token(&guest, Value::Null).await.refused(
        INVALID_PARAMETER,
        "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.",
    );
    // Setting the roles without mappings removes them.
    app.call("SetIdentityPoolRoles", json!({"IdentityPoolId": pool, "Roles": roles}))
        .await
        .ok();
    app.openid_token(&guest, Value::Null).await.ok();
}
