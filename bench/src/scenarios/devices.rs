//! What the proof of a remembered device costs.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::SystemRng;
use serde_json::{Value, json};
use vault::srp::{self, Challenge, Client, Identity, Verifier};

use super::{
    factors::{Place, answer, begin},
    sign_in::now_as_cognito_spells_it,
    text,
};
use crate::{
    client::Connection,
    each::{each, measured},
    seed::{PASSWORD, target, user_name},
};

const PEOPLE: usize = 400;

/// A device that its user confirmed; its password is the users'.
#[derive(Clone)]
struct Device {
    user: String,
    key: String,
    group: String,
}

/// The two calls after a password that was right: DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER.
pub(super) async fn proofs(place: &Place<'_>) -> Result<Duration, String> {
    let tracking = json!({ "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false });
    let people = place.people(json!({ "DeviceConfiguration": tracking }), PEOPLE).await?;
    let client = people.client.clone();
    let names = (0..PEOPLE).map(user_name).collect();
    let asked = each(place.server, place.connections, names, move |connection, name| {
        let client = client.clone();
        Box::pin(async move {
            let device = remember(connection, &client, name).await?;
            let by = json!({ "DEVICE_KEY": device.key });
            let asked = begin(connection, &client, &device.user, by).await?;
            Ok((device, asked))
        })
    })
    .await?;
    let client = people.client.clone();
    let (_, cpu) = measured(
        place.server,
        place.connections,
        asked,
        move |connection, (device, asked)| {
            let client = client.clone();
            Box::pin(async move { prove(connection, &client, &device, &asked).await })
        },
    )
    .await?;
    Ok(cpu)
}

async fn remember(connection: &mut Connection, client: &str, user: String) -> Result<Device, String> {
    let tokens = begin(connection, client, &user, json!({})).await?;
    let made = |name: &str| text(&tokens, &format!("/AuthenticationResult/NewDeviceMetadata/{name}"));
    let device = Device {
        user,
        key: made("DeviceKey")?,
        group: made("DeviceGroupKey")?,
    };
    let salt = srp::draw_salt(&SystemRng);
    let verifier = Verifier::new(device.identity(), PASSWORD, &salt);
    let input = json!({
        "AccessToken": text(&tokens, "/AuthenticationResult/AccessToken")?, "DeviceKey": device.key,
        "DeviceSecretVerifierConfig": {
            "PasswordVerifier": BASE64_STANDARD.encode(verifier.as_bytes()), "Salt": BASE64_STANDARD.encode(salt),
        },
    });
    connection.call(&target("ConfirmDevice"), &input, None).await?;
    Ok(device)
}

async fn prove(connection: &mut Connection, client: &str, device: &Device, asked: &Value) -> Result<(), String> {
    let respond = target("RespondToAuthChallenge");
    let srp = Client::new(&SystemRng);
    let begun = json!({ "DEVICE_KEY": device.key, "SRP_A": srp.public_hex() });
    let input = answer(client, asked, &device.user, begun)?;
    let asked = connection.call(&respond, &input, None).await?;
    let parameter = |name: &str| text(&asked, &format!("/ChallengeParameters/{name}"));
    let (salt, srp_b, secret_block) = (parameter("SALT")?, parameter("SRP_B")?, parameter("SECRET_BLOCK")?);
    let challenge = Challenge {
        salt: &salt,
        srp_b: &srp_b,
        secret_block: &secret_block,
    };
    let timestamp = now_as_cognito_spells_it();
    let signature = srp
        .answer(device.identity(), PASSWORD, challenge, &timestamp)
        .ok_or("the challenge could not be answered")?;
    let proof = json!({
        "DEVICE_KEY": device.key, "PASSWORD_CLAIM_SECRET_BLOCK": secret_block, "PASSWORD_CLAIM_SIGNATURE": signature,
        "TIMESTAMP": timestamp,
    });
    let input = answer(client, &asked, &device.user, proof)?;
    let done = connection.call(&respond, &input, None).await?;
    text(&done, "/AuthenticationResult/AccessToken").map(drop)
}

impl Device {
    fn identity(&self) -> Identity<'_> {
        Identity {
            pool_name: &self.group,
            user_id: &self.key,
        }
    }
}
