//! What a sign-in, a refresh and a sign-up cost.

use std::time::Duration;

use serde_json::json;

use super::{each_user, refresh, send, text};
use crate::{
    Options,
    child::Server,
    client::{Connection, Prepared},
    commits,
    figures::{Figures, millis, ratio},
    load::{self, Measured, Pace},
    primitives::Primitives,
    seed::{PASSWORD, Seeded, target, user_name},
};

pub(super) async fn sign_in(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    seeded: &Seeded,
    yardstick: &Primitives,
) -> Result<(), String> {
    figures.title("Sign-in: the server's CPU beside the primitives it can't do without");
    let password = each_user(&server.address, "InitiateAuth", options.users.min(2000), |name| {
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": seeded.client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": PASSWORD },
        })
    })?;
    let measured = send(options, server, password, 4000).await?;
    figures.plain("USER_PASSWORD_AUTH", millis(measured.cpu), "ms");
    let signatures = yardstick.signature * 2;
    figures.plain(
        "USER_PASSWORD_AUTH / (1 exp + 2 signatures)",
        ratio(measured.cpu, yardstick.exponentiation + signatures),
        "x",
    );
    figures.at_most(
        "USER_PASSWORD_AUTH / (1 from the table + 2 signatures)",
        ratio(measured.cpu, yardstick.from_table + signatures),
        1.25,
        "x",
    );

    let measured = send(options, server, vec![refresh(server, seeded).await?], 4000).await?;
    figures.plain("REFRESH_TOKEN_AUTH", millis(measured.cpu), "ms");
    figures.at_most(
        "REFRESH_TOKEN_AUTH / (2 signatures)",
        ratio(measured.cpu, signatures),
        1.25,
        "x",
    );
    tail(figures, &measured);

    let cpu = srp_sign_ins(options, server, seeded, options.users.min(2000)).await?;
    figures.plain("USER_SRP_AUTH, both calls", millis(cpu), "ms");
    figures.plain(
        "USER_SRP_AUTH / (3 exp + 2 signatures)",
        ratio(cpu, yardstick.exponentiation * 3 + signatures),
        "x",
    );
    figures.at_most(
        "USER_SRP_AUTH / (1 from the table + 2 exp + 2 signatures)",
        ratio(cpu, yardstick.from_table + yardstick.exponentiation * 2 + signatures),
        1.25,
        "x",
    );
    Ok(())
}

/// How long refreshes take that all wait for the same signing threads: in order of arrival, so about the same.
fn tail(figures: &mut Figures, measured: &Measured) {
    let (median, late) = (measured.percentile(0.5), measured.percentile(0.99));
    figures.plain("REFRESH_TOKEN_AUTH, median", millis(median), "ms");
    figures.plain("REFRESH_TOKEN_AUTH, p99", millis(late), "ms");
    figures.at_most("REFRESH_TOKEN_AUTH, p99 / median", ratio(late, median), 4.0, "x");
    figures.plain("REFRESH_TOKEN_AUTH, longest", millis(measured.percentile(1.0)), "ms");
}

/// Acknowledged sign-ups: what bounds them should be the verifier, not the disk.
pub(super) async fn sign_ups(
    figures: &mut Figures,
    server: &Server,
    seeded: &Seeded,
    yardstick: &Primitives,
) -> Result<(), String> {
    const SIGN_UPS: usize = 3000;
    figures.title("Sign-up, 64 at a time");
    let requests: Result<Vec<Prepared>, String> = (0..SIGN_UPS)
        .map(|n| {
            let input = json!({ "ClientId": seeded.client, "Username": format!("new{n:07}"), "Password": PASSWORD });
            Prepared::call(&server.address, &target("SignUp"), &input, None)
        })
        .collect();
    let requests = requests?;
    let pick = move |n: usize| requests.get(n).cloned().unwrap_or_else(|| Prepared::get("", "/"));
    let connections = load::connect(server, 64).await?;
    let measured = load::run(server, connections, SIGN_UPS, Pace::Closed, pick).await?;
    figures.plain(
        "sign-ups a second, each on disk when answered",
        measured.per_second(),
        "/s",
    );
    figures.plain("SignUp", millis(measured.cpu), "ms");
    figures.plain(
        "SignUp / 1 exponentiation",
        ratio(measured.cpu, yardstick.exponentiation),
        "x",
    );
    figures.at_least(
        "rows a sync, 64 writers on the store alone",
        commits::rows_a_sync().await?,
        10.0,
        "rows",
    );
    Ok(())
}

/// The server's CPU for one SRP sign-in; the client's half of the mathematics is done here and not counted.
async fn srp_sign_ins(
    options: &Options,
    server: &Server,
    seeded: &Seeded,
    sign_ins: usize,
) -> Result<Duration, String> {
    let before = server.usage()?.cpu;
    let mut workers = Vec::new();
    for worker in 0..options.concurrency {
        let (address, pool, client) = (server.address.clone(), seeded.pool.clone(), seeded.client.clone());
        let step = options.concurrency;
        workers.push(tokio::spawn(async move {
            let mut connection = Connection::open(&address).await?;
            for n in (worker..sign_ins).step_by(step) {
                srp_sign_in(&mut connection, &pool, &client, n).await?;
            }
            Ok::<(), String>(())
        }));
    }
    for worker in workers {
        worker.await.map_err(|error| error.to_string())??;
    }
    let used = server.usage()?.cpu.saturating_sub(before);
    Ok(used / u32::try_from(sign_ins).unwrap_or(1).max(1))
}

async fn srp_sign_in(connection: &mut Connection, pool: &str, client_id: &str, n: usize) -> Result<(), String> {
    let client = vault::srp::Client::new(&kernel::SystemRng);
    let start = json!({
        "AuthFlow": "USER_SRP_AUTH", "ClientId": client_id,
        "AuthParameters": { "USERNAME": user_name(n), "SRP_A": client.public_hex() },
    });
    let challenge = connection.call(&target("InitiateAuth"), &start, None).await?;
    let parameter = |name: &str| text(&challenge, &format!("/ChallengeParameters/{name}"));
    let (user_id, block) = (parameter("USER_ID_FOR_SRP")?, parameter("SECRET_BLOCK")?);
    let (salt, srp_b) = (parameter("SALT")?, parameter("SRP_B")?);
    let pool_name = pool.split_once('_').map_or("", |(_, name)| name);
    let timestamp = now_as_cognito_spells_it();
    let signature = client
        .answer(
            vault::srp::Identity {
                pool_name,
                user_id: &user_id,
            },
            PASSWORD,
            vault::srp::Challenge {
                salt: &salt,
                srp_b: &srp_b,
                secret_block: &block,
            },
            &timestamp,
        )
        .ok_or("the challenge could not be answered")?;
    let answer = json!({
        "ChallengeName": "PASSWORD_VERIFIER", "ClientId": client_id,
        "ChallengeResponses": {
            "USERNAME": user_id, "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": timestamp,
        },
    });
    connection
        .call(&target("RespondToAuthChallenge"), &answer, None)
        .await
        .map(drop)
}

/// `Tue Sep 5 08:09:10 UTC 2017`.
pub(super) fn now_as_cognito_spells_it() -> String {
    let now = kernel::Clock::wall(&kernel::SystemClock::default()).to_jiff();
    now.strftime("%a %b %-d %H:%M:%S UTC %Y").to_string()
}
