//! The users of one pool with one client, as tests speak of them.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Answer, merged, text};

use super::app::{self, App};

pub(crate) const PASSWORD: &str = "Passw0rd!";

pub(crate) struct People {
    pub app: App,
    pub pool: String,
    pub client: String,
}

impl People {
    /// A pool with these settings and a client that signs in by password.
    pub async fn of(pool: Value) -> Self {
        Self::with(pool, json!({})).await
    }

    pub async fn with(pool: Value, client: Value) -> Self {
        Self::sending(app::inbox(), pool, client).await
    }

    /// The same with messages that go elsewhere, or not for ever.
    pub async fn sending(messages: delivery::Settings, pool: Value, client: Value) -> Self {
        let app = App::sending(messages).await;
        let pool = app.pool(pool).await;
        let flows = json!({"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]});
        let client = app.client(&pool, merged(flows, client)).await;
        Self { app, pool, client }
    }

    /// A public call by the client.
    pub async fn public(&self, operation: &str, input: Value) -> Answer {
        self.tick();
        self.app
            .anon
            .call(operation, merged(json!({"ClientId": self.client}), input))
            .await
    }

    /// A call by an administrator about the pool.
    pub async fn admin(&self, operation: &str, input: Value) -> Answer {
        self.tick();
        self.app
            .admin
            .call(operation, merged(json!({"UserPoolId": self.pool}), input))
            .await
    }

    /// A call with an access token.
    pub async fn with_token(&self, token: &str, operation: &str, input: Value) -> Answer {
        self.tick();
        self.app
            .anon
            .call(operation, merged(json!({"AccessToken": token}), input))
            .await
    }

    /// Calls happen one after the other, so that the newest message is the last call's.
    fn tick(&self) {
        self.app.advance(Duration::from_millis(1));
    }

    pub async fn sign_up(&self, name: &str, attributes: &[(&str, &str)]) -> Answer {
        let input = json!({"Username": name, "Password": PASSWORD, "UserAttributes": list(attributes)});
        self.public("SignUp", input).await
    }

    pub async fn confirm(&self, name: &str, code: &str) -> Answer {
        self.public("ConfirmSignUp", json!({"Username": name, "ConfirmationCode": code}))
            .await
    }

    /// Registered, and confirmed by an administrator: no attribute is verified by that.
    pub async fn member(&self, name: &str, attributes: &[(&str, &str)]) {
        self.sign_up(name, attributes).await.ok();
        self.admin("AdminConfirmSignUp", json!({"Username": name})).await.ok();
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> Answer {
        let parameters = json!({"USERNAME": name, "PASSWORD": password});
        self.public(
            "InitiateAuth",
            json!({"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}),
        )
        .await
    }

    /// An access token.
    pub async fn token(&self, name: &str) -> String {
        let answer = self.sign_in(name, PASSWORD).await.ok();
        text(&answer, "/AuthenticationResult/AccessToken")
    }

    pub async fn user(&self, name: &str) -> Value {
        self.admin("AdminGetUser", json!({"Username": name})).await.ok()
    }

    pub async fn status(&self, name: &str) -> String {
        text(&self.user(name).await, "/UserStatus")
    }

    pub async fn attribute(&self, name: &str, attribute: &str) -> Option<String> {
        value(&self.user(name).await["UserAttributes"], attribute)
    }

    /// On the pool.
    pub async fn tag(&self, tags: Value) {
        let described = self.admin("DescribeUserPool", json!({})).await.ok();
        let input = json!({"ResourceArn": described["UserPool"]["Arn"], "Tags": tags});
        self.app.admin.call("TagResource", input).await.ok();
    }

    pub async fn set(&self, name: &str, attributes: &[(&str, &str)]) -> Answer {
        let input = json!({"Username": name, "UserAttributes": list(attributes)});
        self.admin("AdminUpdateUserAttributes", input).await
    }
}

/// Pairs as the API lists attributes.
pub(crate) fn list(attributes: &[(&str, &str)]) -> Value {
    attributes
        .iter()
        .map(|(name, value)| json!({"Name": name, "Value": value}))
        .collect()
}

/// The value of an attribute in a list of the API.
pub(crate) fn value(list: &Value, name: &str) -> Option<String> {
    let entry = list.as_array()?.iter().find(|entry| entry["Name"] == name)?;
    entry["Value"].as_str().map(str::to_owned)
}

/// A code that is not this one.
pub(crate) fn other_than(code: &str) -> String {
    let digits: u32 = code.parse().unwrap();
    format!("{:06}", (digits + 1) % 1_000_000)
}

pub(crate) fn hours(n: u64) -> Duration {
    Duration::from_secs(n * 3600)
}
