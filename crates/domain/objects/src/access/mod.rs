//! Who may do what. An edge says what a request intends ([`Intent`]); here stands which actions that needs leave for, on what
//! and with which context keys, how far a bucket's policy counts, and to whom it is shown that something is not there. All of
//! that is pure and tested by tables; `judge` puts the questions to IAM.
//!
//! Intent ──────────────────▶ `questions`: actions, ARNs, context keys ─▶ `judge`: IAM, with the bucket's policy as far as it
//! Object found (its tags) ─────┘                                          counts ─▶ fine or AccessDenied

mod intent;
mod judge;
mod operation;
mod questions;
mod setting;

pub use intent::{Intent, Manner, Signature};
pub use judge::On;
pub use operation::Operation;
pub use questions::bucket_arn;
pub use setting::Setting;
