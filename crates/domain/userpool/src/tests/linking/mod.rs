//! Who users are elsewhere, as administrators see and set it, and what users of a provider may not do here. Reference:
//! oauth-and-federation 10.4, 10.6, 17.4.

mod disabled;
mod elsewhere;
mod links;
mod refusals;
mod shown;

use std::collections::BTreeMap;

use kernel::Sub;
use serde_json::{Value, json};
use store::records::{
    external_users::SUBJECT,
    names,
    status::Status,
    users::{self, User},
};
use testkit::Answer;

use super::{people::People, providers::oidc_details, somebody::somebody};
use crate::{
    external::identities::{self, Bond, Foreigner},
    user::names::{normal, spelled},
};

const INVALID: &str = "InvalidParameterException";
const NO_USER: (&str, &str) = ("UserNotFoundException", "User does not exist.");
const NOT_LINKED: (&str, &str) = (
    INVALID,
    "Account isn't linked to anyone else, verify that the account has been linked",
);
const MERGING: (&str, &str) = (
    INVALID,
    "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link",
);
const SIGNS_IN_ELSEWHERE: (&str, &str) = (
    "NotAuthorizedException",
    "The user signs in with an external identity provider.",
);

/// A pool with Google and a provider of OpenID Connect, and Ana in it.
async fn people() -> People {
    people_of(json!({}), json!({})).await
}

/// The same with these settings of the pool and the client.
async fn people_of(pool: Value, client: Value) -> People {
    let people = with_providers(pool, client).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people
}

/// The same without Ana.
async fn with_providers(pool: Value, client: Value) -> People {
    let people = People::with_all_flows(pool, client).await;
    for (name, kind, details) in [
        (
            "Google",
            "Google",
            json!({"client_id": "app", "client_secret": "hush", "authorize_scopes": "email"}),
        ),
        ("Corporate", "OIDC", oidc_details()),
    ] {
        let mapping = json!({"email": "mail", "name": "name", "nickname": "nick", "profile": "page", "picture": "face", "website": "web"});
        let input = json!({
            "ProviderName": name, "ProviderType": kind, "ProviderDetails": details, "AttributeMapping": mapping,
        });
        people.admin("CreateIdentityProvider", input).await.ok();
    }
    people
}

/// A user of the pool itself.
fn own(name: &str) -> Value {
    user("Cognito", "Cognito_Subject", name)
}

fn google(subject: &str) -> Value {
    user("Google", "Cognito_Subject", subject)
}

fn corporate(attribute: &str, value: &str) -> Value {
    user("Corporate", attribute, value)
}

fn user(provider: &str, attribute: &str, value: &str) -> Value {
    json!({"ProviderName": provider, "ProviderAttributeName": attribute, "ProviderAttributeValue": value})
}

async fn link(people: &People, destination: Value, source: Value) -> Answer {
    let input = json!({"DestinationUser": destination, "SourceUser": source});
    people.admin("AdminLinkProviderForUser", input).await
}

async fn disable(people: &People, user: Value) -> Answer {
    people.admin("AdminDisableProviderForUser", json!({"User": user})).await
}

/// Providers and their users' names, as AdminGetUser shows them.
async fn identities(people: &People, name: &str) -> Vec<(String, String)> {
    let Some(shown) = people.attribute(name, "identities").await else {
        return Vec::new();
    };
    let shown: Vec<BTreeMap<String, Value>> = serde_json::from_str(&shown).unwrap();
    let told = |entry: &BTreeMap<String, Value>, name: &str| entry[name].as_str().unwrap().to_owned();
    shown
        .iter()
        .map(|entry| (told(entry, "providerName"), told(entry, "userId")))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(provider, value): &(&str, &str)| ((*provider).to_owned(), (*value).to_owned());
    expected.iter().map(owned).collect()
}

/// Who somebody is whom a provider sends, with these attributes.
async fn whose(people: &People, provider: &str, subject: &str, attributes: &[(&str, &str)]) -> Option<String> {
    let pool = people.app.pools.pool(&people.pool).await.unwrap();
    let (provider, subject) = (provider.to_owned(), subject.to_owned());
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let attributes: BTreeMap<String, String> = attributes.iter().map(owned).collect();
    let found = people
        .app
        .store
        .read(move |r| identities::find(r, &pool, &provider, (&subject, &attributes)));
    found.await.unwrap().map(|row| row.sub.to_string())
}

/// A user who was made when they came: their name here.
async fn arrived(people: &People, provider: &str, subject: &str, attributes: &[(&str, &str)]) -> String {
    let pool = people.app.pools.pool(&people.pool).await.unwrap();
    let cx = people.app.cx();
    let name = spelled(&pool, "username", &format!("{provider}_{subject}"));
    let mut user = User {
        pool: pool.id.clone(),
        sub: Sub::random(cx.rng()),
        username: name.clone(),
        created: cx.now(),
        modified: cx.now(),
        ..somebody(Status::ExternalProvider)
    };
    for (name, value) in attributes {
        user.doc.attributes.insert((*name).to_owned(), (*value).to_owned());
    }
    let (provider, subject) = (provider.to_owned(), subject.to_owned());
    let (now, own) = (cx.now(), normal(&pool, &name));
    let stored = people.app.store.write(move |tx| {
        let mut user = user.clone();
        let foreigner = Foreigner {
            provider: pool.provider(&provider)?,
            attribute: SUBJECT,
            value: &subject,
            issuer: None,
        };
        assert!(identities::claim(tx, &mut user, foreigner, Bond::Made, now)?);
        names::claim(tx, &pool.id, &own, "username", &user.sub)?;
        Ok(users::insert(tx, &user)?)
    });
    stored.await.unwrap();
    name
}
