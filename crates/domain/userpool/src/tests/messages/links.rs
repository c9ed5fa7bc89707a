//! Sign-ups that are confirmed by opening a link. Reference: user-pools 2.6, 4.4, 16.3.

use kernel::Cx;
use serde_json::{Value, json};
use testkit::{BASE_URL, merged};

use crate::{
    ops::{ConfirmationLink, Opened},
    tests::{
        functions::FUNCTION,
        people::{PASSWORD, People, hours, list, other_than},
    },
};

const MAIL: &str = "ana@example.com";
const MISMATCH: &str = "CodeMismatchException: Invalid verification code provided, please try again.";
const EXPIRED: &str = "ExpiredCodeException: Invalid code provided, please request a code again.";
const NOT_FOUND: &str = "UserNotFoundException: Username/client id combination not found.";

fn by_link(template: Value) -> Value {
    let template = merged(json!({"DefaultEmailOption": "CONFIRM_WITH_LINK"}), template);
    json!({"AutoVerifiedAttributes": ["email"], "VerificationMessageTemplate": template})
}

async fn people(client: Value) -> People {
    let people = People::with(by_link(json!({})), client).await;
    people.sign_up("ana", &[("email", MAIL)]).await.ok();
    people
}

async fn open(people: &People, client: &str, name: &str, code: &str) -> Result<Opened, String> {
    let link = ConfirmationLink {
        client_id: client.to_owned(),
        user_name: name.to_owned(),
        confirmation_code: code.to_owned(),
    };
    let cx = Cx::internal(&people.app.env, BASE_URL);
    let opened = people.app.pools.confirm_by_link(&cx, link).await;
    opened.map_err(|error| error.to_string())
}

#[tokio::test]
async fn the_mail_holds_a_link_that_confirms() {
    let people = people(json!({})).await;
    let mail = people.app.mail_to(MAIL).await;
    let code = mail.code.unwrap();
    let address = |separator: &str| {
        let client = &people.client;
        format!("{BASE_URL}/confirmUser?client_id={client}{separator}user_name=ana{separator}confirmation_code={code}")
    };
    assert_eq!(mail.subject.as_deref(), Some("Your verification link"));
    assert_eq!(mail.link, Some(address("&")));
    assert_eq!(
        (mail.body, mail.html),
        (
            format!(
                "Please click the link below to verify your email address. <a href=\"{}\">Verify Email</a>",
                address("&amp;")
            ),
            true
        )
    );
    assert_eq!(open(&people, &people.client, "ana", &code).await, Ok(Opened::Confirmed));
    assert_eq!(people.status("ana").await, "CONFIRMED");
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    people.sign_in("ana", PASSWORD).await.ok();
}

#[tokio::test]
async fn the_pools_own_words_and_nothing_of_a_name_is_markup() {
    let template = json!({
        "EmailMessageByLink": "<p>{username}: {##Let me in##}", "EmailSubjectByLink": "Come in",
        "EmailMessage": "{####} is no link", "EmailSubject": "A code",
    });
    let people = People::of(by_link(template)).await;
    people.sign_up("<i>&\"+%", &[("email", MAIL)]).await.ok();
    let mail = people.app.mail_to(MAIL).await;
    let (client, code) = (&people.client, mail.code.unwrap());
    assert_eq!(mail.subject.as_deref(), Some("Come in"));
    assert_eq!(
        mail.body,
        format!(
            "<p>&lt;i&gt;&amp;&quot;+%: <a href=\"{BASE_URL}/confirmUser?client_id={client}&amp;\
             user_name=%3Ci%3E%26%22%2B%25&amp;confirmation_code={code}\">Let me in</a>"
        )
    );
    let opened = open(&people, client, "<i>&\"+%", &code).await;
    assert_eq!(opened, Ok(Opened::Confirmed));
}

/// Programs that look through mail open links before people do.
#[tokio::test]
async fn a_link_may_be_opened_again_but_no_other() {
    for hidden in ["LEGACY", "ENABLED"] {
        let people = people(json!({"PreventUserExistenceErrors": hidden})).await;
        let code = people.app.code_for(MAIL).await;
        let open = async |code: &str| open(&people, &people.client, "ana", code).await;
        assert_eq!(open(&code).await, Ok(Opened::Confirmed));
        for _ in 0..3 {
            assert_eq!(open(&code).await, Ok(Opened::Again));
        }
        assert_eq!(open(&other_than(&code)).await, Err(MISMATCH.to_owned()));
        people.confirm("ana", &code).await.refused_as(if hidden == "LEGACY" {
            (
                "NotAuthorizedException",
                "User cannot be confirmed. Current status is CONFIRMED",
            )
        } else {
            (
                "CodeMismatchException",
                "Invalid verification code provided, please try again.",
            )
        });
        people.app.advance(hours(24));
        assert_eq!(open(&code).await, Err(EXPIRED.to_owned()));
        // The address is another's by now, maybe.
        people.set("ana", &[("email", "other@example.com")]).await.ok();
        assert!(open(&code).await.is_err());
    }
}

/// The code of the link, typed in, is the same one; the link then says that it is done.
#[tokio::test]
async fn a_code_that_was_typed_makes_the_link_say_so() {
    let people = people(json!({})).await;
    let code = people.app.code_for(MAIL).await;
    people.confirm("ana", &code).await.ok();
    assert_eq!(open(&people, &people.client, "ana", &code).await, Ok(Opened::Again));
}

#[tokio::test]
async fn wrong_late_and_strange_links() {
    let people = people(json!({})).await;
    let code = people.app.code_for(MAIL).await;
    let client = people.client.as_str();
    for (of, name, given, expected) in [
        (client, "ana", other_than(&code).as_str(), MISMATCH),
        (client, "ana", "", MISMATCH),
        (client, "ana", "\u{0}", MISMATCH),
        (client, "ana", &"1".repeat(3000), MISMATCH),
        (client, "", &code, MISMATCH),
        (client, "an\u{0}a", &code, MISMATCH),
        (client, "nobody", &code, NOT_FOUND),
        (
            "nosuchclient",
            "ana",
            &code,
            "ResourceNotFoundException: User pool client nosuchclient does not exist.",
        ),
        (
            "",
            "ana",
            &code,
            "ResourceNotFoundException: User pool client  does not exist.",
        ),
    ] {
        let told = open(&people, of, name, given).await;
        assert_eq!(told, Err(expected.to_owned()), "{of} {name}");
    }
    let other = people.app.pool(by_link(json!({}))).await;
    let stranger = people.app.client(&other, json!({})).await;
    let told = open(&people, &stranger, "ana", &code).await;
    assert_eq!(told, Err(NOT_FOUND.to_owned()), "of another pool");
    people.app.advance(hours(24));
    assert_eq!(open(&people, client, "ana", &code).await, Err(EXPIRED.to_owned()));
    assert_eq!(people.status("ana").await, "UNCONFIRMED");

    let again = people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await
        .ok();
    assert_eq!(again["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL");
    let mail = people.app.mail_to(MAIL).await;
    assert!(mail.link.is_some());
    let opened = open(&people, client, "ana", &mail.code.unwrap()).await;
    assert_eq!(opened, Ok(Opened::Confirmed));
}

#[tokio::test]
async fn guesses_are_limited() {
    let people = people(json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    let code = people.app.code_for(MAIL).await;
    for name in ["ana", "nobody"] {
        for _ in 0..15 {
            let told = open(&people, &people.client, name, &other_than(&code)).await;
            assert_eq!(told, Err(MISMATCH.to_owned()), "{name}");
        }
        let told = open(&people, &people.client, name, &code).await.unwrap_err();
        assert!(told.starts_with("LimitExceededException: "), "{name}: {told}");
    }
}

/// A link is for who signs up. Everything else that goes by mail is a code.
#[tokio::test]
async fn other_mails_hold_codes() {
    let pool = merged(
        by_link(json!({})),
        json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}}),
    );
    let people = People::of(pool).await;
    people.sign_up("ana", &[("email", MAIL)]).await.ok();
    // An administrator's change: no client takes part, and a link names one.
    people.set("ana", &[("email", "new@example.com")]).await.ok();
    let is_code = async |to: &str| {
        let mail = people.app.mail_to(to).await;
        let code = mail.code.unwrap();
        assert_eq!(
            (mail.body, mail.link),
            (format!("Your confirmation code is {code}"), None)
        );
        code
    };
    let code = is_code("new@example.com").await;
    people.confirm("ana", &code).await.ok();
    people.public("ForgotPassword", json!({"Username": "ana"})).await.ok();
    is_code("new@example.com").await;
    let token = people.token("ana").await;
    let attribute = json!({"AttributeName": "email"});
    people
        .with_token(&token, "GetUserAttributeVerificationCode", attribute)
        .await
        .ok();
    is_code("new@example.com").await;
    let changed = json!({"UserAttributes": list(&[("email", "newer@example.com")])});
    people.with_token(&token, "UpdateUserAttributes", changed).await.ok();
    is_code("newer@example.com").await;
}

#[tokio::test]
async fn a_text_message_has_no_link() {
    let role = "arn:aws:iam::000000000000:role/texts";
    let pool = merged(
        by_link(json!({})),
        json!({
            "AutoVerifiedAttributes": ["email", "phone_number"],
            "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"},
        }),
    );
    let people = People::of(pool).await;
    people
        .sign_up("ana", &[("email", MAIL), ("phone_number", "+12065550100")])
        .await
        .ok();
    let message = people.app.inbox("+12065550100").await.remove(0);
    assert_eq!(message.link, None);
    assert_eq!(
        message.body,
        format!("Your confirmation code is {}", message.code.unwrap())
    );
}

#[tokio::test]
async fn a_function_words_the_mail_around_the_link() {
    let pool = merged(by_link(json!({})), json!({"LambdaConfig": {"CustomMessage": FUNCTION}}));
    let people = People::of(pool).await;
    let functions = &people.app.functions;
    for (name, source, message, has_link) in [
        ("ana", "CustomMessage_SignUp", "{##Click Here##}", true),
        ("ben", "CustomMessage_SignUp", "by hand: {####}", false),
    ] {
        functions.respond(source, json!({"emailMessage": message, "emailSubject": "Hello"}));
        let to = format!("{name}@example.com");
        people.sign_up(name, &[("email", &to)]).await.ok();
        let mail = people.app.mail_to(&to).await;
        assert_eq!(mail.subject.as_deref(), Some("Hello"));
        assert_eq!(mail.link.is_some(), has_link, "{}", mail.body);
        assert_eq!(mail.body.contains(">Click Here</a>"), has_link, "{}", mail.body);
    }
    let asked = functions.heard();
    assert_eq!(asked[0]["request"]["linkParameter"], "{##Click Here##}");

    functions.respond("CustomMessage_ResendCode", json!({"emailMessage": "neither"}));
    people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await
        .refused("InvalidLambdaResponseException", "Unrecognizable lambda output");
    functions.respond(
        "CustomMessage_ResendCode",
        json!({"emailMessage": "<b>{##again##}</b>"}),
    );
    people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await
        .ok();
    assert!(people.app.mail_to(MAIL).await.body.ends_with(">again</a></b>"));
    // A code is meant where no link is.
    functions.respond("CustomMessage_UpdateUserAttribute", json!({"emailMessage": "{##x##}"}));
    people
        .set("ana", &[("email", "new@example.com")])
        .await
        .refused("InvalidLambdaResponseException", "Unrecognizable lambda output");
}

#[tokio::test]
async fn the_function_after_confirmation_is_told_once() {
    let pool = merged(
        by_link(json!({})),
        json!({"LambdaConfig": {"PostConfirmation": FUNCTION}}),
    );
    let people = People::of(pool).await;
    people.sign_up("ana", &[("email", MAIL)]).await.ok();
    let code = people.app.code_for(MAIL).await;
    let functions = &people.app.functions;
    functions.raise("PostConfirmation_ConfirmSignUp", "out of order");
    let told = open(&people, &people.client, "ana", &code).await;
    let failed = "UserLambdaValidationException: PostConfirmation failed with error out of order.";
    assert_eq!(told, Err(failed.to_owned()));
    assert_eq!(people.status("ana").await, "CONFIRMED", "as by ConfirmSignUp");
    assert_eq!(open(&people, &people.client, "ana", &code).await, Ok(Opened::Again));
    let heard = functions.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0]["callerContext"]["clientId"], people.client);
    assert_eq!(heard[0]["request"]["clientMetadata"], Value::Null);
    assert_eq!(heard[0]["request"]["userAttributes"]["email_verified"], "true");
}

#[tokio::test]
async fn of_two_that_open_it_at_once_one_confirms() {
    let people = people(json!({})).await;
    let code = people.app.code_for(MAIL).await;
    let once = || open(&people, &people.client, "ana", &code);
    let (a, b) = tokio::join!(once(), once());
    let mut opened = [a, b];
    opened.sort_by_key(|opened| *opened == Ok(Opened::Again));
    assert_eq!(opened, [Ok(Opened::Confirmed), Ok(Opened::Again)]);
}
