//! What storing costs: a sign-up's rows, a user's many sessions, a pool's deletion beside others, an object beside a bare
//! file, and what argon2id leaves in memory.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{each_user, mebibytes, send, started, text};
use crate::{
    Options,
    child::Server,
    client::{Connection, Key, Prepared},
    commits,
    figures::{Figures, millis, ratio},
    load::{self, Pace, count},
    seed::{self, PASSWORD, Seeded, target},
};

/// Sessions of one user who signs out everywhere.
const SESSIONS: usize = 1000;
/// Users who do.
const SIGNED_OUT: usize = 20;

/// What a global sign-out and the first look at a pool cost; `data` belongs to no server meanwhile.
pub(super) async fn many_rows(
    figures: &mut Figures,
    options: &Options,
    data: &Path,
    seeded: &Seeded,
) -> Result<(), String> {
    figures.title("Sign-outs and deletions");
    let database = data.join("poolhouse.db");
    let names = seed::sessions(&database, &seeded.pool, SIGNED_OUT, SESSIONS).await?;
    let (server, _) = started(&options.binary, data).await?;
    let mut latencies = Vec::new();
    let mut connection = Connection::open(&server.address).await?;
    for name in names {
        let input = json!({ "UserPoolId": seeded.pool, "Username": name });
        let call = Prepared::call(
            &server.address,
            &target("AdminUserGlobalSignOut"),
            &input,
            Some(&seeded.key()),
        )?;
        latencies.push(timed(&mut connection, &call).await?);
    }
    figures.at_most(
        &format!("AdminUserGlobalSignOut of {SESSIONS} sessions, median"),
        millis(median(&mut latencies)),
        2.0,
        "ms",
    );
    drop(server);
    if options.deleted_users > 0 {
        beside_a_deletion(figures, options, data, seeded).await?;
    }
    Ok(())
}

/// Sign-ups in one pool while another, of many users, is deleted.
async fn beside_a_deletion(
    figures: &mut Figures,
    options: &Options,
    data: &Path,
    seeded: &Seeded,
) -> Result<(), String> {
    const SIGN_UPS: usize = 6000;
    let (server, _) = started(&options.binary, data).await?;
    let other = seed::pool(&server, seeded.key.clone()).await?;
    drop(server);
    seed::bulk(&data.join("poolhouse.db"), &other.pool, options.deleted_users).await?;
    let (server, _) = started(&options.binary, data).await?;
    let requests = |part: &str| -> Result<Vec<Prepared>, String> {
        (0..SIGN_UPS)
            .map(|n| {
                let name = format!("{part}{n:07}");
                let input = json!({ "ClientId": seeded.client, "Username": name, "Password": PASSWORD });
                Prepared::call(&server.address, &target("SignUp"), &input, None)
            })
            .collect()
    };
    let run = async |requests: Vec<Prepared>| {
        let pick = move |n: usize| requests.get(n).cloned().unwrap_or_else(|| Prepared::get("", "/"));
        let connections = load::connect(&server, 64).await?;
        load::run(&server, connections, SIGN_UPS, Pace::Closed, pick).await
    };
    let alone = run(requests("alone")?).await?;
    let mut connection = Connection::open(&server.address).await?;
    let input = json!({ "UserPoolId": other.pool });
    let delete = Prepared::call(&server.address, &target("DeleteUserPool"), &input, Some(&seeded.key()))?;
    figures.plain(
        &format!("DeleteUserPool of {} users", options.deleted_users),
        millis(timed(&mut connection, &delete).await?),
        "ms",
    );
    let beside = run(requests("beside")?).await?;
    figures.plain("sign-ups a second, alone", alone.per_second(), "/s");
    figures.plain("sign-ups a second, beside the deletion", beside.per_second(), "/s");
    figures.at_least("beside / alone", beside.per_second() / alone.per_second(), 0.8, "x");
    figures.plain("SignUp p99 beside the deletion", millis(beside.percentile(0.99)), "ms");
    Ok(())
}

/// The first DescribeUserPool since the start, and one later.
pub(super) async fn first_look(figures: &mut Figures, server: &Server, seeded: &Seeded) -> Result<(), String> {
    let input = json!({ "UserPoolId": seeded.pool });
    let call = Prepared::call(
        &server.address,
        &target("DescribeUserPool"),
        &input,
        Some(&seeded.key()),
    )?;
    let mut connection = Connection::open(&server.address).await?;
    // The caches of keys and pools are not what is asked for here.
    let clients = Prepared::call(
        &server.address,
        &target("ListUserPoolClients"),
        &input,
        Some(&seeded.key()),
    )?;
    timed(&mut connection, &clients).await?;
    let first = timed(&mut connection, &call).await?;
    figures.at_most("DescribeUserPool, the first", millis(first), 5.0, "ms");
    let again = timed(&mut connection, &call).await?;
    figures.plain("DescribeUserPool, the second", millis(again), "ms");
    Ok(())
}

/// CPU of the rows of a sign-up, on the store alone.
pub(super) async fn rows_of_a_sign_up(figures: &mut Figures) -> Result<(), String> {
    let (cpu, bytes) = commits::sign_ups().await?;
    figures.plain("rows of a sign-up, CPU on the store alone", millis(cpu), "ms");
    figures.plain("rows of a sign-up, on disk", bytes, "bytes");
    Ok(())
}

/// A put of 1 KiB, one after the other, and the same bytes written as durably without us.
pub(super) async fn objects(
    figures: &mut Figures,
    server: &Server,
    seeded: &Seeded,
    data: &Path,
) -> Result<(), String> {
    const PUTS: usize = 1000;
    figures.title("Objects of 1 KiB, one after the other");
    let key = Key::for_objects(&seeded.key.0, &seeded.key.1);
    let mut connection = Connection::open(&server.address).await?;
    let bucket = Prepared::put(&server.address, "/bench-bucket", &[], &key)?;
    timed(&mut connection, &bucket).await?;
    let bytes = [b'x'; 1024];
    let folder = data.join("bare");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let (mut put, mut bare) = (Vec::new(), Vec::new());
    let before = server.usage()?.cpu;
    for n in 0..PUTS {
        let request = Prepared::put(&server.address, &format!("/bench-bucket/{n:05}"), &bytes, &key)?;
        put.push(timed(&mut connection, &request).await?);
        bare.push(tokio::task::block_in_place(|| bare_file(&folder, n, &bytes)).map_err(|error| error.to_string())?);
    }
    let cpu = server.usage()?.cpu.saturating_sub(before) / u32::try_from(PUTS).unwrap_or(1);
    let (put, bare) = (median(&mut put), median(&mut bare));
    figures.plain("a bare file, synced and renamed, median", millis(bare), "ms");
    figures.plain("PutObject, median", millis(put), "ms");
    figures.at_most("PutObject / bare file", ratio(put, bare), 2.0, "x");
    figures.plain("PutObject, the server's CPU", millis(cpu), "ms");
    Ok(())
}

fn bare_file(folder: &Path, n: usize, bytes: &[u8]) -> std::io::Result<Duration> {
    let begun = Instant::now();
    let (path, target) = (folder.join("incoming"), folder.join(n.to_string()));
    let mut file = File::create_new(&path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(path, target)?;
    File::open(folder)?.sync_all()?;
    Ok(begun.elapsed())
}

/// What a pool that keeps argon2id hashes leaves in memory when its users have signed in.
pub(super) async fn argon2(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    seeded: &Seeded,
) -> Result<(), String> {
    const USERS: usize = 20;
    figures.title("argon2id");
    let settings = json!({ "UserPoolTags": { "poolhouse:password-store": "argon2id" } });
    let hashing = seed::pool_with(server, seeded.key.clone(), settings, &["ALLOW_USER_PASSWORD_AUTH"]).await?;
    let before = mebibytes(server)?;
    seed::users(server, &hashing, USERS, 4).await?;
    let sign_ins = each_user(&server.address, "InitiateAuth", USERS, |name| {
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": hashing.client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": PASSWORD },
        })
    })?;
    let measured = send(options, server, sign_ins, 200).await?;
    figures.plain("USER_PASSWORD_AUTH with argon2id", millis(measured.cpu), "ms");
    let cores = count(std::thread::available_parallelism().map_or(1, usize::from));
    figures.at_most(
        "memory more than before, after 200 sign-ins",
        mebibytes(server)? - before,
        cores * 19.0 + 12.0,
        "MiB",
    );
    Ok(())
}

async fn timed(connection: &mut Connection, request: &Prepared) -> Result<Duration, String> {
    let begun = Instant::now();
    let answer = connection.send(request).await?;
    let elapsed = begun.elapsed();
    if answer.status == 200 {
        Ok(elapsed)
    } else {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let said = text(&body, "/message").unwrap_or_else(|_| String::from_utf8_lossy(&answer.body).into_owned());
        Err(format!("{} {said}", answer.status))
    }
}

fn median(latencies: &mut [Duration]) -> Duration {
    latencies.sort_unstable();
    latencies.get(latencies.len() / 2).copied().unwrap_or_default()
}
