//! What the log says of functions: never what they say themselves, which may name people.

use serde_json::json;

use super::all_flows;
use crate::tests::log::Log;

const ANA: &str = "ana@example.com";

/// Where users are hidden the log alone tells that something failed.
#[tokio::test]
async fn what_a_function_says_is_not_logged() {
    let pool = json!({
        "AutoVerifiedAttributes": ["email"],
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
    });
    let hiding = json!({"PreventUserExistenceErrors": "ENABLED"});
    let people = all_flows(&["CustomMessage", "UserMigration"], pool, hiding).await;
    people.sign_up("ana", &[("email", ANA)]).await.ok();
    for source in [
        "CustomMessage_ResendCode",
        "CustomMessage_Authentication",
        "UserMigration_ForgotPassword",
    ] {
        people.app.functions.raise(source, "Ana Lopez is barred");
    }
    let (log, _guard) = Log::begun();
    let named = |name: &str| json!({"Username": name});
    people.public("ResendConfirmationCode", named("ana")).await.ok();
    people.public("ForgotPassword", named("bob")).await.ok();
    let parameters = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "EMAIL_OTP"});
    let asked = people.initiate("USER_AUTH", parameters).await.ok();
    assert_eq!(asked["ChallengeName"], "EMAIL_OTP");

    let log = log.text();
    for line in [
        "a code was not sent",
        "a code for a sign-in was not sent",
        "a user was not migrated",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
    assert!(log.contains("UserLambdaValidationException"), "{log}");
    assert!(!log.contains("barred"), "{log}");
}
