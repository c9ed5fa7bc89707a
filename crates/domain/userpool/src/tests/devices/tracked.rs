//! People whose devices are tracked, and what a device's client computes.

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::SystemRng;
use serde_json::{Value, json};
use testkit::{Answer, merged, text};
use vault::srp::{Challenge, Client, Identity, Verifier};

use crate::tests::people::{PASSWORD, People};

pub(super) const NO_DEVICE: (&str, &str) = ("ResourceNotFoundException", "Device does not exist.");
pub(super) const OFF: (&str, &str) = (
    "InvalidParameterException",
    "Device tracking is not configured for the user pool.",
);
pub(super) const PHONE: &str = "+15551234567";

const SALT: [u8; 16] = [0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
pub(super) const SECRET: &str = "forty random bytes, as clients spell them";

/// A device that a sign-in handed out.
#[derive(Clone)]
pub(super) struct Handed {
    pub access: String,
    pub refresh: String,
    pub key: String,
    pub group: String,
}

impl Handed {
    pub fn of(result: &Value) -> Self {
        Self {
            access: text(result, "/AccessToken"),
            refresh: text(result, "/RefreshToken"),
            key: text(result, "/NewDeviceMetadata/DeviceKey"),
            group: text(result, "/NewDeviceMetadata/DeviceGroupKey"),
        }
    }

    fn identity(&self) -> Identity<'_> {
        Identity {
            pool_name: &self.group,
            user_id: &self.key,
        }
    }

    /// DeviceSecretVerifierConfig.
    pub fn verifier(&self) -> Value {
        let verifier = Verifier::new(self.identity(), SECRET, &SALT);
        json!({
            "Salt": BASE64_STANDARD.encode(SALT), "PasswordVerifier": BASE64_STANDARD.encode(verifier.as_bytes()),
        })
    }
}

/// A pool with this DeviceConfiguration, and ana and ben.
pub(super) async fn tracked(devices: Value) -> People {
    with(json!({"DeviceConfiguration": devices})).await
}

async fn with(pool: Value) -> People {
    let people = People::with_all_flows(pool, json!({})).await;
    people.member("ana", &[("phone_number", PHONE)]).await;
    people.member("ben", &[("phone_number", "+15550001111")]).await;
    people
}

/// Every device is remembered.
pub(super) async fn always() -> People {
    tracked(json!({"ChallengeRequiredOnNewDevice": false, "DeviceOnlyRememberedOnUserPrompt": false})).await
}

/// The same, and a remembered device stands in for the code that everybody needs else.
pub(super) async fn with_codes() -> People {
    with_codes_and(json!({})).await
}

/// The same with more settings of the pool.
pub(super) async fn with_codes_and(more: Value) -> People {
    let role = "arn:aws:iam::000000000000:role/texts";
    let settings = json!({
        "MfaConfiguration": "ON", "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true},
    });
    with(merged(settings, more)).await
}

impl People {
    /// A sign-in from a device that is not known.
    pub(super) async fn handed(&self, name: &str) -> Handed {
        let answer = self.sign_in(name, PASSWORD).await.ok();
        Handed::of(&answer["AuthenticationResult"])
    }

    /// The same where everybody is asked for a code.
    pub(super) async fn handed_by_code(&self, name: &str, phone: &str) -> Handed {
        let asked = self.sign_in(name, PASSWORD).await.ok();
        assert_eq!(asked["ChallengeName"], "SMS_MFA", "{asked}");
        let code = self.app.code_for(phone).await;
        let responses = json!({"USERNAME": name, "SMS_MFA_CODE": code});
        let done = self
            .respond("SMS_MFA", Some(&text(&asked, "/Session")), responses)
            .await
            .ok();
        Handed::of(&done["AuthenticationResult"])
    }

    pub(super) async fn confirm_device(&self, handed: &Handed, more: Value) -> Answer {
        let input = json!({"DeviceKey": handed.key, "DeviceSecretVerifierConfig": handed.verifier()});
        self.with_token(&handed.access, "ConfirmDevice", merged(input, more))
            .await
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

    /// The right password, from a device.
    pub(super) async fn sign_in_from(&self, name: &str, key: &str) -> Answer {
        let parameters = json!({"USERNAME": name, "PASSWORD": PASSWORD, "DEVICE_KEY": key});
        self.initiate("USER_PASSWORD_AUTH", parameters).await
    }

    /// From the password to the challenge of the device's proof.
    pub(super) async fn asked_for_proof(&self, name: &str, device: &Handed) -> (Client, Value) {
        let asked = self.sign_in_from(name, &device.key).await.ok();
        assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH", "{asked}");
        let client = Client::new(&SystemRng);
        let responses = json!({"USERNAME": name, "DEVICE_KEY": device.key, "SRP_A": client.public_hex()});
        let session = text(&asked, "/Session");
        (
            client,
            self.respond("DEVICE_SRP_AUTH", Some(&session), responses).await.ok(),
        )
    }

    /// The members of DEVICE_PASSWORD_VERIFIER.
    pub(super) fn device_proof(&self, device: &Handed, (client, asked): &(Client, Value), secret: &str) -> Value {
        let parameter = |name: &str| text(asked, &format!("/ChallengeParameters/{name}"));
        let (salt, srp_b, secret_block) = (parameter("SALT"), parameter("SRP_B"), parameter("SECRET_BLOCK"));
        let timestamp = self.timestamp();
        let challenge = Challenge {
            salt: &salt,
            srp_b: &srp_b,
            secret_block: &secret_block,
        };
        json!({
            "USERNAME": parameter("USERNAME"), "DEVICE_KEY": parameter("DEVICE_KEY"), "TIMESTAMP": timestamp,
            "PASSWORD_CLAIM_SECRET_BLOCK": secret_block,
            "PASSWORD_CLAIM_SIGNATURE": client.answer(device.identity(), secret, challenge, &timestamp).unwrap(),
        })
    }

    pub(super) async fn prove_device(&self, (_, asked): &(Client, Value), responses: Value) -> Answer {
        let session = text(asked, "/Session");
        self.respond("DEVICE_PASSWORD_VERIFIER", Some(&session), responses)
            .await
    }

    /// A whole sign-in from a remembered device.
    pub(super) async fn signed_in_from(&self, name: &str, device: &Handed) -> Value {
        let asked = self.asked_for_proof(name, device).await;
        let responses = self.device_proof(device, &asked, SECRET);
        self.prove_device(&asked, responses).await.ok()["AuthenticationResult"].clone()
    }
}

fn settings_of(operation: &str) -> Value {
    if operation.contains("UpdateDeviceStatus") {
        json!({"DeviceRememberedStatus": "remembered"})
    } else {
        json!({})
    }
}
