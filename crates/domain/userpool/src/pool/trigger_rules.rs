//! Which functions a pool may have, and how its LambdaConfig is shown. Reference: user-pools 2.6, 16.3.

use api::{
    Wire,
    cognito_idp::{LambdaConfigType, PreTokenGenerationLambdaVersionType, PreTokenGenerationVersionConfigType},
};
use kernel::{ApiError, Arn, Region};
use serde_json::Value;

use crate::errors::settings as errors;

/// As it is kept. Errors: InvalidParameter.
pub(super) fn completed(asked: LambdaConfigType, region: &Region) -> Result<LambdaConfigType, ApiError> {
    if leads_elsewhere(&asked.to_json(), region) {
        return Err(errors::trigger_in_another_region());
    }
    let sends = asked.custom_email_sender.is_some() || asked.custom_sms_sender.is_some();
    if sends && asked.kms_key_id.is_none() {
        return Err(errors::sender_without_key());
    }
    with_both_pre_token_members(asked)
}

/// A trigger lives in the pool's Region. The functions' ARNs stand at different depths, the KMS key beside them.
fn leads_elsewhere(value: &Value, region: &Region) -> bool {
    match value {
        Value::String(text) => {
            Arn::parse(text).is_some_and(|arn| arn.service() == "lambda" && arn.region() != region.as_str())
        }
        Value::Object(members) => members.values().any(|member| leads_elsewhere(member, region)),
        _ => false,
    }
}

/// The older member knows no versions. Whichever was sent, both are shown, and they say the same.
fn with_both_pre_token_members(mut config: LambdaConfigType) -> Result<LambdaConfigType, ApiError> {
    match (&config.pre_token_generation, &config.pre_token_generation_config) {
        (Some(older), Some(newer)) if *older != newer.lambda_arn => return Err(errors::two_pre_token_functions()),
        (None, Some(newer)) => config.pre_token_generation = Some(newer.lambda_arn.clone()),
        (Some(older), None) => {
            config.pre_token_generation_config = Some(PreTokenGenerationVersionConfigType {
                lambda_version: PreTokenGenerationLambdaVersionType::V10,
                lambda_arn: older.clone(),
            });
        }
        _ => {}
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HERE: &str = "arn:aws:lambda:eu-west-1:123456789012:function:hook";
    const OTHER: &str = "arn:aws:lambda:eu-west-1:123456789012:function:other";
    const THERE: &str = "arn:aws:lambda:us-east-1:123456789012:function:hook";
    const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1";

    fn kept(asked: Value) -> Result<Value, String> {
        let asked = LambdaConfigType::from_json(asked).unwrap();
        let kept = completed(asked, &Region::new("eu-west-1"));
        kept.map(|kept| kept.to_json())
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn functions_are_the_regions_and_senders_have_a_key() {
        let sender = |arn: &str| json!({"LambdaVersion": "V1_0", "LambdaArn": arn});
        let elsewhere = Some("Cross-region lambda functions are not supported");
        let keyless = Some("KMSKeyID is required when CustomEmailSender or CustomSMSSender is set.");
        for (asked, refused) in [
            (json!({}), None),
            (json!({"PreSignUp": HERE, "KMSKeyID": KEY}), None),
            (json!({"PreSignUp": THERE}), elsewhere),
            (json!({"CustomEmailSender": sender(HERE), "KMSKeyID": KEY}), None),
            (json!({"CustomSMSSender": sender(HERE), "KMSKeyID": KEY}), None),
            (json!({"CustomEmailSender": sender(HERE)}), keyless),
            (json!({"CustomSMSSender": sender(HERE)}), keyless),
            (json!({"CustomEmailSender": sender(THERE), "KMSKeyID": KEY}), elsewhere),
            (json!({"CustomSMSSender": sender(THERE), "KMSKeyID": KEY}), elsewhere),
        ] {
            assert_eq!(kept(asked.clone()).err().as_deref(), refused, "{asked}");
        }
    }

    #[test]
    fn both_pre_token_members_say_the_same() {
        let newer = |version: &str| json!({"LambdaVersion": version, "LambdaArn": HERE});
        let both = |version: &str| json!({"PreTokenGeneration": HERE, "PreTokenGenerationConfig": newer(version)});
        for (asked, shown) in [
            (json!({"PreTokenGeneration": HERE}), both("V1_0")),
            (json!({"PreTokenGenerationConfig": newer("V2_0")}), both("V2_0")),
            (both("V3_0"), both("V3_0")),
        ] {
            assert_eq!(kept(asked), Ok(shown));
        }
        let two = json!({"PreTokenGeneration": OTHER, "PreTokenGenerationConfig": newer("V1_0")});
        let refused = "PreTokenGeneration and PreTokenGenerationConfig must name the same Lambda function.";
        assert_eq!(kept(two), Err(refused.to_owned()));
    }
}
