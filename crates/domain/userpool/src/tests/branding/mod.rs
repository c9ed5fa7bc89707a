//! How hosted login looks, and what it links to. Reference: user-pools 14.1, 14.2, 14.6, oauth-and-federation 9.

mod classic;
mod removed;
mod styles;
mod terms;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{ClientId, PoolId};
use serde_json::{Value, json};
use testkit::merged;

use super::app::App;
use crate::branding::Appearance;

const NOT_FOUND: &str = "ResourceNotFoundException";
const INVALID: &str = "InvalidParameterException";

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";

/// A pool with a domain and a client.
struct House {
    app: App,
    pool: String,
    client: String,
}

impl House {
    async fn new() -> Self {
        let app = App::new().await;
        let pool = app.pool(json!({})).await;
        let client = app.client(&pool, json!({})).await;
        let house = Self { app, pool, client };
        house
            .call("CreateUserPoolDomain", json!({"Domain": "harbour"}))
            .await
            .ok();
        house
    }

    /// A call with the pool's id among its members.
    async fn call(&self, operation: &str, input: Value) -> testkit::Answer {
        let input = merged(json!({"UserPoolId": self.pool}), input);
        self.app.admin.call(operation, input).await
    }

    /// What the pages of a client are shown.
    async fn appearance(&self, client: &str) -> Option<Appearance> {
        let found = self
            .app
            .pools
            .appearance(&PoolId::new(self.pool.as_str()), &ClientId::new(client))
            .await;
        found.unwrap().map(|found| Appearance::clone(&found))
    }

    async fn asset(&self, digest: &str) -> Option<(&'static str, Vec<u8>)> {
        let found = self
            .app
            .pools
            .asset(&PoolId::new(self.pool.as_str()), digest)
            .await
            .unwrap();
        found.map(|asset| (asset.content_type, asset.bytes))
    }
}

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
