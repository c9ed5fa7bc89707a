//! Verifying. A signature is checked first, by the key that the token's `kid` names, then that the issuer is a spelling of that
//! key's pool, then that the token is of the kind that is wanted; times, audiences and scopes are the caller's to check.

use std::sync::Arc;

use kernel::{ApiError, ClientId, Cx, DeviceKey, PoolId, Rng, Sub, Timestamp};
use store::records::signing_keys;
use vault::jws::{Jws, JwsError};

use crate::{
    Claims, Scopes, Tokens,
    claims::TokenUse,
    keys::{OPENID_OWNER, OwnerKeys},
    new_jti,
};

/// Whose a user pool's token is, and of which sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub pool: PoolId,
    pub sub: Sub,
    /// The session family. None: of a client whose tokens can't be revoked one by one.
    pub(crate) family: Option<String>,
    /// True time. None counts as older than everything.
    pub(crate) issued_at: Option<Timestamp>,
}

/// An access token of a user pool here. Reference: user-pools 8.3.
#[derive(Debug)]
pub struct AccessToken {
    pub bearer: Bearer,
    pub client: ClientId,
    pub scopes: Scopes,
    /// What the sign-in was made with, in a pool that tracks devices.
    pub device: Option<DeviceKey>,
    /// When the user signed in, and by which methods: `amr`.
    pub auth_time: Timestamp,
    pub methods: Vec<String>,
    /// The sign-in's own id, also where its tokens can't be revoked one by one.
    pub event: Option<String>,
    /// Seconds since the epoch.
    pub expires_at: i64,
    /// The thumbprint of the key that whoever shows it has to prove (RFC 9449). None: whoever has it may use it.
    pub key: Option<String>,
    /// All that it says.
    pub claims: Claims,
}

/// An ID token of a user pool here. Reference: user-pools 8.2.
#[derive(Debug)]
pub struct IdToken {
    pub bearer: Bearer,
    /// Seconds since the epoch.
    pub expires_at: i64,
    pub claims: Claims,
}

/// Why a text is no token of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Malformed,
    UnknownKey,
    BadSignature,
    WrongIssuer,
    /// Ours, but of another kind than is wanted.
    WrongKind,
    /// It is bound to a key, of which nothing is proved.
    Bound,
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

impl Bearer {
    /// The `jti` of a token that is made of this one: whatever sign-out ends this one ends it too, however much younger it is.
    pub fn heir_jti(&self, rng: &dyn Rng) -> String {
        let issued = self.issued_at.unwrap_or(Timestamp::from_millis(0));
        new_jti(issued, rng)
    }

    /// Whether it speaks of no user but of the client that has it: nobody's `sub` looks like a client's id. Reference:
    /// oauth-and-federation 6.2.
    pub fn is_client(&self, client: &ClientId) -> bool {
        self.sub.as_str() == client.as_str()
    }

    /// None: the token speaks of nobody.
    pub(crate) fn of(pool: PoolId, claims: &Claims) -> Option<Self> {
        Some(Self {
            pool,
            sub: claims.text("sub").map(Sub::new)?,
            family: claims.text("origin_jti").map(str::to_owned),
            issued_at: claims.issued_at(),
        })
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
    /// An access token that a user pool here signed under an accepted spelling of its issuer, good in anybody's hands.
    pub async fn verify_access(&self, cx: &Cx, token: &str) -> Result<AccessToken, Unverified> {
        let access = self.verify_any_access(cx, token).await?;
        match access.key {
            None => Ok(access),
            Some(_) => Err(Refusal::Bound.into()),
        }
    }

    /// The same, also of one that is bound to a key: whether that was proved is the caller's to check.
    pub async fn verify_any_access(&self, cx: &Cx, token: &str) -> Result<AccessToken, Unverified> {
        let (pool, claims) = self.verify_of_pool(cx, token, TokenUse::Access).await?;
        Ok(AccessToken {
            client: claims.text("client_id").map(ClientId::new).ok_or(Refusal::WrongKind)?,
            scopes: Scopes::new(claims.text("scope").unwrap_or_default()),
            device: claims.text("device_key").map(DeviceKey::new),
            auth_time: claims.auth_time(),
            methods: claims.texts("amr").into_iter().map(str::to_owned).collect(),
            event: claims.text("event_id").map(str::to_owned),
            expires_at: claims.expires_at(),
            key: claims.key().map(str::to_owned),
            bearer: Bearer::of(pool, &claims).ok_or(Refusal::WrongKind)?,
            claims,
        })
    }

    /// An ID token that a user pool here signed under an accepted spelling of its issuer.
    pub async fn verify_id(&self, cx: &Cx, token: &str) -> Result<IdToken, Unverified> {
        let (pool, claims) = self.verify_of_pool(cx, token, TokenUse::Id).await?;
        Ok(IdToken {
            bearer: Bearer::of(pool, &claims).ok_or(Refusal::WrongKind)?,
            expires_at: claims.expires_at(),
            claims,
        })
    }

    /// What an OpenID token of the identity pools says.
    pub async fn verify_openid(&self, token: &str) -> Result<Claims, Unverified> {
        let (signer, _, claims) = self.verify_signature(token).await?;
        if &*signer == OPENID_OWNER {
            Ok(claims)
        } else {
            Err(Refusal::UnknownKey.into())
        }
    }

    async fn verify_of_pool(&self, cx: &Cx, token: &str, wanted: TokenUse) -> Result<(PoolId, Claims), Unverified> {
        let (owner, keys, claims) = self.verify_signature(token).await?;
        let pool = PoolId::new(owner);
        let iss = claims.text("iss").unwrap_or("");
        if !self.issuers.accepts(cx, &pool, &keys.issuer, iss) {
            return Err(Refusal::WrongIssuer.into());
        }
        if claims.token_use() != Some(wanted) {
            return Err(Refusal::WrongKind.into());
        }
        Ok((pool, claims))
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
        // None of ours has such letters, and there is one that databases can't be asked for.
        if kid.contains(char::is_control) {
            return Ok(None);
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
