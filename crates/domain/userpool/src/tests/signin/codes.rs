//! Codes that are sent: as second factor, and as first one of USER_AUTH. Reference: user-pools 5.5, 5.6, 5.8, 6.4.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Answer, text};

use crate::tests::{
    entry::{EXCEEDED, EXPIRED_SESSION, INVALID_SESSION, USED_SESSION},
    people::{PASSWORD, People, other_than},
};

const PHONE: &str = "+15551234567";
const MAIL: &str = "ana@example.com";
const MISMATCH: (&str, &str) = ("CodeMismatchException", "Invalid code or auth state for the user.");

/// Ana has a phone, and everybody needs a second factor.
async fn people() -> People {
    let role = "arn:aws:iam::000000000000:role/texts";
    let pool = json!({"MfaConfiguration": "ON", "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"}});
    let people = People::with_all_flows(pool, json!({})).await;
    people.member("ana", &[("phone_number", PHONE), ("email", MAIL)]).await;
    people
}

/// Somebody whose password was right.
async fn asked(people: &People, name: &str) -> Value {
    let answer = people.sign_in(name, PASSWORD).await.ok();
    assert_eq!(answer["ChallengeName"], "SMS_MFA", "{answer}");
    answer
}

async fn answer(people: &People, session: &str, code: &str) -> Answer {
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": code});
    people.respond("SMS_MFA", Some(session), responses).await
}

#[tokio::test]
async fn a_text_message_is_the_second_factor() {
    let people = people().await;
    let started = asked(&people, "ana").await;
    assert_eq!(
        started["ChallengeParameters"],
        json!({
            "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******4567", "USER_ID_FOR_SRP": "ana",
        })
    );
    assert_eq!(started.get("AuthenticationResult"), None);
    let (session, code) = (text(&started, "/Session"), people.app.code_for(PHONE).await);
    assert_eq!(code.len(), 6);

    people
        .respond("SMS_MFA", Some(&session), json!({"USERNAME": "ana"}))
        .await
        .refused("InvalidParameterException", "Missing required parameter SMS_MFA_CODE");
    for wrong in [other_than(&code), String::new(), format!("{code} "), "é".to_owned()] {
        answer(&people, &session, &wrong).await.refused_as(MISMATCH);
    }
    let done = answer(&people, &session, &code).await.ok();
    assert!(done["AuthenticationResult"]["RefreshToken"].is_string());
    answer(&people, &session, &code).await.refused_as(USED_SESSION);
    // It reached them.
    assert_eq!(
        people.attribute("ana", "phone_number_verified").await.as_deref(),
        Some("true")
    );
}

#[tokio::test]
async fn after_srp_and_a_new_password_too() {
    let people = people().await;
    let challenge = people.sign_in_by_srp("ana", PASSWORD).await.ok();
    assert_eq!(challenge["ChallengeName"], "SMS_MFA");
    let code = people.app.code_for(PHONE).await;
    answer(&people, &text(&challenge, "/Session"), &code).await.ok();

    people
        .invited("bea", "Temp0rary!", &[("phone_number", "+15550001111")])
        .await;
    let started = people.sign_in("bea", "Temp0rary!").await.ok();
    let responses = json!({"USERNAME": "bea", "NEW_PASSWORD": PASSWORD});
    let challenge = people
        .respond("NEW_PASSWORD_REQUIRED", Some(&text(&started, "/Session")), responses)
        .await
        .ok();
    assert_eq!(challenge["ChallengeName"], "SMS_MFA", "{challenge}");
    let code = people.app.code_for("+15550001111").await;
    let responses = json!({"USERNAME": "bea", "SMS_MFA_CODE": code});
    people
        .respond("SMS_MFA", Some(&text(&challenge, "/Session")), responses)
        .await
        .ok();
}

#[tokio::test]
async fn a_session_is_its_users_steps_and_doors_own() {
    let people = people().await;
    people.member("bea", &[("phone_number", "+15550001111")]).await;
    let session = text(&asked(&people, "ana").await, "/Session");
    let code = people.app.code_for(PHONE).await;
    let bea = text(&asked(&people, "bea").await, "/Session");

    // Another user's session, another user's name.
    answer(&people, &bea, &code).await.refused_as(INVALID_SESSION);
    let responses = json!({"USERNAME": "bea", "SMS_MFA_CODE": code});
    people
        .respond("SMS_MFA", Some(&session), responses)
        .await
        .refused_as(INVALID_SESSION);
    // Another challenge, another door.
    for (challenge, responses) in [
        ("EMAIL_OTP", json!({"EMAIL_OTP_CODE": code})),
        ("SMS_OTP", json!({"SMS_OTP_CODE": code})),
        ("SOFTWARE_TOKEN_MFA", json!({"SOFTWARE_TOKEN_MFA_CODE": code})),
        ("SELECT_MFA_TYPE", json!({"ANSWER": "SMS_MFA"})),
        ("MFA_SETUP", json!({})),
        ("NEW_PASSWORD_REQUIRED", json!({"NEW_PASSWORD": PASSWORD})),
        ("SELECT_CHALLENGE", json!({"ANSWER": "PASSWORD", "PASSWORD": PASSWORD})),
        ("PASSWORD", json!({"PASSWORD": PASSWORD})),
    ] {
        let responses = testkit::merged(json!({"USERNAME": "ana"}), responses);
        people
            .respond(challenge, Some(&session), responses)
            .await
            .refused_as(INVALID_SESSION);
    }
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": code});
    people
        .admin_respond("SMS_MFA", Some(&session), responses)
        .await
        .refused_as(INVALID_SESSION);
    // Another client.
    let other = people.app.client(&people.pool, json!({})).await;
    let input = json!({
        "ClientId": other, "ChallengeName": "SMS_MFA", "Session": session,
        "ChallengeResponses": {"USERNAME": "ana", "SMS_MFA_CODE": code},
    });
    people
        .app
        .anon
        .call("RespondToAuthChallenge", input)
        .await
        .refused_as(INVALID_SESSION);
    // After all that it is good.
    answer(&people, &session, &code).await.ok();
}

#[tokio::test]
async fn a_code_dies_with_its_session_address_and_password() {
    let people = people().await;
    let session = text(&asked(&people, "ana").await, "/Session");
    let code = people.app.code_for(PHONE).await;
    people.app.advance(Duration::from_secs(180));
    answer(&people, &session, &code).await.refused_as(EXPIRED_SESSION);

    let session = text(&asked(&people, "ana").await, "/Session");
    let code = people.app.code_for(PHONE).await;
    people.set("ana", &[("phone_number", "+15550002222")]).await.ok();
    answer(&people, &session, &code).await.refused_as(MISMATCH);

    let session = text(&asked(&people, "ana").await, "/Session");
    let code = people.app.code_for("+15550002222").await;
    let input = json!({"Username": "ana", "Password": "An0ther-word", "Permanent": true});
    people.admin("AdminSetUserPassword", input).await.ok();
    answer(&people, &session, &code).await.refused_as(INVALID_SESSION);

    // The code of one sign-in is of no use in another.
    let first = text(&people.sign_in("ana", "An0ther-word").await.ok(), "/Session");
    let code = people.app.code_for("+15550002222").await;
    let second = text(&people.sign_in("ana", "An0ther-word").await.ok(), "/Session");
    answer(&people, &second, &code).await.refused_as(MISMATCH);
    answer(&people, &first, &code).await.ok();
}

#[tokio::test]
async fn guesses_lock_across_sign_ins() {
    let people = people().await;
    let mut session = text(&asked(&people, "ana").await, "/Session");
    let mut code = people.app.code_for(PHONE).await;
    for guess in 0..10 {
        if guess == 6 {
            session = text(&asked(&people, "ana").await, "/Session");
            code = people.app.code_for(PHONE).await;
        }
        answer(&people, &session, &other_than(&code)).await.refused_as(MISMATCH);
    }
    // The tenth locks, and the right one tells nothing.
    answer(&people, &session, &code).await.refused_as(EXCEEDED);
    answer(&people, &session, &other_than(&code)).await.refused_as(EXCEEDED);
    people.app.advance(Duration::from_secs(1));
    answer(&people, &session, &code).await.ok();
}

#[tokio::test]
async fn so_many_codes_are_sent_an_hour() {
    let people = people().await;
    for _ in 0..20 {
        asked(&people, "ana").await;
    }
    people
        .sign_in("ana", PASSWORD)
        .await
        .refused("TooManyRequestsException", "Too many requests");
    assert_eq!(people.app.inbox(PHONE).await.len(), 20);
    people.app.advance(Duration::from_secs(3600));
    asked(&people, "ana").await;
}

#[tokio::test]
async fn of_two_answers_in_parallel_one_counts() {
    let people = people().await;
    let session = text(&asked(&people, "ana").await, "/Session");
    let code = people.app.code_for(PHONE).await;
    let answers = tokio::join!(
        answer(&people, &session, &code),
        answer(&people, &session, &code),
        answer(&people, &session, &code)
    );
    let won = [answers.0, answers.1, answers.2]
        .into_iter()
        .filter(|answer| answer.code().is_empty());
    assert_eq!(won.count(), 1);
}

/// A pool that lets people in by codes alone.
async fn passwordless(existence: &str) -> People {
    let factors = json!(["PASSWORD", "EMAIL_OTP", "SMS_OTP"]);
    let role = "arn:aws:iam::000000000000:role/texts";
    let pool = json!({
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": factors}},
        "AutoVerifiedAttributes": ["email"],
        "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"},
    });
    People::with_all_flows(pool, json!({"PreventUserExistenceErrors": existence})).await
}

async fn wished(people: &People, name: &str, factor: &str) -> Value {
    let parameters = json!({"USERNAME": name, "PREFERRED_CHALLENGE": factor});
    people.initiate("USER_AUTH", parameters).await.ok()
}

#[tokio::test]
async fn a_code_by_mail_signs_in_and_proves_the_address() {
    let people = passwordless("LEGACY").await;
    people
        .sign_up("ana", &[("email", MAIL), ("phone_number", PHONE)])
        .await
        .ok();
    assert_eq!(people.status("ana").await, "UNCONFIRMED");
    let started = wished(&people, "ana", "EMAIL_OTP").await;
    assert_eq!(started["ChallengeName"], "EMAIL_OTP");
    assert_eq!(
        started["ChallengeParameters"],
        json!({"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***"})
    );
    assert_eq!(
        started["AvailableChallenges"],
        json!(["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"])
    );
    let (session, code) = (text(&started, "/Session"), people.app.code_for(MAIL).await);
    assert_eq!(code.len(), 8);
    let respond = |code: String| {
        let responses = json!({"USERNAME": "ana", "EMAIL_OTP_CODE": code});
        people.respond("EMAIL_OTP", Some(&session), responses)
    };
    respond("00000000".to_owned()).await.refused_as(MISMATCH);
    respond(code.clone()).await.ok();
    respond(code).await.refused_as(USED_SESSION);
    assert_eq!(people.status("ana").await, "CONFIRMED");
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
}

#[tokio::test]
async fn a_code_by_text_message_is_chosen_from_the_list() {
    let people = passwordless("LEGACY").await;
    people.member("ana", &[("phone_number", PHONE)]).await;
    let offered = people.initiate("USER_AUTH", json!({"USERNAME": "ana"})).await.ok();
    assert_eq!(
        offered["AvailableChallenges"],
        json!(["PASSWORD_SRP", "PASSWORD", "SMS_OTP"])
    );
    let responses = json!({"USERNAME": "ana", "ANSWER": "SMS_OTP"});
    let started = people
        .respond("SELECT_CHALLENGE", Some(&text(&offered, "/Session")), responses)
        .await
        .ok();
    assert_eq!(started["ChallengeName"], "SMS_OTP");
    let responses = json!({"USERNAME": "ana", "SMS_OTP_CODE": people.app.code_for(PHONE).await});
    people
        .respond("SMS_OTP", Some(&text(&started, "/Session")), responses)
        .await
        .ok();
    people
        .respond(
            "SELECT_CHALLENGE",
            Some(&text(&offered, "/Session")),
            json!({"USERNAME": "ana", "ANSWER": "EMAIL_OTP"}),
        )
        .await
        .refused(
            "InvalidParameterException",
            "The requested challenge is not available for this user.",
        );
}

#[tokio::test]
async fn who_has_a_temporary_password_or_a_second_factor_needs_a_password() {
    let people = passwordless("LEGACY").await;
    people.invited("ana", "Temp0rary!", &[("email", MAIL)]).await;
    let offered = wished(&people, "ana", "EMAIL_OTP").await;
    assert_eq!(offered["ChallengeName"], "SELECT_CHALLENGE");
    assert_eq!(offered["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
}

#[tokio::test]
async fn nobody_is_sent_a_code_as_a_user_is() {
    let people = passwordless("ENABLED").await;
    people.member("ana", &[("email", MAIL), ("phone_number", PHONE)]).await;
    let (known, unknown) = (
        wished(&people, "ana", "EMAIL_OTP").await,
        wished(&people, "nobody", "EMAIL_OTP").await,
    );
    for member in ["ChallengeName", "AvailableChallenges"] {
        assert_eq!(known[member], unknown[member]);
    }
    let lengths = [&known, &unknown].map(|answer| text(answer, "/Session").len());
    assert_eq!(lengths[0], lengths[1]);
    let mask = text(&unknown, "/ChallengeParameters/CODE_DELIVERY_DESTINATION");
    assert!(mask.contains("***@"), "{mask}");
    assert_eq!(
        wished(&people, "nobody", "EMAIL_OTP").await["ChallengeParameters"],
        unknown["ChallengeParameters"]
    );

    for (name, started) in [("ana", &known), ("nobody", &unknown)] {
        for _ in 0..10 {
            let responses = json!({"USERNAME": name, "EMAIL_OTP_CODE": "00000000"});
            let session = text(started, "/Session");
            people
                .respond("EMAIL_OTP", Some(&session), responses)
                .await
                .refused_as(MISMATCH);
        }
        let responses = json!({"USERNAME": name, "EMAIL_OTP_CODE": "00000000"});
        let session = text(started, "/Session");
        people
            .respond("EMAIL_OTP", Some(&session), responses)
            .await
            .refused_as(EXCEEDED);
    }
    // The disabled are not there either.
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    let before = people.app.inbox(MAIL).await.len();
    assert_eq!(wished(&people, "ana", "EMAIL_OTP").await["ChallengeName"], "EMAIL_OTP");
    assert_eq!(people.app.inbox(MAIL).await.len(), before);
}
