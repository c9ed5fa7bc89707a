//! Refresh tokens of a sign-in with a device. Reference: user-pools 5.7.

use kernel::PoolId;
use serde_json::{Value, json};
use testkit::{Answer, text};

use super::tracked::{Handed, always};
use crate::{hosted::NotRefreshed, tests::people::People};

const INVALID: (&str, &str) = ("NotAuthorizedException", "Invalid Refresh Token");
const INVALID_TO_ROTATE: (&str, &str) = ("NotAuthorizedException", "Invalid Refresh Token.");

async fn refresh(people: &People, handed: &Handed, key: Value) -> Answer {
    let parameters = json!({"REFRESH_TOKEN": handed.refresh, "DEVICE_KEY": key});
    people.initiate("REFRESH_TOKEN_AUTH", parameters).await
}

async fn get_tokens(people: &People, token: &str, key: Value) -> Answer {
    let input = json!({"RefreshToken": token, "DeviceKey": key});
    people.public("GetTokensFromRefreshToken", input).await
}

#[tokio::test]
async fn the_device_accompanies_the_refresh_token() {
    let people = always().await;
    let (phone, laptop) = (people.confirmed("ana").await, people.confirmed("ana").await);
    for key in [json!(laptop.key), json!("eu-west-1_0f"), json!("")] {
        refresh(&people, &phone, key.clone()).await.refused_as(INVALID);
    }
    people.refresh(&phone.refresh).await.refused_as(INVALID);
    people.get_tokens(&phone.refresh).await.refused_as(INVALID_TO_ROTATE);
    get_tokens(&people, &phone.refresh, json!(laptop.key))
        .await
        .refused_as(INVALID_TO_ROTATE);
    for answer in [
        refresh(&people, &phone, json!(phone.key)).await.ok(),
        get_tokens(&people, &phone.refresh, json!(phone.key)).await.ok(),
    ] {
        let access = text(&answer, "/AuthenticationResult/AccessToken");
        assert_eq!(people.claims(&access).await["device_key"], phone.key.as_str());
        assert_eq!(answer["AuthenticationResult"].get("NewDeviceMetadata"), None);
    }
}

#[tokio::test]
async fn what_is_not_confirmed_or_forgotten_refreshes_nothing() {
    let people = always().await;
    let phone = people.handed("ana").await;
    refresh(&people, &phone, json!(phone.key)).await.refused_as(INVALID);
    people.confirm_device(&phone, json!({})).await.ok();
    refresh(&people, &phone, json!(phone.key)).await.ok();
    people.of_device(&phone, "ForgetDevice", &phone.key).await.ok();
    refresh(&people, &phone, json!(phone.key)).await.refused_as(INVALID);
    get_tokens(&people, &phone.refresh, json!(phone.key))
        .await
        .refused_as(INVALID_TO_ROTATE);
    // Where devices are not tracked any more none is wanted.
    people.admin("UpdateUserPool", json!({})).await.ok();
    refresh(&people, &phone, json!(phone.key)).await.ok();
    people.refresh(&phone.refresh).await.ok();
}

#[tokio::test]
async fn a_sign_in_of_before_the_tracking_needs_none() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let tokens = people.tokens("ana").await;
    let devices = json!({"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true}});
    people.admin("UpdateUserPool", devices).await.ok();
    people.refresh(tokens["RefreshToken"].as_str().unwrap()).await.ok();
}

#[tokio::test]
async fn rotation_asks_for_it_too() {
    let client = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
    });
    let people = People::with(
        json!({"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": false}}),
        client,
    )
    .await;
    people.member("ana", &[]).await;
    let phone = people.confirmed("ana").await;
    people.get_tokens(&phone.refresh).await.refused_as(INVALID_TO_ROTATE);
    let answer = get_tokens(&people, &phone.refresh, json!(phone.key)).await.ok();
    let second = text(&answer, "/AuthenticationResult/RefreshToken");
    people.get_tokens(&second).await.refused_as(INVALID_TO_ROTATE);
    // Whoever has a copy of an old one is found out with the device and without.
    let reused = ("RefreshTokenReuseException", "Refresh Token has been reused");
    people.get_tokens(&phone.refresh).await.refused_as(reused);
    let over = ("NotAuthorizedException", "Refresh Token has been revoked");
    get_tokens(&people, &second, json!(phone.key)).await.refused_as(over);
}

/// The token endpoint hears of no device, so that it refreshes what hosted login began alone. Reference: oauth-and-federation 5.4.
#[tokio::test]
async fn the_token_endpoint_refreshes_no_devices_tokens() {
    let people = always().await;
    let handed = people.handed("ana").await;
    people.confirm_device(&handed, json!({})).await.ok();
    let at = async || {
        let (pools, cx) = (&people.app.pools, people.app.cx());
        let place = pools.place(&PoolId::new(people.pool.as_str()), &people.client).await;
        pools
            .refresh_at(&cx, &place.unwrap().unwrap(), &handed.refresh, None)
            .await
    };
    let Err(NotRefreshed::Api(refused)) = at().await else {
        panic!("tokens, or another refusal");
    };
    assert_eq!((refused.code().0, refused.message()), INVALID);
    // Where devices are not tracked any more none is wanted.
    people.admin("UpdateUserPool", json!({})).await.ok();
    assert!(at().await.is_ok());
}
