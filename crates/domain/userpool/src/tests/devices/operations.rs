//! What users and administrators do with devices.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::text;

use super::tracked::{Handed, NO_DEVICE, OFF, always, tracked};
use crate::tests::people::{People, hours, value};

const INVALID_TOKEN: (&str, &str) = ("NotAuthorizedException", "Invalid Access Token");
const NO_USER: (&str, &str) = ("UserNotFoundException", "User does not exist.");

fn keys(listed: &Value) -> Vec<String> {
    let devices = listed["Devices"].as_array().unwrap();
    let mut keys: Vec<String> = devices.iter().map(|device| text(device, "/DeviceKey")).collect();
    keys.sort_unstable();
    keys
}

fn status(device: &Value) -> Option<String> {
    value(&device["DeviceAttributes"], "dev:device_remembered_status")
}

async fn listed(people: &People, by: &Handed) -> Vec<String> {
    keys(&people.with_token(&by.access, "ListDevices", json!({})).await.ok())
}

#[tokio::test]
async fn a_confirmed_device_is_remembered_always_or_on_prompt() {
    let on_prompt = json!({"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true});
    for (devices, prompts) in [
        (json!({"ChallengeRequiredOnNewDevice": true}), false),
        (on_prompt, true),
    ] {
        let people = tracked(devices).await;
        let phone = people.handed("ana").await;
        assert_eq!(listed(&people, &phone).await, [""; 0], "nothing is kept before");
        let answer = people.confirm_device(&phone, json!({"DeviceName": "phone"})).await.ok();
        assert_eq!(answer, json!({"UserConfirmationNecessary": prompts}));
        let expected = if prompts { "not_remembered" } else { "remembered" };
        let seen = people.admin_of_device("ana", "AdminGetDevice", &phone.key).await.ok();
        assert_eq!(status(&seen["Device"]).as_deref(), Some(expected));

        // Users see what is remembered.
        if prompts {
            people
                .of_device(&phone, "GetDevice", &phone.key)
                .await
                .refused_as(NO_DEVICE);
            assert_eq!(listed(&people, &phone).await, [""; 0]);
            people.of_device(&phone, "UpdateDeviceStatus", &phone.key).await.ok();
        }
        let seen = people.of_device(&phone, "GetDevice", &phone.key).await.ok();
        assert_eq!(status(&seen["Device"]).as_deref(), Some("remembered"));
        assert_eq!(listed(&people, &phone).await, [phone.key.as_str()]);
    }
}

#[tokio::test]
async fn a_device_is_shown_as_by_cognito() {
    let people = always().await;
    let phone = people.handed("ana").await;
    people.confirm_device(&phone, json!({"DeviceName": "phone"})).await.ok();
    people.app.advance(Duration::from_millis(1500));
    let forget = json!({"DeviceKey": phone.key, "DeviceRememberedStatus": "not_remembered"});
    people
        .with_token(&phone.access, "UpdateDeviceStatus", forget)
        .await
        .ok();
    let device = people.admin_of_device("ana", "AdminGetDevice", &phone.key).await.ok()["Device"].clone();
    let owner = format!("ana.{}", people.pool);
    let expected = json!([
        {"Name": "device_status", "Value": "valid"},
        {"Name": "device_name", "Value": "phone"},
        {"Name": "dev:device_arn",
         "Value": format!("arn:aws:cognito-idp:eu-west-1:123456789012:owner/{owner}/device/{}", phone.key)},
        {"Name": "dev:device_owner", "Value": owner},
        {"Name": "dev:device_remembered_status", "Value": "not_remembered"},
    ]);
    assert_eq!(device["DeviceAttributes"], expected);
    let at = |member: &str| device[member].as_f64().unwrap();
    let (created, modified) = (at("DeviceCreateDate"), at("DeviceLastModifiedDate"));
    assert!(modified - created > 1.4, "{device}");
    let seconds = device["DeviceLastAuthenticatedDate"].as_f64().unwrap();
    assert!((seconds - created.floor()).abs() < 0.001, "whole seconds: {device}");
}

#[tokio::test]
async fn a_token_confirms_its_own_device_once() {
    let people = always().await;
    let (phone, laptop) = (people.handed("ana").await, people.handed("ana").await);
    let of_ben = people.handed("ben").await;
    for key in [&laptop.key, &of_ben.key, &"eu-west-1_0f".to_owned()] {
        people
            .confirm_device(&phone, json!({"DeviceKey": key}))
            .await
            .refused_as(NO_DEVICE);
    }
    let plain = Handed {
        access: people.token("ben").await,
        ..phone.clone()
    };
    people.confirm_device(&plain, json!({})).await.refused_as(NO_DEVICE);
    people
        .confirm_device(&phone, json!({"AccessToken": "none"}))
        .await
        .refused_as(INVALID_TOKEN);
    people.confirm_device(&phone, json!({})).await.ok();
    let exists = ("DeviceKeyExistsException", "Device already exists.");
    people.confirm_device(&phone, json!({})).await.refused_as(exists);

    let racing = futures(&people, &laptop).await;
    let fine = racing.iter().filter(|answer| answer.is_none()).count();
    assert_eq!(fine, 1, "{racing:?}");
    assert!(racing.iter().flatten().all(|code| code == exists.0), "{racing:?}");
}

/// What came of eight confirmations at once: the codes of the refusals.
async fn futures(people: &People, handed: &Handed) -> Vec<Option<String>> {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (anon, handed) = (people.app.anon.clone(), handed.clone());
        tasks.spawn(async move {
            let input = json!({
                "AccessToken": handed.access, "DeviceKey": handed.key, "DeviceSecretVerifierConfig": handed.verifier(),
            });
            let answer = anon.call("ConfirmDevice", input).await;
            let code = answer.code().to_owned();
            (!code.is_empty()).then_some(code)
        });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn what_is_no_verifier_is_refused() {
    let people = always().await;
    let phone = people.handed("ana").await;
    let invalid = (
        "InvalidParameterException",
        "DeviceSecretVerifierConfig is not a valid salt and verifier.",
    );
    for config in [
        json!({}),
        json!({"Salt": "AAEC", "PasswordVerifier": "AA=="}),
        json!({"Salt": "AAEC", "PasswordVerifier": "a verifier"}),
        json!({"Salt": "", "PasswordVerifier": "Bw=="}),
        json!({"Salt": "AAEC"}),
    ] {
        people
            .confirm_device(&phone, json!({"DeviceSecretVerifierConfig": config}))
            .await
            .refused_as(invalid);
    }
    let without = json!({"DeviceKey": phone.key});
    people
        .with_token(&phone.access, "ConfirmDevice", without)
        .await
        .refused_as(invalid);
}

#[tokio::test]
async fn a_device_is_its_users_alone() {
    let people = always().await;
    let (phone, of_ben) = (people.confirmed("ana").await, people.confirmed("ben").await);
    for operation in ["GetDevice", "UpdateDeviceStatus", "ForgetDevice"] {
        for key in [of_ben.key.as_str(), "eu-west-1_0f", "a b_0f"] {
            let answer = people.of_device(&phone, operation, key).await;
            if key.contains(' ') {
                assert_eq!(answer.code(), "InvalidParameterException", "{operation}");
            } else {
                answer.refused_as(NO_DEVICE);
            }
        }
        let admins = format!("Admin{operation}");
        people
            .admin_of_device("ana", &admins, &of_ben.key)
            .await
            .refused_as(NO_DEVICE);
    }
    assert_eq!(listed(&people, &of_ben).await, [of_ben.key.as_str()]);
    assert_eq!(listed(&people, &phone).await, [phone.key.as_str()]);
}

#[tokio::test]
async fn devices_are_listed_in_pages() {
    let people = always().await;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(people.confirmed("ana").await);
    }
    let hide = json!({"DeviceKey": all[4].key, "Username": "ana", "DeviceRememberedStatus": "not_remembered"});
    people.admin("AdminUpdateDeviceStatus", hide).await.ok();
    let first = people
        .with_token(&all[0].access, "ListDevices", json!({"Limit": 3}))
        .await
        .ok();
    let token = text(&first, "/PaginationToken");
    let next = json!({"Limit": 3, "PaginationToken": token});
    let second = people
        .with_token(&all[0].access, "ListDevices", next.clone())
        .await
        .ok();
    assert!(second.get("PaginationToken").is_none());
    let mut seen = [keys(&first), keys(&second)].concat();
    seen.sort_unstable();
    let mut remembered: Vec<String> = all[..4].iter().map(|handed| handed.key.clone()).collect();
    remembered.sort_unstable();
    assert_eq!(seen, remembered);
    let foreign = ("InvalidParameterException", "Invalid pagination token given.");
    let ben = people.handed("ben").await;
    people
        .with_token(&ben.access, "ListDevices", next)
        .await
        .refused_as(foreign);

    let first = people
        .admin("AdminListDevices", json!({"Username": "ana", "Limit": 4}))
        .await
        .ok();
    let token = text(&first, "/PaginationToken");
    let next = json!({"Username": "ana", "Limit": 4, "PaginationToken": token});
    let second = people.admin("AdminListDevices", next).await.ok();
    assert_eq!((keys(&first).len(), keys(&second).len()), (4, 1));
}

#[tokio::test]
async fn what_is_forgotten_stays_forgotten() {
    let people = always().await;
    let (phone, laptop) = (people.confirmed("ana").await, people.confirmed("ana").await);
    assert_eq!(
        people.of_device(&laptop, "ForgetDevice", &phone.key).await.ok(),
        Value::Null
    );
    people
        .admin_of_device("ana", "AdminGetDevice", &phone.key)
        .await
        .refused_as(NO_DEVICE);
    people
        .of_device(&laptop, "ForgetDevice", &phone.key)
        .await
        .refused_as(NO_DEVICE);
    // Its access token lives on, and can't bring it back.
    people.get_user(&phone.access).await.ok();
    people.confirm_device(&phone, json!({})).await.refused_as(NO_DEVICE);

    people
        .admin_of_device("ana", "AdminForgetDevice", &laptop.key)
        .await
        .ok();
    assert_eq!(listed(&people, &laptop).await, [""; 0]);
    people.confirm_device(&laptop, json!({})).await.refused_as(NO_DEVICE);
}

#[tokio::test]
async fn devices_go_with_their_user() {
    let people = always().await;
    let phone = people.confirmed("ana").await;
    people.admin("AdminDeleteUser", json!({"Username": "ana"})).await.ok();
    people
        .of_device(&phone, "GetDevice", &phone.key)
        .await
        .refused_as(NO_USER);
    people.member("ana", &[]).await;
    let listed = people.admin("AdminListDevices", json!({"Username": "ana"})).await.ok();
    assert_eq!(listed, json!({"Devices": []}));
}

#[tokio::test]
async fn who_is_not_there_has_no_devices() {
    let people = always().await;
    let key = "eu-west-1_0f";
    let not_found = ("ResourceNotFoundException", "User does not exist.");
    people
        .admin_of_device("nobody", "AdminGetDevice", key)
        .await
        .refused_as(not_found);
    let list = json!({"Username": "nobody"});
    people.admin("AdminListDevices", list).await.refused_as(not_found);
    for operation in ["AdminForgetDevice", "AdminUpdateDeviceStatus"] {
        people
            .admin_of_device("nobody", operation, key)
            .await
            .refused_as(NO_USER);
    }
}

#[tokio::test]
async fn a_pool_that_tracks_none_knows_none() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let by = Handed {
        access: people.token("ana").await,
        refresh: String::new(),
        key: "eu-west-1_0f".to_owned(),
        group: "-abcdefgh".to_owned(),
    };
    for operation in ["GetDevice", "UpdateDeviceStatus", "ForgetDevice"] {
        people.of_device(&by, operation, &by.key).await.refused_as(OFF);
        people
            .admin_of_device("ana", &format!("Admin{operation}"), &by.key)
            .await
            .refused_as(OFF);
    }
    people.confirm_device(&by, json!({})).await.refused_as(OFF);
    people
        .with_token(&by.access, "ListDevices", json!({}))
        .await
        .refused_as(OFF);
    people
        .admin("AdminListDevices", json!({"Username": "ana"}))
        .await
        .refused_as(OFF);
    for operation in [
        "ConfirmDevice",
        "GetDevice",
        "ListDevices",
        "UpdateDeviceStatus",
        "ForgetDevice",
    ] {
        people
            .of_device(
                &Handed {
                    access: "none".to_owned(),
                    ..by.clone()
                },
                operation,
                &by.key,
            )
            .await
            .refused_as(INVALID_TOKEN);
    }
}

#[tokio::test]
async fn a_status_that_is_not_named_stays() {
    let people = always().await;
    let phone = people.confirmed("ana").await;
    people.app.advance(hours(1));
    let unnamed = json!({"DeviceKey": phone.key, "Username": "ana"});
    people.admin("AdminUpdateDeviceStatus", unnamed).await.ok();
    let seen = people.admin_of_device("ana", "AdminGetDevice", &phone.key).await.ok();
    assert_eq!(status(&seen["Device"]).as_deref(), Some("remembered"));
    assert_eq!(
        seen["Device"]["DeviceCreateDate"],
        seen["Device"]["DeviceLastModifiedDate"]
    );
}
