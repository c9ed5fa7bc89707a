//! The figures, in the order of the report.

mod devices;
mod factors;
mod fairness;
mod functions;
mod hosted;
mod oauth;
mod overload;
mod passkeys;
mod place;
mod reads;
mod sign_in;
mod storage;
mod walk;

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
    figures::{Figures, millis},
    load::{self, Measured, Pace, count},
    primitives,
    seed::{self, PASSWORD, Seeded, target, user_name},
};

/// The report's parts, in its order.
pub const PARTS: [&str; 11] = [
    "sign-in",
    "factors",
    "fairness",
    "sign-up",
    "reads",
    "oauth",
    "walk",
    "storage",
    "functions",
    "overload",
    "slow-functions",
];

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
    figures.plain(
        "the same of the generator, from its table",
        millis(yardstick.from_table),
        "ms",
    );
    figures.plain("RSA-2048 signature", millis(yardstick.signature), "ms");
    figures.plain("P-256 verification", millis(yardstick.verification), "ms");

    if options.wants("sign-in") {
        sign_in::sign_in(&mut figures, options, &server, &seeded, &yardstick).await?;
    }
    if options.wants("factors") {
        factors::factors(&mut figures, options, &server, &seeded).await?;
    }
    if options.wants("fairness") {
        fairness::fairness(&mut figures, options, &server, &seeded).await?;
    }
    if options.wants("sign-up") {
        sign_in::sign_ups(&mut figures, &server, &seeded, &yardstick).await?;
    }
    if options.wants("reads") {
        reads::reads(&mut figures, options, &server, &seeded).await?;
    }
    if options.wants("oauth") {
        oauth::oauth(&mut figures, options, &server, &seeded).await?;
    }
    if options.wants("walk") {
        walk::walk(&mut figures, options, &server, &seeded).await?;
    }
    drop(server);
    if options.wants("storage") {
        storing(&mut figures, options, &seeded, &data).await?;
    }
    if options.wants("functions") {
        functions::warm(&mut figures, options, folder.path()).await?;
    }
    child::move_to_the_other_core()?;
    if options.wants("overload") {
        let server = Server::start_on_one_core(&options.binary, &data)?;
        overload::overload(&mut figures, options, &server, &seeded).await?;
    }
    if options.wants("slow-functions") {
        functions::slow(&mut figures, options, folder.path()).await?;
    }
    Ok(figures.finish())
}

/// What storing costs, in small and in large.
async fn storing(figures: &mut Figures, options: &Options, seeded: &Seeded, data: &Path) -> Result<(), String> {
    let (server, _) = started(&options.binary, data).await?;
    storage::objects(figures, &server, seeded, data).await?;
    storage::rows_of_a_sign_up(figures).await?;
    storage::argon2(figures, options, &server, seeded).await?;
    drop(server);
    storage::many_rows(figures, options, data, seeded).await?;
    if options.many_users > 0 {
        reads::many_users(figures, options, data, seeded).await?;
    }
    Ok(())
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
    let connections = load::connect(server, options.concurrency).await?;
    load::run(server, connections, operations, Pace::Closed, pick).await
}

async fn refresh(server: &Server, seeded: &Seeded) -> Result<Prepared, String> {
    let token = text(&tokens(server, seeded).await?, "/AuthenticationResult/RefreshToken")?;
    let input = json!({
        "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": seeded.client, "AuthParameters": { "REFRESH_TOKEN": token },
    });
    Prepared::call(&server.address, &target("InitiateAuth"), &input, None)
}

async fn tokens(server: &Server, seeded: &Seeded) -> Result<Value, String> {
    let mut connection = Connection::open(&server.address).await?;
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": seeded.client,
        "AuthParameters": { "USERNAME": user_name(0), "PASSWORD": PASSWORD },
    });
    connection.call(&target("InitiateAuth"), &input, None).await
}

fn text(value: &Value, pointer: &str) -> Result<String, String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("no {pointer}"))
}
