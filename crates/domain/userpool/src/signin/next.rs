//! Which step is due after a first factor. Pure. Reference: user-pools 5.2, 5.4, 6.4, 17.2.

use kernel::{ApiError, Timestamp};
use store::records::{factor::Factor, status::Status, users::User};

use super::{acr, proof::Device, state::State};
use crate::{
    errors,
    mfa::factors::{self, Second},
};

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Ask(Step),
    /// All that is wanted was shown.
    Conclude,
}

/// What may be due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    NewPassword,
    /// This second factor.
    SecondFactor(Factor),
    /// Whichever of these the user likes.
    SelectSecondFactor(Vec<Factor>),
    /// A second factor is wanted, and the user has none: one of these is set up now.
    SetUpSecondFactor(Vec<Factor>),
}

/// What a step is decided by.
struct Facts<'a> {
    state: &'a State,
    user: &'a User,
}

/// Whether a step is due. Errors: its own.
type IsDue = fn(&Facts<'_>) -> Result<Option<Step>, ApiError>;

/// In the order of reference 5.4. The place of a step to come (a device's proof, a custom challenge) is here.
const STEPS: [IsDue; 2] = [new_password, second_factor];

/// Errors: NotAuthorized (nothing proved, disabled, a temporary password that has expired), UserNotConfirmed,
/// PasswordResetRequired, ResourceNotFound (the device), MFAMethodNotFound, InvalidParameter (a level out of reach).
pub(super) fn next(state: &State, user: &User, device: Device, now: Timestamp) -> Result<Next, ApiError> {
    if !state.has_first_factor() {
        return Err(errors::invalid_session());
    }
    // Clients forget the device and send the same proof again.
    if device == Device::Unknown {
        return Err(errors::device_does_not_exist());
    }
    may_sign_in(user, now)?;
    let facts = Facts { state, user };
    for step in STEPS {
        if let Some(step) = step(&facts)? {
            return Ok(Next::Ask(step));
        }
    }
    Ok(Next::Conclude)
}

#[expect(clippy::unnecessary_wraps, reason = "one of the list")]
fn new_password(facts: &Facts<'_>) -> Result<Option<Step>, ApiError> {
    Ok((facts.user.status == Status::ForceChangePassword).then_some(Step::NewPassword))
}

/// Errors: MFAMethodNotFound, InvalidParameter (a level out of reach).
fn second_factor(facts: &Facts<'_>) -> Result<Option<Step>, ApiError> {
    let Facts { state, user } = facts;
    let mfa = &state.visit.pool.mfa;
    let asked_for = match state.target {
        Some(target) => acr::lacking(target, &state.proved, mfa, user)?,
        None => Second::None,
    };
    let due = match asked_for {
        Second::None if !state.has_second_factor() => factors::due(mfa, user),
        asked_for => asked_for,
    };
    Ok(match due {
        Second::None => None,
        Second::Challenge(factor) => Some(Step::SecondFactor(factor)),
        Second::Select(factors) => Some(match state.chosen.filter(|chosen| factors.contains(chosen)) {
            Some(chosen) => Step::SecondFactor(chosen),
            None => Step::SelectSecondFactor(factors),
        }),
        Second::SetUp(factors) => Some(Step::SetUpSecondFactor(factors)),
        Second::Unreachable => return Err(errors::no_second_factor_deliverable()),
    })
}

/// Errors: NotAuthorized (disabled, a temporary password that has expired), UserNotConfirmed, PasswordResetRequired.
fn may_sign_in(user: &User, now: Timestamp) -> Result<(), ApiError> {
    if !user.enabled {
        return Err(errors::user_is_disabled());
    }
    match user.status {
        Status::Unconfirmed => Err(errors::user_is_not_confirmed()),
        Status::ResetRequired => Err(errors::password_reset_required()),
        Status::ForceChangePassword if user.doc.temporary_until.is_some_and(|until| now >= until) => {
            Err(errors::temporary_password_expired())
        }
        // There is no password here.
        Status::ExternalProvider => Err(errors::incorrect_username_or_password()),
        Status::Confirmed | Status::ForceChangePassword => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{PoolId, Sub};
    use store::records::users::Doc;

    use super::*;
    use crate::signin::{
        state::{Asked, Method, Proved},
        tests::nowhere,
    };

    fn user(enabled: bool, status: Status) -> User {
        User {
            pool: PoolId::new("us-east-1_abcDEF123"),
            sub: Sub::new("a-sub"),
            username: "ana".to_owned(),
            status,
            enabled,
            created: Timestamp::default(),
            modified: Timestamp::default(),
            version: 1,
            doc: Doc {
                temporary_until: Some(Timestamp::from_secs(100)),
                ..Doc::default()
            },
        }
    }

    /// What was proved, whether the user is enabled, their status, the device, the time; and what follows.
    type Case<'a> = (&'a [Method], bool, Status, Device, i64, Result<Next, &'a str>);

    #[test]
    fn what_is_due_after_a_first_factor() {
        use Device::{Unknown, Unnamed};
        use Status::{Confirmed, ExternalProvider, ForceChangePassword, ResetRequired, Unconfirmed};
        let password: &[Method] = &[Method::Password];
        let cases: [Case<'_>; 13] = [
            (password, true, Confirmed, Unnamed, 0, Ok(Next::Conclude)),
            (&[Method::EmailCode], true, Confirmed, Unnamed, 0, Ok(Next::Conclude)),
            (&[], true, Confirmed, Unnamed, 0, Err("Invalid session for the user.")),
            (password, false, Confirmed, Unnamed, 0, Err("User is disabled.")),
            (
                password,
                false,
                ForceChangePassword,
                Unnamed,
                0,
                Err("User is disabled."),
            ),
            (password, true, Unconfirmed, Unnamed, 0, Err("User is not confirmed.")),
            (
                password,
                true,
                ResetRequired,
                Unnamed,
                0,
                Err("Password reset required for the user"),
            ),
            (
                password,
                true,
                ForceChangePassword,
                Unnamed,
                99,
                Ok(Next::Ask(Step::NewPassword)),
            ),
            (
                password,
                true,
                ForceChangePassword,
                Unnamed,
                100,
                Err("Temporary password has expired and must be reset by an administrator."),
            ),
            (
                password,
                true,
                ExternalProvider,
                Unnamed,
                0,
                Err("Incorrect username or password."),
            ),
            (password, true, Confirmed, Unknown, 0, Err("Device does not exist.")),
            (password, false, Confirmed, Unknown, 0, Err("Device does not exist.")),
            (
                password,
                true,
                ForceChangePassword,
                Unknown,
                0,
                Err("Device does not exist."),
            ),
        ];
        for (proved, enabled, status, device, now, expected) in cases {
            let proved = proved.iter().map(|method| Proved {
                method: *method,
                at: Timestamp::default(),
            });
            let state = State {
                proved: proved.collect(),
                ..State::new(nowhere(), Sub::new("a-sub"), Asked::FirstFactor, None)
            };
            let found = next(&state, &user(enabled, status), device, Timestamp::from_secs(now));
            assert_eq!(
                found.as_ref().map_err(kernel::ApiError::message),
                expected.as_ref().map_err(|text| *text),
                "{:?} {enabled} {status} {device:?} {now}",
                state.proved
            );
        }
    }
}
