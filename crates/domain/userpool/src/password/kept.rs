//! Passwords as they are kept: an SRP salt and verifier, because Cognito's SRP fixes how it is derived, or an argon2id hash
//! in pools that forbid SRP; sealed. Reference: user-pools 4.6, 5.3.
//!
//! `user_id` in SRP's hashes (`USER_ID_FOR_SRP`) is the user's own username, whatever name was typed: in pools that sign in
//! by an attribute that is the sub.

use kernel::{ApiError, PoolId, Rng, Sub};
use store::records::users::User;
use vault::{
    Keyring, Purpose,
    srp::{self, Identity, Verifier},
};

use super::form;
pub(crate) use super::form::Kept;
use crate::pool::PasswordStore;

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

    pub fn place(&self) -> [&str; 2] {
        [self.pool.as_str(), self.sub.as_str()]
    }
}

impl Kept {
    /// Costs one exponentiation, or argon2's.
    pub fn of(owner: &Owner, password: &str, store: PasswordStore, rng: &dyn Rng) -> Result<Self, ApiError> {
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

    pub fn matches(&self, owner: &Owner, password: &str) -> Result<bool, ApiError> {
        Ok(match self {
            Self::Srp { salt, verifier } => srp::check_password(owner.identity(), password, salt, verifier),
            Self::Argon2id(phc) => vault::password::verify(password, phc)?,
        })
    }

    pub fn is_kept_in(&self, store: PasswordStore) -> bool {
        matches!(
            (self, store),
            (Self::Srp { .. }, PasswordStore::SrpVerifier) | (Self::Argon2id(_), PasswordStore::Argon2id)
        )
    }

    pub fn open(keyring: &Keyring, owner: &Owner, sealed: &[u8]) -> Result<Self, ApiError> {
        let bytes = keyring.open(Purpose::SrpVerifier, &owner.place(), sealed)?;
        form::decode(bytes.as_bytes()).ok_or_else(|| ApiError::internal("a kept password is not of its form"))
    }

    pub fn seal(&self, keyring: &Keyring, owner: &Owner, rng: &dyn Rng) -> Result<Vec<u8>, ApiError> {
        Ok(keyring.seal(Purpose::SrpVerifier, &owner.place(), &form::encode(self), rng)?)
    }
}

/// The salt and verifier of somebody without a password, the same each time. No password's: refuse whatever proves it.
pub(crate) fn decoy(keyring: &Keyring, owner: &Owner) -> (Vec<u8>, Box<Verifier>) {
    let nobody = keyring.unknown_user(&owner.pool, &owner.username);
    (nobody.salt.to_vec(), Box::new(nobody.verifier))
}
