//! Tokens through the whole crate: keys of pools in a store, issuing, verifying, stock libraries, revocation.

mod issuers;
mod refresh;
mod standing;
mod verify;

use std::ops::Deref;

use kernel::{Cx, PoolId, Region};
use serde_json::{Map, Value, json};
use store::records::{
    pools::{self, Pool},
    versions,
};
use testkit::{BASE_URL, World};
use vault::jws::SigningKey;

use crate::{
    AccessClaims, Binding, IdClaims, IssuerMode, Issuers, NewKeys, OPENID_OWNER, OpenIdClaims, Scopes, Tokens,
    UserClaims, keys::Role,
};

/// Tokens in a world of their own.
struct Bed {
    tokens: Tokens,
    world: World,
}

impl Deref for Bed {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

fn dev() -> Issuers {
    Issuers {
        default: IssuerMode::Request,
        public_url: None,
        request_allowed: true,
    }
}

impl Bed {
    async fn new() -> Self {
        Self::with(dev()).await
    }

    async fn with(issuers: Issuers) -> Self {
        let world = World::new().await;
        let tokens = Tokens::new(world.store.clone(), world.keyring.clone(), world.cpu.clone(), issuers);
        tokens.add_spares(testkit::signing_keys());
        Self { tokens, world }
    }

    fn cx_at(&self, base_url: &str) -> Cx {
        Cx::internal(&self.env, base_url)
    }

    /// A pool with two key pairs of the spare ones, in their order.
    async fn pool(&self, id: &str, issuer: Option<&str>) -> PoolId {
        let cx = self.cx();
        let keys = self.tokens.new_pool_keys(&cx, &PoolId::new(id)).await.unwrap();
        let now = cx.now();
        let row = Pool {
            pool: PoolId::new(id),
            account: cx.account().clone(),
            region: Region::new("eu-west-1"),
            created: now,
            modified: now,
            version: 1,
            doc: "{}".to_owned(),
            issuer: issuer.map(str::to_owned),
            issuer_updated: false,
        };
        self.insert(keys, Some(row)).await;
        PoolId::new(id)
    }

    async fn insert(&self, keys: NewKeys, pool: Option<Pool>) {
        self.store
            .write(move |tx| {
                if let Some(pool) = &pool {
                    assert!(pools::insert(tx, pool)?);
                }
                keys.insert(tx)?;
                Ok(())
            })
            .await
            .unwrap();
    }

    async fn change_issuer(&self, pool: &PoolId, issuer: &'static str) {
        let id = pool.clone();
        self.store
            .write(move |tx| {
                let mut row = pools::by_id(tx, &id)?.unwrap();
                row.issuer = Some(issuer.to_owned());
                assert!(pools::update(tx, &row)?);
                Ok(versions::bump(tx, store::Scope::pool(&id))?)
            })
            .await
            .unwrap();
    }

    async fn sign(&self, cx: &Cx, owner: &str, role: Role) -> String {
        let turn = self.tokens.reserve().unwrap();
        if role == Role::OpenId {
            let claims = OpenIdClaims(claims());
            return self.tokens.issue_openid(cx, claims, turn).await.unwrap();
        }
        let claims = UserClaims {
            id: Some(IdClaims::new(claims())),
            access: AccessClaims::new(&Scopes::new("openid photos/read"), claims()),
            binding: Binding::None,
        };
        let issued = self.tokens.issue(cx, &PoolId::new(owner), claims, turn).await.unwrap();
        if role == Role::Id {
            issued.id.unwrap()
        } else {
            issued.access
        }
    }
}

fn claims() -> Map<String, Value> {
    let Value::Object(claims) = json!({"sub": "a-sub", "client_id": "web", "token_use": "access"}) else {
        unreachable!()
    };
    claims
}

/// The `n`-th spare key pair, which the tests know.
fn known_key(n: usize) -> SigningKey {
    testkit::signing_keys().into_iter().nth(n).unwrap()
}

/// A known key's token that says what it likes.
fn forged(key: &SigningKey, claims: &Value) -> String {
    key.sign(claims.to_string().as_bytes()).unwrap()
}

/// What a stock library makes of a token with our key set.
async fn read_by_library(bed: &Bed, owner: &str, token: &str) -> jsonwebtoken::errors::Result<Value> {
    use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
    let jwks = bed.tokens.jwks(owner).await.unwrap().unwrap();
    let keys: JwkSet = serde_json::from_str(&jwks).unwrap();
    let header = jsonwebtoken::decode_header(token)?;
    let key = keys.find(header.kid.as_deref().unwrap()).unwrap();
    let algorithm = if owner == OPENID_OWNER {
        jsonwebtoken::Algorithm::RS512
    } else {
        jsonwebtoken::Algorithm::RS256
    };
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_jwk(key)?;
    jsonwebtoken::decode::<Value>(token, &key, &validation).map(|data| data.claims)
}
