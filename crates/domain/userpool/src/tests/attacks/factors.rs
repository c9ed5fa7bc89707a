//! With less than the factors that are wanted.

use std::time::Duration;

use serde_json::json;
use testkit::{Call, merged, text};

use super::{MAIL, PHONE, STEP, enrolled, lambdas, pool, slow_saying, user_auth};
use crate::{
    ops,
    tests::{
        entry::{EXCEEDED, INVALID_SESSION},
        people::{PASSWORD, other_than},
    },
};

#[tokio::test]
async fn credit_does_not_forgive_wrong_passwords() {
    let people = pool(json!({}), json!({}), Some("OPTIONAL")).await;
    let token = people.token("ana").await;
    enrolled(&people, &token).await;
    let mut locked = false;
    for _ in 0..5 {
        for _ in 0..4 {
            locked |= people.sign_in("ana", "Wr0ng-word").await.sentence() == EXCEEDED.1;
        }
        let up = json!({"TARGET_ACR_VALUES": "urn:cognito:loa:4", "ACCESS_TOKEN": token});
        let answer = user_auth(&people, "ana", up).await;
        if answer.code().is_empty() {
            assert_eq!(answer.ok()["ChallengeName"], "SOFTWARE_TOKEN_MFA");
        }
    }
    assert!(locked, "twenty wrong passwords in a row, no lock");
}

#[tokio::test]
async fn credit_that_is_of_no_use_does_no_harm() {
    let settings = json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}});
    let people = pool(settings, json!({}), Some("OPTIONAL")).await;
    let started = user_auth(&people, "ana", json!({"PREFERRED_CHALLENGE": "EMAIL_OTP"}))
        .await
        .ok();
    let responses = json!({"USERNAME": "ana", "EMAIL_OTP_CODE": people.app.code_for(MAIL).await});
    let done = people
        .respond("EMAIL_OTP", Some(&text(&started, "/Session")), responses)
        .await
        .ok();
    let target = json!({"TARGET_ACR_VALUES": "urn:cognito:loa:3"});
    let offered = user_auth(&people, "ana", target.clone()).await.ok();
    assert_eq!(offered["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
    let token = text(&done, "/AuthenticationResult/AccessToken");
    let offered = user_auth(&people, "ana", merged(target, json!({"ACCESS_TOKEN": token})))
        .await
        .ok();
    assert_eq!(offered["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
}

#[tokio::test]
async fn one_factor_does_not_forgive_guesses_at_another() {
    let people = pool(json!({}), json!({}), Some("OPTIONAL")).await;
    let token = people.token("ana").await;
    let seed = enrolled(&people, &token).await;
    let on = json!({"SoftwareTokenMfaSettings": {"Enabled": true}, "EmailMfaSettings": {"Enabled": true}});
    people.with_token(&token, "SetUserMFAPreference", on).await.ok();
    people.app.advance(STEP);
    let chosen = async |factor: &str| {
        let started = people.sign_in("ana", PASSWORD).await.ok();
        assert_eq!(started["ChallengeName"], "SELECT_MFA_TYPE", "{started}");
        let responses = json!({"USERNAME": "ana", "ANSWER": factor});
        let asked = people
            .respond("SELECT_MFA_TYPE", Some(&text(&started, "/Session")), responses)
            .await
            .ok();
        text(&asked, "/Session")
    };
    let mut locked = false;
    for _ in 0..4 {
        let session = chosen("SOFTWARE_TOKEN_MFA").await;
        for _ in 0..9 {
            let wrong = other_than(&seed.code(people.app.cx().now()));
            let responses = json!({"USERNAME": "ana", "SOFTWARE_TOKEN_MFA_CODE": wrong});
            let answer = people.respond("SOFTWARE_TOKEN_MFA", Some(&session), responses).await;
            locked |= answer.sentence() == EXCEEDED.1;
        }
        let session = chosen("EMAIL_OTP").await;
        let responses = json!({"USERNAME": "ana", "EMAIL_OTP_CODE": people.app.code_for(MAIL).await});
        locked |= !people
            .respond("EMAIL_OTP", Some(&session), responses)
            .await
            .code()
            .is_empty();
    }
    assert!(locked, "36 wrong codes of the app, no lock");
}

#[tokio::test]
async fn a_password_set_since_ends_the_session_of_a_sign_up() {
    let people = pool(json!({"AutoVerifiedAttributes": ["email"]}), json!({}), None).await;
    let signed_up = people.sign_up("bea", &[("email", "bea@example.com")]).await.ok();
    let input = json!({
        "Username": "bea", "ConfirmationCode": people.app.code_for("bea@example.com").await,
        "Session": text(&signed_up, "/Session"),
    });
    let session = text(&people.public("ConfirmSignUp", input).await.ok(), "/Session");
    people.app.advance(Duration::from_secs(2));
    let input = json!({"Username": "bea", "Password": "An0ther-word", "Permanent": true});
    people.admin("AdminSetUserPassword", input).await.ok();
    let input = json!({"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "bea"}, "Session": session});
    people.public("InitiateAuth", input).await.refused_as(INVALID_SESSION);
}

#[tokio::test]
async fn one_phone_is_not_two_factors() {
    let people = pool(
        json!({"AutoVerifiedAttributes": ["phone_number"]}),
        json!({}),
        Some("ON"),
    )
    .await;
    let phone = "+15550009999";
    let signed_up = people.sign_up("bea", &[("phone_number", phone)]).await.ok();
    let input = json!({
        "Username": "bea", "ConfirmationCode": people.app.code_for(phone).await,
        "Session": text(&signed_up, "/Session"),
    });
    let session = text(&people.public("ConfirmSignUp", input).await.ok(), "/Session");
    let input = json!({"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "bea"}, "Session": session});
    // The phone is the first factor then, so the password is wanted with it.
    people.public("InitiateAuth", input).await.refused_as(INVALID_SESSION);
    let asked = people.sign_in("bea", PASSWORD).await.ok();
    assert_eq!(asked["ChallengeName"], "SMS_MFA", "{asked}");
}

#[tokio::test]
async fn the_app_is_enough_for_less_than_its_level() {
    let people = pool(json!({}), json!({}), Some("OPTIONAL")).await;
    people.member("bea", &[]).await;
    let token = people.token("bea").await;
    enrolled(&people, &token).await;
    let on = json!({"SoftwareTokenMfaSettings": {"Enabled": true}});
    people.with_token(&token, "SetUserMFAPreference", on).await.ok();
    let wish = json!({"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD});
    let plain = user_auth(&people, "bea", wish.clone()).await.ok();
    assert_eq!(plain["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    for level in 2..4 {
        let target = json!({"TARGET_ACR_VALUES": format!("urn:cognito:loa:{level}")});
        let asked = user_auth(&people, "bea", merged(wish.clone(), target)).await.ok();
        assert_eq!(asked["ChallengeName"], "SOFTWARE_TOKEN_MFA", "{level}");
    }
}

#[tokio::test]
async fn credit_does_not_grow_young() {
    let people = pool(json!({}), json!({}), Some("OPTIONAL")).await;
    let token = people.token("ana").await;
    enrolled(&people, &token).await;
    people.app.advance(Duration::from_secs(3000));
    let up = json!({"TARGET_ACR_VALUES": "urn:cognito:loa:3", "ACCESS_TOKEN": token,
        "PREFERRED_CHALLENGE": "PASSWORD"});
    let asked = user_auth(&people, "ana", up).await.ok();
    let asked = if asked["ChallengeName"] == "SELECT_MFA_TYPE" {
        let responses = json!({"USERNAME": "ana", "ANSWER": "SMS_MFA"});
        people
            .respond("SELECT_MFA_TYPE", Some(&text(&asked, "/Session")), responses)
            .await
            .ok()
    } else {
        asked
    };
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": people.app.code_for(PHONE).await});
    let done = people
        .respond("SMS_MFA", Some(&text(&asked, "/Session")), responses)
        .await
        .ok();
    let second = text(&done, "/AuthenticationResult/AccessToken");
    people.app.advance(STEP);
    let up = json!({"TARGET_ACR_VALUES": "urn:cognito:loa:4", "ACCESS_TOKEN": second, "MAX_AGE": "60"});
    let asked = user_auth(&people, "ana", up).await.ok();
    assert_eq!(
        asked["ChallengeName"], "SELECT_CHALLENGE",
        "the password was shown 3030 s ago, MAX_AGE is 60"
    );
}

#[tokio::test]
async fn a_factor_that_was_turned_off_since_counts_no_more() {
    let people = pool(json!({}), json!({}), Some("OPTIONAL")).await;
    let token = people.token("ana").await;
    enrolled(&people, &token).await;
    let sms = json!({"Username": "ana", "SMSMfaSettings": {"Enabled": true}});
    people.admin("AdminSetUserMFAPreference", sms).await.ok();
    let started = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(started["ChallengeName"], "SMS_MFA");
    let code = people.app.code_for(PHONE).await;
    // The phone was stolen.
    let wishes = json!({"Username": "ana", "SMSMfaSettings": {"Enabled": false},
        "SoftwareTokenMfaSettings": {"Enabled": true, "PreferredMfa": true}});
    people.admin("AdminSetUserMFAPreference", wishes).await.ok();
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": code});
    let answer = people
        .respond("SMS_MFA", Some(&text(&started, "/Session")), responses)
        .await;
    if answer.code().is_empty() {
        assert_eq!(answer.ok()["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    }
}

#[tokio::test]
async fn a_set_up_is_not_renewed_for_ever() {
    let people = pool(json!({}), json!({}), None).await;
    let mfa = json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": {}, "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    people.admin("SetUserPoolMfaConfig", mfa).await.ok();
    people.member("bea", &[]).await;
    let asked = people.sign_in("bea", PASSWORD).await.ok();
    assert_eq!(asked["ChallengeName"], "MFA_SETUP", "{asked}");
    let mut session = text(&asked, "/Session");
    // A day of it, and every session of the user is ended meanwhile.
    people
        .admin("AdminUserGlobalSignOut", json!({"Username": "bea"}))
        .await
        .ok();
    for _ in 0..(24 * 3600 / 170) {
        people.app.advance(Duration::from_secs(170));
        let answer = people
            .app
            .anon
            .call("AssociateSoftwareToken", json!({"Session": session}))
            .await;
        if !answer.code().is_empty() {
            return;
        }
        session = text(&answer.ok(), "/Session");
    }
    panic!("a password shown yesterday still sets up a second factor");
}

/// Reference: user-pools 5.10: a right code during a lock gains nothing, nor one that waited for a function when the lock began.
#[tokio::test]
async fn a_lock_that_begins_while_a_function_thinks_holds() {
    let define = "DefineAuthChallenge_Authentication";
    for said in [
        json!({"issueTokens": true}),
        json!({"challengeName": "SMS_MFA"}),
        json!({"challengeName": "SOFTWARE_TOKEN_MFA"}),
    ] {
        let settings = lambdas(&[
            "DefineAuthChallenge",
            "CreateAuthChallenge",
            "VerifyAuthChallengeResponse",
        ]);
        let hiding = json!({"PreventUserExistenceErrors": "ENABLED"});
        let people = pool(settings, hiding, Some("OPTIONAL")).await;
        people
            .app
            .functions
            .respond(define, json!({"challengeName": "SMS_MFA"}));
        let started = people.initiate("CUSTOM_AUTH", json!({"USERNAME": "ana"})).await.ok();
        let (session, code) = (text(&started, "/Session"), people.app.code_for(PHONE).await);
        let responses = |code: String| json!({"USERNAME": "ana", "SMS_MFA_CODE": code});

        let (pools, asked, go) = slow_saying(&people.app, said.clone()).await;
        let cx = people.app.cx();
        let input = json!({
            "ClientId": people.client, "ChallengeName": "SMS_MFA", "Session": session,
            "ChallengeResponses": responses(code.clone()),
        });
        let right = Call::of(&ops::TABLE, "RespondToAuthChallenge", input).on(&pools, &cx);
        let meanwhile = async {
            asked.notified().await;
            for _ in 0..10 {
                let wrong = responses(other_than(&code));
                people.respond("SMS_MFA", Some(&session), wrong).await;
            }
            go.notify_one();
        };
        let (answer, ()) = tokio::join!(right, meanwhile);
        assert_eq!((answer.code(), answer.sentence()), EXCEEDED, "{said}");
        let proven = people.attribute("ana", "phone_number_verified").await;
        assert_ne!(proven.as_deref(), Some("true"), "{said}");
        // The session is good when the lock has ended.
        people.app.advance(Duration::from_secs(2));
        people.app.functions.respond(define, json!({"issueTokens": true}));
        people.respond("SMS_MFA", Some(&session), responses(code)).await.ok();
    }
}
