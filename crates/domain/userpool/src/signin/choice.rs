//! USER_AUTH: the app names a first factor or lets the user choose. Passwords are all there is to choose from so far. Pure.
//! Reference: user-pools 5.8.

use super::protocol::FirstFactor;
use crate::pool::{PasswordStore, Pool};

/// In the order in which AWS lists them. The same for every user, so that it doesn't tell who exists.
pub(super) fn available(pool: &Pool) -> Vec<FirstFactor> {
    match pool.password_store {
        PasswordStore::SrpVerifier => vec![FirstFactor::PasswordSrp, FirstFactor::Password],
        PasswordStore::Argon2id => vec![FirstFactor::Password],
    }
}
