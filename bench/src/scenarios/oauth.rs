//! What OAuth's grants, the pages of a sign-in and what an issuer says of itself cost; one grant beside oidc-provider's.

use std::time::Duration;

use super::{
    hosted::{self, Hosted, SCOPE},
    send, text,
};
use crate::{
    Options,
    child::Server,
    client::{Connection, Prepared},
    commits,
    each::measured,
    figures::{Figures, millis, ratio},
    load::count,
    peer,
    primitives::{self, Primitives},
    seed::{Seeded, user_name},
};

/// Sent before a clock runs: compilers that learn as they go have learned by then.
const WARM_UP: usize = 2000;

pub(super) async fn oauth(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    seeded: &Seeded,
) -> Result<(), String> {
    figures.title("OAuth and hosted login: the server's CPU beside the primitives they can't do without");
    let hosted = Hosted::set_up(server, seeded).await?;
    grants(figures, options, server, &hosted).await?;
    people(figures, options, server, &hosted).await?;
    documents(figures, options, server, (&hosted, seeded)).await
}

/// Of sign-ins, each beside the primitives.
const TURNS: u32 = 5;

/// The primitives now: each figure beside what the machine does at that time.
fn now() -> Result<Primitives, String> {
    tokio::task::block_in_place(primitives::measure)
}

async fn grants(figures: &mut Figures, options: &Options, server: &Server, hosted: &Hosted) -> Result<(), String> {
    let grant = hosted.client_credentials()?;
    send(options, server, vec![grant.clone()], options.users.min(WARM_UP)).await?;
    server.at_rest().await?;
    let ours = send(options, server, vec![grant], 4 * options.users.min(WARM_UP))
        .await?
        .cpu;
    let signature = now()?.signature;
    figures.plain("client_credentials", millis(ours), "ms");
    figures.at_most("client_credentials / (1 signature)", ratio(ours, signature), 1.3, "x");
    match peers(options, hosted).await? {
        Ok(theirs) => {
            figures.plain("client_credentials of oidc-provider", millis(theirs), "ms");
            let name = "client_credentials of oidc-provider / ours";
            figures.at_least(name, ratio(theirs, ours), 1.5, "x");
        }
        Err(why) => figures.note(&format!("oidc-provider was not measured: {why}")),
    }

    let mut connection = Connection::open(&server.address).await?;
    let tokens = hosted.sign_in(&mut connection, &user_name(0)).await?;
    let grant = hosted.refresh(&text(&tokens, "/refresh_token")?)?;
    server.at_rest().await?;
    let cpu = send(options, server, vec![grant], 4 * options.users.min(1000))
        .await?
        .cpu;
    let signatures = now()?.signature * 2;
    figures.plain("refresh_token", millis(cpu), "ms");
    figures.at_most("refresh_token / (2 signatures)", ratio(cpu, signatures), 1.25, "x");
    Ok(())
}

/// The same grant of oidc-provider, by the same load. Err inside: why there is none.
async fn peers(options: &Options, hosted: &Hosted) -> Result<Result<Duration, &'static str>, String> {
    let (id, secret) = &hosted.machine;
    let client = peer::Client {
        id,
        secret,
        scope: SCOPE,
    };
    let peer = match peer::start(options.peer, &client)? {
        Ok(peer) => peer,
        Err(why) => return Ok(Err(why)),
    };
    let grant = hosted::client_credentials(&peer.address, "/token", &hosted.machine)?;
    send(options, &peer, vec![grant.clone()], options.users.min(WARM_UP)).await?;
    peer.at_rest().await?;
    let measured = send(options, &peer, vec![grant], options.users.min(WARM_UP)).await?;
    Ok(Ok(measured.cpu))
}

/// Signing in by pages: what a browser and its app send.
async fn people(figures: &mut Figures, options: &Options, server: &Server, hosted: &Hosted) -> Result<(), String> {
    let names: Vec<String> = (0..options.users.min(2000)).map(user_name).collect();
    let mut sums = (Duration::ZERO, Duration::ZERO);
    // In turns: the machine is not as fast now as a few seconds later.
    for some in names.chunks(names.len().div_ceil(usize::try_from(TURNS).unwrap_or(1)).max(1)) {
        let at = hosted.clone();
        let (_, cpu) = measured(server, options.concurrency, some.to_vec(), move |connection, name| {
            let at = at.clone();
            Box::pin(async move { at.sign_in(connection, &name).await.map(drop) })
        })
        .await?;
        let now = now()?;
        sums = (sums.0 + cpu, sums.1 + now.from_table + now.signature * 2);
    }
    let (cpu, beside) = (sums.0 / TURNS, sums.1 / TURNS);
    figures.plain("authorize, page, password, code for tokens", millis(cpu), "ms");
    let row = commits::durable_row(options.concurrency).await?;
    figures.plain("a durable row, of which there are two in it", millis(row), "ms");
    let name = "authorize ... tokens / (1 from the table + 2 signatures)";
    figures.at_most(name, ratio(cpu, beside), 1.5, "x");

    let page = Prepared::get(&hosted.host, &hosted.login());
    let measured = send(options, server, vec![page], 10 * options.users.min(WARM_UP)).await?;
    figures.at_most("a login page", millis(measured.cpu), 0.15, "ms");
    let kilobytes = count(hosted.weight().await?) / 1000.0;
    figures.at_most("a login page with all that it loads", kilobytes, 30.0, "KB");
    Ok(())
}

async fn documents(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    (hosted, seeded): (&Hosted, &Seeded),
) -> Result<(), String> {
    for (name, document) in [("discovery", "openid-configuration"), ("keys (JWKS)", "jwks.json")] {
        let get = Prepared::get(&hosted.host, &format!("/{}/.well-known/{document}", seeded.pool));
        let measured = send(options, server, vec![get], 20 * options.users.min(WARM_UP)).await?;
        figures.at_most(name, millis(measured.cpu), 0.02, "ms");
    }
    Ok(())
}
