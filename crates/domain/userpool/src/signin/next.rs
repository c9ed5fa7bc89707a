//! Which step is due after a first factor. Pure. Reference: user-pools 5.2, 5.4, 6.4, 17.2.

use kernel::{ApiError, Timestamp};
use store::records::{factor::Factor, status::Status, users::User};

use super::{
    acr,
    admission::{may_arrive, may_sign_in},
    method::{Method, Proved},
    named::Named,
    state::State,
};
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
    /// The device that is named stands in for a second factor: its proof.
    Device,
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
    device: &'a Named,
}

/// Whether a step is due. Errors: its own.
type IsDue = fn(&Facts<'_>) -> Result<Option<Step>, ApiError>;

/// In the order of reference 5.4. What functions ask for in CUSTOM_AUTH is none of these.
const STEPS: [IsDue; 3] = [new_password, device, second_factor];

/// Errors: NotAuthorized (nothing proved, a first factor that is the only second one or is not the temporary password, disabled, a temporary
/// password that has expired), UserNotConfirmed, PasswordResetRequired, ResourceNotFound (the device), MFAMethodNotFound, InvalidParameter (a level out of reach).
pub(super) fn next(state: &State, user: &User, device: &Named, now: Timestamp) -> Result<Next, ApiError> {
    if !state.has_first_factor() {
        return Err(errors::invalid_session());
    }
    // Clients forget the device and send the same proof again.
    if matches!(device, Named::Unknown) {
        return Err(errors::device_does_not_exist());
    }
    let facts = Facts { state, user, device };
    if facts.is_federated() {
        may_arrive(user)?;
        return Ok(Next::Conclude);
    }
    may_sign_in(user, now)?;
    for step in STEPS {
        if let Some(step) = step(&facts)? {
            return Ok(Next::Ask(step));
        }
    }
    Ok(Next::Conclude)
}

/// Errors: NotAuthorized (something else was shown in the place of a temporary password).
fn new_password(facts: &Facts<'_>) -> Result<Option<Step>, ApiError> {
    if facts.user.status != Status::ForceChangePassword {
        return Ok(None);
    }
    let has_password = |proved: &Proved| proved.method == Method::Password;
    if facts.state.proved.iter().any(has_password) {
        Ok(Some(Step::NewPassword))
    } else if facts.is_custom() {
        // Functions can do without a password.
        Ok(None)
    } else {
        Err(errors::invalid_session())
    }
}

/// Who has shown a second factor already needs no device for it, and a level that was asked for is not shown by one.
///
/// Errors: InvalidParameter (a level out of reach), ResourceNotFound (what functions asked for is remembered no more).
fn device(facts: &Facts<'_>) -> Result<Option<Step>, ApiError> {
    if facts.is_custom() && facts.state.has_device() && !facts.device.is_remembered() {
        return Err(errors::device_does_not_exist());
    }
    let shown = facts.state.has_device() || facts.state.has_second_factor() || facts.is_custom();
    let due = !shown && facts.device_replaces_second_factor() && facts.lacking()? == Second::None;
    Ok(due.then_some(Step::Device))
}

impl Facts<'_> {
    fn device_replaces_second_factor(&self) -> bool {
        let tracking = self.state.visit.pool.devices;
        tracking.is_some_and(|tracking| tracking.challenge_on_new) && self.device.is_remembered()
    }

    /// Whether a second factor was shown that counts now: one that was turned off since does not.
    fn has_second_factor(&self) -> bool {
        let Facts { state, user, .. } = self;
        let active = factors::active(&state.visit.pool.mfa, user);
        let counts = |proved: &Proved| match proved.method.as_second() {
            Some(factor) => active.contains(&factor),
            None if proved.method == Method::RecoveryCode => !active.is_empty(),
            None => matches!(proved.method, Method::Passkey { .. }),
        };
        state.has_second_factor() && state.proved.iter().any(counts)
    }

    fn is_first(&self, factor: Factor) -> bool {
        let first = self.state.proved.first();
        first.is_some_and(|proved| proved.method.as_second() == Some(factor))
    }

    /// What custom challenges ask is the functions' affair: neither a device nor a second factor is asked for beside them. Reference: 5.9.
    fn is_custom(&self) -> bool {
        self.state.rounds.is_some()
    }

    /// What a provider has asked, the pool does not ask again. Reference: oauth-and-federation 10.4.
    fn is_federated(&self) -> bool {
        let mut proved = self.state.proved.iter();
        proved.any(|proved| matches!(proved.method, Method::Federated(_)))
    }

    /// What the level wants that was asked for. Errors: InvalidParameter (it is out of reach).
    fn lacking(&self) -> Result<Second, ApiError> {
        let Facts { state, user, .. } = self;
        match state.target {
            Some(target) => acr::lacking(target, &state.proved, &state.visit.pool.mfa, user),
            None => Ok(Second::None),
        }
    }
}

/// Errors: MFAMethodNotFound, InvalidParameter (a level out of reach).
fn second_factor(facts: &Facts<'_>) -> Result<Option<Step>, ApiError> {
    let Facts { state, user, .. } = facts;
    let by_device = state.has_device() && facts.device_replaces_second_factor();
    let due = match facts.lacking()? {
        Second::None if !facts.has_second_factor() && !by_device && !facts.is_custom() => {
            factors::due(&state.visit.pool.mfa, user)
        }
        asked_for => asked_for,
    };
    Ok(match due {
        Second::None => None,
        // What was the first factor can't be the second, too: the password is wanted.
        Second::Challenge(factor) if facts.is_first(factor) => return Err(errors::invalid_session()),
        Second::Challenge(factor) => Some(Step::SecondFactor(factor)),
        Second::Select(factors) => Some(match state.chosen.filter(|chosen| factors.contains(chosen)) {
            Some(chosen) => Step::SecondFactor(chosen),
            None => Step::SelectSecondFactor(factors),
        }),
        Second::SetUp(factors) => Some(Step::SetUpSecondFactor(factors)),
        Second::Unreachable => return Err(state.visit.no_second_factor()),
    })
}

#[cfg(test)]
mod tests;
