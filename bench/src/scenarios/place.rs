//! Where people with further factors are set up, and the calls that all of them make.

use std::time::Duration;

use serde_json::{Value, json};

use super::text;
use crate::{
    child::Server,
    client::{Connection, Prepared},
    load::{self, Pace},
    seed::{self, PASSWORD, Seeded, target},
};

pub(super) struct Place<'a> {
    pub server: &'a Server,
    pub key: &'a (String, String),
    pub connections: usize,
}

impl Place<'_> {
    /// A pool with these settings and so many users.
    pub async fn people(&self, settings: Value, many: usize) -> Result<Seeded, String> {
        let flows = [
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_USER_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ];
        let made = seed::pool_with(self.server, self.key.clone(), settings, &flows).await?;
        seed::users(self.server, &made, many, self.connections).await?;
        Ok(made)
    }

    pub async fn configure(&self, pool: &Seeded, mut factors: Value) -> Result<(), String> {
        if let Value::Object(members) = &mut factors {
            members.insert("UserPoolId".to_owned(), json!(pool.pool));
        }
        let mut connection = Connection::open(&self.server.address).await?;
        let set = target("SetUserPoolMfaConfig");
        connection.call(&set, &factors, Some(&pool.key())).await.map(drop)
    }

    /// The server's CPU for one of these requests.
    pub async fn cost(&self, requests: Vec<Prepared>) -> Result<Duration, String> {
        let (many, connections) = (requests.len(), load::connect(self.server, self.connections).await?);
        self.server.at_rest().await?;
        let pick = move |n: usize| requests.get(n).cloned().unwrap_or_else(|| Prepared::get("", "/"));
        let measured = load::run(self.server, connections, many, Pace::Closed, pick).await?;
        Ok(measured.cpu)
    }
}

/// USER_PASSWORD_AUTH: tokens, or what is asked next.
pub(super) async fn begin(connection: &mut Connection, client: &str, name: &str, more: Value) -> Result<Value, String> {
    let parameters = testkit::merged(json!({ "USERNAME": name, "PASSWORD": PASSWORD }), more);
    let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client, "AuthParameters": parameters });
    connection.call(&target("InitiateAuth"), &input, None).await
}

/// An answer to what was asked.
pub(super) fn answer(client: &str, asked: &Value, name: &str, responses: Value) -> Result<Value, String> {
    Ok(json!({
        "ClientId": client, "ChallengeName": text(asked, "/ChallengeName")?, "Session": text(asked, "/Session")?,
        "ChallengeResponses": testkit::merged(json!({ "USERNAME": name }), responses),
    }))
}
