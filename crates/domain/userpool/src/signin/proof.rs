//! What a factor has to say of an answer that was right.

use kernel::Turn;
use store::records::{passkeys::Use, passwords::Password, users::User};

use super::method::Method;
use crate::external::Renewal;

pub(super) struct Proof {
    /// What was shown. None: what the state says was proved is enough.
    pub method: Option<Method>,
    /// What becomes of the user's password if the answer counts.
    pub change: Change,
    /// For whoever signs something for the user.
    pub turn: Turn,
}

pub(super) enum Change {
    None,
    /// The password is kept as the pool wants it from now on; guarded by the version that was read.
    Kept {
        sealed: Vec<u8>,
        version: i64,
    },
    NewPassword(Box<Chosen>),
    /// The step of time that a TOTP code was of: it counts once.
    TotpStep(i64),
    /// The digest of a recovery code: it counts once.
    RecoveryCode(Vec<u8>),
    /// A passkey's use: its counter goes up, or it does not count.
    Passkey(Use),
    /// The address that a code went to is proven, and with it whatever waited for that; or it is the user's from now on.
    Proven(Box<Proven>),
    /// What an identity provider says of the user.
    Mapped(Box<Renewal>),
}

/// A user before and after an address was proved, or given.
pub(super) struct Proven {
    pub before: User,
    pub after: User,
    /// It was a second factor, which counts although the address is another's alias: it is just not proven then.
    pub is_aside: bool,
}

/// A user with the password of their own choice.
pub(super) struct Chosen {
    pub before: User,
    pub after: User,
    pub password: Password,
}

impl Change {
    /// The user as they are after it, where it changes them.
    pub fn after(&self) -> Option<&User> {
        match self {
            Self::NewPassword(chosen) => Some(&chosen.after),
            Self::Proven(proven) => Some(&proven.after),
            Self::Mapped(renewal) => renewal.foreseen(),
            Self::None | Self::Kept { .. } | Self::TotpStep(_) | Self::RecoveryCode(_) | Self::Passkey(_) => None,
        }
    }
}
