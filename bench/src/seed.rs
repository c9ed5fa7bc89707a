//! What the figures are measured on: a pool, a client, an administrator's key, users.

use std::path::Path;

use kernel::{PoolId, SystemRng, Timestamp};
use serde_json::{Value, json};
use store::{
    Config, Store,
    records::{
        names,
        sessions::{self, Session},
        users,
    },
};

use crate::{
    child::Server,
    client::{Connection, Key},
};

pub const PASSWORD: &str = "Passw0rd!";

/// The service's target prefix.
pub fn target(operation: &str) -> String {
    format!("AWSCognitoIdentityProviderService.{operation}")
}

pub struct Seeded {
    pub pool: String,
    pub client: String,
    /// An issued key, so that signature and policies are checked.
    pub key: (String, String),
}

impl Seeded {
    pub fn key(&self) -> Key {
        Key::new(&self.key.0, &self.key.1, "cognito-idp")
    }
}

pub fn user_name(n: usize) -> String {
    format!("user{n:07}")
}

fn text(value: &Value, pointer: &str) -> Result<String, String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("no {pointer} in the answer"))
}

/// A pool with a client for every flow.
pub async fn pool(server: &Server, key: (String, String)) -> Result<Seeded, String> {
    let flows = [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ];
    pool_with(server, key, json!({}), &flows).await
}

/// A pool with these settings and a client for some flows.
pub async fn pool_with(
    server: &Server,
    key: (String, String),
    settings: Value,
    flows: &[&str],
) -> Result<Seeded, String> {
    let mut connection = Connection::open(&server.address).await?;
    let signer = Key::new(&key.0, &key.1, "cognito-idp");
    let settings = testkit::merged(json!({ "PoolName": "bench" }), settings);
    let made = connection
        .call(&target("CreateUserPool"), &settings, Some(&signer))
        .await?;
    let pool = text(&made, "/UserPool/Id")?;
    let client = json!({ "UserPoolId": pool, "ClientName": "bench", "ExplicitAuthFlows": flows });
    let made = connection
        .call(&target("CreateUserPoolClient"), &client, Some(&signer))
        .await?;
    Ok(Seeded {
        pool,
        client: text(&made, "/UserPoolClient/ClientId")?,
        key,
    })
}

/// Confirmed users with a mail address, by the API.
pub async fn users(server: &Server, seeded: &Seeded, count: usize, concurrency: usize) -> Result<(), String> {
    let mut workers = Vec::new();
    for worker in 0..concurrency {
        let (address, pool, key) = (server.address.clone(), seeded.pool.clone(), seeded.key());
        workers.push(tokio::spawn(async move {
            let mut connection = Connection::open(&address).await?;
            for n in (worker..count).step_by(concurrency) {
                let name = user_name(n);
                let attributes = json!([
                    { "Name": "email", "Value": format!("{name}@example.com") },
                    { "Name": "email_verified", "Value": "true" },
                ]);
                let user = json!({
                    "UserPoolId": pool, "Username": name, "UserAttributes": attributes, "MessageAction": "SUPPRESS",
                    "TemporaryPassword": PASSWORD,
                });
                connection.call(&target("AdminCreateUser"), &user, Some(&key)).await?;
                let password = json!({ "UserPoolId": pool, "Username": name, "Password": PASSWORD, "Permanent": true });
                connection
                    .call(&target("AdminSetUserPassword"), &password, Some(&key))
                    .await?;
            }
            Ok::<(), String>(())
        }));
    }
    for worker in workers {
        worker.await.map_err(|error| error.to_string())??;
    }
    Ok(())
}

/// Many more users, straight into the store, while no server runs. They have no passwords.
pub async fn bulk(database: &Path, pool: &str, count: usize) -> Result<(), String> {
    const BATCH: usize = 1000;
    let store = Store::open(Config::Sqlite {
        path: database.to_owned(),
    })
    .map_err(|error| error.to_string())?;
    let pool = PoolId::new(pool);
    for first in (0..count).step_by(BATCH) {
        let pool = pool.clone();
        let batch: Vec<users::User> = (first..count.min(first + BATCH)).map(|n| user(&pool, n)).collect();
        store
            .write(move |tx| {
                for user in &batch {
                    users::insert(tx, user)?;
                    names::claim(tx, &pool, &user.username, "username", &user.sub)?;
                }
                Ok(())
            })
            .await
            .map_err(|error| error.to_string())?;
    }
    store.close().await;
    Ok(())
}

/// Users with many sessions each, straight into the store; their names.
pub async fn sessions(database: &Path, pool: &str, users: usize, each: usize) -> Result<Vec<String>, String> {
    let store = Store::open(Config::Sqlite {
        path: database.to_owned(),
    })
    .map_err(|error| error.to_string())?;
    let pool = PoolId::new(pool);
    let mut signed_in = Vec::new();
    for n in 0..users {
        let user = users::User {
            username: format!("often{n:04}"),
            ..user(&pool, n)
        };
        signed_in.push(user.username.clone());
        store
            .write(move |tx| {
                users::insert(tx, &user)?;
                names::claim(tx, &user.pool, &user.username, "username", &user.sub)?;
                for _ in 0..each {
                    sessions::insert(tx, &user.pool, &session(&user))?;
                }
                Ok(())
            })
            .await
            .map_err(|error| error.to_string())?;
    }
    store.close().await;
    Ok(signed_in)
}

fn session(user: &users::User) -> Session {
    let at = user.created;
    Session {
        family: kernel::uuid(&SystemRng),
        sub: user.sub.clone(),
        client: kernel::ClientId::new("bench"),
        token: vec![1; 32],
        previous_token: None,
        rotated_at: None,
        created: at,
        used_at: at,
        expires: at.plus(std::time::Duration::from_secs(10 * 365 * 24 * 3600)),
        revoked: false,
        doc: sessions::Doc::default(),
    }
}

pub fn user(pool: &PoolId, n: usize) -> users::User {
    let username = format!("bulk{n:08}");
    let mut doc = users::Doc::default();
    doc.attributes
        .insert("email".to_owned(), format!("{username}@example.com"));
    users::User {
        pool: pool.clone(),
        sub: kernel::Sub::random(&SystemRng),
        username,
        status: store::records::status::Status::Confirmed,
        enabled: true,
        created: Timestamp::from_secs(1_700_000_000),
        modified: Timestamp::from_secs(1_700_000_000),
        version: 1,
        doc,
    }
}
