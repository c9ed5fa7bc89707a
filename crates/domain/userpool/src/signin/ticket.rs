//! `Session` strings: the state of a sign-in between two calls, sealed for its pool and client. Reference: user-pools 5.6.

use kernel::{Cx, Sub};
use serde::{Deserialize, Serialize};
use vault::{Purpose, TokenError};

use super::{Door, Method, Result, Visit};
use crate::{UserPools, errors};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ticket {
    pub step: Awaited,
    pub sub: Sub,
    /// What the user has shown already.
    pub proved: Option<Method>,
    /// Spent by the step's success.
    pub nonce: String,
    door: Door,
}

/// What the next call is expected to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Awaited {
    /// A first factor, chosen or not.
    FirstFactor,
    /// SRP's proof, where the flow is USER_AUTH.
    Proof,
    NewPassword,
    /// The code of a sign-up.
    Confirmation,
    /// Nothing more: the user has just proved the address at sign-up. Reference: 5.8.
    FirstSignIn,
}

impl UserPools {
    pub(super) fn ticket(&self, cx: &Cx, visit: &Visit, step: Awaited, sub: &Sub, nonce: &str) -> Result<String> {
        let ticket = Ticket {
            step,
            sub: sub.clone(),
            proved: None,
            nonce: nonce.to_owned(),
            door: visit.door,
        };
        self.seal_ticket(cx, visit, &ticket)
    }

    fn seal_ticket(&self, cx: &Cx, visit: &Visit, ticket: &Ticket) -> Result<String> {
        let payload = serde_json::to_vec(ticket).map_err(kernel::ApiError::internal)?;
        let expires = cx.now().plus(visit.client.lifetimes.challenge);
        Ok(self
            .keyring
            .seal_token(Purpose::Session, &place(visit), &payload, expires, cx.rng())?)
    }

    /// Errors: NotAuthorized (expired; not of this pool, client, door and step).
    pub(super) fn read_ticket(&self, cx: &Cx, visit: &Visit, step: Awaited, text: &str) -> Result<Ticket> {
        let payload = self
            .keyring
            .open_token(Purpose::Session, &place(visit), text, cx.now())
            .map_err(|e| match e {
                TokenError::Malformed => errors::invalid_session(),
                TokenError::Expired => errors::session_expired(),
            })?;
        let ticket: Ticket = serde_json::from_slice(payload.as_bytes()).map_err(|_| errors::invalid_session())?;
        if ticket.step != step || ticket.door != visit.door {
            return Err(errors::invalid_session());
        }
        Ok(ticket)
    }

    /// What SignUp hands over, to go with ConfirmSignUp: the code proves more than it, so there it is not looked at.
    /// Reference: 4.3.
    pub(crate) fn sign_up_session(&self, cx: &Cx, visit: &Visit, sub: &Sub) -> Result<String> {
        self.ticket(cx, visit, Awaited::Confirmation, sub, &nonce(cx))
    }

    /// What ConfirmSignUp hands over, to sign in at once by USER_AUTH without a password. Reference: 5.8.
    pub(crate) fn first_sign_in_session(&self, cx: &Cx, visit: &Visit, sub: &Sub, proved: Method) -> Result<String> {
        let ticket = Ticket {
            step: Awaited::FirstSignIn,
            sub: sub.clone(),
            proved: Some(proved),
            nonce: nonce(cx),
            door: visit.door,
        };
        self.seal_ticket(cx, visit, &ticket)
    }
}

fn place(visit: &Visit) -> [&str; 2] {
    [visit.pool.id.as_str(), visit.client.id.as_str()]
}

pub(super) fn nonce(cx: &Cx) -> String {
    kernel::base62(cx.rng(), 22)
}
