//! USER_AUTH: the app names a first factor or lets the user choose among those that there are. Pure. Reference: user-pools 5.8.

use api::cognito_idp::AuthFactorType;
use store::records::{address::Address, status::Status, users::User};

use super::{candidate::Candidate, protocol::FirstFactor};
use crate::{
    mfa::factors::{self, Second},
    passkey::assertion,
    pool::{PasswordStore, Pool, passkeys::Use},
    user::addresses,
};

/// In the order in which AWS lists them. Whoever is not there has all that the pool knows.
pub(super) fn available(pool: &Pool, candidate: &Candidate) -> Vec<FirstFactor> {
    let mut available = match pool.password_store {
        PasswordStore::SrpVerifier => vec![FirstFactor::PasswordSrp, FirstFactor::Password],
        PasswordStore::Argon2id => vec![FirstFactor::Password],
    };
    let user = candidate.user.as_ref();
    if user.is_some() && candidate.password.is_none() {
        available.clear();
    }
    if user.is_none_or(|user| may_go_without_password(pool, user)) {
        let has = |address| user.is_none_or(|user| addresses::present(user, address).is_some());
        let offered = |factor, address| pool.first_factors.allows(factor) && has(address);
        if offered(AuthFactorType::EmailOtp, Address::Email) {
            available.push(FirstFactor::EmailOtp);
        }
        if offered(AuthFactorType::SmsOtp, Address::Phone) && pool.sends_texts() {
            available.push(FirstFactor::SmsOtp);
        }
    }
    let has_passkey = assertion::usable(&pool.passkeys, &candidate.passkeys).next().is_some();
    if has_passkey && user.is_none_or(|user| may_use_passkey(pool, user)) {
        available.push(FirstFactor::WebAuthn);
    }
    available
}

/// Not where a second factor is due after the first, and not in the place of a temporary password.
fn may_go_without_password(pool: &Pool, user: &User) -> bool {
    user.status != Status::ForceChangePassword && factors::due(&pool.mfa, user) == Second::None
}

/// Where a second factor is due, a passkey must be one too.
fn may_use_passkey(pool: &Pool, user: &User) -> bool {
    may_go_without_password(pool, user)
        || (user.status != Status::ForceChangePassword && pool.passkeys.use_as == Use::BothFactors)
}
