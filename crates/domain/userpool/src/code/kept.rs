//! One-time codes: drawn, kept as HMAC, judged, spent. Reference: user-pools 4.4, 4.7, 4.8.

use kernel::{ApiError, PoolId, Sub, Timestamp};
use store::{
    Read, StoreError, Tx,
    records::{codes, users::User},
};
use vault::Keyring;

use super::{Purpose, Target};
use crate::{client::Client, errors};

/// A code on its way to the user, as it is kept.
#[derive(Clone)]
pub(crate) struct Fresh {
    row: codes::Code,
    purpose: Purpose,
}

impl Fresh {
    /// `digits` prove that `user` reads what is sent to `target`.
    pub fn of(
        keyring: &Keyring,
        (user, purpose): (&User, Purpose),
        target: &Target,
        digits: &str,
        now: Timestamp,
    ) -> Self {
        let row = codes::Code {
            mac: mac(keyring, user, purpose, digits, &target.address).to_vec(),
            target: target.kind,
            created: now,
            expires: now.plus(purpose.lifetime()),
        };
        Self { row, purpose }
    }

    /// Replaces whatever code the user had for this purpose.
    pub fn keep(&self, tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
        codes::put(tx, pool, sub, self.purpose.label(), &self.row)
    }
}

/// Digits are bound to the address that they went to: a code proves nothing of an address that replaced it.
fn mac(keyring: &Keyring, user: &User, purpose: Purpose, digits: &str, address: &str) -> [u8; 32] {
    vault::codes::mac(keyring, sealed(user, purpose, &bound(digits, address)))
}

fn sealed<'a>(user: &'a User, purpose: Purpose, text: &'a str) -> vault::codes::Code<'a> {
    vault::codes::Code {
        purpose: purpose.label(),
        pool: &user.pool,
        sub: &user.sub,
        text,
    }
}

fn bound(digits: &str, address: &str) -> String {
    format!("{digits} {address}")
}

/// What a code that was given is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Right and in time, and where it went.
    Right(Target),
    Wrong,
    /// It was right, and comes too late.
    Late,
    /// It is wrong, and there is none that could be right.
    NoneInForce,
}

impl Judged {
    /// Where the code went. Errors: ExpiredCode or CodeMismatch.
    pub fn told(self) -> Result<Target, ApiError> {
        match self {
            Self::Right(target) => Ok(target),
            Self::Wrong => Err(errors::code_mismatch()),
            Self::Late | Self::NoneInForce => Err(errors::code_expired()),
        }
    }

    /// To whoever signs up: through a client that hides users only those who have the code learn that it has run out, for to
    /// others it would tell that somebody is there. Reference: user-pools 17.2.
    pub fn told_at_sign_up(self, client: &Client) -> Result<Target, ApiError> {
        match self {
            Self::NoneInForce if client.hides_users() => Err(errors::code_mismatch()),
            judged => judged.told(),
        }
    }
}

/// What a code is worth. If it is right, spend it in the same transaction.
pub(crate) fn judge(
    r: &mut impl Read,
    keyring: &Keyring,
    (user, purpose): (&User, Purpose),
    given: &str,
    now: Timestamp,
) -> Result<Judged, StoreError> {
    let Some(code) = codes::find(r, &user.pool, &user.sub, purpose.label())? else {
        return Ok(Judged::NoneInForce);
    };
    let target = match purpose {
        Purpose::Verify(_) => Target::to_prove(user, code.target),
        Purpose::SignUp | Purpose::SignedUp | Purpose::ForgotPassword => Target::of(user, code.target),
    };
    let is_right = |target: &Target| {
        let given = bound(given, &target.address);
        vault::codes::verify(keyring, sealed(user, purpose, &given), &code.mac)
    };
    let in_force = now < code.expires;
    Ok(match target.filter(is_right) {
        Some(target) if in_force => Judged::Right(target),
        Some(_) => Judged::Late,
        None if in_force => Judged::Wrong,
        None => Judged::NoneInForce,
    })
}

/// The code that counts now.
pub(crate) fn in_force(
    r: &mut impl Read,
    pool: &PoolId,
    sub: &Sub,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<codes::Code>, StoreError> {
    Ok(codes::find(r, pool, sub, purpose.label())?.filter(|code| now < code.expires))
}

pub(crate) fn spend(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, purpose: Purpose) -> Result<bool, StoreError> {
    codes::spend(tx, pool, sub, purpose.label())
}
