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
mod tests {
    use kernel::{DeviceKey, Sub};
    use store::records::{
        devices::{Device, DeviceStatus},
        users::Doc,
    };

    use super::*;
    use crate::{
        signin::{
            method::{Method, Proved},
            state::Asked,
            tests::{nowhere, somewhere},
        },
        tests::somebody::somebody,
    };

    fn user(enabled: bool, status: Status) -> User {
        User {
            enabled,
            doc: Doc {
                temporary_until: Some(Timestamp::from_secs(100)),
                ..Doc::default()
            },
            ..somebody(status)
        }
    }

    /// What was proved, whether the user is enabled, their status, the device, the time; and what follows.
    type Case<'a> = (&'a [Method], bool, Status, &'a Named, i64, Result<Next, &'a str>);

    #[test]
    fn what_is_due_after_a_first_factor() {
        use Status::{Confirmed, ExternalProvider, ForceChangePassword, ResetRequired, Unconfirmed};
        let (unnamed, unknown) = (&Named::None, &Named::Unknown);
        let password: &[Method] = &[Method::Password];
        let cases: [Case<'_>; 13] = [
            (password, true, Confirmed, unnamed, 0, Ok(Next::Conclude)),
            (&[Method::EmailCode], true, Confirmed, unnamed, 0, Ok(Next::Conclude)),
            (&[], true, Confirmed, unnamed, 0, Err("Invalid session for the user.")),
            (password, false, Confirmed, unnamed, 0, Err("User is disabled.")),
            (
                password,
                false,
                ForceChangePassword,
                unnamed,
                0,
                Err("User is disabled."),
            ),
            (password, true, Unconfirmed, unnamed, 0, Err("User is not confirmed.")),
            (
                password,
                true,
                ResetRequired,
                unnamed,
                0,
                Err("Password reset required for the user"),
            ),
            (
                password,
                true,
                ForceChangePassword,
                unnamed,
                99,
                Ok(Next::Ask(Step::NewPassword)),
            ),
            (
                password,
                true,
                ForceChangePassword,
                unnamed,
                100,
                Err("Temporary password has expired and must be reset by an administrator."),
            ),
            (
                password,
                true,
                ExternalProvider,
                unnamed,
                0,
                Err("Incorrect username or password."),
            ),
            (password, true, Confirmed, unknown, 0, Err("Device does not exist.")),
            (password, false, Confirmed, unknown, 0, Err("Device does not exist.")),
            (
                password,
                true,
                ForceChangePassword,
                unknown,
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
                "{:?} {enabled} {status} {now}",
                state.proved
            );
        }
    }

    #[test]
    fn nothing_stands_in_for_a_temporary_password() {
        let ask = Next::Ask(Step::NewPassword);
        for (proved, is_custom, expected) in [
            (Method::Password, false, Some(&ask)),
            (Method::Password, true, Some(&ask)),
            (Method::EmailCode, false, None),
            (Method::EmailCode, true, Some(&Next::Conclude)),
            (Method::Custom, true, Some(&Next::Conclude)),
        ] {
            let mut state = State::new(nowhere(), Sub::new("a-sub"), Asked::FirstFactor, None);
            state.proved.push(Proved {
                method: proved,
                at: Timestamp::default(),
            });
            state.rounds = is_custom.then(Vec::new);
            let found = next(
                &state,
                &user(true, Status::ForceChangePassword),
                &Named::None,
                Timestamp::default(),
            );
            assert_eq!(found.as_ref().ok(), expected, "{proved:?} {is_custom}");
        }
    }

    fn device(status: DeviceStatus) -> Named {
        Named::Known(Box::new(Device {
            key: DeviceKey::new("us-east-1_0"),
            secret: Vec::new(),
            name: None,
            status,
            created: Timestamp::default(),
            modified: Timestamp::default(),
            authenticated: Timestamp::default(),
            last_ip: None,
        }))
    }

    #[test]
    fn a_remembered_device_stands_in_for_a_second_factor_where_the_pool_has_it_so() {
        use DeviceStatus::{NotRemembered, Remembered};
        let password: &[Method] = &[Method::Password];
        let (by_code, by_device) = (
            &[Method::Password, Method::SmsCode],
            &[Method::Password, Method::Device],
        );
        let (off, on) = (
            "{}",
            r#"{"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true}}"#,
        );
        let unchallenged = r#"{"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": false}}"#;
        let code = || Ok(Next::Ask(Step::SecondFactor(Factor::Sms)));
        for (settings, device, proved, expected) in [
            (on, device(Remembered), password, Ok(Next::Ask(Step::Device))),
            (on, device(NotRemembered), password, code()),
            (on, Named::None, password, code()),
            (on, Named::Unknown, password, Err("Device does not exist.")),
            (unchallenged, device(Remembered), password, code()),
            (off, device(Remembered), password, code()),
            (on, device(Remembered), by_device, Ok(Next::Conclude)),
            // Forgotten, or remembered no more, or not wanted any more, since it was proved.
            (on, Named::Unknown, by_device, Err("Device does not exist.")),
            (on, device(NotRemembered), by_device, code()),
            (unchallenged, device(Remembered), by_device, code()),
            (on, device(Remembered), by_code, Ok(Next::Conclude)),
            (on, Named::None, by_code, Ok(Next::Conclude)),
            // What is no factor of theirs counts for none.
            (on, Named::None, &[Method::Password, Method::Totp], code()),
        ] {
            let mfa = r#"{"MfaConfiguration": "ON", "SmsConfiguration": {}}"#;
            let proved = proved.iter().map(|method| Proved {
                method: *method,
                at: Timestamp::default(),
            });
            let state = State {
                proved: proved.collect(),
                ..State::new(somewhere(&[settings, mfa]), Sub::new("a-sub"), Asked::FirstFactor, None)
            };
            let mut user = user(true, Status::Confirmed);
            user.doc
                .attributes
                .insert("phone_number".to_owned(), "+15550100".to_owned());
            let found = next(&state, &user, &device, Timestamp::default());
            assert_eq!(
                found.as_ref().map_err(ApiError::message),
                expected.as_ref().map_err(|text| *text),
                "{:?}",
                state.proved
            );
        }
    }
}
