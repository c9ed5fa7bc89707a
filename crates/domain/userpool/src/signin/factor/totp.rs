//! SOFTWARE_TOKEN_MFA: a code of the user's authenticator app. Reference: user-pools 5.5, 5.6, 6.2.

use kernel::{ApiError, Cx, Turn};
use store::{Store, records::software_tokens};
use vault::{Keyring, totp::Seed};

use crate::{
    errors,
    signin::{
        attempt::Attempt,
        method::Method,
        proof::{Change, Proof},
    },
};

/// None: it is wrong. Errors: ExpiredCode (it counted before), SoftwareTokenMFANotFound.
pub(in crate::signin) async fn prove(
    (store, keyring): (&Store, &Keyring),
    cx: &Cx,
    attempt: &Attempt,
    code: &str,
    turn: Turn,
) -> Result<Option<Proof>, ApiError> {
    let (pool, sub) = (
        attempt.candidate.owner.pool.clone(),
        attempt.candidate.owner.sub.clone(),
    );
    let token = match store.look_up(move |r| software_tokens::find(r, &pool, &sub)).await? {
        Some(token) if attempt.candidate.user.is_some() => token,
        // A function asked whoever it was: whether there is an app is not told.
        _ if attempt.state.rounds.is_some() => return Ok(None),
        _ => return Err(errors::software_token_not_found()),
    };
    let owner = &attempt.candidate.owner;
    let place = [owner.pool.as_str(), owner.sub.as_str()];
    let seed = Seed::open(keyring, &place, &token.secret).map_err(ApiError::internal)?;
    let Some(step) = seed.step_of(code, cx.now()) else {
        return Ok(None);
    };
    if token.last_step.is_some_and(|last| step <= last) {
        return Err(errors::software_token_used());
    }
    Ok(Some(Proof {
        method: Some(Method::Totp),
        change: Change::TotpStep(step),
        turn,
    }))
}
