//! What the further factors cost, each step by itself: a code of an app, a code by mail, a device, a passkey.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};
use vault::totp::Seed;

use super::{devices, passkeys, text};
use crate::{
    Options,
    child::Server,
    client::{Connection, Prepared},
    each::each,
    figures::{Figures, millis, ratio},
    load::{self, Pace},
    primitives::Primitives,
    seed::{self, PASSWORD, Seeded, target, user_name},
};

/// Where people with further factors are set up.
pub(super) struct Place<'a> {
    pub server: &'a Server,
    pub key: &'a (String, String),
    pub connections: usize,
}

pub(super) async fn factors(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    seeded: &Seeded,
    yardstick: &Primitives,
) -> Result<(), String> {
    figures.title("Further factors: the server's CPU of their own steps beside the primitives they can't do without");
    let place = Place {
        server,
        key: &seeded.key,
        connections: options.concurrency,
    };
    let signatures = yardstick.signature * 2;
    let mut row = |name: &str, cpu: Duration, beside: (&str, Duration)| {
        figures.plain(name, millis(cpu), "ms");
        figures.at_most(&format!("{name} / ({})", beside.0), ratio(cpu, beside.1), 1.25, "x");
    };
    let two = ("2 signatures", signatures);
    row("SOFTWARE_TOKEN_MFA answered", app(&place).await?, two);
    row("EMAIL_OTP answered", mail(&place).await?, two);
    let numbers = yardstick.from_table + yardstick.exponentiation * 2;
    row(
        "DEVICE_SRP_AUTH and its proof",
        devices::proofs(&place).await?,
        ("1 from the table + 2 exp + 2 signatures", numbers + signatures),
    );
    row(
        "WEB_AUTHN, both calls",
        passkeys::sign_ins(&place).await?,
        (
            "1 P-256 verification + 2 signatures",
            yardstick.verification + signatures,
        ),
    );
    Ok(())
}

impl Place<'_> {
    /// A pool with these settings and so many users.
    pub async fn people(&self, settings: Value, many: usize) -> Result<Seeded, String> {
        let flows = [
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_USER_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ];
        let made = seed::pool_with(self.server, self.key.clone(), settings, &flows).await?;
        seed::users(self.server, &made, many, self.connections).await?;
        Ok(made)
    }

    pub async fn configure(&self, pool: &Seeded, mut factors: Value) -> Result<(), String> {
        if let Value::Object(members) = &mut factors {
            members.insert("UserPoolId".to_owned(), json!(pool.pool));
        }
        let mut connection = Connection::open(&self.server.address).await?;
        let set = target("SetUserPoolMfaConfig");
        connection.call(&set, &factors, Some(&pool.key())).await.map(drop)
    }

    /// The server's CPU for one of these requests.
    async fn cost(&self, requests: Vec<Prepared>) -> Result<Duration, String> {
        let (many, connections) = (requests.len(), load::connect(self.server, self.connections).await?);
        let pick = move |n: usize| requests.get(n).cloned().unwrap_or_else(|| Prepared::get("", "/"));
        let measured = load::run(self.server, connections, many, Pace::Closed, pick).await?;
        Ok(measured.cpu)
    }
}

/// USER_PASSWORD_AUTH: tokens, or what is asked next.
pub(super) async fn begin(connection: &mut Connection, client: &str, name: &str, more: Value) -> Result<Value, String> {
    let parameters = testkit::merged(json!({ "USERNAME": name, "PASSWORD": PASSWORD }), more);
    let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client, "AuthParameters": parameters });
    connection.call(&target("InitiateAuth"), &input, None).await
}

/// An answer to what was asked.
pub(super) fn answer(client: &str, asked: &Value, name: &str, responses: Value) -> Result<Value, String> {
    Ok(json!({
        "ClientId": client, "ChallengeName": text(asked, "/ChallengeName")?, "Session": text(asked, "/Session")?,
        "ChallengeResponses": testkit::merged(json!({ "USERNAME": name }), responses),
    }))
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
    const ROUNDS: usize = 8;
    // As many as one look into the inbox shows.
    const EACH: usize = 100;
    let first = json!({ "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } } });
    let people = place.people(first, ROUNDS * EACH).await?;
    let mut all = Duration::ZERO;
    for round in 0..ROUNDS {
        let names: Vec<String> = (round * EACH..(round + 1) * EACH).map(user_name).collect();
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
        let answers = asked.iter().map(|(name, asked)| {
            let code = codes.get(name).ok_or("a code did not arrive")?;
            let input = answer(&people.client, asked, name, json!({ "EMAIL_OTP_CODE": code }))?;
            Prepared::call(&place.server.address, &target("RespondToAuthChallenge"), &input, None)
        });
        all += place.cost(answers.collect::<Result<_, _>>()?).await?;
    }
    Ok(all / u32::try_from(ROUNDS).unwrap_or(1))
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
