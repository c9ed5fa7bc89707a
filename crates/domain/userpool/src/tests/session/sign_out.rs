//! The revocation matrix. Reference: user-pools 8.5, 8.6.

use serde_json::{Value, json};
use testkit::{merged, text};

use crate::tests::people::People;

const REVOKED: (&str, &str) = ("NotAuthorizedException", "Access Token has been revoked");
const REFRESH_REVOKED: (&str, &str) = ("NotAuthorizedException", "Refresh Token has been revoked");

async fn people(client: Value) -> People {
    let people = People::with_all_flows(json!({}), client).await;
    people.member("ana", &[]).await;
    people.member("ben", &[]).await;
    people
}

fn access(tokens: &Value) -> &str {
    tokens["AccessToken"].as_str().unwrap()
}

fn refresh(tokens: &Value) -> &str {
    tokens["RefreshToken"].as_str().unwrap()
}

async fn revoke(people: &People, token: &str, more: Value) -> testkit::Answer {
    people
        .public("RevokeToken", merged(json!({"Token": token}), more))
        .await
}

#[tokio::test]
async fn revoking_a_token_ends_its_sign_in_alone() {
    let people = people(json!({})).await;
    let (first, second) = (people.tokens("ana").await, people.tokens("ana").await);
    let refreshed = people.refresh(refresh(&first)).await.ok();
    assert_eq!(revoke(&people, refresh(&first), json!({})).await.ok(), json!({}));
    people.refresh(refresh(&first)).await.refused_as(REFRESH_REVOKED);
    people.get_user(access(&first)).await.refused_as(REVOKED);
    people
        .get_user(&text(&refreshed, "/AuthenticationResult/AccessToken"))
        .await
        .refused_as(REVOKED);
    people.get_user(access(&second)).await.ok();
    people.refresh(refresh(&second)).await.ok();
    // Again, and what nobody issued: as good as revoked.
    revoke(&people, refresh(&first), json!({})).await.ok();
    revoke(&people, "a.b.c.d.e", json!({})).await.ok();
}

#[tokio::test]
async fn revoking_has_conditions() {
    let unauthorized = ("UnauthorizedException", "Unauthorized client.");
    let people = people(json!({})).await;
    let tokens = people.tokens("ana").await;
    let kind = ("UnsupportedTokenTypeException", "Only refresh tokens can be revoked.");
    revoke(&people, access(&tokens), json!({})).await.refused_as(kind);
    revoke(&people, tokens["IdToken"].as_str().unwrap(), json!({}))
        .await
        .refused_as(kind);
    revoke(&people, refresh(&tokens), json!({"ClientSecret": "a".repeat(24)}))
        .await
        .refused_as(unauthorized);
    revoke(&people, refresh(&tokens), json!({"ClientId": "nosuchclient"}))
        .await
        .refused_as(unauthorized);

    let other = people.app.client(&people.pool, json!({"GenerateSecret": true})).await;
    revoke(&people, refresh(&tokens), json!({"ClientId": other}))
        .await
        .refused_as(unauthorized);
    let described = people
        .admin("DescribeUserPoolClient", json!({"ClientId": other}))
        .await
        .ok();
    let secret = text(&described, "/UserPoolClient/ClientSecret");
    let by_other = json!({"ClientId": other, "ClientSecret": secret});
    revoke(&people, refresh(&tokens), by_other)
        .await
        .refused_as(unauthorized);
    people.refresh(refresh(&tokens)).await.ok();

    let off = people
        .app
        .client(&people.pool, json!({"EnableTokenRevocation": false}))
        .await;
    revoke(&people, refresh(&tokens), json!({"ClientId": off}))
        .await
        .refused(
            "UnsupportedOperationException",
            "Token revocation is not enabled for the client.",
        );
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_sessions_of_one_user() {
    for by_administrator in [false, true] {
        let people = people(json!({})).await;
        let (first, second, ben) = (
            people.tokens("ana").await,
            people.tokens("ana").await,
            people.tokens("ben").await,
        );
        if by_administrator {
            let answer = people
                .admin("AdminUserGlobalSignOut", json!({"Username": "ana"}))
                .await
                .ok();
            assert_eq!(answer, json!({}));
        } else {
            assert_eq!(
                people.with_token(access(&first), "GlobalSignOut", json!({})).await.ok(),
                json!({})
            );
        }
        for tokens in [&first, &second] {
            people.get_user(access(tokens)).await.refused_as(REVOKED);
            people
                .with_token(access(tokens), "GlobalSignOut", json!({}))
                .await
                .refused_as(REVOKED);
            people.refresh(refresh(tokens)).await.refused_as(REFRESH_REVOKED);
        }
        people.get_user(access(&ben)).await.ok();
        people.refresh(refresh(&ben)).await.ok();
        // In the same second: what is begun after is not ended by it.
        let after = people.tokens("ana").await;
        people.get_user(access(&after)).await.ok();
        people.refresh(refresh(&after)).await.ok();
    }
}

#[tokio::test]
async fn nobody_is_signed_out() {
    let people = people(json!({})).await;
    let answer = people
        .admin("AdminUserGlobalSignOut", json!({"Username": "nobody"}))
        .await;
    answer.refused("UserNotFoundException", "User does not exist.");
}

#[tokio::test]
async fn disabling_ends_access_tokens_for_good_and_refresh_tokens_meanwhile() {
    let people = people(json!({})).await;
    let tokens = people.tokens("ana").await;
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    people.get_user(access(&tokens)).await.refused_as(REVOKED);
    people
        .refresh(refresh(&tokens))
        .await
        .refused("NotAuthorizedException", "User is disabled.");
    people.admin("AdminEnableUser", json!({"Username": "ana"})).await.ok();
    people.get_user(access(&tokens)).await.refused_as(REVOKED);
    let renewed = people.refresh(refresh(&tokens)).await.ok();
    people
        .get_user(&text(&renewed, "/AuthenticationResult/AccessToken"))
        .await
        .ok();
}

#[tokio::test]
async fn without_revocation_the_clock_ends_tokens() {
    let people = people(json!({"EnableTokenRevocation": false})).await;
    let tokens = people.tokens("ana").await;
    let claims = people.claims(access(&tokens)).await;
    assert!(!claims.contains_key("jti") && !claims.contains_key("origin_jti"));
    people
        .with_token(access(&tokens), "GlobalSignOut", json!({}))
        .await
        .ok();
    people.get_user(access(&tokens)).await.refused_as(REVOKED);
    let after = people.tokens("ana").await;
    people.get_user(access(&after)).await.ok();
}

#[tokio::test]
async fn access_tokens_fail_in_five_ways() {
    let people = people(json!({})).await;
    let tokens = people.tokens("ana").await;
    let other = People::with_all_flows(json!({}), json!({})).await;
    other.member("ana", &[]).await;
    let foreign = other.tokens("ana").await;
    let invalid = ("NotAuthorizedException", "Invalid Access Token");
    let (head, signature) = access(&tokens).rsplit_once('.').unwrap();
    let (header, payload) = head.split_once('.').unwrap();
    let (_, other_signature) = tokens["IdToken"].as_str().unwrap().rsplit_once('.').unwrap();
    let none = base64_url(r#"{"alg":"none"}"#);
    let hmac = base64_url(r#"{"kid":"x","alg":"HS256"}"#);
    let bad_signature = ("NotAuthorizedException", "Could not verify signature for Access Token");
    for (token, refusal) in [
        (tokens["IdToken"].as_str().unwrap().to_owned(), invalid),
        ("a.b.c".to_owned(), invalid),
        (format!("{header}.{payload}"), invalid),
        (format!("{none}.{payload}."), bad_signature),
        (format!("{hmac}.{payload}.{signature}"), bad_signature),
        (format!("{head}.{other_signature}"), bad_signature),
    ] {
        people.get_user(&token).await.refused_as(refusal);
    }
    // Two pools in two databases may have the same keys in tests: the pool that the key is of must be the issuer's.
    assert!(people.get_user(access(&foreign)).await.result.is_err());

    people.app.advance(std::time::Duration::from_secs(3600 - 10));
    people.get_user(access(&tokens)).await.ok();
    people.app.advance(std::time::Duration::from_secs(10));
    people
        .get_user(access(&tokens))
        .await
        .refused("NotAuthorizedException", "Access Token has expired");
}

#[tokio::test]
async fn a_deleted_users_token_is_of_nobody() {
    let people = people(json!({})).await;
    let tokens = people.tokens("ana").await;
    people.admin("AdminDeleteUser", json!({"Username": "ana"})).await.ok();
    people
        .get_user(access(&tokens))
        .await
        .refused("UserNotFoundException", "User does not exist.");
}

fn base64_url(text: &str) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    BASE64_URL_SAFE_NO_PAD.encode(text)
}
