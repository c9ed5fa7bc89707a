//! What a code proves.

use std::time::Duration;

use store::records::address::Address;

/// One code a purpose and user is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignUp,
    /// The code of a sign-up that is confirmed already: its link, opened again, says so.
    SignedUp,
    ForgotPassword,
    /// An address that a signed-in user has or asked for.
    Verify(Address),
}

impl Purpose {
    pub const ALL: [Self; 5] = [
        Self::SignUp,
        Self::SignedUp,
        Self::ForgotPassword,
        Self::Verify(Address::Email),
        Self::Verify(Address::Phone),
    ];

    /// As it is stored, and what the code's HMAC is bound to.
    pub fn label(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::SignedUp => "signed-up",
            Self::ForgotPassword => "forgot-password",
            Self::Verify(Address::Email) => "verify:email",
            Self::Verify(Address::Phone) => "verify:phone_number",
        }
    }

    pub fn lifetime(self) -> Duration {
        match self {
            Self::ForgotPassword => Duration::from_secs(3600),
            Self::SignUp | Self::SignedUp | Self::Verify(_) => Duration::from_secs(24 * 3600),
        }
    }
}
