//! USER_AUTH: the app names a first factor or lets the user choose among those that there are. Pure. Reference: user-pools 5.8.

use api::cognito_idp::AuthFactorType;
use kernel::{ApiError, Timestamp};
use store::records::{address::Address, status::Status, users::User};

use super::{
    acr,
    candidate::Candidate,
    protocol::{FirstFactor, StepUp},
    state::Proved,
};
use crate::{
    errors,
    mfa::factors::{self, Second},
    passkey::assertion,
    pool::{PasswordStore, Pool, acr::Level, passkeys::Use},
    user::addresses,
};

/// In the order in which AWS lists them, those that lead to the target. Whoever is not there has all that the pool knows.
pub(super) fn available(pool: &Pool, candidate: &Candidate, target: Option<Level>) -> Vec<FirstFactor> {
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
    available.retain(|factor| target.is_none_or(|target| leads_to(*factor, target, pool, candidate)));
    available
}

/// The first of the targets that this candidate can get to. Errors: InvalidParameter if there is none.
pub(super) fn target(pool: &Pool, candidate: &Candidate, targets: &[Level]) -> Result<Level, ApiError> {
    let reachable = |target: &&Level| !available(pool, candidate, Some(**target)).is_empty();
    targets
        .iter()
        .find(reachable)
        .copied()
        .ok_or_else(errors::acr_out_of_reach)
}

/// Not where a second factor is due after the first, and not in the place of a temporary password.
fn may_go_without_password(pool: &Pool, user: &User) -> bool {
    user.status != Status::ForceChangePassword && factors::due(&pool.mfa, user) == Second::None
}

/// Whether a sign-in that begins with this factor can get to the level.
fn leads_to(first: FirstFactor, target: Level, pool: &Pool, candidate: &Candidate) -> bool {
    match first {
        FirstFactor::Password | FirstFactor::PasswordSrp => {
            target == Level::One || !acr::leading_to(target, &pool.mfa, candidate.user.as_ref()).is_empty()
        }
        FirstFactor::EmailOtp | FirstFactor::SmsOtp => target <= Level::Two,
        FirstFactor::WebAuthn => target <= Level::Three,
        FirstFactor::Other => false,
    }
}

/// What an access token earns of a sign-in: what was shown then, if that is not too long ago and the password is still the one
/// that was. It never stands alone, or a token that leaked would be worth a sign-in.
pub(super) fn credit(step_up: &StepUp, candidate: &Candidate, target: Level) -> Vec<Proved> {
    let Some(credit) = &step_up.credit else {
        return Vec::new();
    };
    let whose = candidate.user.as_ref().is_some_and(|user| user.sub == credit.sub);
    // Tokens tell whole seconds.
    let before = |set_at: Timestamp| set_at.secs() <= credit.at.secs();
    let same_password = candidate.password.as_ref().is_none_or(|row| before(row.set_at));
    let proved: Vec<Proved> = credit
        .methods
        .iter()
        .map(|method| Proved {
            method: *method,
            at: credit.at,
        })
        .collect();
    if whose && same_password && acr::level(&proved) < target {
        proved
    } else {
        Vec::new()
    }
}

/// Where a second factor is due, a passkey must be one too.
fn may_use_passkey(pool: &Pool, user: &User) -> bool {
    may_go_without_password(pool, user)
        || (user.status != Status::ForceChangePassword && pool.passkeys.use_as == Use::BothFactors)
}
