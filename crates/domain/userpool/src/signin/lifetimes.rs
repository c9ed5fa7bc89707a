//! How long what a client gets lives, beyond what its settings say plainly. Reference: user-pools 3.7.

use std::time::Duration;

use api::cognito_idp::FeatureType;

use crate::settings::Client;

/// No `Session` or SECRET_BLOCK lives longer, whatever its client's setting was.
pub(super) const LONGEST_CHALLENGE: Duration = Duration::from_secs(15 * 60);

/// A `Session` or SECRET_BLOCK.
pub(super) fn challenge(client: &Client) -> Duration {
    client.session_lifetime().min(LONGEST_CHALLENGE)
}

/// How long a rotated-out refresh token still works. None: refresh tokens are not rotated.
pub(super) fn rotation_grace(client: &Client) -> Option<Duration> {
    let rotation = client
        .settings
        .refresh_token_rotation
        .as_ref()
        .filter(|r| r.feature == FeatureType::Enabled)?;
    let seconds = rotation
        .retry_grace_period_seconds
        .and_then(|s| u64::try_from(s).ok())
        .unwrap_or(0);
    Some(Duration::from_secs(seconds))
}
