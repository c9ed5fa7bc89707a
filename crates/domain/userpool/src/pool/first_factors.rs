//! What a pool's users may prove themselves by at first, when they choose (USER_AUTH). Reference: user-pools 2.2, 5.8.

use api::cognito_idp::{AuthFactorType, UserPoolTierType, UserPoolType};
use kernel::ApiError;

use crate::errors::settings as errors;

/// SignInPolicy.AllowedFirstAuthFactors. It always has the password; that one yields both PASSWORD and PASSWORD_SRP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FirstFactors(Vec<AuthFactorType>);

impl FirstFactors {
    pub fn of(settings: &UserPoolType) -> Self {
        let policy = settings.policies.as_ref().and_then(|p| p.sign_in_policy.as_ref());
        let allowed = policy.and_then(|policy| policy.allowed_first_auth_factors.clone());
        Self(allowed.unwrap_or_else(|| vec![AuthFactorType::Password]))
    }

    pub fn allows(&self, factor: AuthFactorType) -> bool {
        self.0.contains(&factor)
    }

    /// Whether anything but a password is allowed, which only the higher plans have. Reference: user-pools 2.6.
    pub fn passwordless(&self) -> bool {
        self.0.iter().any(|factor| *factor != AuthFactorType::Password)
    }
}

/// Errors: FeatureUnavailableInTier where nobody chooses what they prove themselves by, since the pool's plan lacks USER_AUTH.
pub(crate) fn check_plan(settings: &UserPoolType) -> Result<(), ApiError> {
    match settings.user_pool_tier {
        Some(tier @ UserPoolTierType::Lite) => Err(errors::feature_not_available(tier, "Passwordless Sign-In")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use api::{Wire, cognito_idp::UserPoolType};
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_not_set_is_the_password_alone() {
        use AuthFactorType::{EmailOtp, Password, SmsOtp, WebAuthn};
        let all = json!(["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]);
        let cases: [(Value, &[AuthFactorType]); 4] = [
            (json!({}), &[Password]),
            (json!({"Policies": {"SignInPolicy": {}}}), &[Password]),
            (
                json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}}),
                &[Password, WebAuthn],
            ),
            (
                json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": all}}}),
                &[Password, EmailOtp, SmsOtp, WebAuthn],
            ),
        ];
        for (settings, allowed) in cases {
            let factors = FirstFactors::of(&UserPoolType::from_json(settings).unwrap());
            for factor in [Password, EmailOtp, SmsOtp, WebAuthn] {
                assert_eq!(
                    factors.allows(factor),
                    allowed.contains(&factor),
                    "{allowed:?} {factor:?}"
                );
            }
            assert_eq!(factors.passwordless(), allowed.len() > 1);
        }
    }
}
