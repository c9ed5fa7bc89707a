//! What a user's state lets them do. Pure. Reference: user-pools 4.7, 5.7, 8.5.

use kernel::ApiError;
use store::records::{status::Status, users::User};

use crate::errors;

/// Whether a user who has signed in may go on: asked of every access token and every refresh token.
///
/// What AWS does with the tokens of a user whose password was reset, or replaced by a temporary one, is unconfirmed. Here
/// they wait for the user to choose a new password, because an administrator does so when somebody else may know the old
/// one. `revoked` is the refusal of such a token where there is no word for the state.
///
/// Errors: NotAuthorized (disabled, temporary password), PasswordResetRequired, UserNotConfirmed.
pub(crate) fn may_go_on(user: &User, revoked: fn() -> ApiError) -> Result<(), ApiError> {
    if !user.enabled {
        return Err(errors::user_is_disabled());
    }
    match user.status {
        Status::ResetRequired => Err(errors::password_reset_required()),
        Status::Unconfirmed => Err(errors::user_is_not_confirmed()),
        Status::ForceChangePassword => Err(revoked()),
        Status::Confirmed | Status::ExternalProvider => Ok(()),
    }
}
