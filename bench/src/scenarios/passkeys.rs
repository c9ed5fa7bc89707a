//! What a sign-in by passkey costs.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::authenticator::Authenticator;

use super::{
    place::{Place, answer, begin},
    text,
};
use crate::{
    client::Connection,
    each::{each, measured},
    seed::{target, user_name},
};

const PEOPLE: usize = 1000;
const ORIGIN: &str = "http://localhost:8000";

/// Both calls: the challenge and the answer.
pub(super) async fn sign_ins(place: &Place<'_>) -> Result<Duration, String> {
    let first = json!({ "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } } });
    let people = place.people(first, PEOPLE).await?;
    let party = json!({ "RelyingPartyId": "localhost", "UserVerification": "preferred" });
    place
        .configure(
            &people,
            json!({ "MfaConfiguration": "OFF", "WebAuthnConfiguration": party }),
        )
        .await?;
    let client = people.client.clone();
    let names = (0..PEOPLE).map(user_name).collect();
    let holders = each(place.server, place.connections, names, move |connection, name| {
        let client = client.clone();
        Box::pin(async move { register(connection, &client, name).await })
    })
    .await?;
    let client = people.client;
    let (_, cpu) = measured(place.server, place.connections, holders, move |connection, holder| {
        let client = client.clone();
        Box::pin(async move { sign_in(connection, &client, holder).await })
    })
    .await?;
    Ok(cpu)
}

type Holder = (String, Authenticator);

async fn register(connection: &mut Connection, client: &str, name: String) -> Result<Holder, String> {
    let tokens = begin(connection, client, &name, json!({})).await?;
    let token = text(&tokens, "/AuthenticationResult/AccessToken")?;
    let input = json!({ "AccessToken": token });
    let begun = connection
        .call(&target("StartWebAuthnRegistration"), &input, None)
        .await?;
    let options = begun.get("CredentialCreationOptions").ok_or("no options")?;
    let mut device = Authenticator::es256(name.as_bytes());
    let input = json!({ "AccessToken": token, "Credential": device.create(options, ORIGIN) });
    connection
        .call(&target("CompleteWebAuthnRegistration"), &input, None)
        .await?;
    Ok((name, device))
}

async fn sign_in(connection: &mut Connection, client: &str, (name, mut device): Holder) -> Result<(), String> {
    let parameters = json!({ "USERNAME": name, "PREFERRED_CHALLENGE": "WEB_AUTHN" });
    let input = json!({ "AuthFlow": "USER_AUTH", "ClientId": client, "AuthParameters": parameters });
    let asked = connection.call(&target("InitiateAuth"), &input, None).await?;
    let options = text(&asked, "/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS")?;
    let options: Value = serde_json::from_str(&options).map_err(|error| error.to_string())?;
    let credential = device.sign(&options, ORIGIN).to_string();
    let input = answer(client, &asked, &name, json!({ "CREDENTIAL": credential }))?;
    let done = connection.call(&target("RespondToAuthChallenge"), &input, None).await?;
    text(&done, "/AuthenticationResult/AccessToken").map(drop)
}
