//! WEB_AUTHN: an authenticator signed the challenge. Reference: user-pools 5.5, 7.5.

use api::cognito_idp::AuthFactorType;
use kernel::{ApiError, Cx, Turn};

use crate::{
    errors,
    passkey::assertion::{self, Answering},
    signin::{
        attempt::Attempt,
        method::Method,
        proof::{Change, Proof},
        state::Asked,
    },
};

/// Errors: NotAuthorized (it is wrong; none is asked for), InvalidParameter (it is no answer; the pool has no passkeys).
pub(in crate::signin) fn prove(
    cx: &Cx,
    Attempt { state, candidate }: &Attempt,
    credential: &str,
    turn: Turn,
) -> Result<Proof, ApiError> {
    let pool = &state.visit.pool;
    let Asked::Passkey { challenge } = &state.asked else {
        return Err(errors::invalid_session());
    };
    if !pool.first_factors.allows(AuthFactorType::WebAuthn) {
        return Err(errors::challenge_not_available());
    }
    let answering = Answering {
        sub: &state.sub,
        held: &candidate.passkeys,
        at: cx.now(),
    };
    let passkeys = &state.visit.passkeys;
    let (used, holder) = assertion::judged(passkeys, challenge, credential, answering)?;
    Ok(Proof {
        method: Some(Method::Passkey {
            holder,
            use_as: passkeys.use_as,
        }),
        change: Change::Passkey(used),
        turn,
    })
}
