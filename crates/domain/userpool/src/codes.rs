//! One-time codes: made, kept as HMAC, checked, spent. Reference: user-pools 4.4, 4.7, 4.8.

use std::time::Duration;

use kernel::{ApiError, PoolId, Rng, Sub, Timestamp};
use store::{
    Read, StoreError, Tx,
    records::{codes, users::User},
};
use vault::Keyring;

use crate::{delivery_target::Target, errors};

/// What a code proves. One code a purpose and user is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignUp,
    ForgotPassword,
    /// Of an attribute that a signed-in user has or asked for.
    VerifyEmail,
    VerifyPhoneNumber,
}

impl Purpose {
    pub fn label(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::ForgotPassword => "forgot-password",
            Self::VerifyEmail => "verify:email",
            Self::VerifyPhoneNumber => "verify:phone_number",
        }
    }

    /// `attribute` is `email` or `phone_number`.
    pub fn verify(attribute: &str) -> Self {
        if attribute == "email" {
            Self::VerifyEmail
        } else {
            Self::VerifyPhoneNumber
        }
    }

    pub fn lifetime(self) -> Duration {
        match self {
            Self::ForgotPassword => Duration::from_secs(3600),
            Self::SignUp | Self::VerifyEmail | Self::VerifyPhoneNumber => Duration::from_secs(24 * 3600),
        }
    }
}

/// A code on its way to the user: the digits for the message, the row for the store.
#[derive(Clone)]
pub(crate) struct Fresh {
    pub digits: String,
    row: codes::Code,
    purpose: Purpose,
}

impl Fresh {
    /// Six digits that prove that `user` reads what is sent to `target`.
    pub fn draw(
        keyring: &Keyring,
        user: &User,
        purpose: Purpose,
        target: &Target,
        now: Timestamp,
        rng: &dyn Rng,
    ) -> Self {
        let digits = kernel::decimal(rng, 6);
        let row = codes::Code {
            mac: mac(keyring, user, purpose, &digits, &target.address).to_vec(),
            target: target.attribute.to_owned(),
            created: now,
            expires: now.plus(purpose.lifetime()),
        };
        Self { digits, row, purpose }
    }

    /// Replaces whatever code the user had for this purpose.
    pub fn keep(&self, tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
        codes::put(tx, pool, sub, self.purpose.label(), &self.row)
    }
}

/// Digits are bound to the address that they went to: a code proves nothing of an address that replaced it.
fn mac(keyring: &Keyring, user: &User, purpose: Purpose, digits: &str, address: &str) -> [u8; 32] {
    vault::codes::mac(keyring, purpose.label(), &user.pool, &user.sub, &bound(digits, address))
}

fn bound(digits: &str, address: &str) -> String {
    format!("{digits} {address}")
}

/// Where the code went, if it is right and in time. Spend it in the same transaction.
///
/// Refusals: ExpiredCode (none in force), CodeMismatch.
pub(crate) fn check(
    r: &mut impl Read,
    keyring: &Keyring,
    user: &User,
    purpose: Purpose,
    given: &str,
    now: Timestamp,
) -> Result<Result<Target, ApiError>, StoreError> {
    let in_force = codes::find(r, &user.pool, &user.sub, purpose.label())?.filter(|code| now < code.expires);
    let Some(code) = in_force else {
        return Ok(Err(errors::code_expired()));
    };
    let target = match purpose {
        Purpose::VerifyEmail | Purpose::VerifyPhoneNumber => Target::to_prove(user, &code.target),
        Purpose::SignUp | Purpose::ForgotPassword => Target::of(user, &code.target),
    };
    let Some(target) = target else {
        return Ok(Err(errors::code_mismatch()));
    };
    let given = bound(given, &target.address);
    let right = vault::codes::verify(keyring, purpose.label(), &user.pool, &user.sub, &given, &code.mac);
    Ok(if right {
        Ok(target)
    } else {
        Err(errors::code_mismatch())
    })
}

pub(crate) fn spend(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, purpose: Purpose) -> Result<bool, StoreError> {
    codes::spend(tx, pool, sub, purpose.label())
}
