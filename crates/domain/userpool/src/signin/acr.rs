//! How much a sign-in has shown, and what it still lacks of what an app asks for: step-up. Pure. Reference: user-pools 15.1.

use kernel::ApiError;
use store::records::{factor::Factor, users::User};

use super::method::{Method, Proved, has_two_factors};
use crate::{
    errors,
    mfa::factors::{self, Second},
    pool::{
        acr::{Level, LevelNames},
        settings::{MfaMode, MfaSettings},
    },
    session::Shown,
};

/// The highest level that is fully met.
pub(super) fn level(proved: &[Proved]) -> Level {
    let vouched = proved.iter().find_map(|proved| match proved.method {
        Method::Federated(level) => Some(level),
        _ => None,
    });
    if let Some(level) = vouched {
        return level;
    }
    let has = |method: Method| proved.iter().any(|proved| proved.method == method);
    // A recovery code is worth as much as one that was sent, whatever it stands in for.
    let sent = has(Method::EmailCode) || has(Method::SmsCode) || has(Method::RecoveryCode);
    let is_passkey = |proved: &Proved| matches!(proved.method, Method::Passkey { .. });
    if proved.iter().any(is_passkey) && !(has(Method::Password) && has(Method::Totp)) {
        return Level::Three;
    }
    match (has(Method::Password), has(Method::Totp), sent) {
        (true, true, _) => Level::Four,
        (true, false, true) => Level::Three,
        (false, _, true) => Level::Two,
        _ => Level::One,
    }
}

/// The second factors that take a password to a level, and that the user has the means for; of whoever is not there, all that
/// the pool has.
pub(super) fn leading_to(target: Level, mfa: &MfaSettings, user: Option<&User>) -> Vec<Factor> {
    if mfa.mode == MfaMode::Off {
        return Vec::new();
    }
    let wanted: &[Factor] = match target {
        Level::One => &[],
        Level::Two | Level::Three => &[Factor::Sms, Factor::SoftwareToken, Factor::Email],
        Level::Four => &[Factor::SoftwareToken],
    };
    let offered = wanted.iter().filter(|factor| mfa.factors.contains(factor));
    offered
        .filter(|factor| user.is_none_or(|user| factors::has_means(user, **factor)))
        .copied()
        .collect()
}

/// What is still to be shown for the level.
///
/// Errors: InvalidParameter if the user has no means to show it.
pub(super) fn lacking(target: Level, proved: &[Proved], mfa: &MfaSettings, user: &User) -> Result<Second, ApiError> {
    if level(proved) >= target {
        return Ok(Second::None);
    }
    let has_password = proved.iter().any(|proved| proved.method == Method::Password);
    let factors = leading_to(target, mfa, Some(user));
    match (has_password, factors.as_slice()) {
        (false, _) | (true, []) => Err(errors::acr_out_of_reach()),
        (true, &[factor]) => Ok(Second::Challenge(factor)),
        (true, _) => Ok(Second::Select(factors)),
    }
}

/// What the tokens of a sign-in say was shown.
pub(super) fn shown(names: &LevelNames, proved: &[Proved]) -> Shown {
    let mut amr: Vec<String> = Vec::new();
    for name in proved.iter().filter_map(|proved| proved.method.amr()) {
        if !amr.iter().any(|known| known == name) {
            amr.push(name.to_owned());
        }
    }
    if amr.len() > 1 || has_two_factors(proved) {
        amr.push("mfa".to_owned());
    }
    Shown {
        acr: names.name(level(proved)).to_owned(),
        amr,
        since: None,
    }
}

#[cfg(test)]
mod tests {
    use Method::{EmailCode, Password, RecoveryCode, SmsCode, Totp};

    use api::cognito_idp::UserPoolType;
    use kernel::Timestamp;

    use super::*;

    #[test]
    fn the_highest_level_that_is_met_counts() {
        let cases: [(&[Method], Level, &[&str]); 10] = [
            (&[Password], Level::One, &["pwd"]),
            (&[EmailCode], Level::Two, &["email_otp"]),
            (&[SmsCode], Level::Two, &["sms"]),
            // A code at sign-up, and one as second factor.
            (&[EmailCode, EmailCode], Level::Two, &["email_otp"]),
            (&[Password, SmsCode], Level::Three, &["pwd", "sms", "mfa"]),
            (&[Password, EmailCode], Level::Three, &["pwd", "email_otp", "mfa"]),
            (&[Password, Totp], Level::Four, &["pwd", "otp", "mfa"]),
            // It has no name among AWS's.
            (&[Password, RecoveryCode], Level::Three, &["pwd", "mfa"]),
            (&[EmailCode, RecoveryCode], Level::Two, &["email_otp", "mfa"]),
            (&[Password, SmsCode, Totp], Level::Four, &["pwd", "sms", "otp", "mfa"]),
        ];
        for (methods, expected, amr) in cases {
            let proved: Vec<Proved> = methods
                .iter()
                .map(|method| Proved {
                    method: *method,
                    at: Timestamp::default(),
                })
                .collect();
            assert_eq!(level(&proved), expected, "{methods:?}");
            let shown = shown(&LevelNames::of(&UserPoolType::default()), &proved);
            assert_eq!(shown.amr, amr, "{methods:?}");
        }
    }
}
