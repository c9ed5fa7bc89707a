//! People whose devices are tracked.

use kernel::{DeviceKey, Region, Sub, SystemRng};
use serde_json::{Value, json};
use store::records::sessions;
use testkit::{Answer, REGION, merged, text};

use crate::{
    session::{Family, Grant, Shown},
    tests::people::People,
};

pub(super) const NO_DEVICE: (&str, &str) = ("ResourceNotFoundException", "Device does not exist.");
pub(super) const OFF: (&str, &str) = (
    "InvalidParameterException",
    "Device tracking is not configured for the user pool.",
);

/// A device that a sign-in handed out.
#[derive(Clone)]
pub(super) struct Handed {
    pub access: String,
    pub key: String,
}

/// A pool with this DeviceConfiguration, and ana and ben.
pub(super) async fn tracked(devices: Value) -> People {
    let people = People::with_all_flows(json!({"DeviceConfiguration": devices}), json!({})).await;
    people.member("ana", &[]).await;
    people.member("ben", &[]).await;
    people
}

/// Every device is remembered.
pub(super) async fn always() -> People {
    tracked(json!({"ChallengeRequiredOnNewDevice": false, "DeviceOnlyRememberedOnUserPrompt": false})).await
}

impl People {
    /// A sign-in from a device that is not known.
    pub(super) async fn handed(&self, name: &str) -> Handed {
        let key = DeviceKey::random(&Region::new(REGION), &SystemRng);
        let sub = Sub::new(self.attribute(name, "sub").await.unwrap());
        let (pool, client) = self.app.pools.client(&self.client).await.unwrap();
        let grant = Grant::of_api(&client);
        let shown = Shown {
            acr: String::new(),
            amr: Vec::new(),
        };
        let mut family = Family::begin(&self.app.keyring, &self.app.cx(), (&pool.id, &sub), &grant, shown).unwrap();
        family.row.doc.device_key = Some(key.clone());
        let row = family.row.clone();
        let begun = self
            .app
            .store
            .write(move |tx| Ok(sessions::insert(tx, &pool.id, &row)?));
        begun.await.unwrap();
        let answer = self.refresh(&family.refresh_token).await.ok();
        Handed {
            access: text(&answer, "/AuthenticationResult/AccessToken"),
            key: key.to_string(),
        }
    }

    pub(super) async fn confirm_device(&self, handed: &Handed, more: Value) -> Answer {
        let input = merged(
            json!({"DeviceKey": handed.key, "DeviceSecretVerifierConfig": verifier()}),
            more,
        );
        self.with_token(&handed.access, "ConfirmDevice", input).await
    }

    /// A sign-in from a device that is known from then on.
    pub(super) async fn confirmed(&self, name: &str) -> Handed {
        let handed = self.handed(name).await;
        self.confirm_device(&handed, json!({})).await.ok();
        handed
    }

    /// A call of a user about a device.
    pub(super) async fn of_device(&self, by: &Handed, operation: &str, key: &str) -> Answer {
        let input = merged(json!({"DeviceKey": key}), settings_of(operation));
        self.with_token(&by.access, operation, input).await
    }

    /// The same of an administrator.
    pub(super) async fn admin_of_device(&self, name: &str, operation: &str, key: &str) -> Answer {
        let input = merged(json!({"Username": name, "DeviceKey": key}), settings_of(operation));
        self.admin(operation, input).await
    }
}

fn settings_of(operation: &str) -> Value {
    if operation.contains("UpdateDeviceStatus") {
        json!({"DeviceRememberedStatus": "remembered"})
    } else {
        json!({})
    }
}

/// Some number of the group, and some salt.
pub(super) fn verifier() -> Value {
    json!({"Salt": "AAECAwQFBgcICQoLDA0ODw==", "PasswordVerifier": "BwcHBw=="})
}
