//! Changing, deleting and verifying attributes, by users and by administrators. Reference: user-pools 2.4, 3.6, 4.8.

use serde_json::{Value, json};

use super::people::{PASSWORD, People, hours, list, other_than, value};

const MISMATCH: &str = "Invalid verification code provided, please try again.";
const EXPIRED: &str = "Invalid code provided, please request a code again.";
const LIMIT: &str = "Attempt limit exceeded, please try after some time.";

fn auto() -> Value {
    json!({"AutoVerifiedAttributes": ["email"]})
}

async fn update(people: &People, token: &str, attributes: &[(&str, &str)]) -> super::app::Answer {
    people.with_token(token, "UpdateUserAttributes", json!({"UserAttributes": list(attributes)})).await
}

#[tokio::test]
async fn a_user_changes_attributes_and_a_blank_deletes() {
    let people = People::of(json!({})).await;
    people.member("ana", &[("email", "ana@example.com"), ("name", "Ana")]).await;
    let token = people.token("ana").await;
    let answer = update(&people, &token, &[("name", "Anna"), ("nickname", "A"), ("email", "new@example.com")]).await.ok();
    // Nothing is auto-verified here.
    assert_eq!(answer, json!({"CodeDeliveryDetailsList": []}));
    assert_eq!(people.attribute("ana", "name").await.as_deref(), Some("Anna"));
    assert_eq!(people.attribute("ana", "email").await.as_deref(), Some("new@example.com"));
    update(&people, &token, &[("name", ""), ("email", "")]).await.ok();
    let attributes = &people.user("ana").await["UserAttributes"];
    assert_eq!(value(attributes, "name"), None);
    assert_eq!(value(attributes, "email"), None);
    assert_eq!(value(attributes, "email_verified"), None);
    assert_eq!(value(attributes, "nickname").as_deref(), Some("A"));
    // Of a name given twice the last value counts.
    update(&people, &token, &[("name", "one"), ("name", "two")]).await.ok();
    assert_eq!(people.attribute("ana", "name").await.as_deref(), Some("two"));
}

#[tokio::test]
async fn a_changed_address_is_unverified_and_gets_a_code() {
    let people = People::of(auto()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    let token = people.token("ana").await;
    let answer = update(&people, &token, &[("email", "new@example.com"), ("phone_number", "+12065550100")]).await.ok();
    let details = json!({"Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"});
    assert_eq!(answer, json!({"CodeDeliveryDetailsList": [details]}));
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("false"));
    assert_eq!(people.attribute("ana", "phone_number_verified").await.as_deref(), Some("false"));
    // The same value again changes nothing.
    let again = update(&people, &token, &[("email", "new@example.com")]).await.ok();
    assert_eq!(again, json!({"CodeDeliveryDetailsList": []}));

    let code = people.app.code_for("new@example.com").await;
    let verify = |code: String| {
        let input = json!({"AttributeName": "email", "Code": code});
        people.with_token(&token, "VerifyUserAttribute", input)
    };
    verify(other_than(&code)).await.refused("CodeMismatchException", MISMATCH);
    assert_eq!(verify(code.clone()).await.ok(), json!({}));
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    verify(code).await.refused("ExpiredCodeException", EXPIRED);
}

#[tokio::test]
async fn a_value_may_wait_for_its_code() {
    let people = People::of(json!({
        "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    }))
    .await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    let token = people.token("ana").await;
    let verify = |code: String| {
        let input = json!({"AttributeName": "email", "Code": code});
        people.with_token(&token, "VerifyUserAttribute", input)
    };

    let answer = update(&people, &token, &[("email", "new@example.com")]).await.ok();
    assert_eq!(answer["CodeDeliveryDetailsList"][0]["Destination"], "n***@e***");
    assert_eq!(people.attribute("ana", "email").await.as_deref(), Some("ana@example.com"));
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    people.sign_in("ana@example.com", PASSWORD).await.ok();

    // A new request replaces the one before, code and all.
    let first = people.app.code_for("new@example.com").await;
    update(&people, &token, &[("email", "newer@example.com")]).await.ok();
    verify(first).await.refused("CodeMismatchException", MISMATCH);
    let input = json!({"AttributeName": "email"});
    let sent = people.with_token(&token, "GetUserAttributeVerificationCode", input).await.ok();
    assert_eq!(sent["CodeDeliveryDetails"]["AttributeName"], "email");
    verify(people.app.code_for("newer@example.com").await).await.ok();
    assert_eq!(people.attribute("ana", "email").await.as_deref(), Some("newer@example.com"));
    people.sign_in("newer@example.com", PASSWORD).await.ok();
    let old = people.sign_in("ana@example.com", PASSWORD).await;
    old.refused("UserNotFoundException", "User does not exist.");

    // The present value takes a request back.
    update(&people, &token, &[("email", "newest@example.com")]).await.ok();
    let code = people.app.code_for("newest@example.com").await;
    update(&people, &token, &[("email", "newer@example.com")]).await.ok();
    verify(code).await.refused("CodeMismatchException", MISMATCH);
    assert_eq!(people.attribute("ana", "email").await.as_deref(), Some("newer@example.com"));

    // An administrator who vouches for it skips the wait; one who does not doesn't.
    people.set("ana", &[("email", "third@example.com")]).await.ok();
    assert_eq!(people.attribute("ana", "email").await.as_deref(), Some("newer@example.com"));
    people.set("ana", &[("email", "third@example.com"), ("email_verified", "true")]).await.ok();
    assert_eq!(people.user("third@example.com").await["Username"], "ana");
}

#[tokio::test]
async fn a_waiting_value_that_somebody_else_gets_first_is_refused() {
    let people = People::of(json!({
        "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    }))
    .await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.member("ben", &[("email", "new@example.com")]).await;
    let token = people.token("ana").await;
    update(&people, &token, &[("email", "new@example.com")]).await.ok();
    let code = people.app.code_for("new@example.com").await;
    people.set("ben", &[("email_verified", "true")]).await.ok();
    let input = json!({"AttributeName": "email", "Code": code});
    let late = people.with_token(&token, "VerifyUserAttribute", input).await;
    late.refused("AliasExistsException", "An account with the email already exists.");
    assert_eq!(people.attribute("ana", "email").await.as_deref(), Some("ana@example.com"));
}

fn schema() -> Value {
    json!({"Schema": [
        {"Name": "email", "Required": true},
        {"Name": "badge", "AttributeDataType": "String", "Mutable": false},
        {"Name": "level", "AttributeDataType": "Number", "Mutable": true,
         "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"}},
        {"Name": "inner", "AttributeDataType": "String", "Mutable": true, "DeveloperOnlyAttribute": true},
    ]})
}

#[tokio::test]
async fn what_updates_refuse() {
    let people = People::of(schema()).await;
    people.member("ana", &[("email", "ana@example.com"), ("custom:badge", "7")]).await;
    let token = people.token("ana").await;
    let forbidden = ("NotAuthorizedException", "A client attempted to write unauthorized attribute");
    let invalid = |sentence: &'static str| ("InvalidParameterException", sentence);
    let conform = "Attributes did not conform to the schema: ";
    let too_much = format!("{conform}custom:level: Number must be no greater than 9\n");
    let no_number = format!("{conform}custom:level: Number value could not be parsed\n");
    let required = format!("{conform}email: The attribute is required\n");
    // What a user is told, and what an administrator; None where it is allowed.
    let cases = [
        (("email_verified", "true"), Some(forbidden), None),
        (("dev:custom:inner", "x"), Some(forbidden), None),
        (("sub", "me"), Some(forbidden), Some(invalid("user.sub: Attribute cannot be updated.\n"))),
        (
            ("username", "me"),
            Some(invalid("user.username: Attribute does not exist in the schema.\n")),
            Some(invalid("user.username: Attribute does not exist in the schema.\n")),
        ),
        (
            ("custom:badge", "8"),
            Some(invalid("user.custom:badge: Attribute cannot be updated.\n")),
            Some(invalid("user.custom:badge: Attribute cannot be updated.\n")),
        ),
        (("email", "ana"), Some(invalid("Invalid email address format.")), Some(invalid("Invalid email address format."))),
        (
            ("phone_number", "12"),
            Some(invalid("Invalid phone number format.")),
            Some(invalid("Invalid phone number format.")),
        ),
        (
            ("phone_number_verified", "true"),
            Some(forbidden),
            Some(invalid("phone_number is required to set phone_number_verified to true.")),
        ),
    ];
    for (attribute, for_user, for_admin) in cases {
        for (answer, expected) in
            [(update(&people, &token, &[attribute]).await, for_user), (people.set("ana", &[attribute]).await, for_admin)]
        {
            match expected {
                Some((code, sentence)) => answer.refused(code, sentence),
                None => drop(answer.ok()),
            }
        }
    }
    for (attribute, sentence) in
        [(("custom:level", "10"), &too_much), (("custom:level", "x"), &no_number), (("email", ""), &required)]
    {
        update(&people, &token, &[attribute]).await.refused("InvalidParameterException", sentence);
        people.set("ana", &[attribute]).await.refused("InvalidParameterException", sentence);
    }
    assert_eq!(people.attribute("ana", "custom:badge").await.as_deref(), Some("7"));
    assert_eq!(people.attribute("ana", "email").await.as_deref(), Some("ana@example.com"));
    let unknown = people.set("nobody", &[("name", "x")]).await;
    unknown.refused("UserNotFoundException", "User does not exist.");
    let forged = update(&people, "abc.def.ghi", &[("name", "x")]).await;
    forged.refused("NotAuthorizedException", "Invalid Access Token");
}

#[tokio::test]
async fn deletion_by_name() {
    let people = People::of(schema()).await;
    let given = [("email", "ana@example.com"), ("custom:badge", "7"), ("phone_number", "+12065550100"), ("name", "A")];
    people.member("ana", &given).await;
    let token = people.token("ana").await;
    let by_user = |names: Value| {
        people.with_token(&token, "DeleteUserAttributes", json!({"UserAttributeNames": names}))
    };
    let by_admin = |names: Value| {
        people.admin("AdminDeleteUserAttributes", json!({"Username": "ana", "UserAttributeNames": names}))
    };
    let unknown = "Invalid user attributes: user.custom:x: Attribute does not exist in the schema.\n\
                   user.y: Attribute does not exist in the schema.\n";
    let cases = [
        (json!(["custom:x", "name", "y"]), unknown),
        (json!(["custom:badge"]), "user.custom:badge: Attribute cannot be updated.\n"),
        (json!(["email"]), "Attributes did not conform to the schema: email: The attribute is required\n"),
    ];
    for (names, sentence) in cases {
        by_user(names.clone()).await.refused("InvalidParameterException", sentence);
        by_admin(names).await.refused("InvalidParameterException", sentence);
    }
    assert_eq!(by_user(json!(["name"])).await.ok(), json!({}));
    assert_eq!(by_admin(json!(["phone_number"])).await.ok(), json!({}));
    let attributes = &people.user("ana").await["UserAttributes"];
    for gone in ["name", "phone_number", "phone_number_verified"] {
        assert_eq!(value(attributes, gone), None, "{gone}");
    }
    let forbidden = by_user(json!(["email_verified"])).await;
    forbidden.refused("NotAuthorizedException", "A client attempted to write unauthorized attribute");
}

#[tokio::test]
async fn codes_for_addresses() {
    let people = People::of(auto()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    let token = people.token("ana").await;
    let send = |name: &'static str| {
        people.with_token(&token, "GetUserAttributeVerificationCode", json!({"AttributeName": name}))
    };
    send("name").await.refused("InvalidParameterException", "Only email and phone_number can be verified.");
    let none = send("phone_number").await;
    none.refused("InvalidParameterException", "User has no phone_number attribute to send a message to.");
    for _ in 0..5 {
        let answer = send("email").await.ok();
        assert_eq!(answer["CodeDeliveryDetails"]["Destination"], "a***@e***");
    }
    send("email").await.refused("LimitExceededException", LIMIT);

    let code = people.app.code_for("ana@example.com").await;
    let verify = |code: String| {
        people.with_token(&token, "VerifyUserAttribute", json!({"AttributeName": "email", "Code": code}))
    };
    for _ in 0..15 {
        verify(other_than(&code)).await.refused("CodeMismatchException", MISMATCH);
    }
    verify(code.clone()).await.refused("LimitExceededException", LIMIT);
    people.app.advance(hours(1));
    let token = people.token("ana").await;
    let input = json!({"AttributeName": "email", "Code": code});
    people.with_token(&token, "VerifyUserAttribute", input.clone()).await.ok();
    people.with_token(&token, "VerifyUserAttribute", input).await.refused("ExpiredCodeException", EXPIRED);
    assert_eq!(people.attribute("ana", "email_verified").await.as_deref(), Some("true"));
    let other = json!({"AttributeName": "name", "Code": "123456"});
    people
        .with_token(&token, "VerifyUserAttribute", other)
        .await
        .refused("InvalidParameterException", "Only email and phone_number can be verified.");
}

#[tokio::test]
async fn a_verification_code_holds_a_day() {
    let people = People::of(auto()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    let token = people.token("ana").await;
    people.with_token(&token, "GetUserAttributeVerificationCode", json!({"AttributeName": "email"})).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    people.app.advance(hours(24));
    let token = people.token("ana").await;
    let input = json!({"AttributeName": "email", "Code": code});
    people.with_token(&token, "VerifyUserAttribute", input).await.refused("ExpiredCodeException", EXPIRED);
}

#[tokio::test]
async fn racing_updates_lose_nothing() {
    let people = People::of(json!({})).await;
    people.member("ana", &[]).await;
    let (one, two, three) = tokio::join!(
        people.set("ana", &[("name", "Ana")]),
        people.set("ana", &[("nickname", "A")]),
        people.set("ana", &[("locale", "pt")]),
    );
    for answer in [one, two, three] {
        answer.ok();
    }
    let attributes = &people.user("ana").await["UserAttributes"];
    for (name, expected) in [("name", "Ana"), ("nickname", "A"), ("locale", "pt")] {
        assert_eq!(value(attributes, name).as_deref(), Some(expected));
    }
}
