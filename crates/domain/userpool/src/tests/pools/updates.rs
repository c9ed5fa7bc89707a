//! What an update of a pool does. Reference: user-pools 2.4 to 2.6.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::merged;

use super::settings::{describe, full_pool, full_settings};
use crate::{errors::settings::TagsBy, pool::stored::told, tests::app::App};

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
    let sms = json!({"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"});
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
    let late = app
        .pools
        .save_pool(&app.cx(), &read, &read.settings, TagsBy::Settings)
        .await;
    assert_eq!(told(late.unwrap_err()).code().0, "ConcurrentModificationException");
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
