//! Cryptographic mechanism: the keyring and what it seals, one-time codes, authenticator apps' secrets, temporary credentials' secrets, SRP, password
//! hashes, JWS, messages of the AWS Encryption SDK. It stores nothing, decides nothing of Cognito's, reads no clock and waits for nothing; whoever calls it
//! from a request runs the slow parts (SRP, argon2, signing) on the CPU pool. Start at [`Keyring`], [`srp`], [`jws`],
//! [`encryption_sdk`].

mod client_secret;
pub mod codes;
pub mod constant_time;
mod credentials;
pub mod encryption_sdk;
mod hash;
pub mod jws;
mod keyring;
mod page;
pub mod password;
mod purpose;
mod seal;
mod secret;
pub mod srp;
#[cfg(test)]
mod testing;
pub mod totp;

pub use client_secret::secret_hash;
pub use keyring::{Keyring, KeyringCheck, KeyringError, KeyringMismatch};
pub use page::{ForeignToken, Page};
pub use purpose::Purpose;
pub use seal::{Expiring, OpenError, SealError, TokenError, sealed_under};
pub use secret::{Secret, SecretText};

/// SHA-256 of `bytes`: what is kept of values that only have to be recognised.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    hash::sha256(&[bytes])
}
