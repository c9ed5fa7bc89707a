//! The figures, in the order of the report.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use testkit::Folder;

use crate::{
    Options,
    child::{self, Server},
    client::{Connection, Prepared},
    figures::{Figures, millis, ratio},
    load::{self, Measured, Pace, count},
    primitives::{self, Primitives},
    seed::{self, PASSWORD, Seeded, target, user_name},
};

pub async fn all(options: &Options) -> Result<String, String> {
    let mut figures = Figures::default();
    let folder = Folder::new().map_err(|error| error.to_string())?;
    let data = folder.path().join("data");

    figures.title("Start and memory");
    let fresh = started(&options.binary, &data).await?;
    figures.at_most("start to first answer, new database", millis(fresh.1), 250.0, "ms");
    drop(fresh);
    let (server, first_answer) = started(&options.binary, &data).await?;
    figures.at_most(
        "start to first answer, existing database",
        millis(first_answer),
        50.0,
        "ms",
    );
    tokio::time::sleep(Duration::from_secs(2)).await;
    figures.at_most("idle memory", mebibytes(&server)?, 30.0, "MiB");

    let seeded = seed::pool(&server, access_key(&options.binary, &data)?).await?;
    seed::users(&server, &seeded, options.users, options.concurrency).await?;
    let yardstick = primitives::measure()?;
    figures.title("Primitives, in this process");
    figures.plain("3072-bit exponentiation", millis(yardstick.exponentiation), "ms");
    figures.plain("RSA-2048 signature", millis(yardstick.signature), "ms");

    sign_in(&mut figures, options, &server, &seeded, &yardstick).await?;
    reads(&mut figures, options, &server, &seeded).await?;
    drop(server);
    if options.many_users > 0 {
        many_users(&mut figures, options, &data, &seeded).await?;
    }
    child::move_to_the_other_core()?;
    let server = Server::start_on_one_core(&options.binary, &data)?;
    overload(&mut figures, options, &server, &seeded).await?;
    Ok(figures.finish())
}

/// A server, and how long after its start the first answer was there.
async fn started(binary: &str, data: &Path) -> Result<(Server, Duration), String> {
    let begun = Instant::now();
    let server = Server::start(binary, data)?;
    let mut connection = Connection::open(&server.address).await?;
    let health = Prepared::get(&server.address, "/_poolhouse/health");
    match connection.send(&health).await?.status {
        200 => Ok((server, begun.elapsed())),
        status => Err(format!("health answered {status}")),
    }
}

fn access_key(binary: &str, data: &Path) -> Result<(String, String), String> {
    let keyring = data.join("keyring.json");
    let output = Command::new(binary)
        .args(["admin", "create-access-key", "--data"])
        .arg(data)
        .arg("--keyring")
        .arg(keyring)
        .output()
        .map_err(|error| error.to_string())?;
    let key: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let text = |name: &str| {
        key.get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or("no access key")
    };
    Ok((text("AccessKeyId")?, text("SecretAccessKey")?))
}

fn mebibytes(server: &Server) -> Result<f64, String> {
    let kibibytes = usize::try_from(server.usage()?.resident_bytes / 1024).unwrap_or(usize::MAX);
    Ok(count(kibibytes) / 1024.0)
}

/// The public calls are made ready before the clock runs; their order among users is by number.
fn each_user(
    host: &str,
    operation: &'static str,
    users: usize,
    input: impl Fn(&str) -> Value,
) -> Result<Vec<Prepared>, String> {
    (0..users)
        .map(|n| Prepared::call(host, &target(operation), &input(&user_name(n)), None))
        .collect()
}

async fn send(
    options: &Options,
    server: &Server,
    requests: Vec<Prepared>,
    operations: usize,
) -> Result<Measured, String> {
    let every = requests.len().max(1);
    let pick = move |n: usize| {
        requests
            .get(n % every)
            .cloned()
            .unwrap_or_else(|| Prepared::get("", "/"))
    };
    load::run(server, options.concurrency, operations, Pace::Closed, pick).await
}

async fn sign_in(
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
    let unavoidable = yardstick.exponentiation + yardstick.signature * 2;
    figures.plain("USER_PASSWORD_AUTH", millis(measured.cpu), "ms");
    figures.at_most(
        "USER_PASSWORD_AUTH / (1 exp + 2 signatures)",
        ratio(measured.cpu, unavoidable),
        1.25,
        "x",
    );

    let token = refresh_token(server, seeded).await?;
    let refresh = Prepared::call(
        &server.address,
        &target("InitiateAuth"),
        &json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": seeded.client, "AuthParameters": { "REFRESH_TOKEN": token },
        }),
        None,
    )?;
    let measured = send(options, server, vec![refresh], 4000).await?;
    figures.plain("REFRESH_TOKEN_AUTH", millis(measured.cpu), "ms");
    figures.at_most(
        "REFRESH_TOKEN_AUTH / (2 signatures)",
        ratio(measured.cpu, yardstick.signature * 2),
        1.25,
        "x",
    );

    let cpu = srp_sign_ins(options, server, seeded, options.users.min(2000)).await?;
    let unavoidable = yardstick.exponentiation * 3 + yardstick.signature * 2;
    figures.plain("USER_SRP_AUTH, both calls", millis(cpu), "ms");
    figures.at_most(
        "USER_SRP_AUTH / (3 exp + 2 signatures)",
        ratio(cpu, unavoidable),
        1.25,
        "x",
    );
    Ok(())
}

async fn tokens(server: &Server, seeded: &Seeded) -> Result<Value, String> {
    let mut connection = Connection::open(&server.address).await?;
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": seeded.client,
        "AuthParameters": { "USERNAME": user_name(0), "PASSWORD": PASSWORD },
    });
    connection.call(&target("InitiateAuth"), &input, None).await
}

async fn refresh_token(server: &Server, seeded: &Seeded) -> Result<String, String> {
    let answer = tokens(server, seeded).await?;
    text(&answer, "/AuthenticationResult/RefreshToken")
}

fn text(value: &Value, pointer: &str) -> Result<String, String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("no {pointer}"))
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
fn now_as_cognito_spells_it() -> String {
    let now = kernel::Clock::wall(&kernel::SystemClock::default()).to_jiff();
    now.strftime("%a %b %-d %H:%M:%S UTC %Y").to_string()
}

async fn reads(figures: &mut Figures, options: &Options, server: &Server, seeded: &Seeded) -> Result<(), String> {
    figures.title("Reads: the server's CPU for one");
    let access = text(&tokens(server, seeded).await?, "/AuthenticationResult/AccessToken")?;
    let host = server.address.clone();
    let get_user = Prepared::call(&host, &target("GetUser"), &json!({ "AccessToken": access }), None)?;
    let measured = send(options, server, vec![get_user], 40_000).await?;
    figures.at_most("GetUser", millis(measured.cpu), 0.06, "ms");

    let key = seeded.key();
    let admin: Result<Vec<Prepared>, String> = (0..options.users.min(2000))
        .map(|n| {
            let input = json!({ "UserPoolId": seeded.pool, "Username": user_name(n) });
            Prepared::call(&host, &target("AdminGetUser"), &input, Some(&key))
        })
        .collect();
    let measured = send(options, server, admin?, 40_000).await?;
    figures.at_most(
        "AdminGetUser, signature and policies checked",
        millis(measured.cpu),
        0.15,
        "ms",
    );

    let page = json!({ "UserPoolId": seeded.pool, "Limit": 60 });
    let list = Prepared::call(&host, &target("ListUsers"), &page, Some(&key))?;
    let measured = send(options, server, vec![list], 10_000).await?;
    figures.at_most("ListUsers, 60 users", millis(measured.cpu), 0.4, "ms");

    let measured = search(options, server, seeded, "user0000007@example.com").await?;
    figures.at_most("ListUsers by email", millis(measured.cpu), 0.1, "ms");

    let jwks = Prepared::get(&host, &format!("/{}/.well-known/jwks.json", seeded.pool));
    let measured = send(options, server, vec![jwks], 40_000).await?;
    figures.at_most("JWKS", millis(measured.cpu), 0.03, "ms");
    Ok(())
}

async fn search(options: &Options, server: &Server, seeded: &Seeded, email: &str) -> Result<Measured, String> {
    let input = json!({ "UserPoolId": seeded.pool, "Filter": format!("email = \"{email}\"") });
    let request = Prepared::call(&server.address, &target("ListUsers"), &input, Some(&seeded.key()))?;
    send(options, server, vec![request], 20_000).await
}

/// Ten times the load that can be answered: the possible rate stays, the rest is told so, and reads stay quick.
async fn overload(figures: &mut Figures, options: &Options, server: &Server, seeded: &Seeded) -> Result<(), String> {
    figures.title("Overload: the server on one core, the load on the other");
    let sign_ins = || {
        each_user(&server.address, "InitiateAuth", options.users.min(2000), |name| {
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": seeded.client,
                "AuthParameters": { "USERNAME": name, "PASSWORD": PASSWORD },
            })
        })
    };
    let possible = send(options, server, sign_ins()?, 4000).await?;
    let access = text(&tokens(server, seeded).await?, "/AuthenticationResult/AccessToken")?;
    let get_user = Prepared::call(
        &server.address,
        &target("GetUser"),
        &json!({ "AccessToken": access }),
        None,
    )?;

    let rate = possible.per_second();
    let busy = with_reads(server, sign_ins()?, 64, 4000, rate * 0.8, get_user.clone()).await?;
    let flooded = with_reads(server, sign_ins()?, 1600, 60_000, rate * 10.0, get_user).await?;
    let answered = count(flooded.0.operations - flooded.0.refused) / flooded.0.elapsed.as_secs_f64();
    figures.plain("sign-ins a second, closed loop", possible.per_second(), "/s");
    figures.plain("sign-ins a second, flooded", answered, "/s");
    figures.at_least("flooded / possible", answered / rate, 0.8, "x");
    figures.plain("refused while flooded", count(flooded.0.refused), "");
    let growth = ratio(flooded.1.percentile(0.99), busy.1.percentile(0.99));
    figures.plain("GetUser p99 at 80 % load", millis(busy.1.percentile(0.99)), "ms");
    figures.plain("GetUser p99 flooded", millis(flooded.1.percentile(0.99)), "ms");
    figures.at_most("GetUser p99 flooded / at 80 %", growth, 5.0, "x");
    Ok(())
}

/// Sign-ins over many connections, and reads over two beside them.
async fn with_reads(
    server: &Server,
    sign_ins: Vec<Prepared>,
    concurrency: usize,
    operations: usize,
    rate: f64,
    read: Prepared,
) -> Result<(Measured, Measured), String> {
    let every = sign_ins.len().max(1);
    let pick = move |n: usize| {
        sign_ins
            .get(n % every)
            .cloned()
            .unwrap_or_else(|| Prepared::get("", "/"))
    };
    let flood = load::run(server, concurrency, operations, Pace::Open(rate), pick);
    let reads = load::run(server, 2, 1000, Pace::Open(300.0), move |_| read.clone());
    let (flood, reads) = tokio::join!(flood, reads);
    Ok((flood?, reads?))
}

async fn many_users(figures: &mut Figures, options: &Options, data: &Path, seeded: &Seeded) -> Result<(), String> {
    figures.title(&format!("With {} users", options.many_users));
    seed::bulk(&data.join("poolhouse.db"), &seeded.pool, options.many_users).await?;
    let (server, _) = started(&options.binary, data).await?;
    let measured = search(options, &server, seeded, "bulk00000777@example.com").await?;
    figures.at_most("ListUsers by email", millis(measured.cpu), 0.1, "ms");
    Ok(())
}
