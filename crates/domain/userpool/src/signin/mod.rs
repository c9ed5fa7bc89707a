//! Signing in: the one state machine behind InitiateAuth, RespondToAuthChallenge, their Admin twins and hosted login.
//! Reference: user-pools 5.
//!
//! ```text
//!  name, A ───────▶ srp::challenge ──▶ PASSWORD_VERIFIER ──proof──▶ srp::prove ─┐
//!  name, password ─▶ password::try_password ────────────────────────────────────┤ right   wrong: counted,
//!     ▲      ▲                                                                  ▼         refused
//!     │      └── PASSWORD, PASSWORD_SRP ◀──┐                                 finish
//!  name ─▶ choice::offer ─▶ SELECT_CHALLENGE┘                     ┌─────────────┴─────────────┐ gate
//!                                                                 ▼                           ▼
//!                                                      NEW_PASSWORD_REQUIRED ──answer──▶    tokens
//! ```
//!
//! `finish` is where the next steps will stand, in the order of reference 5.4: new password, device, MFA, tokens; the
//! triggers' places are in 16.2. `gate` decides, `ticket` and `secret_block` carry the state through the client (DESIGN
//! 3.7), `claims` says what is in the tokens, `refresh` gets further ones, `parameters` alone knows the JSON.

mod candidate;
mod choice;
mod claims;
mod finish;
mod flow;
mod gate;
mod new_password;
pub(crate) mod parameters;
mod password;
mod refresh;
mod secret_block;
mod sign_out;
mod srp;
#[cfg(test)]
mod tests;
mod ticket;
mod timestamp;

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::AuthenticationResultType;
use kernel::ApiError;
use serde::{Deserialize, Serialize};
use store::records::address::Address;

pub(crate) use refresh::Rotation;
pub(crate) use sign_out::{end_access_tokens, sign_out};

use crate::{client::Client, pool::Pool};

/// Where a sign-in happens: it stays in its pool, with its client and at its door.
#[derive(Clone)]
pub(crate) struct Visit {
    pub pool: Arc<Pool>,
    pub client: Arc<Client>,
    pub door: Door,
}

/// A sign-in begun by an administrator's call is continued by one, and a public one publicly. Reference: 5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Door {
    Public,
    Admin,
}

/// How a sign-in begins.
pub(crate) enum Start {
    Srp {
        username: String,
        srp_a: String,
    },
    Password {
        username: String,
        password: String,
    },
    /// USER_AUTH: the user, or the app, chooses among what there is.
    Choice {
        username: String,
        preferred: Option<Factor>,
        given: Given,
        session: Option<String>,
    },
}

/// What may come along with a choice.
#[derive(Default)]
pub(crate) struct Given {
    pub password: Option<String>,
    pub srp_a: Option<String>,
}

/// First factors, as far as they are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Factor {
    Password,
    PasswordSrp,
    /// Another one that AWS knows: never available here.
    Other,
}

/// How a user proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Method {
    /// By any flow that shows one, SRP too.
    Password,
    EmailCode,
    SmsCode,
}

impl Method {
    /// A code that was sent to this address.
    pub fn of_code(address: Address) -> Self {
        match address {
            Address::Email => Self::EmailCode,
            Address::Phone => Self::SmsCode,
        }
    }

    /// As sign-ins record it. Reference: user-pools 15.1.
    pub fn amr(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::EmailCode => "email_otp",
            Self::SmsCode => "sms",
        }
    }
}

/// The answer to a challenge.
pub(crate) enum Answer {
    PasswordVerifier {
        claim: Claim,
        session: Option<String>,
    },
    /// To SELECT_CHALLENGE, PASSWORD or PASSWORD_SRP.
    Choice {
        session: String,
        factor: Factor,
        given: Given,
    },
    NewPassword {
        session: String,
        password: String,
        attributes: Vec<(String, String)>,
    },
}

/// The members of an answer to PASSWORD_VERIFIER, as they came.
pub(crate) struct Claim {
    pub secret_block: String,
    pub signature: String,
    pub timestamp: String,
    pub device_key: Option<String>,
}

/// Where the sign-in stands now. A challenge that the app wished for names all that are `available` beside it.
#[derive(Debug)]
pub(crate) enum Step {
    PasswordVerifier {
        salt: String,
        srp_b: String,
        secret_block: String,
        user_id: String,
        session: Option<String>,
        available: Vec<Factor>,
    },
    /// PASSWORD or PASSWORD_SRP: the factor is chosen, its parameter is still wanted.
    Asked {
        factor: Factor,
        session: String,
        available: Vec<Factor>,
    },
    SelectChallenge {
        available: Vec<Factor>,
        session: String,
    },
    NewPasswordRequired {
        user_id: String,
        required: Vec<String>,
        attributes: BTreeMap<String, String>,
        session: String,
    },
    Done(Box<AuthenticationResultType>),
}

type Result<T, E = ApiError> = std::result::Result<T, E>;
