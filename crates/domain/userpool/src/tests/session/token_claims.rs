//! What the tokens of a sign-in say, as a stock library reads them. Reference: user-pools 8, 9.

use std::time::Duration;

use serde_json::{Map, Value, json};
use testkit::{BASE_URL, MockClock, text};

use crate::tests::people::{PASSWORD, People, list};

const NOW: i64 = MockClock::START.secs();

/// Chance and identity replaced by what they are.
fn masked(mut claims: Map<String, Value>) -> Value {
    for name in ["jti", "origin_jti", "event_id", "sub"] {
        if let Some(value) = claims.get_mut(name) {
            assert_eq!(value.as_str().unwrap().len(), 36, "{name}");
            *value = json!(name);
        }
    }
    Value::Object(claims)
}

#[tokio::test]
async fn both_tokens_say_what_the_reference_says() {
    let schema = json!([
        {"Name": "level", "AttributeDataType": "Number", "Mutable": true},
        {"Name": "hidden", "AttributeDataType": "String", "Mutable": true},
    ]);
    let people = People::with_all_flows(
        json!({"Schema": schema}),
        json!({"ReadAttributes": [
            "email", "email_verified", "phone_number_verified", "address", "updated_at", "name", "custom:level",
        ]}),
    )
    .await;
    people
        .invited(
            "ana",
            "Temp0rary!",
            &[
                ("email", "ana@example.com"),
                ("email_verified", "True"),
                ("phone_number", "+12065550100"),
                ("phone_number_verified", "false"),
                ("address", "1 Main Street"),
                ("updated_at", "1547833345"),
                ("name", "Ana"),
                ("custom:level", "7"),
                ("custom:hidden", "x"),
            ],
        )
        .await;
    people
        .admin(
            "AdminSetUserPassword",
            json!({"Username": "ana", "Password": PASSWORD, "Permanent": true}),
        )
        .await
        .ok();
    for (group, precedence, role) in [("b-team", 5, "two"), ("a-team", 9, "one"), ("first", 1, "two")] {
        let role = format!("arn:aws:iam::123456789012:role/{role}");
        let input = json!({"GroupName": group, "Precedence": precedence, "RoleArn": role});
        people.admin("CreateGroup", input).await.ok();
        people
            .admin("AdminAddUserToGroup", json!({"GroupName": group, "Username": "ana"}))
            .await
            .ok();
    }
    let username = text(&people.user("ana").await, "/Username");
    let tokens = people.tokens("ana").await;

    let id = masked(people.claims(tokens["IdToken"].as_str().unwrap()).await);
    assert_eq!(
        id,
        json!({
            "iss": format!("{BASE_URL}/{}", people.pool),
            "sub": "sub", "aud": people.client, "token_use": "id",
            "auth_time": NOW, "iat": NOW, "exp": NOW + 3600,
            "event_id": "event_id", "origin_jti": "origin_jti", "jti": "jti",
            "cognito:username": username,
            "cognito:groups": ["first", "b-team", "a-team"],
            "cognito:roles": ["arn:aws:iam::123456789012:role/two", "arn:aws:iam::123456789012:role/one"],
            "cognito:preferred_role": "arn:aws:iam::123456789012:role/two",
            "acr": "urn:cognito:loa:1", "amr": ["pwd"],
            "email": "ana@example.com", "email_verified": true, "phone_number_verified": false,
            "address": {"formatted": "1 Main Street"}, "updated_at": 1_547_833_345, "name": "Ana", "custom:level": "7",
        })
    );
    let access = masked(people.claims(tokens["AccessToken"].as_str().unwrap()).await);
    assert_eq!(
        access,
        json!({
            "iss": format!("{BASE_URL}/{}", people.pool),
            "sub": "sub", "client_id": people.client, "token_use": "access", "scope": "aws.cognito.signin.user.admin",
            "auth_time": NOW, "iat": NOW, "exp": NOW + 3600,
            "event_id": "event_id", "origin_jti": "origin_jti", "jti": "jti",
            "acr": "urn:cognito:loa:1", "amr": ["pwd"],
            "username": username,
            "cognito:groups": ["first", "b-team", "a-team"],
        })
    );
}

#[tokio::test]
async fn the_two_tokens_are_signed_by_different_keys() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let tokens = people.tokens("ana").await;
    let kid = |kind: &str| {
        jsonwebtoken::decode_header(tokens[kind].as_str().unwrap())
            .unwrap()
            .kid
            .unwrap()
    };
    assert_ne!(kid("IdToken"), kid("AccessToken"));
}

#[tokio::test]
async fn in_a_username_attribute_pool_the_username_is_the_sub() {
    let people = People::with_all_flows(json!({"UsernameAttributes": ["email"]}), json!({})).await;
    people.member("ana@example.com", &[]).await;
    let tokens = people.tokens("ana@example.com").await;
    let id = people.claims(tokens["IdToken"].as_str().unwrap()).await;
    let access = people.claims(tokens["AccessToken"].as_str().unwrap()).await;
    assert_eq!(id["cognito:username"], id["sub"]);
    assert_eq!(access["username"], access["sub"]);
}

#[tokio::test]
async fn lifetimes_are_the_clients() {
    let people = People::with_all_flows(
        json!({}),
        json!({
            "AccessTokenValidity": 10, "IdTokenValidity": 2,
            "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "hours"},
        }),
    )
    .await;
    people.member("ana", &[]).await;
    let tokens = people.tokens("ana").await;
    assert_eq!(tokens["ExpiresIn"], 600);
    assert_eq!(
        people.claims(tokens["AccessToken"].as_str().unwrap()).await["exp"],
        NOW + 600
    );
    assert_eq!(
        people.claims(tokens["IdToken"].as_str().unwrap()).await["exp"],
        NOW + 7200
    );
}

#[tokio::test]
async fn a_clock_moved_ahead_makes_no_tokens_from_the_future() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let day = Duration::from_secs(24 * 3600);
    let input = json!({
        "ClientId": people.client, "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "ana", "PASSWORD": PASSWORD},
    });
    let answer = people.call_ahead(day, "InitiateAuth", input).await.ok();
    let token = text(&answer, "/AuthenticationResult/AccessToken");
    let claims = people.claims(&token).await;
    assert_eq!((&claims["iat"], &claims["auth_time"]), (&json!(NOW), &json!(NOW)));
    assert_eq!(claims["exp"], json!(NOW + 24 * 3600 + 3600));

    let get_user = async |span| people.call_ahead(span, "GetUser", json!({"AccessToken": token})).await;
    get_user(day + Duration::from_secs(3599)).await.ok();
    let late = get_user(day + Duration::from_secs(3600)).await;
    assert_eq!(late.sentence(), "Access Token has expired");

    // A sign-out under the moved clock ends what was issued before it, and nothing after.
    people
        .call_ahead(day, "GlobalSignOut", json!({"AccessToken": token}))
        .await
        .ok();
    assert_eq!(get_user(day).await.sentence(), "Access Token has been revoked");
    let again = people.token("ana").await;
    people.get_user(&again).await.ok();
}

#[tokio::test]
async fn get_user_shows_what_the_client_may_read() {
    let people = People::with_all_flows(json!({}), json!({"ReadAttributes": ["name"]})).await;
    people
        .member("ana", &[("name", "Ana"), ("email", "ana@example.com")])
        .await;
    let answer = people.get_user(&people.token("ana").await).await.ok();
    let sub = people.attribute("ana", "sub").await.unwrap();
    assert_eq!(
        answer,
        json!({"Username": "ana", "UserAttributes": list(&[("sub", &sub), ("name", "Ana")])})
    );
}
