//! The token of a client that acts for itself: no user signs in and no session begins, so it can't be revoked and ends with its time.
//! Reference: oauth-and-federation 5.1, 6.2; user-pools 15.4.

use std::collections::BTreeMap;

use kernel::{ApiError, Cx, Sub};
use serde_json::{Map, Value, json};
use store::records::{
    status::Status,
    users::{Doc, User},
};
use tokens::{AccessClaims, Scopes};

use super::issue::expiry;
use crate::{
    UserPools,
    client::Client,
    pool::{Pool, loaded::is_standard_scope},
    trigger::{Caller, Scene},
};

/// A client that has proved its secret and may ask by this door, and what it asks for.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub pool: &'a Pool,
    pub client: &'a Client,
    /// None: all custom scopes that it has.
    pub scopes: Option<&'a [String]>,
    /// What a function is told.
    pub metadata: Option<&'a BTreeMap<String, String>>,
    /// The thumbprint of the key that the token is bound to.
    pub key: Option<&'a str>,
}

pub(crate) struct ClientToken {
    pub access_token: String,
    pub seconds: u64,
}

/// Why there is no token, which each door says in its own words.
pub(crate) enum NoClientToken {
    /// The first scope that the client lacks.
    Scope(String),
    Failed(ApiError),
}

impl From<ApiError> for NoClientToken {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl UserPools {
    /// One signature, and no look into the store where the pool is cached. Failures: TooManyRequests, those of the function, internal.
    pub(crate) async fn client_token(&self, cx: &Cx, asking: Asking<'_>) -> Result<ClientToken, NoClientToken> {
        let Asking { pool, client, .. } = asking;
        let scopes = granted(asking).map_err(NoClientToken::Scope)?;
        let nobody = nobody(asking);
        let scene = Scene {
            cx,
            pool,
            user: &nobody,
            caller: Caller::Client(&client.id),
            metadata: asking.metadata,
        };
        let overrides = self.functions.client_token_generation(scene, &scopes).await?;
        let mut claims = claims(cx, client);
        overrides.apply_to_access(&mut claims);
        let claims = AccessClaims::new(&overrides.scopes(&scopes), claims).bound_to(asking.key);
        let turn = self.tokens.reserve()?;
        Ok(ClientToken {
            access_token: self.tokens.issue_access(cx, &pool.id, claims, turn).await?,
            seconds: client.lifetimes.access_token.as_secs(),
        })
    }
}

/// What of the client's scopes it asks for and there still is. Errors: the first that it lacks.
fn granted(asking: Asking<'_>) -> Result<Scopes, String> {
    let Asking {
        pool, client, scopes, ..
    } = asking;
    let own = &client.oauth.scopes;
    let is_own = |scope: &String| own.contains(scope) && !is_standard_scope(scope);
    if let Some(lacking) = scopes.into_iter().flatten().find(|scope| !is_own(scope)) {
        return Err(lacking.clone());
    }
    let mut granted: Vec<&str> = Vec::new();
    for scope in scopes.unwrap_or(own).iter().filter(|scope| is_own(scope)) {
        if pool.has_scope(scope) && !granted.contains(&scope.as_str()) {
            granted.push(scope);
        }
    }
    Ok(Scopes::new(granted.join(" ")))
}

fn claims(cx: &Cx, client: &Client) -> Map<String, Value> {
    let (wall, now) = (cx.wall(), cx.now());
    let claims = [
        ("sub", json!(client.id.as_str())),
        ("client_id", json!(client.id.as_str())),
        ("version", json!(2)),
        ("auth_time", json!(wall.secs())),
        ("iat", json!(wall.secs())),
        ("exp", json!(expiry(wall, now, client.lifetimes.access_token))),
        ("jti", json!(tokens::new_jti(wall, cx.rng()))),
    ];
    claims
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Whom the function's event names.
fn nobody(asking: Asking<'_>) -> User {
    User {
        pool: asking.pool.id.clone(),
        sub: Sub::new(asking.client.id.as_str()),
        username: "ClientCredentials".to_owned(),
        status: Status::Confirmed,
        enabled: true,
        created: asking.client.created,
        modified: asking.client.created,
        version: 1,
        doc: Doc::default(),
    }
}
