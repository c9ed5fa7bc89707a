//! A question, made ready before the write: what it sends is enqueued there. Reference: user-pools 5.5, 5.8, 6.4.

use delivery::Letter;
use kernel::{ApiError, Code, Cx, Timestamp};
use store::{Stop, StoreError, Tx, records::users::User};
use vault::Keyring;

use super::{
    factor::code,
    method::SentBy,
    next::Step,
    state::{Asked, SetUp, State, nonce},
};
use crate::{
    code::{Target, message, sending::Codes},
    errors,
    password::kept::Owner,
    trigger::{Functions, Source, Wording},
    user::limits::{self, Capped},
};

pub(super) struct Question {
    pub asked: Asked,
    /// Spent by the answer that is right. None where the answer can't count twice by itself.
    pub nonce: Option<String>,
    /// Where a code goes.
    pub target: Option<Target>,
    /// What carries it. None where there is no code, or nobody to send it to.
    pub letter: Option<Letter>,
}

/// Who makes questions ready.
pub(super) struct Questions<'a> {
    pub codes: &'a Codes,
    pub functions: &'a Functions,
    pub keyring: &'a Keyring,
    pub cx: &'a Cx,
}

impl Question {
    /// Whether as many codes were sent as a user gets in an hour. `owner` may be of nobody.
    ///
    /// Errors: TooManyRequests.
    pub fn count(&self, tx: &mut Tx<'_>, owner: &Owner, now: Timestamp) -> Result<(), Stop> {
        match self.target {
            Some(_) => limits::count(tx, &owner.pool, &owner.sub, Capped::SignInCode, now),
            None => Ok(()),
        }
    }

    /// Whether its letter, if it has one, goes where the user is reached now: a function that was asked meanwhile may have changed
    /// them, as may anybody.
    pub fn finds(&self, user: &User) -> bool {
        match (&self.letter, &self.target) {
            (Some(_), Some(target)) => Target::of(user, target.kind).as_ref() == Some(target),
            _ => true,
        }
    }

    pub fn enqueue(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        match &self.letter {
            Some(letter) => letter.enqueue(tx),
            None => Ok(()),
        }
    }
}

impl Questions<'_> {
    /// The question of a step that is due.
    ///
    /// Errors: those of [`Questions::code`].
    pub async fn of_step(&self, state: &State, user: &User, step: &Step) -> Result<Question, ApiError> {
        let asked = match step {
            // An answer replaces the password, and so counts once; one that is refused may be mended.
            Step::NewPassword => return Ok(Self::of(Asked::NewPassword, None)),
            Step::SecondFactor(factor) => match SentBy::of_second(*factor) {
                Some(sent) => return self.code(state, user, sent, nonce(self.cx)).await,
                None => Asked::Totp,
            },
            Step::Device => Asked::Device,
            Step::SelectSecondFactor(factors) => Asked::SecondFactor(factors.clone()),
            Step::SetUpSecondFactor(_) => Asked::SetUp(SetUp::Offered),
        };
        Ok(Self::of(asked, Some(nonce(self.cx))))
    }

    fn of(asked: Asked, nonce: Option<String>) -> Question {
        Question {
            asked,
            nonce,
            target: None,
            letter: None,
        }
    }

    /// A code to the user's own address; the answer spends the nonce.
    ///
    /// Errors: MFAMethodNotFound (no address), InvalidParameter (text messages without SmsConfiguration, no way to send),
    /// TooManyRequests (the pool has sent as many as it may), those of the function.
    pub async fn code(&self, state: &State, user: &User, sent: SentBy, nonce: String) -> Result<Question, ApiError> {
        let target = Target::of(user, sent.address()).ok_or_else(|| state.visit.no_second_factor())?;
        let digits = self.codes.digits(self.cx, &target, length(state));
        let question = self.of_digits(state, (sent, target.clone()), &digits, nonce);
        let pool = &state.visit.pool;
        let scene = state.visit.scene(self.cx, user);
        let telling = self.functions.telling(scene, Source::MessageOfSignIn, &target).await?;
        let worded = |wording: &Wording| message::sign_in(pool, &target, (&user.username, &digits), wording);
        let letter = self.codes.letter(self.cx, pool, (&telling, &digits), worded).await;
        let letter = letter.map_err(|error| match error.code() {
            Code::LimitExceeded => errors::without_limit_exceeded(error),
            // No call of sign-in has a word of its own for it.
            _ => errors::invalid_parameter(error.message()),
        })?;
        Ok(Question {
            letter: Some(letter),
            ..question
        })
    }

    /// The same for somebody who is not there: nothing is sent, and no answer is right.
    pub fn pretended_code(&self, state: &State, target: Target, sent: SentBy, nonce: String) -> Question {
        let digits = kernel::decimal(self.cx.rng(), length(state));
        self.of_digits(state, (sent, target), &digits, nonce)
    }

    fn of_digits(&self, state: &State, (sent, target): (SentBy, Target), digits: &str, nonce: String) -> Question {
        let text = code::bound(digits, &nonce, &target.address);
        let mac = hex::encode(code::mac(self.keyring, state, &text));
        Question {
            target: Some(target),
            ..Self::of(Asked::Code { sent, mac }, Some(nonce))
        }
    }
}

/// Of a code. Reference: 5.8, 6.4. What functions ask for is named as a second factor.
fn length(state: &State) -> usize {
    if state.asks_first_factor() { 8 } else { 6 }
}
