//! What a pool tracks of its users: their devices and their sessions. Reference: user-pools 10, 15.2.

use api::cognito_idp::{
    DeviceConfigurationType, GetUserPoolSessionConfigurationResponse, UserPoolTierType, UserPoolTokenSessionConfigType,
    UserPoolType, UserSessionTrackingType,
};
use kernel::ApiError;

use crate::errors;

/// How a pool tracks the devices of its users. Reference: user-pools 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeviceTracking {
    /// A remembered device stands in for the second factor: another one has to show it.
    pub challenge_on_new: bool,
    pub remember: Remember,
}

/// When a confirmed device is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remember {
    Always,
    OnPrompt,
}

impl DeviceTracking {
    /// Any member turns it on.
    pub fn of(settings: &UserPoolType) -> Option<Self> {
        let DeviceConfigurationType {
            challenge_required_on_new_device: challenge,
            device_only_remembered_on_user_prompt: prompt,
        } = settings.device_configuration.as_ref()?;
        challenge.or(*prompt)?;
        Some(Self {
            challenge_on_new: *challenge == Some(true),
            remember: if *prompt == Some(true) {
                Remember::OnPrompt
            } else {
                Remember::Always
            },
        })
    }
}

/// How a pool tracks the sessions of its users. Reference: user-pools 15.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionTracking {
    /// Token sessions of a user beyond which the least recently used ends.
    pub most: i32,
}

/// Errors: FeatureUnavailableInTier where the pool's plan has no tracking of sessions.
pub(crate) fn check_plan(settings: &UserPoolType) -> Result<(), ApiError> {
    match settings.user_pool_tier {
        Some(tier @ UserPoolTierType::Lite) => {
            Err(errors::settings::feature_not_available(tier, "User Session Tracking"))
        }
        _ => Ok(()),
    }
}

/// What a pool has whose tracking was never set.
pub(crate) const MOST_BY_DEFAULT: i32 = 20;

impl SessionTracking {
    /// What was set rests while the pool's plan lacks it.
    pub fn of(settings: &UserPoolType, config: &GetUserPoolSessionConfigurationResponse) -> Option<Self> {
        let enabled = config.user_session_tracking == Some(UserSessionTrackingType::Enabled);
        let available = settings.user_pool_tier != Some(UserPoolTierType::Lite);
        let UserPoolTokenSessionConfigType { max_per_user: most } =
            config.token_session.clone().filter(|_| enabled && available)?;
        Some(Self { most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_member_turns_device_tracking_on() {
        use Remember::{Always, OnPrompt};
        let tracking = |challenge_on_new, remember| {
            Some(DeviceTracking {
                challenge_on_new,
                remember,
            })
        };
        let cases = [
            (None, None, None),
            (Some(false), None, tracking(false, Always)),
            (None, Some(false), tracking(false, Always)),
            (Some(true), None, tracking(true, Always)),
            (None, Some(true), tracking(false, OnPrompt)),
            (Some(true), Some(true), tracking(true, OnPrompt)),
        ];
        for (challenge, prompt, expected) in cases {
            let settings = UserPoolType {
                device_configuration: Some(DeviceConfigurationType {
                    challenge_required_on_new_device: challenge,
                    device_only_remembered_on_user_prompt: prompt,
                }),
                ..UserPoolType::default()
            };
            assert_eq!(DeviceTracking::of(&settings), expected, "{challenge:?} {prompt:?}");
        }
        assert_eq!(DeviceTracking::of(&UserPoolType::default()), None);
    }

    #[test]
    fn sessions_are_tracked_where_it_is_enabled_and_the_plan_has_it() {
        use UserPoolTierType::{Essentials, Lite};
        use UserSessionTrackingType::{Disabled, Enabled};
        let cases = [
            (Some(Enabled), Some(Essentials), Some(7)),
            (Some(Enabled), None, Some(7)),
            (Some(Enabled), Some(Lite), None),
            (Some(Disabled), Some(Essentials), None),
            (None, None, None),
        ];
        for (tracking, tier, most) in cases {
            let settings = UserPoolType {
                user_pool_tier: tier,
                ..UserPoolType::default()
            };
            let config = GetUserPoolSessionConfigurationResponse {
                user_pool_id: None,
                user_session_tracking: tracking,
                token_session: tracking.map(|_| UserPoolTokenSessionConfigType { max_per_user: 7 }),
            };
            let found = SessionTracking::of(&settings, &config).map(|tracking| tracking.most);
            assert_eq!(found, most, "{tracking:?} {tier:?}");
        }
    }
}
