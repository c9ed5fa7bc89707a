//! A code that was sent: SMS_MFA, EMAIL_OTP, SMS_OTP. It is kept as an HMAC in the sign-in's state and dies with it.
//! Reference: user-pools 5.5, 5.6, 5.8, 6.4.

use kernel::{ApiError, Cx, Turn};
use store::records::{status::Status, users::User};
use vault::Keyring;

use crate::{
    errors,
    signin::{
        attempt::Attempt,
        method::Method,
        proof::{Change, Proof, Proven},
        state::{Asked, State},
    },
    user::addresses,
};

const PURPOSE: &str = "sign-in";

/// What a code's HMAC is of: it proves nothing of another question, nor of an address that replaced the one it went to.
pub(in crate::signin) fn bound(digits: &str, nonce: &str, address: &str) -> String {
    format!("{digits} {nonce} {address}")
}

pub(in crate::signin) fn mac(keyring: &Keyring, state: &State, text: &str) -> [u8; 32] {
    vault::codes::mac(keyring, sealed(state, text))
}

fn sealed<'a>(state: &'a State, text: &'a str) -> vault::codes::Code<'a> {
    vault::codes::Code {
        purpose: PURPOSE,
        pool: &state.visit.pool.id,
        sub: &state.sub,
        text,
    }
}

/// None: it is wrong. Errors: NotAuthorized (no code is asked for), InvalidParameter (it is no first factor of the pool any more).
pub(in crate::signin) fn prove(
    keyring: &Keyring,
    cx: &Cx,
    Attempt { state, candidate }: &Attempt,
    digits: &str,
    turn: Turn,
) -> Result<Option<Proof>, ApiError> {
    let (Asked::Code { sent, mac }, Some(nonce)) = (&state.asked, &state.nonce) else {
        return Err(errors::invalid_session());
    };
    let is_allowed = |factor| state.visit.pool.first_factors.allows(factor);
    if state.asks_first_factor() && !sent.as_first().is_some_and(is_allowed) {
        return Err(errors::challenge_not_available());
    }
    let Some(user) = &candidate.user else {
        return Ok(None);
    };
    let address = sent.address();
    let present = addresses::present(user, address).unwrap_or_default();
    let given = bound(digits, nonce, present);
    let mac = hex::decode(mac).map_err(ApiError::internal)?;
    if !vault::codes::verify(keyring, sealed(state, &given), &mac) {
        return Ok(None);
    }
    let mut after = user.clone();
    addresses::set_verified(&mut after, address, true);
    // A function may ask anybody for a code: that confirms nobody.
    if after.status == Status::Unconfirmed && state.rounds.is_none() {
        after.status = Status::Confirmed;
    }
    Ok(Some(Proof {
        method: Some(Method::of_code(address)),
        change: proven(cx, user, after, state.has_first_factor()),
        turn,
    }))
}

fn proven(cx: &Cx, before: &User, mut after: User, is_aside: bool) -> Change {
    if after.doc == before.doc && after.status == before.status {
        return Change::None;
    }
    after.modified = cx.now();
    Change::Proven(Box::new(Proven {
        before: before.clone(),
        after,
        is_aside,
    }))
}
