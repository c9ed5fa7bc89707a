//! What a user's state lets them do. Pure. Reference: user-pools 4.7, 5.7, 8.5.

use kernel::ApiError;
use store::records::{status::Status, users::User};

use crate::errors::linking;

/// Why a user who has signed in may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    Disabled,
    Unconfirmed,
    ResetRequired,
}

/// Whether a user who has signed in may go on: asked of every access token and every refresh token.
///
/// What AWS does with the tokens of a user whose password was reset is unconfirmed. Here they wait for the user to choose a new
/// password, because an administrator does so when somebody else may know the old one; a temporary password ends them when it is set,
/// and those that a custom challenge earns beside it are good.
pub(crate) fn may_go_on(user: &User) -> Result<(), Halt> {
    if !user.enabled {
        return Err(Halt::Disabled);
    }
    match user.status {
        Status::ResetRequired => Err(Halt::ResetRequired),
        Status::Unconfirmed => Err(Halt::Unconfirmed),
        Status::ForceChangePassword | Status::Confirmed | Status::ExternalProvider => Ok(()),
    }
}

/// Whether a user proves here who they are; those whom a provider vouches for do so there. Reference: oauth-and-federation 10.4.
pub(crate) fn signs_in_here(user: &User) -> bool {
    user.status != Status::ExternalProvider
}

/// Asked before a user registers something to sign in with. Errors: NotAuthorized.
pub(crate) fn may_register_factor(user: &User) -> Result<(), ApiError> {
    if signs_in_here(user) {
        Ok(())
    } else {
        Err(linking::signs_in_elsewhere())
    }
}
