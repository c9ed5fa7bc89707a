//! What is asked of whom.

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
