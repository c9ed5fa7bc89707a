//! Calls that Cognito caps by the hour for each user. Reference: user-pools 4.4, 19.

use std::time::Duration;

use kernel::{ApiError, PoolId, Sub, Timestamp};
use store::{
    Read, Stop, StoreError, Tx,
    records::attempts::{self, Attempts},
};

use crate::{code::Purpose, errors};

/// Calls that a user may make so many times an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capped {
    ConfirmSignUp,
    ResendConfirmationCode,
    /// ForgotPassword and ConfirmForgotPassword together.
    ForgotPassword,
    ChangePassword,
    SendVerificationCode,
    /// Codes that go to an address because it was changed.
    ChangedAddress,
    VerifyAttribute,
    /// First codes of an authenticator app.
    VerifySoftwareToken,
    /// Codes that sign-ins send, as first or second factor.
    SignInCode,
}

impl Capped {
    /// What asking for a code counts as.
    pub fn asking_for(purpose: Purpose) -> Self {
        match purpose {
            Purpose::SignUp | Purpose::SignedUp => Self::ResendConfirmationCode,
            Purpose::ForgotPassword => Self::ForgotPassword,
            Purpose::Verify(_) => Self::SendVerificationCode,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::ConfirmSignUp => "confirm-sign-up",
            Self::ResendConfirmationCode => "resend",
            Self::ForgotPassword => "forgot-password",
            Self::ChangePassword => "change-password",
            Self::SendVerificationCode => "send-verification",
            Self::ChangedAddress => "changed-address",
            Self::VerifyAttribute => "verify-attribute",
            Self::VerifySoftwareToken => "verify-software-token",
            Self::SignInCode => "sign-in-code-sent",
        }
    }

    fn per_hour(self) -> i64 {
        match self {
            Self::ConfirmSignUp | Self::VerifyAttribute | Self::VerifySoftwareToken => 15,
            // Reference 19: 5 to 20 by risk.
            Self::SignInCode => 20,
            // AWS says 5 to 20 by risk; without risk scores the middle keeps a clumsy user going and a guesser out. For changed addresses
            // Cognito names none; without one a user could send codes to as many strangers as they like.
            Self::ForgotPassword | Self::ChangedAddress => 10,
            Self::ResendConfirmationCode | Self::ChangePassword | Self::SendVerificationCode => 5,
        }
    }

    /// The calls of sign-in, VerifySoftwareToken and UpdateUserAttributes have no LimitExceeded (their model).
    fn refusal(self) -> ApiError {
        match self {
            Self::SignInCode | Self::ChangedAddress => errors::too_many_codes(),
            Self::VerifySoftwareToken => errors::too_many_guesses(),
            _ => errors::attempt_limit_exceeded(),
        }
    }
}

const HOUR: Duration = Duration::from_secs(3600);

/// No counter means anything so long after its time: `jobs::sweep` forgets it.
pub(crate) const LONGEST_WINDOW: Duration = HOUR;

/// Counts one call. Errors: LimitExceeded (TooManyRequests where the model has none) if it is one too many.
pub(crate) fn count(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, what: Capped, now: Timestamp) -> Result<(), Stop> {
    let running = running(tx, pool, sub, what, now)?;
    let next = match running {
        Some(a) if a.count >= what.per_hour() => return Err(what.refusal().into()),
        Some(a) => Attempts {
            count: a.count + 1,
            ..a
        },
        None => Attempts { count: 1, since: now },
    };
    Ok(attempts::put(tx, pool, sub, what.label(), next)?)
}

fn running(
    r: &mut impl Read,
    pool: &PoolId,
    sub: &Sub,
    what: Capped,
    now: Timestamp,
) -> Result<Option<Attempts>, StoreError> {
    Ok(attempts::find(r, pool, sub, what.label())?.filter(|a| now.since(a.since) < HOUR))
}
