use std::time::Duration;

use kernel::{PoolId, Sub};
use serde_json::{Value, json};
use store::records::{sessions, users};
use testkit::Answer;
use tokens::IssuerMode;

use super::app::{App, CLIENT, PARTNERS, STAFF, aws};

const NOT_AUTHORIZED: &str = "NotAuthorizedException";

impl App {
    async fn refuses(&self, pool: &str, (what, token, sentence): (&str, String, &str)) {
        let answer = self.get_id(pool, &aws(STAFF), &token).await;
        assert!(answer.result.is_err(), "{what} was accepted");
        answer.refused(NOT_AUTHORIZED, sentence);
    }

    async fn get_id(&self, pool: &str, provider: &str, token: &str) -> Answer {
        let logins = json!({ provider: token });
        self.call("GetId", json!({"IdentityPoolId": pool, "Logins": logins}))
            .await
    }
}

#[tokio::test]
async fn every_check_has_its_sentence() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({})).await;
    let now = app.now().secs();
    let good = app.id_token(STAFF, "ana").await;
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let partner = app.id_token(PARTNERS, "ana").await;
    let partner_body = partner.split('.').nth(1).unwrap();
    // Signed by a key that is nobody's, under the kid of the good one.
    let stranger = &testkit::signing_keys()[7];
    let claims = json!({"sub": "ana", "aud": CLIENT, "token_use": "id", "exp": now + 60,
        "iss": format!("http://localhost:4566/{STAFF}")});
    let unknown_kid = stranger.sign(claims.to_string().as_bytes()).unwrap();
    let foreign_body = unknown_kid.split('.').nth(1).unwrap();
    let foreign_signature = unknown_kid.split('.').nth(2).unwrap();
    // The partners' own key (the third that was handed out) under the staff's issuer.
    let partners_key = &testkit::signing_keys()[2];
    let crossed = partners_key.sign(claims.to_string().as_bytes()).unwrap();
    assert_eq!(crossed.split('.').next(), partner.split('.').next());
    let none = "eyJhbGciOiJub25lIn0";

    let audience = "Invalid login token. Missing a required claim: aud";
    let issuer = "Invalid login token. Issuer doesn't match providerName";
    let client = "Token is not from a supported provider of this identity pool.";
    let signed = "Invalid login token. Couldn't verify signed token.";

    let of = |claims| app.tokens(STAFF, claims);
    for case in [
        (
            "an access token",
            of(json!({"sub": "ana", "aud": null})).await.access,
            audience,
        ),
        (
            "an access token with an audience",
            of(json!({"sub": "ana"})).await.access,
            audience,
        ),
        (
            "no audience",
            of(json!({"sub": "ana", "aud": null})).await.id.unwrap(),
            audience,
        ),
        ("another pool's token", partner.clone(), issuer),
        (
            "another pool's claims",
            format!("{head}.{partner_body}.{signature}"),
            issuer,
        ),
        (
            "another client's token",
            of(json!({"sub": "ana", "aud": "app"})).await.id.unwrap(),
            client,
        ),
        ("another pool's key under our issuer", crossed.clone(), issuer),
        ("a stranger's key", unknown_kid.clone(), signed),
        (
            "a stranger's key under our kid",
            format!("{head}.{foreign_body}.{foreign_signature}"),
            signed,
        ),
        ("other claims", format!("{head}.{foreign_body}.{signature}"), signed),
        ("no algorithm", format!("{none}.{body}."), signed),
    ] {
        app.refuses(&pool, case).await;
    }
    app.get_id(&pool, &aws(STAFF), &good).await.ok();
}

#[tokio::test]
async fn what_is_no_id_token_or_has_expired_has_its_sentence() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({})).await;
    let now = app.now().secs();
    let good = app.id_token(STAFF, "ana").await;
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let shape = "Invalid login token. Not a valid OpenId Connect identity token.";
    let expired = format!("Invalid login token. Token expired: {now} >= {now}");
    let long_expired = format!("Invalid login token. Token expired: {now} >= {}", now - 1);
    let of = |claims| app.token(STAFF, claims);
    // The staff's own key is the first that was handed out.
    let [key, ..] = testkit::signing_keys();
    let claims = json!({"sub": "ana", "aud": CLIENT, "exp": now + 60, "iss": format!("http://localhost:4566/{STAFF}")});
    let useless = key.sign(claims.to_string().as_bytes()).unwrap();
    assert_eq!(useless.split('.').next(), Some(head));
    for case in [
        ("no JWT", "text".to_owned(), shape),
        ("two parts", format!("{head}.{body}"), shape),
        ("four parts", format!("{good}.x"), shape),
        ("a payload that is no JSON", format!("{head}.AAAA.{signature}"), shape),
        ("expired now", of(json!({"sub": "ana", "exp": now})).await, &expired),
        (
            "expired",
            of(json!({"sub": "ana", "exp": now - 1})).await,
            &long_expired,
        ),
        ("no use", useless, shape),
        ("nobody's", of(json!({})).await, shape),
    ] {
        app.refuses(&pool, case).await;
    }
}

#[tokio::test]
async fn a_token_expires_by_the_clock_that_moves() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({})).await;
    let token = app.id_token(STAFF, "ana").await;
    app.clock.advance(Duration::from_secs(3599));
    app.get_id(&pool, &aws(STAFF), &token).await.ok();
    app.clock.advance(Duration::from_secs(1));
    let now = app.now().secs();
    app.get_id(&pool, &aws(STAFF), &token).await.refused(
        NOT_AUTHORIZED,
        &format!("Invalid login token. Token expired: {now} >= {now}"),
    );
}

#[tokio::test]
async fn providers_that_are_not_configured_are_told_apart() {
    let app = App::new().await;
    let token = app.id_token(STAFF, "ana").await;
    let only_partners = json!([{"ProviderName": aws(PARTNERS), "ClientId": CLIENT}]);
    let pool = app
        .identity_pool(json!({
            "CognitoIdentityProviders": only_partners,
            "SupportedLoginProviders": {"accounts.google.com": "7346241598935552"},
            "DeveloperProviderName": "login.mycompany",
            "OpenIdConnectProviderARNs": ["arn:aws:iam::123456789012:oidc-provider/login.example.com/path"],
            "SamlProviderARNs": ["arn:aws:iam::123456789012:saml-provider/Corp"],
        }))
        .await;
    let mismatch = "Logins don't match. Please include at least one valid login for this identity or identity pool.";
    for unknown in [
        aws(STAFF).as_str(),
        &format!("x{}", aws(STAFF)),
        "graph.facebook.com",
        "login.example.com",
        "x",
    ] {
        app.get_id(&pool, unknown, &token)
            .await
            .refused(NOT_AUTHORIZED, mismatch);
    }
    // A good token under the key of another user pool, configured or not.
    for other in [aws(PARTNERS), aws("eu-west-1_aBcDeFgHi")] {
        app.get_id(&pool, &other, &token)
            .await
            .refused(NOT_AUTHORIZED, "Invalid login token. Issuer doesn't match providerName");
    }
    app.get_id(&pool, &aws(STAFF), "text")
        .await
        .refused(NOT_AUTHORIZED, mismatch);
    for stored in [
        "accounts.google.com",
        "login.example.com/path",
        "arn:aws:iam::123456789012:saml-provider/Corp",
    ] {
        app.get_id(&pool, stored, &token).await.refused(
            "ExternalServiceException",
            &format!("The identity provider '{stored}' could not be reached to verify the login."),
        );
    }
    let public = "Please provide a valid public provider";
    app.get_id(&pool, "login.mycompany", "user-7")
        .await
        .refused("InvalidParameterException", public);

    let guest = app.id(&pool, Value::Null).await;
    app.get_id(&pool, "cognito-identity.amazonaws.com", &token)
        .await
        .refused(NOT_AUTHORIZED, "Invalid login token. Not a Cognito token.");
    app.credentials(&guest, json!({"cognito-identity.amazonaws.com": token}))
        .await
        .refused(NOT_AUTHORIZED, "Invalid login token. Not a Cognito token.");
    let input = json!({"IdentityId": guest});
    let ours = app.call("GetOpenIdToken", input).await.ok()["Token"].clone();
    app.credentials(&guest, json!({"cognito-identity.amazonaws.com": ours}))
        .await
        .refused(NOT_AUTHORIZED, mismatch);

    let bare = app.identity_pool(json!({"CognitoIdentityProviders": []})).await;
    app.get_id(&bare, &aws(STAFF), &token).await.refused(
        NOT_AUTHORIZED,
        &format!("Identity pool - {bare} does not have identity providers configured."),
    );
}

#[tokio::test]
async fn one_bad_login_fails_the_call() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({})).await;
    let good = app.id_token(STAFF, "ana").await;
    let logins = json!({ aws(STAFF): good, aws(PARTNERS): "text" });
    app.call("GetId", json!({"IdentityPoolId": pool, "Logins": logins}))
        .await
        .refused(
            NOT_AUTHORIZED,
            "Invalid login token. Not a valid OpenId Connect identity token.",
        );
}

#[tokio::test]
async fn a_key_is_spelled_exactly() {
    let mismatch = "Logins don't match. Please include at least one valid login for this identity or identity pool.";
    for mode in [IssuerMode::Request, IssuerMode::Public, IssuerMode::Aws] {
        let app = App::with_issuers(mode.clone()).await;
        let pool = app.identity_pool(json!({})).await;
        let token = app.id_token(STAFF, "ana").await;
        for host in [
            "xcognito-idp.eu-west-1.amazonaws.com",
            "cognito-idp.us-east-1.amazonaws.com",
            "Cognito-idp.eu-west-1.amazonaws.com",
            "https://cognito-idp.eu-west-1.amazonaws.com",
            "evil.example",
            "localhost:4567",
        ] {
            let answer = app.get_id(&pool, &format!("{host}/{STAFF}"), &token).await;
            assert!(answer.result.is_err(), "{mode:?} {host} was accepted");
            answer.refused(NOT_AUTHORIZED, mismatch);
        }
        app.get_id(&pool, &aws(STAFF), &token).await.ok();
    }
}

/// What Amplify, scripts written for AWS, and configuration call one pool: all of them lead to one identity.
#[tokio::test]
async fn every_spelling_of_a_provider_is_one_provider() {
    let spellings = [
        aws(STAFF),
        format!("issuer-cognito-idp.eu-west-1.amazonaws.com/{STAFF}"),
        format!("localhost:4566/{STAFF}"),
        format!("127.0.0.1:40123/{STAFF}"),
        format!("id.example.com/{STAFF}"),
    ];
    for mode in [
        IssuerMode::Request,
        IssuerMode::Public,
        IssuerMode::Aws,
        IssuerMode::AwsUpdated,
    ] {
        let app = App::with_issuers(mode.clone()).await;
        let token = app.id_token(STAFF, "ana").await;
        for configured in &spellings {
            let providers = json!([{"ProviderName": configured, "ClientId": CLIENT}]);
            let pool = app.identity_pool(json!({"CognitoIdentityProviders": providers})).await;
            let first = app.id(&pool, json!({ aws(STAFF): token })).await;
            // That address is this server's by configuration alone.
            for given in spellings
                .iter()
                .filter(|name| !name.starts_with("127") || *name == configured)
            {
                let id = app.id(&pool, json!({ given: token })).await;
                assert_eq!(id, first, "{mode:?} {configured} {given}");
            }
            let both = json!({ spellings[0].as_str(): token, spellings[2].as_str(): token });
            assert_eq!(app.id(&pool, both).await, first);
            let other = format!("localhost:4566/{PARTNERS}");
            app.get_id(&pool, &other, &token)
                .await
                .refused(NOT_AUTHORIZED, "Invalid login token. Issuer doesn't match providerName");
        }
    }
}

#[tokio::test]
async fn an_issuer_without_the_pools_id_is_a_spelling_too() {
    let app = App::new().await;
    let own = "eu-west-1_Own123456";
    let tags = json!({"UserPoolTags": {"poolhouse:issuer": "https://login.example.com/staff"}});
    app.user_pool(own, tags).await;
    let token = app.id_token(own, "ana").await;
    for configured in [aws(own), "login.example.com/staff".to_owned()] {
        let providers = json!([{"ProviderName": configured, "ClientId": CLIENT}]);
        let pool = app.identity_pool(json!({"CognitoIdentityProviders": providers})).await;
        let first = app.id(&pool, json!({ aws(own): token })).await;
        assert_eq!(
            app.id(&pool, json!({ "login.example.com/staff": token })).await,
            first,
            "{configured}"
        );
        let described = app.call("DescribeIdentity", json!({"IdentityId": first})).await.ok();
        assert_eq!(described["Logins"], json!([aws(own)]));
        // Another pool's token is no token of that issuer.
        let other = app.id_token(STAFF, "ana").await;
        app.get_id(&pool, "login.example.com/staff", &other)
            .await
            .refused(NOT_AUTHORIZED, "Invalid login token. Issuer doesn't match providerName");
    }
}

#[tokio::test]
async fn a_pool_that_asks_the_server_sees_sign_out_disabling_and_deletion() {
    let app = App::new().await;
    let entry = |check: bool| json!([{"ProviderName": aws(STAFF), "ClientId": CLIENT, "ServerSideTokenCheck": check}]);
    let asks = app
        .identity_pool(json!({"CognitoIdentityProviders": entry(true)}))
        .await;
    let trusts = app
        .identity_pool(json!({"CognitoIdentityProviders": entry(false)}))
        .await;
    let revoked = "Invalid login token. Token is revoked";
    let staff = PoolId::new(STAFF);

    for (sub, end) in [
        ("signed-out", 0),
        ("disabled", 1),
        ("deleted", 2),
        ("revoked-family", 3),
    ] {
        let mut user = app.user(STAFF, sub).await;
        let family = format!("family-of-{sub}");
        let session = sessions::Session {
            family: family.clone(),
            sub: Sub::new(sub),
            client: kernel::ClientId::new(CLIENT),
            token: vec![1],
            previous_token: None,
            rotated_at: None,
            created: app.now(),
            used_at: app.now(),
            expires: app.now().plus(Duration::from_secs(86_400)),
            revoked: false,
            doc: sessions::Doc::default(),
        };
        let pool = staff.clone();
        app.store
            .write(move |tx| Ok(sessions::insert(tx, &pool, &session)?))
            .await
            .unwrap();
        let token = app.token(STAFF, json!({"sub": sub, "origin_jti": family})).await;
        app.get_id(&asks, &aws(STAFF), &token).await.ok();

        user.doc.signed_out_before = (end == 0).then(|| app.now());
        user.doc.sign_outs += u32::from(end == 0);
        user.enabled = end != 1;
        let (pool, id) = (staff.clone(), Sub::new(sub));
        app.store
            .write(move |tx| {
                match end {
                    2 => drop(users::delete(tx, &pool, &id)?),
                    3 => drop(sessions::revoke(tx, &pool, &family)?),
                    _ => {}
                }
                if end < 2 {
                    users::update(tx, &user)?;
                }
                Ok(())
            })
            .await
            .unwrap();
        app.get_id(&asks, &aws(STAFF), &token)
            .await
            .refused(NOT_AUTHORIZED, revoked);
        // Elsewhere the token is good until it expires.
        app.get_id(&trusts, &aws(STAFF), &token).await.ok();
    }
}
