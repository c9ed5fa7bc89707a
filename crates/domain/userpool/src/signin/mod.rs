//! Signing in: the one state machine behind InitiateAuth, RespondToAuthChallenge, their Admin twins and hosted login. It
//! knows no JSON and makes no tokens: whoever asked makes of `SignedIn` what they give (the API tokens, hosted login a code).
//! Reference: user-pools 5.
//!
//! ```text
//!  Start ────▶ candidate ──▶ factor/password ──────────────────────────────────┐
//!   │                 └────▶ factor/srp ──▶ PASSWORD_VERIFIER                   │ Proof     wrong: counted,
//!   ├─ a provider vouches for them: `vouched` ───────────────────────────────────┤
//!   ├─ USER_AUTH ─▶ choice ─▶ SELECT_CHALLENGE, PASSWORD, PASSWORD_SRP,         │           refused
//!   │                    └──▶ question ──▶ EMAIL_OTP, SMS_OTP, WEB_AUTHN         │
//!   └─ with the State of a confirmed sign-up: proved already ──────────────────┤
//!  Answer ───▶ State ──▶ candidate ──▶ factor/{password, srp, passkey, code,    │
//!                          totp, recovery, device, new_password, mail_set_up} ──┤
//!                                                                               ▼
//!                                                    next: pure, which step is due of what was read
//!                                                                               │
//!                            to conclude: functions are told and say what the tokens say otherwise (16.2)
//!                                                                               ▼
//!                                                    question: the step's, made ready; its letter
//!                                                                               │
//!                                          conclude: the one write; it asks `next` of the user as stored
//!                                                  │                            │
//!                          a step is due ◀─────────┘                            └────────▶ SignedIn
//!      NEW_PASSWORD_REQUIRED, DEVICE_SRP_AUTH, SMS_MFA, EMAIL_OTP,
//!      SOFTWARE_TOKEN_MFA, SELECT_MFA_TYPE, MFA_SETUP, with the State
//! ```
//!
//! The spine is `machine` (the two entrances), `first`, `any_passkey`, `second` and `device` (a factor chosen, asked for, tried), `set_up` (an
//! authenticator app that a user is asked to set up) and `settle` (what follows a proof): it alone calls the steps, each of which
//! returns data. `next` is where every step after the first factor stands, in the order of reference 5.4: new password, device,
//! second factor. `State` is what is carried through the client between two calls, sealed (decision 8): whose sign-in it is, what was
//! proved and when, what is asked.
//! `protocol` is what is said to the machine and what it says.
//!
//! Triggers: PreAuthentication is asked when the candidate is known, before any factor is looked at; PreTokenGeneration and
//! PostAuthentication between `next` and `conclude`: what `next` decided is known there and nothing is written yet; where the stored
//! user would have it otherwise by then, `conclude` writes nothing. CUSTOM_AUTH's functions (`custom`) say themselves what is asked
//! (`round`: which of the challenges above they may name), hear of each proof in the place of `settle`, and are followed by it when
//! they give tokens; `claim` spends a question before they hear and writes what its answer changes (`effect`) after them. UserMigration
//! (`migration`) comes before the candidate is looked for.

mod acr;
mod admission;
mod any_passkey;
mod attempt;
mod candidate;
mod choice;
mod claim;
mod conclude;
mod custom;
mod device;
mod effect;
mod factor;
mod first;
mod machine;
mod method;
mod migration;
mod named;
mod next;
mod proof;
pub(crate) mod protocol;
mod question;
mod round;
mod second;
mod set_up;
mod settle;
mod state;
pub(crate) mod visit;
mod vouched;

#[cfg(test)]
mod tests;

pub(crate) use choice::{Held, first_factors, may_use_passkey};
pub use conclude::LoggedIn;
pub(crate) use conclude::SignedIn;
pub(crate) use method::Method;
pub use method::SentBy;
pub(crate) use named::is_known_device;
pub(crate) use state::{first_sign_in_session, hosted_sign_up_session, opened_sign_up, sign_up_session};
pub(crate) use visit::{Brought, Door, Newness, Visit};
