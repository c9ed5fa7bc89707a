//! What a refresh token that was presented is worth, and the rotation of refresh tokens. Pure. Reference: user-pools 5.7, 8.6;
//! decision 8.
//!
//! ```text
//!   token in force ──▶ tokens; with rotation its successor comes into force
//!   the one before, within its grace period ──▶ tokens and the same successor again: a retry, or a second tab
//!   an older one ──▶ somebody has a copy: the whole family is revoked
//! ```

use std::time::Duration;

use kernel::{ApiError, Timestamp};
use store::records::sessions::Session;

use crate::{errors, trigger::Source, user::standing::Halt};

/// Whether the call can hand out another refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// GetTokensFromRefreshToken.
    AsConfigured,
    /// REFRESH_TOKEN_AUTH.
    Never,
    /// The token endpoint, which has one word for whatever is wrong.
    OfOAuth,
}

impl Rotation {
    /// Whether it hands out another refresh token where the client is configured so.
    pub fn rotates(self) -> bool {
        self != Self::Never
    }

    /// What functions that change tokens hear of. Reference: user-pools 16.2; oauth-and-federation 5.4.
    pub fn source(self) -> Source {
        match self {
            Self::AsConfigured => Source::TokensOfSignIn,
            Self::Never | Self::OfOAuth => Source::TokensOfRefresh,
        }
    }
}

/// What a presented token is to its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefreshStanding {
    InForce,
    InGrace,
    Outdated,
    Revoked,
    Expired,
}

pub(crate) fn standing(family: &Session, digest: &[u8], grace: Duration, now: Timestamp) -> RefreshStanding {
    let in_grace = || {
        let rotated = family.rotated_at.is_some_and(|at| now.since(at) < grace);
        rotated && family.previous_token.as_deref() == Some(digest)
    };
    if family.revoked {
        RefreshStanding::Revoked
    } else if now >= family.expires {
        RefreshStanding::Expired
    } else if family.token == digest {
        RefreshStanding::InForce
    } else if in_grace() {
        RefreshStanding::InGrace
    } else {
        RefreshStanding::Outdated
    }
}

/// The two calls end the sentence differently.
pub(crate) fn invalid(rotation: Rotation) -> ApiError {
    match rotation {
        Rotation::AsConfigured => errors::invalid_refresh_token_to_rotate(),
        Rotation::Never | Rotation::OfOAuth => errors::invalid_refresh_token(),
    }
}

/// GetTokensFromRefreshToken has no word for the state of a user (its model).
pub(crate) fn halted(halt: Halt, rotation: Rotation) -> ApiError {
    match (halt, rotation) {
        (Halt::Disabled, _) => errors::user_is_disabled(),
        (Halt::Unconfirmed, Rotation::Never | Rotation::OfOAuth) => errors::user_is_not_confirmed(),
        (Halt::ResetRequired, Rotation::Never | Rotation::OfOAuth) => errors::password_reset_required(),
        (Halt::Unconfirmed | Halt::ResetRequired, Rotation::AsConfigured) => errors::refresh_token_revoked(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{ClientId, Sub};
    use store::records::sessions;

    use super::*;

    #[test]
    fn a_token_is_in_force_in_grace_or_outdated() {
        let at = |secs: i64| Timestamp::from_secs(secs);
        let family = Session {
            family: "f".to_owned(),
            sub: Sub::new("a-sub"),
            client: ClientId::new("c"),
            token: vec![2],
            previous_token: Some(vec![1]),
            rotated_at: Some(at(100)),
            created: at(0),
            used_at: at(100),
            expires: at(1000),
            revoked: false,
            doc: sessions::Doc::default(),
        };
        let cases = [
            (2, 10, 100, RefreshStanding::InForce),
            (2, 10, 999, RefreshStanding::InForce),
            (2, 10, 1000, RefreshStanding::Expired),
            (1, 10, 100, RefreshStanding::InGrace),
            (1, 10, 109, RefreshStanding::InGrace),
            (1, 10, 110, RefreshStanding::Outdated),
            (1, 0, 100, RefreshStanding::Outdated),
            (0, 10, 100, RefreshStanding::Outdated),
        ];
        for (digest, grace, now, expected) in cases {
            let found = standing(&family, &[digest], Duration::from_secs(grace), at(now));
            assert_eq!(found, expected, "{digest} {grace} {now}");
        }
        let revoked = Session {
            revoked: true,
            ..family
        };
        assert_eq!(
            standing(&revoked, &[2], Duration::ZERO, at(100)),
            RefreshStanding::Revoked
        );
    }

    #[test]
    fn how_a_users_state_is_told_with_a_refresh_token() {
        let cases = [
            (Halt::Disabled, "User is disabled.", "User is disabled."),
            (
                Halt::Unconfirmed,
                "User is not confirmed.",
                "Refresh Token has been revoked",
            ),
            (
                Halt::ResetRequired,
                "Password reset required for the user",
                "Refresh Token has been revoked",
            ),
        ];
        for (halt, never, as_configured) in cases {
            assert_eq!(halted(halt, Rotation::Never).message(), never, "{halt:?}");
            assert_eq!(
                halted(halt, Rotation::AsConfigured).message(),
                as_configured,
                "{halt:?}"
            );
        }
    }
}
