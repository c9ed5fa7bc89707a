//! SignUp. Reference: user-pools 4.3.

use delivery::Channel;
use serde_json::json;
use testkit::text;

use crate::tests::people::{PASSWORD, People, list, other_than};

#[tokio::test]
async fn a_code_goes_out_and_confirms_once() {
    let people = People::of(json!({"AutoVerifiedAttributes": ["email"]})).await;
    let answer = people
        .sign_up("ana", &[("email", "ana@example.com"), ("name", "Ana")])
        .await
        .ok();
    assert_eq!(answer["UserConfirmed"], false);
    assert_eq!(
        answer["CodeDeliveryDetails"],
        json!({"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"})
    );
    let user = people.user("ana").await;
    assert_eq!(user["Username"], "ana");
    assert_eq!(user["UserStatus"], "UNCONFIRMED");
    assert_eq!(user["Enabled"], true);
    let sub = text(&answer, "/UserSub");
    let expected = [
        ("sub", sub.as_str()),
        ("email", "ana@example.com"),
        ("email_verified", "false"),
        ("name", "Ana"),
    ];
    assert_eq!(user["UserAttributes"], list(&expected));

    let mail = people.app.mail_to("ana@example.com").await;
    let code = people.app.code_for("ana@example.com").await;
    assert_eq!(mail.subject.as_deref(), Some("Your verification code"));
    assert_eq!(mail.body, format!("Your confirmation code is {code}"));

    people.confirm("ana", &other_than(&code)).await.refused(
        "CodeMismatchException",
        "Invalid verification code provided, please try again.",
    );
    people.confirm("ana", &code).await.ok();
    assert_eq!(people.status("ana").await, "CONFIRMED");
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    people.confirm("ana", &code).await.refused(
        "NotAuthorizedException",
        "User cannot be confirmed. Current status is CONFIRMED",
    );
}

#[tokio::test]
async fn where_the_code_goes() {
    let (mail, phone) = (("email", "ana@example.com"), ("phone_number", "+12065550100"));
    let none = None;
    let cases = [
        (json!([]), vec![mail, phone], none),
        (json!(["email"]), vec![], none),
        (json!(["email"]), vec![phone], none),
        (json!(["email"]), vec![mail, phone], Some(("EMAIL", "a***@e***"))),
        (
            json!(["phone_number"]),
            vec![mail, phone],
            Some(("SMS", "+*******0100")),
        ),
        (
            json!(["email", "phone_number"]),
            vec![mail, phone],
            Some(("SMS", "+*******0100")),
        ),
        (
            json!(["email", "phone_number"]),
            vec![mail],
            Some(("EMAIL", "a***@e***")),
        ),
    ];
    for (auto, attributes, expected) in cases {
        let people = People::of(json!({"AutoVerifiedAttributes": auto, "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"}})).await;
        let answer = people.sign_up("ana", &attributes).await.ok();
        let details = answer.get("CodeDeliveryDetails");
        let found = details.map(|d| {
            (
                d["DeliveryMedium"].as_str().unwrap(),
                d["Destination"].as_str().unwrap(),
            )
        });
        assert_eq!(found, expected, "{auto} {attributes:?}");
        let sent = people.app.inbox("ana@example.com").await.len() + people.app.inbox("+12065550100").await.len();
        assert_eq!(sent, usize::from(expected.is_some()), "{auto} {attributes:?}");
        assert_eq!(people.status("ana").await, "UNCONFIRMED");
    }
}

#[tokio::test]
async fn a_text_message_verifies_the_phone_alone() {
    let people = People::of(json!({
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"},
    }))
    .await;
    people
        .sign_up("ana", &[("email", "ana@example.com"), ("phone_number", "+12065550100")])
        .await
        .ok();
    let message = people.app.inbox("+12065550100").await.remove(0);
    assert_eq!((message.channel, message.subject), (Channel::Sms, None));
    people
        .confirm("ana", &people.app.code_for("+12065550100").await)
        .await
        .ok();
    assert_eq!(
        people.attribute("ana", "phone_number_verified").await.as_deref(),
        Some("true")
    );
    assert_eq!(
        people.attribute("ana", "email_verified").await.as_deref(),
        Some("false")
    );
}

#[tokio::test]
async fn what_sign_up_refuses() {
    let schema = json!([
        {"Name": "email", "Required": true},
        {"Name": "name", "Required": true},
        {"Name": "tier", "AttributeDataType": "String", "Mutable": true,
         "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "4"}},
        {"Name": "motto", "AttributeDataType": "String", "StringAttributeConstraints": {"MinLength": "4"}},
        {"Name": "inner", "AttributeDataType": "String", "DeveloperOnlyAttribute": true},
    ]);
    let people = People::of(json!({"Schema": schema})).await;
    let good = [("email", "ana@example.com"), ("name", "Ana")];
    let with = |extra: (&'static str, &'static str)| [good.as_slice(), &[extra]].concat();
    let schema = "Attributes did not conform to the schema: ";
    let cases = [
        (
            vec![],
            format!(
                "{schema}emails: The attribute emails is required, \
                 name.formatted: The attribute name.formatted is required"
            ),
        ),
        (
            vec![("email", "ana@example.com"), ("name", "")],
            format!("{schema}name.formatted: The attribute name.formatted is required"),
        ),
        (
            with(("custom:x", "1")),
            format!("{schema}custom:x: Attribute does not exist in the schema.\n"),
        ),
        (
            [with(("custom:x", "1")), vec![("custom:y", "1")]].concat(),
            format!(
                "{schema}custom:x: Attribute does not exist in the schema.\n\
                 custom:y: Attribute does not exist in the schema.\n"
            ),
        ),
        (
            with(("custom:inner", "1")),
            format!("{schema}User: The attribute User is not defined in schema."),
        ),
        (
            with(("sub", "me")),
            "Cannot modify the non-mutable attribute sub".to_owned(),
        ),
        (
            with(("custom:motto", "abc")),
            format!("{schema}custom:motto: String must be no shorter than 4 characters\n"),
        ),
        (
            with(("custom:tier", "golden")),
            format!("{schema}custom:tier: String must be no longer than 4 characters\n"),
        ),
        (
            vec![("email", "ana"), ("name", "Ana")],
            "Invalid email address format.".to_owned(),
        ),
        (
            with(("phone_number", "0123")),
            "Invalid phone number format.".to_owned(),
        ),
    ];
    for (attributes, sentence) in cases {
        people
            .sign_up("ana", &attributes)
            .await
            .refused("InvalidParameterException", &sentence);
    }
    for attribute in [("email_verified", "true"), ("phone_number_verified", "true")] {
        people.sign_up("ana", &with(attribute)).await.refused(
            "NotAuthorizedException",
            "A client attempted to write unauthorized attribute",
        );
    }
}

#[tokio::test]
async fn a_password_and_a_name_of_ones_own_are_needed() {
    let people = People::of(json!({})).await;
    let good = [("email", "ana@example.com"), ("name", "Ana")];
    let weak = json!({"Username": "ana", "Password": "passw0rd!", "UserAttributes": list(&good)});
    people.public("SignUp", weak).await.refused(
        "InvalidPasswordException",
        "Password did not conform with policy: Password must have uppercase characters",
    );
    let none = json!({"Username": "ana", "UserAttributes": list(&good)});
    people
        .public("SignUp", none)
        .await
        .refused("InvalidParameterException", "Missing required parameter Password");
    people.sign_up("ana", &good).await.ok();
    people
        .sign_up("ana", &good)
        .await
        .refused("UsernameExistsException", "User already exists");
    people.sign_up("Ana", &good).await.ok();
    people
        .app
        .anon
        .call(
            "SignUp",
            json!({"ClientId": "nobody", "Username": "ana", "Password": PASSWORD}),
        )
        .await
        .refused("ResourceNotFoundException", "User pool client nobody does not exist.");
}

#[tokio::test]
async fn addresses_come_first_among_what_is_required() {
    let required = |name: &str| json!({"Name": name, "Required": true});
    let schema = ["name", "phone_number", "family_name"].map(required);
    let people = People::of(json!({"Schema": schema})).await;
    people.sign_up("ana", &[("family_name", "A")]).await.refused(
        "InvalidParameterException",
        "Attributes did not conform to the schema: phoneNumbers: The attribute phoneNumbers is required, \
         name.formatted: The attribute name.formatted is required",
    );
}

#[tokio::test]
async fn a_client_with_user_auth_is_given_a_session() {
    for (flows, expected) in [
        (json!(["ALLOW_USER_AUTH"]), true),
        (json!(["ALLOW_USER_SRP_AUTH"]), false),
    ] {
        let settings = json!({"AutoVerifiedAttributes": ["email"]});
        let people = People::with(settings, json!({"ExplicitAuthFlows": flows})).await;
        let answer = people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
        assert_eq!(answer.get("Session").is_some(), expected, "{flows}");
        if !expected {
            continue;
        }
        let session = text(&answer, "/Session");
        let begin = |session: String| {
            let input = json!({"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "ana"}, "Session": session});
            people.public("InitiateAuth", input)
        };
        let early = ("NotAuthorizedException", "Invalid session for the user.");
        begin(session.clone()).await.refused(early.0, early.1);
        let code = people.app.code_for("ana@example.com").await;
        let input = json!({"Username": "ana", "ConfirmationCode": code, "Session": session});
        let confirmed = people.public("ConfirmSignUp", input).await.ok();
        // It is the code that proves: only the next session signs in.
        begin(session).await.refused(early.0, early.1);
        let tokens = begin(text(&confirmed, "/Session")).await.ok();
        assert!(tokens["AuthenticationResult"].is_object());
    }
}

#[tokio::test]
async fn a_closed_pool_takes_nobody() {
    let people = People::of(json!({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true}})).await;
    people
        .sign_up("ana", &[])
        .await
        .refused("NotAuthorizedException", "SignUp is not permitted for this user pool");
}

#[tokio::test]
async fn a_client_writes_what_it_may() {
    let people = People::with(json!({}), json!({"WriteAttributes": ["email"]})).await;
    people.sign_up("ana", &[("name", "Ana")]).await.refused(
        "NotAuthorizedException",
        "A client attempted to write unauthorized attribute",
    );
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
}

#[tokio::test]
async fn a_secret_is_asked_for() {
    let people = People::with(json!({}), json!({"GenerateSecret": true})).await;
    let input = json!({"Username": "ana", "Password": PASSWORD});
    let missing = format!(
        "Client {} is configured with secret but SECRET_HASH was not received",
        people.client
    );
    people
        .public("SignUp", input.clone())
        .await
        .refused("NotAuthorizedException", &missing);
    let described = people
        .admin("DescribeUserPoolClient", json!({"ClientId": people.client}))
        .await
        .ok();
    let secret = text(&described, "/UserPoolClient/ClientSecret");
    let wrong = format!("Unable to verify secret hash for client {}", people.client);
    for operation in [
        "SignUp",
        "ConfirmSignUp",
        "ResendConfirmationCode",
        "ForgotPassword",
        "ConfirmForgotPassword",
    ] {
        let hash = vault::secret_hash(&secret, "ben", &people.client);
        let mut input = json!({"Username": "ana", "SecretHash": hash});
        if operation == "SignUp" || operation == "ConfirmForgotPassword" {
            input["Password"] = PASSWORD.into();
        }
        if operation.starts_with("Confirm") {
            input["ConfirmationCode"] = "123456".into();
        }
        people
            .public(operation, input)
            .await
            .refused("NotAuthorizedException", &wrong);
    }
    let mut good = input;
    good["SecretHash"] = vault::secret_hash(&secret, "ana", &people.client).into();
    people.public("SignUp", good).await.ok();
}

#[tokio::test]
async fn one_of_two_racing_sign_ups_wins() {
    let people = People::of(json!({"UsernameAttributes": ["email"]})).await;
    let (one, two, three) = tokio::join!(
        people.sign_up("ana@example.com", &[]),
        people.sign_up("ana@example.com", &[]),
        people.sign_up("ana@example.com", &[]),
    );
    let answers = [one, two, three];
    assert_eq!(answers.iter().filter(|a| a.result.is_ok()).count(), 1);
    for answer in answers.into_iter().filter(|a| a.result.is_err()) {
        answer.refused(
            "UsernameExistsException",
            "An account with the given email already exists.",
        );
    }
    let users = people.admin("ListUsers", json!({})).await.ok();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
}
