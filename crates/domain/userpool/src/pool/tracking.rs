//! What a pool tracks of its users: their devices. Reference: user-pools 10.

use api::cognito_idp::{DeviceConfigurationType, UserPoolType};

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
}
