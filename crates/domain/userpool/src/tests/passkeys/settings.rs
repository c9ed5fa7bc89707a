//! What pools may say of passkeys. Reference: user-pools 6.1, 7.1.

use serde_json::{Value, json};

use super::holder::people;
use crate::tests::{app::App, people::People};

const INVALID: &str = "InvalidParameterException";

#[tokio::test]
async fn a_relying_party_is_a_domain_of_ones_own() {
    let people = people().await;
    let set = |id: &str| {
        let input = json!({"WebAuthnConfiguration": {"RelyingPartyId": id}});
        people.admin("SetUserPoolMfaConfig", input)
    };
    for id in ["co.uk", "https://example.com", "EXAMPLE.com", "127.0.0.1"] {
        let sentence = format!("{id} is not a valid relying party ID.");
        set(id).await.refused(INVALID, &sentence);
    }
    for id in ["localhost", "login.example.co.uk"] {
        let answer = set(id).await.ok();
        assert_eq!(answer["WebAuthnConfiguration"], json!({"RelyingPartyId": id}));
    }
}

#[tokio::test]
async fn where_everybody_needs_two_factors_a_passkey_is_both() {
    let people = people().await;
    let set = |configuration| {
        let input = json!({
            "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true},
            "WebAuthnConfiguration": configuration,
        });
        people.admin("SetUserPoolMfaConfig", input)
    };
    let both = json!({"RelyingPartyId": "example.com", "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"});
    for configuration in [
        json!({}),
        json!({"FactorConfiguration": "SINGLE_FACTOR", "UserVerification": "required"}),
    ] {
        set(configuration).await.refused(
            INVALID,
            "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed \
             first auth factor",
        );
    }
    set(both).await.ok();

    let factors = |list| json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": list}}});
    people.admin("UpdateUserPool", factors(json!(["PASSWORD"]))).await.ok();
    set(json!({})).await.ok();
    people
        .admin("UpdateUserPool", factors(json!(["PASSWORD", "WEB_AUTHN"])))
        .await
        .refused(
            INVALID,
            "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.",
        );
}

#[tokio::test]
async fn a_new_pool_where_everybody_needs_two_factors_has_no_passkeys_yet() {
    let app = App::new().await;
    let create = async |mode: &str, factors: Value| {
        let input = json!({
            "PoolName": "staff", "MfaConfiguration": mode,
            "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"},
            "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": factors}},
        });
        app.admin.call("CreateUserPool", input).await
    };
    create("ON", json!(["PASSWORD", "WEB_AUTHN"])).await.refused(
        INVALID,
        "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.",
    );
    create("OPTIONAL", json!(["PASSWORD", "WEB_AUTHN"])).await.ok();
    create("ON", json!(["PASSWORD", "EMAIL_OTP"])).await.ok();
}

#[tokio::test]
async fn a_passkey_is_both_factors_in_the_higher_plans_alone() {
    let both = json!({"RelyingPartyId": "example.com", "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"});
    let lite = People::of(json!({"UserPoolTier": "LITE"})).await;
    let set = |people: &People, configuration: &Value| {
        let input = json!({"UserPoolId": people.pool, "WebAuthnConfiguration": configuration});
        let admin = people.app.admin.clone();
        async move { admin.call("SetUserPoolMfaConfig", input).await }
    };
    set(&lite, &both).await.refused(
        "FeatureUnavailableInTierException",
        "The following feature is not available for the LITE pricing tier configured: Passkey MFA",
    );
    set(&lite, &json!({"RelyingPartyId": "example.com"})).await.ok();
    let people = People::of(json!({})).await;
    set(&people, &both).await.ok();
    people
        .admin("UpdateUserPool", json!({"UserPoolTier": "LITE"}))
        .await
        .refused(
            "FeatureUnavailableInTierException",
            "The following features need to be disabled for the LITE pricing tier configured: Passkey MFA",
        );
    set(&people, &json!({"RelyingPartyId": "example.com"})).await.ok();
    people
        .admin(
            "UpdateUserPool",
            json!({"UserPoolTier": "LITE", "Policies": {"SignInPolicy": {}}}),
        )
        .await
        .ok();
}
