//! What nobody gets in exchange for a token. Reference: user-pools 15.4, 8.5, 8.6.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{merged, text};

use super::exchange::{ADMIN, Bed, INVALID, NOT_AUTHORIZED, acting};

const REVOKED: (&str, &str) = (NOT_AUTHORIZED, "Subject Token has been revoked");
const BAD_SUBJECT: (&str, &str) = (NOT_AUTHORIZED, "Invalid Subject Token");
const BAD_ACTOR: (&str, &str) = (NOT_AUTHORIZED, "Invalid Actor Token");

#[tokio::test]
async fn scopes_never_widen() {
    let bed = Bed::new().await;
    for (asked, granted) in [
        // The client lacks the first, the token the second and third.
        (
            json!(["orders/write", "openid", "orders/others", "orders/none"]),
            json!([]),
        ),
        (
            json!(["orders/write", "orders/read", "orders/read"]),
            json!(["orders/read"]),
        ),
        // Self-service stays with the client that the user signed in with.
        (json!([ADMIN]), json!([])),
    ] {
        let answer = bed.exchange(json!({ "Scopes": asked })).await.ok();
        assert_eq!(answer["Scopes"], granted, "{asked}");
    }
    // A blank is no part of a scope.
    let two = bed.exchange(json!({"Scopes": ["orders/read orders/others"]})).await;
    assert_eq!(two.code(), INVALID);
    // What was narrowed stays so.
    let narrow = bed.exchange(json!({"Scopes": ["openid"]})).await.ok();
    let again = json!({"SubjectToken": text(&narrow, "/IssuedToken"), "Scopes": ["orders/read"]});
    assert_eq!(bed.exchange(again).await.ok()["Scopes"], json!([]));
    // A scope that has gone is granted no more.
    let gone = json!({"Identifier": "orders", "Name": "Orders"});
    bed.people.admin("UpdateResourceServer", gone).await.ok();
    assert_eq!(bed.exchange(json!({})).await.ok()["Scopes"], json!([]));
}

#[tokio::test]
async fn self_service_is_the_users_own_clients() {
    let bed = Bed::new().await;
    let derived = text(&bed.exchange(json!({})).await.ok(), "/IssuedToken");
    bed.people
        .get_user(&derived)
        .await
        .refused(NOT_AUTHORIZED, "Access Token does not have required scopes");
    // Where the app itself exchanges, it has what it had.
    let update = merged(
        super::exchange::exchanging(&[ADMIN]),
        json!({"ClientId": bed.app, "GenerateSecret": null}),
    );
    bed.people.admin("UpdateUserPoolClient", update).await.ok();
    let by_app = json!({"ClientId": bed.app, "ClientSecret": null});
    let answer = bed.exchange(by_app).await.ok();
    assert_eq!(answer["Scopes"], json!([ADMIN]));
    bed.people.get_user(&text(&answer, "/IssuedToken")).await.ok();
}

#[tokio::test]
async fn the_secret_is_the_clients_own() {
    let bed = Bed::new().await;
    let wrong = format!("Unable to verify the client secret for client {}", bed.service);
    let (_, other) = bed.client(json!({})).await;
    for secret in [json!(other), json!("x".repeat(52)), Value::Null] {
        bed.exchange(json!({ "ClientSecret": secret }))
            .await
            .refused(NOT_AUTHORIZED, &wrong);
    }
    let empty = bed.exchange(json!({"ClientSecret": ""})).await;
    assert_eq!(empty.code(), INVALID);
    // A deleted one counts no longer.
    let named = json!({"ClientId": bed.service});
    bed.people.admin("AddUserPoolClientSecret", named.clone()).await.ok();
    let listed = bed.people.admin("ListUserPoolClientSecrets", named.clone()).await.ok();
    let first = json!({"ClientSecretId": text(&listed, "/ClientSecrets/0/ClientSecretId")});
    bed.exchange(json!({})).await.ok();
    bed.people
        .admin("DeleteUserPoolClientSecret", merged(named, first))
        .await
        .ok();
    bed.exchange(json!({})).await.refused(NOT_AUTHORIZED, &wrong);
}

#[tokio::test]
async fn a_token_is_what_it_is() {
    let bed = Bed::new().await;
    let garbled = format!("{}x", bed.access);
    for (token, kind) in [
        (bed.id.as_str(), "ACCESS_TOKEN"),
        (&bed.access, "ID_TOKEN"),
        (&garbled, "ACCESS_TOKEN"),
        ("a", "ACCESS_TOKEN"),
        ("a.b.c", "ID_TOKEN"),
        // An agent is nobody who could be acted for.
        (&bed.agent_token, "ACCESS_TOKEN"),
    ] {
        bed.exchange(json!({"SubjectToken": token, "SubjectTokenType": kind}))
            .await
            .refused_as(BAD_SUBJECT);
        if token != bed.agent_token {
            bed.exchange(json!({"ActorToken": token, "ActorTokenType": kind}))
                .await
                .refused_as(BAD_ACTOR);
        }
    }
    assert_eq!(bed.exchange(json!({"SubjectToken": ""})).await.code(), INVALID);
    // What an access token does not say an ID token would.
    bed.exchange(json!({"RequestedTokenType": "ID_TOKEN"}))
        .await
        .refused(INVALID, "An ID token can be derived from an ID token only.");
    let id = json!({"SubjectToken": bed.id, "SubjectTokenType": "ID_TOKEN", "RequestedTokenType": "ID_TOKEN"});
    for audience in [bed.app.as_str(), "orders"] {
        bed.exchange(merged(id.clone(), json!({"Audiences": [audience]})))
            .await
            .refused(INVALID, &format!("A token cannot be derived for {audience}."));
    }
}

#[tokio::test]
async fn another_pools_tokens_are_nothing() {
    let bed = Bed::new().await;
    let people = &bed.people;
    let pool = people.app.pool(json!({})).await;
    let flows = json!({"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]});
    let client = people.app.client(&pool, flows).await;
    let ana = json!({"ClientId": client, "Username": "ana", "Password": "Passw0rd!"});
    people.app.anon.call("SignUp", ana).await.ok();
    let confirm = json!({"UserPoolId": pool, "Username": "ana"});
    people.app.admin.call("AdminConfirmSignUp", confirm).await.ok();
    let sign_in = json!({
        "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "ana", "PASSWORD": "Passw0rd!"},
    });
    let tokens = people.app.anon.call("InitiateAuth", sign_in).await.ok();
    let token = text(&tokens, "/AuthenticationResult/AccessToken");
    bed.exchange(json!({"SubjectToken": token}))
        .await
        .refused_as(BAD_SUBJECT);
    bed.exchange(acting(&token)).await.refused_as(BAD_ACTOR);
    // Of a client that is gone.
    people
        .admin("DeleteUserPoolClient", json!({"ClientId": bed.agent}))
        .await
        .ok();
    bed.exchange(acting(&bed.agent_token)).await.refused_as(BAD_ACTOR);
    people
        .admin("DeleteUserPoolClient", json!({"ClientId": bed.app}))
        .await
        .ok();
    bed.exchange(json!({})).await.refused_as(BAD_SUBJECT);
}

#[tokio::test]
async fn nothing_outlives_what_it_was_made_of() {
    let bed = Bed::new().await;
    bed.people.app.advance(Duration::from_secs(1800));
    // The agent's token has half an hour left, and so has what it helps to make of a younger one.
    let younger = bed.people.token("ana").await;
    let answer = bed
        .exchange(merged(json!({ "SubjectToken": younger }), acting(&bed.agent_token)))
        .await
        .ok();
    let left = answer["ExpiresIn"].as_i64().unwrap();
    assert!((1790..=1800).contains(&left), "{left}");
    bed.people.app.advance(Duration::from_secs(1800));
    bed.exchange(json!({}))
        .await
        .refused(NOT_AUTHORIZED, "Subject Token has expired");
    bed.exchange(merged(json!({ "SubjectToken": younger }), acting(&bed.agent_token)))
        .await
        .refused(NOT_AUTHORIZED, "Actor Token has expired");
    bed.exchange(json!({"SubjectToken": text(&answer, "/IssuedToken")}))
        .await
        .refused(NOT_AUTHORIZED, "Subject Token has expired");
}

/// Each end of a sign-in, told to the subject's token and to one that was made of it before.
#[tokio::test]
async fn whatever_ends_the_subjects_token_ends_its_heirs() {
    for revocation in [true, false] {
        for end in [
            "RevokeToken",
            "AdminUserGlobalSignOut",
            "AdminDisableUser",
            "AdminDeleteUser",
        ] {
            if end == "RevokeToken" && !revocation {
                continue;
            }
            let bed = Bed::of(json!({}), json!({"EnableTokenRevocation": revocation})).await;
            let by_app = merged(
                super::exchange::exchanging(&[ADMIN]),
                json!({"ClientId": bed.app, "GenerateSecret": null, "EnableTokenRevocation": revocation}),
            );
            bed.people.admin("UpdateUserPoolClient", by_app).await.ok();
            let by_app = json!({"ClientId": bed.app, "ClientSecret": null});
            let tokens = bed.people.tokens("ana").await;
            let subject = json!({"SubjectToken": text(&tokens, "/AccessToken")});
            let asked = merged(subject, by_app);
            let heir = text(&bed.exchange(asked.clone()).await.ok(), "/IssuedToken");
            bed.people.get_user(&heir).await.ok();
            let input = match end {
                "RevokeToken" => json!({"Token": text(&tokens, "/RefreshToken"), "ClientId": bed.app}),
                _ => json!({"UserPoolId": bed.people.pool, "Username": "ana"}),
            };
            bed.people.app.advance(Duration::from_millis(1));
            bed.people.app.admin.call(end, input).await.ok();
            let revoked = (REVOKED.0, REVOKED.1, "Access Token has been revoked");
            let (code, sentence, of_get_user) = match end {
                "AdminDisableUser" => (NOT_AUTHORIZED, "", ""),
                "AdminDeleteUser" => ("UserNotFoundException", "User does not exist.", "User does not exist."),
                _ => revoked,
            };
            let refused = bed.exchange(asked.clone()).await;
            let again = bed.exchange(merged(asked, json!({ "SubjectToken": heir }))).await;
            let user = bed.people.get_user(&heir).await;
            for answer in [&refused, &again] {
                assert_eq!(answer.code(), code, "{end} {revocation}");
                assert!(answer.sentence().starts_with(sentence), "{end}: {}", answer.sentence());
            }
            assert!(
                user.result.is_err() && user.sentence().starts_with(of_get_user),
                "{end} {revocation}"
            );
        }
    }
}
