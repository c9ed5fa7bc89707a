//! USER_AUTH: the app names a first factor or lets the user choose among those that there are. Pure. Reference: user-pools 5.8.

use std::time::Duration;

use api::cognito_idp::AuthFactorType;
use kernel::{ApiError, Timestamp};
use store::records::{address::Address, passkeys::Passkey, status::Status, users::User};

use super::{
    acr,
    candidate::Candidate,
    method::Proved,
    protocol::{FirstFactor, StepUp},
    visit::Visit,
};
use crate::{
    errors,
    mfa::factors::{self, Second},
    passkey::assertion,
    pool::{
        PasswordStore, Pool,
        acr::Level,
        passkeys::{Passkeys, Use},
        settings::MfaMode,
    },
    user::{addresses, standing::signs_in_here},
};

/// What somebody has to prove themselves by.
pub(crate) struct Held<'a> {
    pub password: bool,
    pub passkeys: &'a [Passkey],
    /// What those are worth where the sign-in is.
    pub settings: &'a Passkeys,
}

/// What a sign-in of this candidate may begin with, if it is to lead to the target. In the order in which AWS lists them.
pub(super) fn available(visit: &Visit, candidate: &Candidate, target: Option<Level>) -> Vec<FirstFactor> {
    let user = candidate.user.as_ref();
    // Who signs in at a provider is hidden as if they were not there.
    let user = user.filter(|user| signs_in_here(user) || !visit.client.hides_users());
    let held = Held {
        password: candidate.password.is_some(),
        passkeys: &candidate.passkeys,
        settings: &visit.passkeys,
    };
    let mut available = first_factors(&visit.pool, user, &held);
    // What a user lacks is told after the first factor, where it is to be told to nobody else.
    let told = user.filter(|_| !visit.client.hides_users());
    available.retain(|factor| target.is_none_or(|target| leads_to(*factor, target, &visit.pool, told)));
    available
}

/// What a user may begin with, and is told to have. Whoever is not there has all that the pool knows, and the passkeys that are held.
pub(crate) fn first_factors(pool: &Pool, user: Option<&User>, held: &Held<'_>) -> Vec<FirstFactor> {
    let mut factors = match pool.password_store {
        PasswordStore::SrpVerifier => vec![FirstFactor::PasswordSrp, FirstFactor::Password],
        PasswordStore::Argon2id => vec![FirstFactor::Password],
    };
    if user.is_some() && !held.password {
        factors.clear();
    }
    let by_code = match user {
        Some(user) => may_go_without_password(pool, user),
        // As for those who are there.
        None => pool.mfa.mode != MfaMode::On,
    };
    if by_code {
        let has = |address| user.is_none_or(|user| addresses::present(user, address).is_some());
        let offered = |factor, address| pool.first_factors.allows(factor) && has(address);
        if offered(AuthFactorType::EmailOtp, Address::Email) {
            factors.push(FirstFactor::EmailOtp);
        }
        if offered(AuthFactorType::SmsOtp, Address::Phone) && pool.sends_texts() {
            factors.push(FirstFactor::SmsOtp);
        }
    }
    let has_passkey = assertion::usable(held.settings, held.passkeys).next().is_some();
    if has_passkey
        && pool.first_factors.allows(AuthFactorType::WebAuthn)
        && user.is_none_or(|user| may_use_passkey(pool, user))
    {
        factors.push(FirstFactor::WebAuthn);
    }
    factors
}

/// The first of the targets that this candidate can get to. Errors: InvalidParameter if there is none.
pub(super) fn target(visit: &Visit, candidate: &Candidate, targets: &[Level]) -> Result<Level, ApiError> {
    let reachable = |target: &&Level| !available(visit, candidate, Some(**target)).is_empty();
    targets
        .iter()
        .find(reachable)
        .copied()
        .ok_or_else(errors::acr_out_of_reach)
}

/// Not where a second factor is due after the first.
fn may_go_without_password(pool: &Pool, user: &User) -> bool {
    needs_no_password(user) && factors::due(&pool.mfa, user) == Second::None
}

/// Nothing stands in for a temporary password, nor for a provider's word.
fn needs_no_password(user: &User) -> bool {
    user.status != Status::ForceChangePassword && signs_in_here(user)
}

/// Whether a sign-in that begins with this factor can get to the level.
fn leads_to(first: FirstFactor, target: Level, pool: &Pool, user: Option<&User>) -> bool {
    match first {
        FirstFactor::Password | FirstFactor::PasswordSrp => {
            target == Level::One || !acr::leading_to(target, &pool.mfa, user).is_empty()
        }
        FirstFactor::EmailOtp | FirstFactor::SmsOtp => target <= Level::Two,
        FirstFactor::WebAuthn => target <= Level::Three,
        FirstFactor::Other => false,
    }
}

/// What an access token earns of a sign-in: what was shown then, if that is not too long ago and the password is still the one
/// that was. It never stands alone, or a token that leaked would be worth a sign-in.
pub(super) fn credit(
    pool: &Pool,
    step_up: &StepUp,
    candidate: &Candidate,
    (target, now): (Level, Timestamp),
) -> Vec<Proved> {
    let user = candidate.user.as_ref();
    let (Some(credit), Some(user)) = (&step_up.credit, user.filter(|user| is_credited(step_up, user))) else {
        return Vec::new();
    };
    // By their ages, because the two times are of two clocks (decision 4); tokens tell whole seconds.
    let is_older = |set_at: Timestamp| now.since(set_at) + Duration::from_secs(1) > credit.age;
    let same_password = candidate.password.as_ref().is_none_or(|row| is_older(row.set_at));
    let proved: Vec<Proved> = credit
        .methods
        .iter()
        .map(|method| Proved {
            method: *method,
            at: credit.at,
        })
        .collect();
    // Nor what leads nowhere.
    let leads = acr::lacking(target, &proved, &pool.mfa, user).is_ok_and(|lacking| lacking != Second::None);
    if same_password && leads { proved } else { Vec::new() }
}

fn is_credited(step_up: &StepUp, user: &User) -> bool {
    step_up.credit.as_ref().is_some_and(|credit| credit.sub == user.sub)
}

/// Where a second factor is due, a passkey must be one too.
pub(crate) fn may_use_passkey(pool: &Pool, user: &User) -> bool {
    may_go_without_password(pool, user) || (needs_no_password(user) && pool.passkeys.use_as == Use::BothFactors)
}
