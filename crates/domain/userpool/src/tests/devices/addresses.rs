//! From where a user signed in: what their device and their session say of it. Reference: user-pools 3.7, 10, 12, 15.2.

use kernel::Cx;
use serde_json::{Value, json};
use testkit::{Call, merged, text};

use super::tracked::{Handed, always};
use crate::{
    ops,
    tests::{
        entry::{all_flows, secret_hash},
        people::{PASSWORD, People, value},
    },
};

/// Of the call.
const HERE: &str = "10.2.3.4";
/// Of the user, whose application's server makes the call.
const THERE: &str = "2001:db8::7";

/// Ana, who has a device in a pool that tracks sessions too.
async fn ana() -> (People, Handed) {
    let people = always().await;
    let settings = json!({"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 1}});
    people.admin("SetUserPoolSessionConfiguration", settings).await.ok();
    let phone = people.confirmed("ana").await;
    (people, phone)
}

async fn call(people: &People, operation: &str, input: Value) -> Value {
    let cx = Cx {
        source_ip: HERE.parse().ok(),
        ..people.app.cx()
    };
    let input = merged(json!({"ClientId": people.client}), input);
    let answer = Call::of(&ops::TABLE, operation, input).on(&people.app.pools, &cx).await;
    answer.ok()["AuthenticationResult"].clone()
}

/// What the session and the device say.
async fn last(people: &People, phone: &Handed) -> [String; 2] {
    let input = json!({"Username": "ana"});
    let sessions = people.admin("AdminListUserSessions", input).await.ok();
    let device = people.admin_of_device("ana", "AdminGetDevice", &phone.key).await.ok();
    let of_device = value(&device["Device"]["DeviceAttributes"], "last_ip_used");
    [text(&sessions, "/Sessions/0/LastIPAddress"), of_device.unwrap()]
}

fn by_server(address: &str) -> Value {
    json!({"ContextData": {"IpAddress": address, "ServerName": "app", "ServerPath": "/", "HttpHeaders": []}})
}

#[tokio::test]
async fn a_server_says_where_its_user_is() {
    let (people, phone) = ana().await;
    let parameters = json!({"USERNAME": "ana", "PASSWORD": PASSWORD, "DEVICE_KEY": phone.key});
    let signed_in = async |more: Value| {
        let input = json!({
            "UserPoolId": people.pool, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters,
        });
        call(&people, "AdminInitiateAuth", merged(input, more)).await
    };
    for (more, expected) in [
        (json!({}), HERE),
        (by_server("somewhere"), HERE),
        (by_server(THERE), THERE),
    ] {
        signed_in(more).await;
        assert_eq!(last(&people, &phone).await, [expected, expected]);
    }

    let token = signed_in(json!({})).await["RefreshToken"].clone();
    let input = json!({
        "UserPoolId": people.pool, "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": {"REFRESH_TOKEN": token, "DEVICE_KEY": phone.key},
    });
    call(&people, "AdminInitiateAuth", merged(input, by_server(THERE))).await;
    assert_eq!(last(&people, &phone).await, [THERE, HERE]);
}

/// A client of the user's own could say anything.
#[tokio::test]
async fn a_client_is_believed_where_its_settings_say_so() {
    let (people, phone) = ana().await;
    for (propagates, expected) in [(false, HERE), (true, THERE)] {
        let settings = json!({
            "ClientName": "server", "GenerateSecret": true, "EnablePropagateAdditionalUserContextData": propagates,
        });
        let made = people
            .admin("CreateUserPoolClient", merged(settings, all_flows()))
            .await
            .ok();
        let (id, secret) = (
            text(&made, "/UserPoolClient/ClientId"),
            text(&made, "/UserPoolClient/ClientSecret"),
        );
        let parameters = json!({
            "USERNAME": "ana", "PASSWORD": PASSWORD, "DEVICE_KEY": phone.key,
            "SECRET_HASH": secret_hash(&secret, "ana", &id),
        });
        let input = json!({
            "ClientId": id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters,
            "UserContextData": {"IpAddress": THERE},
        });
        call(&people, "InitiateAuth", input).await;
        assert_eq!(last(&people, &phone).await, [expected, expected]);
    }
}
