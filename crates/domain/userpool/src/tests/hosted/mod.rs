//! Hosted login beneath HTTP, under attack. Reference: oauth-and-federation 17.2, 17.3.

mod account;
mod browsers;
mod codes;
mod devices;
mod elsewhere;
mod hearing;
mod listed;
mod logouts;
mod passkeys;
mod proofs;
mod recovery_codes;
mod registered;
mod remembered;
mod sign_ups;
mod user_codes;

use kernel::{ClientId, PoolId};
use serde_json::{Value, json};

use super::people::{PASSWORD, People};
use crate::{
    UserPools,
    hosted::{Approved, Browser, LoggedIn, Place, Presented, Reply, Start},
};

const CALLBACK: &str = "https://app.example.com/cb";

/// Ana, in a pool whose client asks for codes.
async fn people() -> People {
    let people = People::with(json!({}), oauth()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people
}

fn oauth() -> Value {
    json!({
        "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"],
        "CallbackURLs": [CALLBACK], "SupportedIdentityProviders": ["COGNITO"],
    })
}

async fn place_of(node: &UserPools, pool: &str, client: &str) -> Place {
    let found = node.place(&PoolId::new(pool), ClientId::new(client).as_str()).await;
    found.unwrap().unwrap()
}

async fn place(people: &People) -> Place {
    place_of(&people.app.pools, &people.pool, &people.client).await
}

async fn signed_in(people: &People) -> LoggedIn {
    let start = Start::Password {
        username: "ana".to_owned(),
        password: PASSWORD.to_owned(),
        step_up: None,
    };
    let (place, cx) = (place(people).await, people.app.cx());
    let reply = Box::pin(people.app.pools.begin_at(&cx, &place, start)).await;
    match reply.unwrap() {
        Reply::LoggedIn(signed_in) => *signed_in,
        _ => panic!("Ana is asked for more"),
    }
}

fn approved() -> Approved {
    Approved {
        redirect_uri: CALLBACK.to_owned(),
        scopes: tokens::Scopes::new("openid"),
        ..Approved::default()
    }
}

async fn code(people: &People) -> String {
    let browser = Browser::of(&signed_in(people).await);
    let (pools, cx) = (&people.app.pools, people.app.cx());
    pools
        .give_code(&cx, &place(people).await, &browser, approved())
        .await
        .unwrap()
}

fn presented(code: &str) -> Presented {
    Presented {
        code: code.to_owned(),
        redirect_uri: CALLBACK.to_owned(),
        verifier: None,
        proof: None,
    }
}
