//! Pools: what a new one is, what comes back of what was given, what an update does. Reference: user-pools 2.2 to 2.6.

use std::time::Duration;

use serde_json::{Value, json};

use super::app::{App, merged, text};

fn string(name: &str, min: &str, max: &str) -> Value {
    json!({
        "Name": name, "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false,
        "StringAttributeConstraints": {"MinLength": min, "MaxLength": max},
    })
}

fn standard_attributes() -> Vec<Value> {
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
        "Arn": format!("arn:aws:cognito-idp:eu-west-1:000000000000:userpool/{id}"),
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
fn full_settings() -> Value {
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
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:000000000000:function:check"},
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
            "SourceArn": "arn:aws:ses:eu-west-1:000000000000:identity/example.com", "EmailSendingAccount": "DEVELOPER",
            "From": "no-reply@example.com", "ReplyToEmailAddress": "help@example.com",
        },
        "SmsConfiguration": {
            "SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "staff", "SnsRegion": "eu-west-1",
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

fn full_pool(id: &str) -> Value {
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
async fn an_update_replaces_everything_that_can_change() {
    let app = App::new().await;
    let schema = json!({"Schema": [{"Name": "tier", "AttributeDataType": "String"}]});
    let aliases = json!({"AliasAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": false}});
    let id = app.pool(merged(aliases.clone(), schema)).await;
    let created = describe(&app, &id).await;

    app.advance(Duration::from_millis(1500));
    let answer = app
        .admin
        .call("UpdateUserPool", merged(full_settings(), json!({"UserPoolId": id})))
        .await
        .ok();
    assert_eq!(answer, json!({}));
    let kept = merged(
        aliases,
        json!({
            "SchemaAttributes": created["SchemaAttributes"], "LastModifiedDate": 1_768_478_401.5,
        }),
    );
    assert_eq!(describe(&app, &id).await, merged(full_pool(&id), kept));

    // What an update doesn't name stays in a few members and goes back to its default in all others. Those that stay
    // can forbid the others to go.
    let bare = json!({"UserPoolId": id});
    app.admin.call("UpdateUserPool", bare.clone()).await.refused(
        "InvalidParameterException",
        "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
    );
    let cleared = json!({"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []}});
    app.admin.call("UpdateUserPool", merged(bare, cleared)).await.ok();
    let stays = json!({
        "Name": "customers", "DcrConfiguration": full_pool(&id)["DcrConfiguration"],
        "Policies": full_pool(&id)["Policies"], "MfaConfiguration": "OPTIONAL", "UserPoolTags": {"team": "core"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 2},
        "LastModifiedDate": 1_768_478_401.5,
    });
    assert_eq!(describe(&app, &id).await, merged(created, stays));
}

#[tokio::test]
async fn what_an_update_keeps() {
    let policy = json!({"MinimumLength": 14, "RequireNumbers": true, "TemporaryPasswordValidityDays": 3});
    let factors = |list: Value| json!({ "AllowedFirstAuthFactors": list });
    let both = factors(json!(["PASSWORD", "EMAIL_OTP"]));
    let updates =
        |list: Value| json!({"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": list}});
    let sms = json!({"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"});
    for (update, member, expected) in [
        (json!({}), "/Policies/PasswordPolicy/MinimumLength", json!(14)),
        (json!({}), "/Policies/SignInPolicy", both.clone()),
        (json!({}), "/AdminCreateUserConfig/UnusedAccountValidityDays", json!(3)),
        (json!({}), "/MfaConfiguration", json!("OPTIONAL")),
        (json!({"MfaConfiguration": "OFF"}), "/MfaConfiguration", json!("OFF")),
        (
            json!({"Policies": {}}),
            "/Policies/PasswordPolicy/MinimumLength",
            json!(14),
        ),
        (
            json!({"Policies": {"PasswordPolicy": {"MinimumLength": 15}}}),
            "/Policies/PasswordPolicy",
            json!({
                "MinimumLength": 15, "RequireUppercase": false, "RequireLowercase": false, "RequireNumbers": false,
                "RequireSymbols": false, "TemporaryPasswordValidityDays": 7,
            }),
        ),
        (
            json!({"Policies": {"PasswordPolicy": {"MinimumLength": 15}}}),
            "/Policies/SignInPolicy",
            both.clone(),
        ),
        (
            json!({"Policies": {"SignInPolicy": factors(json!(["PASSWORD"]))}}),
            "/Policies/PasswordPolicy/MinimumLength",
            json!(14),
        ),
        (
            json!({"Policies": {"SignInPolicy": factors(json!(["PASSWORD"]))}}),
            "/Policies/SignInPolicy",
            factors(json!(["PASSWORD"])),
        ),
        // The validity that was kept does not contradict the one that is sent.
        (
            json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 9}}),
            "/Policies/PasswordPolicy/TemporaryPasswordValidityDays",
            json!(9),
        ),
        (
            json!({"AutoVerifiedAttributes": ["phone_number"], "SmsConfiguration": sms}),
            "/UserAttributeUpdateSettings/AttributesRequireVerificationBeforeUpdate",
            json!(["phone_number"]),
        ),
        (
            json!({"AutoVerifiedAttributes": ["phone_number"], "SmsConfiguration": sms, "UserAttributeUpdateSettings": {}}),
            "/UserAttributeUpdateSettings/AttributesRequireVerificationBeforeUpdate",
            json!(["phone_number"]),
        ),
        (
            updates(json!([])),
            "/UserAttributeUpdateSettings/AttributesRequireVerificationBeforeUpdate",
            json!([]),
        ),
    ] {
        let app = App::new().await;
        let id = app
            .pool(merged(
                json!({
                    "Policies": {"PasswordPolicy": policy, "SignInPolicy": both},
                    "AutoVerifiedAttributes": ["phone_number"], "SmsConfiguration": sms,
                    "MfaConfiguration": "OPTIONAL", "UserPoolTags": {"team": "core"},
                }),
                updates(json!(["phone_number"])),
            ))
            .await;
        // Else the settings of updates forbid what the case is not about.
        let clears = update.get("AutoVerifiedAttributes").is_none();
        let cleared = if clears { updates(json!([])) } else { json!({}) };
        let input = merged(merged(cleared, update.clone()), json!({"UserPoolId": id}));
        app.admin.call("UpdateUserPool", input).await.ok();
        let now = describe(&app, &id).await;
        assert_eq!(now.pointer(member), Some(&expected), "{update}: {member}");
    }
}

#[tokio::test]
async fn a_pool_moves_between_plans() {
    let app = App::new().await;
    let id = app.pool(json!({})).await;
    let policy = |pool: &Value| pool["Policies"].get("SignInPolicy").cloned();
    let update = |change: Value| {
        app.admin
            .call("UpdateUserPool", merged(json!({"UserPoolId": id}), change))
    };
    update(json!({"UserPoolTier": "LITE"})).await.ok();
    assert_eq!(policy(&describe(&app, &id).await), None);
    let factors = json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}});
    update(json!({"UserPoolTier": "PLUS", "Policies": factors})).await.ok();
    update(json!({"UserPoolTier": "LITE"})).await.refused(
        "FeatureUnavailableInTierException",
        "The following features need to be disabled for the LITE pricing tier configured: Passwordless Sign-In",
    );
    assert_eq!(describe(&app, &id).await["UserPoolTier"], "PLUS");
}

#[tokio::test]
async fn texts_with_a_code_and_with_a_link_are_both_kept() {
    for option in ["CONFIRM_WITH_CODE", "CONFIRM_WITH_LINK"] {
        let app = App::new().await;
        let template = json!({
            "DefaultEmailOption": option, "EmailMessage": "It is {####}", "EmailSubject": "Code",
            "EmailMessageByLink": "{##Go##}", "EmailSubjectByLink": "Link",
        });
        let pool = describe(&app, &app.pool(json!({"VerificationMessageTemplate": template})).await).await;
        assert_eq!(pool["VerificationMessageTemplate"], template);
        assert_eq!(pool["EmailVerificationMessage"], "It is {####}");
        assert_eq!(pool["EmailVerificationSubject"], "Code");
    }
}

#[tokio::test]
async fn an_update_on_top_of_an_older_state_is_refused() {
    let app = App::new().await;
    let id = app.pool(json!({})).await;
    let read = app.pools.stored(&id).await.unwrap();
    app.admin
        .call("UpdateUserPool", json!({"UserPoolId": id, "PoolName": "first"}))
        .await
        .ok();
    let late = app.pools.save_pool(&app.cx(), &read, &read.settings).await.unwrap_err();
    assert_eq!(late.code().0, "ConcurrentModificationException");
    assert_eq!(describe(&app, &id).await["Name"], "first");
}

#[tokio::test]
async fn attributes_added_at_the_same_time_are_all_added() {
    let app = App::new().await;
    let id = app.pool(json!({})).await;
    let add = |name: &'static str| {
        let attribute = json!({"Name": name, "AttributeDataType": "Boolean"});
        app.admin.call(
            "AddCustomAttributes",
            json!({"UserPoolId": id, "CustomAttributes": [attribute]}),
        )
    };
    let (a, b, c, d) = tokio::join!(add("a"), add("b"), add("c"), add("d"));
    for answer in [a, b, c, d] {
        assert_eq!(answer.ok(), json!({}));
    }
    let pool = describe(&app, &id).await;
    let names: Vec<&str> = pool["SchemaAttributes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|a| a["Name"].as_str())
        .collect();
    for name in ["custom:a", "custom:b", "custom:c", "custom:d"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[tokio::test]
async fn the_mfa_configuration_shows_what_is_configured() {
    let app = App::new().await;
    let mfa = |pool: String| app.admin.call("GetUserPoolMfaConfig", json!({"UserPoolId": pool}));
    assert_eq!(
        mfa(app.pool(json!({})).await).await.ok(),
        json!({"MfaConfiguration": "OFF"})
    );
    let sms = json!({"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "staff"});
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
