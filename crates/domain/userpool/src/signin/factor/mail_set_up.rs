//! MFA_SETUP answered with a mail address: the user has it from now on, and is sent a code to it, which is then due as second
//! factor. Reference: user-pools 5.5, 6.4.

use kernel::{ApiError, Cx, Turn};
use store::records::{address::Address, factor::Factor};

use crate::{
    errors,
    signin::{
        attempt::Attempt,
        next::{Next, Step, next},
        proof::{Change, Proof, Proven},
    },
    user::{
        attribute_rules::{GivenAttribute, Occasion},
        attributes,
    },
};

/// Errors: NotAuthorized (no set-up is awaited any more; the client may not write the attribute; the user has one),
/// InvalidParameter (codes by mail can't be set up; no address).
pub(in crate::signin) fn prove(
    cx: &Cx,
    Attempt { state, candidate }: &Attempt,
    email: String,
    turn: Turn,
) -> Result<Proof, ApiError> {
    let before = candidate.user.as_ref().ok_or_else(errors::invalid_session)?;
    match next(state, before, &candidate.device, cx.now())? {
        Next::Ask(Step::SetUpSecondFactor(factors)) if factors.contains(&Factor::Email) => {}
        Next::Ask(Step::SetUpSecondFactor(_)) => return Err(errors::challenge_not_available()),
        _ => return Err(errors::invalid_session()),
    }
    let given = [GivenAttribute {
        name: Address::Email.attribute().to_owned(),
        value: Some(email),
    }];
    // Like a new user's: what is missing may be given.
    let occasion = Occasion::NewPassword(&state.visit.client);
    let after = attributes::apply(&state.visit.pool, occasion, before, &given, cx.now())?.user;
    Ok(Proof {
        method: None,
        change: Change::Proven(Box::new(Proven {
            is_aside: false,
            before: before.clone(),
            after,
        })),
        turn,
    })
}
