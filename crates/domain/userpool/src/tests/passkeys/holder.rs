//! A pool with passkeys, and its users at their browsers.

use serde_json::{Value, json};
use testkit::{Answer, authenticator::Authenticator, merged};

use crate::tests::people::People;

pub(crate) const ORIGIN: &str = "https://login.example.com";

/// A pool whose users may sign in by passkey, for example.com.
pub(crate) async fn people() -> People {
    people_of(json!({}), json!({})).await
}

/// The same with other settings, and a client with others.
pub(crate) async fn people_of(pool: Value, client: Value) -> People {
    let factors = json!({"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]});
    let settings = json!({"Policies": {"SignInPolicy": factors}});
    let people = People::with_all_flows(merged(settings, pool), client).await;
    configure(&people, json!({"RelyingPartyId": "example.com"})).await;
    people
}

/// Sets WebAuthnConfiguration.
pub(crate) async fn configure(people: &People, configuration: Value) {
    let input = json!({"WebAuthnConfiguration": configuration});
    people.admin("SetUserPoolMfaConfig", input).await.ok();
}

/// The options of a registration.
pub(crate) async fn start(people: &People, token: &str) -> Value {
    let answer = people
        .with_token(token, "StartWebAuthnRegistration", json!({}))
        .await
        .ok();
    answer["CredentialCreationOptions"].clone()
}

pub(crate) async fn complete(people: &People, token: &str, credential: &Value) -> Answer {
    let input = json!({"Credential": credential});
    people.with_token(token, "CompleteWebAuthnRegistration", input).await
}

/// A device with a passkey of this user's.
pub(crate) async fn registered(people: &People, token: &str, id: &str) -> Authenticator {
    let mut device = Authenticator::es256(id.as_bytes());
    let made = device.create(&start(people, token).await, ORIGIN);
    complete(people, token, &made).await.ok();
    device
}

pub(crate) async fn list(people: &People, token: &str) -> Vec<Value> {
    let answer = people
        .with_token(token, "ListWebAuthnCredentials", json!({}))
        .await
        .ok();
    answer["Credentials"].as_array().unwrap().clone()
}
