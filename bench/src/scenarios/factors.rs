//! What the further factors cost, each step by itself: a code of an app, a code by mail, a device, a passkey.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};
use vault::totp::Seed;

use super::{
    devices, passkeys,
    place::{Place, answer, begin},
    text,
};
use crate::{
    Options,
    child::Server,
    client::{Connection, Prepared},
    each::each,
    figures::{Figures, millis, ratio},
    primitives::{self, Primitives},
    seed::{Seeded, target, user_name},
};

pub(super) async fn factors(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    seeded: &Seeded,
) -> Result<(), String> {
    figures.title("Further factors: the server's CPU of their own steps beside the primitives they can't do without");
    let place = Place {
        server,
        key: &seeded.key,
        connections: options.concurrency,
    };
    let mut row = |name: &str, cpu: Duration, of: &str, beside: Duration| {
        figures.plain(name, millis(cpu), "ms");
        figures.at_most(&format!("{name} / ({of})"), ratio(cpu, beside), 1.25, "x");
    };
    // Each beside what the machine does now: setting people up takes a while.
    let cpu = app(&place).await?;
    row("SOFTWARE_TOKEN_MFA answered", cpu, "2 signatures", tokens()?.1);
    let cpu = mail(&place).await?;
    row("EMAIL_OTP answered", cpu, "2 signatures", tokens()?.1);
    let cpu = devices::proofs(&place).await?;
    let (now, signatures) = tokens()?;
    let beside = now.from_table + now.exponentiation * 2 + signatures;
    let of = "1 from the table + 2 exp + 2 signatures";
    row("DEVICE_SRP_AUTH and its proof", cpu, of, beside);
    let cpu = passkeys::sign_ins(&place).await?;
    let (now, signatures) = tokens()?;
    let of = "1 P-256 verification + 2 signatures";
    row("WEB_AUTHN, both calls", cpu, of, now.verification + signatures);
    Ok(())
}

/// The primitives now, and what signing both tokens takes.
fn tokens() -> Result<(Primitives, Duration), String> {
    let now = tokio::task::block_in_place(primitives::measure)?;
    let signatures = now.signature * 2;
    Ok((now, signatures))
}

/// The step of an authenticator app's code.
async fn app(place: &Place<'_>) -> Result<Duration, String> {
    const PEOPLE: usize = 1000;
    let people = place.people(json!({}), PEOPLE).await?;
    let on = json!({ "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": { "Enabled": true } });
    place.configure(&people, on).await?;
    let client = people.client.clone();
    let names = (0..PEOPLE).map(user_name).collect();
    let asked = each(place.server, place.connections, names, move |connection, name| {
        let client = client.clone();
        Box::pin(async move {
            let seed = enrol(connection, &client, &name).await?;
            let asked = begin(connection, &client, &name, json!({})).await?;
            Ok((name, seed, asked))
        })
    })
    .await?;
    // The next step's, which is within the drift: that of the enrolment is used.
    let at = kernel::Clock::wall(&kernel::SystemClock::default()).plus(Duration::from_secs(30));
    let answers = asked.into_iter().map(|(name, seed, asked)| {
        let code = json!({ "SOFTWARE_TOKEN_MFA_CODE": seed.code(at) });
        let input = answer(&people.client, &asked, &name, code)?;
        Prepared::call(&place.server.address, &target("RespondToAuthChallenge"), &input, None)
    });
    place.cost(answers.collect::<Result<_, _>>()?).await
}

async fn enrol(connection: &mut Connection, client: &str, name: &str) -> Result<Seed, String> {
    let tokens = begin(connection, client, name, json!({})).await?;
    let token = text(&tokens, "/AuthenticationResult/AccessToken")?;
    let input = json!({ "AccessToken": token });
    let secret = connection.call(&target("AssociateSoftwareToken"), &input, None).await?;
    let seed = Seed::parse(&text(&secret, "/SecretCode")?).ok_or("a seed that is not base32")?;
    let now = kernel::Clock::wall(&kernel::SystemClock::default());
    let input = json!({ "AccessToken": token, "UserCode": seed.code(now) });
    connection.call(&target("VerifySoftwareToken"), &input, None).await?;
    let on = json!({ "Enabled": true, "PreferredMfa": true });
    let input = json!({ "AccessToken": token, "SoftwareTokenMfaSettings": on });
    connection.call(&target("SetUserMFAPreference"), &input, None).await?;
    Ok(seed)
}

/// The step of a code by mail, which is a first factor here.
async fn mail(place: &Place<'_>) -> Result<Duration, String> {
    // As many as one look into the inbox shows.
    const ONE_LOOK: usize = 100;
    const PEOPLE: usize = 10 * ONE_LOOK;
    let first = json!({ "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } } });
    let people = place.people(first, PEOPLE).await?;
    let mut answers = Vec::new();
    for begin in (0..PEOPLE).step_by(ONE_LOOK) {
        let names: Vec<String> = (begin..begin + ONE_LOOK).map(user_name).collect();
        let client = people.client.clone();
        let asked = each(place.server, place.connections, names, move |connection, name| {
            let parameters = json!({ "USERNAME": name, "PREFERRED_CHALLENGE": "EMAIL_OTP" });
            let input = json!({ "AuthFlow": "USER_AUTH", "ClientId": client, "AuthParameters": parameters });
            Box::pin(async move {
                let asked = connection.call(&target("InitiateAuth"), &input, None).await?;
                Ok((name, asked))
            })
        })
        .await?;
        let codes = codes(place.server, &asked).await?;
        for (name, asked) in &asked {
            let code = codes.get(name).ok_or("a code did not arrive")?;
            let input = answer(&people.client, asked, name, json!({ "EMAIL_OTP_CODE": code }))?;
            let respond = target("RespondToAuthChallenge");
            answers.push(Prepared::call(&place.server.address, &respond, &input, None)?);
        }
    }
    place.cost(answers).await
}

/// Each one's code, as soon as all have theirs.
async fn codes(server: &Server, asked: &[(String, Value)]) -> Result<BTreeMap<String, String>, String> {
    let mut connection = Connection::open(&server.address).await?;
    let look = Prepared::get(&server.address, "/_poolhouse/inbox.json");
    for _ in 0..100 {
        let inbox = connection.send(&look).await?;
        let messages: Vec<Value> = serde_json::from_slice(&inbox.body).map_err(|error| error.to_string())?;
        let mut codes = BTreeMap::new();
        for message in &messages {
            let to = text(message, "/to")?;
            let name = to.split('@').next().unwrap_or_default().to_owned();
            // The newest stand first.
            if let Some(code) = message.pointer("/code").and_then(Value::as_str) {
                codes.entry(name).or_insert_with(|| code.to_owned());
            }
        }
        if asked.iter().all(|(name, _)| codes.contains_key(name)) {
            return Ok(codes);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("the codes did not arrive".to_owned())
}
