//! LambdaConfig, parsed where the pool is loaded. Reference: user-pools 16.

use std::collections::BTreeMap;

use api::cognito_idp::UserPoolType;

use super::source::Trigger;

/// The function of each trigger that has one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lambdas(BTreeMap<Trigger, String>);

impl Lambdas {
    pub fn of(settings: &UserPoolType) -> Self {
        let Some(config) = &settings.lambda_config else {
            return Self::default();
        };
        let members = [
            (Trigger::PreSignUp, &config.pre_sign_up),
            (Trigger::PostConfirmation, &config.post_confirmation),
            (Trigger::CustomMessage, &config.custom_message),
        ];
        let set = members.into_iter().filter_map(|(trigger, arn)| {
            let arn = arn.as_ref().filter(|arn| !arn.is_empty())?;
            Some((trigger, arn.clone()))
        });
        Self(set.collect())
    }

    pub fn arn(&self, trigger: Trigger) -> Option<&str> {
        self.0.get(&trigger).map(String::as_str)
    }
}
