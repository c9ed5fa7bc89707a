//! The spine of the second factor: its code, the choice among several, the set-up of one. Reference: user-pools 5.5, 6.2, 6.4.

use kernel::{ApiError, Cx, Result};
use store::records::{factor::Factor, software_tokens};

use super::{
    attempt::Attempt,
    factor::{mail_set_up, recovery, totp},
    method::Method,
    proof::{Change, Proof},
    protocol::{Challenge, Reply},
    state::{self, Asked, SetUp, State},
    visit::Visit,
};
use crate::{UserPools, errors, mfa::factors, password::lockout::Guess};

impl UserPools {
    pub(super) async fn try_totp(&self, cx: &Cx, attempt: Attempt, digits: &str) -> Result<Reply> {
        let turn = self.cpu.reserve()?;
        let Some(proof) = totp::prove((&self.store, &self.keyring), cx, &attempt, digits, turn).await? else {
            let wrong = errors::totp_mismatch();
            return self.refuse_wrong(cx, &attempt.candidate.owner, Guess::App, wrong).await;
        };
        self.proved(cx, attempt, proof).await
    }

    /// Errors: NotAuthorized (no second factor is asked for that it could stand in for; locked), CodeMismatch.
    pub(super) async fn try_recovery_code(&self, cx: &Cx, attempt: Attempt, typed: &str) -> Result<Reply> {
        let asked = &attempt.state.asked;
        if !matches!(asked, Asked::Totp | Asked::Code { .. }) || !recovery::may_stand_in(&attempt.state) {
            return Err(errors::invalid_session());
        }
        let turn = self.cpu.reserve()?;
        let Some(proof) = recovery::prove((&self.store, &self.keyring), &attempt, typed, turn).await? else {
            let wrong = errors::totp_mismatch();
            return self.refuse_wrong(cx, &attempt.candidate.owner, Guess::App, wrong).await;
        };
        self.settle(cx, attempt, proof).await
    }

    /// SOFTWARE_TOKEN_MFA where a function asks for it. Of somebody who is not there, or has no app, it asks as of a user who has,
    /// through clients that hide users; what the app is called is for who has shown something.
    ///
    /// Errors: NotAuthorized (disabled), MFAMethodNotFound, UserNotFound.
    pub(super) async fn challenge_by_app(&self, cx: &Cx, attempt: Attempt) -> Result<Reply> {
        let Attempt { state, candidate } = attempt;
        match &candidate.user {
            _ if state.visit.client.hides_users() => {}
            Some(user) if !user.enabled => return Err(errors::user_is_disabled()),
            Some(user) if !factors::has_means(user, Factor::SoftwareToken) => {
                return Err(state.visit.no_second_factor());
            }
            Some(_) => {}
            None => return Err(errors::user_does_not_exist()),
        }
        let name = if state.has_first_factor() {
            let (pool, sub) = (candidate.owner.pool.clone(), candidate.owner.sub.clone());
            let token = self.store.look_up(move |r| software_tokens::find(r, &pool, &sub));
            token.await?.and_then(|token| token.name)
        } else {
            None
        };
        Ok(Reply::Challenge(Challenge::Totp {
            name,
            user_id: candidate.user_id,
            session: state
                .going_on(&Asked::Totp, state.nonce.as_deref())
                .seal(&self.keyring, cx)?,
            recovery: false,
        }))
    }

    /// Errors: InvalidParameter for a factor that was not offered.
    pub(super) async fn choose_second_factor(
        &self,
        cx: &Cx,
        mut attempt: Attempt,
        factor: Option<Factor>,
    ) -> Result<Reply> {
        let Asked::SecondFactor(offered) = &attempt.state.asked else {
            return Err(errors::invalid_session());
        };
        let chosen = factor.filter(|factor| offered.contains(factor));
        attempt.state.chosen = Some(chosen.ok_or_else(errors::challenge_not_available)?);
        let proof = self.nothing_more(None)?;
        self.settle(cx, attempt, proof).await
    }

    /// Errors: InvalidParameter or MFAMethodNotFound if nothing was set up; those of [`mail_set_up::prove`].
    pub(super) async fn conclude_set_up(&self, cx: &Cx, attempt: Attempt, email: Option<String>) -> Result<Reply> {
        let proof = match (&attempt.state.asked, email) {
            (Asked::SetUp(SetUp::Verified), _) => self.nothing_more(Some(Method::Totp))?,
            (Asked::SetUp(SetUp::Offered), Some(email)) => {
                let turn = self.cpu.reserve()?;
                mail_set_up::prove(cx, &attempt, email, turn)?
            }
            (Asked::SetUp(SetUp::Offered), None) => return Err(nothing_set_up(&attempt.state)),
            _ => return Err(errors::invalid_session()),
        };
        self.settle(cx, attempt, proof).await
    }

    /// No factor has a turn in such an answer, so the one for signing is reserved.
    pub(super) fn nothing_more(&self, method: Option<Method>) -> Result<Proof> {
        Ok(Proof {
            method,
            change: Change::None,
            turn: self.cpu.reserve()?,
        })
    }

    /// The sign-in that a call without a client continues: AssociateSoftwareToken, VerifySoftwareToken.
    ///
    /// Errors: NotAuthorized (expired; no session of a set-up; its pool or client is gone).
    pub(super) async fn set_up_under_way(&self, cx: &Cx, session: &str) -> Result<State> {
        let (pool, client, door) = state::place_of_set_up(&self.keyring, cx, session)?;
        let pool = self.load(&pool).await?.ok_or_else(errors::invalid_session)?;
        let client = pool
            .client(client.as_str())
            .map_err(|_| errors::invalid_session())?
            .clone();
        let visit = Visit::new((pool, client), door);
        State::open_set_up(&self.keyring, cx, visit, session)
    }

    /// The session with which a set-up goes on. Errors: internal.
    pub(super) fn set_up_session(&self, cx: &Cx, mut state: State, set_up: SetUp) -> Result<String, ApiError> {
        state.asked = Asked::SetUp(set_up);
        state.nonce = Some(state::nonce(cx));
        state.seal(&self.keyring, cx)
    }
}

/// A phone number is set up by no answer: AWS has the app collect it and begin anew (6.4).
fn nothing_set_up(state: &State) -> ApiError {
    if state.visit.pool.mfa.factors.contains(&Factor::SoftwareToken) {
        errors::software_token_not_set_up()
    } else {
        state.visit.no_second_factor()
    }
}
