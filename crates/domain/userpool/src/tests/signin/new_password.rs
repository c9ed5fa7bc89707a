//! NEW_PASSWORD_REQUIRED. Reference: user-pools 4.5, 5.5, 5.6.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{merged, text};

use crate::tests::{
    entry::{EXPIRED_SESSION, INVALID_SESSION, USED_SESSION},
    people::{PASSWORD, People},
};

const TEMPORARY: &str = "Temp0rary!";

async fn people() -> People {
    let schema = json!([{"Name": "name", "AttributeDataType": "String", "Required": true, "Mutable": true}]);
    let people = People::with_all_flows(json!({"Schema": schema}), json!({})).await;
    people
        .invited(
            "ana",
            TEMPORARY,
            &[("email", "ana@example.com"), ("email_verified", "true")],
        )
        .await;
    people
}

async fn asked(people: &People) -> Value {
    let answer = people.sign_in("ana", TEMPORARY).await.ok();
    assert_eq!(answer["ChallengeName"], "NEW_PASSWORD_REQUIRED", "{answer}");
    answer
}

fn given(changes: Value) -> Value {
    merged(
        json!({"USERNAME": "ana", "NEW_PASSWORD": PASSWORD, "userAttributes.name": "Ana"}),
        changes,
    )
}

#[tokio::test]
async fn a_temporary_password_asks_for_another() {
    let people = people().await;
    let answer = asked(&people).await;
    let parameters = answer["ChallengeParameters"].as_object().unwrap();
    let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
    assert_eq!(names, ["USER_ID_FOR_SRP", "requiredAttributes", "userAttributes"]);
    assert_eq!(parameters["USER_ID_FOR_SRP"], "ana");
    assert_eq!(parameters["requiredAttributes"], r#"["userAttributes.name"]"#);
    let attributes: Value = serde_json::from_str(parameters["userAttributes"].as_str().unwrap()).unwrap();
    assert_eq!(
        attributes,
        json!({"email": "ana@example.com", "email_verified": "true"})
    );

    let session = text(&answer, "/Session");
    assert!((20..=4096).contains(&session.len()));
    let done = people
        .respond("NEW_PASSWORD_REQUIRED", Some(&session), given(json!({})))
        .await
        .ok();
    let claims = people.claims(&text(&done, "/AuthenticationResult/IdToken")).await;
    assert_eq!(claims["name"], "Ana");
    assert_eq!(people.status("ana").await, "CONFIRMED");
    assert_eq!(people.attribute("ana", "name").await.as_deref(), Some("Ana"));
    people.sign_in("ana", PASSWORD).await.ok();
    people.sign_in_by_srp("ana", PASSWORD).await.ok();

    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&session), given(json!({})))
        .await
        .refused_as(USED_SESSION);
}

#[tokio::test]
async fn srp_and_administrators_come_to_the_same_challenge() {
    let people = people().await;
    let answer = people.sign_in_by_srp("ana", TEMPORARY).await.ok();
    assert_eq!(answer["ChallengeName"], "NEW_PASSWORD_REQUIRED");

    let parameters = json!({"USERNAME": "ana", "PASSWORD": TEMPORARY});
    let answer = people.admin_initiate("ADMIN_USER_PASSWORD_AUTH", parameters).await.ok();
    let session = text(&answer, "/Session");
    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&session), given(json!({})))
        .await
        .refused_as(INVALID_SESSION);
    let by_administrator = async || {
        people
            .admin_respond("NEW_PASSWORD_REQUIRED", Some(&session), given(json!({})))
            .await
    };
    by_administrator().await.ok();
    by_administrator().await.refused(
        "NotAuthorizedException",
        "Invalid session for the user, session can only be used once.",
    );
}

#[tokio::test]
async fn what_is_refused_can_be_tried_again() {
    let people = people().await;
    let session = text(&asked(&people).await, "/Session");
    let policy = |rule: &str| format!("Password does not conform to policy: {rule}");
    let cases = [
        (
            json!({"NEW_PASSWORD": "short"}),
            "InvalidPasswordException",
            policy("Password not long enough"),
        ),
        (
            json!({"NEW_PASSWORD": "alllower1!"}),
            "InvalidPasswordException",
            policy("Password must have uppercase characters"),
        ),
        (
            json!({"userAttributes.email": "eve@example.com"}),
            "NotAuthorizedException",
            "Cannot modify an already provided email".to_owned(),
        ),
        (
            json!({"userAttributes.email_verified": "true"}),
            "InvalidParameterException",
            "Cannot modify the non-mutable attribute email_verified".to_owned(),
        ),
        (
            json!({"userAttributes.name": ""}),
            "InvalidParameterException",
            "Invalid attributes given, name is missing".to_owned(),
        ),
        (
            json!({"userAttributes.phone_number": "12"}),
            "InvalidParameterException",
            "Invalid phone number format.".to_owned(),
        ),
    ];
    let long = format!("Aa1!{}", "x".repeat(253));
    let cases = cases.into_iter().chain([
        (
            json!({"NEW_PASSWORD": long}),
            "InvalidPasswordException",
            policy("Password too long"),
        ),
        (
            json!({"NEW_PASSWORD": format!("{PASSWORD} ")}),
            "InvalidPasswordException",
            policy(r"Password must satisfy regular expression pattern: ^\S.*\S$"),
        ),
    ]);
    for (changes, code, sentence) in cases {
        let answer = people
            .respond("NEW_PASSWORD_REQUIRED", Some(&session), given(changes))
            .await;
        answer.refused(code, &sentence);
    }
    assert_eq!(people.status("ana").await, "FORCE_CHANGE_PASSWORD");
    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&session), given(json!({})))
        .await
        .ok();
}

#[tokio::test]
async fn a_session_belongs_to_user_client_step_and_time() {
    let people = people().await;
    people.member("ben", &[("name", "Ben")]).await;
    let session = text(&asked(&people).await, "/Session");
    for username in ["ben", "nobody"] {
        let responses = given(json!({"USERNAME": username}));
        people
            .respond("NEW_PASSWORD_REQUIRED", Some(&session), responses)
            .await
            .refused_as(INVALID_SESSION);
    }
    for challenge in [
        "SMS_MFA",
        "SOFTWARE_TOKEN_MFA",
        "CUSTOM_CHALLENGE",
        "ADMIN_NO_SRP_AUTH",
        "PASSWORD",
    ] {
        let codes = json!({"SMS_MFA_CODE": "123456", "SOFTWARE_TOKEN_MFA_CODE": "123456", "ANSWER": "x"});
        let responses = given(merged(codes, json!({"PASSWORD": TEMPORARY})));
        people
            .respond(challenge, Some(&session), responses)
            .await
            .refused_as(INVALID_SESSION);
    }
    let forged = "A".repeat(200);
    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&forged), given(json!({})))
        .await
        .refused_as(INVALID_SESSION);
    let other = people.app.client(&people.pool, crate::tests::entry::all_flows()).await;
    let input = json!({
        "ClientId": other, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": session,
        "ChallengeResponses": given(json!({})),
    });
    people
        .app
        .anon
        .call("RespondToAuthChallenge", input)
        .await
        .refused_as(INVALID_SESSION);

    people.app.advance(Duration::from_secs(179));
    let late = text(&asked(&people).await, "/Session");
    people.app.advance(Duration::from_secs(1));
    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&session), given(json!({})))
        .await
        .refused_as(EXPIRED_SESSION);
    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&late), given(json!({})))
        .await
        .ok();
}

#[tokio::test]
async fn another_temporary_password_ends_the_session() {
    let people = people().await;
    let session = text(&asked(&people).await, "/Session");
    people.app.advance(Duration::from_secs(1));
    people
        .admin(
            "AdminSetUserPassword",
            json!({"Username": "ana", "Password": "An0ther-one!"}),
        )
        .await
        .ok();
    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&session), given(json!({})))
        .await
        .refused_as(USED_SESSION);
}

#[tokio::test]
async fn of_two_answers_at_once_one_counts() {
    let people = people().await;
    let session = text(&asked(&people).await, "/Session");
    let answer = |password: &str| {
        people.respond(
            "NEW_PASSWORD_REQUIRED",
            Some(&session),
            given(json!({"NEW_PASSWORD": password})),
        )
    };
    let (first, second) = tokio::join!(answer("First-0ne!"), answer("Sec0nd-one!"));
    let good: Vec<bool> = [&first, &second].iter().map(|answer| answer.result.is_ok()).collect();
    assert_eq!(good.iter().filter(|good| **good).count(), 1, "{first:?} {second:?}");
    let password = if good[0] { "First-0ne!" } else { "Sec0nd-one!" };
    people.sign_in("ana", password).await.ok();
}

#[tokio::test]
async fn a_temporary_password_expires() {
    let people = people().await;
    people.app.advance(Duration::from_secs(7 * 24 * 3600 - 1));
    let session = text(&asked(&people).await, "/Session");
    people.app.advance(Duration::from_secs(1));
    let expired = (
        "NotAuthorizedException",
        "Temporary password has expired and must be reset by an administrator.",
    );
    people.sign_in("ana", TEMPORARY).await.refused_as(expired);
    people.sign_in_by_srp("ana", TEMPORARY).await.refused_as(expired);
    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&session), given(json!({})))
        .await
        .refused_as(expired);
}

#[tokio::test]
async fn history_forbids_the_temporary_password_too() {
    let policy = json!({"PasswordPolicy": {
        "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
        "RequireSymbols": true, "PasswordHistorySize": 1,
    }});
    let people = People::with_all_flows(json!({"Policies": policy}), json!({})).await;
    people.invited("ana", TEMPORARY, &[]).await;
    let session = text(&asked(&people).await, "/Session");
    let answer = |password: &str| {
        people.respond(
            "NEW_PASSWORD_REQUIRED",
            Some(&session),
            json!({"USERNAME": "ana", "NEW_PASSWORD": password}),
        )
    };
    answer(TEMPORARY).await.refused(
        "PasswordHistoryPolicyViolationException",
        "Password has previously been used",
    );
    answer(PASSWORD).await.ok();

    // Without a history it may be kept.
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.invited("ana", TEMPORARY, &[]).await;
    let session = text(&asked(&people).await, "/Session");
    let responses = json!({"USERNAME": "ana", "NEW_PASSWORD": TEMPORARY});
    people
        .respond("NEW_PASSWORD_REQUIRED", Some(&session), responses)
        .await
        .ok();
}
