//! A second factor that is set up within a sign-in: MFA_SETUP. Reference: user-pools 5.5, 5.6, 6.2, 6.4.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Answer, text};
use vault::totp::Seed;

use super::{INVALID, configure, sending, shown, totp};
use crate::tests::{
    entry::{EXPIRED_SESSION, INVALID_SESSION, USED_SESSION},
    people::{PASSWORD, People, other_than},
};

/// A pool where everybody needs an authenticator app, and ana, who has none.
async fn people() -> People {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let token = json!({"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    configure(&people, token).await.ok();
    people
}

/// The session of a sign-in that asks for the set-up.
async fn asked(people: &People) -> String {
    let challenge = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(challenge["ChallengeName"], "MFA_SETUP", "{challenge}");
    let parameters = json!({"MFAS_CAN_SETUP": "[\"SOFTWARE_TOKEN_MFA\"]", "USER_ID_FOR_SRP": "ana"});
    assert_eq!(challenge["ChallengeParameters"], parameters);
    assert!(challenge.get("AuthenticationResult").is_none());
    text(&challenge, "/Session")
}

async fn associate(people: &People, session: &str) -> Answer {
    people
        .app
        .anon
        .call("AssociateSoftwareToken", json!({"Session": session}))
        .await
}

async fn verify(people: &People, session: &str, code: &str) -> Answer {
    let input = json!({"Session": session, "UserCode": code, "FriendlyDeviceName": "phone"});
    people.app.anon.call("VerifySoftwareToken", input).await
}

async fn conclude(people: &People, session: &str) -> Answer {
    people
        .respond("MFA_SETUP", Some(session), json!({"USERNAME": "ana"}))
        .await
}

/// The seed and the session that goes on.
async fn associated(people: &People, session: &str) -> (Seed, String) {
    let answer = associate(people, session).await.ok();
    let seed = Seed::parse(&text(&answer, "/SecretCode")).unwrap();
    (seed, text(&answer, "/Session"))
}

fn now_of(people: &People, seed: &Seed) -> String {
    seed.code(people.app.cx().now())
}

#[tokio::test]
async fn an_app_is_set_up_and_asked_for_from_then_on() {
    let people = people().await;
    let (seed, session) = associated(&people, &asked(&people).await).await;
    conclude(&people, &session)
        .await
        .refused(INVALID, "User has not set up software token mfa");
    verify(&people, &session, &other_than(&now_of(&people, &seed)))
        .await
        .refused(
            "EnableSoftwareTokenMFAException",
            "Code mismatch and fail enable Software Token MFA",
        );
    let code = now_of(&people, &seed);
    let verified = verify(&people, &session, &code).await.ok();
    assert_eq!(verified["Status"], "SUCCESS");
    let session = text(&verified, "/Session");
    let done = conclude(&people, &session).await.ok();
    assert!(done["AuthenticationResult"]["RefreshToken"].is_string());
    conclude(&people, &session).await.refused_as(USED_SESSION);
    assert_eq!(
        shown(&people).await,
        json!({"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]})
    );

    let challenge = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(challenge["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    let parameters = json!({"FRIENDLY_DEVICE_NAME": "phone", "USER_ID_FOR_SRP": "ana"});
    assert_eq!(challenge["ChallengeParameters"], parameters);
    // The code that registered the app has counted.
    let session = text(&challenge, "/Session");
    totp(&people, &session, &code).await.refused(
        "ExpiredCodeException",
        "Your software token has already been used once.",
    );
    people.app.advance(Duration::from_secs(30));
    totp(&people, &session, &now_of(&people, &seed)).await.ok();
}

#[tokio::test]
async fn what_was_verified_is_asked_for_though_the_set_up_was_left() {
    let people = people().await;
    let (seed, session) = associated(&people, &asked(&people).await).await;
    verify(&people, &session, &now_of(&people, &seed)).await.ok();
    let challenge = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(challenge["ChallengeName"], "SOFTWARE_TOKEN_MFA");
}

#[tokio::test]
async fn who_knows_the_password_replaces_no_app_by_an_older_sign_in() {
    let people = people().await;
    let (begun, prepared) = (asked(&people).await, asked(&people).await);
    let (seed, session) = associated(&people, &asked(&people).await).await;
    // A secret that another sign-in asked for is the one that waits.
    let (thief, prepared) = associated(&people, &prepared).await;
    verify(&people, &session, &now_of(&people, &seed)).await.refused(
        "EnableSoftwareTokenMFAException",
        "Code mismatch and fail enable Software Token MFA",
    );
    let (seed, session) = associated(&people, &session).await;
    verify(&people, &session, &now_of(&people, &seed)).await.ok();

    associate(&people, &begun).await.refused_as(INVALID_SESSION);
    verify(&people, &prepared, &now_of(&people, &thief))
        .await
        .refused(INVALID, "User has not set up software token mfa");
    conclude(&people, &prepared)
        .await
        .refused(INVALID, "User has not set up software token mfa");
    // Nor by one whose owner lets a secret wait.
    people.app.advance(Duration::from_secs(30));
    let challenge = people.sign_in("ana", PASSWORD).await.ok();
    let done = totp(&people, &text(&challenge, "/Session"), &now_of(&people, &seed))
        .await
        .ok();
    let token = text(&done, "/AuthenticationResult/AccessToken");
    let next = super::associated(&people, &token).await;
    verify(&people, &prepared, &now_of(&people, &next))
        .await
        .refused_as(INVALID_SESSION);
}

#[tokio::test]
async fn of_two_first_codes_in_parallel_one_counts() {
    let people = people().await;
    let (seed, session) = associated(&people, &asked(&people).await).await;
    let code = now_of(&people, &seed);
    let (one, other) = tokio::join!(verify(&people, &session, &code), verify(&people, &session, &code));
    assert_eq!([one, other].iter().filter(|answer| answer.code().is_empty()).count(), 1);
}

#[tokio::test]
async fn a_set_up_ends_with_its_session_password_and_user() {
    let people = people().await;
    let session = asked(&people).await;
    people.app.advance(Duration::from_secs(180));
    associate(&people, &session).await.refused_as(EXPIRED_SESSION);

    let (seed, session) = associated(&people, &asked(&people).await).await;
    let password = json!({"Username": "ana", "Password": "An0ther-word", "Permanent": true});
    people.admin("AdminSetUserPassword", password).await.ok();
    associate(&people, &session).await.refused_as(INVALID_SESSION);
    verify(&people, &session, &now_of(&people, &seed))
        .await
        .refused_as(INVALID_SESSION);

    let password = json!({"Username": "ana", "Password": PASSWORD, "Permanent": true});
    people.admin("AdminSetUserPassword", password).await.ok();
    let session = asked(&people).await;
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    associate(&people, &session).await.refused_as(INVALID_SESSION);
    people.admin("AdminDeleteUser", json!({"Username": "ana"})).await.ok();
    associate(&people, &session).await.refused_as(INVALID_SESSION);
}

#[tokio::test]
async fn only_the_session_of_a_set_up_sets_up() {
    let people = people().await;
    let session = asked(&people).await;
    people.member("bea", &[]).await;
    let bea = json!({"USERNAME": "bea"});
    let (seed, going_on) = associated(&people, &session).await;
    let verified = text(
        &verify(&people, &going_on, &now_of(&people, &seed)).await.ok(),
        "/Session",
    );
    people
        .respond("MFA_SETUP", Some(&verified), bea)
        .await
        .refused_as(INVALID_SESSION);
    let ana = json!({"USERNAME": "ana"});
    people
        .admin_respond("MFA_SETUP", Some(&verified), ana.clone())
        .await
        .refused_as(INVALID_SESSION);
    for (challenge, member) in [
        ("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"),
        ("SELECT_MFA_TYPE", "ANSWER"),
        ("NEW_PASSWORD_REQUIRED", "NEW_PASSWORD"),
    ] {
        let mut responses = ana.clone();
        responses[member] = json!("123456");
        people
            .respond(challenge, Some(&verified), responses)
            .await
            .refused_as(INVALID_SESSION);
    }
    let challenge = people.sign_in("ana", PASSWORD).await.ok();
    let of_totp = text(&challenge, "/Session");
    associate(&people, &of_totp).await.refused_as(INVALID_SESSION);
    verify(&people, &of_totp, "123456").await.refused_as(INVALID_SESSION);
    conclude(&people, &of_totp).await.refused_as(INVALID_SESSION);
    conclude(&people, &verified).await.ok();
}

#[tokio::test]
async fn an_administrators_sign_in_is_set_up_the_same() {
    let people = people().await;
    let parameters = json!({"USERNAME": "ana", "PASSWORD": PASSWORD});
    let begun = json!({
        "ClientId": people.client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters,
    });
    let challenge = people.admin("AdminInitiateAuth", begun).await.ok();
    let (seed, session) = associated(&people, &text(&challenge, "/Session")).await;
    let verified = verify(&people, &session, &now_of(&people, &seed)).await.ok();
    let session = text(&verified, "/Session");
    conclude(&people, &session).await.refused_as(INVALID_SESSION);
    let responses = json!({"USERNAME": "ana"});
    let done = people.admin_respond("MFA_SETUP", Some(&session), responses).await.ok();
    assert!(done["AuthenticationResult"]["AccessToken"].is_string());
}

#[tokio::test]
async fn a_pool_without_apps_sets_none_up() {
    let role = json!({"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"});
    let people = People::with_all_flows(json!({"SmsConfiguration": role}), json!({})).await;
    people.member("ana", &[]).await;
    configure(&people, json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": {}}))
        .await
        .ok();
    let challenge = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"], "[\"SMS_MFA\"]");
    let not_offered = (
        "SoftwareTokenMFANotFoundException",
        "Software Token MFA has not been enabled by the userPool",
    );
    let session = text(&challenge, "/Session");
    associate(&people, &session).await.refused_as(not_offered);
    verify(&people, &session, "123456").await.refused_as(not_offered);
}

/// A pool where everybody needs an app or codes by mail.
async fn by_mail(client: Value) -> People {
    let sender = json!({"EmailConfiguration": sending()["EmailConfiguration"]});
    let people = People::with_all_flows(sender, client).await;
    people.member("ana", &[]).await;
    let factors = json!({
        "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}, "EmailMfaConfiguration": {},
    });
    configure(&people, factors).await.ok();
    people
}

async fn mailed(people: &People, session: &str, email: &str) -> Answer {
    let responses = json!({"USERNAME": "ana", "EMAIL": email});
    people.respond("MFA_SETUP", Some(session), responses).await
}

#[tokio::test]
async fn codes_by_mail_are_set_up_by_an_address() {
    let people = by_mail(json!({})).await;
    let begun = people.sign_in("ana", PASSWORD).await.ok();
    let offered = &begun["ChallengeParameters"]["MFAS_CAN_SETUP"];
    assert_eq!(offered, "[\"SOFTWARE_TOKEN_MFA\",\"EMAIL_OTP\"]");
    let (session, other) = (
        text(&begun, "/Session"),
        text(&people.sign_in("ana", PASSWORD).await.ok(), "/Session"),
    );
    mailed(&people, &session, "nowhere")
        .await
        .refused(INVALID, "Invalid email address format.");
    let challenge = mailed(&people, &session, "ana@example.com").await.ok();
    assert_eq!(challenge["ChallengeName"], "EMAIL_OTP");
    assert_eq!(
        challenge["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"],
        "a***@e***"
    );
    assert_eq!(
        people.attribute("ana", "email_verified").await.as_deref(),
        Some("false")
    );
    // Another sign-in that waited for a set-up gets none in its place.
    mailed(&people, &other, "eve@example.com")
        .await
        .refused_as(INVALID_SESSION);
    associate(&people, &other).await.refused_as(INVALID_SESSION);
    mailed(&people, &session, "eve@example.com")
        .await
        .refused_as(INVALID_SESSION);

    let responses = json!({"USERNAME": "ana", "EMAIL_OTP_CODE": people.app.code_for("ana@example.com").await});
    let session = text(&challenge, "/Session");
    people.respond("EMAIL_OTP", Some(&session), responses).await.ok();
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    let challenge = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(challenge["ChallengeName"], "EMAIL_OTP");
}

#[tokio::test]
async fn an_address_is_set_up_only_where_it_may_be() {
    let people = people().await;
    mailed(&people, &asked(&people).await, "ana@example.com")
        .await
        .refused(INVALID, "The requested challenge is not available for this user.");
    let people = by_mail(json!({"WriteAttributes": ["name"]})).await;
    let session = text(&people.sign_in("ana", PASSWORD).await.ok(), "/Session");
    mailed(&people, &session, "ana@example.com").await.refused(
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute",
    );
    let code = people.app.inbox("ana@example.com").await;
    assert!(code.is_empty());
}

/// AWS has the app collect the number and begin anew: no answer to the challenge sets it up.
#[tokio::test]
async fn who_needs_a_phone_number_is_told_so_and_begins_anew_with_it() {
    let people = People::with_all_flows(sending(), json!({})).await;
    people.member("ana", &[]).await;
    configure(&people, json!({"MfaConfiguration": "ON", "SmsMfaConfiguration": {}}))
        .await
        .ok();
    let asked = people.sign_in("ana", PASSWORD).await.ok();
    let parameters = json!({"MFAS_CAN_SETUP": "[\"SMS_MFA\"]", "USER_ID_FOR_SRP": "ana"});
    assert_eq!(
        (&asked["ChallengeName"], &asked["ChallengeParameters"]),
        (&json!("MFA_SETUP"), &parameters)
    );
    let session = text(&asked, "/Session");
    let none = (
        "MFAMethodNotFoundException",
        "No MFA mechanism is registered or deliverable for the user.",
    );
    conclude(&people, &session).await.refused_as(none);
    associate(&people, &session).await.refused(
        "SoftwareTokenMFANotFoundException",
        "Software Token MFA has not been enabled by the userPool",
    );
    people
        .respond(
            "MFA_SETUP",
            Some(&session),
            json!({"USERNAME": "ana", "EMAIL": "ana@example.com"}),
        )
        .await
        .refused(INVALID, "The requested challenge is not available for this user.");
    people.set("ana", &[("phone_number", "+15550100")]).await.ok();
    conclude(&people, &session).await.refused_as(none);
    let asked = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": people.app.code_for("+15550100").await});
    people
        .respond("SMS_MFA", Some(&text(&asked, "/Session")), responses)
        .await
        .ok();
}

/// A refusal leaves the session as it was.
#[tokio::test]
async fn an_address_that_another_has_may_be_mended() {
    let pool = json!({
        "UsernameAttributes": ["email", "phone_number"], "EmailConfiguration": sending()["EmailConfiguration"],
    });
    let people = People::with_all_flows(pool, json!({})).await;
    people.member("bea@example.com", &[]).await;
    people.member("+15550100", &[]).await;
    configure(&people, json!({"MfaConfiguration": "ON", "EmailMfaConfiguration": {}}))
        .await
        .ok();
    let session = text(&people.sign_in("+15550100", PASSWORD).await.ok(), "/Session");
    let give = async |email: &str| {
        let responses = json!({"USERNAME": "+15550100", "EMAIL": email});
        people.respond("MFA_SETUP", Some(&session), responses).await
    };
    let sentence = "An account with the given email already exists.";
    give("bea@example.com").await.refused("AliasExistsException", sentence);
    assert_eq!(give("ana@example.com").await.ok()["ChallengeName"], "EMAIL_OTP");
}
