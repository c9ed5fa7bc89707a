//! Passwords as they are kept: an SRP salt and verifier, because Cognito's SRP fixes how it is derived, or an argon2id hash
//! in pools that forbid SRP; sealed, with the former ones where the policy wants a history. Reference: user-pools 4.6, 5.3.
//!
//! All hashing runs on the CPU pool. `user_id` in SRP's hashes (`USER_ID_FOR_SRP`) is the user's own username, whatever
//! name was typed: in pools that sign in by an attribute that is the sub.

mod form;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use kernel::{ApiError, Cx, PoolId, Rng, Sub, Timestamp};
use store::{
    Read, StoreError, Tx,
    records::{
        passwords::{self, Password},
        users::User,
    },
};
use vault::{
    Keyring, Purpose,
    srp::{self, Identity, Verifier},
};

use crate::{
    UserPools, codes, errors,
    settings::{PasswordStore, Pool},
};

/// Whose password it is: what the verifier and the seal are bound to.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub pool: PoolId,
    pub sub: Sub,
    /// `USER_ID_FOR_SRP`.
    pub username: String,
}

impl Owner {
    pub fn of(user: &User) -> Self {
        Self {
            pool: user.pool.clone(),
            sub: user.sub.clone(),
            username: user.username.clone(),
        }
    }

    pub fn identity(&self) -> Identity<'_> {
        Identity {
            pool_name: self.pool.short_name(),
            user_id: &self.username,
        }
    }

    fn place(&self) -> [&str; 2] {
        [self.pool.as_str(), self.sub.as_str()]
    }
}

/// What is kept in a password's place.
pub(crate) enum Kept {
    Srp { salt: Vec<u8>, verifier: Box<Verifier> },
    Argon2id(String),
}

/// What a password check found.
pub(crate) enum Checked {
    Wrong,
    Right,
    /// Right, and kept in the way that the pool no longer wants: put this in its place ([`passwords::reseal`]).
    RightAndConverted(Vec<u8>),
}

impl Kept {
    /// Costs one exponentiation, or argon2's.
    fn of(owner: &Owner, password: &str, store: PasswordStore, rng: &dyn Rng) -> Result<Self, ApiError> {
        Ok(match store {
            PasswordStore::SrpVerifier => {
                let salt = srp::draw_salt(rng).to_vec();
                Self::Srp {
                    verifier: Box::new(Verifier::new(owner.identity(), password, &salt)),
                    salt,
                }
            }
            PasswordStore::Argon2id => Self::Argon2id(vault::password::hash(password, rng)?),
        })
    }

    fn matches(&self, owner: &Owner, password: &str) -> Result<bool, ApiError> {
        Ok(match self {
            Self::Srp { salt, verifier } => srp::check_password(owner.identity(), password, salt, verifier),
            Self::Argon2id(phc) => vault::password::verify(password, phc)?,
        })
    }

    fn is_kept_in(&self, store: PasswordStore) -> bool {
        matches!(
            (self, store),
            (Self::Srp { .. }, PasswordStore::SrpVerifier) | (Self::Argon2id(_), PasswordStore::Argon2id)
        )
    }

    pub fn open(keyring: &Keyring, owner: &Owner, sealed: &[u8]) -> Result<Self, ApiError> {
        let bytes = keyring.open(Purpose::SrpVerifier, &owner.place(), sealed)?;
        form::decode(bytes.as_bytes()).ok_or_else(|| ApiError::internal("a kept password is not of its form"))
    }

    fn seal(&self, keyring: &Keyring, owner: &Owner, rng: &dyn Rng) -> Result<Vec<u8>, ApiError> {
        Ok(keyring.seal(Purpose::SrpVerifier, &owner.place(), &form::encode(self), rng)?)
    }
}

impl UserPools {
    /// A password ready to be [`set`] or [`replace`]d, kept as the pool wants it. `current` is the row that
    /// it replaces, for the history.
    ///
    /// Errors: PasswordHistoryPolicyViolation. The policy's other rules are `password_policy`'s.
    pub(crate) async fn new_password(
        &self,
        cx: &Cx,
        pool: &Pool,
        owner: &Owner,
        password: String,
        current: Option<Password>,
    ) -> Result<Password, ApiError> {
        let remembered = pool.password_policy().password_history_size.unwrap_or(0);
        let remembered = usize::try_from(remembered).unwrap_or(0);
        let (owner, store, now) = (owner.clone(), pool.password_store, cx.now());
        let (keyring, rng) = (Arc::clone(&self.keyring), Arc::clone(&cx.env.rng));
        self.cpu
            .run(move || {
                let rng = rng.as_ref();
                let mut former = History::open(&keyring, &owner, current.as_ref(), remembered)?;
                for kept in &former.0 {
                    if kept.matches(&owner, &password)? {
                        return Err(errors::password_in_history());
                    }
                }
                // The new one is the first that the policy remembers.
                former.0.truncate(remembered.saturating_sub(1));
                Ok(Password {
                    secret: Kept::of(&owner, &password, store, rng)?.seal(&keyring, &owner, rng)?,
                    history: former.seal(&keyring, &owner, rng)?,
                    set_at: now,
                    version: 0,
                })
            })
            .await?
    }

    /// Whether `password` is the one that is kept. Where none is (nobody has the name, or the user has no password) the same
    /// work is done and the answer is [`Checked::Wrong`].
    pub(crate) async fn check_password(
        &self,
        cx: &Cx,
        pool: &Pool,
        owner: &Owner,
        password: String,
        current: Option<&Password>,
    ) -> Result<Checked, ApiError> {
        let (owner, store) = (owner.clone(), pool.password_store);
        let sealed = current.map(|row| row.secret.clone());
        let (keyring, rng) = (Arc::clone(&self.keyring), Arc::clone(&cx.env.rng));
        self.cpu
            .run(move || {
                let rng = rng.as_ref();
                let Some(sealed) = sealed else {
                    decoy_work(&keyring, &owner, &password, store, rng)?;
                    return Ok(Checked::Wrong);
                };
                let kept = Kept::open(&keyring, &owner, &sealed)?;
                if !kept.matches(&owner, &password)? {
                    return Ok(Checked::Wrong);
                }
                if kept.is_kept_in(store) {
                    return Ok(Checked::Right);
                }
                let converted = Kept::of(&owner, &password, store, rng)?;
                Ok(Checked::RightAndConverted(converted.seal(&keyring, &owner, rng)?))
            })
            .await?
    }
}

/// What a check costs.
fn decoy_work(
    keyring: &Keyring,
    owner: &Owner,
    password: &str,
    store: PasswordStore,
    rng: &dyn Rng,
) -> Result<(), ApiError> {
    match store {
        PasswordStore::SrpVerifier => {
            let (salt, verifier) = decoy(keyring, owner);
            srp::check_password(owner.identity(), password, &salt, &verifier);
        }
        PasswordStore::Argon2id => drop(vault::password::hash(password, rng)?),
    }
    Ok(())
}

/// The salt and verifier of somebody without a password, the same each time. No password's: refuse whatever proves it.
pub(crate) fn decoy(keyring: &Keyring, owner: &Owner) -> (Vec<u8>, Box<Verifier>) {
    let nobody = keyring.unknown_user(&owner.pool, &owner.username);
    (nobody.salt.to_vec(), Box::new(nobody.verifier))
}

/// Sets a password in the place of the one that was read (`version` None: there was none).
/// False if another request changed it meanwhile.
pub(crate) fn replace(
    tx: &mut Tx<'_>,
    owner: &Owner,
    version: Option<i64>,
    new: &Password,
) -> Result<bool, StoreError> {
    if !is_still(tx, owner, version)? {
        return Ok(false);
    }
    set(tx, owner, new)?;
    Ok(true)
}

/// Sets the password of a user who was there before, whatever it was: every way to do so comes by here.
pub(crate) fn set(tx: &mut Tx<'_>, owner: &Owner, new: &Password) -> Result<(), StoreError> {
    passwords::put(tx, &owner.pool, &owner.sub, new)?;
    codes::end(tx, &owner.pool, &owner.sub, codes::Event::PasswordSet)
}

/// Whether the password (`version` None: there is none) is the one that was read.
pub(crate) fn is_still(r: &mut impl Read, owner: &Owner, version: Option<i64>) -> Result<bool, StoreError> {
    Ok(passwords::of_user(r, &owner.pool, &owner.sub)?.map(|row| row.version) == version)
}

/// Former passwords, the newest first.
struct History(Vec<Kept>);

impl History {
    /// The last `remembered` passwords, the current one included.
    fn open(keyring: &Keyring, owner: &Owner, current: Option<&Password>, remembered: usize) -> Result<Self, ApiError> {
        let Some(row) = current.filter(|_| remembered > 0) else {
            return Ok(Self(Vec::new()));
        };
        let mut kept = vec![Kept::open(keyring, owner, &row.secret)?];
        if let Some(sealed) = &row.history {
            let bytes = keyring.open(Purpose::PasswordHistory, &owner.place(), sealed)?;
            let former = form::decode_all(bytes.as_bytes());
            kept.extend(former.ok_or_else(|| ApiError::internal("a password history is not of its form"))?);
        }
        kept.truncate(remembered);
        Ok(Self(kept))
    }

    fn seal(&self, keyring: &Keyring, owner: &Owner, rng: &dyn Rng) -> Result<Option<Vec<u8>>, ApiError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let bytes = form::encode_all(&self.0);
        Ok(Some(keyring.seal(
            Purpose::PasswordHistory,
            &owner.place(),
            &bytes,
            rng,
        )?))
    }
}

/// When a temporary password that is set now stops working. Reference: user-pools 4.5.
pub(crate) fn temporary_until(pool: &Pool, now: Timestamp) -> Timestamp {
    let days = pool.password_policy().temporary_password_validity_days.unwrap_or(7);
    now.plus(std::time::Duration::from_secs(
        u64::try_from(days).unwrap_or(7) * 24 * 3600,
    ))
}
