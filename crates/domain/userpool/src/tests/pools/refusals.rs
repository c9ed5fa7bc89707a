//! Settings that a pool may not have. Reference: user-pools 2.3, 2.4, 2.6, 2.8.

use serde_json::{Value, json};
use testkit::{merged, text};

use crate::tests::app::App;

pub(super) const INVALID: &str = "InvalidParameterException";

/// What both CreateUserPool and UpdateUserPool refuse.
fn refused_settings() -> Vec<(Value, &'static str, &'static str)> {
    let sms = json!({"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"});
    let mfa = "SMS configuration and Auto verification for phone_number are required when MFA is required/optional";
    let recovery = |mechanisms: Value| json!({"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}});
    vec![
        (
            json!({
                "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 7}},
                "AdminCreateUserConfig": {"UnusedAccountValidityDays": 7},
            }),
            INVALID,
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        ),
        (json!({"MfaConfiguration": "ON"}), INVALID, mfa),
        (json!({"MfaConfiguration": "OPTIONAL"}), INVALID, mfa),
        (
            json!({
                "AutoVerifiedAttributes": ["phone_number"],
                "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
            }),
            INVALID,
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
        ),
        (
            json!({"AutoVerifiedAttributes": ["email", "phone_number"]}),
            INVALID,
            "SMS configuration is required when phone_number is selected for auto verification",
        ),
        (
            json!({"SmsConfiguration": merged(sms, json!({"EumsSms": {"CallerArn": "arn:aws:iam::123456789012:role/sms"}}))}),
            INVALID,
            "SmsConfiguration cannot have both SnsCallerArn and EumsSms.",
        ),
        (
            json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["EMAIL_OTP"]}}}),
            INVALID,
            "Password should be configured as one of the allowed first auth factors.",
        ),
        (
            recovery(json!([{"Priority": 1, "Name": "admin_only"}, {"Priority": 2, "Name": "verified_email"}])),
            INVALID,
            "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.",
        ),
        (
            recovery(json!([{"Priority": 1, "Name": "verified_email"}, {"Priority": 2, "Name": "verified_email"}])),
            INVALID,
            "Account Recovery Setting cannot repeat a recovery mechanism or a priority.",
        ),
        (
            recovery(
                json!([{"Priority": 1, "Name": "verified_email"}, {"Priority": 1, "Name": "verified_phone_number"}]),
            ),
            INVALID,
            "Account Recovery Setting cannot repeat a recovery mechanism or a priority.",
        ),
    ]
}

/// The same, of keys, levels and tags.
fn refused_keys_levels_and_tags() -> Vec<(Value, &'static str, &'static str)> {
    vec![
        (
            json!({"KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY"}}),
            INVALID,
            "KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY.",
        ),
        (
            json!({"AcrConfiguration": {"Level1": {"AcrValue": "urn:cognito:loa:2"}}}),
            INVALID,
            "ACR values must be unique.",
        ),
        (
            json!({"AcrConfiguration": {
                "Level1": {"AcrValue": "urn:cognito:loa:2"}, "Level2": {"AcrValue": "two"},
            }}),
            INVALID,
            "ACR values must be unique.",
        ),
        (
            json!({"UserPoolTags": {"aws:team": "core"}}),
            "UserPoolTaggingException",
            "Tag keys that begin with aws: are reserved.",
        ),
    ]
}

/// The same, of mails' senders and of triggers.
fn refused_senders_and_triggers() -> Vec<(Value, &'static str, &'static str)> {
    let email = |settings: Value| json!({ "EmailConfiguration": settings });
    let ses = |region: &str| format!("arn:aws:ses:{region}:123456789012:identity/example.com");
    vec![
        (
            email(json!({"EmailSendingAccount": "DEVELOPER"})),
            INVALID,
            "Source ARN is required to use DEVELOPER email sending owner",
        ),
        (
            email(json!({"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": ses("eu-west-1")})),
            INVALID,
            "Cognito is not allowed to use your email identity",
        ),
        (
            email(json!({"SourceArn": ses("eu-west-1")})),
            INVALID,
            "Cognito is not allowed to use your email identity",
        ),
        (
            email(json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": ses("eu-west-1"), "From": "nobody"})),
            INVALID,
            "Provided From email address is invalid",
        ),
        (
            email(json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": ses("sa-east-1")})),
            INVALID,
            "Provided SourceArn must be in one of the following SES regions: eu-west-1, us-east-1, us-west-2.",
        ),
        (
            json!({"LambdaConfig": {"PreSignUp": "arn:aws:lambda:us-east-1:123456789012:function:check"}}),
            INVALID,
            "Cross-region lambda functions are not supported",
        ),
        (
            json!({"LambdaConfig": {
                "CustomEmailSender": {
                    "LambdaVersion": "V1_0", "LambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:send",
                },
                "KMSKeyID": "arn:aws:kms:us-east-1:123456789012:key/1",
            }}),
            INVALID,
            "Cross-region lambda functions are not supported",
        ),
    ]
}

/// What a lower plan lacks.
fn settings_of_higher_plans() -> Vec<(Value, &'static str)> {
    let lambda = "arn:aws:lambda:eu-west-1:123456789012:function:claims";
    vec![
        (
            json!({"UserPoolTier": "LITE", "Policies": {"PasswordPolicy": {"PasswordHistorySize": 1}}}),
            "LITE pricing tier configured: Password History",
        ),
        (
            json!({
                "UserPoolTier": "LITE",
                "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "SMS_OTP"]}},
            }),
            "LITE pricing tier configured: Passwordless Sign-In",
        ),
        (
            json!({"UserPoolTier": "LITE", "AcrConfiguration": {"Level1": {"AcrValue": "one"}}}),
            "LITE pricing tier configured: ACR Configuration",
        ),
        (
            json!({"UserPoolTier": "LITE", "DcrConfiguration": {"OpenDcrEnabled": true}}),
            "LITE pricing tier configured: Dynamic Client Registration",
        ),
        (
            json!({
                "UserPoolTier": "LITE",
                "LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": lambda}},
            }),
            "LITE pricing tier configured: Token Customization with Pre-Token Generation Lambda V2_0",
        ),
        (
            json!({"UserPoolTier": "LITE", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}),
            "LITE pricing tier configured: Threat Protection",
        ),
        (
            json!({"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}),
            "ESSENTIALS pricing tier configured: Threat Protection",
        ),
    ]
}

#[tokio::test]
async fn settings_that_contradict_or_need_another_plan_are_refused() {
    let app = App::new().await;
    let id = app.pool(json!({})).await;
    let before = app.admin.call("DescribeUserPool", json!({"UserPoolId": id})).await.ok();
    let contradictory = refused_settings()
        .into_iter()
        .chain(refused_keys_levels_and_tags())
        .chain(refused_senders_and_triggers())
        .map(|(settings, code, text)| (settings, code, text.to_owned()));
    let lacking = settings_of_higher_plans().into_iter().map(|(settings, feature)| {
        let text = format!("The following features need to be disabled for the {feature}");
        (settings, "FeatureUnavailableInTierException", text)
    });
    for (settings, code, sentence) in contradictory.chain(lacking) {
        let new = merged(settings.clone(), json!({"PoolName": "refused"}));
        app.admin.call("CreateUserPool", new).await.refused(code, &sentence);
        let change = merged(settings, json!({"UserPoolId": id}));
        app.admin.call("UpdateUserPool", change).await.refused(code, &sentence);
    }
    assert_eq!(
        app.admin.call("DescribeUserPool", json!({"UserPoolId": id})).await.ok(),
        before
    );
    let pools = app.admin.call("ListUserPools", json!({"MaxResults": 60})).await.ok();
    assert_eq!(pools["UserPools"].as_array().unwrap().len(), 1);
}

/// What an update keeps wants the members beside it that were sent with it, one after the other.
#[tokio::test]
async fn what_an_update_keeps_can_forbid_it() {
    let app = App::new().await;
    let verified = json!({"AutoVerifiedAttributes": ["phone_number"]});
    let sms = json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}});
    let both = merged(verified.clone(), sms);
    let proof = json!({"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["phone_number"]}});
    let id = app.pool(merged(both.clone(), proof)).await;
    let update = |members: Value| {
        let unrelated = json!({"UserPoolId": id, "DeletionProtection": "ACTIVE"});
        app.admin.call("UpdateUserPool", merged(unrelated, members))
    };
    update(json!({})).await.refused(
        INVALID,
        "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
    );
    update(verified).await.refused(
        INVALID,
        "SMS configuration is required when phone_number is selected for auto verification",
    );
    update(both).await.ok();
}

#[tokio::test]
async fn sign_in_names_must_fit_together() {
    let app = App::new().await;
    let create = |settings: Value| {
        app.admin
            .call("CreateUserPool", merged(json!({"PoolName": "staff"}), settings))
    };
    create(json!({"AliasAttributes": ["email"], "UsernameAttributes": ["email"]}))
        .await
        .refused(
            INVALID,
            "Only one of the aliasAttributes or usernameAttributes can be set in an user pool.",
        );
    create(json!({
        "AliasAttributes": ["preferred_username"],
        "Schema": [{"Name": "preferred_username", "Required": true}],
    }))
    .await
    .refused(
        INVALID,
        "preferred_username cannot be both a required attribute and an alias.",
    );
    create(json!({"AliasAttributes": [], "UsernameAttributes": ["email"]}))
        .await
        .ok();
}

#[tokio::test]
async fn a_pinned_id_is_given_once_and_must_be_an_id() {
    let app = App::new().await;
    let create = |id: &str| {
        app.admin.call(
            "CreateUserPool",
            json!({"PoolName": "staff", "UserPoolTags": {"_custom_id_": id}}),
        )
    };
    let created = create("us-east-1_Pinned").await.ok();
    assert_eq!(text(&created, "/UserPool/Id"), "us-east-1_Pinned");
    let arn = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Pinned";
    assert_eq!(text(&created, "/UserPool/Arn"), arn);
    create("us-east-1_Pinned")
        .await
        .refused(INVALID, "User pool us-east-1_Pinned already exists.");
    create("mine").await.refused(
        "UserPoolTaggingException",
        "The tag _custom_id_ must be a user pool id: a Region, an underscore, letters and digits.",
    );
}
