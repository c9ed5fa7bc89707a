//! Refresh tokens: further tokens, rotation, reuse. Reference: user-pools 3.5, 3.7, 5.7, 8.4.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::text;

use crate::tests::people::{PASSWORD, People, hours};

const INVALID: (&str, &str) = ("NotAuthorizedException", "Invalid Refresh Token");
const REVOKED: (&str, &str) = ("NotAuthorizedException", "Refresh Token has been revoked");
const EXPIRED: (&str, &str) = ("NotAuthorizedException", "Refresh Token has expired");
const REUSED: (&str, &str) = ("RefreshTokenReuseException", "Refresh Token has been reused");

fn token(tokens: &Value) -> String {
    text(tokens, "/RefreshToken")
}

fn renewed(answer: &Value) -> String {
    text(answer, "/AuthenticationResult/RefreshToken")
}

async fn rotating(grace: u32) -> People {
    let people = People::with(
        json!({}),
        json!({
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
            "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": grace},
        }),
    )
    .await;
    people.member("ana", &[]).await;
    people
}

#[tokio::test]
async fn groups_and_attributes_are_read_again_and_the_sign_in_stays() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[("name", "Ana")]).await;
    let first = people.tokens("ana").await;
    people.app.advance(Duration::from_secs(600));
    people.admin("CreateGroup", json!({"GroupName": "staff"})).await.ok();
    people
        .admin("AdminAddUserToGroup", json!({"GroupName": "staff", "Username": "ana"}))
        .await
        .ok();
    people.set("ana", &[("name", "Anna")]).await.ok();

    for flow in ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
        let answer = people
            .initiate(flow, json!({"REFRESH_TOKEN": token(&first)}))
            .await
            .ok();
        let result = answer["AuthenticationResult"].as_object().unwrap();
        let mut members: Vec<&str> = result.keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]);
        for kind in ["IdToken", "AccessToken"] {
            let before = people.claims(first[kind].as_str().unwrap()).await;
            let after = people.claims(result[kind].as_str().unwrap()).await;
            for kept in ["auth_time", "origin_jti", "event_id", "sub"] {
                assert_eq!(before[kept], after[kept], "{kind} {kept}");
            }
            for fresh in ["jti", "iat", "exp"] {
                assert_ne!(before[fresh], after[fresh], "{kind} {fresh}");
            }
            assert_eq!(after["cognito:groups"], json!(["staff"]));
        }
        assert_eq!(people.claims(result["IdToken"].as_str().unwrap()).await["name"], "Anna");
    }
    people.get_tokens(&token(&first)).await.ok();
}

#[tokio::test]
async fn what_is_no_refresh_token_of_this_client_is_refused() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let tokens = people.tokens("ana").await;
    let good = token(&tokens);
    let other_client = people.app.client(&people.pool, crate::tests::entry::all_flows()).await;
    let mut parts: Vec<&str> = good.split('.').collect();
    parts[3] = "AAAA";
    let tampered = parts.join(".");
    for (bad, what) in [
        ("a.b.c.d.e", "made up"),
        (tokens["AccessToken"].as_str().unwrap(), "an access token"),
        (good.rsplit_once('.').unwrap().0, "four parts"),
    ] {
        let answer = people.refresh(bad).await;
        assert_eq!(answer.sentence(), INVALID.1, "{what}");
        let answer = people.get_tokens(bad).await;
        assert_eq!(answer.sentence(), "Invalid Refresh Token.", "{what}");
    }
    let input = json!({
        "ClientId": other_client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": good},
    });
    people.app.anon.call("InitiateAuth", input).await.refused_as(INVALID);
    people.refresh(&good).await.ok();
    // The family's own name in another token: somebody tries.
    people.refresh(&tampered).await.refused_as(REVOKED);
}

#[tokio::test]
async fn a_refresh_token_ends() {
    let people = People::with_all_flows(
        json!({}),
        json!({"RefreshTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}}),
    )
    .await;
    people.member("ana", &[]).await;
    let tokens = people.tokens("ana").await;
    people.app.advance(Duration::from_secs(2 * 3600 - 1));
    people.refresh(&token(&tokens)).await.ok();
    people.app.advance(Duration::from_secs(1));
    people.refresh(&token(&tokens)).await.refused_as(EXPIRED);
    people.get_tokens(&token(&tokens)).await.refused_as(EXPIRED);
}

#[tokio::test]
async fn a_disabled_user_gets_none_and_a_deleted_one_never_again() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let tokens = people.tokens("ana").await;
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    people
        .refresh(&token(&tokens))
        .await
        .refused("NotAuthorizedException", "User is disabled.");
    people.admin("AdminEnableUser", json!({"Username": "ana"})).await.ok();
    people.refresh(&token(&tokens)).await.ok();
    people.admin("AdminDeleteUser", json!({"Username": "ana"})).await.ok();
    people.refresh(&token(&tokens)).await.refused_as(INVALID);
}

#[tokio::test]
async fn tokens_wait_for_a_new_password_and_end_with_a_temporary_one() {
    const RESET: (&str, &str) = ("PasswordResetRequiredException", "Password reset required for the user");
    const DEAD: (&str, &str) = ("NotAuthorizedException", "Access Token has been revoked");
    let temporary = json!({"Username": "ana", "Password": "Temp0rary!", "Permanent": false});
    for (operation, input, (refresh, access), waits) in [
        (
            "AdminResetUserPassword",
            json!({"Username": "ana"}),
            (RESET, RESET),
            true,
        ),
        ("AdminSetUserPassword", temporary, (REVOKED, DEAD), false),
    ] {
        let people = People::with_all_flows(json!({}), json!({})).await;
        people.member("ana", &[("email", "ana@example.com")]).await;
        people.set("ana", &[("email_verified", "true")]).await.ok();
        let tokens = people.tokens("ana").await;
        people.admin(operation, input).await.ok();
        people.refresh(&token(&tokens)).await.refused_as(refresh);
        people.get_tokens(&token(&tokens)).await.refused_as(REVOKED);
        people
            .get_user(tokens["AccessToken"].as_str().unwrap())
            .await
            .refused_as(access);
        let input = json!({"Username": "ana", "Password": "An0ther-one!", "Permanent": true});
        people.admin("AdminSetUserPassword", input).await.ok();
        let again = people.refresh(&token(&tokens)).await;
        let user = people.get_user(tokens["AccessToken"].as_str().unwrap()).await;
        if waits {
            again.ok();
            user.ok();
        } else {
            again.refused_as(REVOKED);
            user.refused_as(DEAD);
        }
    }
}

#[tokio::test]
async fn a_new_password_leaves_sessions_alone() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let tokens = people.tokens("ana").await;
    let input = json!({"Username": "ana", "Password": "An0ther-one!", "Permanent": true});
    people.admin("AdminSetUserPassword", input).await.ok();
    people.refresh(&token(&tokens)).await.ok();
    people.get_user(tokens["AccessToken"].as_str().unwrap()).await.ok();
    people
        .sign_in("ana", PASSWORD)
        .await
        .refused_as(crate::tests::entry::WRONG);
}

#[tokio::test]
async fn rotation_replaces_the_token_and_keeps_its_end() {
    let people = rotating(0).await;
    let first = token(&people.tokens("ana").await);
    people.refresh(&first).await.refused(
        "InvalidParameterException",
        "Refresh token rotation is enabled for the client: use GetTokensFromRefreshToken.",
    );
    people.app.advance(hours(24));
    let second = renewed(&people.get_tokens(&first).await.ok());
    assert_ne!(first, second);
    let third = renewed(&people.get_tokens(&second).await.ok());
    people.app.advance(hours(29 * 24));
    people.get_tokens(&third).await.refused_as(EXPIRED);
}

#[tokio::test]
async fn using_an_old_token_ends_the_family() {
    let people = rotating(0).await;
    let tokens = people.tokens("ana").await;
    let second = people.get_tokens(&token(&tokens)).await.ok();
    people.get_tokens(&token(&tokens)).await.refused_as(REUSED);
    people.get_tokens(&renewed(&second)).await.refused_as(REVOKED);
    let access = text(&second, "/AuthenticationResult/AccessToken");
    people
        .get_user(&access)
        .await
        .refused("NotAuthorizedException", "Access Token has been revoked");
    // Another sign-in is another family.
    people.get_tokens(&token(&people.tokens("ana").await)).await.ok();
}

#[tokio::test]
async fn within_its_grace_an_old_token_gives_the_same_successor() {
    let people = rotating(10).await;
    let first = token(&people.tokens("ana").await);
    let (one, two) = tokio::join!(people.get_tokens(&first), people.get_tokens(&first));
    let successor = renewed(&one.ok());
    assert_eq!(successor, renewed(&two.ok()));
    people.app.advance(Duration::from_millis(9_900));
    assert_eq!(renewed(&people.get_tokens(&first).await.ok()), successor);
    let third = renewed(&people.get_tokens(&successor).await.ok());
    assert_ne!(third, successor);
    people.app.advance(Duration::from_secs(10));
    people.get_tokens(&third).await.ok();
    people.get_tokens(&successor).await.refused_as(REUSED);
}

#[tokio::test]
async fn a_new_version_of_the_keyring_ends_no_sign_in() {
    let mut people = rotating(10).await;
    let first = token(&people.tokens("ana").await);
    let successor = renewed(&people.get_tokens(&first).await.ok());

    people.app = people.app.restarted_with_new_key().await;
    assert_eq!(renewed(&people.get_tokens(&first).await.ok()), successor, "a retry");
    let third = renewed(&people.get_tokens(&successor).await.ok());
    people.app = people.app.restarted_with_new_key().await;
    assert_eq!(renewed(&people.get_tokens(&successor).await.ok()), third);
    people.app.advance(Duration::from_secs(10));
    people.get_tokens(&successor).await.refused_as(REUSED);
}
