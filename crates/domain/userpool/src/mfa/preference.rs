//! Second factors are turned on and off, and one of them is preferred. Pure. Reference: user-pools 6.3.

use api::cognito_idp::{
    EmailMfaSettingsType, SMSMfaSettingsType, SoftwareTokenMfaSettingsType, WebAuthnMfaSettingsType,
};
use kernel::ApiError;
use store::records::{factor::Factor, users::User};

use super::factors;
use crate::{
    errors,
    pool::{
        Pool,
        passkeys::Use,
        settings::{MfaMode, MfaSettings},
    },
};

/// What a request wants of one factor. What is absent stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    pub factor: Factor,
    pub enabled: Option<bool>,
    pub preferred: Option<bool>,
}

/// What a request wants of all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    pub factors: Vec<Wish>,
    /// Whether a passkey is to count as a second factor.
    pub passkey: Option<bool>,
}

/// Who asks: AWS words one refusal for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    User,
    Administrator,
}

impl Wishes {
    /// From the blocks of (Admin)SetUserMFAPreference.
    pub fn of(
        sms: Option<SMSMfaSettingsType>,
        token: Option<SoftwareTokenMfaSettingsType>,
        email: Option<EmailMfaSettingsType>,
        passkey: Option<WebAuthnMfaSettingsType>,
    ) -> Self {
        let blocks = [
            sms.map(|block| (Factor::Sms, block.enabled, block.preferred_mfa)),
            token.map(|block| (Factor::SoftwareToken, block.enabled, block.preferred_mfa)),
            email.map(|block| (Factor::Email, block.enabled, block.preferred_mfa)),
        ];
        let wish = |(factor, enabled, preferred)| Wish {
            factor,
            enabled,
            preferred,
        };
        Self {
            factors: blocks.into_iter().flatten().map(wish).collect(),
            passkey: passkey.and_then(|block| block.enabled),
        }
    }
}

/// Grants the wishes to a user in memory; all of them or, with a refusal, none that counts.
///
/// Errors: InvalidParameter. Of an app that the pool has none of too: the operations' models have no SoftwareTokenMFANotFound.
pub(crate) fn grant(pool: &Pool, asker: Asker, user: &mut User, wishes: &Wishes) -> Result<(), ApiError> {
    let preferred = wishes.factors.iter().filter(|wish| wish.preferred == Some(true));
    if preferred.count() > 1 {
        return Err(errors::several_preferred_factors());
    }
    for wish in &wishes.factors {
        match wish.enabled {
            Some(true) => {
                may_turn_on(&pool.mfa, asker, user, wish.factor)?;
                user.doc.mfa.enabled.insert(wish.factor);
            }
            Some(false) => turn_off(pool.mfa.mode, user, wish.factor)?,
            None => {}
        }
        let mfa = &mut user.doc.mfa;
        match wish.preferred {
            Some(true) if !mfa.enabled.contains(&wish.factor) => return Err(errors::preferred_factor_not_enabled()),
            Some(true) => mfa.preferred = Some(wish.factor),
            Some(false) => drop_preference(user, wish.factor),
            None => {}
        }
    }
    passkey(pool, user, wishes.passkey)
}

/// Turns a factor off that the user has lost, whatever the pool requires.
pub(crate) fn lose(user: &mut User, factor: Factor) {
    user.doc.mfa.enabled.remove(&factor);
    user.doc.mfa.passkey &= !user.doc.mfa.enabled.is_empty();
    drop_preference(user, factor);
}

fn turn_off(mode: MfaMode, user: &mut User, factor: Factor) -> Result<(), ApiError> {
    if mode == MfaMode::On && user.doc.mfa.enabled.contains(&factor) {
        return Err(errors::required_factor());
    }
    lose(user, factor);
    Ok(())
}

fn drop_preference(user: &mut User, factor: Factor) {
    let mfa = &mut user.doc.mfa;
    mfa.preferred = mfa.preferred.filter(|preferred| *preferred != factor);
}

fn may_turn_on(pool: &MfaSettings, asker: Asker, user: &User, factor: Factor) -> Result<(), ApiError> {
    if pool.factors.contains(&factor) && factors::has_means(user, factor) {
        return Ok(());
    }
    Err(match (factor, asker) {
        (Factor::SoftwareToken, Asker::User) => errors::software_token_not_verified(),
        _ => errors::no_delivery_config(factor),
    })
}

/// It counts beside another factor, never alone.
fn passkey(pool: &Pool, user: &mut User, wanted: Option<bool>) -> Result<(), ApiError> {
    let mfa = &mut user.doc.mfa;
    match wanted {
        Some(true) if mfa.enabled.is_empty() || pool.passkeys.use_as != Use::BothFactors => {
            return Err(errors::passkey_needs_another_factor());
        }
        Some(wanted) => mfa.passkey = wanted,
        None => {}
    }
    Ok(())
}
