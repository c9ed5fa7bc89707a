//! Authenticator apps, by access token. Reference: user-pools 6.2.

use std::time::Duration;

use serde_json::json;
use testkit::text;

use super::{INVALID, ana, associated, configure, enrolled, shown, verify};
use crate::tests::people::{People, hours, other_than};

const MISMATCH: (&str, &str) = (
    "EnableSoftwareTokenMFAException",
    "Code mismatch and fail enable Software Token MFA",
);
const NOT_SET_UP: &str = "User has not set up software token mfa";
const NOT_OFFERED: (&str, &str) = (
    "SoftwareTokenMFANotFoundException",
    "Software Token MFA has not been enabled by the userPool",
);

const STEP: Duration = Duration::from_secs(30);

#[tokio::test]
async fn an_app_is_registered_by_its_first_code() {
    let people = ana().await;
    let token = people.token("ana").await;
    verify(&people, &token, "123456").await.refused(INVALID, NOT_SET_UP);

    let answer = people
        .with_token(&token, "AssociateSoftwareToken", json!({}))
        .await
        .ok();
    assert!(answer.get("Session").is_none());
    let secret = text(&answer, "/SecretCode");
    assert!(secret.len() == 32 && secret.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));

    let first = associated(&people, &token).await;
    let second = associated(&people, &token).await;
    assert_ne!(first.base32().as_str(), second.base32().as_str());
    let now = people.app.cx().now();
    let code = second.code(now);
    verify(&people, &token, &other_than(&code)).await.refused_as(MISMATCH);
    verify(&people, &token, &first.code(now)).await.refused_as(MISMATCH);
    verify(&people, &token, &second.code(now.minus(2 * STEP)))
        .await
        .refused_as(MISMATCH);
    assert_eq!(verify(&people, &token, &code).await.ok(), json!({"Status": "SUCCESS"}));
    assert_eq!(shown(&people).await, json!({}), "registered is not turned on");
    verify(&people, &token, &code).await.refused(INVALID, NOT_SET_UP);
}

#[tokio::test]
async fn codes_of_the_steps_beside_the_present_one_are_right() {
    for (earlier, later) in [(STEP, Duration::ZERO), (Duration::ZERO, STEP)] {
        let people = ana().await;
        let token = people.token("ana").await;
        let seed = associated(&people, &token).await;
        let at = people.app.cx().now().minus(earlier).plus(later);
        verify(&people, &token, &seed.code(at)).await.ok();
    }
}

#[tokio::test]
async fn only_one_of_two_parallel_codes_registers() {
    let people = ana().await;
    let token = people.token("ana").await;
    let seed = associated(&people, &token).await;
    let code = seed.code(people.app.cx().now());
    let (one, other) = tokio::join!(verify(&people, &token, &code), verify(&people, &token, &code));
    let mut sentences = [one.sentence().to_owned(), other.sentence().to_owned()];
    sentences.sort();
    assert_eq!(sentences, ["", NOT_SET_UP]);
}

#[tokio::test]
async fn an_app_goes_on_until_another_shows_its_first_code() {
    let people = ana().await;
    let token = people.token("ana").await;
    enrolled(&people, &token).await;
    let on = json!({"SoftwareTokenMfaSettings": {"Enabled": true, "PreferredMfa": true}});
    people.with_token(&token, "SetUserMFAPreference", on).await.ok();
    let expected = json!({"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"], "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA"});
    assert_eq!(shown(&people).await, expected);

    let next = associated(&people, &token).await;
    assert_eq!(shown(&people).await, expected);
    verify(&people, &token, &next.code(people.app.cx().now())).await.ok();
    assert_eq!(shown(&people).await, expected);
}

#[tokio::test]
async fn guesses_are_limited() {
    let people = ana().await;
    let token = people.token("ana").await;
    let seed = associated(&people, &token).await;
    let wrong = other_than(&seed.code(people.app.cx().now()));
    for _ in 0..15 {
        verify(&people, &token, &wrong).await.refused_as(MISMATCH);
    }
    let right = seed.code(people.app.cx().now());
    verify(&people, &token, &right).await.refused(
        "TooManyRequestsException",
        "Attempt limit exceeded, please try after some time.",
    );
    people.app.advance(hours(1));
    let token = people.token("ana").await;
    verify(&people, &token, &seed.code(people.app.cx().now())).await.ok();
}

#[tokio::test]
async fn whom_it_is_refused() {
    let people = ana().await;
    let token = people.token("ana").await;
    let session = json!({"Session": "a-session-of-nobody-at-all"});
    let code = |mut input: serde_json::Value| {
        input["UserCode"] = json!("123456");
        input
    };
    let bad = ("NotAuthorizedException", "Invalid session for the user.");
    let anon = &people.app.anon;
    anon.call("AssociateSoftwareToken", session.clone())
        .await
        .refused_as(bad);
    anon.call("VerifySoftwareToken", code(session)).await.refused_as(bad);
    let missing = "Missing required parameter AccessToken";
    anon.call("AssociateSoftwareToken", json!({}))
        .await
        .refused(INVALID, missing);
    anon.call("VerifySoftwareToken", code(json!({})))
        .await
        .refused(INVALID, missing);
    for operation in ["AssociateSoftwareToken", "VerifySoftwareToken"] {
        let call = people.with_token("header.payload.signature", operation, code(json!({})));
        call.await.refused("NotAuthorizedException", "Invalid Access Token");
    }

    let sms_only = json!({"MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {}});
    configure(&people, sms_only).await.ok();
    people
        .with_token(&token, "AssociateSoftwareToken", json!({}))
        .await
        .refused_as(NOT_OFFERED);
    verify(&people, &token, "123456").await.refused_as(NOT_OFFERED);

    // AssociateSoftwareToken knows no word for users who may not go on.
    let temporary = json!({"Username": "ana"});
    people.admin("AdminResetUserPassword", temporary.clone()).await.refused(
        INVALID,
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
    );
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people.admin("AdminResetUserPassword", temporary).await.ok();
    let call = people.with_token(&token, "AssociateSoftwareToken", json!({}));
    call.await
        .refused("NotAuthorizedException", "Access Token has been revoked");
    let call = verify(&people, &token, "123456");
    call.await
        .refused("PasswordResetRequiredException", "Password reset required for the user");
}

#[tokio::test]
async fn an_administrator_deletes_an_app() {
    let people = ana().await;
    let token = people.token("ana").await;
    let delete = async |people: &People, name: &str| {
        people
            .admin("AdminDeleteSoftwareToken", json!({"Username": name}))
            .await
    };
    delete(&people, "ana").await.refused(INVALID, NOT_SET_UP);
    delete(&people, "ben")
        .await
        .refused("UserNotFoundException", "User does not exist.");

    enrolled(&people, &token).await;
    let waits = associated(&people, &token).await;
    let on = json!({
        "SoftwareTokenMfaSettings": {"Enabled": true, "PreferredMfa": true}, "SMSMfaSettings": {"Enabled": true},
    });
    people.with_token(&token, "SetUserMFAPreference", on.clone()).await.ok();
    delete(&people, "ana").await.ok();
    let by_text = json!([{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]);
    assert_eq!(
        shown(&people).await,
        json!({"UserMFASettingList": ["SMS_MFA"], "MFAOptions": by_text})
    );
    verify(&people, &token, &waits.code(people.app.cx().now()))
        .await
        .refused(INVALID, NOT_SET_UP);
    people
        .with_token(&token, "SetUserMFAPreference", on)
        .await
        .refused(INVALID, "User has not verified software token mfa");
    delete(&people, "ana").await.refused(INVALID, NOT_SET_UP);
}

#[tokio::test]
async fn a_secret_opens_under_an_older_version_of_the_keyring() {
    let mut people = ana().await;
    let token = people.token("ana").await;
    let seed = associated(&people, &token).await;
    people.app = people.app.restarted_with_new_key().await;
    verify(&people, &token, &seed.code(people.app.cx().now())).await.ok();
}
