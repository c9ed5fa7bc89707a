//! Passwords changed by users and set by administrators. Reference: user-pools 4.6.

use serde_json::{Value, json};
use testkit::Answer;

use crate::tests::people::{PASSWORD, People, hours};

pub(super) const LIMIT: &str = "Attempt limit exceeded, please try after some time.";
pub(super) const WRONG: &str = "Incorrect username or password.";

/// Somebody who can recover a password by mail.
pub(super) async fn with_ana(settings: Value) -> People {
    let people = People::of(settings).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people
}

pub(super) async fn forgot(people: &People, name: &str) -> Answer {
    people.public("ForgotPassword", json!({"Username": name})).await
}

pub(super) async fn answer(people: &People, name: &str, code: &str, password: &str) -> Answer {
    let input = json!({"Username": name, "ConfirmationCode": code, "Password": password});
    people.public("ConfirmForgotPassword", input).await
}

pub(super) async fn set(people: &People, name: &str, password: &str, permanent: bool) -> Answer {
    let input = json!({"Username": name, "Password": password, "Permanent": permanent});
    people.admin("AdminSetUserPassword", input).await
}

#[tokio::test]
async fn a_user_changes_the_password_and_stays_signed_in() {
    let people = with_ana(json!({})).await;
    let token = people.token("ana").await;
    let change = |previous: Option<&'static str>, proposed: &'static str| {
        let mut input = json!({"ProposedPassword": proposed});
        if let Some(previous) = previous {
            input["PreviousPassword"] = previous.into();
        }
        people.with_token(&token, "ChangePassword", input)
    };
    change(Some(PASSWORD), "short!").await.refused(
        "InvalidPasswordException",
        "Password did not conform with policy: Password not long enough",
    );
    change(Some("Wr0ng!!!"), "NewPassw0rd!")
        .await
        .refused("NotAuthorizedException", WRONG);
    change(None, "NewPassw0rd!")
        .await
        .refused("NotAuthorizedException", WRONG);
    assert_eq!(change(Some(PASSWORD), "NewPassw0rd!").await.ok(), json!({}));
    people
        .sign_in("ana", PASSWORD)
        .await
        .refused("NotAuthorizedException", WRONG);
    people.sign_in("ana", "NewPassw0rd!").await.ok();
    change(Some("NewPassw0rd!"), PASSWORD).await.ok();
    // Three tries with a good proposal and one that broke the policy: that one is not counted, two more are left.
    change(Some("Wr0ng!!!"), "NewPassw0rd!")
        .await
        .refused("NotAuthorizedException", WRONG);
    change(Some(PASSWORD), "NewPassw0rd!")
        .await
        .refused("LimitExceededException", LIMIT);
}

#[tokio::test]
async fn an_administrator_sets_a_password() {
    let people = People::of(json!({})).await;
    people.sign_up("ana", &[]).await.ok();
    set(&people, "ana", "weakpassword", true).await.refused(
        "InvalidPasswordException",
        "Password did not conform with password policy: Password must have uppercase characters",
    );
    set(&people, "nobody", "NewPassw0rd!", true)
        .await
        .refused("UserNotFoundException", "User does not exist.");
    // UNCONFIRMED users too, and nothing is sent.
    assert_eq!(set(&people, "ana", "NewPassw0rd!", true).await.ok(), json!({}));
    assert_eq!(people.status("ana").await, "CONFIRMED");
    people.sign_in("ana", "NewPassw0rd!").await.ok();

    set(&people, "ana", "TempPassw0rd!", false).await.ok();
    assert_eq!(people.status("ana").await, "FORCE_CHANGE_PASSWORD");
    let challenged = people.sign_in("ana", "TempPassw0rd!").await.ok();
    assert_eq!(challenged["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    people.app.advance(hours(7 * 24));
    people.sign_in("ana", "TempPassw0rd!").await.refused(
        "NotAuthorizedException",
        "Temporary password has expired and must be reset by an administrator.",
    );
    set(&people, "ana", PASSWORD, true).await.ok();
    people.sign_in("ana", PASSWORD).await.ok();
}

#[tokio::test]
async fn the_history_forbids_the_last_passwords() {
    let policy = json!({"MinimumLength": 8, "PasswordHistorySize": 2});
    let people = with_ana(json!({"Policies": {"PasswordPolicy": policy}, "AutoVerifiedAttributes": ["email"]})).await;
    let refused = (
        "PasswordHistoryPolicyViolationException",
        "Password has previously been used",
    );
    set(&people, "ana", PASSWORD, true).await.refused(refused.0, refused.1);
    set(&people, "ana", "second-one", true).await.ok();
    set(&people, "ana", PASSWORD, true).await.refused(refused.0, refused.1);
    forgot(&people, "ana").await.ok();
    let code = people.app.code_for("ana@example.com").await;
    answer(&people, "ana", &code, PASSWORD)
        .await
        .refused(refused.0, refused.1);
    // The refusal did not spend the code.
    answer(&people, "ana", &code, "third-one").await.ok();
    let token = {
        let answer = people.sign_in("ana", "third-one").await.ok();
        testkit::text(&answer, "/AuthenticationResult/AccessToken")
    };
    let change = |proposed: &'static str| {
        let input = json!({"PreviousPassword": "third-one", "ProposedPassword": proposed});
        people.with_token(&token, "ChangePassword", input)
    };
    for former in ["second-one", "third-one"] {
        change(former).await.refused(refused.0, refused.1);
    }
    // Three passwords ago.
    change(PASSWORD).await.ok();
}
