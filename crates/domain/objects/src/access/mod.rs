//! Who may do what. An edge says what a request intends ([`Intent`]); here stands which actions that needs leave for, on what
//! and with which context keys, how far a bucket's policy counts, and to whom it is shown that something is not there. What is
//! asked is pure and tested by tables; `judge` finds the object, asks IAM, and gives back what it judged.
//!
//! Intent ─▶ object found ─▶ actions, ARN, context keys (its tags among them) ─▶ IAM, with the bucket's policy as far as it
//! counts ─▶ the object, or AccessDenied

mod intent;
pub(crate) mod judge;
mod operation;
mod setting;

pub use intent::{Intent, Manner, Signature};
pub use judge::{Asked, Found, bucket_arn};
pub use operation::Operation;
pub use setting::Setting;
