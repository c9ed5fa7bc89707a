//! People whom an identity provider sends, as the protocols hand them over. Reference: oauth-and-federation 10.4 to 10.7, 17.4.

mod arrivals;
mod functions;
mod links;
mod mapping;
mod names;
mod sessions;

use std::collections::BTreeMap;

use federation::{Arrival, Told};
use kernel::{ClientId, PoolId};
use serde_json::{Value, json};
use testkit::merged;

use super::{
    people::{People, value},
    providers::oidc_details,
};
use crate::{
    UserPools,
    hosted::{LoggedIn, NotArrived, Place, Reply},
};

/// What the pool calls the provider.
const CORP: &str = "Corp";

/// A pool that ignores case, with these settings, and a provider of OpenID Connect with these.
async fn people(pool: Value, provider: Value) -> People {
    let pool = merged(json!({"UsernameConfiguration": {"CaseSensitive": false}}), pool);
    let people = People::with(pool, json!({})).await;
    provide(&people, CORP, provider).await;
    people
}

/// A provider that says the e-mail address and nothing else, unless its settings say more.
async fn provide(people: &People, name: &str, settings: Value) {
    let whole = json!({
        "ProviderName": name, "ProviderType": "OIDC", "ProviderDetails": oidc_details(),
        "AttributeMapping": {"email": "mail"},
    });
    people
        .admin("CreateIdentityProvider", merged(whole, settings))
        .await
        .ok();
}

/// Somebody of whom the provider says this.
fn arrival(subject: &str, said: &[(&str, &str)]) -> Arrival {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Arrival {
        subject: subject.to_owned(),
        attributes: said.iter().map(owned).collect(),
        told: Told::OpenId {
            token_response: BTreeMap::from([("token_type".to_owned(), "Bearer".to_owned())]),
            id_token: said.iter().map(owned).collect(),
            user_info: BTreeMap::new(),
        },
        ..Arrival::default()
    }
}

async fn place(people: &People) -> Place {
    let (pool, client) = (PoolId::new(people.pool.as_str()), ClientId::new(people.client.as_str()));
    let found = people.app.pools.place(&pool, client.as_str()).await;
    found.unwrap().unwrap()
}

async fn arrives_at(node: &UserPools, people: &People, provider: &str, arrival: Arrival) -> Result<LoggedIn, String> {
    let (cx, place) = (people.app.cx(), place(people).await);
    match Box::pin(node.arrive_at(&cx, &place, provider, arrival)).await {
        Ok(Reply::LoggedIn(signed_in)) => Ok(*signed_in),
        Ok(reply) => panic!("somebody is asked for more: {reply:?}"),
        Err(NotArrived::Refused(refusal)) => Err(format!("{}: {}", refusal.error, refusal.description)),
        Err(NotArrived::Failed(error)) => panic!("{error:?}"),
    }
}

/// By the pool's provider. The error is what the app is told.
async fn arrives(people: &People, subject: &str, said: &[(&str, &str)]) -> Result<LoggedIn, String> {
    people.app.advance(std::time::Duration::from_millis(1));
    arrives_at(&people.app.pools, people, CORP, arrival(subject, said)).await
}

#[track_caller]
fn refused(arrived: Result<LoggedIn, String>, description: &str) {
    assert_eq!(arrived.unwrap_err(), format!("invalid_request: {description}"));
}

/// A user's attributes but for `sub`.
async fn attributes(people: &People, name: &str) -> BTreeMap<String, String> {
    let user = people.user(name).await;
    let list = user["UserAttributes"].as_array().unwrap().clone();
    let pair = |entry: &Value| {
        let name = entry["Name"].as_str().unwrap().to_owned();
        let value = value(&user["UserAttributes"], &name).unwrap();
        (name, value)
    };
    let mut all: BTreeMap<String, String> = list.iter().map(pair).collect();
    all.remove("sub");
    all.remove("identities");
    all
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
