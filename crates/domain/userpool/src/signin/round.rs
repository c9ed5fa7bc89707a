//! What the functions of CUSTOM_AUTH may ask for by name, and what an answer was to. Pure. Reference: user-pools 5.9.

use kernel::ApiError;

use super::{
    method::SentBy,
    state::{Asked, State},
};
use crate::{errors, trigger::Round};

pub(super) const SRP_A: &str = "SRP_A";
pub(super) const CUSTOM_CHALLENGE: &str = "CUSTOM_CHALLENGE";
pub(super) const DEVICE_SRP_AUTH: &str = "DEVICE_SRP_AUTH";
const PASSWORD_VERIFIER: &str = "PASSWORD_VERIFIER";
const DEVICE_PASSWORD_VERIFIER: &str = "DEVICE_PASSWORD_VERIFIER";
const SOFTWARE_TOKEN_MFA: &str = "SOFTWARE_TOKEN_MFA";
const SMS_MFA: &str = "SMS_MFA";
const EMAIL_OTP: &str = "EMAIL_OTP";

/// What the call at hand began and did not prove: the public value of SRP, by a password or by a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begun<'a> {
    Nothing,
    Password(&'a str),
    Device(&'a str),
}

/// What is asked next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted<'a> {
    /// Proof of the password, to this SRP_A.
    PasswordProof(&'a str),
    Custom,
    Code(SentBy),
    Totp,
    Device,
    /// Its proof, to this SRP_A.
    DeviceProof(&'a str),
}

/// Errors: NotAuthorized (NEW_PASSWORD_REQUIRED), InvalidLambdaResponse (a name that can't be asked here).
pub(super) fn wanted<'a>(name: &str, begun: Begun<'a>) -> Result<Wanted<'a>, ApiError> {
    match (name, begun) {
        (PASSWORD_VERIFIER, Begun::Password(srp_a)) => Ok(Wanted::PasswordProof(srp_a)),
        (DEVICE_PASSWORD_VERIFIER, Begun::Device(srp_a)) => Ok(Wanted::DeviceProof(srp_a)),
        (CUSTOM_CHALLENGE, _) => Ok(Wanted::Custom),
        (SMS_MFA, _) => Ok(Wanted::Code(SentBy::SmsMfa)),
        (EMAIL_OTP, _) => Ok(Wanted::Code(SentBy::EmailOtp)),
        (SOFTWARE_TOKEN_MFA, _) => Ok(Wanted::Totp),
        (DEVICE_SRP_AUTH, _) => Ok(Wanted::Device),
        ("NEW_PASSWORD_REQUIRED", _) => Err(errors::invalid_session_provided()),
        _ => Err(errors::triggers::unrecognizable_output()),
    }
}

/// What the functions call the question that a right answer was to. None: it is no question of theirs, and what follows is not theirs
/// to say.
pub(super) fn asked_by_functions(state: &State) -> Option<&'static str> {
    state.rounds.as_ref()?;
    match &state.asked {
        Asked::SrpProof => Some(PASSWORD_VERIFIER),
        Asked::Code { sent, .. } => match sent {
            SentBy::SmsMfa => Some(SMS_MFA),
            SentBy::EmailOtp => Some(EMAIL_OTP),
            SentBy::SmsOtp => None,
        },
        Asked::Totp => Some(SOFTWARE_TOKEN_MFA),
        Asked::Device => Some(DEVICE_SRP_AUTH),
        Asked::DeviceProof => Some(DEVICE_PASSWORD_VERIFIER),
        Asked::Custom { .. } => Some(CUSTOM_CHALLENGE),
        Asked::FirstFactor
        | Asked::NewPassword
        | Asked::SignUpCode
        | Asked::Nothing
        | Asked::Passkey { .. }
        | Asked::SecondFactor(_)
        | Asked::AnyPasskey { .. }
        | Asked::SetUp(_) => None,
    }
}

pub(super) fn round(name: &str, right: bool, metadata: Option<String>) -> Round {
    Round {
        name: name.to_owned(),
        right,
        metadata,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_asks_for() {
        use Begun::{Device, Nothing, Password};
        let unservable = Err("Unrecognizable lambda output");
        for (name, begun, expected) in [
            ("CUSTOM_CHALLENGE", Nothing, Ok(Wanted::Custom)),
            ("CUSTOM_CHALLENGE", Password("a"), Ok(Wanted::Custom)),
            ("CUSTOM_CHALLENGE", Device("a"), Ok(Wanted::Custom)),
            ("SMS_MFA", Nothing, Ok(Wanted::Code(SentBy::SmsMfa))),
            ("SMS_MFA", Password("a"), Ok(Wanted::Code(SentBy::SmsMfa))),
            ("EMAIL_OTP", Nothing, Ok(Wanted::Code(SentBy::EmailOtp))),
            ("SOFTWARE_TOKEN_MFA", Nothing, Ok(Wanted::Totp)),
            ("DEVICE_SRP_AUTH", Nothing, Ok(Wanted::Device)),
            ("PASSWORD_VERIFIER", Password("a"), Ok(Wanted::PasswordProof("a"))),
            ("PASSWORD_VERIFIER", Nothing, unservable),
            ("PASSWORD_VERIFIER", Device("a"), unservable),
            ("DEVICE_PASSWORD_VERIFIER", Device("a"), Ok(Wanted::DeviceProof("a"))),
            ("DEVICE_PASSWORD_VERIFIER", Nothing, unservable),
            ("DEVICE_PASSWORD_VERIFIER", Password("a"), unservable),
            (
                "NEW_PASSWORD_REQUIRED",
                Nothing,
                Err("Invalid session provided for the user."),
            ),
            ("SRP_A", Nothing, unservable),
            ("SRP_A", Password("a"), unservable),
            ("SMS_OTP", Nothing, unservable),
            ("WEB_AUTHN", Nothing, unservable),
            ("SELECT_MFA_TYPE", Nothing, unservable),
            ("MFA_SETUP", Nothing, unservable),
            ("ADMIN_NO_SRP_AUTH", Nothing, unservable),
            ("sms_mfa", Nothing, unservable),
            ("", Nothing, unservable),
        ] {
            let found = wanted(name, begun);
            assert_eq!(
                found.as_ref().map_err(ApiError::message),
                expected.as_ref().map_err(|text| *text),
                "{name} {begun:?}"
            );
        }
    }
}
