//! The state of a sign-in between two calls: sealed for its pool, client and door, it is the `Session` string that the client
//! carries. Reference: user-pools 5.6; decision 8.

use kernel::{ApiError, Cx, Sub, Timestamp};
use serde::{Deserialize, Serialize};
use store::records::address::Address;
use vault::{Expiring, Keyring, Purpose, TokenError};

use super::visit::{Door, Visit};
use crate::errors;

/// How far a sign-in has come.
pub(crate) struct State {
    pub visit: Visit,
    /// Whose it is; of nobody, if the user does not exist.
    pub sub: Sub,
    /// What the user has shown, in this order.
    pub proved: Vec<Proved>,
    pub asked: Asked,
    /// Spent by the success of the step: it goes with the sign-in through all its questions until then, and one success
    /// spends them together. None where an answer can't count twice by itself.
    pub nonce: Option<String>,
}

/// A factor that was shown, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proved {
    pub method: Method,
    pub at: Timestamp,
}

/// How a user proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Method {
    /// By any flow that shows one, SRP too.
    Password,
    EmailCode,
    SmsCode,
}

/// What the next call is expected to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Asked {
    /// A first factor, chosen or not.
    FirstFactor,
    /// SRP's proof.
    SrpProof,
    /// In the place of the temporary one that was set then: setting another, by whomever, ends the session.
    NewPassword { set_at: Option<Timestamp> },
    /// The code of a sign-up.
    SignUpCode,
    /// Nothing more: the user has just proved the address at sign-up. Reference: 5.8.
    Nothing,
}

/// What is sealed; the pool and the client are what it is sealed for.
#[derive(Serialize, Deserialize)]
struct Sealed {
    door: Door,
    sub: Sub,
    proved: Vec<Proved>,
    asked: Asked,
    nonce: Option<String>,
}

impl Method {
    /// By a code that was sent to this address.
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

impl State {
    /// Of a sign-in that begins: nothing is proved yet.
    pub fn new(visit: Visit, sub: Sub, asked: Asked, nonce: Option<String>) -> Self {
        Self {
            visit,
            sub,
            proved: Vec::new(),
            asked,
            nonce,
        }
    }

    /// The `Session` string.
    pub fn seal(&self, keyring: &Keyring, cx: &Cx) -> Result<String, ApiError> {
        let sealed = Sealed {
            door: self.visit.door,
            sub: self.sub.clone(),
            proved: self.proved.clone(),
            asked: self.asked,
            nonce: self.nonce.clone(),
        };
        let payload = serde_json::to_vec(&sealed).map_err(ApiError::internal)?;
        let state = Expiring {
            payload: &payload,
            at: cx.now().plus(self.visit.client.lifetimes.challenge),
        };
        Ok(keyring.seal_token(Purpose::Session, &self.visit.place(), state, cx.rng())?)
    }

    /// Errors: NotAuthorized (expired; not of this pool, client and door).
    pub fn open(keyring: &Keyring, cx: &Cx, visit: Visit, text: &str) -> Result<Self, ApiError> {
        let payload = keyring
            .open_token(Purpose::Session, &visit.place(), text, cx.now())
            .map_err(|e| match e {
                TokenError::Malformed => errors::invalid_session(),
                TokenError::Expired => errors::session_expired(),
            })?;
        let sealed: Sealed = serde_json::from_slice(payload.as_bytes()).map_err(|_| errors::invalid_session())?;
        if sealed.door != visit.door {
            return Err(errors::invalid_session());
        }
        Ok(Self {
            visit,
            sub: sealed.sub,
            proved: sealed.proved,
            asked: sealed.asked,
            nonce: sealed.nonce,
        })
    }

    /// The same state, if this is what it asks for. Errors: NotAuthorized.
    pub fn asking(self, asked: Asked) -> Result<Self, ApiError> {
        if self.asked == asked {
            Ok(self)
        } else {
            Err(errors::invalid_session())
        }
    }

    /// The methods that count, as sign-ins record them.
    pub fn amr(&self) -> Vec<String> {
        self.proved
            .iter()
            .map(|proved| proved.method.amr().to_owned())
            .collect()
    }
}

/// Makes a string single-use: it is remembered when it is spent.
pub(super) fn nonce(cx: &Cx) -> String {
    kernel::base62(cx.rng(), 22)
}

/// What SignUp hands over, to go with ConfirmSignUp: the code proves more than it, so there it is not looked at.
/// Reference: 4.3.
pub(crate) fn sign_up_session(keyring: &Keyring, cx: &Cx, visit: Visit, sub: Sub) -> Result<String, ApiError> {
    State::new(visit, sub, Asked::SignUpCode, Some(nonce(cx))).seal(keyring, cx)
}

/// What ConfirmSignUp hands over, to sign in at once by USER_AUTH without a password. Reference: 5.8.
pub(crate) fn first_sign_in_session(
    keyring: &Keyring,
    cx: &Cx,
    visit: Visit,
    sub: Sub,
    method: Method,
) -> Result<String, ApiError> {
    let proved = vec![Proved { method, at: cx.now() }];
    let state = State::new(visit, sub, Asked::Nothing, Some(nonce(cx)));
    State { proved, ..state }.seal(keyring, cx)
}
