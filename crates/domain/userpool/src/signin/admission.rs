//! Whether a user's state lets them sign in, whatever they have shown. Pure. Reference: user-pools 5.2, 17.2; oauth-and-federation 10.4.

use kernel::{ApiError, Timestamp};
use store::records::{status::Status, users::User};

use crate::{
    errors,
    user::standing::{self, Halt},
};

/// Errors: NotAuthorized (disabled, a temporary password that has expired), UserNotConfirmed, PasswordResetRequired.
pub(super) fn may_sign_in(user: &User, now: Timestamp) -> Result<(), ApiError> {
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

/// Of somebody whom a provider vouches for: that a password here is temporary is no matter.
///
/// Errors: NotAuthorized (disabled), UserNotConfirmed, PasswordResetRequired.
pub(super) fn may_arrive(user: &User) -> Result<(), ApiError> {
    match standing::may_go_on(user) {
        Ok(()) => Ok(()),
        Err(Halt::Disabled) => Err(errors::external::user_is_not_enabled()),
        Err(Halt::Unconfirmed) => Err(errors::user_is_not_confirmed()),
        Err(Halt::ResetRequired) => Err(errors::password_reset_required()),
    }
}
