//! Pre sign-up and post confirmation. Reference: user-pools 16.1, 16.3.

use serde_json::json;
use testkit::text;

use super::{UNRECOGNIZABLE, people};
use crate::tests::{
    functions::FUNCTION,
    people::{PASSWORD, People},
};

const PRE: &str = "PreSignUp_SignUp";
const POST: &str = "PostConfirmation_ConfirmSignUp";
const MAIL: [(&str, &str); 1] = [("email", "ana@example.com")];

#[tokio::test]
async fn events_have_their_exact_members() {
    let people = people(&["PreSignUp", "PostConfirmation"]).await;
    let functions = &people.app.functions;
    let input = json!({
        "Username": "ana", "Password": PASSWORD, "UserAttributes": [{"Name": "email", "Value": "ana@example.com"}],
        "ValidationData": [{"Name": "age", "Value": "7"}], "ClientMetadata": {"from": "web"},
    });
    let answer = people.public("SignUp", input).await.ok();
    let heard = functions.heard();
    let expected = json!({
        "version": "1", "triggerSource": PRE, "region": "eu-west-1", "userPoolId": people.pool, "userName": "ana",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": people.client},
        "request": {
            "userAttributes": {"email": "ana@example.com"},
            "validationData": {"age": "7"},
            "clientMetadata": {"from": "web"},
        },
        "response": {"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false},
    });
    assert_eq!(heard, [expected]);

    let code = people.app.code_for("ana@example.com").await;
    people.confirm("ana", &code).await.ok();
    let expected = json!({
        "version": "1", "triggerSource": POST, "region": "eu-west-1", "userPoolId": people.pool, "userName": "ana",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": people.client},
        "request": {
            "userAttributes": {
                "sub": text(&answer, "/UserSub"), "cognito:user_status": "CONFIRMED",
                "email": "ana@example.com", "email_verified": "true",
            },
            "clientMetadata": null,
        },
        "response": {},
    });
    assert_eq!(functions.heard(), [expected]);

    let input = json!({"Username": "bob", "MessageAction": "SUPPRESS"});
    people.admin("AdminCreateUser", input).await.ok();
    let heard = functions.heard();
    assert_eq!(heard[0]["triggerSource"], "PreSignUp_AdminCreateUser");
    assert_eq!(heard[0]["callerContext"]["clientId"], "CLIENT_ID_NOT_APPLICABLE");
    let request = json!({"userAttributes": {}, "validationData": null, "clientMetadata": null});
    assert_eq!(heard[0]["request"], request);

    people.sign_up("kim", &[("email", "kim@example.com")]).await.ok();
    functions.heard();
    people
        .admin("AdminConfirmSignUp", json!({"Username": "kim"}))
        .await
        .ok();
    let heard = functions.heard();
    assert_eq!(heard[0]["callerContext"]["clientId"], json!(null));
    assert_eq!(heard[0]["request"]["userAttributes"]["email_verified"], "false");
}

#[tokio::test]
async fn where_the_mail_address_is_a_name_events_say_so() {
    let people = People::of(json!({
        "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"], "LambdaConfig": {"CustomMessage": FUNCTION},
    }))
    .await;
    let answer = people.sign_up("ana@example.com", &[]).await.ok();
    let heard = people.app.functions.heard();
    assert_eq!(heard[0]["userName"], answer["UserSub"]);
    assert_eq!(
        heard[0]["request"]["userAttributes"]["cognito:email_alias"],
        "ana@example.com"
    );
}

#[tokio::test]
async fn a_function_confirms_and_verifies() {
    let people = people(&["PreSignUp"]).await;
    let functions = &people.app.functions;
    functions.respond(PRE, json!({"autoConfirmUser": true, "autoVerifyEmail": true}));
    let answer = people.sign_up("ana", &MAIL).await.ok();
    assert_eq!(answer["UserConfirmed"], true);
    assert!(answer.get("CodeDeliveryDetails").is_none());
    assert!(people.app.inbox("ana@example.com").await.is_empty());
    assert_eq!(people.status("ana").await, "CONFIRMED");
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    people.sign_in("ana", PASSWORD).await.ok();

    // Verified, yet not confirmed: there is a code.
    functions.respond(PRE, json!({"autoConfirmUser": false, "autoVerifyEmail": true}));
    let answer = people.sign_up("bob", &[("email", "bob@example.com")]).await.ok();
    assert_eq!(answer["UserConfirmed"], false);
    assert_eq!(people.attribute("bob", "email_verified").await.as_deref(), Some("true"));
    people.app.code_for("bob@example.com").await;

    // Of what somebody has not, nothing is verified.
    people
        .sign_up("kim", &[])
        .await
        .refused("InvalidLambdaResponseException", UNRECOGNIZABLE);
    functions.respond(
        "PreSignUp_AdminCreateUser",
        json!({"autoConfirmUser": true, "autoVerifyEmail": true}),
    );
    let input = json!({"Username": "eve", "MessageAction": "SUPPRESS"});
    people.admin("AdminCreateUser", input).await.ok();
    assert_eq!(people.status("eve").await, "FORCE_CHANGE_PASSWORD");
}

#[tokio::test]
async fn a_verified_alias_moves_to_who_signs_up() {
    let people = People::of(json!({
        "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"], "LambdaConfig": {"PreSignUp": FUNCTION},
    }))
    .await;
    people
        .app
        .functions
        .respond(PRE, json!({"autoConfirmUser": true, "autoVerifyEmail": true}));
    people.sign_up("ana", &MAIL).await.ok();
    people.sign_up("bob", &MAIL).await.ok();
    assert_eq!(
        people.attribute("ana", "email_verified").await.as_deref(),
        Some("false")
    );
    assert_eq!(people.user("ana@example.com").await["Username"], "bob");
}

#[tokio::test]
async fn what_a_function_refuses_or_garbles_changes_nothing() {
    let people = people(&["PreSignUp"]).await;
    let functions = &people.app.functions;
    functions.raise(PRE, "not today");
    people.sign_up("ana", &MAIL).await.refused(
        "UserLambdaValidationException",
        "PreSignUp failed with error not today.",
    );
    let huge = format!("{{\"response\": \"{}\"}}", "x".repeat(7 << 20));
    for (body, sentence) in [
        ("", UNRECOGNIZABLE),
        ("{", UNRECOGNIZABLE),
        ("null", UNRECOGNIZABLE),
        ("{}", UNRECOGNIZABLE),
        ("[]", UNRECOGNIZABLE),
        (r#"{"response": null}"#, UNRECOGNIZABLE),
        (r#"{"response": {"autoConfirmUser": "true"}}"#, UNRECOGNIZABLE),
        (r#"{"response": {"autoVerifyEmail": 1}}"#, UNRECOGNIZABLE),
        (&huge, UNRECOGNIZABLE),
        (
            r#"{"userName": "bob", "response": {}}"#,
            "Invalid user name. User name in Lambda mismatches the actual username.",
        ),
    ] {
        functions.garble(PRE, body);
        people
            .sign_up("ana", &MAIL)
            .await
            .refused("InvalidLambdaResponseException", sentence);
    }
    people
        .admin("AdminGetUser", json!({"Username": "ana"}))
        .await
        .refused("UserNotFoundException", "User does not exist.");
    assert!(people.app.inbox("ana@example.com").await.is_empty());
    // An administrator's call is refused so too.
    functions.raise("PreSignUp_AdminCreateUser", "nobody");
    people
        .admin("AdminCreateUser", json!({"Username": "eve"}))
        .await
        .refused("UserLambdaValidationException", "PreSignUp failed with error nobody.");
}

#[tokio::test]
async fn an_error_after_the_confirmation_leaves_the_user_confirmed() {
    let people = people(&["PostConfirmation"]).await;
    let functions = &people.app.functions;
    functions.raise(POST, "the mail is late");
    let sentence = "PostConfirmation failed with error the mail is late.";
    people.sign_up("ana", &MAIL).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    people
        .confirm("ana", &code)
        .await
        .refused("UserLambdaValidationException", sentence);
    assert_eq!(people.status("ana").await, "CONFIRMED");

    people.sign_up("kim", &[]).await.ok();
    let input = json!({"Username": "kim"});
    people
        .admin("AdminConfirmSignUp", input)
        .await
        .refused("UserLambdaValidationException", sentence);
    assert_eq!(people.status("kim").await, "CONFIRMED");

    functions.raise("PostConfirmation_ConfirmForgotPassword", "late");
    people.public("ForgotPassword", json!({"Username": "ana"})).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    let input = json!({"Username": "ana", "Password": "An0ther!pass", "ConfirmationCode": code});
    people.public("ConfirmForgotPassword", input).await.refused(
        "UserLambdaValidationException",
        "PostConfirmation failed with error late.",
    );
    people.sign_in("ana", "An0ther!pass").await.ok();
}

#[tokio::test]
async fn a_function_that_nobody_knows_fails_at_use() {
    let unknown = "arn:aws:lambda:eu-west-1:123456789012:function:unknown";
    let people = People::of(json!({"LambdaConfig": {"PreSignUp": unknown}})).await;
    people.sign_up("ana", &[]).await.refused(
        "UnexpectedLambdaException",
        "PreSignUp invocation failed due to error ResourceNotFoundException.",
    );
}
