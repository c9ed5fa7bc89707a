//! A pool with passkeys, and its users at their browsers.

use api::{
    Wire,
    cognito_idp::{GetUserPoolMfaConfigResponse, WebAuthnConfigurationType},
};
use serde_json::{Value, json};
use testkit::{Answer, authenticator::Authenticator};

use crate::{errors::settings::TagsBy, tests::people::People};

pub(crate) const ORIGIN: &str = "https://login.example.com";

/// A pool whose users may sign in by passkey, for example.com.
pub(crate) async fn people() -> People {
    people_of(json!({"RelyingPartyId": "example.com"})).await
}

/// The same with another WebAuthnConfiguration.
pub(crate) async fn people_of(configuration: Value) -> People {
    let factors = json!({"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]});
    let people = People::of(json!({"Policies": {"SignInPolicy": factors}})).await;
    configure(&people, configuration).await;
    people
}

pub(crate) async fn configure(people: &People, configuration: Value) {
    let pools = &people.app.pools;
    let before = pools.stored(&people.pool).await.unwrap();
    let blocks = GetUserPoolMfaConfigResponse {
        web_authn_configuration: Some(WebAuthnConfigurationType::from_json(configuration).unwrap()),
        ..before.mfa_blocks.clone()
    };
    let settings = (&before.settings, &blocks);
    pools
        .save_settings(&people.app.cx(), &before, settings, TagsBy::Settings)
        .await
        .unwrap();
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
