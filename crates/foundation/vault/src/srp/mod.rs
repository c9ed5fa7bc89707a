//! SRP-6a as Cognito speaks it: 3072-bit group, SHA-256, a key derivation of its own. Reference: user-pools 5.3.
//!
//! ```text
//! client                                             server
//!   a, A = g^a          ──────── A ──────▶             salt, v of the user; b, B = k*v + g^b
//!                       ◀── salt, B, block ──
//!   S = (B - k*g^x)^(a + u*x)                          S = (A * v^u)^b
//!   K = HKDF(S, u)      ── HMAC(K, names, block, time) ──▶  the same
//! ```
//!
//! A user's names are pool short name and user id; a device's are its group key and key (reference: user-pools 10). What the server
//! must remember between its two steps is `A`, `b` and `B`; the caller decides where. Every number is 384 big-endian bytes.

mod bn;
mod claim;
#[cfg(any(test, feature = "client"))]
mod client;
mod client_public;
mod group;
mod numbers;
mod prime;
mod server;
#[cfg(test)]
mod tests;
mod unknown_user;
mod verifier;

pub use claim::SessionKey;
#[cfg(any(test, feature = "client"))]
pub use client::{Challenge, Client};
pub use client_public::ClientPublic;
pub use numbers::{Invalid, salt_hex};
pub use server::{ServerEphemeral, session_key};
pub use unknown_user::UnknownUser;
pub use verifier::{Identity, SALT_LEN, Verifier, check_password, draw_salt};

/// Length of the group's numbers in bytes.
pub const LEN: usize = bn::LEN;
