//! What a user whose first factor is proved may do. Pure. Reference: user-pools 5.2, 5.4, 17.2.

use kernel::Timestamp;
use store::records::{status::Status, users::User};

use super::Result;
use crate::{errors, pool::Pool};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    NewPassword,
    Tokens,
}

/// Errors: NotAuthorized (disabled, a temporary password that has expired), UserNotConfirmed, PasswordResetRequired.
pub(super) fn gate(user: &User, now: Timestamp) -> Result<Pass> {
    if !user.enabled {
        return Err(errors::user_is_disabled());
    }
    match user.status {
        Status::Confirmed => Ok(Pass::Tokens),
        Status::Unconfirmed => Err(errors::user_is_not_confirmed()),
        Status::ResetRequired => Err(errors::password_reset_required()),
        Status::ForceChangePassword if user.doc.temporary_until.is_some_and(|until| now >= until) => {
            Err(errors::temporary_password_expired())
        }
        Status::ForceChangePassword => Ok(Pass::NewPassword),
        Status::ExternalProvider => Err(errors::incorrect_username_or_password()),
    }
}

/// What a user is told before the password is compared: a state that sign-in can't get past. Clients that hide users hear
/// of it from [`gate`], when the password was right, or the answer would tell who exists.
///
/// Errors: UserNotConfirmed, PasswordResetRequired.
pub(super) fn before_password(user: &User, hidden: bool) -> Result<()> {
    match user.status {
        Status::Unconfirmed if !hidden => Err(errors::user_is_not_confirmed()),
        Status::ResetRequired if !hidden => Err(errors::password_reset_required()),
        _ => Ok(()),
    }
}

/// The required attributes that the user lacks. Reference: 5.5.
pub(super) fn missing_attributes(pool: &Pool, user: &User) -> Vec<String> {
    let has = |name: &str| user.doc.attributes.get(name).is_some_and(|value| !value.is_empty());
    pool.schema
        .required()
        .filter(|name| !has(name))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use kernel::{PoolId, Sub};
    use store::records::users::Doc;

    use super::*;

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

    #[test]
    fn what_is_told_before_the_password_is_looked_at() {
        let cases = [
            (Status::Unconfirmed, false, "User is not confirmed."),
            (Status::Unconfirmed, true, ""),
            (Status::ResetRequired, false, "Password reset required for the user"),
            (Status::ResetRequired, true, ""),
            (Status::Confirmed, false, ""),
            (Status::ForceChangePassword, false, ""),
        ];
        for (status, hidden, expected) in cases {
            let told = before_password(&user(true, status), hidden);
            assert_eq!(
                told.map_or_else(|e| e.message().to_owned(), |()| String::new()),
                expected,
                "{status} {hidden}"
            );
        }
    }

    #[test]
    fn the_status_decides() {
        let cases = [
            (true, Status::Confirmed, 0, Ok(Pass::Tokens)),
            (false, Status::Confirmed, 0, Err("User is disabled.")),
            (false, Status::ForceChangePassword, 0, Err("User is disabled.")),
            (true, Status::Unconfirmed, 0, Err("User is not confirmed.")),
            (
                true,
                Status::ResetRequired,
                0,
                Err("Password reset required for the user"),
            ),
            (true, Status::ForceChangePassword, 99, Ok(Pass::NewPassword)),
            (
                true,
                Status::ForceChangePassword,
                100,
                Err("Temporary password has expired and must be reset by an administrator."),
            ),
            (
                true,
                Status::ExternalProvider,
                0,
                Err("Incorrect username or password."),
            ),
        ];
        for (enabled, status, now, expected) in cases {
            let user = user(enabled, status);
            let passed = gate(&user, Timestamp::from_secs(now));
            assert_eq!(
                passed.as_ref().map_err(kernel::ApiError::message),
                expected.as_ref().map_err(|s| *s),
                "{status}"
            );
        }
    }
}
