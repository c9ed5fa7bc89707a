//! What reading costs, of ten thousand users and of a million.

use std::path::Path;

use serde_json::json;

use super::{send, started, storage, text, tokens};
use crate::{
    Options,
    child::Server,
    client::Prepared,
    figures::{Figures, millis},
    load::Measured,
    seed::{self, Seeded, target, user_name},
};

pub(super) async fn reads(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    seeded: &Seeded,
) -> Result<(), String> {
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

pub(super) async fn many_users(
    figures: &mut Figures,
    options: &Options,
    data: &Path,
    seeded: &Seeded,
) -> Result<(), String> {
    figures.title(&format!("With {} users", options.many_users));
    seed::bulk(&data.join("poolhouse.db"), &seeded.pool, options.many_users).await?;
    let (server, _) = started(&options.binary, data).await?;
    storage::first_look(figures, &server, seeded).await?;
    let measured = search(options, &server, seeded, "bulk00000777@example.com").await?;
    figures.at_most("ListUsers by email", millis(measured.cpu), 0.1, "ms");
    Ok(())
}
