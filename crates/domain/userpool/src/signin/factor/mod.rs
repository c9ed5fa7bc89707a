//! The factors: each takes what a user shows and returns a `Proof`, or says that it was wrong. None writes, none asks another.

pub(super) mod code;
pub(super) mod device;
pub(super) mod mail_set_up;
pub(super) mod new_password;
pub(super) mod passkey;
pub(super) mod password;
pub(super) mod recovery;
pub(super) mod secret_block;
pub(super) mod srp;
mod timestamp;
pub(super) mod totp;
