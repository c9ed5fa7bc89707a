//! Ten times the load that can be answered.

use std::{sync::Barrier, thread};

use serde_json::json;

use super::{each_user, send, text, tokens};
use crate::{
    Options,
    child::Server,
    client::Prepared,
    figures::{Figures, millis, ratio},
    load::{self, Measured, Pace, count},
    seed::{PASSWORD, Seeded, target},
};

/// Ten times the load that can be answered: the possible rate stays, the rest is told so, and reads stay quick.
pub(super) async fn overload(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    seeded: &Seeded,
) -> Result<(), String> {
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
    let (busy, flooded) = tokio::task::block_in_place(|| {
        let steady = Stream {
            calls: sign_ins()?,
            connections: 64,
            operations: 4000,
            rate: rate * 0.8,
        };
        let busy = with_reads(server, steady, get_user.clone())?;
        let flood = Stream {
            calls: sign_ins()?,
            connections: 1600,
            operations: 60_000,
            rate: rate * 10.0,
        };
        let flooded = with_reads(server, flood, get_user)?;
        Ok::<_, String>((busy, flooded))
    })?;
    let answered = count(flooded.0.operations - flooded.0.refused) / flooded.0.elapsed.as_secs_f64();
    figures.plain("sign-ins a second, closed loop", possible.per_second(), "/s");
    figures.plain("sign-ins a second, flooded", answered, "/s");
    figures.at_least("flooded / possible", answered / rate, 0.9, "x");
    figures.plain("refused while flooded", count(flooded.0.refused), "");
    let growth = ratio(flooded.1.percentile(0.99), busy.1.percentile(0.99));
    figures.plain("GetUser p99 at 80 % load", millis(busy.1.percentile(0.99)), "ms");
    figures.plain("GetUser p99 flooded", millis(flooded.1.percentile(0.99)), "ms");
    figures.at_most("GetUser p99 flooded / at 80 %", growth, 3.0, "x");
    Ok(())
}

/// Calls that arrive whether or not those before are answered.
struct Stream {
    /// Sent in turn.
    calls: Vec<Prepared>,
    connections: usize,
    operations: usize,
    /// A second.
    rate: f64,
}

/// Sign-ins over many connections, and reads over two beside them. The sign-ins are sent by a thread of lower priority, so
/// that the reads' latencies are the server's and not the load's own.
fn with_reads(server: &Server, sign_ins: Stream, read: Prepared) -> Result<(Measured, Measured), String> {
    let Stream {
        calls,
        connections,
        operations,
        rate,
    } = sign_ins;
    let every = calls.len().max(1);
    let pick = move |n: usize| calls.get(n % every).cloned().unwrap_or_else(|| Prepared::get("", "/"));
    // Both begin when all connections stand.
    let start = Barrier::new(2);
    thread::scope(|scope| {
        let flood = scope.spawn(|| {
            kernel::yield_to_everything();
            on_this_thread(async {
                let connections = load::connect(server, connections).await;
                start.wait();
                load::run(server, connections?, operations, Pace::Open(rate), pick).await
            })
        });
        let reads = on_this_thread(async {
            let connections = load::connect(server, 2).await;
            start.wait();
            load::run(server, connections?, 1000, Pace::Open(300.0), move |_| read.clone()).await
        })?;
        let flood = flood.join().map_err(|_| "the load's thread panicked")??;
        Ok((flood, reads))
    })
}

fn on_this_thread<T>(load: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(load)
}
