//! Sign-in with an authenticator app, and the choice among factors. Reference: user-pools 5.5, 5.6, 6.4.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{merged, text};

use super::{ana, configure, enrolled, every_factor, totp};
use crate::tests::{
    entry::{EXCEEDED, EXPIRED_SESSION, INVALID_SESSION, USED_SESSION, WRONG},
    people::{PASSWORD, People, other_than},
};

const MISMATCH: (&str, &str) = ("CodeMismatchException", "Invalid code received for user");
const USED: (&str, &str) = (
    "ExpiredCodeException",
    "Your software token has already been used once.",
);
const STEP: Duration = Duration::from_secs(30);

/// Ana with an app that she turned on, and its next code.
async fn with_app() -> (People, vault::totp::Seed) {
    let people = ana().await;
    let token = people.token("ana").await;
    let seed = enrolled(&people, &token).await;
    let on = json!({"SoftwareTokenMfaSettings": {"Enabled": true}});
    people.with_token(&token, "SetUserMFAPreference", on).await.ok();
    people.app.advance(STEP);
    (people, seed)
}

async fn asked(people: &People, challenge: &str) -> (Value, String) {
    let answer = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(answer["ChallengeName"], challenge, "{answer}");
    assert!(answer.get("AuthenticationResult").is_none());
    (answer["ChallengeParameters"].clone(), text(&answer, "/Session"))
}

#[tokio::test]
async fn a_code_of_the_app_counts_once() {
    let (people, seed) = with_app().await;
    let (parameters, session) = asked(&people, "SOFTWARE_TOKEN_MFA").await;
    assert_eq!(parameters, json!({"USER_ID_FOR_SRP": "ana"}));
    let code = seed.code(people.app.cx().now());
    for wrong in [
        other_than(&code),
        String::new(),
        format!("{code}0"),
        "١٢٣٤٥٦".to_owned(),
    ] {
        totp(&people, &session, &wrong).await.refused_as(MISMATCH);
    }
    let (_, other) = asked(&people, "SOFTWARE_TOKEN_MFA").await;
    let (one, two, three) = tokio::join!(
        totp(&people, &session, &code),
        totp(&people, &other, &code),
        totp(&people, &session, &code)
    );
    let won = [&one, &two, &three]
        .into_iter()
        .filter(|answer| answer.code().is_empty());
    assert_eq!(won.count(), 1);
    let (_, later) = asked(&people, "SOFTWARE_TOKEN_MFA").await;
    totp(&people, &later, &code).await.refused_as(USED);
    // A code of an earlier step is none that was never used: it is older than one that was.
    let earlier = seed.code(people.app.cx().now().minus(STEP));
    totp(&people, &later, &earlier).await.refused_as(USED);
    people.app.advance(STEP);
    totp(&people, &later, &seed.code(people.app.cx().now())).await.ok();
    people.app.advance(STEP);
    totp(&people, &later, &seed.code(people.app.cx().now()))
        .await
        .refused_as(USED_SESSION);
    let (_, session) = asked(&people, "SOFTWARE_TOKEN_MFA").await;
    people.app.advance(Duration::from_secs(180));
    totp(&people, &session, &seed.code(people.app.cx().now()))
        .await
        .refused_as(EXPIRED_SESSION);
}

#[tokio::test]
async fn guesses_at_the_app_lock_across_sessions() {
    let (people, seed) = with_app().await;
    for _ in 0..10 {
        let (_, session) = asked(&people, "SOFTWARE_TOKEN_MFA").await;
        let wrong = other_than(&seed.code(people.app.cx().now()));
        totp(&people, &session, &wrong).await.refused_as(MISMATCH);
    }
    let (_, session) = asked(&people, "SOFTWARE_TOKEN_MFA").await;
    let right = seed.code(people.app.cx().now());
    let locked = totp(&people, &session, &right).await;
    assert_eq!(locked.code(), "NotAuthorizedException");
    people.app.advance(Duration::from_secs(2));
    totp(&people, &session, &seed.code(people.app.cx().now())).await.ok();
}

#[tokio::test]
async fn wrong_passwords_stop_nobody_whose_password_was_right() {
    let (people, seed) = with_app().await;
    let (_, session) = asked(&people, "SOFTWARE_TOKEN_MFA").await;
    for _ in 0..5 {
        people.sign_in("ana", "Wr0ng-word").await.refused_as(WRONG);
    }
    totp(&people, &session, &seed.code(people.app.cx().now())).await.ok();
    people.sign_in("ana", PASSWORD).await.refused_as(EXCEEDED);
}

#[tokio::test]
async fn a_user_with_several_factors_chooses_one() {
    let (people, seed) = with_app().await;
    let on = json!({"Username": "ana", "SMSMfaSettings": {"Enabled": true}, "EmailMfaSettings": {"Enabled": true}});
    people.admin("AdminSetUserMFAPreference", on).await.ok();
    let (parameters, session) = asked(&people, "SELECT_MFA_TYPE").await;
    let offered = json!({
        "MFAS_CAN_CHOOSE": "[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\",\"EMAIL_OTP\"]", "USER_ID_FOR_SRP": "ana",
    });
    assert_eq!(parameters, offered);
    let choose = async |session: &str, factor: &str| {
        let responses = json!({"USERNAME": "ana", "ANSWER": factor});
        people.respond("SELECT_MFA_TYPE", Some(session), responses).await
    };
    choose(&session, "PASSKEY").await.refused(
        "InvalidParameterException",
        "The requested challenge is not available for this user.",
    );
    let asked_for = choose(&session, "SOFTWARE_TOKEN_MFA").await.ok();
    assert_eq!(asked_for["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    choose(&session, "SMS_MFA").await.refused_as(USED_SESSION);
    let code = seed.code(people.app.cx().now());
    totp(&people, &session, &code).await.refused_as(INVALID_SESSION);
    totp(&people, &text(&asked_for, "/Session"), &code).await.ok();

    for (name, challenge, to) in [
        ("EMAIL_OTP", "EMAIL_OTP", "ana@example.com"),
        ("EMAIL_MFA", "EMAIL_OTP", "ana@example.com"),
        ("SMS_MFA", "SMS_MFA", "+15550100"),
    ] {
        let (_, session) = asked(&people, "SELECT_MFA_TYPE").await;
        let asked_for = choose(&session, name).await.ok();
        assert_eq!(asked_for["ChallengeName"], challenge);
        let code = people.app.code_for(to).await;
        assert_eq!(code.len(), 6);
        let responses = json!({"USERNAME": "ana", format!("{challenge}_CODE"): code});
        let session = text(&asked_for, "/Session");
        people.respond(challenge, Some(&session), responses).await.ok();
    }
    // Who prefers one is not asked which.
    let prefer = json!({"Username": "ana", "EmailMfaSettings": {"PreferredMfa": true}});
    people.admin("AdminSetUserMFAPreference", prefer).await.ok();
    asked(&people, "EMAIL_OTP").await;
}

#[tokio::test]
async fn the_pools_texts_are_sent() {
    let people = ana().await;
    let config = merged(
        every_factor("OPTIONAL"),
        json!({
            "SmsMfaConfiguration": {"SmsAuthenticationMessage": "Harbour: {####}"},
            "EmailMfaConfiguration": {"Message": "The tide is {####}", "Subject": "Harbour calls"},
        }),
    );
    configure(&people, config).await.ok();
    for (settings, challenge, to) in [
        ("SMSMfaSettings", "SMS_MFA", "+15550100"),
        ("EmailMfaSettings", "EMAIL_OTP", "ana@example.com"),
    ] {
        let on = json!({"Username": "ana", settings: {"Enabled": true, "PreferredMfa": true}});
        people.admin("AdminSetUserMFAPreference", on).await.ok();
        asked(&people, challenge).await;
        let sent = people.app.inbox(to).await.into_iter().next().unwrap();
        let code = sent.code.unwrap();
        let expected = match challenge {
            "SMS_MFA" => (None, format!("Harbour: {code}")),
            _ => (Some("Harbour calls".to_owned()), format!("The tide is {code}")),
        };
        assert_eq!((sent.subject, sent.body), expected);
    }
}

#[tokio::test]
async fn a_factor_without_means_lets_nobody_in() {
    let (people, _) = with_app().await;
    let sms_only = json!({"MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {}});
    let on = json!({"Username": "ana", "SMSMfaSettings": {"Enabled": true}});
    people.admin("AdminSetUserMFAPreference", on).await.ok();
    configure(&people, sms_only).await.ok();
    let gone = json!({"Username": "ana", "UserAttributeNames": ["phone_number"]});
    people.admin("AdminDeleteUserAttributes", gone).await.ok();
    let sentence = "No MFA mechanism is registered or deliverable for the user.";
    people
        .sign_in("ana", PASSWORD)
        .await
        .refused("InvalidParameterException", sentence);
    let begun = json!({
        "ClientId": people.client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "ana", "PASSWORD": PASSWORD},
    });
    people
        .admin("AdminInitiateAuth", begun)
        .await
        .refused("MFAMethodNotFoundException", sentence);
}

/// What can be chosen as first factor is named beside one that the app wished for (5.8), not beside what follows it.
#[tokio::test]
async fn a_second_factor_offers_no_first_ones() {
    let (people, _) = with_app().await;
    let wish = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD});
    for (settings, challenge) in [
        ("SoftwareTokenMfaSettings", "SOFTWARE_TOKEN_MFA"),
        ("SMSMfaSettings", "SMS_MFA"),
        ("EmailMfaSettings", "EMAIL_OTP"),
    ] {
        let prefer = json!({"Username": "ana", settings: {"Enabled": true, "PreferredMfa": true}});
        people.admin("AdminSetUserMFAPreference", prefer).await.ok();
        let asked = people.initiate("USER_AUTH", wish.clone()).await.ok();
        assert_eq!(asked["ChallengeName"], challenge);
        assert_eq!(asked.get("AvailableChallenges"), None, "{challenge}");
    }
}

/// Reference: user-pools 6.4: passing it verifies the number; here it is another's alias already, as a family's only phone may be.
#[tokio::test]
async fn a_number_that_is_anothers_alias_is_a_second_factor() {
    let settings = merged(super::sending(), json!({"AliasAttributes": ["phone_number"]}));
    let people = People::with_all_flows(settings, json!({})).await;
    let phone = "+15550100";
    for name in ["ana", "ben"] {
        people.member(name, &[("phone_number", phone)]).await;
    }
    configure(&people, every_factor("ON")).await.ok();
    for name in ["ana", "ben"] {
        let asked = people.sign_in(name, PASSWORD).await.ok();
        let responses = json!({"USERNAME": name, "SMS_MFA_CODE": people.app.code_for(phone).await});
        people
            .respond("SMS_MFA", asked["Session"].as_str(), responses)
            .await
            .ok();
    }
}
