//! People who never chose a password. Reference: user-pools 4.3, 4.6.

use serde_json::{Value, json};
use testkit::text;

use crate::tests::{
    entry::WRONG,
    people::{PASSWORD, People, list},
};

const MAIL: [(&str, &str); 1] = [("email", "ana@example.com")];
const MISSING: (&str, &str) = ("InvalidParameterException", "Missing required parameter Password");

async fn people(factors: Value) -> People {
    let pool = json!({
        "AutoVerifiedAttributes": ["email"], "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": factors}},
    });
    People::with_all_flows(pool, json!({})).await
}

async fn sign_up(people: &People, attributes: &[(&str, &str)], more: Value) -> testkit::Answer {
    let input = json!({"Username": "ana", "UserAttributes": list(attributes)});
    people.public("SignUp", testkit::merged(input, more)).await
}

#[tokio::test]
async fn who_can_be_sent_codes_signs_up_without_one() {
    let people = people(json!(["PASSWORD", "EMAIL_OTP"])).await;
    sign_up(&people, &MAIL, json!({})).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    let confirmed = people.confirm("ana", &code).await.ok();
    let parameters = json!({"USERNAME": "ana"});
    let input = json!({
        "AuthFlow": "USER_AUTH", "AuthParameters": parameters, "Session": text(&confirmed, "/Session"),
    });
    let done = people.public("InitiateAuth", input).await.ok();
    let token = text(&done, "/AuthenticationResult/AccessToken");

    // No password is right, none is offered, and the first is set without another.
    people.sign_in("ana", PASSWORD).await.refused_as(WRONG);
    people.sign_in_by_srp("ana", PASSWORD).await.refused_as(WRONG);
    let offered = people.initiate("USER_AUTH", json!({"USERNAME": "ana"})).await.ok();
    assert_eq!(offered["AvailableChallenges"], json!(["EMAIL_OTP"]));
    let chosen = json!({"ProposedPassword": PASSWORD});
    people.with_token(&token, "ChangePassword", chosen).await.ok();
    people.sign_in("ana", PASSWORD).await.ok();
}

#[tokio::test]
async fn a_forgotten_password_may_never_have_been() {
    let people = people(json!(["PASSWORD", "EMAIL_OTP"])).await;
    sign_up(&people, &MAIL, json!({})).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    people.confirm("ana", &code).await.ok();
    people.public("ForgotPassword", json!({"Username": "ana"})).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    let input = json!({"Username": "ana", "Password": PASSWORD, "ConfirmationCode": code});
    people.public("ConfirmForgotPassword", input).await.ok();
    people.sign_in("ana", PASSWORD).await.ok();
}

#[tokio::test]
async fn whoever_has_no_other_way_in_needs_one() {
    for (factors, attributes) in [
        (json!(["PASSWORD"]), MAIL),
        (json!(["PASSWORD", "WEB_AUTHN"]), MAIL),
        (json!(["PASSWORD", "EMAIL_OTP"]), [("name", "Ana")]),
        (json!(["PASSWORD", "SMS_OTP"]), MAIL),
    ] {
        let people = people(factors).await;
        sign_up(&people, &attributes, json!({})).await.refused_as(MISSING);
    }
    let people = people(json!(["PASSWORD", "EMAIL_OTP"])).await;
    sign_up(&people, &MAIL, json!({"Password": "passw0rd!"})).await.refused(
        "InvalidPasswordException",
        "Password did not conform with policy: Password must have uppercase characters",
    );
}

#[tokio::test]
async fn an_administrator_makes_them_confirmed() {
    let people = people(json!(["PASSWORD", "EMAIL_OTP"])).await;
    let made = async |input: Value| {
        let answer = people.admin("AdminCreateUser", input).await.ok();
        text(&answer, "/User/UserStatus")
    };
    let mail = |address: &str| list(&[("email", address), ("email_verified", "true")]);
    let ana = json!({"Username": "ana", "UserAttributes": mail("ana@example.com")});
    assert_eq!(made(ana.clone()).await, "CONFIRMED");
    assert!(people.app.inbox("ana@example.com").await.is_empty(), "there is no password to tell");
    let parameters = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "EMAIL_OTP"});
    let asked = people.initiate("USER_AUTH", parameters).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    let responses = json!({"USERNAME": "ana", "EMAIL_OTP_CODE": code});
    people
        .respond("EMAIL_OTP", Some(&text(&asked, "/Session")), responses)
        .await
        .ok();
    people
        .admin(
            "AdminCreateUser",
            testkit::merged(ana, json!({"MessageAction": "RESEND"})),
        )
        .await
        .refused(
            "UnsupportedUserStateException",
            "Resend not possible. ana status is not FORCE_CHANGE_PASSWORD",
        );

    let chosen =
        json!({"Username": "bea", "UserAttributes": mail("bea@example.com"), "TemporaryPassword": "Temp0rary!"});
    assert_eq!(made(chosen).await, "FORCE_CHANGE_PASSWORD");
    let nowhere = json!({"Username": "cid", "MessageAction": "SUPPRESS"});
    assert_eq!(made(nowhere).await, "FORCE_CHANGE_PASSWORD", "no code could reach them");
}
