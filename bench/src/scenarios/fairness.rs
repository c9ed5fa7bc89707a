//! Whether one kind of call can keep another from its turn: sign-ins beside refreshes, and beside as many sign-ins.

use std::time::Duration;

use serde_json::json;

use super::{each_user, refresh};
use crate::{
    Options,
    child::Server,
    client::Prepared,
    figures::Figures,
    load::{self, Pace},
    seed::{PASSWORD, Seeded, target},
};

/// Connections of the load that is measured.
const OWN: usize = 4;

pub(super) async fn fairness(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    seeded: &Seeded,
) -> Result<(), String> {
    figures.title("Fairness: 4 connections beside others");
    let sign_ins = || {
        each_user(&server.address, "InitiateAuth", options.users.min(2000), |name| {
            json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": seeded.client,
                "AuthParameters": { "USERNAME": name, "PASSWORD": PASSWORD },
            })
        })
    };
    for others in [4, 16, 32, 64] {
        let refreshes = vec![refresh(server, seeded).await?];
        let control = beside(server, sign_ins()?, 100, sign_ins()?, others).await?;
        let measured = beside(server, sign_ins()?, 100, refreshes, others).await?;
        let name = |what: &str| format!("sign-ins beside {what} on {others}");
        figures.plain(&name("sign-ins"), control, "/s");
        let fair = control * 0.8;
        figures.at_least(&name("refreshes"), measured, fair.floor(), "/s");
    }
    let sign_ups: Result<Vec<Prepared>, String> = (0..100)
        .map(|n| {
            let input = json!({ "ClientId": seeded.client, "Username": format!("fair{n:07}"), "Password": PASSWORD });
            Prepared::call(&server.address, &target("SignUp"), &input, None)
        })
        .collect();
    let measured = beside(server, sign_ups?, 100, vec![refresh(server, seeded).await?], 32).await?;
    figures.at_least("sign-ups beside refreshes on 32", measured, 50.0, "/s");
    Ok(())
}

/// How many a second of `operations` of one load are answered while another goes on. None, where they take over a minute:
/// they were kept from their turn.
async fn beside(
    server: &Server,
    own: Vec<Prepared>,
    operations: usize,
    others: Vec<Prepared>,
    concurrency: usize,
) -> Result<f64, String> {
    let turns = |requests: Vec<Prepared>| {
        let every = requests.len().max(1);
        move |n: usize| {
            requests
                .get(n % every)
                .cloned()
                .unwrap_or_else(|| Prepared::get("", "/"))
        }
    };
    let (busy, free) = (
        load::connect(server, concurrency).await?,
        load::connect(server, OWN).await?,
    );
    tokio::select! {
        ended = load::run(server, busy, usize::MAX, Pace::Closed, turns(others)) => {
            Err(ended.err().unwrap_or_else(|| "the other load ended first".to_owned()))
        }
        measured = load::run(server, free, operations, Pace::Closed, turns(own)) => Ok(measured?.per_second()),
        () = tokio::time::sleep(Duration::from_secs(60)) => Ok(0.0),
    }
}
