//! Settings that a pool may not have. Reference: user-pools 2.3, 2.4, 2.6, 2.8.

use serde_json::{Value, json};

use super::app::{App, merged, text};

const INVALID: &str = "InvalidParameterException";

/// What both CreateUserPool and UpdateUserPool refuse.
fn refused_settings() -> Vec<(Value, &'static str, &'static str)> {
    let sms = json!({"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"});
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
            json!({"MfaConfiguration": "ON", "SmsConfiguration": sms}),
            INVALID,
            "MfaConfiguration ON is not supported yet.",
        ),
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
            json!({"SmsConfiguration": merged(sms, json!({"EumsSms": {"CallerArn": "arn:aws:iam::000000000000:role/sms"}}))}),
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
    let ses = |region: &str| format!("arn:aws:ses:{region}:000000000000:identity/example.com");
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
            json!({"LambdaConfig": {"PreSignUp": "arn:aws:lambda:us-east-1:000000000000:function:check"}}),
            INVALID,
            "Cross-region lambda functions are not supported",
        ),
        (
            json!({"LambdaConfig": {
                "CustomEmailSender": {
                    "LambdaVersion": "V1_0", "LambdaArn": "arn:aws:lambda:us-east-1:000000000000:function:send",
                },
                "KMSKeyID": "arn:aws:kms:us-east-1:000000000000:key/1",
            }}),
            INVALID,
            "Cross-region lambda functions are not supported",
        ),
    ]
}

/// What a lower plan lacks.
fn settings_of_higher_plans() -> Vec<(Value, &'static str)> {
    let lambda = "arn:aws:lambda:eu-west-1:000000000000:function:claims";
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
    let sms = json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}});
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
async fn standard_attributes_can_be_tightened() {
    let app = App::new().await;
    let schema = json!([
        {
            "Name": "email", "AttributeDataType": "String", "Required": true, "Mutable": false,
            "StringAttributeConstraints": {"MinLength": "6"},
        },
        {"Name": "updated_at", "NumberAttributeConstraints": {"MaxValue": "9"}},
        {"Name": "sub", "Required": false, "Mutable": true},
    ]);
    let id = app.pool(json!({"Schema": schema})).await;
    let pool = app.admin.call("DescribeUserPool", json!({"UserPoolId": id})).await.ok();
    let attributes = pool["UserPool"]["SchemaAttributes"].as_array().unwrap();
    assert_eq!(attributes.len(), 20);
    let named = |name: &str| attributes.iter().find(|a| a["Name"] == name).unwrap();
    assert_eq!(
        named("email"),
        &json!({
            "Name": "email", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Required": true,
            "Mutable": false, "StringAttributeConstraints": {"MinLength": "6", "MaxLength": "2048"},
        })
    );
    assert_eq!(
        named("updated_at")["NumberAttributeConstraints"],
        json!({"MinValue": "0", "MaxValue": "9"})
    );
    assert_eq!(
        (&named("sub")["Required"], &named("sub")["Mutable"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test]
async fn custom_attributes_are_listed_as_users_carry_them() {
    let app = App::new().await;
    let given = json!([
        {"Name": "tier", "AttributeDataType": "String"},
        {
            "Name": "level", "AttributeDataType": "Number", "Mutable": false,
            "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "5"},
        },
        {"Name": "score", "AttributeDataType": "Number", "DeveloperOnlyAttribute": true},
        {"Name": "seen", "AttributeDataType": "DateTime", "StringAttributeConstraints": {"MaxLength": "5"}},
    ]);
    let listed = json!([
        {
            "Name": "custom:tier", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true,
            "Required": false, "StringAttributeConstraints": {},
        },
        {
            "Name": "custom:level", "AttributeDataType": "Number", "DeveloperOnlyAttribute": false, "Mutable": false,
            "Required": false, "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "5"},
        },
        {
            "Name": "dev:custom:score", "AttributeDataType": "Number", "DeveloperOnlyAttribute": true, "Mutable": true,
            "Required": false, "NumberAttributeConstraints": {},
        },
        {
            "Name": "custom:seen", "AttributeDataType": "DateTime", "DeveloperOnlyAttribute": false, "Mutable": true,
            "Required": false,
        },
    ]);
    let at_once = app
        .admin
        .call("CreateUserPool", json!({"PoolName": "staff", "Schema": given}))
        .await
        .ok();
    let custom = |pool: &Value| pool["UserPool"]["SchemaAttributes"].as_array().unwrap()[20..].to_vec();
    assert_eq!(json!(custom(&at_once)), listed);

    let id = app.pool(json!({})).await;
    let added = app
        .admin
        .call(
            "AddCustomAttributes",
            json!({"UserPoolId": id, "CustomAttributes": given}),
        )
        .await
        .ok();
    assert_eq!(added, json!({}));
    let later = app.admin.call("DescribeUserPool", json!({"UserPoolId": id})).await.ok();
    assert_eq!(json!(custom(&later)), listed);
}

/// What no schema may hold, at creation or later.
fn refused_attributes() -> Vec<(Value, &'static str)> {
    let text = |constraints: Value| json!({"Name": "tier", "AttributeDataType": "String", "StringAttributeConstraints": constraints});
    let number = |constraints: Value| json!({"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": constraints});
    vec![
        (
            json!({"Name": "tier"}),
            "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
        ),
        (
            json!({"AttributeDataType": "String"}),
            "Missing required parameter Name",
        ),
        (
            json!({"Name": "tier", "AttributeDataType": "String", "Required": true}),
            "Required custom attributes are not supported currently.",
        ),
        (
            json!({"Name": "a:b", "AttributeDataType": "DateTime", "DeveloperOnlyAttribute": true}),
            "Entity Type: USER, Message: AttributeName: Admin.custom:a:b, DataType: DATETIME, Error: Attribute names MUST \
             conform to the following rules: _|ALPHA *(nameChar) and nameChar is \"$\" / \"-\" / \"_\" /DIGIT / ALPHA",
        ),
        (
            text(json!({"MinLength": "x"})),
            "Invalid StringAttributeConstraints for schema attribute custom:tier",
        ),
        (
            text(json!({"MaxLength": "-1"})),
            "Invalid StringAttributeConstraints for schema attribute custom:tier",
        ),
        (
            text(json!({"MaxLength": "2049"})),
            "user.custom:tier: String attributes cannot have a length of more than 2048",
        ),
        (
            text(json!({"MinLength": "5", "MaxLength": "4"})),
            "Attribute custom:tier cannot have a max length shorter than it's min length",
        ),
        (
            number(json!({"MinValue": "one"})),
            "Invalid NumberAttributeConstraints for schema attribute custom:level",
        ),
        (
            number(json!({"MinValue": "5", "MaxValue": "4.5"})),
            "Attribute custom:level cannot have a max value smaller than it's min value",
        ),
    ]
}

#[tokio::test]
async fn attributes_that_cannot_be_are_refused() {
    let app = App::new().await;
    let taken = [
        json!({"Name": "taken", "AttributeDataType": "String"}),
        json!({"Name": "taken", "AttributeDataType": "String", "DeveloperOnlyAttribute": true}),
    ];
    let id = app.pool(json!({"Schema": taken})).await;
    for (attribute, sentence) in refused_attributes() {
        let schema = json!([taken[0], taken[1], attribute]);
        app.admin
            .call("CreateUserPool", json!({"PoolName": "x", "Schema": schema}))
            .await
            .refused(INVALID, sentence);
        let added = json!({"UserPoolId": id, "CustomAttributes": [attribute]});
        app.admin
            .call("AddCustomAttributes", added)
            .await
            .refused(INVALID, sentence);
    }
    for (developer_only, name) in [(false, "custom:taken"), (true, "dev:custom:taken")] {
        let again = json!({"Name": "taken", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": developer_only});
        let schema = json!([taken[0], taken[1], again]);
        let created = app
            .admin
            .call("CreateUserPool", json!({"PoolName": "x", "Schema": schema}));
        created.await.refused(
            INVALID,
            &format!("Duplicate custom attribute names {name} are not allowed in a user pool schema."),
        );
        let added = json!({"UserPoolId": id, "CustomAttributes": [again]});
        app.admin
            .call("AddCustomAttributes", added)
            .await
            .refused(INVALID, &format!("{name}: Existing attribute already has name {name}."));
    }
    let fixed =
        "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email";
    for (attribute, sentence) in [
        (json!({"Name": "email", "AttributeDataType": "Number"}), fixed),
        (json!({"Name": "email", "DeveloperOnlyAttribute": true}), fixed),
        (
            json!({"Name": "name", "StringAttributeConstraints": {"MaxLength": "2049"}}),
            "user.name: String attributes cannot have a length of more than 2048",
        ),
        (
            json!({"Name": "birthdate", "StringAttributeConstraints": {"MinLength": "11"}}),
            "Attribute birthdate cannot have a max length shorter than it's min length",
        ),
    ] {
        let input = json!({"PoolName": "x", "Schema": [attribute]});
        app.admin.call("CreateUserPool", input).await.refused(INVALID, sentence);
    }
    let twice = json!({"PoolName": "x", "Schema": [{"Name": "email"}, {"Name": "email"}]});
    let sentence = "email: Existing attribute already has name email.";
    app.admin.call("CreateUserPool", twice).await.refused(INVALID, sentence);
}

#[tokio::test]
async fn a_prefix_of_ones_own_is_part_of_the_name() {
    let app = App::new().await;
    let boat = json!([{"Name": "custom:boat", "AttributeDataType": "String"}]);
    let id = app.pool(json!({"Schema": boat})).await;
    let pool = app.admin.call("DescribeUserPool", json!({"UserPoolId": id})).await.ok();
    assert_eq!(pool["UserPool"]["SchemaAttributes"][20]["Name"], "custom:custom:boat");
    let long = json!({"PoolName": "x", "Schema": [{"Name": "phone_number_verified", "AttributeDataType": "Boolean"}]});
    app.admin.call("CreateUserPool", long).await.refused(
        INVALID,
        "1 validation error detected: Value 'phone_number_verified' at 'schema.1.member.name' failed to satisfy \
         constraint: Member must have length less than or equal to 20",
    );
}

#[tokio::test]
async fn there_are_at_most_fifty_custom_attributes() {
    let app = App::new().await;
    let id = app.pool(json!({})).await;
    let add = |from: usize, to: usize| {
        let attributes: Vec<Value> = (from..to)
            .map(|n| json!({"Name": format!("a{n}"), "AttributeDataType": "String"}))
            .collect();
        app.admin.call(
            "AddCustomAttributes",
            json!({"UserPoolId": id, "CustomAttributes": attributes}),
        )
    };
    add(0, 25).await.ok();
    add(25, 49).await.ok();
    add(49, 51)
        .await
        .refused(INVALID, "A user pool cannot have more than 50 custom attributes.");
    add(49, 50).await.ok();
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
    let arn = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Pinned";
    assert_eq!(text(&created, "/UserPool/Arn"), arn);
    create("us-east-1_Pinned")
        .await
        .refused(INVALID, "User pool us-east-1_Pinned already exists.");
    create("mine").await.refused(
        "UserPoolTaggingException",
        "The tag _custom_id_ must be a user pool id: a Region, an underscore, letters and digits.",
    );
}
