//! The sentences that hosted login says itself.

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

/// A sentence on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// In the page's language.
    Say(Say),
    /// As it is: what a trigger or a provider answered.
    Text(String),
}

impl From<Say> for Line {
    fn from(say: Say) -> Self {
        Self::Say(say)
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, text) = match self {
            Self::Say(say) => (Some(say.key()), None),
            Self::Text(text) => (None, Some(text)),
        };
        let mut line = serializer.serialize_struct("Line", 2)?;
        line.serialize_field("key", &key)?;
        line.serialize_field("text", &text)?;
        line.end()
    }
}

macro_rules! sentences {
    ($($variant:ident $key:literal)*) => {
        /// What went wrong or well. Each is a message of every language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Say {
            $($variant),*
        }

        impl Say {
            fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!("say_", $key)),*
                }
            }

            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$variant),*];
        }
    };
}

sentences! {
    WrongUsernameOrPassword "wrong_username_or_password"
    UnknownUser "unknown_user"
    AccountDisabled "account_disabled"
    AccountNotConfirmed "account_not_confirmed"
    PasswordResetRequired "password_reset_required"
    PasswordTooWeak "password_too_weak"
    PasswordUsedBefore "password_used_before"
    PasswordsDiffer "passwords_differ"
    WrongPassword "wrong_password"
    UsernameTaken "username_taken"
    AddressTaken "address_taken"
    InvalidEmail "invalid_email"
    InvalidPhone "invalid_phone"
    InvalidInput "invalid_input"
    CodeMismatch "code_mismatch"
    CodeExpired "code_expired"
    CodeNotSent "code_not_sent"
    NoRecoveryAddress "no_recovery_address"
    TooManyAttempts "too_many_attempts"
    PasskeyFailed "passkey_failed"
    PasskeyNotAdded "passkey_not_added"
    ProviderFailed "provider_failed"
    NoProviderForAddress "no_provider_for_address"
    SignUpClosed "sign_up_closed"
    AccessDenied "access_denied"
    UserCodeMismatch "user_code_mismatch"
    SessionExpired "session_expired"
    PageExpired "page_expired"
    PagesUnavailable "pages_unavailable"
    PageFailed "page_failed"
    SomethingWentWrong "something_went_wrong"
    CodeSentAgain "code_sent_again"
    PasswordChanged "password_changed"
    AccountConfirmed "account_confirmed"
    YouCanSignIn "you_can_sign_in"
    DeviceConnected "device_connected"
    BackToDevice "back_to_device"
    DeviceDenied "device_denied"
    StillSignedIn "still_signed_in"
    SafeToClose "safe_to_close"
    FactorRequired "factor_required"
    LastWayIn "last_way_in"
    NameDiffers "name_differs"
    Saved "saved"
    AddressConfirmed "address_confirmed"
    AccountDeleted "account_deleted"
}
