//! Issuing. What each kind of token says is a type of its own, which also decides whose key signs it.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ApiError, Cx, PoolId, Turn};
use serde_json::{Map, Value};
use vault::jws::{KeyError, SigningKey};

use crate::{
    Scopes, Tokens,
    keys::{OPENID_OWNER, OwnerKeys, Role},
};

/// What an ID token says, but for its issuer. Reference: user-pools 8.2.
pub struct IdClaims(Map<String, Value>);

/// What an access token says, but for its issuer. Reference: user-pools 8.3.
pub struct AccessClaims(Map<String, Value>);

/// All that an identity pool's OpenID token says. Reference: identity-pools-iam 1.13.
pub struct OpenIdClaims(pub Map<String, Value>);

/// All that a logout token says, whose `iss` is the one that the client's tokens had. OpenID Connect Back-Channel Logout 1.0 section 2.4.
pub struct LogoutClaims(pub Map<String, Value>);

/// What the tokens of a user say.
pub struct UserClaims {
    /// None: there is to be none.
    pub id: Option<IdClaims>,
    pub access: AccessClaims,
    pub binding: Binding,
}

/// Whether the ID token says which access token it came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    None,
    /// Its claim `at_hash` (OIDC Core 3.1.3.6).
    AtHash,
}

/// The tokens of a user, signed.
pub struct UserTokens {
    pub id: Option<String>,
    pub access: String,
}

impl IdClaims {
    pub fn new(mut claims: Map<String, Value>) -> Self {
        claims.insert("token_use".to_owned(), "id".into());
        Self(claims)
    }
}

impl AccessClaims {
    /// For what was granted.
    pub fn new(scopes: &Scopes, mut claims: Map<String, Value>) -> Self {
        claims.insert("token_use".to_owned(), "access".into());
        claims.insert("scope".to_owned(), scopes.as_str().into());
        Self(claims)
    }

    /// Good only with a proof of the key that has this thumbprint, if there is one: `cnf` (RFC 9449 section 6.1).
    #[must_use]
    pub fn bound_to(mut self, key: Option<&str>) -> Self {
        if let Some(key) = key {
            self.0.insert("cnf".to_owned(), serde_json::json!({ "jkt": key }));
        }
        self
    }
}

/// A token that lacks its signature.
struct Unsigned {
    key: Arc<SigningKey>,
    payload: String,
}

impl Unsigned {
    /// Errors: internal if the owner has no key for the role.
    fn new(keys: &OwnerKeys, role: Role, claims: &Map<String, Value>) -> Result<Self, ApiError> {
        let key = keys.signing(role);
        Ok(Self {
            key: Arc::clone(key.ok_or_else(|| ApiError::internal("the owner lacks a signing key"))?),
            payload: serde_json::to_string(claims).map_err(ApiError::internal)?,
        })
    }

    fn sign(&self) -> Result<String, KeyError> {
        self.key.sign(self.payload.as_bytes())
    }
}

/// The left half of the access token's SHA-256, for tokens signed by RS256.
fn at_hash(access: &str) -> String {
    let digest = vault::sha256(access.as_bytes());
    let (left, _) = digest.split_at(digest.len() / 2);
    BASE64_URL_SAFE_NO_PAD.encode(left)
}

impl Tokens {
    /// The tokens of a user of a pool, on the one turn of the CPU pool that the caller has.
    ///
    /// Errors: internal if the pool has no keys.
    pub async fn issue(
        &self,
        cx: &Cx,
        pool: &PoolId,
        UserClaims { id, access, binding }: UserClaims,
        turn: Turn,
    ) -> Result<UserTokens, ApiError> {
        let keys = self.signing_keys(pool.as_str()).await?;
        let access = self.with_issuer(cx, pool, &keys, access.0);
        let access = Unsigned::new(&keys, Role::Access, &access)?;
        let id = id.map(|id| self.with_issuer(cx, pool, &keys, id.0));
        let sign = move || {
            let access = access.sign()?;
            let id = id.map(|mut claims| {
                if binding == Binding::AtHash {
                    claims.insert("at_hash".to_owned(), at_hash(&access).into());
                }
                Ok::<_, ApiError>(Unsigned::new(&keys, Role::Id, &claims)?.sign()?)
            });
            Ok::<_, ApiError>(UserTokens {
                id: id.transpose()?,
                access,
            })
        };
        turn.run(sign).await?
    }

    /// An access token alone, on the turn of the CPU pool that the caller has. Errors: internal if the pool has no keys.
    pub async fn issue_access(
        &self,
        cx: &Cx,
        pool: &PoolId,
        claims: AccessClaims,
        turn: Turn,
    ) -> Result<String, ApiError> {
        self.issue_one(cx, pool, (Role::Access, claims.0), turn).await
    }

    /// The same of an ID token.
    pub async fn issue_id(&self, cx: &Cx, pool: &PoolId, claims: IdClaims, turn: Turn) -> Result<String, ApiError> {
        self.issue_one(cx, pool, (Role::Id, claims.0), turn).await
    }

    async fn issue_one(
        &self,
        cx: &Cx,
        pool: &PoolId,
        (role, claims): (Role, Map<String, Value>),
        turn: Turn,
    ) -> Result<String, ApiError> {
        let keys = self.signing_keys(pool.as_str()).await?;
        let claims = self.with_issuer(cx, pool, &keys, claims);
        let token = Unsigned::new(&keys, role, &claims)?;
        Ok(turn.run(move || token.sign()).await??)
    }

    fn with_issuer(
        &self,
        cx: &Cx,
        pool: &PoolId,
        keys: &OwnerKeys,
        mut claims: Map<String, Value>,
    ) -> Map<String, Value> {
        let issuer = self.issuers.issuer(cx, pool, &keys.issuer);
        claims.insert("iss".to_owned(), issuer.into());
        claims
    }

    /// An identity pool's OpenID token, on the turn of the CPU pool that the caller has. Errors: internal.
    pub async fn issue_openid(&self, cx: &Cx, claims: OpenIdClaims, turn: Turn) -> Result<String, ApiError> {
        self.ensure_openid_keys(cx).await?;
        let keys = self.signing_keys(OPENID_OWNER).await?;
        let token = Unsigned::new(&keys, Role::OpenId, &claims.0)?;
        Ok(turn.run(move || token.sign()).await??)
    }

    /// What a client is told of a session's end, on the turn of the CPU pool that the caller has. It is signed as the pool's ID tokens are,
    /// and is none by its `typ`. None: the pool is gone. Errors: internal.
    pub async fn issue_logout(
        &self,
        pool: &PoolId,
        claims: LogoutClaims,
        turn: Turn,
    ) -> Result<Option<String>, ApiError> {
        let Some(keys) = self.owner(pool.as_str()).await? else {
            return Ok(None);
        };
        let token = Unsigned::new(&keys, Role::Id, &claims.0)?;
        let signed = turn.run(move || token.key.sign_as("logout+jwt", token.payload.as_bytes()));
        Ok(Some(signed.await??))
    }

    async fn signing_keys(&self, owner: &str) -> Result<Arc<OwnerKeys>, ApiError> {
        let keys = self.owner(owner).await?;
        keys.ok_or_else(|| ApiError::internal("the owner has no signing keys"))
    }
}
