//! Which call runs which trigger: reference 16.2, walked.

use serde_json::json;

use super::people;
use crate::tests::people::PASSWORD;

const MAIL: [(&str, &str); 1] = [("email", "ana@example.com")];

#[tokio::test]
async fn each_call_runs_its_triggers_in_order() {
    let people = people(&["PreSignUp", "PostConfirmation", "CustomMessage"]).await;
    let functions = people.app.functions.clone();
    let code = || people.app.code_for("ana@example.com");
    let heard = |call: &str, expected: &[&str]| assert_eq!(functions.sources(), expected, "{call}");

    people.sign_up("ana", &MAIL).await.ok();
    heard("SignUp", &["PreSignUp_SignUp", "CustomMessage_SignUp"]);
    people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await
        .ok();
    heard("ResendConfirmationCode", &["CustomMessage_ResendCode"]);
    people.confirm("ana", &code().await).await.ok();
    heard("ConfirmSignUp", &["PostConfirmation_ConfirmSignUp"]);

    people.public("ForgotPassword", json!({"Username": "ana"})).await.ok();
    heard("ForgotPassword", &["CustomMessage_ForgotPassword"]);
    let input = json!({"Username": "ana", "Password": PASSWORD, "ConfirmationCode": code().await});
    people.public("ConfirmForgotPassword", input).await.ok();
    heard("ConfirmForgotPassword", &["PostConfirmation_ConfirmForgotPassword"]);

    let token = people.token("ana").await;
    functions.heard();
    let attribute = json!({"AttributeName": "email"});
    people
        .with_token(&token, "GetUserAttributeVerificationCode", attribute)
        .await
        .ok();
    heard(
        "GetUserAttributeVerificationCode",
        &["CustomMessage_VerifyUserAttribute"],
    );
    let changed = json!({"UserAttributes": [{"Name": "email", "Value": "new@example.com"}]});
    people.with_token(&token, "UpdateUserAttributes", changed).await.ok();
    heard("UpdateUserAttributes", &["CustomMessage_UpdateUserAttribute"]);
    people.set("ana", &[("email", "newer@example.com")]).await.ok();
    heard("AdminUpdateUserAttributes", &["CustomMessage_UpdateUserAttribute"]);
    let names = json!({"Username": "ana", "UserAttributeNames": ["name"]});
    people.admin("AdminDeleteUserAttributes", names).await.ok();
    heard("AdminDeleteUserAttributes", &[]);
    people.set("ana", &[("email_verified", "true")]).await.ok();
    functions.heard();
    people
        .admin("AdminResetUserPassword", json!({"Username": "ana"}))
        .await
        .ok();
    heard("AdminResetUserPassword", &["CustomMessage_ForgotPassword"]);

    let input = json!({"Username": "bob", "UserAttributes": [{"Name": "email", "Value": "bob@example.com"}]});
    people.admin("AdminCreateUser", input).await.ok();
    heard(
        "AdminCreateUser",
        &["PreSignUp_AdminCreateUser", "CustomMessage_AdminCreateUser"],
    );
    let again = json!({"Username": "bob", "MessageAction": "RESEND"});
    people.admin("AdminCreateUser", again).await.ok();
    heard("AdminCreateUser, RESEND", &["CustomMessage_AdminCreateUser"]);
    let silent = json!({"Username": "eve", "MessageAction": "SUPPRESS"});
    people.admin("AdminCreateUser", silent).await.ok();
    heard("AdminCreateUser, SUPPRESS", &["PreSignUp_AdminCreateUser"]);

    people.sign_up("kim", &[]).await.ok();
    heard("SignUp without an address", &["PreSignUp_SignUp"]);
    people
        .admin("AdminConfirmSignUp", json!({"Username": "kim"}))
        .await
        .ok();
    heard("AdminConfirmSignUp", &["PostConfirmation_ConfirmSignUp"]);

    functions.respond("PreSignUp_SignUp", json!({"autoConfirmUser": true}));
    people.sign_up("lea", &[("email", "lea@example.com")]).await.ok();
    heard(
        "SignUp, confirmed by the function",
        &["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"],
    );
}

#[tokio::test]
async fn who_is_migrated_runs_the_triggers_of_a_new_user() {
    let people = people(&["UserMigration", "PreSignUp", "CustomMessage", "PostConfirmation"]).await;
    let functions = people.app.functions.clone();
    let known = json!({"userAttributes": {"email": "bea@example.com", "email_verified": "true"}});
    functions.respond("UserMigration_ForgotPassword", known);
    people.public("ForgotPassword", json!({"Username": "bea"})).await.ok();
    let expected = [
        "UserMigration_ForgotPassword",
        "PreSignUp_AdminCreateUser",
        "CustomMessage_ForgotPassword",
    ];
    assert_eq!(functions.sources(), expected);
    let known = json!({"userAttributes": {"email": "ida@example.com"}, "finalUserStatus": "CONFIRMED"});
    functions.respond("UserMigration_Authentication", known);
    people.sign_in("ida", PASSWORD).await.ok();
    let expected = [
        "UserMigration_Authentication",
        "PreSignUp_AdminCreateUser",
        "CustomMessage_AdminCreateUser",
    ];
    assert_eq!(functions.sources(), expected);
}

#[tokio::test]
async fn a_pool_without_functions_invokes_none() {
    let people = people(&[]).await;
    people.sign_up("ana", &MAIL).await.ok();
    people
        .confirm("ana", &people.app.code_for("ana@example.com").await)
        .await
        .ok();
    assert!(people.app.functions.heard().is_empty());
}
