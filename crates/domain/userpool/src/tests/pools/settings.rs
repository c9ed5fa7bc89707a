//! Pools: what a new one is, and what comes back of what was given. Reference: user-pools 2.2 to 2.6.

use serde_json::{Value, json};
use testkit::{merged, text};

use crate::tests::app::App;

pub(super) fn string(name: &str, min: &str, max: &str) -> Value {
    json!({
        "Name": name, "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false,
        "StringAttributeConstraints": {"MinLength": min, "MaxLength": max},
    })
}

pub(super) fn standard_attributes() -> Vec<Value> {
    let other = |name: &str, data_type: &str| {
        json!({
            "Name": name, "AttributeDataType": data_type, "DeveloperOnlyAttribute": false, "Mutable": true,
            "Required": false,
        })
    };
    let texts = |names: &[&str]| -> Vec<Value> { names.iter().map(|name| string(name, "0", "2048")).collect() };
    [
        vec![merged(
            string("sub", "1", "2048"),
            json!({"Mutable": false, "Required": true}),
        )],
        texts(&["name", "given_name", "family_name", "middle_name", "nickname"]),
        texts(&["preferred_username", "profile", "picture", "website", "email"]),
        vec![other("email_verified", "Boolean")],
        texts(&["gender"]),
        vec![string("birthdate", "10", "10")],
        texts(&["zoneinfo", "locale", "phone_number"]),
        vec![other("phone_number_verified", "Boolean")],
        texts(&["address"]),
        vec![merged(
            other("updated_at", "Number"),
            json!({"NumberAttributeConstraints": {"MinValue": "0"}}),
        )],
    ]
    .concat()
}

/// What DescribeUserPool answers of a pool that was created with nothing but a name.
pub(super) fn plain_pool(id: &str) -> Value {
    json!({
        "Id": id,
        "Name": "staff",
        "Arn": format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{id}"),
        "CreationDate": 1_768_478_400,
        "LastModifiedDate": 1_768_478_400,
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
                "RequireSymbols": true, "TemporaryPasswordValidityDays": 7,
            },
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "DeletionProtection": "INACTIVE",
        "LambdaConfig": {},
        "SchemaAttributes": standard_attributes(),
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
        "MfaConfiguration": "OFF",
        "EstimatedNumberOfUsers": 0,
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "UserPoolTags": {},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7},
        "AccountRecoverySetting": {"RecoveryMechanisms": [
            {"Priority": 1, "Name": "verified_email"}, {"Priority": 2, "Name": "verified_phone_number"},
        ]},
        "UserPoolTier": "ESSENTIALS",
        "AcrConfiguration": {
            "Level1": {"AcrValue": "urn:cognito:loa:1"}, "Level2": {"AcrValue": "urn:cognito:loa:2"},
            "Level3": {"AcrValue": "urn:cognito:loa:3"}, "Level4": {"AcrValue": "urn:cognito:loa:4"},
        },
    })
}

pub(super) async fn describe(app: &App, pool: &str) -> Value {
    let answer = app
        .admin
        .call("DescribeUserPool", json!({"UserPoolId": pool}))
        .await
        .ok();
    answer["UserPool"].clone()
}

#[tokio::test]
async fn a_new_pool_has_cognitos_defaults() {
    let app = App::new().await;
    let created = app
        .admin
        .call("CreateUserPool", json!({"PoolName": "staff"}))
        .await
        .ok();
    let id = text(&created, "/UserPool/Id");
    let mut untagged = plain_pool(&id);
    untagged.as_object_mut().unwrap().remove("UserPoolTags");
    assert_eq!(created, json!({"UserPool": untagged}));
    assert_eq!(describe(&app, &id).await, plain_pool(&id));

    let (region, name) = id.split_once('_').unwrap();
    assert_eq!((region, name.len()), ("eu-west-1", 9));
    let keys = app.tokens.jwks(&id).await.unwrap().unwrap();
    let keys: Value = serde_json::from_str(&keys).unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_pool_is_in_the_region_of_the_call() {
    let app = App::new().await;
    let created = app
        .admin
        .call_in("us-east-1", "CreateUserPool", json!({"PoolName": "staff"}))
        .await
        .ok();
    assert!(text(&created, "/UserPool/Id").starts_with("us-east-1_"));
    let list = |region| app.admin.call_in(region, "ListUserPools", json!({"MaxResults": 60}));
    assert_eq!(list("us-east-1").await.ok()["UserPools"].as_array().unwrap().len(), 1);
    assert_eq!(list("eu-west-1").await.ok(), json!({"UserPools": []}));
}

/// Everything that can be given, as Terraform's provider and people give it, and as it comes back.
pub(super) fn full_settings() -> Value {
    json!({
        "PoolName": "customers",
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 12, "RequireNumbers": true, "RequireSymbols": false, "PasswordHistorySize": 3,
                "TemporaryPasswordValidityDays": 2,
            },
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]},
        },
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:123456789012:function:check"},
        "AutoVerifiedAttributes": ["email"],
        "VerificationMessageTemplate": {
            "DefaultEmailOption": "CONFIRM_WITH_CODE", "EmailMessage": "It is {####}", "EmailSubject": "Code",
            "SmsMessage": "Code {####}",
        },
        "SmsAuthenticationMessage": "Sign in with {####}",
        "MfaConfiguration": "OPTIONAL",
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false},
        "EmailConfiguration": {
            "SourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/example.com", "EmailSendingAccount": "DEVELOPER",
            "From": "no-reply@example.com", "ReplyToEmailAddress": "help@example.com",
        },
        "SmsConfiguration": {
            "SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "staff", "SnsRegion": "eu-west-1",
        },
        "UserPoolTags": {"team": "core"},
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": true,
            "InviteMessageTemplate": {"EmailMessage": "{username} {####}", "EmailSubject": "Welcome"},
        },
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
        "DcrConfiguration": {"AllowedScopes": ["openid"]},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]},
        "UserPoolTier": "PLUS",
        "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
        "IssuerConfiguration": {"Type": "UPDATED"},
        "AcrConfiguration": {"Level2": {"AcrValue": "two"}},
    })
}

pub(super) fn full_pool(id: &str) -> Value {
    let mut settings = full_settings();
    let members = settings.as_object_mut().unwrap();
    members.remove("PoolName");
    let described = merged(plain_pool(id), settings);
    merged(
        described,
        json!({
            "Name": "customers",
            "Policies": {
                "PasswordPolicy": {
                    "MinimumLength": 12, "RequireUppercase": false, "RequireLowercase": false, "RequireNumbers": true,
                    "RequireSymbols": false, "PasswordHistorySize": 3, "TemporaryPasswordValidityDays": 2,
                },
                "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]},
            },
            "EmailVerificationMessage": "It is {####}",
            "EmailVerificationSubject": "Code",
            "SmsVerificationMessage": "Code {####}",
            "AdminCreateUserConfig": {
                "AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 2,
                "InviteMessageTemplate": {"EmailMessage": "{username} {####}", "EmailSubject": "Welcome"},
            },
            "DcrConfiguration": {
                "EnableStatus": "Enabled", "OpenDcrEnabled": false, "AllowedScopes": ["openid"],
                "AuthenticatedGrantTypes": ["code", "client_credentials"], "OpenDcrGrantTypes": ["code"],
            },
            "AcrConfiguration": {
                "Level1": {"AcrValue": "urn:cognito:loa:1"}, "Level2": {"AcrValue": "two"},
                "Level3": {"AcrValue": "urn:cognito:loa:3"}, "Level4": {"AcrValue": "urn:cognito:loa:4"},
            },
        }),
    )
}

#[tokio::test]
async fn everything_given_comes_back() {
    let app = App::new().await;
    let fixed = json!({
        "UsernameAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": false},
    });
    let created = app
        .admin
        .call("CreateUserPool", merged(full_settings(), fixed.clone()))
        .await
        .ok();
    let id = text(&created, "/UserPool/Id");
    let expected = merged(full_pool(&id), fixed);
    assert_eq!(created["UserPool"], expected);
    assert_eq!(describe(&app, &id).await, expected);
}

#[tokio::test]
async fn older_members_and_the_template_say_the_same() {
    let app = App::new().await;
    let older = json!({
        "SmsVerificationMessage": "Code {####}", "EmailVerificationMessage": "It is {####}",
        "EmailVerificationSubject": "Code",
    });
    let pool = describe(&app, &app.pool(older.clone()).await).await;
    assert_eq!(
        pool["VerificationMessageTemplate"],
        json!({
            "DefaultEmailOption": "CONFIRM_WITH_CODE", "SmsMessage": "Code {####}", "EmailMessage": "It is {####}",
            "EmailSubject": "Code",
        })
    );
    for (member, value) in older.as_object().unwrap() {
        assert_eq!(&pool[member], value);
    }
}

#[tokio::test]
async fn a_policy_with_false_or_absent_requirements_requires_nothing() {
    let app = App::new().await;
    let id = app
        .pool(json!({"Policies": {"PasswordPolicy": {"MinimumLength": 6, "TemporaryPasswordValidityDays": 0}}}))
        .await;
    assert_eq!(
        describe(&app, &id).await["Policies"]["PasswordPolicy"],
        json!({
            "MinimumLength": 6, "RequireUppercase": false, "RequireLowercase": false, "RequireNumbers": false,
            "RequireSymbols": false, "TemporaryPasswordValidityDays": 7,
        })
    );
}

#[tokio::test]
async fn the_lite_plan_has_no_choice_of_factors() {
    let app = App::new().await;
    for asked in [
        json!({}),
        json!({"SignInPolicy": {}}),
        json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}}),
    ] {
        let id = app.pool(json!({"UserPoolTier": "LITE", "Policies": asked})).await;
        let policies = describe(&app, &id).await["Policies"].clone();
        assert!(
            policies.get("SignInPolicy").is_none() && policies.get("PasswordPolicy").is_some(),
            "{policies}"
        );
    }
}

#[tokio::test]
async fn a_choice_of_no_factor_is_none() {
    let app = App::new().await;
    let id = app.pool(json!({"Policies": {"SignInPolicy": {}}})).await;
    assert_eq!(
        describe(&app, &id).await["Policies"]["SignInPolicy"],
        json!({"AllowedFirstAuthFactors": ["PASSWORD"]})
    );
}

#[tokio::test]
async fn the_mfa_configuration_shows_what_is_configured() {
    let app = App::new().await;
    let mfa = |pool: String| app.admin.call("GetUserPoolMfaConfig", json!({"UserPoolId": pool}));
    assert_eq!(
        mfa(app.pool(json!({})).await).await.ok(),
        json!({"MfaConfiguration": "OFF"})
    );
    let sms = json!({"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "staff"});
    let settings = json!({
        "MfaConfiguration": "OPTIONAL", "SmsConfiguration": sms, "SmsAuthenticationMessage": "Sign in with {####}",
    });
    assert_eq!(
        mfa(app.pool(settings).await).await.ok(),
        json!({
            "MfaConfiguration": "OPTIONAL",
            "SmsMfaConfiguration": {"SmsAuthenticationMessage": "Sign in with {####}", "SmsConfiguration": sms},
        })
    );
}
