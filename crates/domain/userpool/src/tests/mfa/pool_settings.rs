//! `SetUserPoolMfaConfig` and what other operations on pools make of it. Reference: user-pools 2.6, 6.1.

use serde_json::{Value, json};
use testkit::merged;

use super::{INVALID, every_factor, sending};
use crate::tests::app::App;

async fn with(settings: Value) -> (App, String) {
    let app = App::new().await;
    let pool = app.pool(settings).await;
    (app, pool)
}

const NOTHING: &str =
    "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.";
const TOGETHER: &str = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.";
const SENDER: &str = "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT.";
const BY_MAIL_ALONE: &str =
    "Cannot set EmailMfaConfiguration when verified_email is the only account recovery mechanism of the user pool.";
const SMS_WANTED: &str =
    "SMS configuration and Auto verification for phone_number are required when MFA is required/optional";

#[tokio::test]
async fn what_is_set_comes_back() {
    let (app, pool) = with(sending()).await;
    let config = json!({
        "MfaConfiguration": "ON",
        "SmsMfaConfiguration": {"SmsAuthenticationMessage": "Enter {####}", "SmsConfiguration": {
            "SnsCallerArn": "arn:aws:iam::123456789012:role/other", "ExternalId": "harbour", "SnsRegion": "us-east-1",
        }},
        "SoftwareTokenMfaConfiguration": {"Enabled": true},
        "EmailMfaConfiguration": {"Message": "Enter {####}", "Subject": "Harbour"},
        "WebAuthnConfiguration": {
            "RelyingPartyId": "example.com", "UserVerification": "required",
            "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
        },
    });
    let set = app.admin.call(
        "SetUserPoolMfaConfig",
        merged(json!({"UserPoolId": pool}), config.clone()),
    );
    assert_eq!(set.await.ok(), config);
    let read = async |operation: &str| app.admin.call(operation, json!({"UserPoolId": pool})).await.ok();
    assert_eq!(read("GetUserPoolMfaConfig").await, config);
    let described = read("DescribeUserPool").await;
    assert_eq!(described["UserPool"]["MfaConfiguration"], "ON");
    assert_eq!(described["UserPool"]["SmsAuthenticationMessage"], "Enter {####}");
    assert_eq!(
        described["UserPool"]["SmsConfiguration"],
        config["SmsMfaConfiguration"]["SmsConfiguration"]
    );
    assert!(described["UserPool"].get("MfaConfig").is_none());

    // Other changes leave it alone, here and on a server that starts later.
    let tag = json!({"ResourceArn": described["UserPool"]["Arn"], "Tags": {"team": "core"}});
    app.admin.call("TagResource", tag).await.ok();
    let update = merged(
        sending(),
        json!({
            "UserPoolId": pool, "SmsAuthenticationMessage": "Enter {####}",
            "SmsConfiguration": config["SmsMfaConfiguration"]["SmsConfiguration"],
        }),
    );
    app.admin.call("UpdateUserPool", update).await.ok();
    let app = app.restarted().await;
    let read = app.admin.call("GetUserPoolMfaConfig", json!({"UserPoolId": pool}));
    assert_eq!(read.await.ok(), config);

    // What is absent is set no more, but for how text messages are sent.
    let off = app.admin.call("SetUserPoolMfaConfig", json!({"UserPoolId": pool}));
    let left = json!({"MfaConfiguration": "OFF", "SmsMfaConfiguration": config["SmsMfaConfiguration"]});
    assert_eq!(off.await.ok(), left);
}

#[tokio::test]
async fn what_contradicts_itself_is_refused() {
    let (app, sends) = with(sending()).await;
    let mute = app.pool(json!({})).await;
    let by_mail =
        json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}});
    let by_mail = app.pool(merged(sending(), by_mail)).await;
    let lite = app.pool(merged(sending(), json!({"UserPoolTier": "LITE"}))).await;
    let (sms, token, email) = (
        json!({"SmsMfaConfiguration": {}}),
        json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}}),
        json!({"EmailMfaConfiguration": {}}),
    );
    let mode = |mode: &str, block: &Value| merged(json!({"MfaConfiguration": mode}), block.clone());
    let both = json!({"SmsConfiguration": {
        "SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "EumsSms": {"CallerArn": "arn:aws:iam::123456789012:role/sms", "ConfigurationSetName": "x"},
    }});
    let stays = "Can't turn off SMS_MFA when SMS configuration is set for the user pool";
    let cases = [
        (&mute, mode("ON", &json!({})), NOTHING),
        (
            &mute,
            mode(
                "OPTIONAL",
                &json!({"SoftwareTokenMfaConfiguration": {"Enabled": false}}),
            ),
            NOTHING,
        ),
        (&mute, mode("OFF", &token), TOGETHER),
        (&sends, mode("OFF", &sms), TOGETHER),
        (&sends, email.clone(), TOGETHER),
        (&sends, mode("ON", &token), stays),
        (&mute, mode("OPTIONAL", &sms), SMS_WANTED),
        (
            &mute,
            mode("OPTIONAL", &json!({"SmsMfaConfiguration": both})),
            "SmsConfiguration cannot have both SnsCallerArn and EumsSms.",
        ),
        (&mute, mode("OPTIONAL", &email), SENDER),
        (
            &by_mail,
            mode("OPTIONAL", &merged(sms.clone(), email.clone())),
            BY_MAIL_ALONE,
        ),
    ];
    for (pool, config, sentence) in cases {
        let set = app
            .admin
            .call("SetUserPoolMfaConfig", merged(json!({"UserPoolId": pool}), config));
        set.await.refused(INVALID, sentence);
    }
    let set = app.admin.call(
        "SetUserPoolMfaConfig",
        merged(json!({"UserPoolId": lite}), every_factor("ON")),
    );
    set.await.refused(
        "FeatureUnavailableInTierException",
        "The following feature is not available for the LITE pricing tier configured: Email MFA",
    );
    let unknown = merged(json!({"UserPoolId": "us-east-1_Unknown00"}), every_factor("ON"));
    app.admin.call("SetUserPoolMfaConfig", unknown).await.refused(
        "ResourceNotFoundException",
        "User pool us-east-1_Unknown00 does not exist.",
    );
    for pool in [&mute, &by_mail] {
        let read = app.admin.call("GetUserPoolMfaConfig", json!({"UserPoolId": pool}));
        assert_eq!(read.await.ok()["MfaConfiguration"], "OFF", "nothing of it is kept");
    }
}

#[tokio::test]
async fn an_update_of_the_pool_keeps_the_factors_whole() {
    let (app, pool) = with(sending()).await;
    let call = async |operation: &str, input: Value| {
        let input = merged(json!({"UserPoolId": pool}), input);
        app.admin.call(operation, input).await
    };
    call("SetUserPoolMfaConfig", every_factor("ON")).await.ok();
    let without_sender = json!({"SmsConfiguration": sending()["SmsConfiguration"]});
    call("UpdateUserPool", without_sender).await.refused(INVALID, SENDER);
    let recovery =
        json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}});
    call("UpdateUserPool", merged(sending(), recovery))
        .await
        .refused(INVALID, BY_MAIL_ALONE);
    call("UpdateUserPool", merged(sending(), json!({"UserPoolTier": "LITE"})))
        .await
        .refused(
            "FeatureUnavailableInTierException",
            "The following features need to be disabled for the LITE pricing tier configured: Email MFA",
        );
    call("UpdateUserPool", merged(sending(), json!({"MfaConfiguration": "OFF"})))
        .await
        .ok();
    assert_eq!(
        call("GetUserPoolMfaConfig", json!({})).await.ok(),
        json!({"MfaConfiguration": "OFF", "SmsMfaConfiguration": {"SmsConfiguration": sending()["SmsConfiguration"]}})
    );
}

#[tokio::test]
async fn an_update_names_the_mode_of_a_pool_without_texts() {
    let (app, pool) = with(json!({})).await;
    let call = async |operation: &str, input: Value| {
        let input = merged(json!({"UserPoolId": pool}), input);
        app.admin.call(operation, input).await
    };
    let mode = |mode: &str| json!({ "MfaConfiguration": mode });
    call("UpdateUserPool", mode("ON")).await.refused(INVALID, SMS_WANTED);
    let token = json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}});
    call("SetUserPoolMfaConfig", merged(mode("ON"), token.clone()))
        .await
        .ok();
    for kept in ["ON", "OPTIONAL"] {
        call("UpdateUserPool", mode(kept)).await.ok();
        let read = call("GetUserPoolMfaConfig", json!({})).await.ok();
        assert_eq!(read, merged(mode(kept), token.clone()));
    }
    call("UpdateUserPool", mode("OFF")).await.ok();
    assert_eq!(call("GetUserPoolMfaConfig", json!({})).await.ok(), mode("OFF"));
    call("UpdateUserPool", mode("ON")).await.refused(INVALID, SMS_WANTED);
}

#[tokio::test]
async fn a_pool_may_require_a_second_factor_from_the_start() {
    for mode in ["ON", "OPTIONAL"] {
        let (app, pool) = with(merged(sending(), json!({"MfaConfiguration": mode}))).await;
        let read = app.admin.call("GetUserPoolMfaConfig", json!({"UserPoolId": pool}));
        assert_eq!(read.await.ok()["MfaConfiguration"], mode);
        let update = merged(sending(), json!({"UserPoolId": pool, "MfaConfiguration": "ON"}));
        app.admin.call("UpdateUserPool", update).await.ok();
    }
}
