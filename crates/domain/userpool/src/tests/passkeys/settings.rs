//! What pools may say of passkeys. Reference: user-pools 6.1, 7.1.

use serde_json::json;

use super::holder::people;

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
