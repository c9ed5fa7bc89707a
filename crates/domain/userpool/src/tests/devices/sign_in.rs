//! What a sign-in hands out, and what it does with a device that it names.

use serde_json::{Value, json};
use testkit::text;

use super::tracked::{NO_DEVICE, PHONE, always, tracked, with_codes};
use crate::tests::{
    entry::WRONG,
    people::{PASSWORD, People, hours},
};

#[tokio::test]
async fn a_new_device_is_handed_out_and_stands_in_the_access_token() {
    let people = always().await;
    let phone = people.handed("ana").await;
    let (region, id) = phone.key.split_once('_').unwrap();
    assert_eq!((region, id.len(), id.as_bytes()[14]), ("eu-west-1", 36, b'4'));
    assert!(
        phone.group.len() == 9 && phone.group.starts_with('-'),
        "{}",
        phone.group
    );
    assert_eq!(people.claims(&phone.access).await["device_key"], phone.key.as_str());
    assert_ne!(people.handed("ana").await.key, phone.key);
    // By every way in.
    let by_srp = people.sign_in_by_srp("ana", PASSWORD).await.ok();
    assert!(
        by_srp["AuthenticationResult"]["NewDeviceMetadata"].is_object(),
        "{by_srp}"
    );
    let parameters = json!({"USERNAME": "ana", "PASSWORD": PASSWORD});
    let by_admin = people.admin_initiate("ADMIN_USER_PASSWORD_AUTH", parameters).await.ok();
    assert!(
        by_admin["AuthenticationResult"]["NewDeviceMetadata"].is_object(),
        "{by_admin}"
    );

    let plain = People::with_all_flows(json!({}), json!({})).await;
    plain.member("ana", &[]).await;
    let tokens = plain.tokens("ana").await;
    assert_eq!(tokens.get("NewDeviceMetadata"), None);
    assert_eq!(
        plain
            .claims(tokens["AccessToken"].as_str().unwrap())
            .await
            .get("device_key"),
        None
    );
}

#[tokio::test]
async fn a_known_device_is_taken_as_it_is() {
    let people = always().await;
    let phone = people.confirmed("ana").await;
    people.app.advance(hours(1));
    let answer = people.sign_in_from("ana", &phone.key).await.ok();
    let result = &answer["AuthenticationResult"];
    assert_eq!(result.get("NewDeviceMetadata"), None);
    let access = text(result, "/AccessToken");
    assert_eq!(people.claims(&access).await["device_key"], phone.key.as_str());
    let seen = people.admin_of_device("ana", "AdminGetDevice", &phone.key).await.ok();
    let at = |member: &str| seen["Device"][member].as_f64().unwrap();
    assert!(
        at("DeviceLastAuthenticatedDate") - at("DeviceCreateDate") > 3500.0,
        "{seen}"
    );
    assert_eq!(
        seen["Device"]["DeviceCreateDate"],
        seen["Device"]["DeviceLastModifiedDate"]
    );

    let proof = people.srp("ana", PASSWORD).await.with(json!({"DEVICE_KEY": phone.key}));
    let answer = people.prove(&proof).await.ok();
    assert_eq!(answer["AuthenticationResult"].get("NewDeviceMetadata"), None);
}

#[tokio::test]
async fn a_device_that_is_not_the_users_is_told_to_who_has_the_password() {
    let people = always().await;
    let (unconfirmed, of_ben) = (people.handed("ana").await, people.confirmed("ben").await);
    for key in [
        unconfirmed.key.as_str(),
        &of_ben.key,
        "eu-west-1_0f",
        "no key",
        "\u{e9}",
    ] {
        people.sign_in_from("ana", key).await.refused_as(NO_DEVICE);
        let proof = people.srp("ana", PASSWORD).await.with(json!({"DEVICE_KEY": key}));
        people.prove(&proof).await.refused_as(NO_DEVICE);
        let wrong = json!({"USERNAME": "ana", "PASSWORD": "Wr0ng-word", "DEVICE_KEY": key});
        people.initiate("USER_PASSWORD_AUTH", wrong).await.refused_as(WRONG);
        people.app.advance(hours(1));
    }
    // The same proof counts without it, and hands out another.
    let proof = people.srp("ana", PASSWORD).await;
    people
        .prove(&proof.with(json!({"DEVICE_KEY": of_ben.key})))
        .await
        .refused_as(NO_DEVICE);
    let answer = people.prove(&proof).await.ok();
    assert!(
        answer["AuthenticationResult"]["NewDeviceMetadata"].is_object(),
        "{answer}"
    );
}

#[tokio::test]
async fn what_is_named_with_the_password_goes_with_the_sign_in() {
    let people = with_codes().await;
    let phone = people.handed_by_code("ana", PHONE).await;
    people.confirm_device(&phone, json!({})).await.ok();
    let hide = json!({"DeviceKey": phone.key, "DeviceRememberedStatus": "not_remembered"});
    people.with_token(&phone.access, "UpdateDeviceStatus", hide).await.ok();
    let code = async |session: &str| {
        let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": people.app.code_for(PHONE).await});
        people.respond("SMS_MFA", Some(session), responses).await
    };
    let asked = people.sign_in_from("ana", &phone.key).await.ok();
    assert_eq!(
        asked["ChallengeName"], "SMS_MFA",
        "a device that is not remembered proves nothing"
    );
    let done = code(&text(&asked, "/Session")).await.ok();
    assert_eq!(done["AuthenticationResult"].get("NewDeviceMetadata"), None);
    let access = text(&done, "/AuthenticationResult/AccessToken");
    assert_eq!(people.claims(&access).await["device_key"], phone.key.as_str());

    // Forgotten meanwhile.
    let asked = people.sign_in_from("ana", &phone.key).await.ok();
    people
        .admin_of_device("ana", "AdminForgetDevice", &phone.key)
        .await
        .ok();
    code(&text(&asked, "/Session")).await.refused_as(NO_DEVICE);
}

#[tokio::test]
async fn a_device_is_asked_for_where_the_pool_has_it_so_and_never_else() {
    let cases = [
        (json!({"ChallengeRequiredOnNewDevice": true}), true),
        (json!({"ChallengeRequiredOnNewDevice": false}), false),
        (json!({"DeviceOnlyRememberedOnUserPrompt": true}), false),
    ];
    for (devices, asks) in cases {
        let people = tracked(devices).await;
        let phone = people.confirmed("ana").await;
        people.of_device(&phone, "UpdateDeviceStatus", &phone.key).await.ok();
        let answer = people.sign_in_from("ana", &phone.key).await.ok();
        let name = if asks { json!("DEVICE_SRP_AUTH") } else { Value::Null };
        assert_eq!(answer["ChallengeName"], name, "{answer}");
        let answer = people.sign_in("ana", PASSWORD).await.ok();
        assert_eq!(answer["ChallengeName"], Value::Null, "no device is named");
    }
}
