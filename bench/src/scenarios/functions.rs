//! What triggers cost those who wait for them, and those who don't.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{access_key, each_user, factors, text};
use crate::{
    Options,
    child::Server,
    client::{Connection, Prepared},
    figures::{Figures, millis, ratio},
    function,
    load::{self, Pace, count},
    seed::{self, PASSWORD, Seeded, target, user_name},
    webhook::Webhook,
};

/// A local function that is running: what it adds to a sign-in that asks it first.
pub(super) async fn warm(figures: &mut Figures, options: &Options, folder: &Path) -> Result<(), String> {
    const SIGN_INS: usize = 1500;
    figures.title("A warm local function, which does nothing itself");
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let command = json!([own.to_string_lossy(), function::WORD]).to_string();
    let configuration = configuration(folder, "warm", &format!("name = \"warm\"\ncommand = {command}\n"))?;
    let data = folder.join("warm");
    let server = Server::start_with(&options.binary, &data, &configuration)?;
    let key = access_key(&options.binary, &data)?;
    let (plain, asking) = (
        people(&server, &key, None).await?,
        people(&server, &key, Some("warm")).await?,
    );

    // By turns, so that what else goes on is the same for both.
    let mut connection = Connection::open(&server.address).await?;
    let (mut without, mut with) = (Vec::with_capacity(SIGN_INS), Vec::with_capacity(SIGN_INS));
    for n in 0..SIGN_INS {
        without.push(time(&mut connection, &plain, n).await?);
        with.push(time(&mut connection, &asking, n).await?);
    }
    let (without, with) = (median(without), median(with));
    figures.plain("USER_PASSWORD_AUTH, median", millis(without), "ms");
    figures.plain("the same where PreAuthentication is asked, median", millis(with), "ms");
    figures.at_most("added by the function", millis(with.saturating_sub(without)), 1.0, "ms");
    Ok(())
}

/// Many who wait for a slow function: what others notice of it.
pub(super) async fn slow(figures: &mut Figures, options: &Options, folder: &Path) -> Result<(), String> {
    const WAITING: usize = 200;
    const ROUNDS: usize = 4;
    figures.title("200 sign-ins that wait for triggers of 4 s: the server on one core, the load on the other");
    let webhook = Webhook::open(Duration::from_secs(4)).await?;
    let function = format!(
        "arn = \"{}\"\nurl = \"http://{}/\"\nsecret = \"{}\"\n",
        arn("slow"),
        webhook.address,
        "x".repeat(16)
    );
    let configuration = configuration(folder, "slow", &function)?;
    let data = folder.join("slow");
    let server = Server::start_on_one_core_with(&options.binary, &data, &configuration)?;
    let key = access_key(&options.binary, &data)?;
    let (plain, asking) = (
        people(&server, &key, None).await?,
        people(&server, &key, Some("slow")).await?,
    );
    let mut connection = Connection::open(&server.address).await?;
    let tokens = factors::begin(&mut connection, &plain.client, &user_name(0), json!({})).await?;
    let input = json!({ "AccessToken": text(&tokens, "/AuthenticationResult/AccessToken")? });
    let get_user = Prepared::call(&server.address, &target("GetUser"), &input, None)?;

    let (mut quiet, mut loaded, mut refused) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        quiet.extend(reads(&server, &get_user).await?);
        let sign_ins = each_user(&server.address, "InitiateAuth", WAITING, |name| sign_in(&asking, name))?;
        let pick = move |n: usize| sign_ins.get(n).cloned().unwrap_or_else(|| Prepared::get("", "/"));
        let connections = load::connect(&server, WAITING).await?;
        let sign_ins = load::run(&server, connections, WAITING, Pace::Closed, pick);
        let beside = async {
            let begun = Instant::now();
            while webhook.waiting() < WAITING {
                if begun.elapsed() > Duration::from_secs(3) {
                    return Err(format!("only {} sign-ins wait", webhook.waiting()));
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let found = reads(&server, &get_user).await?;
            if webhook.waiting() < WAITING {
                return Err("the sign-ins went on before the reads were over".to_owned());
            }
            Ok(found)
        };
        let (done, found) = tokio::join!(sign_ins, beside);
        refused += done?.refused;
        loaded.extend(found?);
    }
    let (quiet, loaded) = (late(quiet), late(loaded));
    figures.plain("GetUser p99, quiet", millis(quiet), "ms");
    figures.plain("GetUser p99, beside them", millis(loaded), "ms");
    figures.at_most("GetUser p99 beside them / quiet", ratio(loaded, quiet), 1.5, "x");
    // They all go on at the same moment, which is a flood of its own.
    figures.plain("refused of the 800 when they went on", count(refused), "");
    Ok(())
}

const PEOPLE: usize = 200;

fn arn(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:000000000000:function:{name}")
}

/// Users whose sign-ins begin with a function, or with none.
async fn people(server: &Server, key: &(String, String), function: Option<&str>) -> Result<Seeded, String> {
    let lambdas = function.map_or_else(|| json!({}), |name| json!({ "PreAuthentication": arn(name) }));
    let settings = json!({ "LambdaConfig": lambdas });
    let made = seed::pool_with(server, key.clone(), settings, &["ALLOW_USER_PASSWORD_AUTH"]).await?;
    seed::users(server, &made, PEOPLE, 8).await?;
    Ok(made)
}

fn configuration(folder: &Path, name: &str, function: &str) -> Result<std::path::PathBuf, String> {
    let file = folder.join(format!("{name}.toml"));
    std::fs::write(&file, format!("[[function]]\n{function}")).map_err(|error| error.to_string())?;
    Ok(file)
}

fn sign_in(people: &Seeded, name: &str) -> Value {
    let parameters = json!({ "USERNAME": name, "PASSWORD": PASSWORD });
    json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": people.client, "AuthParameters": parameters })
}

async fn time(connection: &mut Connection, people: &Seeded, n: usize) -> Result<Duration, String> {
    let input = sign_in(people, &user_name(n % PEOPLE));
    let begun = Instant::now();
    connection.call(&target("InitiateAuth"), &input, None).await?;
    Ok(begun.elapsed())
}

/// How long reads take for two and a half seconds, 300 a second.
async fn reads(server: &Server, read: &Prepared) -> Result<Vec<Duration>, String> {
    let (connections, read) = (load::connect(server, 2).await?, read.clone());
    let measured = load::run(server, connections, 750, Pace::Open(300.0), move |_| read.clone()).await?;
    Ok(measured.latencies)
}

fn median(times: Vec<Duration>) -> Duration {
    at(times, 0.5)
}

fn late(times: Vec<Duration>) -> Duration {
    at(times, 0.99)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index between 0 and the length"
)]
fn at(mut times: Vec<Duration>, share: f64) -> Duration {
    times.sort_unstable();
    let at = (count(times.len()) * share) as usize;
    times.get(at).copied().unwrap_or_default()
}
