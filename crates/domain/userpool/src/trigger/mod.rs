//! Lambda triggers: which function a pool's event goes to (`lambdas`), what it is told (`event`), what its answer means (`answer`
//! and a file a trigger), and the call itself (`functions`). `source` lists the events. Reference: user-pools 16.
//!
//! A trigger is called between the decisions of an operation and its write: what the function refuses leaves nothing behind. After
//! the write comes PostConfirmation alone.

mod answer;
mod authentication;
mod challenge;
mod custom_message;
mod custom_sender;
mod event;
mod functions;
mod inbound_federation;
mod lambdas;
mod post_confirmation;
mod pre_sign_up;
mod pre_token;
mod source;
mod user_migration;

pub(crate) use authentication::{NewDevice, Presence};
pub(crate) use challenge::{Created, Defined, Round, Rounds};
pub(crate) use custom_message::Wording;
pub(crate) use custom_sender::Telling;
pub(crate) use event::{Caller, Scene};
pub(crate) use functions::{Fault, Functions};
pub(crate) use lambdas::Lambdas;
pub(crate) use pre_sign_up::PreSignUp;
pub(crate) use source::Source;
pub(crate) use user_migration::{Claim, Welcome};
