//! Functions that change the user whom they are asked about, as handlers with a role do that note when somebody came or what was
//! sent. Reference: user-pools 16.1: a trigger is asked in the midst of a call, and what it calls is a call like another.

use std::cell::Cell;

use serde_json::{Value, json};
use testkit::{Answer, Call, merged, text};

use crate::{
    ops,
    tests::{
        attacks::{MAIL, PHONE, lambdas, pool, sending, slow_saying},
        people::{PASSWORD, People, list},
    },
};

/// A call, in which the function changes Ana each time it is asked.
async fn acted_on(people: &People, operation: &str, input: Value) -> Answer {
    let times = Cell::new(0);
    let act = async || {
        times.set(times.get() + 1);
        let seen = times.get().to_string();
        people.set("ana", &[("nickname", &seen)]).await.ok();
    };
    acting(people, (operation, input), json!({}), act).await
}

/// A call, in which the function says this, after it has acted, each time it is asked.
pub(super) async fn acting(
    people: &People,
    (operation, input): (&str, Value),
    said: Value,
    act: impl AsyncFn(),
) -> Answer {
    let (pools, asked, go) = slow_saying(&people.app, said).await;
    let cx = people.app.cx();
    let acting = async {
        loop {
            asked.notified().await;
            act().await;
            go.notify_one();
        }
    };
    tokio::select! {
        answer = Call::of(&ops::TABLE, operation, input).on(&pools, &cx) => answer,
        () = acting => unreachable!(),
    }
}

pub(super) fn begin(people: &People, flow: &str, parameters: Value) -> Value {
    let parameters = merged(json!({"USERNAME": "ana"}), parameters);
    json!({"ClientId": people.client, "AuthFlow": flow, "AuthParameters": parameters})
}

pub(super) fn answer_to(people: &People, challenge: &str, asked: &Value, responses: Value) -> Value {
    json!({
        "ClientId": people.client, "ChallengeName": challenge, "Session": text(asked, "/Session"),
        "ChallengeResponses": merged(json!({"USERNAME": "ana"}), responses),
    })
}

#[tokio::test]
async fn a_password_signs_in() {
    for trigger in ["PreAuthentication", "PreTokenGeneration", "PostAuthentication"] {
        let people = pool(lambdas(&[trigger]), json!({}), None).await;
        let input = begin(&people, "USER_PASSWORD_AUTH", json!({"PASSWORD": PASSWORD}));
        let signed_in = acted_on(&people, "InitiateAuth", input).await.ok();
        assert!(signed_in["AuthenticationResult"].is_object(), "{trigger}");
    }
}

/// The first sign-in of whom an administrator made.
#[tokio::test]
async fn a_new_password_is_set() {
    for trigger in ["PreTokenGeneration", "PostAuthentication"] {
        let people = pool(json!({}), json!({}), None).await;
        let input = json!({"Username": "ana", "Password": "Temp0rary!"});
        people.admin("AdminSetUserPassword", input).await.ok();
        let asked = people.sign_in("ana", "Temp0rary!").await.ok();
        people
            .admin("UpdateUserPool", merged(sending(), lambdas(&[trigger])))
            .await
            .ok();
        let input = answer_to(
            &people,
            "NEW_PASSWORD_REQUIRED",
            &asked,
            json!({"NEW_PASSWORD": PASSWORD}),
        );
        let signed_in = acted_on(&people, "RespondToAuthChallenge", input).await.ok();
        assert!(signed_in["AuthenticationResult"].is_object(), "{trigger}");
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for() {
    for trigger in ["PreAuthentication", "CustomMessage"] {
        let people = pool(lambdas(&[trigger]), json!({}), Some("ON")).await;
        let input = begin(&people, "USER_PASSWORD_AUTH", json!({"PASSWORD": PASSWORD}));
        let asked = acted_on(&people, "InitiateAuth", input).await.ok();
        assert_eq!(asked["ChallengeName"], "SMS_MFA", "{trigger}");
    }
}

/// The right code verifies the number, too.
#[tokio::test]
async fn a_second_factor_signs_in() {
    for trigger in ["PreTokenGeneration", "PostAuthentication"] {
        let people = pool(lambdas(&[trigger]), json!({}), Some("ON")).await;
        let asked = people.sign_in("ana", PASSWORD).await.ok();
        let code = people.app.code_for(PHONE).await;
        let input = answer_to(&people, "SMS_MFA", &asked, json!({"SMS_MFA_CODE": code}));
        let signed_in = acted_on(&people, "RespondToAuthChallenge", input).await.ok();
        assert!(signed_in["AuthenticationResult"].is_object(), "{trigger}");
        let proven = people.attribute("ana", "phone_number_verified").await;
        assert_eq!(proven.as_deref(), Some("true"), "{trigger}");
    }
}

pub(super) fn by_mail() -> Value {
    json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}})
}

#[tokio::test]
async fn a_code_by_mail_is_sent() {
    for trigger in ["PreAuthentication", "CustomMessage"] {
        let people = pool(merged(by_mail(), lambdas(&[trigger])), json!({}), None).await;
        let input = begin(&people, "USER_AUTH", json!({"PREFERRED_CHALLENGE": "EMAIL_OTP"}));
        let asked = acted_on(&people, "InitiateAuth", input).await.ok();
        assert_eq!(asked["ChallengeName"], "EMAIL_OTP", "{trigger}");
        people.app.code_for(MAIL).await;
    }
}

/// It verifies the address, too.
#[tokio::test]
async fn a_code_by_mail_signs_in() {
    let people = pool(merged(by_mail(), lambdas(&["PostAuthentication"])), json!({}), None).await;
    let asked = people
        .initiate(
            "USER_AUTH",
            json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "EMAIL_OTP"}),
        )
        .await
        .ok();
    let code = people.app.code_for(MAIL).await;
    let input = answer_to(&people, "EMAIL_OTP", &asked, json!({"EMAIL_OTP_CODE": code}));
    let signed_in = acted_on(&people, "RespondToAuthChallenge", input).await.ok();
    assert!(signed_in["AuthenticationResult"].is_object());
}

/// Ana's address is verified, and a function words mails.
async fn worded() -> People {
    let settings = merged(
        lambdas(&["CustomMessage"]),
        json!({"AutoVerifiedAttributes": ["email"]}),
    );
    let people = pool(settings, json!({}), None).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people
}

#[tokio::test]
async fn codes_that_are_asked_for_are_sent() {
    let people = worded().await;
    let attribute = json!({"AccessToken": people.token("ana").await, "AttributeName": "email"});
    for (operation, input) in [
        ("ForgotPassword", json!({"ClientId": people.client, "Username": "ana"})),
        ("GetUserAttributeVerificationCode", attribute),
        (
            "AdminResetUserPassword",
            json!({"UserPoolId": people.pool, "Username": "ana"}),
        ),
    ] {
        let before = people.app.inbox(MAIL).await.len();
        acted_on(&people, operation, input).await.ok();
        assert_eq!(people.app.inbox(MAIL).await.len(), before + 1, "{operation}");
    }
    assert_eq!(people.status("ana").await, "RESET_REQUIRED");
}

#[tokio::test]
async fn a_new_address_is_taken() {
    let people = worded().await;
    let changed = json!({
        "UserPoolId": people.pool, "Username": "ana", "UserAttributes": list(&[("email", "new@example.com")]),
    });
    acted_on(&people, "AdminUpdateUserAttributes", changed).await.ok();
    people.app.code_for("new@example.com").await;
}

#[tokio::test]
async fn an_invitation_is_sent_again() {
    let people = pool(lambdas(&["CustomMessage"]), json!({}), None).await;
    let input = json!({"Username": "ana", "Password": "Temp0rary!"});
    people.admin("AdminSetUserPassword", input).await.ok();
    let again = json!({
        "UserPoolId": people.pool, "Username": "ana", "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"],
    });
    acted_on(&people, "AdminCreateUser", again).await.ok();
}
