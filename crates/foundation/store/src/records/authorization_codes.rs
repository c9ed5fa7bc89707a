//! Authorization codes: what an app gets of hosted login and trades for tokens, once. Most carry what they stand for and have a row only
//! when they were brought; those that would be too long have one from the beginning. A code is kept as its digest; after it was brought
//! the row says what came of it, so that a second use can undo it. Reference: RFC 6749 section 4.1.2; oauth-and-federation 5.3.

use kernel::{ClientId, PoolId, Sub, Timestamp};
use serde::{Deserialize, Serialize};

use super::document::{document, written};
use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct AuthorizationCode {
    /// SHA-256 of the code, in hexadecimal.
    pub code: String,
    pub sub: Sub,
    pub expires: Timestamp,
    /// The session family that it was traded for; empty: it was spent for nothing.
    pub family: Option<String>,
    pub doc: Doc,
}

/// What a code is bound to, and what it stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    pub client: Option<ClientId>,
    pub redirect_uri: String,
    /// Of PKCE, by S256. None: the request had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    pub scope: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Whose API the access token is for (RFC 8707).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The thumbprint of the key that it is bound to (RFC 9449 section 10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The browser's session that it was given to, by its id.
    pub login: String,
    /// True time.
    pub auth_time: Timestamp,
    #[serde(default)]
    pub amr: Vec<String>,
    #[serde(default)]
    pub acr: Option<String>,
    /// The user's count of global sign-outs when it was given.
    #[serde(default, skip_serializing_if = "super::users::is_zero")]
    pub sign_outs: u32,
    /// What a function says otherwise in the tokens, as `userpool` reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrides: Option<serde_json::Value>,
}

record! { $ AuthorizationCode from authorization_codes as code_columns: [pool] (code) sub, expires, family, doc }

document! { Doc }

pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, code: &AuthorizationCode) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO authorization_codes (pool, code, sub, expires, doc) VALUES ($1, $2, $3, $4, $5)",
        (pool, code.code.as_str(), &code.sub, code.expires, written(&code.doc)?),
    )?;
    Ok(())
}

pub fn find(r: &mut impl Read, pool: &PoolId, code: &str) -> Result<Option<AuthorizationCode>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            code_columns!(),
            " FROM authorization_codes WHERE pool = $1 AND code = $2"
        ),
        (pool, code),
    )
}

/// A code that may be brought, and what its row says when it was.
#[derive(Clone, Debug)]
pub struct Brought {
    /// Its digest.
    pub code: String,
    pub sub: Sub,
    /// When nobody can bring it any more.
    pub expires: Timestamp,
}

/// It is traded for this family, or spent for none. False if it was brought before.
pub fn spend(tx: &mut Tx<'_>, pool: &PoolId, brought: &Brought, family: Option<&str>) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "INSERT INTO authorization_codes (pool, code, sub, expires, family, doc) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (pool, code) DO UPDATE SET family = excluded.family
         WHERE authorization_codes.family IS NULL",
        (
            pool,
            brought.code.as_str(),
            &brought.sub,
            brought.expires,
            family.unwrap_or_default(),
            written(&Doc::default())?,
        ),
    )?;
    Ok(changed == 1)
}

/// Forgets a hundred of a pool that expired before `before`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM authorization_codes WHERE pool = $1 AND code IN
         (SELECT code FROM authorization_codes WHERE pool = $1 AND expires < $2 LIMIT 100)",
        (pool, before),
    )
}
