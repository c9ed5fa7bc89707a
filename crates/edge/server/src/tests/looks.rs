//! A client's look on the pages of hosted login: stylesheets, pictures, titles, documents, languages; and dev's preview of it.

mod hostile;
mod managed;
mod own;
mod pages;
mod preview;

use serde_json::{Value, json};

use super::{Draft, Got, Key, Rig};

/// One pixel, as far as anybody looks.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUg==";
const KEPT: &str = "public, max-age=31536000, immutable";

/// A pool with a domain and a client.
struct House {
    rig: Rig,
    key: Key,
    pool: String,
    client: String,
}

impl House {
    /// `version`: of managed login.
    async fn new(rig: Rig, version: u8, tags: Value) -> Self {
        let key = match rig.app.doors {
            Some(_) => Key::unknown(),
            None => rig.admin().await,
        };
        let pool = json!({"PoolName": "people", "UserPoolTags": tags});
        let pool = rig.idp(&key, "CreateUserPool", pool).await.ok().text("/UserPool/Id");
        let client = json!({
            "UserPoolId": pool, "ClientName": "web", "CallbackURLs": ["https://app.example.com/in"],
            "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "AllowedOAuthFlowsUserPoolClient": true,
            "SupportedIdentityProviders": ["COGNITO"],
        });
        let client = rig.idp(&key, "CreateUserPoolClient", client).await.ok();
        let client = client.text("/UserPoolClient/ClientId");
        let domain = json!({"UserPoolId": pool, "Domain": "harbour", "ManagedLoginVersion": version});
        rig.idp(&key, "CreateUserPoolDomain", domain).await.ok();
        Self { rig, key, pool, client }
    }

    async fn managed() -> Self {
        Self::new(Rig::dev().await, 2, json!({})).await
    }

    async fn classic() -> Self {
        Self::new(Rig::dev().await, 1, json!({})).await
    }

    /// With the pool, and what else the operation wants.
    async fn call(&self, operation: &str, more: Value) -> Got {
        let mut input = json!({"UserPoolId": self.pool});
        let members = more.as_object().unwrap().clone();
        input.as_object_mut().unwrap().extend(members);
        self.rig.idp(&self.key, operation, input).await
    }

    async fn style(&self, settings: Value, assets: Value) -> Got {
        let input = json!({"ClientId": self.client, "Settings": settings, "Assets": assets});
        self.call("CreateManagedLoginBranding", input).await.ok()
    }

    fn address(&self, path: &str, more: &str) -> String {
        format!(
            "/_login/harbour{path}?client_id={}&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Fapp.example.com%2Fin{more}",
            self.client
        )
    }

    async fn page(&self, path: &str) -> Got {
        self.rig.send(Draft::get(&self.address(path, ""))).await
    }

    async fn get(&self, path: &str) -> Got {
        self.rig.send(Draft::get(path)).await
    }

    /// The client's stylesheet, as the page names it.
    async fn sheet(&self) -> Got {
        let page = self.page("/login").await.ok();
        self.get(&href(&page.body, "/styles/")).await.ok()
    }
}

/// The first address of the page that has this in it.
#[track_caller]
fn href(html: &str, part: &str) -> String {
    let addresses = html.split(['"', '(']).filter(|text| text.contains(part));
    let found = addresses.map(|text| text.trim_matches(['"', ')'])).next();
    found.unwrap_or_else(|| panic!("no {part}: {html}")).to_owned()
}

fn asset(category: &str, mode: &str, extension: &str, bytes: &str) -> Value {
    json!({"Category": category, "ColorMode": mode, "Extension": extension, "Bytes": bytes})
}

/// Settings with one member, at this path.
fn at(path: &str, value: Value) -> Value {
    path.rsplit('/').fold(value, |value, name| json!({ name: value }))
}
