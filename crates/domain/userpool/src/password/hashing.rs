//! Passwords are made and checked on the CPU pool: each costs an exponentiation, or argon2's work.

use std::sync::Arc;

use kernel::{ApiError, CpuPool, Cx, Rng};
use store::records::passwords::Password;
use vault::{Keyring, srp};

use super::{
    history::History,
    kept::{self, Kept, Owner},
};
use crate::{
    errors,
    pool::{PasswordStore, Pool},
};

/// Who makes and checks passwords.
#[derive(Clone)]
pub(crate) struct Passwords {
    keyring: Arc<Keyring>,
    cpu: CpuPool,
}

/// Whose password it is, and the row that is kept, if one is.
#[derive(Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub owner: &'a Owner,
    pub current: Option<&'a Password>,
}

impl<'a> Holder<'a> {
    /// Somebody who has no password so far.
    pub fn new(owner: &'a Owner) -> Self {
        Self { owner, current: None }
    }
}

/// What a password check found.
pub(crate) enum Checked {
    Wrong,
    Right,
    /// Right, and kept in the way that the pool no longer wants: put this in its place (`passwords::reseal`).
    RightAndConverted(Vec<u8>),
}

impl Passwords {
    pub fn new(keyring: Arc<Keyring>, cpu: CpuPool) -> Self {
        Self { keyring, cpu }
    }

    /// A password ready to be set (`setting`), kept as the pool wants it.
    ///
    /// Errors: PasswordHistoryPolicyViolation. The policy's other rules are `policy`'s.
    pub async fn make(&self, cx: &Cx, pool: &Pool, holder: Holder<'_>, password: String) -> Result<Password, ApiError> {
        let (remembered, store) = (pool.password_policy.remembered, pool.password_store);
        let (owner, now) = (holder.owner.clone(), cx.now());
        let current = holder.current.filter(|_| remembered > 0).cloned();
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
    pub async fn check(&self, cx: &Cx, pool: &Pool, holder: Holder<'_>, password: String) -> Result<Checked, ApiError> {
        let (owner, store) = (holder.owner.clone(), pool.password_store);
        let sealed = holder.current.map(|row| row.secret.clone());
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
            let (salt, verifier) = kept::decoy(keyring, owner);
            srp::check_password(owner.identity(), password, &salt, &verifier);
        }
        PasswordStore::Argon2id => drop(vault::password::hash(password, rng)?),
    }
    Ok(())
}
