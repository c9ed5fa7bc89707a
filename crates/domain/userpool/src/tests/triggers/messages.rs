//! Custom messages. Reference: user-pools 16.3.

use serde_json::json;

use super::{UNRECOGNIZABLE, people};
use crate::tests::{functions::FUNCTION, people::People};

const MAIL: [(&str, &str); 1] = [("email", "ana@example.com")];

#[tokio::test]
async fn the_event_has_its_exact_members_and_the_answer_words_the_mail() {
    let people = people(&["CustomMessage"]).await;
    let functions = &people.app.functions;
    functions.respond(
        "CustomMessage_SignUp",
        json!({"emailMessage": "<b>{####}</b>", "emailSubject": "Come in", "smsMessage": "{####}"}),
    );
    let answer = people.sign_up("ana", &MAIL).await.ok();
    let heard = functions.heard();
    assert_eq!(
        heard[0]["request"],
        json!({
            "userAttributes": {
                "sub": answer["UserSub"], "cognito:user_status": "UNCONFIRMED",
                "email": "ana@example.com", "email_verified": "false",
            },
            "codeParameter": "{####}", "linkParameter": "{##Click Here##}", "usernameParameter": null,
            "clientMetadata": null,
        })
    );
    assert_eq!(
        heard[0]["response"],
        json!({"smsMessage": null, "emailMessage": null, "emailSubject": null})
    );
    let mail = people.app.mail_to("ana@example.com").await;
    let code = people.app.code_for("ana@example.com").await;
    assert_eq!(mail.subject.as_deref(), Some("Come in"));
    assert_eq!((mail.body, mail.html), (format!("<b>{code}</b>"), true));
    people.confirm("ana", &code).await.ok();
}

#[tokio::test]
async fn what_is_not_worded_is_the_pools_own() {
    let people = people(&["CustomMessage"]).await;
    people
        .app
        .functions
        .respond("CustomMessage_SignUp", json!({"emailSubject": "Come in"}));
    people.sign_up("ana", &MAIL).await.ok();
    let mail = people.app.mail_to("ana@example.com").await;
    let code = people.app.code_for("ana@example.com").await;
    assert_eq!(mail.subject.as_deref(), Some("Come in"));
    assert_eq!(mail.body, format!("Your confirmation code is {code}"));
}

#[tokio::test]
async fn an_invitation_names_user_and_password() {
    let people = people(&["CustomMessage"]).await;
    let functions = &people.app.functions;
    let source = "CustomMessage_AdminCreateUser";
    functions.respond(source, json!({"emailMessage": "{username}, it is {####}"}));
    let input = json!({"Username": "ana", "UserAttributes": [{"Name": "email", "Value": "ana@example.com"}]});
    people.admin("AdminCreateUser", input.clone()).await.ok();
    let heard = functions.heard();
    assert_eq!(heard[0]["request"]["usernameParameter"], "{username}");
    assert_eq!(
        heard[0]["request"]["userAttributes"]["cognito:user_status"],
        "FORCE_CHANGE_PASSWORD"
    );
    let mail = people.app.mail_to("ana@example.com").await;
    let password = people.app.code_for("ana@example.com").await;
    assert_eq!(mail.body, format!("ana, it is {password}"));

    functions.respond(source, json!({"emailMessage": "it is {####}"}));
    let mut other = input;
    other["Username"] = json!("bob");
    people
        .admin("AdminCreateUser", other)
        .await
        .refused("InvalidLambdaResponseException", UNRECOGNIZABLE);
    people
        .admin("AdminGetUser", json!({"Username": "bob"}))
        .await
        .refused("UserNotFoundException", "User does not exist.");
}

#[tokio::test]
async fn a_refused_message_changes_nothing() {
    let people = people(&["CustomMessage"]).await;
    let functions = &people.app.functions;
    functions.raise("CustomMessage_SignUp", "no words");
    let sentence = "CustomMessage failed with error no words.";
    people
        .sign_up("ana", &MAIL)
        .await
        .refused("UserLambdaValidationException", sentence);
    people
        .admin("AdminGetUser", json!({"Username": "ana"}))
        .await
        .refused("UserNotFoundException", "User does not exist.");

    functions.respond("CustomMessage_SignUp", json!({}));
    people
        .member("bob", &[("email", "bob@example.com"), ("name", "Bob")])
        .await;
    people.set("bob", &[("email_verified", "true")]).await.ok();
    let token = people.token("bob").await;
    for source in [
        "CustomMessage_ForgotPassword",
        "CustomMessage_UpdateUserAttribute",
        "CustomMessage_VerifyUserAttribute",
    ] {
        functions.garble(source, r#"{"response": {"emailMessage": "no code"}}"#);
    }
    let refused = |answer: testkit::Answer| answer.refused("InvalidLambdaResponseException", UNRECOGNIZABLE);
    refused(people.public("ForgotPassword", json!({"Username": "bob"})).await);
    refused(people.admin("AdminResetUserPassword", json!({"Username": "bob"})).await);
    assert_eq!(people.status("bob").await, "CONFIRMED");
    let attribute = json!({"AttributeName": "email"});
    refused(
        people
            .with_token(&token, "GetUserAttributeVerificationCode", attribute)
            .await,
    );
    let changed =
        json!({"UserAttributes": [{"Name": "email", "Value": "new@example.com"}, {"Name": "name", "Value": "Robert"}]});
    refused(people.with_token(&token, "UpdateUserAttributes", changed).await);
    refused(people.set("bob", &[("email", "new@example.com")]).await);
    assert_eq!(people.attribute("bob", "name").await.as_deref(), Some("Bob"));
    assert_eq!(
        people.attribute("bob", "email").await.as_deref(),
        Some("bob@example.com")
    );
}

#[tokio::test]
async fn who_is_hidden_causes_no_event() {
    let hiding = json!({"PreventUserExistenceErrors": "ENABLED"});
    let pool = json!({"AutoVerifiedAttributes": ["email"], "LambdaConfig": {"CustomMessage": FUNCTION}});
    let people = People::with(pool, hiding).await;
    people
        .public("ForgotPassword", json!({"Username": "nobody"}))
        .await
        .ok();
    people
        .public("ResendConfirmationCode", json!({"Username": "nobody"}))
        .await
        .ok();
    assert!(people.app.functions.heard().is_empty());
}
