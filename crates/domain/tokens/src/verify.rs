//! Issuing and verifying. A signature is checked first, by the key that the token's `kid` names, then that the issuer is a
//! spelling of that key's pool; times and audiences are the caller's to check.

use std::sync::Arc;

use kernel::{ApiError, Cx, PoolId, Turn};
use serde_json::{Map, Value};
use store::records::signing_keys;
use vault::jws::{Jws, JwsError, KeyError, SigningKey};

use crate::{Claims, OwnerKeys, Role, Tokens};

/// A token of ours: whose, and what it says.
#[derive(Debug)]
pub struct Verified {
    pub pool: PoolId,
    pub claims: Claims,
}

/// Why a text is no token of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Malformed,
    UnknownKey,
    BadSignature,
    WrongIssuer,
}

/// Why a text was not verified.
#[derive(Debug)]
pub enum Unverified {
    Refused(Refusal),
    Internal(ApiError),
}

impl Unverified {
    /// The answer, a refusal in the words of the service that was asked.
    pub fn told(self, say: impl FnOnce(Refusal) -> ApiError) -> ApiError {
        match self {
            Self::Refused(refusal) => say(refusal),
            Self::Internal(error) => error,
        }
    }
}

impl From<Refusal> for Unverified {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ApiError> for Unverified {
    fn from(error: ApiError) -> Self {
        Self::Internal(error)
    }
}

impl From<JwsError> for Refusal {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::Malformed => Self::Malformed,
            JwsError::UnknownKey => Self::UnknownKey,
            JwsError::BadSignature => Self::BadSignature,
        }
    }
}

impl Tokens {
    /// Signs claims for an owner, all on one turn of the CPU pool, which the caller has. `iss` is added to those of user pools.
    ///
    /// Errors: internal if the owner has no key for a role.
    pub async fn sign(
        &self,
        cx: &Cx,
        owner: &str,
        tokens: Vec<(Role, Map<String, Value>)>,
        turn: Turn,
    ) -> Result<Vec<String>, ApiError> {
        let keys = self
            .owner(owner)
            .await?
            .ok_or_else(|| ApiError::internal("the owner has no signing keys"))?;
        let pool = PoolId::new(owner);
        let mut jobs = Vec::with_capacity(tokens.len());
        for (role, mut claims) in tokens {
            let key = keys
                .signing(role)
                .ok_or_else(|| ApiError::internal("the owner lacks a signing key"))?;
            if role != Role::OpenId {
                claims.insert(
                    "iss".to_owned(),
                    Value::String(self.issuers.issuer(cx, &pool, &keys.issuer)),
                );
            }
            jobs.push((Arc::clone(key), Value::Object(claims).to_string()));
        }
        let sign = |(key, claims): (Arc<SigningKey>, String)| key.sign(claims.as_bytes());
        let signed: Result<Vec<String>, KeyError> = turn.run(move || jobs.into_iter().map(sign).collect()).await?;
        Ok(signed?)
    }

    /// The claims of a token that a user pool here signed under an accepted spelling of its issuer.
    pub async fn verify(&self, cx: &Cx, token: &str) -> Result<Verified, Unverified> {
        let (owner, keys, claims) = self.verify_signature(token).await?;
        let pool = PoolId::new(owner);
        let iss = claims.text("iss").unwrap_or("");
        if !self.issuers.accepts(cx, &pool, &keys.issuer, iss) {
            return Err(Refusal::WrongIssuer.into());
        }
        Ok(Verified { pool, claims })
    }

    /// The claims of a token that the given owner signed: identity pools' own OpenID tokens.
    pub async fn verify_of(&self, owner: &str, token: &str) -> Result<Claims, Unverified> {
        let (signer, _, claims) = self.verify_signature(token).await?;
        if *signer == *owner {
            Ok(claims)
        } else {
            Err(Refusal::UnknownKey.into())
        }
    }

    async fn verify_signature(&self, token: &str) -> Result<(Arc<str>, Arc<OwnerKeys>, Claims), Unverified> {
        let jws = Jws::parse(token).map_err(Refusal::from)?;
        let kid = jws.kid().ok_or(Refusal::UnknownKey)?;
        let owner = self.owner_of(kid).await?.ok_or(Refusal::UnknownKey)?;
        let keys = self.owner(&owner).await?.ok_or(Refusal::UnknownKey)?;
        let key = keys.verifying(kid).ok_or(Refusal::UnknownKey)?;
        let claims = jws.verify(key).map_err(Refusal::from)?;
        Ok((owner, keys, Claims(claims)))
    }

    async fn owner_of(&self, kid: &str) -> Result<Option<Arc<str>>, ApiError> {
        if let Some(owner) = self.kids.get(kid) {
            return Ok(Some(owner));
        }
        let id = kid.to_owned();
        let owner = self.store.read(move |r| signing_keys::owner(r, &id)).await?;
        let owner: Option<Arc<str>> = owner.map(Arc::from);
        if let Some(owner) = &owner {
            self.kids.remember(kid.to_owned(), Arc::clone(owner));
        }
        Ok(owner)
    }
}
