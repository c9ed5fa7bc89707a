//! Who may do what. An edge says what a request intends ([`Intent`]); here stands which actions that needs leave for, on what
//! and with which context keys, how far a bucket's policy counts, and to whom it is shown that something is not there. All of
//! that is pure and tested by tables; `judge` puts the questions to IAM.
//!
//! Intent ─▶ `needs` (actions, ARNs) ─┐
//!    └────▶ `keys` (context) ────────┼─▶ `judge`: IAM, with the bucket's policy as far as it counts ─▶ fine or AccessDenied
//! Object found (its tags) ───────────┘

mod intent;
mod judge;
mod keys;
mod needs;
mod operation;
mod setting;

pub use intent::{Intent, Manner, Signature};
pub use judge::On;
pub use keys::Keys;
pub use needs::bucket_arn;
pub use operation::Operation;
pub use setting::Setting;
