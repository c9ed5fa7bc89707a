//! Key pairs: a pool has one that signs ID tokens and one that signs access tokens (reference user-pools 8.1). Each is
//! parsed once, when its owner is first asked for; new ones are made in idle time.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Condvar, Mutex, PoisonError, Weak},
};

use kernel::{ApiError, Cx, PoolId};
use serde_json::json;
use store::{
    Record, Scope, StoreError, Tx,
    records::{pools, signing_keys},
};
use vault::{
    Keyring, Purpose,
    jws::{Algorithm, KeyError, SigningKey, VerifyingKey},
};

use crate::{IssuerMode, Tokens};

/// The owner of the keys that sign identity pools' OpenID tokens.
pub const OPENID_OWNER: &str = "cognito-identity";

/// How many pairs wait ready.
const SPARES: usize = 4;

/// What a key pair signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Id,
    Access,
    /// Identity pools' OpenID tokens (RS512).
    OpenId,
}

impl Role {
    const fn label(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Access => "access",
            Self::OpenId => "openid",
        }
    }

    fn parse(label: &str) -> Option<Self> {
        [Self::Id, Self::Access, Self::OpenId]
            .into_iter()
            .find(|role| role.label() == label)
    }

    /// The key as the role's tokens name it: OpenID tokens have another algorithm and a `typ`. Reference:
    /// identity-pools-iam 1.13.
    fn dress(self, key: SigningKey) -> SigningKey {
        match self {
            Self::Id | Self::Access => key,
            Self::OpenId => {
                let kid = key.kid().to_owned();
                key.with_header(&kid, "JWS", Algorithm::Rs512)
            }
        }
    }
}

/// All of one owner's keys, parsed.
pub(crate) struct OwnerKeys {
    signing: Vec<(Role, Arc<SigningKey>)>,
    verifying: HashMap<String, VerifyingKey>,
    /// The key set as it is served.
    pub jwks: Arc<str>,
    pub issuer: IssuerMode,
}

impl OwnerKeys {
    /// The newest pair of a role.
    pub(crate) fn signing(&self, role: Role) -> Option<&Arc<SigningKey>> {
        self.signing.iter().rev().find(|(r, _)| *r == role).map(|(_, key)| key)
    }

    pub(crate) fn verifying(&self, kid: &str) -> Option<&VerifyingKey> {
        self.verifying.get(kid)
    }
}

/// Key pairs of an owner that is about to be created: insert them in the transaction that creates it.
pub struct NewKeys(Vec<signing_keys::SigningKey>);

impl NewKeys {
    pub fn insert(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        self.0.iter().try_for_each(|key| signing_keys::insert(tx, key))
    }
}

/// Key pairs that nobody owns yet.
#[derive(Default)]
pub(crate) struct Spares {
    ready: Mutex<VecDeque<SigningKey>>,
    taken: Condvar,
}

impl Spares {
    fn take(&self) -> Option<SigningKey> {
        let spare = self.ready.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        self.taken.notify_all();
        spare
    }

    fn put(&self, key: SigningKey) {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).push_back(key);
    }

    /// Fills up and waits to be taken from, until the service is gone.
    fn keep(spares: &Weak<Self>) {
        while let Some(spares) = spares.upgrade() {
            let lacking = spares.ready.lock().unwrap_or_else(PoisonError::into_inner).len() < SPARES;
            if lacking {
                match SigningKey::generate() {
                    Ok(key) => spares.put(key),
                    Err(error) => return tracing::error!(%error, "no spare signing key could be made"),
                }
            } else {
                let ready = spares.ready.lock().unwrap_or_else(PoisonError::into_inner);
                // Woken now and then, to notice the end of the service.
                let _ = spares.taken.wait_timeout(ready, std::time::Duration::from_secs(5));
            }
        }
    }
}

impl Tokens {
    /// Keeps spare key pairs until the service is gone: for a thread that yields to everything else.
    pub fn keep_spares(&self) -> impl FnOnce() + Send + 'static {
        let spares = Arc::downgrade(&self.spares);
        move || Spares::keep(&spares)
    }

    /// Puts in key pairs that were made elsewhere: the tests' fixed ones.
    pub fn add_spares(&self, keys: impl IntoIterator<Item = SigningKey>) {
        keys.into_iter().for_each(|key| self.spares.put(key));
    }

    /// New key pairs for a user pool, sealed.
    pub async fn new_pool_keys(&self, cx: &Cx, pool: &PoolId) -> Result<NewKeys, ApiError> {
        self.new_keys(cx, pool.as_str(), &[Role::Id, Role::Access]).await
    }

    /// One a role.
    async fn new_keys(&self, cx: &Cx, owner: &str, roles: &[Role]) -> Result<NewKeys, ApiError> {
        let mut rows = Vec::with_capacity(roles.len());
        for role in roles {
            rows.push(self.row(cx, owner, *role, &self.new_key().await?)?);
        }
        Ok(NewKeys(rows))
    }

    /// A key pair that nobody owns yet.
    pub async fn new_key(&self) -> Result<SigningKey, ApiError> {
        match self.spares.take() {
            Some(key) => Ok(key),
            None => Ok(self.cpu.run(SigningKey::generate).await??),
        }
    }

    fn row(&self, cx: &Cx, owner: &str, role: Role, key: &SigningKey) -> Result<signing_keys::SigningKey, ApiError> {
        let kid = key.kid().to_owned();
        let private = self
            .keyring
            .seal(
                Purpose::PrivateKey,
                &[owner, &kid],
                key.to_pkcs8()?.as_bytes(),
                cx.rng(),
            )
            .map_err(ApiError::internal)?;
        Ok(signing_keys::SigningKey {
            owner: owner.to_owned(),
            role: role.label().to_owned(),
            private,
            created: cx.now(),
            kid,
        })
    }

    /// The keys and issuer of an owner. None if there is no such owner.
    pub(crate) async fn owner(&self, owner: &str) -> Result<Option<Arc<OwnerKeys>>, ApiError> {
        let (id, keyring, issuers) = (owner.to_owned(), Arc::clone(&self.keyring), Arc::clone(&self.issuers));
        let loaded = self
            .owners
            .load(
                &owner.to_owned(),
                || Scope::pool(owner),
                move |r| {
                    let rows = signing_keys::of_owner(r, &id)?;
                    if rows.is_empty() {
                        return Ok(None);
                    }
                    // Owners that are no pools choose nothing.
                    let (choice, updated) = pools::issuer(r, &id)?.unwrap_or_default();
                    parse(&rows, &keyring, issuers.mode(choice.as_deref(), updated)).map(Some)
                },
            )
            .await?;
        Ok(loaded)
    }

    /// The identity pools' keys come into being when they are first needed.
    pub async fn ensure_openid_keys(&self, cx: &Cx) -> Result<(), ApiError> {
        if self.owner(OPENID_OWNER).await?.is_some() {
            return Ok(());
        }
        let keys = self.new_keys(cx, OPENID_OWNER, &[Role::OpenId]).await?;
        self.store
            .write(move |tx| {
                // Another node may have been quicker: its keys are as good.
                if signing_keys::of_owner(tx, OPENID_OWNER)?.is_empty() {
                    keys.insert(tx)?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// The JSON Web Key Set of a pool (or other owner). None if there is no such owner.
    pub async fn jwks(&self, owner: &str) -> Result<Option<Arc<str>>, ApiError> {
        Ok(self.owner(owner).await?.map(|keys| Arc::clone(&keys.jwks)))
    }

    /// The `iss` of a pool's tokens as this request would get them. None if there is no such pool.
    pub async fn issuer(&self, cx: &Cx, pool: &PoolId) -> Result<Option<String>, ApiError> {
        Ok(self
            .owner(pool.as_str())
            .await?
            .map(|keys| self.issuers.issuer(cx, pool, &keys.issuer)))
    }
}

fn parse(rows: &[signing_keys::SigningKey], keyring: &Keyring, issuer: IssuerMode) -> Result<OwnerKeys, StoreError> {
    let mut signing = Vec::with_capacity(rows.len());
    let mut verifying = HashMap::with_capacity(rows.len());
    let mut jwks = Vec::with_capacity(rows.len());
    for row in rows {
        let role = Role::parse(&row.role).ok_or_else(|| row.corrupt("role", "none that is known"))?;
        let key = open(row, role, keyring)?;
        jwks.push(key.jwk());
        verifying.insert(
            row.kid.clone(),
            key.verifying_key().map_err(|error| row.corrupt("private", error))?,
        );
        signing.push((role, Arc::new(key)));
    }
    let jwks = json!({ "keys": jwks }).to_string().into();
    Ok(OwnerKeys {
        signing,
        verifying,
        jwks,
        issuer,
    })
}

fn open(row: &signing_keys::SigningKey, role: Role, keyring: &Keyring) -> Result<SigningKey, StoreError> {
    let pkcs8 = keyring
        .open(Purpose::PrivateKey, &[&row.owner, &row.kid], &row.private)
        .map_err(|error| row.corrupt("private", error))?;
    let key: Result<SigningKey, KeyError> = SigningKey::from_pkcs8(pkcs8.as_bytes());
    Ok(role.dress(key.map_err(|error| row.corrupt("private", error))?))
}
