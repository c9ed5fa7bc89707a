//! The spine of a sign-in whose page asks for no name: the browser lets the person pick a passkey, and whose it is the passkey says.
//! Nothing is looked up before it has answered. Reference: user-pools 7.5; WebAuthn level 3, sections 6.3.3 and 7.2.

use api::cognito_idp::AuthFactorType;
use kernel::{Cx, Result, Sub};

use super::{
    attempt::Attempt,
    choice,
    machine::aim,
    protocol::{Challenge, FirstFactor, Reply, StepUp},
    state::{Asked, State, nonce},
    visit::Visit,
};
use crate::{UserPools, errors, passkey::assertion};

impl UserPools {
    /// Errors: InvalidParameter (the pool has no passkeys where the page is).
    pub(crate) fn challenge_by_any_passkey(&self, cx: &Cx, visit: Visit) -> Result<Challenge> {
        if !visit.pool.first_factors.allows(AuthFactorType::WebAuthn) {
            return Err(errors::challenge_not_available());
        }
        let challenge = assertion::challenge(cx.rng());
        let options = assertion::options(&visit.passkeys, &challenge, &[])?;
        let asked = Asked::AnyPasskey { challenge };
        // Nobody's, until it is answered.
        let state = State::new(visit, Sub::new(""), asked, Some(nonce(cx)));
        Ok(Challenge::Passkey {
            options,
            session: state.seal(&self.keyring, cx)?,
            available: Vec::new(),
        })
    }

    /// From here on it is a sign-in of that user, who has named themselves and a passkey.
    ///
    /// Errors: NotAuthorized, InvalidParameter (no credential), those of PreAuthentication's function and of [`UserPools::try_passkey`].
    pub(super) async fn try_any_passkey(
        &self,
        cx: &Cx,
        state: State,
        credential: &str,
        step_up: Option<StepUp>,
    ) -> Result<Reply> {
        let Asked::AnyPasskey { challenge } = state.asked else {
            return Err(errors::invalid_session());
        };
        let sub = assertion::named(credential)?;
        let candidate = self.candidates(cx, &state.visit).called(sub).await?;
        let asked = Asked::Passkey { challenge };
        let mut state = State::new(state.visit, candidate.owner.sub.clone(), asked, state.nonce);
        aim(&mut state, &candidate, step_up, cx.now())?;
        let attempt = Attempt { state, candidate };
        self.ask_function(cx, &attempt).await?;
        let Attempt { state, candidate } = &attempt;
        let available = choice::available(&state.visit, candidate, state.target);
        if candidate.user.is_some() && !available.contains(&FirstFactor::WebAuthn) {
            return Err(errors::incorrect_username_or_password().because("this user signs in with no passkey now"));
        }
        self.try_passkey(cx, attempt, credential).await
    }
}
