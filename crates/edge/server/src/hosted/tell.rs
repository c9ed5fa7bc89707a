//! What a person is told of a refusal. The sentences are hosted login's own, in the language of the page; what functions say is shown as
//! they say it. Pure.

use kernel::{ApiError, Code};
use pages::hosted::{Line, Say};

/// What a form had asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Password,
    /// The one so far, where another is chosen.
    CurrentPassword,
    Code,
    Passkey,
    Else,
}

pub fn line(error: &ApiError, asked: Asked) -> Line {
    let say = match error.code() {
        Code::NotAuthorized => return not_authorized(error, asked),
        Code::UserNotFound => Say::UnknownUser,
        Code::UserNotConfirmed => Say::AccountNotConfirmed,
        Code::PasswordResetRequired => Say::PasswordResetRequired,
        Code::CodeMismatch | Code::EnableSoftwareTokenMFA => Say::CodeMismatch,
        Code::ExpiredCode => Say::CodeExpired,
        Code::CodeDeliveryFailure => Say::CodeNotSent,
        Code::InvalidPassword => Say::PasswordTooWeak,
        Code::PasswordHistoryPolicyViolation => Say::PasswordUsedBefore,
        Code::UsernameExists => Say::UsernameTaken,
        Code::AliasExists => Say::AddressTaken,
        Code::TooManyRequests | Code::LimitExceeded => Say::TooManyAttempts,
        Code::UserLambdaValidation => return Line::Text(error.message().to_owned()),
        Code::InvalidParameter if asked == Asked::Passkey => Say::PasskeyFailed,
        Code::InvalidParameter => return invalid(error),
        _ => Say::SomethingWentWrong,
    };
    say.into()
}

/// AWS has one name for much; its sentences tell it apart.
fn not_authorized(error: &ApiError, asked: Asked) -> Line {
    let say = match error.message() {
        "Password attempts exceeded" => Say::TooManyAttempts,
        "User is disabled." => Say::AccountDisabled,
        text if text.starts_with("Invalid session") || text.contains("session is expired") => Say::SessionExpired,
        text if text.contains("SignUp is not permitted") => Say::SignUpClosed,
        _ if asked == Asked::Code => Say::CodeMismatch,
        _ if asked == Asked::Passkey => Say::PasskeyFailed,
        _ if asked == Asked::CurrentPassword => Say::WrongPassword,
        _ if asked == Asked::Password => Say::WrongUsernameOrPassword,
        _ => Say::SomethingWentWrong,
    };
    say.into()
}

fn invalid(error: &ApiError) -> Line {
    let text = error.message();
    let say = if text.contains("verified email or phone_number") {
        Say::NoRecoveryAddress
    } else if text.contains("no other way to sign in") {
        Say::LastWayIn
    } else if text.contains("cannot be turned off") {
        Say::FactorRequired
    } else if text.contains("email") {
        Say::InvalidEmail
    } else if text.contains("phone") {
        Say::InvalidPhone
    } else if text.to_ascii_lowercase().contains("password' failed") {
        // Too short even for the model.
        Say::PasswordTooWeak
    } else {
        Say::InvalidInput
    };
    say.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_told_apart_by_what_was_asked() {
        let wrong = ApiError::new(Code::NotAuthorized, "Incorrect username or password.");
        for (asked, expected) in [
            (Asked::Password, Say::WrongUsernameOrPassword),
            (Asked::Code, Say::CodeMismatch),
            (Asked::Passkey, Say::PasskeyFailed),
            (Asked::CurrentPassword, Say::WrongPassword),
            (Asked::Else, Say::SomethingWentWrong),
        ] {
            assert_eq!(line(&wrong, asked), expected.into());
        }
        let short =
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length";
        let short = ApiError::new(Code::InvalidParameter, short);
        assert_eq!(line(&short, Asked::Else), Say::PasswordTooWeak.into());
        let locked = ApiError::new(Code::NotAuthorized, "Password attempts exceeded");
        assert_eq!(line(&locked, Asked::Code), Say::TooManyAttempts.into());
        let function = ApiError::new(Code::UserLambdaValidation, "PreSignUp failed with error no.");
        assert_eq!(
            line(&function, Asked::Else),
            Line::Text("PreSignUp failed with error no.".to_owned())
        );
    }
}
