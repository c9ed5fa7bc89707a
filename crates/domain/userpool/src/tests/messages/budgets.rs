//! A pool that has sent as many messages as it may. Reference: user-pools 4.3, 18, 19.

use std::num::NonZeroU32;

use delivery::{Budgets, Settings};
use serde_json::{Value, json};
use testkit::{Answer, merged, text};

use crate::tests::{
    app::inbox,
    entry::all_flows,
    people::{PASSWORD, People, hours, list},
};

const SPENT: &str = "Exceeded daily email limit for the operation or the account. If a higher limit is required, please \
                     configure your user pool to use your own Amazon SES configuration for sending email.";

/// Of a pool that may send so many mails a day.
async fn people(mails: u32, pool: Value, client: Value) -> People {
    let settings = Settings {
        budgets: Budgets {
            mails_per_day: NonZeroU32::new(mails),
            texts_per_hour: NonZeroU32::new(1),
        },
        ..inbox()
    };
    let pool = merged(json!({"AutoVerifiedAttributes": ["email"]}), pool);
    People::sending(settings, pool, merged(all_flows(), client)).await
}

fn mail(name: &str) -> String {
    format!("{name}@example.com")
}

async fn sign_up(people: &People, name: &str) -> Answer {
    people.sign_up(name, &[("email", &mail(name))]).await
}

#[tokio::test]
async fn who_signs_up_too_late_is_there_without_a_code() {
    let people = people(1, json!({}), json!({})).await;
    sign_up(&people, "ana").await.ok();
    sign_up(&people, "ben").await.refused("LimitExceededException", SPENT);
    assert_eq!(people.status("ben").await, "UNCONFIRMED");
    assert!(people.app.inbox(&mail("ben")).await.is_empty());
    let again = json!({"Username": "ben"});
    people
        .public("ResendConfirmationCode", again.clone())
        .await
        .refused("LimitExceededException", SPENT);
    people.app.advance(hours(24));
    people.public("ResendConfirmationCode", again).await.ok();
    let code = people.app.code_for(&mail("ben")).await;
    people.confirm("ben", &code).await.ok();
    people.sign_in("ben", PASSWORD).await.ok();
}

/// What is refused for something else costs nothing of it.
#[tokio::test]
async fn refused_calls_spend_nothing() {
    let people = people(2, json!({}), json!({})).await;
    sign_up(&people, "ana").await.ok();
    for _ in 0..5 {
        sign_up(&people, "ana")
            .await
            .refused("UsernameExistsException", "User already exists");
        people
            .public("ResendConfirmationCode", json!({"Username": "nobody"}))
            .await
            .refused("UserNotFoundException", "Username/client id combination not found.");
    }
    sign_up(&people, "ben").await.ok();
    sign_up(&people, "cy").await.refused("LimitExceededException", SPENT);
}

#[tokio::test]
async fn each_call_is_told_in_a_word_of_its_model_and_nothing_of_it_is_stored() {
    let people = people(1, json!({}), json!({})).await;
    people.member("ana", &[("email", &mail("ana"))]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    let token = people.token("ana").await;
    let limit = |answer: Answer| answer.refused("LimitExceededException", SPENT);
    let busy = |answer: Answer| answer.refused("TooManyRequestsException", SPENT);

    let name = json!({"Username": "ana"});
    limit(people.public("ForgotPassword", name.clone()).await);
    limit(people.admin("AdminResetUserPassword", name).await);
    assert_eq!(people.status("ana").await, "CONFIRMED");
    let attribute = json!({"AttributeName": "email"});
    limit(
        people
            .with_token(&token, "GetUserAttributeVerificationCode", attribute)
            .await,
    );

    let invited = json!({"Username": "ben", "UserAttributes": list(&[("email", &mail("ben"))])});
    busy(people.admin("AdminCreateUser", invited).await);
    people
        .admin("AdminGetUser", json!({"Username": "ben"}))
        .await
        .refused("UserNotFoundException", "User does not exist.");
    let changed = json!({"UserAttributes": list(&[("email", "new@example.com")])});
    busy(people.with_token(&token, "UpdateUserAttributes", changed).await);
    busy(people.set("ana", &[("email", "new@example.com")]).await);
    assert_eq!(people.attribute("ana", "email").await, Some(mail("ana")));
}

#[tokio::test]
async fn sign_ins_by_mail_are_too_many_requests_but_passwords_go_on() {
    let pool = json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}});
    let people = people(1, pool, json!({})).await;
    people.member("ana", &[("email", &mail("ana"))]).await;
    let parameters = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "EMAIL_OTP"});
    people
        .initiate("USER_AUTH", parameters)
        .await
        .refused("TooManyRequestsException", SPENT);
    people.sign_in("ana", PASSWORD).await.ok();
}

#[tokio::test]
async fn texts_have_an_hour_of_their_own() {
    let role = "arn:aws:iam::000000000000:role/texts";
    let pool = json!({"MfaConfiguration": "ON", "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"}});
    let people = people(1, pool, json!({})).await;
    people.member("ana", &[("phone_number", "+12065550100")]).await;
    let asked = people.sign_in("ana", PASSWORD).await.ok();
    people.sign_in("ana", PASSWORD).await.refused(
        "TooManyRequestsException",
        "Exceeded hourly SMS limit for the operation or the account.",
    );
    let code = people.app.code_for("+12065550100").await;
    let answer = json!({"USERNAME": "ana", "SMS_MFA_CODE": code});
    people
        .respond("SMS_MFA", Some(&text(&asked, "/Session")), answer)
        .await
        .ok();
    people.app.advance(hours(1));
    people.sign_in("ana", PASSWORD).await.ok();
}

/// To those who are hidden and to strangers the same is said.
#[tokio::test]
async fn a_spent_budget_does_not_tell_who_exists() {
    let people = people(1, json!({}), json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    people.member("ana", &[("email", &mail("ana"))]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    for name in ["ana", "nobody"] {
        for operation in ["ForgotPassword", "ResendConfirmationCode"] {
            people
                .public(operation, json!({"Username": name}))
                .await
                .refused("LimitExceededException", SPENT);
        }
    }
}

/// docs/security.md, Guessing: a pool may send so many messages, and a user so many.
#[tokio::test]
async fn a_user_cannot_send_codes_without_end_by_changing_their_address() {
    let people = People::of(json!({"AutoVerifiedAttributes": ["email"]})).await;
    people.member("ana", &[("email", &mail("ana"))]).await;
    let token = people.token("ana").await;
    let mut sent = 0;
    for stranger in 0..50 {
        let changed = json!({"UserAttributes": list(&[("email", &mail(&stranger.to_string()))])});
        let answer = people.with_token(&token, "UpdateUserAttributes", changed).await;
        sent += u32::from(answer.code().is_empty());
    }
    assert!(sent < 50, "each of them to another stranger");
}
