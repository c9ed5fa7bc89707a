//! With a question that was asked before a pool or a user changed. Reference: user-pools 5.4, 5.8.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Answer, text};

use super::{MAIL, PHONE, pool, user_auth};
use crate::tests::{
    entry::USED_SESSION,
    people::{PASSWORD, People},
};

fn first_factors(allowed: &[&str]) -> Value {
    json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": allowed}}})
}

async fn passwordless() -> People {
    pool(first_factors(&["PASSWORD", "EMAIL_OTP", "SMS_OTP"]), json!({}), None).await
}

/// The session of a code that went out as first factor, and the code.
async fn sent(people: &People, factor: &str, to: &str) -> (String, String) {
    let asked = user_auth(people, "ana", json!({"PREFERRED_CHALLENGE": factor})).await;
    (text(&asked.ok(), "/Session"), people.app.code_for(to).await)
}

async fn answered(people: &People, factor: &str, session: &str, code: &str) -> Answer {
    let responses = json!({"USERNAME": "ana", format!("{factor}_CODE"): code});
    people.respond(factor, Some(session), responses).await
}

#[tokio::test]
async fn a_code_is_no_first_factor_of_a_pool_that_takes_none_any_more() {
    for (factor, to) in [("EMAIL_OTP", MAIL), ("SMS_OTP", PHONE)] {
        let people = passwordless().await;
        let (session, code) = sent(&people, factor, to).await;
        let settings = testkit::merged(super::sending(), first_factors(&["PASSWORD"]));
        people.admin("UpdateUserPool", settings).await.ok();
        answered(&people, factor, &session, &code).await.refused(
            "InvalidParameterException",
            "The requested challenge is not available for this user.",
        );
    }
}

/// Whoever reads the user's mail sets no password in the place of one that an administrator gave them.
#[tokio::test]
async fn a_code_does_not_stand_in_for_a_temporary_password() {
    let people = passwordless().await;
    let (session, code) = sent(&people, "EMAIL_OTP", MAIL).await;
    people.app.advance(Duration::from_secs(1));
    let temporary = json!({"Username": "ana", "Password": "Temp0rary!", "Permanent": false});
    people.admin("AdminSetUserPassword", temporary).await.ok();
    let answer = answered(&people, "EMAIL_OTP", &session, &code).await;
    assert_eq!(answer.code(), "NotAuthorizedException", "{:?}", answer.result);
}

/// Reference: user-pools 5.6: single use after success. The list that the factor was chosen from is of the same sign-in.
#[tokio::test]
async fn a_list_is_spent_with_the_code_that_was_chosen() {
    let people = passwordless().await;
    let offered = text(&user_auth(&people, "ana", json!({})).await.ok(), "/Session");
    let choose = async |choice: Value| {
        let responses = testkit::merged(json!({"USERNAME": "ana"}), choice);
        people.respond("SELECT_CHALLENGE", Some(&offered), responses).await
    };
    let by_mail = text(&choose(json!({"ANSWER": "EMAIL_OTP"})).await.ok(), "/Session");
    let code = people.app.code_for(MAIL).await;
    // Until then another may be chosen.
    let by_text = text(&choose(json!({"ANSWER": "SMS_OTP"})).await.ok(), "/Session");
    let text_code = people.app.code_for(PHONE).await;
    answered(&people, "EMAIL_OTP", &by_mail, &code).await.ok();
    answered(&people, "SMS_OTP", &by_text, &text_code)
        .await
        .refused_as(USED_SESSION);
    choose(json!({"ANSWER": "PASSWORD", "PASSWORD": PASSWORD}))
        .await
        .refused_as(USED_SESSION);
}
