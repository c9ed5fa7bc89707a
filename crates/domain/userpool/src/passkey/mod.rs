//! Passkeys: what users register at their authenticators and sign in with. Start at `registration` and `assertion`; which pages they belong to is
//! the pool's to say ([`crate::pool::passkeys`]), what an answer proves is told by the crate `webauthn`. Reference:
//! user-pools 7.

pub(crate) mod assertion;
mod challenge;
mod names;
pub(crate) mod registration;
pub(crate) mod view;
